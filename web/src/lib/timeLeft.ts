/** What a legal clock says to a person: how much is left, or since when the answer is late. */
export type TimeLeft = {
  kind: "overdue" | "left";
  unit: "business_days" | "days" | "hours" | "minutes";
  amount: number;
  tone: "overdue" | "today" | "soon" | "calm";
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Reads a due time. Under 24 hours it counts hours or minutes; above, business days when the clock counts them.
 *
 * Amounts are rounded down, so that nobody is told of time that is not there.
 */
export function timeLeft(dueAt: string, businessDaysLeft: number | null, now: number): TimeLeft {
  const left = Date.parse(dueAt) - now;
  if (left <= 0) return { kind: "overdue", ...largestUnit(Math.abs(left)), tone: "overdue" };
  const tone = toneOf(left, businessDaysLeft);
  if (left >= DAY && businessDaysLeft !== null && businessDaysLeft > 0) {
    return { kind: "left", unit: "business_days", amount: businessDaysLeft, tone };
  }
  return { kind: "left", ...largestUnit(left), tone };
}

function largestUnit(span: number): Pick<TimeLeft, "unit" | "amount"> {
  if (span >= DAY) return { unit: "days", amount: Math.floor(span / DAY) };
  if (span >= HOUR) return { unit: "hours", amount: Math.floor(span / HOUR) };
  return { unit: "minutes", amount: Math.floor(span / MINUTE) };
}

function toneOf(left: number, businessDaysLeft: number | null): TimeLeft["tone"] {
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
