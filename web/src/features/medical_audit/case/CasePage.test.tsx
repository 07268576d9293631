import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { api as client } from "@/client/api";
import type { Release } from "@/client/types/medicalAudit";

import { brokenRules } from "../../../../test/axe";
import { FakeApi, groundworkOf } from "../../../../test/fakeApi";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";
import { dropWritten } from "./drafts";

afterEach(() => dropWritten("case-104"));

const open = async (api = new FakeApi(Date.now())) => {
  const opened = renderAt("/cockpit/casos/case-104", api);
  await screen.findByRole("heading", { name: /RM articular/ });
  await screen.findAllByText("SEVERINO LOPES DAMASCENO");
  return opened;
};

const RELEASE: Release = {
  id: "decision-1",
  outcome: "deny",
  ground: "clinical",
  text_to_member: null,
  reason_codes: ["3145"],
  legal_basis: "Lei 9.656/1998",
  missing: [],
  released_by: { id: "p-1", name: "Dra. Helena Prado Vasques" },
  released_at: "2026-11-18T14:00:00Z",
  state: "recorded",
  undo_seconds: null,
  refusal: null,
  lacking: [],
};

/** A case with what a denial rests on. */
function readyToDeny(): FakeApi {
  const api = new FakeApi(Date.now());
  const one = api.detail("case-104");
  const author = { id: "p-9", name: "Dr. Paulo Reis" };
  one.contacts = [
    {
      id: "c0",
      with_whom: "requester",
      channel: "phone",
      at: one.case.received_at,
      summary: "Sem mudança clínica.",
      agreed: false,
      made_by: author,
    },
  ];
  one.opinions = [
    {
      id: "o0",
      author,
      council: "CRM-SP 1",
      kind: "unfavourable",
      text: "Sem nova indicação.",
      evidence: [{ document_id: "doc-1", page: 1, note: null }],
      created_at: one.case.received_at,
    },
  ];
  one.groundwork = groundworkOf(one);
  return api;
}

const decision = () => within(document.getElementById("decisao")!);

