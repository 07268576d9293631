import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const rows = async () => (await screen.findAllByRole("row")).slice(1);

describe("queue", () => {
  it("shows urgency as number and word, the legal time left, and why a person is needed", async () => {
    const { container } = renderAt("/cockpit/fila");
    await screen.findByText("2026-000108");
    const [first] = await rows();
    const line = within(first!);
    expect(line.getByText("1")).toBeVisible();
    expect(line.getByText("Emergência")).toBeVisible();
    expect(line.getByText("vencido há 1 h")).toBeVisible();
    expect(line.getByText("urgência")).toBeVisible();
    expect(await brokenRules(container)).toEqual([]);
  });

  it("moves with J and K, assigns with A and opens with Enter", async () => {
    const { api, router } = renderAt("/cockpit/fila");
    await screen.findByText("2026-000108");
    await user.keyboard("jjk");
    await user.keyboard("a");
    await waitFor(() =>
      expect(api.detail("case-108").case.assigned_to?.name).toBe("Dra. Helena Prado Vasques"),
    );
    expect(await screen.findByText("Caso atribuído a você.")).toBeVisible();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/cockpit/casos/case-108"));
  });

  it("peeks with Space and closes with Escape", async () => {
    renderAt("/cockpit/fila");
    await screen.findByText("2026-000108");
    await user.keyboard("j ");
    const peek = await screen.findByRole("complementary", { name: "Resumo do caso 2026-000108" });
    expect(await within(peek).findByText(/Há dados a conferir neste pedido/)).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("complementary")).toBeNull();
  });

  it("selects with X and assigns all that are selected", async () => {
    const { api } = renderAt("/cockpit/fila");
    await screen.findByText("2026-000108");
    await user.keyboard("jxjx");
    expect(screen.getByText("2 casos selecionados")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Atribuir a mim" }));
    await waitFor(() => expect(api.detail("case-124").case.version).toBe(4));
    expect(api.detail("case-108").case.version).toBe(4);
  });

  it("keeps view and filters in the address", async () => {
    const { router } = renderAt("/cockpit/fila?view=manual");
    await screen.findByText("2026-000118");
    expect(await rows()).toHaveLength(1);
    await user.click(screen.getByRole("tab", { name: /Todos/ }));
    await fill(screen.getByLabelText("Buscar na fila"), "000104");
    await waitFor(() => expect(router.state.location.search).toBe("?q=000104"));
    await user.click(await screen.findByRole("button", { name: "Remover filtro “000104”" }));
    await waitFor(() => expect(router.state.location.search).toBe(""));
  });

  it("says what will appear when nothing waits", async () => {
    const api = new FakeApi(Date.now());
    renderAt("/cockpit/fila?q=nada", api);
    expect(await screen.findByText("Nenhum caso com estes filtros")).toBeVisible();
  });

  it("says what to do when the queue cannot be loaded", async () => {
    const api = new FakeApi(Date.now());
    api.failing.set("/api/v1/cases", 503);
    renderAt("/cockpit/fila", api);
    expect(await screen.findByText("Não foi possível carregar")).toBeVisible();
    api.failing.clear();
    await user.click(screen.getByRole("button", { name: "Tentar de novo" }));
    expect(await screen.findByText("2026-000108")).toBeVisible();
  });

  it("reaches a case by number from the command palette", async () => {
    const { router } = renderAt("/atendimento/alertas");
    await screen.findByRole("heading", { name: "Alertas" });
    await user.keyboard("{Control>}k{/Control}");
    await fill(await screen.findByRole("combobox"), "000116");
    await screen.findByRole("option", { name: /2026-000116/ });
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/cockpit/casos/case-116"));
  });

  it("shows its keys on ?", async () => {
    renderAt("/cockpit/fila");
    await screen.findByText("2026-000108");
    await user.keyboard("?");
    expect(within(await screen.findByRole("dialog")).getByText("Atribuir a mim")).toBeVisible();
  });
});
