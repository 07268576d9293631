import { expect, it } from "vitest";

import { comparePacks, findItems, isVerified, readPack } from "./coveragePack";

const item = (changes: object = {}) => ({
  description: "RM de joelho",
  service_class: "other_outpatient",
  source: { clause: "RN 465/2021, Anexo II", confidence: "high", verified_on: "2026-11-01" },
  ...changes,
});
const pack = (items: object) => readPack(JSON.stringify({ items }));

it("finds items by words in any order, without accents", () => {
  const items = pack({ "41101316": item(), "20104294": item({ description: "Quimioterapia sistêmica" }) });
  expect(findItems(items, "joelho rm").map((one) => one.code)).toEqual(["41101316"]);
  expect(findItems(items, "SISTEMICA").map((one) => one.code)).toEqual(["20104294"]);
  expect(findItems(items, "")).toHaveLength(2);
});

it("calls verified only what somebody checked, and never a demonstration", () => {
  const source = { clause: "x", confidence: "demo", verified_on: "2026-11-01" };
  const [demo, good, bare] = pack({
    "1": item({ source }),
    "2": item(),
    "3": item({ source: { ...source, confidence: "high", verified_on: null } }),
  });
  expect([demo, good, bare].map((one) => one && isVerified(one))).toEqual([false, true, false]);
});

it("tells what came, went and changed, field by field", () => {
  const before = pack({ "1": item(), "2": item(), "4": item() });
  const after = pack({ "1": item(), "2": item({ max_quantity: 3 }), "3": item() });
  expect(comparePacks(before, after)).toEqual([
    {
      code: "2",
      description: "RM de joelho",
      kind: "changed",
      fields: [{ field: "max_quantity", before: "—", after: "3" }],
    },
    { code: "3", description: "RM de joelho", kind: "added", fields: [] },
    { code: "4", description: "RM de joelho", kind: "removed", fields: [] },
  ]);
});
