import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { FakeApi } from "../../../../test/fakeApi";
import { SESSION } from "../../../../test/fakeData";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const ORDER = "0001234-03.2026.8.26.0100";

/** Case 104 with an answer that may be looked at again. */
async function openAnswered(may: string[]) {
  const api = new FakeApi(Date.now());
  const { request } = api.detail("case-104");
  const place = `/api/v1/authorizations/${request.request_id}`;
  const written = "Meu médico mandou outro relatório.";
  const review = { kind: "reanalysis", at: "2026-11-18T14:00:00Z", by: "member:m-1", written };
  api.answers.set(`GET ${place}/reviews`, { reviews: [review], may, version: 7 });
  renderAt("/cockpit/casos/case-104", api);
  await screen.findByRole("heading", { name: "Depois da resposta" });
  return {
    api,
    place,
    bodyOf: (act: string) => api.asked.find((one) => one.path === `${place}/${act}`)?.body,
  };
}

it("shows the words of who asked again, and offers what may be", async () => {
  await openAnswered(["complain"]);
  expect(screen.getByText("Meu médico mandou outro relatório.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Registrar NIP" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Pedir nova análise" })).toBeNull();
});

it("asks for a reanalysis without demanding a reason", async () => {
  const { api, place, bodyOf } = await openAnswered(["reanalyse"]);
  api.answers.set(`POST ${place}/reanalysis`, {});
  await user.click(screen.getByRole("button", { name: "Pedir nova análise" }));
  const dialog = await screen.findByRole("dialog", { name: "Pedir nova análise?" });
  expect(within(dialog).getByText(/7 dias úteis/)).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Pedir nova análise" }));
  await waitFor(() => expect(bodyOf("reanalysis")).toEqual({ reason: null, expected_version: 7 }));
});

it("obeys a court only with a right number and a read order", async () => {
  const { api, place, bodyOf } = await openAnswered(["obey"]);
  api.answers.set(`POST ${place}/court-order`, {});
  await user.click(screen.getByRole("button", { name: "Registrar ordem judicial" }));
  const dialog = await screen.findByRole("dialog", { name: "Cumprir a ordem judicial?" });
  const press = within(dialog).getByRole("button", { name: "Aprovar por ordem judicial" });
  await fill(within(dialog).getByLabelText("Número do processo"), ORDER.replace("-03", "-56"));
  await user.click(within(dialog).getByRole("checkbox"));
  expect(press).toBeDisabled();
  await user.clear(within(dialog).getByLabelText("Número do processo"));
  await fill(within(dialog).getByLabelText("Número do processo"), ORDER);
  await user.click(press);
  await waitFor(() => expect(bodyOf("court-order")).toEqual({ court_case: ORDER, expected_version: 7 }));
});

it("lets a provider go on from its guide once the card was shown", async () => {
  const api = new FakeApi(Date.now());
  api.answers.set("GET /api/v1/auth/me", {
    ...SESSION,
    principal: { ...SESSION.principal, roles: ["provider_clerk"], provider_id: "prov-1" },
    may: ["member:confirm", "authorization:read"],
  });
  const { request } = api.detail("case-104");
  const place = `/api/v1/authorizations/${request.request_id}`;
  api.answers.set(`GET /api/v1/desk/requests/${request.request_id}`, {
    request: { ...request, state: "ISSUED", answer_by: null, history: [], documents: [] },
    person: { shown_name: "Severino D. L.", card_end: "4104" },
    due_on: "2026-12-01",
    text: "O seu pedido foi aprovado.",
    may: [],
    letter: false,
  });
  api.answers.set(`GET ${place}/reviews`, { reviews: [], may: ["extend"], version: 5 });
  api.answers.set("POST /api/v1/members/confirm", {
    member_id: request.member_id,
    shown_name: "Severino D. L.",
    card_end: "4104",
  });
  api.answers.set(`POST ${place}/extend`, {
    request_id: "r-9",
    protocol: "1".repeat(20),
    due_at: request.due_at,
  });
  renderAt(`/prestador/pedidos/${request.request_id}`, api);
  await user.click(await screen.findByRole("button", { name: "Pedir prorrogação" }));
  const dialog = await screen.findByRole("dialog", { name: "Pedir prorrogação" });
  const send = within(dialog).getByRole("button", { name: "Enviar prorrogação" });
  expect(send).toBeDisabled();
  await fill(within(dialog).getByLabelText("Número da carteirinha ou CPF"), "00345678124104");
  await fill(within(dialog).getByLabelText("Data de nascimento"), "09031980");
  await user.click(within(dialog).getByRole("button", { name: "Conferir" }));
  await waitFor(() => expect(send).toBeEnabled());
  await user.click(send);
  await waitFor(() => {
    const sent = api.asked.find((one) => one.path === `${place}/extend`)?.body as { items: object[] };
    expect(sent.items).toMatchObject([{ tuss: "41101316", quantity: 1, laterality: "right" }]);
  });
});
