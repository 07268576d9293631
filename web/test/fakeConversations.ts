import type { ChatMessage, HandOver, HandOverEntry, HandOverLine } from "@/client/types/chat";
import type { Problem } from "@/client/problem";

import { at, NOW, SESSION } from "./fakeData";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MARTA = { id: "p-2", name: "Enf. Marta Reis" };
const ME = { id: SESSION.principal.id, name: SESSION.principal.name };

type Kept = { one: HandOver; messages: ChatMessage[] };
type Answer = { status: number; body: unknown };

/** The live inbox in memory: three conversations, of which a colleague holds one. */
export class FakeConversations {
  private readonly kept = new Map<string, Kept>();
  private readonly base: number;

  constructor(base = NOW) {
    this.base = base;
    for (const one of conversations(base)) this.kept.set(one.one.line.conversation_id, one);
  }

  get(id: string): Kept {
    const found = this.kept.get(id);
    if (!found) throw new Error(`no conversation ${id}`);
    return found;
  }

  /** What the server answers on an address beneath /api/v1/hand-overs, or to a message; null for any other. */
  answer(method: string, path: string, search: URLSearchParams, body: unknown): Answer | null {
    if (path === "/api/v1/messages/send") return this.send(body as { conversation_id: string; text: string });
    if (path === "/api/v1/authorizations")
      return ok(page(REQUESTS.map((one) => ({ ...one, received_at: at(-HOUR, this.base) }))));
    if (path === "/api/v1/canned-answers") return ok(page([]));
    if (path === "/api/v1/satisfaction") return ok(page(WEEKS));
    if (!path.startsWith("/api/v1/hand-overs")) return null;
    const [id = "", act] = path.slice("/api/v1/hand-overs/".length).split("/");
    if (id === "") return ok(this.list(search.get("view") ?? "open"));
    if (id === "search")
      return ok(page((body as { words: string }).words === "900100000000011" ? [this.lines()[0]] : []));
    if (id === "colleagues") return ok(page([MARTA, ME]));
    const kept = this.get(id);
    if (act === undefined) return ok(kept.one);
    if (act === "messages") return ok(page([...kept.messages].reverse()));
    if (act === "presence") return ok(page(kept.one.others));
    if (act === "holder") return this.assign(kept, body as { to: string | null; expected: string | null });
    if (act === "notes") return this.note(kept, (body as { text: string }).text);
    return this.end(kept, method, act);
  }

  private lines(): HandOverLine[] {
    return [...this.kept.values()].map(({ one }) => one.line);
  }

  private list(view: string) {
    const open = this.lines().filter((line) => line.state === "open");
    const views: Record<string, HandOverLine[]> = {
      open,
      unassigned: open.filter((line) => line.holder === null),
      mine: open.filter((line) => line.holder?.id === ME.id),
      closed: this.lines().filter((line) => line.state === "closed"),
    };
    const counts = { open: open.length, unassigned: views.unassigned?.length, mine: views.mine?.length };
    return { items: views[view], counts, next_cursor: null };
  }

  private assign(kept: Kept, asked: { to: string | null; expected: string | null }): Answer {
    if ((kept.one.line.holder?.id ?? null) !== asked.expected) return refused("chat.holder_changed");
    const holder = asked.to === null ? null : asked.to === ME.id ? ME : MARTA;
    this.change(kept, { holder, state: "open", assistant_answers: false });
    this.tell(kept, asked.to === null ? "released" : asked.to === ME.id ? "taken" : "given", holder);
    return ok(kept.one);
  }

  private end(kept: Kept, method: string, act: string): Answer {
    if (method !== "POST") return refused("http.404", 404);
    if (kept.one.alerts.length > 0) return refused("chat.alert_open");
    this.change(kept, {
      state: "closed",
      holder: null,
      assistant_answers: true,
      closed_at: at(0, this.base),
    });
    this.tell(kept, act === "close" ? "closed" : "given_back");
    return ok(kept.one);
  }

  private send({ conversation_id, text }: { conversation_id: string; text: string }): Answer {
    const kept = this.get(conversation_id);
    const { holder } = kept.one.line;
    if (holder !== null && holder.id !== ME.id) return refused("chat.holder_changed");
    const message = said(this.base, 0, "out", text, {
      author: ME.id,
      status: "sent",
      id: `sent-${kept.messages.length}`,
    });
    kept.messages.push(message);
    this.change(kept, { holder: ME, waiting_since: null, assistant_answers: false });
    return { status: 202, body: { id: message.id } };
  }

  private note(kept: Kept, text: string): Answer {
    this.tell(kept, "note", null, text);
    return { status: 201, body: kept.one.entries.at(-1) };
  }

  private change(kept: Kept, line: Partial<HandOverLine>): void {
    kept.one = { ...kept.one, line: { ...kept.one.line, ...line } };
  }

  private tell(
    kept: Kept,
    kind: HandOverEntry["kind"],
    receiver: HandOverEntry["receiver"] = null,
    text: string | null = null,
  ) {
    const entry = {
      id: `e-${kept.one.entries.length}-${kind}`,
      kind,
      author: ME,
      receiver,
      reason: null,
      text,
      at: at(0, this.base),
    };
    kept.one = { ...kept.one, entries: [...kept.one.entries, entry] };
  }
}

