import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../test/axe";
import { renderAt } from "../../../test/renderAt";
import { user } from "../../../test/user";

it("shows what was written, how long is left, and whether the guidance arrived", async () => {
  const { container } = renderAt("/atendimento/alertas");
  expect(await screen.findByText("tô com um aperto no peito e suando frio, preciso de guia?")).toBeVisible();
  expect(screen.getByText("orientação não chegou: ligue")).toBeVisible();
  expect(screen.getByText(/atrasado 01:3/)).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
});

it("lets a nurse take an alert, which leaves the open ones", async () => {
  renderAt("/atendimento/alertas");
  const [take] = await screen.findAllByRole("button", { name: "Assumir" });
  await user.click(take!);
  await waitFor(() => expect(screen.getAllByRole("button", { name: "Assumir" })).toHaveLength(2));
});
