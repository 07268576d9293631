import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { FakeApi } from "../../test/fakeApi";
import { renderAt } from "../../test/renderAt";
import { fill, user } from "../../test/user";

const YEAR = new Date().getFullYear();
const FEAST = { day: "25/01", name: "Aniversário da cidade", law: "Lei municipal 7.008/1967" };

const sent = (api: FakeApi, path: string) =>
  api.asked.find((one) => one.method === "POST" && one.path === path)?.body;

it("adds and removes an own holiday with a reason, and says what becomes of open terms", async () => {
  const api = new FakeApi();
  api.answers.set("GET /api/v1/calendar", {
    calendar_id: "BR-SP/2026.11+1",
    year: YEAR,
    state: "SP",
    left_out: "",
    days: [{ day: `${YEAR}-09-07`, name: "Independência do Brasil", law: "Lei 662/1949", scope: "national" }],
    own: [FEAST],
    revisions: [],
    open_terms: 12,
  });
  api.answers.set("POST /api/v1/calendar", {});
  renderAt("/admin/calendario", api);
  await user.click(await screen.findByRole("button", { name: "Tirar Aniversário da cidade" }));
  const dialog = await screen.findByRole("dialog", { name: /Tirar Aniversário da cidade/ });
  expect(within(dialog).getByText(/Os 12 pedidos abertos agora mantêm o prazo/)).toBeVisible();
  const save = within(dialog).getByRole("button", { name: "Salvar" });
  expect(save).toBeDisabled();
  await fill(within(dialog).getByLabelText("Motivo da mudança"), "Revogado pela Lei 9");
  await user.click(save);
  await waitFor(() =>
    expect(sent(api, "/api/v1/calendar")).toEqual({
      seen: "BR-SP/2026.11+1",
      state: "SP",
      add: [],
      remove: [FEAST],
      reason: "Revogado pela Lei 9",
    }),
  );
});

it("says of each covered item where it was not verified, and what changed beside another pack", async () => {
  const item = (changes: object) => ({
    description: "RM de joelho",
    service_class: "other_outpatient",
    source: { clause: "RN 465/2021", confidence: "high", verified_on: null },
    ...changes,
  });
  const pack = (items: object) => ({ items });
  const api = new FakeApi();
  const version = (name: string, status: string) => ({
    version_id: name,
    number: 1,
    name,
    digest: name,
    items: 1,
    status,
    author: "p-9",
    created_at: "2026-11-01T10:00:00Z",
    in_force_from: null,
    in_force_until: null,
  });
  api.answers.set("GET /api/v1/coverage", { items: [version("novo", "proposed")], next_cursor: null });
  api.answers.set("GET /api/v1/coverage/in-force", {
    name: "demo",
    digest: "demo",
    items: 1,
    own: false,
    about: "Não é o texto da norma.",
  });
  api.answers.set("GET /api/v1/coverage/demo/source", pack({ "41101316": item({}) }));
  api.answers.set("GET /api/v1/coverage/novo/source", pack({ "41101316": item({ max_quantity: 2 }) }));
  renderAt("/admin/cobertura", api);
  expect(await screen.findByText("fonte não conferida")).toBeVisible();
  expect(screen.getByText(/vale o de demonstração/)).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Comparar com" }));
  await user.click(await screen.findByRole("option", { name: "novo" }));
  expect(await screen.findByText("max_quantity: de 2 para —")).toBeVisible();
});

