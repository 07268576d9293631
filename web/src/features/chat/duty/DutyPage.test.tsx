import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";
import { toE164 } from "./week";

const PAGE = "/atendimento/plantao";

it("shows who is on duty now, when nobody is, and what AUSTA itself cannot do", async () => {
  const { container } = renderAt(PAGE);
  const now = await screen.findByRole("list", { name: "De plantão agora" });
  expect(within(now).getByText("Enf. Marta Reis")).toBeVisible();
  expect(within(now).getByText("Sem ninguém na semana: domingo 07:00 até domingo 19:00")).toBeVisible();
  expect(screen.getByText(/A AUSTA não faz ligações/)).toBeVisible();
  expect(await brokenRules(container)).toEqual([]);
});

it("puts somebody on call on two weekdays, with a telephone", async () => {
  const { api } = renderAt(PAGE);
  await user.click(await screen.findByRole("button", { name: "Incluir horário" }));
  const dialog = await screen.findByRole("dialog", { name: "Incluir horário" });
  await user.click(within(dialog).getByRole("combobox", { name: "Função" }));
  await user.click(await screen.findByRole("option", { name: "Sobreaviso por telefone" }));
  await user.click(await within(dialog).findByRole("combobox", { name: "Pessoa" }));
  await user.click(await screen.findByRole("option", { name: "Enf. Marta Reis" }));
  await user.click(within(dialog).getByRole("button", { name: "segunda" }));
  await user.click(within(dialog).getByRole("button", { name: "domingo" }));
  const save = within(dialog).getByRole("button", { name: "Salvar" });
  expect(save).toBeDisabled();
  await fill(within(dialog).getByLabelText("Telefone com DDD"), "(11) 90000-0077");
  await user.click(save);
  await waitFor(() => expect(api.duty.version).toBe(4));
  const added = api.duty.roster.shifts.slice(-2);
  expect(added.map((one) => [one.weekday, one.phone])).toEqual([
    [0, "+5511900000077"],
    [6, "+5511900000077"],
  ]);
});

it("changes a term, and says so when somebody else changed the roster meanwhile", async () => {
  const { api } = renderAt(PAGE);
  const term = await screen.findByLabelText("3. Emergência: segundos");
  await user.clear(term);
  await fill(term, "180");
  api.duty = { ...api.duty, version: 9 };
  await user.click(screen.getByRole("button", { name: "Salvar" }));
  expect(await screen.findByText(/Outra pessoa mudou a escala agora/)).toBeVisible();
});

it("reads a telephone as people write it", () => {
  expect(toE164("(11) 90000-0077")).toBe("+5511900000077");
  expect(toE164("+55 11 3000-0077")).toBe("+551130000077");
  expect(toE164("900000077")).toBeNull();
});