function conversations(base: number): Kept[] {
  return [
    {
      one: conversation(
        base,
        "c-1",
        { alert: "RED", waiting_since: at(-3 * MINUTE, base) },
        { alerts: ["t1"] },
      ),
      messages: [
        said(base, -40 * MINUTE, "in", "Bom dia, preciso de autorização pra ressonância do joelho"),
        said(
          base,
          -39 * MINUTE,
          "out",
          "Bom dia! Eu sou a assistente automática. Posso pedir para você. Mande uma foto do pedido médico.",
          {
            author: "assistant",
            status: "read",
            kind: "buttons",
            buttons: [
              { id: "photo", title: "Enviar foto" },
              { id: "person", title: "Falar com pessoa" },
            ],
          },
        ),
        said(base, -30 * MINUTE, "in", null, { kind: "image", document_id: "doc-108" }),
        said(base, -12 * MINUTE, "in", "quero falar com atendente"),
        said(base, -10 * MINUTE, "in", "mandei o papel errado", { deleted_at: at(-9 * MINUTE, base) }),
        said(base, -9 * MINUTE, "in", null, { kind: "revoke" }),
        said(base, -8 * MINUTE, "in", "é o joelho esquerdo", { edited_at: at(-7 * MINUTE, base) }),
        said(base, -7 * MINUTE, "in", "é o joelho direito", { kind: "edit" }),
        said(base, -11 * MINUTE, "out", "Certo. Uma pessoa da equipe vai continuar esta conversa.", {
          author: "assistant",
          status: "delivered",
        }),
        said(base, -4 * MINUTE, "in", null, { kind: "audio" }),
        said(base, -3 * MINUTE, "in", "tô com um aperto no peito e suando frio", { urgency: "RED" }),
        said(
          base,
          -3 * MINUTE + 1000,
          "out",
          "O que você descreveu pode ser uma emergência. Ligue agora 192 (SAMU).",
          {
            author: "assistant",
            status: "failed",
          },
        ),
      ],
    },
    {
      one: conversation(
        base,
        "c-2",
        {
          initials: "M. A. T.",
          card_end: "0029",
          holder: MARTA,
          reason: "not_understood",
          waiting_since: null,
          member_id: "member-2",
        },
        {
          name: "Marina Albuquerque Teles de Vasconcelos e Sousa Figueiredo",
          others: [{ colleague: MARTA, is_typing: true }],
          window_ends_at: at(70 * MINUTE, base),
        },
      ),
      messages: [
        said(
          base,
          -2 * HOUR,
          "in",
          "vcs atendem no hospital que eu falei ontem? o médico disse pra ver logo",
        ),
        said(base, -HOUR, "out", "Boa tarde, Marina. Aqui é a Marta. Estou vendo com a rede e já volto.", {
          author: MARTA.id,
          status: "delivered",
        }),
      ],
    },
    {
      one: conversation(
        base,
        "c-3",
        {
          initials: null,
          card_end: null,
          member_id: null,
          reason: "unlinked",
          waiting_since: at(-26 * HOUR, base),
        },
        { name: "Zé", birth_date: null, plan_name: null, window_ends_at: at(-2 * HOUR, base) },
      ),
      messages: [said(base, -26 * HOUR, "in", "alguém me ajuda com o boleto")],
    },
  ];
}

function conversation(
  base: number,
  id: string,
  line: Partial<HandOverLine>,
  rest: Partial<HandOver> = {},
): HandOver {
  return {
    line: {
      conversation_id: id,
      member_id: "member-1",
      initials: "S. L. D.",
      card_end: "0011",
      phone_end: "0101",
      channel: "whatsapp",
      state: "open",
      reason: "asked",
      holder: null,
      assistant_answers: false,
      waiting_since: at(-12 * MINUTE, base),
      last_inbound_at: at(-3 * MINUTE, base),
      alert: null,
      closed_at: null,
      ...line,
    },
    name: "Severino Lopes Damasceno",
    birth_date: "1980-03-04",
    plan_name: "Essencial",
    phone: "+5511900000101",
    window_ends_at: at(23 * HOUR, base),
    entries: [
      {
        id: `e-${id}`,
        kind: "handed_over",
        author: null,
        receiver: null,
        reason: "asked",
        text: null,
        at: at(-11 * MINUTE, base),
      },
    ],
    alerts: [],
    others: [],
    ...rest,
  };
}

function said(
  base: number,
  since: number,
  direction: ChatMessage["direction"],
  text: string | null,
  rest: Partial<ChatMessage> = {},
): ChatMessage {
  return {
    id: `m${since}`,
    direction,
    kind: "text",
    text,
    buttons: [],
    document_id: null,
    author: null,
    status: direction === "in" ? "received" : "sent",
    sent_at: at(since, base),
    urgency: null,
    edited_at: null,
    deleted_at: null,
    ...rest,
  };
}

const WEEKS = [
  { monday: "2026-11-16", door: "hand_over", asked: 5, ratings: [0, 0, 1, 0, 2], complaints: 1 },
  { monday: "2026-11-16", door: "decision", asked: 4, ratings: [0, 0, 0, 0, 1], complaints: 0 },
];

const REQUESTS = [
  {
    request_id: "request-108",
    protocol: "34567820261122000108",
    first_tuss: "41101316",
    item_count: 1,
    state: "PENDING_DOCUMENTS",
    character: "elective",
  },
];

const ok = (body: unknown): Answer => ({ status: 200, body });
const page = (items: readonly unknown[]) => ({ items, next_cursor: null });
const refused = (code: string, status = 409): Answer => ({
  status,
  body: { status, code } satisfies Problem,
});
