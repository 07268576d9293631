import { describe, expect, it } from "vitest";

import { elapsedShare, timeLeft, type LegalTerm } from "./timeLeft";

const NOW = Date.parse("2026-11-18T14:00:00Z");
const HOUR = 3_600_000;
const inMs = (span: number) => new Date(NOW + span).toISOString();

const term = (dueIn: number, businessDaysLeft: number | null, rest: Partial<LegalTerm> = {}): LegalTerm => ({
  due_at: inMs(dueIn),
  business_days_left: businessDaysLeft,
  state: "open",
  post_facto: false,
  overdue: dueIn < 0,
  ...rest,
});

describe("timeLeft", () => {
  it("counts nothing where care was given already: no law sets a term for its review", () => {
    const review = term(-50 * HOUR, null, { post_facto: true, overdue: false });
    expect(timeLeft(review, NOW)).toEqual({ kind: "no_term", tone: "calm" });
  });

  it("says of a closed case only whether it was answered late, however long ago it was due", () => {
    const closed = { state: "closed", overdue: false };
    expect(timeLeft(term(-50 * HOUR, null, closed), NOW)).toEqual({ kind: "closed", tone: "calm" });
    expect(timeLeft(term(50 * HOUR, null, { ...closed, overdue: true }), NOW)).toMatchObject({
      kind: "closed_late",
      tone: "overdue",
    });
  });

  it("counts business days while more than a day is left", () => {
    expect(timeLeft(term(70 * HOUR, 2), NOW)).toMatchObject({
      unit: "business_days",
      amount: 2,
      tone: "soon",
    });
  });

  it("counts hours on the last day, whatever the calendar says", () => {
    expect(timeLeft(term(3.9 * HOUR, 1), NOW)).toMatchObject({ unit: "hours", amount: 3, tone: "today" });
  });

  it("counts minutes in the last hour", () => {
    expect(timeLeft(term(59 * 60_000, 0), NOW)).toMatchObject({ unit: "minutes", amount: 59 });
  });

  it("says since when an answer is overdue", () => {
    expect(timeLeft(term(-1.5 * HOUR, 0), NOW)).toEqual({
      kind: "overdue",
      unit: "hours",
      amount: 1,
      tone: "overdue",
    });
  });

  it("counts calendar days for a clock without business days", () => {
    expect(timeLeft(term(50 * HOUR, null), NOW)).toMatchObject({ unit: "days", amount: 2 });
  });

  it("is overdue at the very moment it is due", () => {
    expect(timeLeft(term(0, null), NOW)).toMatchObject({ kind: "overdue", unit: "minutes", amount: 0 });
  });
});

describe("elapsedShare", () => {
  it("fills from the opening to the due time and stays full after it", () => {
    expect(elapsedShare(inMs(-HOUR), inMs(3 * HOUR), NOW)).toBe(0.25);
    expect(elapsedShare(inMs(-2 * HOUR), inMs(-HOUR), NOW)).toBe(1);
    expect(elapsedShare(inMs(HOUR), inMs(2 * HOUR), NOW)).toBe(0);
  });

  it("is full where the answer is due immediately", () => {
    expect(elapsedShare(inMs(0), inMs(0), NOW)).toBe(1);
  });
});
