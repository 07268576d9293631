import { expect, it } from "vitest";

import { fillIn, firstName, hasPlaceholder } from "./placeholders";

it("fills in what is known and leaves the rest to be seen", () => {
  const filled = fillIn("Olá, {nome}. Protocolo {protocolo}.", {
    nome: "Ana",
    protocolo: null,
    atendente: "Rui",
  });
  expect(filled).toBe("Olá, Ana. Protocolo {protocolo}.");
  expect(hasPlaceholder(filled)).toBe(true);
  expect(hasPlaceholder("Olá, Ana.")).toBe(false);
});

it("takes the first name without a title", () => {
  expect(firstName("Dra. Helena Prado Vasques")).toBe("Helena");
  expect(firstName(null)).toBeNull();
});
