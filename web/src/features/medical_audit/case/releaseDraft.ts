import type { CaseDetail, NewDecision } from "@/client/types/medicalAudit";
import type { DecisionGround, DecisionOutcome } from "@/client/types/priorAuth";
import { judgeReadability } from "@/lib/readability";

/** A decision being filled in. */
export type ReleaseDraft = {
  outcome: DecisionOutcome | null;
  text: string;
  /** Of TISS table 38. */
  reasonCodes: readonly string[];
  legalBasis: string;
  missing: string;
  /** Approved quantity by position, for an approval in part. */
  quantities: Readonly<Record<number, number>>;
};

/** Fewer characters cannot say reason, ground and the way to a reanalysis (RN ANS 623/2024). */
export const SHORTEST_TEXT = 80;

/** Fewer characters name neither law nor clause; the server asks for as many. */
export const SHORTEST_LEGAL_BASIS = 10;

/** What a decision of that kind must carry beyond its outcome. */
export function needsOf(outcome: DecisionOutcome | null) {
  return {
    text: outcome !== null && outcome !== "approve",
    reason: outcome === "deny" || outcome === "approve_in_part" || outcome === "administrative_return",
    missing: outcome === "request_information",
    quantities: outcome === "approve_in_part",
  };
}

/** Decisions against the member are confirmed beforehand; the others wait on the server and can be undone. */
export function isConfirmed(
  outcome: DecisionOutcome | null,
): outcome is "deny" | "approve_in_part" | "administrative_return" {
  return outcome === "deny" || outcome === "approve_in_part" || outcome === "administrative_return";
}

export type Lack =
  "outcome" | "text" | "blanks" | "not_an_answer" | "reason_code" | "legal_basis" | "missing" | "quantities";

/** What must still be done in the case before that decision: opinion, contact, evidence, by the server's names. */
export function groundworkLacking(outcome: DecisionOutcome | null, one: CaseDetail): readonly string[] {
  return one.groundwork.find((work) => work.outcome === outcome)?.lacking ?? [];
}

/** What the form itself still lacks before the decision may be released. */
export function lacksOf(draft: ReleaseDraft, one: CaseDetail): Lack[] {
  const needs = needsOf(draft.outcome);
  const lacks: Lack[] = [];
  if (draft.outcome === null) lacks.push("outcome");
  if (needs.text && draft.text.trim().length < SHORTEST_TEXT) lacks.push("text");
  if (needs.text && hasBlanks(draft.text)) lacks.push("blanks");
  if (needs.text && isNoAnswer(draft.text)) lacks.push("not_an_answer");
  if (needs.reason && draft.reasonCodes.length === 0) lacks.push("reason_code");
  if (needs.reason && draft.legalBasis.trim().length < SHORTEST_LEGAL_BASIS) lacks.push("legal_basis");
  if (needs.missing && missingLines(draft).length === 0) lacks.push("missing");
  if (needs.quantities && !isReduced(draft, one)) lacks.push("quantities");
  return lacks;
}

/** A template's line that nobody finished, such as "O motivo é:". */
function hasBlanks(text: string): boolean {
  return /:[ \t]*(\n|$)/.test(text);
}

function isNoAnswer(text: string): boolean {
  return judgeReadability(text).problems.some((problem) => problem.reason === "not_an_answer");
}

function isReduced(draft: ReleaseDraft, one: CaseDetail): boolean {
  return one.request.items.some((item) => (draft.quantities[item.position] ?? item.quantity) < item.quantity);
}

function missingLines(draft: ReleaseDraft): string[] {
  return draft.missing
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The decision as the server takes it; null while the outcome is open. */
export function toDecision(draft: ReleaseDraft, one: CaseDetail): NewDecision | null {
  if (draft.outcome === null) return null;
  const needs = needsOf(draft.outcome);
  return {
    case_id: one.case.id,
    outcome: draft.outcome,
    ground: groundOf(draft.outcome),
    text_to_member: draft.text.trim() || null,
    reason_codes: needs.reason ? [...draft.reasonCodes] : [],
    legal_basis: needs.reason ? draft.legalBasis.trim() : null,
    items: needs.quantities
      ? one.request.items.map((item) => ({
          position: item.position,
          approved_quantity: draft.quantities[item.position] ?? item.quantity,
        }))
      : [],
    missing: needs.missing ? missingLines(draft) : [],
    version: one.case.version,
  };
}

/** Only a clinical ground denies; what is administrative goes back as an administrative return. */
function groundOf(outcome: DecisionOutcome): DecisionGround | null {
  if (outcome === "administrative_return") return "administrative";
  return outcome === "deny" || outcome === "approve_in_part" ? "clinical" : null;
}
