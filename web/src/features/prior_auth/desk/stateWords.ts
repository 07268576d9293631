import type { Tone } from "@/ui/Tag";

export type StateWord =
  "received" | "missing" | "people" | "approved" | "part" | "denied" | "expired" | "cancelled" | "closed";

const WORDS: Record<string, StateWord> = {
  RECEIVED: "received",
  ELIGIBILITY_CHECK: "received",
  RULES_EVALUATION: "received",
  PENDING_DOCUMENTS: "missing",
  PENDING_JUSTIFICATION: "missing",
  APPROVED: "approved",
  ISSUED: "approved",
  PARTIALLY_APPROVED: "part",
  DENIED: "denied",
  EXPIRED: "expired",
  CANCELLED: "cancelled",
  CLOSED: "closed",
};

const TONES: Partial<Record<StateWord, Tone>> = {
  missing: "doubt",
  approved: "good",
  part: "good",
  denied: "bad",
};

const PARTLY = 7;

/** A state as a provider says it. What happens inside the operator is one thing outside: it is with the operator. */
export function stateWord(state: string, tissStatus?: number | null): StateWord {
  if (state === "ISSUED" && tissStatus === PARTLY) return "part";
  return WORDS[state] ?? "people";
}

export function stateTone(word: StateWord): Tone {
  return TONES[word] ?? "quiet";
}
