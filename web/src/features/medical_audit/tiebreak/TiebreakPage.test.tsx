import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Tiebreak } from "@/client/types/tiebreaks";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { SESSION } from "../../../../test/fakeData";
import { renderAt } from "../../../../test/renderAt";
import { fill, user } from "../../../../test/user";

const ONE: Tiebreak = {
  board: {
    board_id: "b-1",
    case_number: "2026-000104",
    procedure: "Artrodese da coluna",
    until: "2026-11-24T02:59:59Z",
    late: false,
    sent: false,
  },
  age: 61,
  sex: "F",
  items: [
    { position: 0, tuss: "30715016", description: "Artrodese da coluna", quantity: 3, laterality: null },
  ],
  materials: [{ description: "Parafuso", quantity: 6, maker: "Alfa", anvisa_registration: null }],
  cids: ["M43.1"],
  indication: "Dor há dois anos.",
  reasons: "A imagem mostra um segmento; o pedido é de três.",
  view: "unfavourable",
  view_items: [],
  needs: [],
  papers: [{ document_id: "d-1", kind: "finding", pages: 1 }],
  may: ["needed", "concluded"],
};

function signedIn(): FakeApi {
  const api = new FakeApi();
  api.demo = false;
  api.answers.set("GET /api/v1/auth/me", {
    ...SESSION,
    principal: { ...SESSION.principal, roles: ["tiebreaker"] },
    may: ["board:record", "board:sit"],
  });
  api.answers.set("GET /api/v1/tiebreaks", { items: [ONE.board], next_cursor: null });
  api.answers.set("GET /api/v1/tiebreaks/b-1", ONE);
  return api;
}

it("leads a tie-breaker to the boards that wait, and nowhere else", async () => {
  const { router } = renderAt("/", signedIn());
  expect(await screen.findByRole("link", { name: "Artrodese da coluna" })).toHaveAttribute(
    "href",
    "/desempate/b-1",
  );
  expect(router.state.location.pathname).toBe("/desempate");
  expect(screen.queryByRole("link", { name: "Fila" })).toBeNull();
});

it("shows the care and its papers, and sends what was signed", async () => {
  const api = signedIn();
  const { router, container } = renderAt("/desempate/b-1", api);
  expect(await screen.findByText("A imagem mostra um segmento; o pedido é de três.")).toBeVisible();
  expect(screen.getByText("61 anos, mulher")).toBeVisible();
  expect(screen.getByRole("img", { name: /página 1/ })).toHaveAttribute(
    "src",
    "/api/v1/tiebreaks/b-1/papers/d-1/pages/1?width=1600",
  );
  expect(await brokenRules(container)).toEqual([]);
  const form = within(screen.getByRole("region", { name: "Seu parecer" }));
  await user.click(form.getByRole("button", { name: "Assinar e enviar" }));
  expect(form.getAllByText("Preencha este campo.")).toHaveLength(3);
  await user.click(form.getByRole("radio", { name: "Favorável em parte" }));
  const quantity = form.getByLabelText("Artrodese da coluna: quantidade aprovada (de 3)");
  await user.clear(quantity);
  await fill(quantity, "1");
  await fill(form.getByLabelText("Fundamentação"), "Um segmento se sustenta.");
  await user.click(form.getByRole("checkbox", { name: /^Assino como Dra. Helena/ }));
  api.answers.set("POST /api/v1/tiebreaks/b-1/acts", { ...ONE.board, sent: true });
  api.answers.set("GET /api/v1/tiebreaks", { items: [], next_cursor: null });
  await user.click(form.getByRole("button", { name: "Assinar e enviar" }));
  expect(await screen.findByText("Nenhuma junta espera por você")).toBeVisible();
  expect(router.state.location.pathname).toBe("/desempate");
  expect(
    api.asked.find(({ method, path }) => method === "POST" && path.endsWith("/acts"))?.body,
  ).toMatchObject({
    act: {
      conclusion: "favourable_in_part",
      items: [{ position: 0, approved_quantity: 1 }],
      document_id: null,
    },
  });
});
