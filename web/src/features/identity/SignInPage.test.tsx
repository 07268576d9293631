import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { brokenRules } from "../../../test/axe";
import { FakeApi } from "../../../test/fakeApi";
import { renderAt } from "../../../test/renderAt";
import { fill, user } from "../../../test/user";

function signedOut(): FakeApi {
  const api = new FakeApi(Date.now());
  api.signedIn = false;
  return api;
}

describe("sign-in", () => {
  it("leads back to where the person wanted to go", async () => {
    const { router } = renderAt("/atendimento/alertas?estado=all", signedOut());
    await fill(await screen.findByLabelText("E-mail"), "helena@demo.austa.example");
    await fill(screen.getByLabelText("Senha"), "demo");
    await user.click(screen.getByRole("button", { name: "Entrar" }));
    expect(await screen.findByRole("heading", { name: "Alertas" })).toBeVisible();
    expect(router.state.location.search).toBe("?estado=all");
  });

  it("says in plain words that the password is wrong, with a code to quote", async () => {
    renderAt("/entrar", signedOut());
    await fill(await screen.findByLabelText("E-mail"), "helena@demo.austa.example");
    await fill(screen.getByLabelText("Senha"), "errada");
    await user.click(screen.getByRole("button", { name: "Entrar" }));
    expect(await screen.findByText(/E-mail ou senha não conferem/)).toBeVisible();
    expect(screen.getByText(/identity\.sign_in_refused/)).toBeVisible();
  });

  it("asks for what is missing before it asks the server", async () => {
    const { api } = renderAt("/entrar", signedOut());
    await user.click(await screen.findByRole("button", { name: "Entrar" }));
    expect(screen.getByText("Digite seu e-mail de trabalho.")).toBeVisible();
    expect(api.asked.some((ask) => ask.path.endsWith("/login"))).toBe(false);
  });

  it("never leads to another site", async () => {
    const { router } = renderAt("/entrar?next=//evil.example", signedOut());
    await fill(await screen.findByLabelText("E-mail"), "helena@demo.austa.example");
    await user.type(screen.getByLabelText("Senha"), "demo{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/cockpit/fila"));
  });

  it("offers the demonstration's accounts only where there is a demonstration", async () => {
    const api = signedOut();
    api.demo = false;
    const { container } = renderAt("/entrar", api);
    await screen.findByLabelText("E-mail");
    expect(screen.queryByText("Contas da demonstração")).toBeNull();
    expect(await brokenRules(container)).toEqual([]);
  });
});

describe("the end of a session", () => {
  it("asks for the password where the person is", async () => {
    const { api } = renderAt("/atendimento/alertas");
    const take = (await screen.findAllByRole("button", { name: "Assumir" }))[0]!;
    api.signedIn = false;
    await user.click(take);
    expect(await screen.findByRole("dialog", { name: "Sua sessão terminou" })).toBeVisible();
    await user.type(screen.getByLabelText("Senha"), "demo{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByRole("heading", { name: "Alertas" })).toBeVisible();
  });
});
