import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { renderAt } from "../../../../test/renderAt";
import { user } from "../../../../test/user";

it("goes down the norm's ladder with what was tried, and keeps it in the history", async () => {
  const { container } = renderAt("/atendimento/vagas");
  await user.click(await screen.findByRole("button", { name: /fonoaudiologia/ }));
  expect(await screen.findByText("Liguei em três clínicas.")).toBeVisible();
  expect(screen.getByRole("link", { name: "+5511900000001" })).toBeVisible();
  const next = screen.getByRole("button", { name: "Ir para este passo: Fora da rede" });
  expect(next).toBeDisabled();
  await user.type(screen.getByLabelText("O que foi tentado"), "Nada na rede.");
  await user.click(next);
  await waitFor(() => expect(screen.queryByRole("button", { name: /passo: Município vizinho/ })).toBeNull());
  expect(screen.getByText("Nada na rede.")).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
});
