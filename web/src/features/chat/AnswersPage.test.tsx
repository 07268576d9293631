import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../test/axe";
import { FakeApi } from "../../../test/fakeApi";
import { renderAt } from "../../../test/renderAt";
import { fill, user } from "../../../test/user";

const ANSWER = {
  id: "a-1",
  title: "Saudação",
  text: "Olá, {nome}. Aqui é {atendente}. Seu protocolo é {protocolo}.",
};

function withAnswers() {
  const api = new FakeApi(Date.now());
  api.answers.set("GET /api/v1/canned-answers", { items: [ANSWER], next_cursor: null });
  return api;
}

it("changes an answer while it is judged as a member will read it", async () => {
  const api = withAnswers();
  api.answers.set("PUT /api/v1/canned-answers/a-1", ANSWER);
  const { container } = renderAt("/admin/respostas", api);
  await user.click(await screen.findByRole("button", { name: "Mudar Saudação" }));
  const dialog = await screen.findByRole("dialog", { name: "Mudar Saudação" });
  expect(within(dialog).getByRole("status")).toBeVisible();
  const text = within(dialog).getByLabelText("Texto para a pessoa");
  await user.clear(text);
  await fill(text, "Olá, {nome}.");
  await user.click(within(dialog).getByRole("button", { name: "Salvar" }));
  await waitFor(() =>
    expect(api.asked.find((one) => one.method === "PUT")?.body).toEqual({
      title: "Saudação",
      text: "Olá, {nome}.",
    }),
  );
  expect(await brokenRules(container)).toEqual([]);
});

it("fills an answer in where it is used, to be read before it is sent", async () => {
  renderAt("/atendimento/conversas/c-2", withAnswers());
  await user.click(await screen.findByRole("button", { name: "Respostas prontas" }));
  await user.click(await screen.findByRole("menuitem", { name: /Saudação/ }));
  expect(screen.getByLabelText("Mensagem para a pessoa")).toHaveValue(
    "Olá, Marina. Aqui é Helena. Seu protocolo é 34567820261122000108.",
  );
});

it("does not send what is still in braces", async () => {
  renderAt("/atendimento/conversas/c-2", withAnswers());
  await fill(await screen.findByLabelText("Mensagem para a pessoa"), "Olá, {nome}.");
  expect(screen.getByText("Complete o que está entre chaves antes de enviar.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Enviar" })).toBeDisabled();
});
