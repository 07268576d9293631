import AddOutlined from "@mui/icons-material/Add";
import RemoveOutlined from "@mui/icons-material/Remove";
import RotateRightOutlined from "@mui/icons-material/RotateRight";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Skeleton from "@mui/material/Skeleton";
import Tooltip from "@mui/material/Tooltip";
import Typography from "@mui/material/Typography";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { pageImageAddress, useGetDocumentQuery } from "@/client/documents";
import type { FoundPlace } from "@/client/types/documents";
import { useKeys } from "@/lib/keys";
import type { ChooseField, ChosenField, Paper } from "@/ui/chosenField";
import { codeText } from "@/ui/codeText";
import { Blank, LoadFailed } from "@/ui/Problems";
import { TABULAR } from "@/ui/theme";

import { FIELD_STATUSES, FIELD_TONE, listFields } from "./documentFields";
import { PageView } from "./PageView";
import { PaperSearch } from "./PaperSearch";

type Props = { documents: readonly Paper[]; chosen: ChosenField | null; choose: ChooseField };

type Place = { documentId: string; page: number };

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;
const FIT = 2;

/** The papers of a case: thumbnails, and one page with what was read outlined on it. */
export function DocumentsPane({ documents, chosen, choose }: Props) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place | null>(null);
  const [zoom, setZoom] = useState(FIT);
  const [turns, setTurns] = useState(0);
  const [found, setFound] = useState<(FoundPlace & { documentId: string }) | null>(null);
  const [followed, setFollowed] = useState<ChosenField | null>(null);
  const shown = place ?? { documentId: documents[0]?.id ?? "", page: 1 };
  const document = useGetDocumentQuery(shown.documentId, { skip: documents.length === 0 });
  const pointed = chosen?.documentId === document.data?.id ? chosen : null;
  const pointedPage =
    document.data && listFields(document.data).find((field) => field.id === pointed?.fieldId)?.box?.page;

  if (chosen !== followed) {
    setFollowed(chosen);
    const isElsewhere = chosen && chosen.documentId !== shown.documentId;
    if (isElsewhere) setPlace({ documentId: chosen.documentId, page: 1 });
    else if (chosen && pointedPage && pointedPage !== shown.page) {
      setPlace({ documentId: chosen.documentId, page: pointedPage });
    }
  }
  const turnPage = () => {
    const last = shown.page >= (document.data?.pages.length ?? 1);
    const at = documents.findIndex((one) => one.id === shown.documentId);
    const next = documents[(at + 1) % documents.length];
    if (!last) setPlace({ ...shown, page: shown.page + 1 });
    else if (next) setPlace({ documentId: next.id, page: 1 });
  };
  const zoomBy = (by: number) => setZoom((now) => Math.min(ZOOMS.length - 1, Math.max(0, now + by)));
  const rotate = () => setTurns((now) => (now + 1) % 4);
  useKeys({ "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1), r: rotate, n: turnPage });

  if (documents.length === 0) return <Blank title={t("documents.none")}>{t("documents.none_text")}</Blank>;
  return (
    <Box sx={{ display: "flex", flexDirection: "column", height: 1, minHeight: 0 }}>
      <Toolbar>
        <FieldLegend />
        <ToolButton label={t("keys.zoom_out")} disabled={zoom === 0} onClick={() => zoomBy(-1)}>
          <RemoveOutlined fontSize="small" />
        </ToolButton>
        <Typography variant="caption" sx={{ ...TABULAR, width: 38, textAlign: "center" }}>
          {(ZOOMS[zoom] ?? 1) * 100}%
        </Typography>
        <ToolButton label={t("keys.zoom_in")} disabled={zoom === ZOOMS.length - 1} onClick={() => zoomBy(1)}>
          <AddOutlined fontSize="small" />
        </ToolButton>
        <ToolButton label={t("keys.rotate")} onClick={rotate}>
          <RotateRightOutlined fontSize="small" />
        </ToolButton>
      </Toolbar>
      {document.data && (
        <PaperSearch
          memberId={document.data.subject}
          show={(documentId, one) => {
            setFound({ ...one, documentId });
            setPlace({ documentId, page: one.page });
          }}
          clear={() => setFound(null)}
        />
      )}
      <Box sx={{ display: "flex", flex: 1, minHeight: 0 }}>
        <Thumbnails documents={documents} shown={shown} show={setPlace} />
        <Box sx={{ flex: 1, minWidth: 0, bgcolor: "surface.sunken" }}>
          {document.error ? (
            <LoadFailed error={document.error} retry={() => void document.refetch()} />
          ) : !document.data ? (
            <Skeleton variant="rounded" sx={{ m: 4, height: 0.8 }} />
          ) : document.data.pages.length === 0 ? (
            <Blank title={t(`documents.status.${document.data.status}`)}>
              {document.data.refusal !== null && t("documents.refused_text", { code: document.data.refusal })}
            </Blank>
          ) : (
            <PageView
              key={`${document.data.id}-${shown.page}`}
              document={document.data}
              page={shown.page}
              zoom={ZOOMS[zoom] ?? 1}
              turns={turns}
              chosen={pointed}
              choose={choose}
              found={found?.documentId === document.data.id && found.page === shown.page ? found.boxes : []}
            />
          )}
        </Box>
      </Box>
    </Box>
  );
}

function isSame(one: Place, other: Place): boolean {
  return one.documentId === other.documentId && one.page === other.page;
}

function Toolbar({ children }: { children: ReactNode }) {
  return (
    <Box
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1,
        px: 3,
        minHeight: 40,
        flex: "none",
        borderBottom: "1px solid",
        borderColor: "divider",
        bgcolor: "background.paper",
      }}
    >
      {children}
    </Box>
  );
}

