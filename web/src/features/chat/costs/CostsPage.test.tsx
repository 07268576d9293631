import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const LINE = { day: null, number_id: null, category: null, messages: 0, free: 0, unpriced: 0, amounts: [] };
const PRICE = {
  id: "p-1",
  category: "utility",
  currency: "USD",
  micros: 3400,
  source: "Tabela da Meta de 01/10/2026",
  verified_on: "2026-11-01",
  valid_from: "2026-10-01",
  valid_until: null,
};

function withCosts(items: object[], total: object) {
  const api = new FakeApi(Date.now());
  api.answers.set("GET /api/v1/whatsapp/costs", {
    first_day: "2026-11-01",
    last_day: "2026-11-22",
    time_zone: "America/Sao_Paulo",
    items,
    total: { ...LINE, ...total },
  });
  api.answers.set("GET /api/v1/whatsapp/prices", { items: [PRICE], next_cursor: null });
  return api;
}

it("says what has no price instead of counting nought", async () => {
  const api = withCosts(
    [
      {
        ...LINE,
        day: "2026-11-22",
        messages: 1200,
        free: 200,
        amounts: [{ currency: "USD", micros: 3_400_000 }],
      },
      { ...LINE, day: "2026-11-21", messages: 10, unpriced: 10 },
    ],
    { messages: 1210, free: 200, unpriced: 10, amounts: [{ currency: "USD", micros: 3_400_000 }] },
  );
  const { container } = renderAt("/admin/custos?de=2026-11-01&ate=2026-11-22", api);
  const table = await screen.findByRole("table", { name: "Custos por parte" });
  const [, first, second] = within(table).getAllByRole("row");
  expect(first).toHaveTextContent(/22\/11\/2026.*1\.200.*200.*US\$\s3,40/);
  expect(second).toHaveTextContent(/21\/11\/2026.*10.*sem preço/);
  expect(screen.getByText("10 sem preço")).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
});

it("enters a price with its source, as it is typed in Brazil", async () => {
  const api = withCosts([], {});
  api.answers.set("PUT /api/v1/whatsapp/prices/p-1", PRICE);
  renderAt("/admin/custos", api);
  expect(await screen.findByText("Nenhuma mensagem entregue nestes dias")).toBeVisible();
  await user.click(await screen.findByRole("button", { name: /Corrigir Utilidade/ }));
  const dialog = await screen.findByRole("dialog", { name: "Corrigir preço" });
  const typed = within(dialog).getByLabelText("Preço");
  expect(typed).toHaveValue("0,0034");
  const save = within(dialog).getByRole("button", { name: "Salvar" });
  await user.clear(typed);
  await fill(typed, "-1");
  expect(save).toBeDisabled();
  await user.clear(typed);
  await fill(typed, "0,005");
  await user.click(save);
  await waitFor(() =>
    expect(api.asked.find((one) => one.method === "PUT")?.body).toMatchObject({
      micros: 5000,
      source: "Tabela da Meta de 01/10/2026",
      valid_until: null,
    }),
  );
});