describe("case", () => {
  it("shows the paper, the fields, what the engine saw, and the legal term", async () => {
    const { container } = await open();
    expect(screen.getByRole("img", { name: "Imagem da página 1 do documento" })).toBeVisible();
    expect(screen.getByText(/Há dados a conferir neste pedido/)).toBeVisible();
    expect(screen.getByText(/AUTO-07, versão 2026\.11\.1/)).toBeVisible();
    expect(
      screen.getByText("Mesmo exame autorizado há 20 dias, em outro prestador.", { exact: false }),
    ).toBeVisible();
    expect(screen.getByText("5 h")).toBeVisible();
    expect(await brokenRules(container)).toEqual([]);
  });

  it("shows signals apart, and only when somebody asks", async () => {
    const { container } = await open();
    expect(screen.queryByText(/R22/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Ver sinais" }));
    const signals = within(await screen.findByRole("list", { name: "Sinais a conferir" }));
    expect(signals.getByText("O mesmo item foi pedido há 20 dias.")).toBeVisible();
    expect(signals.getByText(/R22 · leva a uma pessoa/)).toBeVisible();
    expect(signals.getByText("30 dias (Regra R02 do AUSTA; conferido em 21/11/2026)")).toBeInTheDocument();
    expect(screen.getByText("Uma regra não pôde olhar")).toBeVisible();
    expect(await brokenRules(container)).toEqual([]);
  });

  it("tells nobody of signals who may not see them", async () => {
    const api = new FakeApi(Date.now());
    const one = api.detail("case-104");
    one.allowed_actions = one.allowed_actions.filter((action) => action !== "signal:read");
    await open(api);
    expect(screen.queryByRole("heading", { name: "Sinais a conferir" })).toBeNull();
  });

  it("says in words which way the request went and what may come", async () => {
    await open();
    await user.click(screen.getByRole("button", { name: "Caminho do pedido" }));
    const way = within(await screen.findByRole("dialog", { name: "Caminho do pedido" }));
    const steps = within(await way.findByRole("region", { name: "Até aqui" })).getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      expect.stringContaining("Recebido"),
      expect.stringContaining("Auditoria médica"),
    ]);
    expect(steps[1]).toHaveAttribute("aria-current", "step");
    expect(way.getByText(/leva a Liberar decisão/)).toBeVisible();
  });

  it("tells our own time beside the legal term, which does not stop for papers", async () => {
    await open();
    await user.hover(screen.getByText("5 h"));
    expect(await screen.findByText(/Conosco: 3 d úteis. À espera de documentos: 1 d úteis/)).toBeVisible();
  });

  it("points from a field to its box and from the box to its field", async () => {
    await open();
    await user.click(screen.getByRole("button", { name: /Carteirinha 0 034/ }));
    expect(screen.getByRole("button", { name: "Carteirinha, confirmar" })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    await user.click(screen.getByRole("button", { name: "TUSS, aceito" }));
    expect(screen.getByRole("button", { name: /^TUSS 41101316/ })).toHaveAttribute("aria-pressed", "true");
  });

  it("finds a word in the member's papers and marks it on the page", async () => {
    const { api } = await open();
    await fill(screen.getByLabelText("Procurar nos documentos do beneficiário"), "fisioterapia");
    await user.keyboard("{Enter}");
    expect(await screen.findByText("1 documento com “fisioterapia”")).toBeVisible();
    await user.click(screen.getByRole("button", { name: /sem melhora com fisioterapia/ }));
    expect(await screen.findByRole("region", { name: "Página 2 do documento" })).toBeVisible();
    expect(document.querySelectorAll("[data-found]")).toHaveLength(1);
    const asked = api.asked.find((one) => one.path === "/api/v1/documents/search");
    expect(asked?.body).toEqual({ query: "fisioterapia", member_id: "m-104" });
    await user.click(screen.getByRole("button", { name: "Limpar a busca" }));
    expect(document.querySelectorAll("[data-found]")).toHaveLength(0);
  });

  it("unfolds what speaks strongly against a paper, and says what was not checked", async () => {
    await open();
    const signs = screen.getByRole("list", { name: "Sinais de autenticidade" });
    expect(within(signs).getAllByRole("listitem")[0]).toHaveTextContent(
      "−40O PDF foi alterado depois de assinado",
    );
    expect(screen.getByText("PAULO TEIXEIRA ANTUNES")).toBeVisible();
    expect(screen.getByText("Revogação").nextElementSibling).toHaveTextContent("não verificada");
  });

  it("lets nobody diverge before the contact with the requester is logged", async () => {
    const { api } = await open();
    const opinion = within(document.getElementById("parecer")!);
    await user.click(opinion.getByRole("radio", { name: /Desfavorável/ }));
    await user.click(opinion.getByRole("button", { name: "Continuar" }));
    await fill(opinion.getByLabelText("Fundamentação"), "Sem nova indicação.");
    expect(opinion.getByRole("button", { name: "Revisar" })).toBeDisabled();

    await user.click(opinion.getByRole("button", { name: "Registrar" }));
    const dialog = within(await screen.findByRole("dialog"));
    await fill(dialog.getByLabelText("O que foi conversado"), "Não houve mudança clínica.");
    await user.click(dialog.getByRole("radio", { name: "Sem acordo" }));
    await user.click(dialog.getByRole("button", { name: "Registrar contato" }));

    await waitFor(() => expect(opinion.queryByText(/Antes de divergir/)).toBeNull());
    expect(opinion.getByRole("button", { name: "Revisar" })).toBeDisabled();
    await user.click(opinion.getByRole("combobox", { name: /Evidência/ }));
    await user.click(await screen.findByRole("option", { name: "Pedido" }));
    await waitFor(() => expect(opinion.getByRole("button", { name: "Revisar" })).toBeEnabled());
    await user.click(opinion.getByRole("button", { name: "Revisar" }));
    expect(opinion.getByText(/Ao assinar, nada é negado/)).toBeVisible();
    await user.click(opinion.getByRole("button", { name: "Assinar parecer" }));
    await waitFor(() => expect(api.detail("case-104").opinions).toHaveLength(1));
    expect(api.detail("case-104").opinions[0]).toMatchObject({
      kind: "unfavourable",
      text: "Sem nova indicação.",
      evidence: [{ page: 1 }],
    });
  });

  it("says what happens next, releases, and shows the proof verified in the browser", async () => {
    await open();
    await user.click(decision().getByRole("radio", { name: /^Autorizar Emite/ }));
    expect(decision().getByText(/a guia e a senha são emitidas/)).toBeVisible();
    await user.click(decision().getByRole("button", { name: "Liberar autorização" }));
    expect(await screen.findByText("Selado")).toBeVisible();
    expect(screen.getByText("A7K2-98QX")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Ver prova" }));
    expect(await screen.findByText("A prova confere")).toBeVisible();
  });

  it("lets whoever released undo while the release waits, and keeps what was written", async () => {
    const api = new FakeApi(Date.now());
    api.waits = true;
    await open(api);
    await user.click(decision().getByRole("radio", { name: /^Autorizar Emite/ }));
    await fill(decision().getByLabelText("Texto para o beneficiário"), " Boa consulta.");
    await user.click(decision().getByRole("button", { name: "Liberar autorização" }));
    const undo = await screen.findByRole("button", { name: /^Desfazer (10|9) s$/ });
    expect(screen.getByRole("group", { name: "Registrando…" })).toHaveFocus();
    await user.click(undo);
    const text = await screen.findByLabelText("Texto para o beneficiário");
    expect(text).toHaveDisplayValue(/Boa consulta\.$/);
    expect(screen.queryByText("Registrando…")).toBeNull();
  });

  it("says that a release gave way to what changed", async () => {
    const api = new FakeApi(Date.now());
    api.detail("case-104").release = {
      ...RELEASE,
      state: "refused",
      refusal: "medical_audit.case_changed",
    };
    await open(api);
    expect(screen.getByText(/O pedido mudou enquanto a decisão esperava: nada saiu/)).toBeVisible();
  });

  it("leads to the letter once there is an answer", async () => {
    const api = new FakeApi(Date.now());
    api.detail("case-104").request.decisions = [
      { decision_id: "d", outcome: "deny", guide: null, at: RELEASE.released_at, by: "p-1", digest: "" },
    ];
    await open(api);
    const letter = screen.getByRole("link", { name: "Carta (PDF)" });
    expect(letter).toHaveAttribute("href", expect.stringMatching(/^\/api\/v1\/authorizations\/.+\/letter$/));
  });

  it("denies only with reason, legal basis and a text, and after the text was read once more", async () => {
    const { api } = await open(readyToDeny());
    await user.click(decision().getByRole("radio", { name: /^Negar/ }));
    expect(decision().getByRole("button", { name: "Liberar negativa" })).toBeDisabled();
    await user.click(decision().getByLabelText("Código do motivo"));
    expect(screen.queryByRole("option", { name: /1402/ })).toBeNull();
    await user.click(await screen.findByRole("option", { name: /3145/ }));
    await fill(decision().getByLabelText("Base legal ou cláusula"), "Contrato, cláusula 12");
    const text = decision().getByLabelText("Texto para o beneficiário");
    await user.clear(text);
    await fill(
      text,
      "Seu pedido não foi autorizado. Este exame foi feito há 20 dias. Você pode pedir nova análise à ouvidoria.",
    );
    await user.click(decision().getByRole("button", { name: "Liberar negativa" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(api.asked.some((ask) => ask.path === "/api/v1/decisions")).toBe(false);
    expect(dialog.getByRole("button", { name: "Liberar negativa" })).toBeDisabled();
    await user.click(dialog.getByRole("checkbox"));
    await user.click(dialog.getByRole("button", { name: "Liberar negativa" }));
    await waitFor(() => expect(api.detail("case-104").release?.outcome).toBe("deny"));
    expect(api.detail("case-104").release).toMatchObject({ ground: "clinical", reason_codes: ["3145"] });
  });

  it("takes the engine's administrative grounds for a return, never for a denial", async () => {
    const api = readyToDeny();
    api.detail("case-104").request.proposal = {
      reason_codes: ["3171"],
      clause: "Cláusula de carências",
      member_text: "Ainda não.",
    };
    await open(api);
    await user.click(decision().getByRole("radio", { name: /^Devolver/ }));
    const basis = () => decision().getByRole("textbox", { name: /Base legal/ });
    expect(basis()).toHaveValue("Cláusula de carências");
    expect(decision().getByText("3171")).toBeVisible();
    await user.click(decision().getByRole("radio", { name: /^Negar/ }));
    expect(basis()).toHaveValue("");
    expect(decision().queryByText("3171")).toBeNull();
    expect(decision().getByText(/use “Devolver/)).toBeVisible();
  });

  it("says before the release what a denial still needs, and leads there", async () => {
    await open();
    await user.click(decision().getByRole("radio", { name: /^Negar/ }));
    expect(decision().getByText("Antes de liberar, falta:")).toBeVisible();
    expect(decision().getByText(/um parecer que sustente a decisão/)).toBeVisible();
    expect(decision().getByText(/a página de um documento, apontada no parecer/)).toBeVisible();
    expect(decision().getByText("base legal ou cláusula (10 letras ou mais)")).toBeVisible();
    expect(decision().getByRole("button", { name: "Ir ao parecer" })).toBeVisible();
    await user.click(decision().getByRole("button", { name: "Registrar contato" }));
    expect(await screen.findByRole("dialog", { name: "Registrar contato" })).toBeVisible();
  });

  it("says whose decision it is to whoever may not release it", async () => {
    const api = readyToDeny();
    api.detail("case-104").allowed_actions = ["case:contact", "opinion:write", "decision:approve"];
    await open(api);
    expect(decision().queryByRole("radio", { name: /^Negar/ })).toBeNull();
    expect(decision().getByText(/cabe ao diretor técnico. O caso está pronto/)).toBeVisible();
  });

  it("has no key that denies", async () => {
    await open();
    await user.keyboard("d");
    expect(decision().getByRole("radio", { name: /^Negar/ })).not.toBeChecked();
  });

  it("keeps what was written when the release fails", async () => {
    const api = new FakeApi(Date.now());
    await open(api);
    await user.click(decision().getByRole("radio", { name: /^Autorizar Emite/ }));
    api.failing.set("/api/v1/decisions", 503);
    await user.click(decision().getByRole("button", { name: "Liberar autorização" }));
    expect(await screen.findByText(/O que você escreveu continua aqui/)).toBeVisible();
    expect(decision().getByLabelText("Texto para o beneficiário")).toHaveValue(
      "Seu pedido foi autorizado. Leve o número da guia e a senha ao local do atendimento.",
    );
  });

  it("lists what a decision still needs when the server knows more to lack", async () => {
    const api = new FakeApi(Date.now());
    await open(api);
    await user.click(decision().getByRole("radio", { name: /^Autorizar Emite/ }));
    api.failing.set("/api/v1/decisions", {
      status: 422,
      code: "medical_audit.decision_incomplete",
      details: { lacking: ["opinion", "requester_contact"] },
    });
    await user.click(decision().getByRole("button", { name: "Liberar autorização" }));
    expect(await screen.findByText(/ainda falta/)).toBeVisible();
    expect(screen.getByText("contato registrado com o médico solicitante")).toBeVisible();
  });

  it("says what a refused decision lacked", async () => {
    const api = new FakeApi(Date.now());
    const one = api.detail("case-104");
    one.case = { ...one.case, state: "releasing" };
    one.release = {
      ...RELEASE,
      state: "refused",
      refusal: "prior_auth.decision_incomplete",
      lacking: ["evidence"],
    };
    await open(api);
    expect(screen.getByText(/A decisão não pôde ser registrada/)).toBeVisible();
    expect(screen.getByText(/a página de um documento, apontada no parecer/)).toBeVisible();
  });

  it("tells of no term where care was given already", async () => {
    const api = new FakeApi(Date.now());
    const one = api.detail("case-104");
    one.case = { ...one.case, post_facto: true, due_at: one.case.received_at, business_days_left: null };
    await open(api);
    expect(screen.getByText("sem prazo")).toBeVisible();
    expect(screen.queryByText(/vencido/)).toBeNull();
  });

  it("lets a nurse hand the case on with a reason, once", async () => {
    const api = new FakeApi(Date.now());
    const one = api.detail("case-104");
    one.case = { ...one.case, queue: "nurse" };
    one.allowed_actions = ["case:contact", "opinion:write", "case:forward"];
    await open(api);
    await user.click(screen.getByRole("button", { name: "Encaminhar a um médico" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByRole("button", { name: "Encaminhar a um médico" })).toBeDisabled();
    await fill(dialog.getByLabelText("Motivo, para o médico ler"), "A indicação é médica.");
    await user.click(dialog.getByRole("button", { name: "Encaminhar a um médico" }));
    expect(await screen.findByText("Encaminhado a um médico: A indicação é médica.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Encaminhar a um médico" })).toBeNull();
    const asked = api.asked.find((ask) => ask.path.endsWith("/forward"));
    expect(asked?.headers.get("idempotency-key")).toBeTruthy();
  });

  it("gives way when a court answers the request while the physician writes", async () => {
    const api = new FakeApi(Date.now());
    const { store } = await open(api);
    const opinion = within(document.getElementById("parecer")!);
    await user.click(opinion.getByRole("radio", { name: /^Favorável A/ }));
    await user.click(opinion.getByRole("button", { name: "Continuar" }));
    await fill(opinion.getByLabelText("Fundamentação"), "Indicação descrita no laudo.");
    await user.click(decision().getByRole("radio", { name: /^Pedir informação/ }));
    await fill(decision().getByLabelText("O que falta"), "Laudo da biópsia");

    const one = api.detail("case-104");
    one.allowed_actions = ["signal:read"];
    one.ending = {
      by: "order",
      person: "Dr. Otávio Lins",
      at: "2026-11-22T17:03:00Z",
      decision_id: "decision-9",
      outcome: "approve",
      digest: "0".repeat(64),
    };
    store.dispatch(client.util.invalidateTags([{ type: "Request", id: one.request.request_id }]));

    const told = await screen.findByRole("alert");
    expect(told).toHaveTextContent(/Uma ordem judicial respondeu ao pedido\. Resultado: autorizado/);
    expect(told).toHaveTextContent(/Registro de Dr\. Otávio Lins/);
    expect(within(told).getByRole("button", { name: "Recibo da decisão" })).toBeVisible();
    expect(document.getElementById("parecer")).toBeNull();
    expect(document.getElementById("decisao")).toBeNull();
    const written = within(screen.getByRole("region", { name: "O que você escreveu" }));
    expect(written.getByText("Laudo da biópsia")).toBeVisible();
    await user.click(written.getByRole("button", { name: "Copiar: Parecer" }));
    expect(await navigator.clipboard.readText()).toBe("Indicação descrita no laudo.");
    expect(await brokenRules(told)).toEqual([]);
    await user.click(written.getByRole("button", { name: "Descartar o que escrevi" }));
    expect(screen.queryByRole("region", { name: "O que você escreveu" })).toBeNull();
  });

  it("offers only what the server says this person may do", async () => {
    const api = new FakeApi(Date.now());
    api.detail("case-104").allowed_actions = ["case:contact"];
    await open(api);
    expect(document.getElementById("parecer")).toBeNull();
    expect(document.getElementById("decisao")).toBeNull();
    expect(screen.getByText(/Sua função não inclui parecer nem decisão/)).toBeVisible();
  });
});