function ToolButton(props: { label: string; disabled?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip title={props.label}>
      <span>
        <IconButton aria-label={props.label} disabled={props.disabled ?? false} onClick={props.onClick}>
          {props.children}
        </IconButton>
      </span>
    </Tooltip>
  );
}

function FieldLegend() {
  const { t } = useTranslation();
  return (
    <Box sx={{ display: "flex", gap: 3, flex: 1, minWidth: 0, overflow: "hidden" }}>
      {FIELD_STATUSES.map((status) => (
        <Typography
          key={status}
          variant="caption"
          noWrap
          sx={{ display: "flex", alignItems: "center", gap: 1.5, color: "text.secondary" }}
        >
          <Box
            component="span"
            sx={{
              width: 14,
              height: 10,
              borderRadius: "3px",
              border: "2px solid",
              borderStyle: status === "accepted" ? "solid" : "dashed",
              borderColor: `meaning.${FIELD_TONE[status]}.strong`,
            }}
          />
          {t(`documents.field_status.${status}`)}
        </Typography>
      ))}
    </Box>
  );
}

type ThumbnailsProps = { documents: readonly Paper[]; shown: Place; show: (place: Place) => void };

function Thumbnails({ documents, shown, show }: ThumbnailsProps) {
  const { t } = useTranslation();
  return (
    <Box
      component="nav"
      aria-label={t("documents.pages")}
      sx={{
        width: 84,
        flex: "none",
        overflowY: "auto",
        p: 2,
        display: "grid",
        gap: 2,
        alignContent: "start",
        borderRight: "1px solid",
        borderColor: "divider",
      }}
    >
      {documents.map((paper) => (
        <PaperThumbnails key={paper.id} paper={paper} shown={shown} show={show} />
      ))}
    </Box>
  );
}

type PaperThumbnailsProps = { paper: Paper; shown: Place; show: (place: Place) => void };

function PaperThumbnails({ paper, shown, show }: PaperThumbnailsProps) {
  const { t } = useTranslation();
  const kind = codeText("document", paper.kind);
  const pages = useGetDocumentQuery(paper.id).data?.pages ?? [];
  return pages.map(({ number }) => {
    const place = { documentId: paper.id, page: number };
    const current = isSame(place, shown);
    return (
      <Box
        component="button"
        type="button"
        key={number}
        aria-label={t("documents.page_of", { kind, page: number })}
        aria-current={current ? "page" : undefined}
        onClick={() => show(place)}
        sx={{
          p: 0,
          border: "2px solid",
          borderColor: current ? "primary.main" : "divider",
          borderRadius: "6px",
          bgcolor: "background.paper",
          overflow: "hidden",
          cursor: "pointer",
          color: "text.secondary",
          font: "inherit",
        }}
      >
        <Box
          component="img"
          alt=""
          loading="lazy"
          src={pageImageAddress(paper.id, number, 160)}
          sx={{ display: "block", width: 1, height: 76, objectFit: "cover", objectPosition: "top" }}
        />
        <Typography variant="caption" component="span" noWrap sx={{ display: "block", px: 1 }}>
          {kind}
        </Typography>
      </Box>
    );
  });
}
