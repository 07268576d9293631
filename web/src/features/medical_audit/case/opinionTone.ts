import type { OpinionKind } from "@/client/types/medicalAudit";
import type { DecisionOutcome } from "@/client/types/priorAuth";
import type { Tone } from "@/ui/Tag";

export const OPINION_TONE: Record<OpinionKind, Tone> = {
  favourable: "good",
  favourable_in_part: "doubt",
  needs_information: "quiet",
  unfavourable: "bad",
};

export const OUTCOME_TONE: Record<DecisionOutcome, Tone> = {
  approve: "good",
  approve_in_part: "doubt",
  request_information: "quiet",
  administrative_return: "quiet",
  deny: "bad",
};
