import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const PAGE = "/atendimento/conversas";
const field = () => screen.findByLabelText("Mensagem para a pessoa");

it("lists who waits, and opens a conversation with what was said, who it is and how far each message got", async () => {
  const { container } = renderAt(`${PAGE}/c-1`);
  const list = await screen.findByRole("list", { name: "Lista de conversas" });
  expect(within(list).getAllByRole("link")).toHaveLength(3);
  expect(within(list).getByText("S. L. D.")).toBeVisible();
  expect(within(list).getByText("com Enf. Marta Reis")).toBeVisible();
  const log = await screen.findByRole("log", { name: "Mensagens da conversa" });
  expect(await within(log).findByText("tô com um aperto no peito e suando frio")).toBeVisible();
  expect(within(log).getByText("não entregue")).toBeVisible();
  expect(within(log).getByLabelText("Áudio da pessoa")).toBeInTheDocument();
  expect(within(log).getByAltText("Página enviada pela pessoa")).toBeInTheDocument();
  expect(await brokenRules(container)).toEqual([]);
});

it("shows how people found the attendance while no conversation is open", async () => {
  renderAt(PAGE);
  const card = await screen.findByRole("region", { name: "Como foi o atendimento" });
  expect(within(card).getByText(/^Nota média 4,5 de 5 .* 4 respostas a 9 perguntas\.$/)).toBeVisible();
  expect(within(card).getByText(/^1 reclamação\./)).toBeVisible();
});

it("marks what was corrected and deleted; what was deleted opens on a press", async () => {
  renderAt(`${PAGE}/c-1`);
  const log = await screen.findByRole("log", { name: "Mensagens da conversa" });
  expect(await within(log).findByText(/^Editada em .*a correção vem depois$/)).toBeVisible();
  expect(within(log).getByText("Correção de uma mensagem anterior")).toBeVisible();
  expect(within(log).queryByText("mandei o papel errado")).not.toBeInTheDocument();
  await user.click(within(log).getByRole("button", { name: "Ver o que foi apagado" }));
  expect(within(log).getByText("mandei o papel errado")).toBeVisible();
});

it("takes a conversation, writes in it, and keeps a note that is not sent", async () => {
  const { api } = renderAt(`${PAGE}/c-1`);
  await user.click(await screen.findByRole("button", { name: "Assumir" }));
  expect((await screen.findAllByText("com você")).length).toBeGreaterThan(0);
  await fill(await field(), "Bom dia, Severino.");
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Bom dia, Severino.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Nota interna" }));
  await fill(screen.getByLabelText("Nota interna, só para a equipe"), "Filha liga às 15 h.");
  await user.click(screen.getByRole("button", { name: "Guardar nota" }));
  expect(await screen.findByText("Filha liga às 15 h.")).toBeVisible();
  expect(api.asked.filter((one) => one.path === "/api/v1/messages/send")).toHaveLength(1);
});

it("says who holds a conversation and keeps what was typed when somebody was quicker", async () => {
  const api = new FakeApi(Date.now());
  renderAt(`${PAGE}/c-1`, api);
  await fill(await field(), "Bom dia");
  api.conversations.answer("PUT", "/api/v1/hand-overs/c-1/holder", new URLSearchParams(), {
    to: "p-2",
    expected: null,
  });
  await user.click(screen.getByRole("button", { name: "Enviar" }));
  expect(
    await screen.findByText(/Outra pessoa da equipe está com esta conversa agora\. Seu texto ficou aqui\./),
  ).toBeVisible();
  expect(
    await screen.findByText("Enf. Marta Reis está com esta conversa. Para escrever, assuma."),
  ).toBeVisible();
  expect(await field()).toHaveValue("Bom dia");
  expect(screen.getByRole("button", { name: "Enviar" })).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Assumir de Enf. Marta Reis" }));
  await waitFor(() => expect(screen.getByRole("button", { name: "Enviar" })).toBeEnabled());
});

it("shows who else looks and types", async () => {
  renderAt(`${PAGE}/c-2`);
  expect(await screen.findByText("Enf. Marta Reis está escrevendo")).toBeVisible();
});

it("offers the telephone when the channel takes no more text", async () => {
  renderAt(`${PAGE}/c-3`);
  expect(await screen.findByText(/O prazo do WhatsApp para responder acabou/)).toBeVisible();
  await fill(await field(), "Olá");
  expect(screen.getByRole("button", { name: "Enviar" })).toBeDisabled();
  expect(screen.getAllByRole("link", { name: "Ligar" })[0]).toHaveAttribute("href", "tel:+5511900000101");
});

it("gives a conversation back to the assistant, but not while an alert waits", async () => {
  renderAt(`${PAGE}/c-1`);
  await user.click(await screen.findByRole("button", { name: "Devolver ao assistente" }));
  expect(await screen.findByText(/Há um alerta aberto nesta conversa/)).toBeVisible();
});

it("finds a conversation by a whole number alone", async () => {
  renderAt(PAGE);
  const search = await screen.findByLabelText("Cartão, CPF ou protocolo");
  await fill(search, "9001");
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Nenhuma conversa com este número")).toBeVisible();
  await user.clear(search);
  await fill(search, "900100000000011");
  await user.keyboard("{Enter}");
  const list = await screen.findByRole("list", { name: "Lista de conversas" });
  expect(within(list).getAllByRole("link")).toHaveLength(1);
});

it("gives it to a colleague", async () => {
  const { api } = renderAt(`${PAGE}/c-3`);
  await user.click(await screen.findByRole("button", { name: "Mais ações" }));
  await user.click(await screen.findByRole("menuitem", { name: "Passar para…" }));
  await user.click(await screen.findByRole("combobox", { name: "Para quem" }));
  await user.click(await screen.findByRole("option", { name: "Enf. Marta Reis" }));
  await user.click(screen.getByRole("button", { name: "Passar" }));
  await waitFor(() =>
    expect(api.asked.find((one) => one.path.endsWith("/holder"))?.body).toEqual({
      to: "p-2",
      expected: null,
    }),
  );
});
