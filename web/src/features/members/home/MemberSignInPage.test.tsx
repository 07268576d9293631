import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { renderAt } from "../../../../test/renderAt";
import { user } from "../../../../test/user";

afterEach(() => localStorage.clear());

async function askForCode(address = "/minha") {
  const rendered = renderAt(address);
  await user.type(await screen.findByLabelText("Número da carteirinha ou CPF"), "529.982.247-25");
  await user.type(screen.getByLabelText("Data de nascimento"), "09031962{Enter}");
  return { ...rendered, code: await screen.findByLabelText("Código") };
}

it("greets by name who types the code that came", async () => {
  const { api, code, container } = await askForCode("/minha?operadora=345678");
  expect(code).toHaveFocus();
  await user.type(code, "482 913{Enter}");
  expect(await screen.findByText("Olá, Iracema")).toBeVisible();
  expect(screen.getByRole("link", { name: "Ligar 192" })).toHaveAttribute("href", "tel:192");
  expect(await brokenRules(container)).toEqual([]);
  expect(api.asked.find((one) => one.path.endsWith("/codes"))?.body).toEqual({
    operator: "345678",
    number: "529.982.247-25",
    birth_date: "1962-03-09",
  });
});

it("keeps what was typed when the code is wrong, and offers another one", async () => {
  const { code } = await askForCode();
  await user.type(code, "111111{Enter}");
  expect(await screen.findByText(/Este código não serve/)).toBeVisible();
  expect(code).toHaveValue("111111");
  expect(screen.getByRole("button", { name: "Mandar outro código" })).toBeEnabled();
});

it("asks for a real date before it asks the server", async () => {
  const { api } = renderAt("/minha/entrar");
  await user.type(await screen.findByLabelText("Número da carteirinha ou CPF"), "12345");
  await user.type(screen.getByLabelText("Data de nascimento"), "31021990{Enter}");
  expect(await screen.findByText("Confira a data. Escreva dia, mês e ano.")).toBeVisible();
  expect(screen.getByLabelText("Data de nascimento")).toHaveFocus();
  expect(api.asked.filter((one) => one.method === "POST")).toEqual([]);
});

it("says when there were too many tries", async () => {
  const { api } = renderAt("/minha/entrar");
  api.failing.set("/api/v1/member-session/codes", 429);
  await user.type(await screen.findByLabelText("Número da carteirinha ou CPF"), "12345");
  await user.type(screen.getByLabelText("Data de nascimento"), "09031962{Enter}");
  expect(await screen.findByText(/Foram muitas tentativas/)).toBeVisible();
});

it("leads out again, and nothing is left to read", async () => {
  const { code, router } = await askForCode();
  await user.type(code, "482913{Enter}");
  await user.click(await screen.findByRole("button", { name: "Sair" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/minha/entrar"));
  expect(screen.queryByText("Olá, Iracema")).toBeNull();
});
