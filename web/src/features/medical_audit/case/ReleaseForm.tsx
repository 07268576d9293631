import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useReleaseDecisionMutation } from "@/client/medicalAudit";
import type { CaseDetail } from "@/client/types/medicalAudit";
import type { DecisionOutcome } from "@/client/types/priorAuth";
import { announce } from "@/lib/announce";
import { ProblemAlert } from "@/ui/Problems";

import { ChoiceCards } from "./ChoiceCards";
import { ConfirmDialog } from "./ConfirmDialog";
import { keepRelease, keptRelease } from "./drafts";
import { OUTCOME_TONE } from "./opinionTone";
import { ReadabilityMeter } from "@/ui/ReadabilityMeter";
import { ReasonCodeField } from "./ReasonCodeField";
import {
  groundworkLacking,
  isConfirmed,
  lacksOf,
  needsOf,
  toDecision,
  type ReleaseDraft,
} from "./releaseDraft";
import { StillLacking } from "./StillLacking";

type Props = { one: CaseDetail; outcomes: readonly DecisionOutcome[]; addContact: () => void };

/** The operator's decision: outcome, grounds, text for the member, and what happens next before one presses. */
export function ReleaseForm({ one, outcomes, addContact }: Props) {
  const { t } = useTranslation();
  const [release, { error, isLoading }] = useReleaseDecisionMutation();
  const [confirming, setConfirming] = useState(false);
  const [draft, setDraft] = useState<ReleaseDraft>(() => keptRelease(one.case.id) ?? EMPTY);
  const change = (part: Partial<ReleaseDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepRelease(one.case.id, next);
  };
  const needs = needsOf(draft.outcome);
  const lacks = lacksOf(draft, one);
  const groundwork = groundworkLacking(draft.outcome, one);

  const send = async () => {
    const decision = toDecision(draft, one);
    setConfirming(false);
    if (!decision) return;
    const answer = await release(decision);
    if (!answer.error) announce(t(answer.data.state === "releasing" ? "decision.waits" : "decision.sent"));
  };
  return (
    <Box sx={{ display: "grid", gap: 3 }}>
      <ChoiceCards
        label={t("decision.title")}
        value={draft.outcome}
        onChange={(outcome) =>
          change({ outcome, text: templateFor(t, outcome, one), ...groundsFor(outcome, draft, one) })
        }
        choices={outcomes.map((outcome) => ({
          value: outcome,
          label: t(`decision.outcome.${outcome}`),
          help: t(`decision.outcome_help.${outcome}`),
          tone: OUTCOME_TONE[outcome],
        }))}
      />
      {draft.outcome === "deny" && one.request.proposal && (
        <Alert severity="info">{t("decision.administrative_proposed")}</Alert>
      )}
      {needs.quantities && <Quantities one={one} draft={draft} change={change} />}
      {needs.missing && (
        <TextField
          label={t("decision.missing")}
          helperText={t("decision.missing_help")}
          multiline
          minRows={2}
          value={draft.missing}
          onChange={(event) => change({ missing: event.target.value })}
        />
      )}
      {needs.reason && (
        <>
          <ReasonCodeField codes={draft.reasonCodes} onChange={(reasonCodes) => change({ reasonCodes })} />
          <TextField
            label={t("decision.legal_basis")}
            helperText={t("decision.legal_basis_help")}
            multiline
            value={draft.legalBasis}
            onChange={(event) => change({ legalBasis: event.target.value })}
          />
        </>
      )}
      {draft.outcome !== null && (
        <>
          <TextField
            label={t("decision.text_to_member")}
            multiline
            minRows={4}
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
          />
          <ReadabilityMeter text={draft.text} />
          <Typography variant="body2" sx={{ p: 3, borderRadius: 1, bgcolor: "surface.selected" }}>
            {t(`decision.what_next.${draft.outcome}`)}
          </Typography>
        </>
      )}
      {draft.outcome !== null && (
        <StillLacking
          lead={t("decision.lacks")}
          one={one}
          groundwork={groundwork}
          others={lacks.map((lack) => t(`decision.lack.${lack}`))}
          addContact={addContact}
        />
      )}
      {error && <ProblemAlert error={error} kept={t("decision.kept")} />}
      <Button
        variant="contained"
        color={draft.outcome === "deny" ? "error" : "primary"}
        disabled={lacks.length > 0 || groundwork.length > 0 || isLoading}
        onClick={() => (isConfirmed(draft.outcome) ? setConfirming(true) : void send())}
      >
        {isLoading ? t("decision.recording") : t(`decision.press.${draft.outcome ?? "approve"}`)}
      </Button>
      <ConfirmDialog
        open={confirming}
        draft={draft}
        number={one.case.number}
        onCancel={() => setConfirming(false)}
        onConfirm={() => void send()}
      />
    </Box>
  );
}

const EMPTY: ReleaseDraft = {
  outcome: null,
  text: "",
  reasonCodes: [],
  legalBasis: "",
  missing: "",
  quantities: {},
};

type Grounds = Pick<ReleaseDraft, "reasonCodes" | "legalBasis">;

/** What the engine proposes is a start for an administrative return alone: its grounds are none for a denial. What a
 * person wrote stays. */
function groundsFor(outcome: DecisionOutcome, draft: ReleaseDraft, one: CaseDetail): Grounds {
  const { proposal } = one.request;
  const proposed: Grounds = { reasonCodes: proposal?.reason_codes ?? [], legalBasis: proposal?.clause ?? "" };
  const none: Grounds = { reasonCodes: [], legalBasis: "" };
  const [from, to] = outcome === "administrative_return" ? [none, proposed] : [proposed, none];
  return {
    reasonCodes: draft.reasonCodes.join() === from.reasonCodes.join() ? to.reasonCodes : draft.reasonCodes,
    legalBasis: draft.legalBasis === from.legalBasis ? to.legalBasis : draft.legalBasis,
  };
}

function templateFor(t: TFunction, outcome: DecisionOutcome, one: CaseDetail): string {
  if (outcome === "administrative_return" && one.request.proposal) return one.request.proposal.member_text;
  return t(`decision.template.${outcome}`);
}

type QuantitiesProps = {
  one: CaseDetail;
  draft: ReleaseDraft;
  change: (part: Partial<ReleaseDraft>) => void;
};

function Quantities({ one, draft, change }: QuantitiesProps) {
  const { t } = useTranslation();
  return one.request.items.map((item) => (
    <TextField
      key={item.position}
      type="number"
      label={t("decision.quantity", { procedure: item.description, count: item.quantity })}
      value={draft.quantities[item.position] ?? item.quantity}
      onChange={(event) => {
        const quantity = Math.min(item.quantity, Math.max(0, Math.trunc(Number(event.target.value))));
        change({ quantities: { ...draft.quantities, [item.position]: quantity } });
      }}
      slotProps={{ htmlInput: { min: 0, max: item.quantity } }}
    />
  ));
}
