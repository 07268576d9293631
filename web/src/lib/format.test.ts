import { describe, expect, it } from "vitest";

import { ageInYears, formatDate, formatMoney, formatPhone, formatRelative, formatSpan } from "./format";

const NOW = Date.parse("2026-11-18T14:00:00Z");
const plainSpaces = (text: string) => text.replace(/\u00a0/g, " ");

describe("formats", () => {
  it("writes money as in Brazil", () => {
    expect(plainSpaces(formatMoney(123_456))).toBe("R$ 1.234,56");
  });

  it("never moves a calendar date by a time zone", () => {
    expect(formatDate("1962-03-09")).toBe("09/03/1962");
  });

  it("says how long ago in words", () => {
    expect(formatRelative("2026-11-18T13:58:00Z", NOW, "pt-BR")).toBe("há 2 min");
    expect(formatRelative("2026-11-17T13:00:00Z", NOW, "pt-BR")).toBe("ontem");
  });

  it("counts a year only after the birthday", () => {
    expect(ageInYears("1980-11-18", NOW)).toBe(46);
    expect(ageInYears("1980-11-19", NOW)).toBe(45);
  });
});

it("tells a span in the unit that says it best", () => {
  expect(formatSpan(20_000, "pt-BR")).toBe("1 min");
  expect(formatSpan(59 * 60_000, "pt-BR")).toBe("59 min");
  expect(formatSpan(26 * 3_600_000, "pt-BR")).toBe("26 h");
  expect(formatSpan(4 * 86_400_000, "pt-BR")).toBe("4 dias");
});

it("groups the figures of Brazilian telephones and leaves others as they are", () => {
  expect(formatPhone("+5511900000071")).toBe("+55 11 90000-0071");
  expect(formatPhone("+551130000071")).toBe("+55 11 3000-0071");
  expect(formatPhone("+351910000000")).toBe("+351910000000");
});
