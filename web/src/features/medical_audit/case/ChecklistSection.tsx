import CheckCircleOutlined from "@mui/icons-material/CheckCircleOutlined";
import HelpOutlineOutlined from "@mui/icons-material/HelpOutlineOutlined";
import HighlightOffOutlined from "@mui/icons-material/HighlightOffOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGetChecklistsQuery } from "@/client/medicalAudit";
import type { Checklist, ChecklistItem } from "@/client/types/medicalAudit";
import { formatDateTime } from "@/lib/format";
import { TABULAR } from "@/ui/theme";

import { ChecklistDialog } from "./ChecklistDialog";
import { Section } from "./Section";

const ANSWER = {
  satisfied: { Icon: CheckCircleOutlined, colour: "meaning.good.strong" },
  not_satisfied: { Icon: HighlightOffOutlined, colour: "meaning.bad.strong" },
  unknown: { Icon: HelpOutlineOutlined, colour: "text.secondary" },
} as const;

/** The five criteria of ADI 7265 for items that the Rol is not known to list: what physicians found, and the form. */
export function ChecklistSection({ caseId, ended }: { caseId: string; ended: boolean }) {
  const { t } = useTranslation();
  const { data, isError, refetch } = useGetChecklistsQuery(caseId);
  const [filling, setFilling] = useState<ChecklistItem | null>(null);
  if (isError) {
    return (
      <Section title={t("checklist.title")}>
        <Alert
          severity="warning"
          variant="outlined"
          action={
            <Button color="inherit" onClick={() => void refetch()}>
              {t("common.try_again")}
            </Button>
          }
        >
          {t("checklist.not_loaded")}
        </Alert>
      </Section>
    );
  }
  const shown = data?.items.filter((item) => item.asked_for || item.checklists.length > 0) ?? [];
  if (!data || shown.length === 0) return null;
  return (
    <Section title={t("checklist.title")}>
      <Typography variant="body2" sx={{ color: "text.secondary", mb: 3 }}>
        {t("checklist.lead")}
      </Typography>
      <Box sx={{ display: "grid", gap: 4 }}>
        {shown.map((item) => (
          <Item
            key={item.position}
            item={item}
            fill={data.may_write && !ended ? () => setFilling(item) : null}
          />
        ))}
      </Box>
      <ChecklistDialog caseId={caseId} item={filling} ended={ended} onClose={() => setFilling(null)} />
    </Section>
  );
}

function Item({ item, fill }: { item: ChecklistItem; fill: (() => void) | null }) {
  const { t } = useTranslation();
  const [newest, ...older] = item.checklists;
  return (
    <Box>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {item.description}
      </Typography>
      <Typography variant="caption" component="p" sx={{ ...TABULAR, color: "text.secondary", mb: 1 }}>
        {t("case.tuss", { code: item.tuss })}
      </Typography>
      {newest ? (
        <Filled one={newest} />
      ) : (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("checklist.none")}
        </Typography>
      )}
      {older.length > 0 && (
        <Box component="details" sx={{ mt: 2 }}>
          <Typography component="summary" variant="body2" sx={{ cursor: "pointer", mb: 1 }}>
            {t("checklist.older", { count: older.length })}
          </Typography>
          <Box sx={{ display: "grid", gap: 3 }}>
            {older.map((one) => (
              <Filled key={one.id} one={one} />
            ))}
          </Box>
        </Box>
      )}
      {fill && (
        <Button variant="outlined" sx={{ mt: 2 }} onClick={fill}>
          {newest ? t("checklist.fill_again") : t("checklist.fill")}
        </Button>
      )}
    </Box>
  );
}

function Filled({ one }: { one: Checklist }) {
  const { t } = useTranslation();
  return (
    <Box>
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1.5 }}>
        {one.criteria.map((criterion) => {
          const { Icon, colour } = ANSWER[criterion.answer];
          const proof = [
            ...criterion.references,
            ...criterion.pins.map((pin) => t("opinion.pin", { page: pin.page, note: pin.note ?? "" })),
          ];
          return (
            <Box component="li" key={criterion.criterion} sx={{ display: "flex", gap: 2 }}>
              <Icon
                titleAccess={t(`checklist.answer.${criterion.answer}`)}
                sx={{ fontSize: 18, color: colour, mt: "1px", flex: "none" }}
              />
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="body2">{t(`checklist.criterion.${criterion.criterion}`)}</Typography>
                {proof.map((line) => (
                  <Typography
                    key={line}
                    variant="caption"
                    component="p"
                    sx={{ color: "text.secondary", overflowWrap: "anywhere" }}
                  >
                    {line}
                  </Typography>
                ))}
              </Box>
            </Box>
          );
        })}
      </Box>
      {one.note !== null && (
        <Typography variant="body2" sx={{ mt: 1.5, whiteSpace: "pre-line" }}>
          {one.note}
        </Typography>
      )}
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mt: 1 }}>
        {one.author.name}
        {one.council !== null && `, ${one.council}`} · {formatDateTime(one.created_at)}
      </Typography>
    </Box>
  );
}
