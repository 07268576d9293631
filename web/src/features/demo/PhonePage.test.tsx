import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../test/axe";
import { FakeApi } from "../../../test/fakeApi";
import { renderAt } from "../../../test/renderAt";
import { user } from "../../../test/user";

it("writes as a member and shows the message with its tick", async () => {
  const { api, container } = renderAt("/demo/telefone");
  await user.type(await screen.findByLabelText("Mensagem"), "bom dia{Enter}");
  expect(api.asked.find((ask) => ask.path.endsWith("/text"))?.body).toEqual({ text: "bom dia" });
  const log = within(screen.getByRole("log"));
  expect(await log.findByText("bom dia", {}, { timeout: 4000 })).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
});

it("taps a button of a message", async () => {
  const { api } = renderAt("/demo/telefone");
  await user.click(await screen.findByRole("button", { name: "Pode ler" }));
  await waitFor(() =>
    expect(api.asked.find((ask) => ask.path.endsWith("/button"))?.body).toEqual({
      message_id: "w2",
      button_id: "yes",
    }),
  );
});

it("sends a prepared paper as a photo", async () => {
  const { api } = renderAt("/demo/telefone");
  await user.click(await screen.findByRole("button", { name: "Anexar" }));
  await user.click(await screen.findByRole("menuitem", { name: /Pedido de ressonância/ }));
  await waitFor(() => expect(api.asked.some((ask) => ask.path.endsWith("/image"))).toBe(true));
});

it("needs no account", async () => {
  const api = new FakeApi(Date.now());
  api.signedIn = false;
  renderAt("/demo/telefone", api);
  expect(await screen.findByRole("heading", { name: "Telefone de demonstração" })).toBeVisible();
});
