import CheckCircleOutlined from "@mui/icons-material/CheckCircleOutlined";
import RadioButtonUncheckedOutlined from "@mui/icons-material/RadioButtonUncheckedOutlined";
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useEffect, useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type { CaseDetail, Release } from "@/client/types/medicalAudit";
import { formatDate, formatDateTime } from "@/lib/format";
import { Facts } from "@/ui/Facts";
import { LackingList } from "@/ui/Problems";
import { Tag } from "@/ui/Tag";

import type { ProofProps } from "./CasePage";
import { dropRelease } from "./drafts";
import { OUTCOME_TONE } from "./opinionTone";
import { ReadabilityMeter } from "@/ui/ReadabilityMeter";
import { UndoBar } from "./UndoBar";

const STAGES = ["recording", "recorded", "sealed"] as const;
const CASE_CHANGED = "medical_audit.case_changed";
const GUIDE_HOLDS = "prior_auth.guide_still_valid";

function stageOf({ state }: Release): (typeof STAGES)[number] {
  return state === "recorded" || state === "sealed" ? state : "recording";
}

type Props = { one: CaseDetail; release: Release; Proof: ComponentType<ProofProps> };

/** A decision on its way from the person to the sealed ledger. */
export function ReleasedDecision({ one, release, Proof }: Props) {
  const { t } = useTranslation();
  const [proofOpen, setProofOpen] = useState(false);
  const settled = release.state === "recorded" || release.state === "sealed";
  useEffect(() => {
    if (settled) dropRelease(one.case.id);
  }, [settled, one.case.id]);
  const guide = one.request.decisions.find((kept) => kept.decision_id === release.id)?.guide;
  return (
    <Box component="section" aria-label={t("decision.title")} sx={{ display: "grid", gap: 3 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 2 }}>
        <Typography variant="h2" sx={{ flex: 1 }}>
          {t("decision.title")}
        </Typography>
        <Tag tone={OUTCOME_TONE[release.outcome]}>{t(`decision.outcome.${release.outcome}`)}</Tag>
      </Box>
      {release.state === "refused" ? (
        <Alert severity="error" variant="outlined">
          {release.refusal === CASE_CHANGED
            ? t(one.ending ? "decision.overtaken" : "decision.case_changed")
            : release.refusal === GUIDE_HOLDS
              ? t("decision.guide_holds")
              : t("decision.refused", { code: release.refusal ?? "" })}
          <LackingList names={release.lacking} />
        </Alert>
      ) : (
        <>
          {release.state === "releasing" && <UndoBar key={release.id} one={one} release={release} />}
          <Stages state={stageOf(release)} />
        </>
      )}
      <Facts
        rows={[
          [t("decision.released_by"), release.released_by.name],
          [t("decision.released_at"), formatDateTime(release.released_at)],
          ...(guide
            ? ([
                [t("decision.guide"), guide.number],
                [t("decision.auth_code"), guide.senha],
                [t("decision.valid_until"), formatDate(guide.valid_until)],
              ] as const)
            : []),
          ...(release.ground !== null
            ? ([[t("decision.ground"), t(`decision.ground_of.${release.ground}`)]] as const)
            : []),
          ...(release.reason_codes.length > 0
            ? ([[t("decision.reason_code"), release.reason_codes.join(", ")]] as const)
            : []),
          ...(release.legal_basis !== null
            ? ([[t("decision.legal_basis"), release.legal_basis]] as const)
            : []),
        ]}
      />
      {release.missing.length > 0 && <Missing papers={release.missing} />}
      {release.text_to_member !== null && (
        <>
          <Typography
            variant="body2"
            sx={{
              p: 3,
              borderRadius: 1,
              border: "1px solid",
              borderColor: "divider",
              whiteSpace: "pre-line",
              bgcolor: "background.paper",
            }}
          >
            {release.text_to_member}
          </Typography>
          <ReadabilityMeter text={release.text_to_member} />
        </>
      )}
      {release.state === "sealed" && one.allowed_actions.includes("ledger:read") && (
        <>
          <Button variant="outlined" onClick={() => setProofOpen(true)}>
            {t("ledger.show")}
          </Button>
          <Proof entryId={release.id} open={proofOpen} onClose={() => setProofOpen(false)} />
        </>
      )}
    </Box>
  );
}

function Missing({ papers }: { papers: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Box>
      <Typography variant="h3">{t("decision.missing")}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 4 }}>
        {papers.map((paper) => (
          <Typography component="li" variant="body2" key={paper}>
            {paper}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

function Stages({ state }: { state: (typeof STAGES)[number] }) {
  const { t } = useTranslation();
  const reached = STAGES.indexOf(state);
  return (
    <Box role="status">
      <Box component="ol" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 1 }}>
        {STAGES.map((stage, index) => {
          const done = index < reached || state === "sealed";
          const label =
            stage === "recording" && done ? t("decision.stage.released") : t(`decision.stage.${stage}`);
          return (
            <Typography
              component="li"
              variant="body2"
              key={stage}
              aria-current={index === reached ? "step" : undefined}
              sx={{
                display: "flex",
                alignItems: "center",
                gap: 2,
                fontWeight: index === reached ? 650 : 450,
                color: index <= reached ? "meaning.good.strong" : "text.secondary",
              }}
            >
              {done || index === reached ? (
                <CheckCircleOutlined
                  sx={{ fontSize: 18, opacity: stage === "recording" && !done ? 0.5 : 1 }}
                />
              ) : (
                <RadioButtonUncheckedOutlined sx={{ fontSize: 18 }} />
              )}
              {label}
            </Typography>
          );
        })}
      </Box>
    </Box>
  );
}
