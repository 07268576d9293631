import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { SESSION } from "../../../../test/fakeData";
import { PROPOSED } from "../../../../test/fakeRules";
import { renderAt } from "../../../../test/renderAt";
import { user } from "../../../../test/user";

const open = async (proposed = PROPOSED) => {
  const api = new FakeApi();
  api.proposed = proposed;
  const opened = renderAt("/admin/regras/authority?versao=rules-2", api);
  await screen.findByRole("heading", { name: "Versão 2" });
  return { ...opened, api };
};

describe("decision tables", () => {
  it("says what a proposed version changes and what the check found, with the smallest example", async () => {
    const { container } = await open();
    const changed = await screen.findByRole("table", { name: "Regra 5" });
    expect(within(changed).getByText('"Novo"')).toBeVisible();
    expect(await brokenRules(container)).toEqual([]);
    await user.click(screen.getByRole("tab", { name: "Conferência" }));
    expect(await screen.findByText('Menor exemplo: Ato = "route", Papel = "system"')).toBeVisible();
  });

  it("is put in force by a second person", async () => {
    const { api } = await open();
    await user.click(screen.getByRole("button", { name: "Ativar" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Ativar" }));
    expect(api.asked.some(({ path }) => path.endsWith("/rules-2/activate"))).toBe(true);
  });

  it("is not put in force by who proposed it", async () => {
    const me = SESSION.principal.id;
    await open({ ...PROPOSED, author: me });
    expect(screen.getByText(/outra pessoa a ativa/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Ativar" })).toBeNull();
  });
});
