import Box from "@mui/material/Box";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useGetDocumentQuery } from "@/client/documents";
import { FLASH, type ChooseField, type ChosenField, type Paper } from "@/ui/chosenField";
import { codeText } from "@/ui/codeText";
import { Folded } from "@/ui/Folded";
import { ProblemAlert } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";
import { TABULAR } from "@/ui/theme";

import { AuthenticityNote } from "./AuthenticityNote";
import { FIELD_TONE, listFields, type ListedField } from "./documentFields";
import { fieldLabel } from "./fieldLabel";

type Props = { documents: readonly Paper[]; chosen: ChosenField | null; choose: ChooseField };

/** What was read from the papers, each with how far it may be trusted; choosing one flashes its box. */
export function FieldList({ documents, chosen, choose }: Props) {
  const { t } = useTranslation();
  if (documents.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t("documents.none_text")}
      </Typography>
    );
  }
  return documents.map((one, place) => (
    <DocumentFields
      key={one.id}
      reference={one}
      titled={documents.length > 1}
      first={place === 0}
      chosen={chosen?.documentId === one.id ? chosen : null}
      choose={choose}
    />
  ));
}

type DocumentFieldsProps = {
  reference: Paper;
  titled: boolean;
  first: boolean;
  chosen: ChosenField | null;
  choose: ChooseField;
};

/** What somebody must look at, and what was accepted: the later papers repeat much of the first, and lie folded. */
function DocumentFields({ reference, titled, first, chosen, choose }: DocumentFieldsProps) {
  const { t } = useTranslation();
  const document = useGetDocumentQuery(reference.id);
  const fields = document.data && listFields(document.data);
  const accepted = fields?.filter((field) => field.status === "accepted") ?? [];
  const open = fields?.filter((field) => field.status !== "accepted") ?? [];
  const rows = (some: readonly ListedField[]) => (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
      {some.map((field) => (
        <FieldRow
          key={field.id}
          field={field}
          chosen={chosen?.fieldId === field.id ? chosen : null}
          choose={() => choose(reference.id, field.id, "list")}
        />
      ))}
    </Box>
  );
  return (
    <Box sx={{ "& + &": { mt: 3 } }}>
      {titled && (
        <Typography variant="caption" component="p" sx={{ color: "text.secondary", mb: 1 }}>
          {codeText("document", reference.kind)}
        </Typography>
      )}
      {document.error && <ProblemAlert error={document.error} />}
      {document.isLoading && <Skeleton height={72} />}
      {fields?.length === 0 && (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("documents.no_fields")}
        </Typography>
      )}
      {open.length > 0 && rows(open)}
      {accepted.length > 0 && (
        <Folded
          summary={t("documents.fields_accepted", { count: accepted.length })}
          open={first || accepted.some((field) => field.id === chosen?.fieldId)}
        >
          {rows(accepted)}
        </Folded>
      )}
      {document.data?.authenticity && <AuthenticityNote found={document.data.authenticity} />}
    </Box>
  );
}

type FieldRowProps = { field: ListedField; chosen: ChosenField | null; choose: () => void };

function FieldRow({ field, chosen, choose }: FieldRowProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen?.from === "page") element.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <Box component="li" sx={{ position: "relative" }}>
      <Box
        component="button"
        type="button"
        ref={element}
        aria-pressed={chosen !== null}
        onClick={choose}
        sx={{
          display: "grid",
          gridTemplateColumns: "minmax(96px, 34%) 1fr auto",
          gap: 2,
          alignItems: "center",
          width: 1,
          minHeight: 32,
          px: 2,
          border: 0,
          borderRadius: "6px",
          textAlign: "left",
          font: "inherit",
          fontSize: "0.8125rem",
          color: "inherit",
          bgcolor: chosen ? "surface.selected" : "transparent",
          cursor: "pointer",
          "&:hover": { bgcolor: chosen ? "surface.selected" : "surface.hover" },
        }}
      >
        <Box component="span" sx={{ color: "text.secondary" }}>
          {fieldLabel(field.name)}
        </Box>
        <Box component="span" sx={{ ...TABULAR, fontWeight: 550, overflowWrap: "anywhere" }}>
          {field.value ?? t("common.none")}
        </Box>
        <Tag
          tone={FIELD_TONE[field.status]}
          title={t("documents.confidence", { percent: Math.round(field.confidence * 100) })}
        >
          {t(`documents.field_status.${field.status}`)}
        </Tag>
      </Box>
      {chosen?.from === "page" && (
        <Box
          key={chosen.turn}
          aria-hidden
          sx={{ position: "absolute", inset: 0, borderRadius: "6px", pointerEvents: "none", ...FLASH }}
        />
      )}
    </Box>
  );
}
