/** What the server says of a case's legal term. */
export type LegalTerm = {
  due_at: string;
  business_days_left: number | null;
  state: string;
  post_facto: boolean;
  overdue: boolean;
};

/** What a legal clock says to a person: how much is left or since when it is late, or that no clock runs. */
export type TimeLeft =
  | {
      kind: "overdue" | "left";
      unit: "business_days" | "days" | "hours" | "minutes";
      amount: number;
      tone: "overdue" | "today" | "soon" | "calm";
    }
  | { kind: "no_term" | "closed" | "closed_late"; tone: "calm" | "overdue" };

type RunningTime = Extract<TimeLeft, { amount: number }>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Reads a legal term. Under 24 hours it counts hours or minutes; above, business days when the term counts them.
 *
 * Amounts are rounded down, so that nobody is told of time that is not there. No clock runs for care that was given
 * already, nor for a closed case, of which the server says whether it was answered late.
 */
export function timeLeft(term: LegalTerm, now: number): TimeLeft {
  if (!clockRuns(term)) return stopped(term);
  const { business_days_left: businessDaysLeft } = term;
  const left = Date.parse(term.due_at) - now;
  if (left <= 0) return { kind: "overdue", ...largestUnit(Math.abs(left)), tone: "overdue" };
  const tone = toneOf(left, businessDaysLeft);
  if (left >= DAY && businessDaysLeft !== null && businessDaysLeft > 0) {
    return { kind: "left", unit: "business_days", amount: businessDaysLeft, tone };
  }
  return { kind: "left", ...largestUnit(left), tone };
}

/** Whether a legal term is running towards its end. */
export function clockRuns({ state, post_facto }: Pick<LegalTerm, "state" | "post_facto">): boolean {
  return state !== "closed" && !post_facto;
}

function stopped(term: LegalTerm): TimeLeft {
  if (term.overdue) return { kind: "closed_late", tone: "overdue" };
  return { kind: term.state === "closed" ? "closed" : "no_term", tone: "calm" };
}

function largestUnit(span: number): Pick<RunningTime, "unit" | "amount"> {
  if (span >= DAY) return { unit: "days", amount: Math.floor(span / DAY) };
  if (span >= HOUR) return { unit: "hours", amount: Math.floor(span / HOUR) };
  return { unit: "minutes", amount: Math.floor(span / MINUTE) };
}

function toneOf(left: number, businessDaysLeft: number | null): RunningTime["tone"] {
  if (left < DAY) return "today";
  const days = businessDaysLeft ?? left / DAY;
  return days <= 2 ? "soon" : "calm";
}

/** The share of a clock that has run, from 0 (just opened) to 1 (due or past). */
export function elapsedShare(openedAt: string, dueAt: string, now: number): number {
  const start = Date.parse(openedAt);
  const end = Date.parse(dueAt);
  if (end <= start) return 1;
  return Math.min(1, Math.max(0, (now - start) / (end - start)));
}
