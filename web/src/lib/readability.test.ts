import { describe, expect, it } from "vitest";

import golden from "../../../tests/golden/readability.json";

import { countSyllables, judgeReadability } from "./readability";

describe("countSyllables", () => {
  it.each([
    ["casa", 2],
    ["saúde", 3],
    ["autorizado", 5],
    ["não", 1],
    ["médico", 3],
    ["guia", 2],
    ["pedido", 3],
    ["leal", 2],
  ])("%s has %i", (word, syllables) => {
    expect(countSyllables(word)).toBe(syllables);
  });
});

describe("judgeReadability", () => {
  it.each(golden.examples)("judges as the server does: $text", ({ text, score, level }) => {
    expect(judgeReadability(text)).toMatchObject({ score, level });
  });

  it("finds a text of short sentences and words easy", () => {
    expect(judgeReadability("Seu pedido foi aceito. Leve a guia no dia do exame.").level).toBe("easy");
  });

  it("finds legal prose hard and its long sentence", () => {
    const found = judgeReadability(
      "Informamos que a solicitação supracitada foi indeferida considerando-se a inexistência de " +
        "fundamentação técnica consubstanciada nas diretrizes regulamentares aplicáveis à segmentação contratada.",
    );
    expect(found.level).toBe("hard");
    expect(found.longSentences).toHaveLength(1);
    expect(found.problems.map((problem) => problem.word)).toEqual(["indeferida", "segmentação"]);
  });

  it("says that being under analysis is no answer", () => {
    expect(judgeReadability("Seu pedido está em análise.").problems).toEqual([
      { word: "em análise", reason: "not_an_answer" },
    ]);
  });

  it("does not find jargon inside other words", () => {
    expect(judgeReadability("Você tem a capacidade de decidir.").problems).toEqual([]);
  });
});
