import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type { CaseDetail } from "@/client/types/medicalAudit";
import { formatDateTime } from "@/lib/format";
import { GuideList } from "@/ui/GuideList";
import { Tag } from "@/ui/Tag";

import type { ReceiptProps } from "./CasePage";
import { OUTCOME_TONE } from "./opinionTone";

/** Every decision on the request, by rule or by a person, each with its receipt. */
export function KeptDecisions({ one, Receipt }: { one: CaseDetail; Receipt: ComponentType<ReceiptProps> }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string | null>(null);
  const { decisions, guides } = one.request;
  if (decisions.length === 0) return null;
  return (
    <Box component="section" aria-labelledby="decisoes-registradas">
      <Typography id="decisoes-registradas" variant="h2" sx={{ mb: 2 }}>
        {t("decision.recorded_all")}
      </Typography>
      {decisions.map((kept) => (
        <Box key={kept.decision_id} sx={{ display: "grid", gap: 1, justifyItems: "start", mb: 3 }}>
          <Tag tone={OUTCOME_TONE[kept.outcome]}>{t(`decision.outcome.${kept.outcome}`)}</Tag>
          <Typography variant="caption" sx={{ color: "text.secondary" }}>
            {formatDateTime(kept.at)} · {t(kept.by === "system" ? "decision.by_rules" : "decision.by_person")}
          </Typography>
          <Button variant="outlined" color="secondary" onClick={() => setShown(kept.decision_id)}>
            {t("decision.receipt")}
          </Button>
          <Receipt
            decisionId={kept.decision_id}
            digest={kept.digest}
            open={shown === kept.decision_id}
            onClose={() => setShown(null)}
          />
        </Box>
      ))}
      {guides.length > 0 && (
        <>
          <Typography variant="h3" sx={{ mb: 2 }}>
            {t("guides.title")}
          </Typography>
          <GuideList guides={guides} />
        </>
      )}
    </Box>
  );
}
