import { describe, expect, it } from "vitest";

import { caseDetail, caseLines } from "../../../../test/fakeData";
import { groundworkLacking, lacksOf, toDecision, type ReleaseDraft } from "./releaseDraft";

const one = caseDetail(caseLines()[2]!);

const LONG_TEXT =
  "Seu pedido não foi autorizado. O motivo está escrito aqui. Você pode pedir nova análise à ouvidoria.";

const draft = (part: Partial<ReleaseDraft>): ReleaseDraft => ({
  outcome: null,
  text: "",
  reasonCodes: [],
  legalBasis: "",
  missing: "",
  quantities: {},
  ...part,
});

describe("lacksOf", () => {
  it("lets an approval go without reason or text", () => {
    expect(lacksOf(draft({ outcome: "approve" }), one)).toEqual([]);
  });

  it("asks of a denial a text that can say why, a reason code and the legal basis", () => {
    expect(lacksOf(draft({ outcome: "deny", text: "Negado." }), one)).toEqual([
      "text",
      "reason_code",
      "legal_basis",
    ]);
    expect(
      lacksOf(
        draft({ outcome: "deny", text: LONG_TEXT, reasonCodes: ["3145"], legalBasis: "Lei 9.656/98" }),
        one,
      ),
    ).toEqual([]);
  });

  it("does not let a template go out unfinished", () => {
    const text = `${LONG_TEXT}\nO motivo é: \nVocê pode pedir uma nova análise.`;
    const denial = draft({ outcome: "deny", text, reasonCodes: ["3145"], legalBasis: "Lei 9.656/98" });
    expect(lacksOf(denial, one)).toEqual(["blanks"]);
  });

  it("takes no excuse for an answer, and no stub for a legal basis", () => {
    const denial = { outcome: "deny", reasonCodes: ["3145"] } as const;
    const excuse = `${LONG_TEXT} O caso segue em análise.`;
    expect(lacksOf(draft({ ...denial, text: excuse, legalBasis: "Lei 9.656/98" }), one)).toEqual([
      "not_an_answer",
    ]);
    expect(lacksOf(draft({ ...denial, text: LONG_TEXT, legalBasis: "Lei" }), one)).toEqual(["legal_basis"]);
  });

  it("asks an approval in part to reduce something", () => {
    const part = draft({
      outcome: "approve_in_part",
      text: LONG_TEXT,
      reasonCodes: ["3145"],
      legalBasis: "Lei 9.656/98",
    });
    expect(lacksOf(part, one)).toEqual(["quantities"]);
    expect(lacksOf({ ...part, quantities: { 1: 0 } }, one)).toEqual([]);
  });

  it("asks a request for information to say what is missing", () => {
    expect(lacksOf(draft({ outcome: "request_information", text: LONG_TEXT }), one)).toEqual(["missing"]);
  });
});

describe("groundworkLacking", () => {
  it("is what the server says of that decision, and nothing for one in the member's favour", () => {
    expect(groundworkLacking("deny", one)).toEqual(["opinion", "requester_contact", "evidence"]);
    expect(groundworkLacking("approve", one)).toEqual([]);
  });
});

describe("toDecision", () => {
  it("sends the case's version that the person saw, and nothing left over from another outcome", () => {
    const decision = toDecision(draft({ outcome: "approve", reasonCodes: ["3145"], missing: "laudo" }), one);
    expect(decision).toMatchObject({
      version: one.case.version,
      reason_codes: [],
      missing: [],
      ground: null,
    });
  });

  it("denies on clinical ground only; what is administrative is returned", () => {
    expect(toDecision(draft({ outcome: "deny" }), one)?.ground).toBe("clinical");
    expect(toDecision(draft({ outcome: "administrative_return" }), one)?.ground).toBe("administrative");
  });
});
