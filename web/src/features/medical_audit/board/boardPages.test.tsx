import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import type { ListedBoard } from "@/client/types/boards";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const BOARD: ListedBoard = {
  board: {
    board_id: "b-1",
    request_id: "r-1",
    case_id: "case-104",
    member_id: "m-1",
    state: "BOARD_TIEBREAKER",
    opened_at: "2026-11-16T12:00:00Z",
    must_end_by: "2026-12-10T02:59:59Z",
    waits_for: "tiebreaker",
    due_at: "2026-11-20T02:59:59Z",
    late: true,
    tiebreaker: {
      name: "Ana Desempate",
      council: "CRM",
      uf: "SP",
      number: "900300",
      specialty: "Cirurgia da coluna",
    },
    conclusion: null,
  },
  case_number: "2026-000104",
  member: { id: "m-1", initials: "SLD", card_end: "4104" },
  tuss: "30715016",
  procedure: "Artrodese da coluna",
};

it("lists every board with whom it waits for, and narrows by the address", async () => {
  const api = new FakeApi();
  api.answers.set("GET /api/v1/boards", { items: [BOARD], next_cursor: null });
  const { router, container } = renderAt("/cockpit/juntas?espera=tiebreaker", api);
  const list = within(await screen.findByRole("list", { name: "Juntas médicas" }));
  expect(list.getByRole("link", { name: "Artrodese da coluna" })).toHaveAttribute(
    "href",
    "/cockpit/casos/case-104",
  );
  expect(list.getByText("parecer do desempatador")).toBeVisible();
  expect(list.getByText("prazo vencido")).toBeVisible();
  expect(list.getByText("Desempate: Ana Desempate, CRM-SP 900300")).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
  api.answers.set("GET /api/v1/boards", { items: [], next_cursor: null });
  await user.click(screen.getByRole("switch", { name: "Só com prazo vencido" }));
  expect(router.state.location.search).toBe("?espera=tiebreaker&vencidas=1");
  await user.click(await screen.findByRole("button", { name: "Limpar filtros" }));
  expect(router.state.location.search).toBe("");
});

it("keeps the register: search, a checked import, and an end", async () => {
  const api = new FakeApi();
  renderAt("/admin/desempatadores", api);
  await fill(await screen.findByLabelText("Nome, CRM, cidade ou especialidade"), "cardiologia");
  const list = within(screen.getByRole("list", { name: "Desempatadores" }));
  expect(list.getAllByRole("listitem")).toHaveLength(1);

  const report = { dry_run: true, lines: 2, created: 1, updated: 0, unchanged: 1, problems: [] };
  const problem = { line: 3, column: "uf", code: "state_unknown", problem: "Esta UF não existe." };
  api.answers.set("POST /api/v1/imports/tiebreakers", { ...report, problems: [problem] });
  await user.click(screen.getByRole("button", { name: "Importar tabela" }));
  const dialog = within(await screen.findByRole("dialog"));
  const chosen = dialog.getByLabelText("Escolher arquivo CSV", { selector: "input" });
  await user.upload(chosen, new File(["name"], "lista.csv", { type: "text/csv" }));
  expect(await dialog.findByText(/linha 3, uf: Esta UF não existe/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Gravar" })).toBeDisabled();
  api.answers.set("POST /api/v1/imports/tiebreakers", report);
  await user.upload(chosen, new File(["name"], "lista.csv", { type: "text/csv" }));
  expect(await dialog.findByText(/2 linhas conferidas: 1 entram/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Gravar" }));
  expect(await screen.findByText("Cadastro atualizado.")).toBeVisible();

  api.answers.set("POST /api/v1/tiebreakers/t-4/end", {});
  await user.click(await list.findByRole("button", { name: "Encerrar Elza Desempate" }));
  const asked = within(await screen.findByRole("dialog", { name: /Encerrar Elza Desempate/ }));
  await user.click(asked.getByRole("button", { name: "Encerrar" }));
  expect(await screen.findByText("Encerrado no cadastro.")).toBeVisible();
  expect(api.asked.some(({ path }) => path === "/api/v1/tiebreakers/t-4/end")).toBe(true);
});
