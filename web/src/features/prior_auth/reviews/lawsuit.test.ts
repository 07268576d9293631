import { expect, it } from "vitest";

import { isLawsuit, maskLawsuit } from "./lawsuit";

it("writes a lawsuit's number as courts do, also half of one and one that was pasted", () => {
  expect(maskLawsuit("0001234")).toBe("0001234");
  expect(maskLawsuit("00012340")).toBe("0001234-0");
  expect(maskLawsuit("Processo 0001234-03.2026.8.26.0100.")).toBe("0001234-03.2026.8.26.0100");
  expect(maskLawsuit("000123403202682601009999")).toBe("0001234-03.2026.8.26.0100");
});

it("knows a number by its check digits", () => {
  expect(isLawsuit("0001234-03.2026.8.26.0100")).toBe(true);
  expect(isLawsuit("0001234-56.2026.8.26.0100")).toBe(false);
  expect(isLawsuit("0001234-03.2026.8.26")).toBe(false);
});
