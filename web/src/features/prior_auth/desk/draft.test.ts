import { expect, it } from "vitest";

import { isAnvisa, readCids, readFacts, readMaterials, readMoney } from "./draft";
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

it("reads money as people write it, and no amount from anything else", () => {
  expect(["1.234,5", "R$ 400", "0,99", "1234567,00"].map(readMoney)).toEqual([123450, 40000, 99, 123456700]);
  expect(["", "1,234.50", "12.34", "dez", "-5"].map(readMoney)).toEqual(Array(5).fill(undefined));
});

it("states of a material what was written, and leaves the rest out", () => {
  const typed = { description: " Parafuso pedicular ", quantity: 8, maker: "", anvisa: "", unitPrice: "" };
  expect(readMaterials([typed])).toEqual([
    {
      description: "Parafuso pedicular",
      quantity: 8,
      maker: null,
      anvisa_registration: null,
      unit_price: null,
    },
  ]);
  expect([isAnvisa(""), isAnvisa("10369460123"), isAnvisa("1036946")]).toEqual([true, true, false]);
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
