import { expect, it } from "vitest";

import { en } from "./en";
import { ptBR } from "./pt-BR";

function textsOf(value: object, path = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === "string"
        ? [[`${path}${key}`, inner]]
        : Object.entries(textsOf(inner as object, `${path}${key}.`)),
    ),
  );
}

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

it("has every text in both languages, with the same values in it", () => {
  const [portuguese, english] = [textsOf(ptBR), textsOf(en)];
  expect(Object.keys(english).sort()).toEqual(Object.keys(portuguese).sort());
  for (const [key, text] of Object.entries(portuguese)) {
    expect(placeholders(english[key] ?? ""), key).toEqual(placeholders(text));
  }
});

it("speaks to members in short sentences and without jargon", () => {
  for (const [key, text] of Object.entries(
    textsOf({ ...ptBR.member_link, ...ptBR.my, ...ptBR.decision.template }),
  )) {
    for (const sentence of text.split(/[.!?:]\s*/)) {
      expect(sentence.split(/\s+/).length, `${key}: ${sentence}`).toBeLessThanOrEqual(15);
    }
    expect(text, key).not.toMatch(/em análise|em auditoria|glosa|OPME|indeferid/i);
  }
});