it("invites and puts out a clerk of a provider", async () => {
  const api = new FakeApi();
  const provider = { id: "prov-1", name: "Hospital Santa Rita", city: "Santos", state: "SP", cnpj: null };
  api.answers.set("GET /api/v1/providers/search", { items: [provider], next_cursor: null });
  const clerk = {
    id: "c-1",
    name: "Ivone Reis",
    email: "ivone@hospital.example",
    roles: ["provider_clerk"],
    council: null,
    active: true,
    provider_id: "prov-1",
  };
  api.answers.set("GET /api/v1/staff", { items: [clerk], next_cursor: null });
  api.answers.set("POST /api/v1/staff/c-1/deactivate", {});
  api.answers.set("POST /api/v1/providers/prov-1/clerks", clerk);
  renderAt("/admin/prestadores", api);
  await fill(await screen.findByLabelText("Prestador"), "Santa");
  await user.click(await screen.findByRole("option", { name: /Hospital Santa Rita/ }));
  await user.click(await screen.findByRole("button", { name: "Tirar o acesso de Ivone Reis" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Tirar acesso" }));
  await waitFor(() => expect(api.asked.some((one) => one.path.endsWith("/c-1/deactivate"))).toBe(true));
});

it("leads from a signal to the request it names, and keeps a person's word on it with its reason", async () => {
  const api = new FakeApi(Date.now());
  const one = api.detail("case-104");
  one.allowed_actions = [...one.allowed_actions, "signal:read"];
  const place = `/api/v1/authorizations/${one.request.request_id}/signals/R02/verdict`;
  api.answers.set(`POST ${place}`, {});
  renderAt("/cockpit/casos/case-104", api);
  await user.click(await screen.findByRole("button", { name: "Ver sinais" }));
  const other = await screen.findByRole("link", { name: "Abrir o outro pedido" });
  expect(other).toHaveAttribute("href", "/cockpit/pedidos/r-9");
  await user.click(await screen.findByRole("button", { name: "Dizer se confere (R02)" }));
  await user.click(screen.getByRole("radio", { name: "Não confere" }));
  await fill(screen.getByLabelText("O que você viu"), "Era retorno.");
  await user.click(screen.getByRole("button", { name: "Salvar" }));
  await waitFor(() => expect(sent(api, place)).toEqual({ verdict: "not_confirmed", reason: "Era retorno." }));
});

it("shows a member's messages on a press, and the contract as it was known at a moment", async () => {
  const api = new FakeApi();
  api.answers.set("GET /api/v1/members/m-1", {
    id: "m-1",
    name: "Severino Lopes",
    birth_date: "1980-03-09",
    card_number: "0034",
    plan_name: "Essencial",
    contract_started_on: "2023-01-01",
    sex: "M",
    card_end: "4104",
    relation: "holder",
    holder_id: null,
    guardian_id: null,
    contract_id: "k-1",
    phones: [],
    emails: [],
  });
  const word = (status: string, known_from: string, known_until: string | null) => ({
    aspect: "status",
    valid_from: "2023-01-01",
    valid_until: null,
    known_from,
    known_until,
    content: { status },
  });
  api.answers.set("GET /api/v1/members/m-1/history", {
    items: [
      word("suspended", "2024-05-01T12:00:00Z", null),
      word("active", "2023-01-01T12:00:00Z", "2024-05-01T12:00:00Z"),
    ],
    next_cursor: null,
  });
  api.answers.set("GET /api/v1/authorizations", { items: [], next_cursor: null });
  renderAt("/atendimento/beneficiarios/m-1", api);
  api.answers.set("GET /api/v1/conversations", {
    items: [
      {
        id: "c-1",
        identity_kind: "wa_id",
        handed_over: false,
        messages: [
          {
            id: "w-1",
            direction: "in",
            kind: "text",
            text: "Preciso de uma ressonância",
            document_id: null,
            author: null,
            status: "received",
            sent_at: "2026-11-20T12:00:00Z",
            urgency: null,
          },
        ],
      },
    ],
    next_cursor: null,
  });
  const looks = () => api.asked.filter(({ path }) => path === "/api/v1/conversations").length;
  await user.click(await screen.findByRole("button", { name: "Mostrar as mensagens" }));
  const conversation = within(await screen.findByRole("region", { name: "Conversa" }));
  expect(conversation.getByText("Preciso de uma ressonância")).toBeVisible();
  expect(looks()).toBe(1);
  await user.click(screen.getByRole("button", { name: "Esconder as mensagens" }));
  expect(screen.queryByText("Preciso de uma ressonância")).toBeNull();
  const held = await screen.findByRole("list", { name: "O que valia" });
  expect(within(held).getByText("situação: suspenso")).toBeVisible();
  const known = screen.getByLabelText("Como se sabia em");
  await user.type(known, "2024-01-01T00:00");
  await waitFor(() =>
    expect(
      within(screen.getByRole("list", { name: "O que valia" })).getByText("situação: ativo"),
    ).toBeVisible(),
  );
});

it("finds a request in the palette by its whole protocol or guide, and by no part of one", async () => {
  const api = new FakeApi();
  const line = {
    request_id: "r-1",
    member_id: "m-1",
    protocol: "34567820261120000015",
    kind: "care",
    state: "ISSUED",
    character: "elective",
    first_tuss: "40304361",
    item_count: 1,
    received_at: "2026-11-20T12:00:00Z",
    due_at: "2026-11-27T12:00:00Z",
    due_on: "2026-11-27",
  };
  api.answers.set("GET /api/v1/authorizations", { items: [line], next_cursor: null });
  const { router } = renderAt("/admin/pessoas", api);
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("{Control>}k{/Control}");
  const query = await screen.findByRole("combobox");
  await fill(query, "3456782026112000001");
  expect(screen.queryByRole("option", { name: /Protocolo/ })).toBeNull();
  await user.clear(query);
  await fill(query, "345678 20261120 000015");
  await user.click(await screen.findByRole("option", { name: /Protocolo 34567820261120000015/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/cockpit/pedidos/r-1"));
});
