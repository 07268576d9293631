import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { CaseDetail, OpinionKind } from "@/client/types/medicalAudit";
import type { DecisionOutcome } from "@/client/types/priorAuth";

import type { ProofProps, ReceiptProps } from "./CasePage";
import { WrittenBefore } from "./CaseEnding";
import { ForwardButton } from "./ForwardDialog";
import { KeptDecisions } from "./KeptDecisions";
import { OpinionForm } from "./OpinionForm";
import { ReleasedDecision } from "./ReleasedDecision";
import { ReleaseForm } from "./ReleaseForm";
import { StillLacking } from "./StillLacking";

type Props = {
  one: CaseDetail;
  addContact: () => void;
  Proof: ComponentType<ProofProps>;
  Receipt: ComponentType<ReceiptProps>;
};

const OUTCOMES: readonly DecisionOutcome[] = [
  "approve",
  "approve_in_part",
  "request_information",
  "administrative_return",
  "deny",
];

/** The decision that an opinion leads to, where only the technical director may release it. */
const AGAINST: Readonly<Partial<Record<OpinionKind, DecisionOutcome>>> = {
  unfavourable: "deny",
  favourable_in_part: "approve_in_part",
};

/** First the technical opinion, then the operator's decision: two acts, often of two people. */
export function DecisionColumn({ one, addContact, Proof, Receipt }: Props) {
  const { t } = useTranslation();
  const outcomes = OUTCOMES.filter((outcome) => one.allowed_actions.includes(`decision:${outcome}`));
  const mayWrite = one.allowed_actions.includes("opinion:write");
  const open = one.release === null || one.release.state === "refused";
  return (
    <Box sx={{ display: "grid", gap: 5 }}>
      {one.release && <ReleasedDecision one={one} release={one.release} Proof={Proof} />}
      {one.allowed_actions.includes("case:forward") && <ForwardButton one={one} />}
      {open && mayWrite && (
        <Panel id="parecer" title={t("opinion.title")} lead={t("opinion.lead")}>
          <OpinionForm one={one} addContact={addContact} />
        </Panel>
      )}
      {open && outcomes.length > 0 && (
        <Panel id="decisao" title={t("decision.title")} lead={t("decision.lead")}>
          <ReleaseForm one={one} outcomes={outcomes} addContact={addContact} />
          <ForWhoeverReleases one={one} addContact={addContact} />
        </Panel>
      )}
      {one.ending && <WrittenBefore caseId={one.case.id} />}
      {open && !one.ending && !mayWrite && outcomes.length === 0 && (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          {t("decision.not_yours")}
        </Typography>
      )}
      <KeptDecisions one={one} Receipt={Receipt} />
    </Box>
  );
}

/** After an opinion against the request, whoever may not release that sees what those who may still need. */
function ForWhoeverReleases({ one, addContact }: { one: CaseDetail; addContact: () => void }) {
  const { t } = useTranslation();
  const outcome = AGAINST[one.opinions.at(-1)?.kind ?? "favourable"];
  const work = one.groundwork.find((found) => found.outcome === outcome);
  if (!work || one.allowed_actions.includes(`decision:${work.outcome}`)) return null;
  return (
    <Box sx={{ display: "grid", gap: 2, mt: 4 }}>
      <Typography variant="body2" sx={{ color: "text.secondary" }}>
        {t(work.lacking.length === 0 ? "decision.directors_ready" : "decision.directors")}
      </Typography>
      <StillLacking lead={t("decision.lacks")} one={one} groundwork={work.lacking} addContact={addContact} />
    </Box>
  );
}

function Panel({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <Box component="section" aria-labelledby={`${id}-titulo`} id={id}>
      <Typography id={`${id}-titulo`} variant="h2">
        {title}
      </Typography>
      <Typography variant="caption" component="p" sx={{ color: "text.secondary", mb: 3 }}>
        {lead}
      </Typography>
      {children}
    </Box>
  );
}
