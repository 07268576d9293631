import { expect, it } from "vitest";

import { splitMarks } from "./marks";

it("reads bold and italic as WhatsApp does", () => {
  expect(splitMarks("Leve a *guia* e a _senha_.")).toEqual([
    { text: "Leve a ", style: "plain" },
    { text: "guia", style: "bold" },
    { text: " e a ", style: "plain" },
    { text: "senha", style: "italic" },
    { text: ".", style: "plain" },
  ]);
});

it("leaves stars inside words and lone stars alone", () => {
  expect(splitMarks("2*3*4 e * solto")).toEqual([{ text: "2*3*4 e * solto", style: "plain" }]);
});
