import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

/** A case in which a physician disagrees with who asked. */
function diverging(): FakeApi {
  const api = new FakeApi(Date.now());
  const one = api.detail("case-104");
  one.opinions = [
    {
      id: "o0",
      author: { id: "p-9", name: "Dr. Paulo Reis" },
      council: "CRM-SP 1",
      kind: "unfavourable",
      text: "Um segmento basta.",
      evidence: [],
      created_at: one.case.received_at,
    },
  ];
  return api;
}

const panel = async () => within(await screen.findByRole("region", { name: "Junta médica" }));

describe("the medical board", () => {
  it("is opened with reasons and four names, and goes to the opinion that prevails", async () => {
    const api = diverging();
    renderAt("/cockpit/casos/case-104", api);
    await user.click(await (await panel()).findByRole("button", { name: "Abrir junta médica" }));
    const form = within(await screen.findByRole("dialog"));
    await user.click(form.getByRole("button", { name: "Abrir a junta" }));
    expect(form.getAllByText("Preencha este campo.")).toHaveLength(2);
    for (const box of [/divergência é técnica/, /coberto/, /Anvisa/])
      await user.click(form.getByRole("checkbox", { name: box }));
    await fill(form.getByRole("textbox", { name: "Razões ao médico solicitante" }), "Um segmento basta.");
    await fill(form.getByRole("textbox", { name: "Motivo ao beneficiário" }), "Pode haver outro jeito.");
    for (const name of [/Ana/, /Bruno/, /Clara/, /Davi/])
      await user.click(await form.findByRole("checkbox", { name }));
    expect(form.getByText("4 de 4 escolhidos")).toBeInTheDocument();
    expect(form.getByRole("checkbox", { name: /Elza/ })).toBeDisabled();
    await user.click(form.getByRole("button", { name: "Abrir a junta" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    const board = await panel();
    expect(await board.findByText("Ana Desempate")).toBeInTheDocument();
    expect(board.getAllByText("Recebimento ainda sem prova")).toHaveLength(2);
    expect(await brokenRules(document.body)).toEqual([]);

    await user.click(board.getByRole("button", { name: "Registrar resposta do solicitante" }));
    const answer = within(await screen.findByRole("dialog"));
    await user.click(answer.getByRole("radio", { name: "Manteve a indicação" }));
    await user.click(answer.getByRole("radio", { name: /Clara Desempate/ }));
    await user.click(answer.getByRole("button", { name: "Registrar" }));
    expect(await board.findByText("escolhido")).toBeInTheDocument();
    const sent = api.asked.filter((one) => one.method === "POST" && one.path.includes("/board"));
    expect(sent[0]?.body).toMatchObject({ tiebreakers: ["t-0", "t-1", "t-2", "t-3"] });
    expect(sent[1]?.body).toMatchObject({ act: { kind: "answered", answer: "keeps", choice: 2 } });
  });

  it("says every reason why there is none, and offers none", async () => {
    const api = diverging();
    api.board.against = ["too_late", "requester_contact"];
    renderAt("/cockpit/casos/case-104", api);
    const board = await panel();
    expect(await board.findByText(/Não cabe mais no prazo/)).toBeInTheDocument();
    expect(board.getByText(/Falta um contato registrado/)).toBeInTheDocument();
    expect(board.queryByRole("button", { name: "Abrir junta médica" })).toBeNull();
  });
});
