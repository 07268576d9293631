import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { isCut, leaveOut, openReceipt, type ReceiptFile } from "./receipt";

/** A receipt of the demonstration, as the server wrote it; `tests/modules/prior_auth/test_receipt_files.py` reads it too. */
const RAW = readFileSync("../tests/golden/receipt.json", "utf8");
const FILE = JSON.parse(RAW) as ReceiptFile;
const DIGEST = "ee7eb24126002cdf97bced7df66f55b1ce9fdd6e80cb6cb943a0b601b0634666";

const failing = async (raw: string, key = FILE.key, digest = DIGEST) =>
  (await openReceipt(raw, key, digest))!.checks.filter(({ ok }) => !ok).map(({ check }) => check);

describe("a receipt", () => {
  it("holds as the server wrote it, and tells what it was about", async () => {
    const opened = await openReceipt(RAW, FILE.key, DIGEST);
    expect(opened!.checks.every(({ ok }) => ok)).toBe(true);
    expect(opened!.shown).toEqual(["guardian", "holder", "member", "requester"]);
    expect(opened!.withheld).toEqual([]);
    expect(opened!.document.decision).toMatchObject({
      outcome: "approve",
      member_text: "O seu pedido foi aprovado. Leve a guia e a senha no dia do atendimento.",
    });
  });

  it("does not hold with another value, act, key or record", async () => {
    expect(await failing(RAW.replace("Theo Vasconcelos", "Teo Vasconcelos"))).toEqual(["values"]);
    expect(await failing(RAW.replace('"outcome":"approve"', '"outcome":"deny"'))).toEqual([
      "signature",
      "record",
    ]);
    expect(await failing(RAW, FILE.key.replace("+5f", "+6f"))).toEqual(["key"]);
    expect(await failing(RAW, FILE.key, DIGEST.replace(/^./, "z"))).toEqual(["record"]);
    expect(await failing(`${RAW} `)).toEqual(["values"]);
  });

  it("still holds without one of its persons", async () => {
    const apart = leaveOut(FILE, new Set(["guardian"]));
    const opened = await openReceipt(apart, FILE.key, DIGEST);
    expect(opened!.checks.every(({ ok }) => ok)).toBe(true);
    expect(opened!.withheld).toEqual(["guardian"]);
    expect(isCut((opened!.document.persons as { guardian: unknown }).guardian)).toBe(true);
    expect(apart).not.toContain("mQd_6Gr-gxL0LzZFDQLL9Q");
  });

  it("of the first format was never signed", async () => {
    expect(await openReceipt('{"format":"austa-decision-receipt/1"}', null, "")).toBeNull();
  });
});
