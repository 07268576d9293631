import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

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

it("saves the letter for the person who confirmed", async () => {
  const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
  URL.createObjectURL = () => "blob:letter";
  URL.revokeObjectURL = () => undefined;
  const { api } = renderAt("/m/token-1");
  await user.type(await screen.findByLabelText("Data de nascimento"), "09031980{Enter}");
  await user.click(await screen.findByRole("button", { name: "Baixar a carta em PDF" }));
  await waitFor(() => expect(saved).toHaveBeenCalledOnce());
  const letter = api.asked.at(-1);
  expect(letter?.path).toBe("/api/v1/links/token-1/letter");
  expect(letter?.body).toEqual({ birth_date: "1980-03-09" });
});

it("says so when the letter does not come", async () => {
  const { api } = renderAt("/m/token-1");
  await user.type(await screen.findByLabelText("Data de nascimento"), "09031980{Enter}");
  api.failing.set("/api/v1/links/token-1/letter", 503);
  await user.click(await screen.findByRole("button", { name: "Baixar a carta em PDF" }));
  expect(await screen.findByText("A carta não abriu. Tente de novo daqui a pouco.")).toBeVisible();
});
