import { render, screen, waitFor } from "@testing-library/react";
import { Provider } from "react-redux";
import { expect, it, vi } from "vitest";

import { PaperState } from "@/ui/PaperState";

import { brokenRules } from "../../test/axe";
import { FakeApi } from "../../test/fakeApi";
import { fill, user } from "../../test/user";
import { createStore } from "./store";

const STATE = "GET /api/v1/documents/d-1/state";
const UNLOCK = "/api/v1/documents/d-1/password";

function shown(state: Record<string, unknown>): FakeApi {
  const api = new FakeApi();
  api.answers.set(STATE, { id: "d-1", refusal: null, sentence: null, ...state });
  vi.stubGlobal("fetch", api.fetch);
  render(
    <Provider store={createStore()}>
      <PaperState documentId="d-1" name="laudo.pdf" />
    </Provider>,
  );
  return api;
}

it("asks for the password of an encrypted PDF, and says what to send when it does not open", async () => {
  const api = shown({ status: "refused", refusal: "documents.pdf_encrypted", sentence: "O PDF tem senha." });
  api.answers.set(`POST ${UNLOCK}`, { id: "d-1", status: "stored", created: false });
  await fill(await screen.findByLabelText("Senha de laudo.pdf"), "segredo");
  expect(await brokenRules(document.body)).toEqual([]);
  api.answers.set(STATE, {
    id: "d-1",
    status: "refused",
    refusal: "documents.wrong_password",
    sentence: "A senha não abriu o PDF.",
  });
  await user.keyboard("{Enter}");
  expect(await screen.findByText("A senha não abriu o PDF.")).toBeInTheDocument();
  expect(screen.queryByLabelText("Senha de laudo.pdf")).toBeNull();
  const sent = api.asked.filter((one) => one.path === UNLOCK);
  expect(sent.map((one) => one.body)).toEqual([{ password: "segredo" }]);
});

it("says that a paper was read, and asks no more", async () => {
  const api = shown({ status: "read" });
  expect(await screen.findByText("Lido")).toBeInTheDocument();
  await waitFor(() => expect(api.asked).toHaveLength(1));
});
