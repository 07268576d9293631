import Box from "@mui/material/Box";
import Tooltip from "@mui/material/Tooltip";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { pageImageAddress } from "@/client/documents";
import type { Box as PageBox, DocumentDetail, FieldStatus } from "@/client/types/documents";
import { FLASH, type ChooseField, type ChosenField } from "@/ui/chosenField";
import { Blank } from "@/ui/Problems";

import { listFields, type ListedField } from "./documentFields";
import { fieldLabel } from "./fieldLabel";

type Props = {
  document: DocumentDetail;
  page: number;
  zoom: number;
  /** Quarter turns clockwise. */
  turns: number;
  chosen: ChosenField | null;
  choose: ChooseField;
  /** Where on this page stands what somebody looked for. */
  found: readonly PageBox[];
};

const SCREEN_WIDTH = 1200;
const CLOSE_WIDTH = 2400;

/** One page as an image, with the box of every field that was read on it. */
export function PageView({ document, page, zoom, turns, chosen, choose, found }: Props) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const size = document.pages.find((one) => one.number === page);
  if (broken || !size)
    return <Blank title={t("documents.page_missing")}>{t("documents.page_missing_text")}</Blank>;
  const sideways = turns % 2 === 1;
  const shape = size.height / size.width;
  const fields = listFields(document).filter((field) => field.box?.page === page);
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={t("documents.page_region", { page })}
      sx={{ height: 1, overflow: "auto", p: 3 }}
    >
      <Box
        sx={{
          position: "relative",
          width: `${zoom * 100}%`,
          aspectRatio: sideways ? shape : 1 / shape,
          mx: zoom < 1 ? "auto" : 0,
        }}
      >
        <Box
          sx={{
            position: "absolute",
            top: "50%",
            left: "50%",
            width: sideways ? `${100 / shape}%` : 1,
            aspectRatio: 1 / shape,
            transform: `translate(-50%, -50%) rotate(${turns * 90}deg)`,
            bgcolor: "#fff",
            boxShadow: "0 1px 3px rgb(15 23 42 / 0.18)",
          }}
        >
          <Box
            component="img"
            src={pageImageAddress(document.id, page, zoom > 1.5 ? CLOSE_WIDTH : SCREEN_WIDTH)}
            alt={t("documents.page_image", { page })}
            onError={() => setBroken(true)}
            sx={{ display: "block", width: 1, height: 1 }}
          />
          {found.map((box) => (
            <FoundMark key={`${box.x0} ${box.y0}`} box={box} first={box === found[0]} />
          ))}
          {fields.map((field) => (
            <FieldBox
              key={field.id}
              field={field}
              chosen={chosen?.fieldId === field.id ? chosen : null}
              choose={() => choose(document.id, field.id, "page")}
            />
          ))}
        </Box>
      </Box>
    </Box>
  );
}

/** What was looked for, as with a marker pen. The list of places says it to whoever does not see it. */
function FoundMark({ box, first }: { box: PageBox; first: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (first) element.current?.scrollIntoView({ block: "center", inline: "center" });
  }, [first]);
  return (
    <Box
      ref={element}
      aria-hidden
      data-found
      sx={{
        position: "absolute",
        left: `calc(${box.x0 * 100}% - 2px)`,
        top: `calc(${box.y0 * 100}% - 2px)`,
        width: `calc(${(box.x1 - box.x0) * 100}% + 4px)`,
        height: `calc(${(box.y1 - box.y0) * 100}% + 4px)`,
        borderRadius: "3px",
        bgcolor: "rgb(250 204 21 / 0.45)",
        pointerEvents: "none",
      }}
    />
  );
}

type FieldBoxProps = { field: ListedField; chosen: ChosenField | null; choose: () => void };

function FieldBox({ field, chosen, choose }: FieldBoxProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLButtonElement>(null);
  const { box } = field;
  useEffect(() => {
    if (chosen?.from === "list") element.current?.scrollIntoView({ block: "center", inline: "center" });
  }, [chosen]);
  if (!box) return null;
  const label = fieldLabel(field.name);
  const status = t(`documents.field_status.${field.status}`);
  return (
    <Tooltip title={`${label}: ${field.value ?? t("common.none")} · ${status}`}>
      <Box
        component="button"
        type="button"
        ref={element}
        aria-label={`${label}, ${status}`}
        aria-pressed={chosen !== null}
        onClick={choose}
        sx={{
          // The page is white paper in both themes, so its outlines keep the light theme's tones.
          position: "absolute",
          left: `calc(${box.x0 * 100}% - 3px)`,
          top: `calc(${box.y0 * 100}% - 3px)`,
          width: `calc(${(box.x1 - box.x0) * 100}% + 6px)`,
          height: `calc(${(box.y1 - box.y0) * 100}% + 6px)`,
          p: 0,
          border: "2px solid",
          borderStyle: field.status === "accepted" ? "solid" : "dashed",
          borderColor: PAPER_COLOUR[field.status],
          borderRadius: "4px",
          bgcolor: "transparent",
          cursor: "pointer",
          outline: chosen ? "3px solid rgb(15 118 110 / 0.55)" : "none",
          outlineOffset: 2,
          "&:hover": { bgcolor: "rgb(15 118 110 / 0.1)" },
        }}
      >
        {chosen && (
          <Box component="span" key={chosen.turn} sx={{ position: "absolute", inset: 0, ...FLASH }} />
        )}
      </Box>
    </Tooltip>
  );
}

const PAPER_COLOUR: Record<FieldStatus, string> = {
  accepted: "#15803D",
  confirm: "#B45309",
  unreadable: "#B91C1C",
};
