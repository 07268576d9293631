import { expect, it } from "vitest";

import { readCids, readFacts } from "./draft";
import { stateTone, stateWord } from "./stateWords";

it("reads CID codes however they are parted, and refuses what is none", () => {
  expect(readCids("m23.2, S835; O82")).toEqual(["M23.2", "S835", "O82"]);
  expect(readCids("")).toEqual([]);
  expect(readCids("joelho")).toBeNull();
  expect(readCids("M23.25")).toBeNull();
});

it("states only the facts that somebody answered", () => {
  expect(readFacts({ trauma: "yes", biometry: "no", bmi: "", conservative_care_weeks: "8" })).toEqual([
    { name: "trauma", value: true },
    { name: "biometry", value: false },
    { name: "conservative_care_weeks", value: 8 },
  ]);
});

it("says one thing for whatever happens inside the operator", () => {
  for (const inside of [
    "ADMIN_REVIEW",
    "IN_NURSE_REVIEW",
    "IN_MEDICAL_AUDIT",
    "BOARD_OPENED",
    "DECISION_READY",
  ]) {
    expect(stateWord(inside)).toBe("people");
  }
  expect([stateWord("ISSUED", 1), stateWord("ISSUED", 7), stateWord("DENIED")]).toEqual([
    "approved",
    "part",
    "denied",
  ]);
  expect(stateTone(stateWord("PENDING_DOCUMENTS"))).toBe("doubt");
});
