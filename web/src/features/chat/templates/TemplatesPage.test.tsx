import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const PLACE = "/api/v1/whatsapp/templates";
const ONE = {
  id: "t-1",
  purpose: "authorization_decided",
  version: 2,
  name: "austa_authorization_decided_v2",
  language: "pt_BR",
  category: "utility",
  content: {
    header: null,
    body: "Há uma resposta.\nVeja aqui: {{1}}\nProtocolo: {{2}}.",
    footer: null,
    buttons: [],
    values: [
      { kind: "link", example: "https://plano.example/m/abc" },
      { kind: "protocol", example: "345678" },
    ],
  },
  state: "proposed",
  is_product: true,
  author: null,
  faults: [],
  meta_status: "REJECTED",
  meta_category: null,
  meta_reason: "TAG_CONTENT_MISMATCH",
  quality: "UNKNOWN",
  is_sent: false,
  fallback_id: null,
  steps: [],
};

function withTemplates(items: object[]) {
  const api = new FakeApi(Date.now());
  api.answers.set(`GET ${PLACE}`, { items, next_cursor: null });
  return api;
}

it("says in plain words what Meta said, and releases what AUSTA wrote", async () => {
  const api = withTemplates([ONE]);
  api.answers.set(`PUT ${PLACE}/t-1/release`, { ...ONE, state: "released" });
  const { container } = renderAt("/admin/modelos", api);
  expect(await screen.findByText("Há uma resposta para o pedido")).toBeVisible();
  expect(screen.getByText(/o texto não combina com a categoria/)).toBeVisible();
  expect(screen.getByText(/Protocolo: 345678\./)).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Aprovar e enviar à Meta" }));
  await waitFor(() => expect(api.asked.some((one) => one.path === `${PLACE}/t-1/release`)).toBe(true));
});

it("checks a wording while it is written, and names what must not be there", async () => {
  const api = withTemplates([]);
  api.answers.set(`PUT ${PLACE}/lint`, {
    items: [{ code: "procedure", part: "body", words: "biópsia" }],
    next_cursor: null,
  });
  renderAt("/admin/modelos", api);
  await user.click(await screen.findByRole("button", { name: "Novo modelo" }));
  const dialog = await screen.findByRole("dialog", { name: "Novo modelo" });
  await fill(within(dialog).getByLabelText("Finalidade"), "aviso_de_exame");
  await fill(within(dialog).getByLabelText("Texto"), "Sua biópsia, pedido ");
  await user.click(within(dialog).getByRole("button", { name: "+ protocolo" }));
  expect(within(dialog).getByLabelText("Texto")).toHaveValue("Sua biópsia, pedido {{1}}");
  expect(await within(dialog).findByText(/Cita um procedimento.*biópsia/)).toBeVisible();
  expect(within(dialog).getByText("Sua biópsia, pedido 34567820261122000108")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Salvar rascunho" }));
  await waitFor(() =>
    expect(api.asked.find((one) => one.method === "PUT" && !one.path.endsWith("/lint"))?.body).toMatchObject({
      purpose: "aviso_de_exame",
      category: "utility",
    }),
  );
});
