import { describe, expect, it } from "vitest";

import { elapsedShare, timeLeft } from "./timeLeft";

const NOW = Date.parse("2026-11-18T14:00:00Z");
const HOUR = 3_600_000;
const inMs = (span: number) => new Date(NOW + span).toISOString();

describe("timeLeft", () => {
  it("counts business days while more than a day is left", () => {
    expect(timeLeft(inMs(70 * HOUR), 2, NOW)).toMatchObject({
      unit: "business_days",
      amount: 2,
      tone: "soon",
    });
  });

  it("counts hours on the last day, whatever the calendar says", () => {
    expect(timeLeft(inMs(3.9 * HOUR), 1, NOW)).toMatchObject({ unit: "hours", amount: 3, tone: "today" });
  });

  it("counts minutes in the last hour", () => {
    expect(timeLeft(inMs(59 * 60_000), 0, NOW)).toMatchObject({ unit: "minutes", amount: 59 });
  });

  it("says since when an answer is overdue", () => {
    expect(timeLeft(inMs(-1.5 * HOUR), 0, NOW)).toEqual({
      kind: "overdue",
      unit: "hours",
      amount: 1,
      tone: "overdue",
    });
  });

  it("counts calendar days for a clock without business days", () => {
    expect(timeLeft(inMs(50 * HOUR), null, NOW)).toMatchObject({ unit: "days", amount: 2 });
  });

  it("is overdue at the very moment it is due", () => {
    expect(timeLeft(inMs(0), null, NOW)).toMatchObject({ kind: "overdue", unit: "minutes", amount: 0 });
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
