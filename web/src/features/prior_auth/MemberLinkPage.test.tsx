import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../test/axe";
import { renderAt } from "../../../test/renderAt";
import { user } from "../../../test/user";

it("shows nothing before the birth date agrees", async () => {
  const { api, container } = renderAt("/m/token-1");
  await user.type(await screen.findByLabelText("Data de nascimento"), "01011990{Enter}");
  expect(await screen.findByText("A data não confere. Confira e tente de novo.")).toBeVisible();
  expect(screen.queryByText(/guia/i)).toBeNull();
  expect(await brokenRules(container)).toEqual([]);
  expect(api.asked.at(-1)?.body).toEqual({ birth_date: "1990-01-01" });
});

it("shows procedure, guide, password and validity to the right person", async () => {
  renderAt("/m/token-1");
  await user.type(await screen.findByLabelText("Data de nascimento"), "09031980{Enter}");
  expect(await screen.findByText("RM articular (joelho direito)")).toBeVisible();
  expect(screen.getByText("345678260000412")).toBeVisible();
  expect(screen.getByText("A7K2-98QX")).toBeVisible();
  expect(screen.getByText("18/12/2026")).toBeVisible();
});

it("asks for a real date before it costs a try", async () => {
  const { api } = renderAt("/m/token-1");
  await user.type(await screen.findByLabelText("Data de nascimento"), "31021990{Enter}");
  expect(await screen.findByText("Confira a data. Escreva dia, mês e ano.")).toBeVisible();
  expect(api.asked.filter((ask) => ask.method === "POST")).toEqual([]);
});
