import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { TalkMessage } from "@/client/types/talk";

import { brokenRules } from "../../../../test/axe";
import { FakeApi } from "../../../../test/fakeApi";
import { said } from "../../../../test/fakeMember";
import { renderAt } from "../../../../test/renderAt";
import { user } from "../../../../test/user";

/** Sockets that the page opened; a test is the server's side. */
class Line {
  static readonly all: Line[] = [];
  readonly sent: unknown[] = [];
  readyState = 1;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;
  constructor(readonly address: string) {
    Line.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.onclose({ code: 1000 });
  }
  says(frame: object): void {
    act(() => this.onmessage({ data: JSON.stringify(frame) }));
  }
  static get newest(): Line {
    return Line.all.at(-1)!;
  }
}

function tell(message: TalkMessage): void {
  Line.newest.says({ type: "message", message });
}

async function talking(api: FakeApi = new FakeApi(Date.now())) {
  api.member.signedIn = true;
  const rendered = renderAt("/minha/conversa", api);
  vi.stubGlobal("WebSocket", Line);
  const field = await screen.findByRole("textbox", { name: "Escreva aqui" });
  await waitFor(() => expect(Line.all).not.toEqual([]));
  Line.newest.says({ type: "hello", after: 0, last_place: 0, expires_at: "2026-11-23T20:00:00Z" });
  return { ...rendered, api, field };
}

async function write(field: HTMLElement, text: string) {
  await user.type(field, text);
  await user.click(screen.getByRole("button", { name: "Enviar" }));
}

beforeEach(() => {
  Line.all.length = 0;
});
afterEach(() => localStorage.clear());

it("shows what was said, and buttons that answer with their title", async () => {
  const api = new FakeApi(Date.now());
  api.member.told = [
    said(1, "me", "oi"),
    said(2, "assistant", "Você concorda?", {
      options: [{ id: "consent:accept", title: "Aceito", description: "" }],
    }),
  ];
  const { container } = await talking(api);
  expect(await screen.findByText("Você concorda?")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Aceito" }));
  expect(api.member.sent.at(-1)).toMatchObject({ text: "Aceito", option_id: "consent:accept" });
  expect(await brokenRules(container)).toEqual([]);
});

it("says how far a message got, and shows it once when it is told back", async () => {
  const { api, field } = await talking();
  await write(field, "preciso de um exame");
  expect(await screen.findByText("Enviada")).toBeVisible();
  expect(field).toHaveValue("");
  const sent = api.member.sent.at(-1)!;
  tell(said(1, "me", "preciso de um exame", { client_id: sent.client_id }));
  expect(screen.getAllByText("preciso de um exame")).toHaveLength(1);
});

it("keeps what could not be sent, also over a reload, and sends it again under the same id", async () => {
  const { api, field, unmount } = await talking();
  api.failing.set("/api/v1/my/conversation/messages", 503);
  await write(field, "estou sem resposta");
  expect(await screen.findByText("Não enviada")).toBeVisible();
  const first = api.asked.at(-1)?.body as { client_id: string };
  unmount();
  const again = await talking();
  await screen.findByText("estou sem resposta");
  await waitFor(() => expect(again.api.member.sent.at(-1)?.client_id).toBe(first.client_id));
});

it("reads on from the last message after a break, and says that the line is down", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await talking();
  tell(said(7, "assistant", "Recebi."));
  expect(await screen.findByText("Recebi.")).toBeVisible();
  act(() => Line.newest.close());
  await act(() => vi.advanceTimersByTimeAsync(4000));
  expect(screen.getByText("A conexão caiu. Estamos tentando de novo.")).toBeVisible();
  expect(Line.newest.address).toContain("after=7");
  Line.newest.says({ type: "hello" });
  expect(screen.queryByText("A conexão caiu. Estamos tentando de novo.")).toBeNull();
  vi.useRealTimers();
});

it("says an emergency reply at once to who cannot see it, with the number to touch", async () => {
  await talking();
  tell(said(1, "assistant", "Ligue agora para o 192.", { is_urgent: true }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Ligue agora para o 192.");
  const log = screen.getByRole("log");
  expect(within(log).getByRole("link", { name: "192" })).toHaveAttribute("href", "tel:192");
});

it("tells what was on the screen", async () => {
  await talking();
  tell(said(3, "person", "Olá, sou a Marta."));
  await waitFor(() => expect(Line.newest.sent).toContainEqual({ type: "seen", place: 3 }));
});

it("refuses what is neither photo nor PDF before it is sent", async () => {
  await talking();
  const file = new File(["x"], "filme.mp4", { type: "video/mp4" });
  fireEvent.change(screen.getByTestId("arquivo"), { target: { files: [file] } });
  expect(await screen.findByText(/Outro tipo de arquivo não serve/)).toBeVisible();
});

it("leads to the sign-in when the session ends, and leaves nothing on the machine after signing out", async () => {
  const { api, field, router } = await talking();
  await user.type(field, "rascunho");
  expect(localStorage.getItem("austa.conversa.m-1")).toContain("rascunho");
  api.member.signedIn = false;
  act(() => Line.newest.onclose({ code: 4401 }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/minha/entrar"));
  expect(localStorage.getItem("austa.conversa.m-1")).toContain("rascunho");
});
