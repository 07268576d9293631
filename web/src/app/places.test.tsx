import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { brokenRules } from "../../test/axe";
import { FakeApi } from "../../test/fakeApi";
import { SESSION } from "../../test/fakeData";
import { renderAt } from "../../test/renderAt";

/** A person to whom the server grants just that. */
function personWho(...may: string[]): FakeApi {
  const api = new FakeApi();
  api.answers.set("GET /api/v1/auth/me", {
    ...SESSION,
    principal: { ...SESSION.principal, name: "Ana Ouvidora", roles: ["ombudsman"] },
    may,
  });
  return api;
}

const rail = () => within(screen.getAllByRole("navigation", { name: "Navegação principal" })[0]!);

describe("places", () => {
  it("shows in the rail what the server lets this person do, and nothing else", async () => {
    const api = personWho("calendar:read", "rules:read");
    api.demo = false;
    renderAt("/admin/calendario", api);
    await screen.findByRole("link", { name: "Calendário" });
    const names = rail()
      .getAllByRole("link")
      .map((link) => link.getAttribute("aria-label") ?? link.textContent);
    expect(names).toEqual(["Regras", "Cobertura", "Calendário"]);
  });

  it("begins the day at the first of them", async () => {
    const { router } = renderAt("/", personWho("calendar:read"));
    await screen.findByRole("link", { name: "Calendário" });
    expect(router.state.location.pathname).toBe("/admin/calendario");
  });

  it.each(["/cockpit/fila", "/cockpit/casos/case-104", "/admin/pessoas", "/prestador/novo"])(
    "refuses %s when it is typed, asks the server for nothing there, and leads on",
    async (address) => {
      const { api, container } = renderAt(address, personWho("calendar:read"));
      expect(await screen.findByRole("heading", { name: "Esta página não é da sua função" })).toBeVisible();
      expect(screen.getByText(/Você entrou como Ana Ouvidora \(Ouvidoria\)/)).toBeVisible();
      expect(screen.getByRole("link", { name: "Ir para Calendário" })).toBeVisible();
      expect(api.asked.map(({ path }) => path).filter((path) => /cases|staff|desk/.test(path))).toEqual([]);
      if (address === "/admin/pessoas") expect(await brokenRules(container)).toEqual([]);
    },
  );
});
