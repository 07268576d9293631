import type { NewBoard, NewBoardAct } from "@/client/types/boards";
import type { Problem } from "@/client/problem";
import type { OutboxMessage, PhoneTranscript } from "@/client/types/demo";
import type { DutyRoster } from "@/client/types/chat";
import type { AccessWork } from "@/client/types/access";
import type {
  CaseDetail,
  Checklist,
  NewChecklist,
  NewContact,
  NewDecision,
  NewForward,
  NewOpinion,
  Release,
  ReasonCode,
} from "@/client/types/medicalAudit";

import { FakeBoard, TIEBREAKERS } from "./fakeBoard";
import {
  at,
  caseDetail,
  caseLines,
  DEMO_MEMBERS,
  DOCUMENT,
  NOW,
  screening,
  dutyRoster,
  SESSION,
  triageTasks,
} from "./fakeData";
import { FakeConversations } from "./fakeConversations";
import { FakeMember } from "./fakeMember";
import { firstAccessTask, workedOn } from "./fakeAccess";
import { signedProof } from "./fakeLedger";
import { lifecycle } from "./fakeLifecycle";
import { answerRules, PROPOSED } from "./fakeRules";

/** A small AUSTA in memory, for tests and for looking at the screens. It answers as the server's API does. */
export class FakeApi {
  signedIn = true;
  demo = true;
  /** The version of tables that waits for a second person. */
  proposed = PROPOSED;
  /** Status or problem to answer with on addresses that start so. */
  failing = new Map<string, number | Problem>();
  /** Whether releases wait, as on the server; else they are sealed at once. */
  waits = false;
  readonly asked: { method: string; path: string; body: unknown; headers: Headers }[] = [];
  /** What a test has it answer, by method and path. */
  readonly answers = new Map<string, unknown>();
  private readonly base: number;
  private readonly details = new Map<string, CaseDetail>();
  readonly board = new FakeBoard();
  readonly conversations: FakeConversations;
  readonly member = new FakeMember();
  private readonly checklists = new Map<string, Checklist[]>();
  private readonly tasks;
  private access;
  duty: DutyRoster;
  private readonly transcript: PhoneTranscript;

  constructor(base = NOW) {
    this.base = base;
    for (const one of caseLines(base)) this.details.set(one.id, caseDetail(one, base));
    this.tasks = triageTasks(base);
    this.access = firstAccessTask(base);
    this.duty = dutyRoster(base);
    this.conversations = new FakeConversations(base);
    this.transcript = firstTranscript(base);
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, "http://localhost"),
      init,
    );
    return this.answer(request);
  };

  async answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const body: unknown = request.headers.get("content-type")?.includes("json") ? await request.json() : null;
    this.asked.push({ method: request.method, path: pathname, body, headers: request.headers });
    const failing = [...this.failing].find(([start]) => pathname.startsWith(start));
    if (failing) return failed(failing[1]);
    if (pathname.startsWith("/demo/api/")) return this.answerDemo(request, pathname, body);
    if (pathname === "/api/v1/auth/login") return this.login(body as { email: string; password: string });
    if (/^\/api\/v1\/links\/.+\/letter$/.test(pathname))
      return new Response("%PDF-", { headers: { "Content-Type": "application/pdf" } });
    if (/^\/api\/v1\/(member-session|my\/)/.test(pathname)) {
      return this.member.answer(request.method, pathname, body);
    }
    if (pathname.startsWith("/api/v1/links/")) return openLink(body as { birth_date: string });
    if (!this.signedIn) return problem(401, "http.not_signed_in");
    return this.answerSignedIn(request.method, pathname, searchParams, body);
  }

  detail(id: string): CaseDetail {
    const found = this.details.get(id);
    if (!found) throw new Error(`no case ${id}`);
    return found;
  }

  private ofRequest(id: string): CaseDetail {
    return [...this.details.values()].find((one) => one.request.request_id === id)!;
  }

  private login({ email, password }: { email: string; password: string }): Response {
    if (email !== SESSION.principal.email || password !== "demo")
      return problem(401, "identity.sign_in_refused");
    this.signedIn = true;
    return json(SESSION);
  }

  private async answerSignedIn(
    method: string,
    path: string,
    search: URLSearchParams,
    body: unknown,
  ): Promise<Response> {
    const given = this.answers.get(`${method} ${path}`);
    if (given !== undefined) return json(given);
    if (path === "/api/v1/auth/me") return json(SESSION);
    if (path === "/api/v1/auth/logout") return new Response(null, { status: 204 });
    if (path === "/api/v1/cases") return json(this.list(search));
    if (path === "/api/v1/cases/counts") {
      return json({ all: this.details.size, urgent: 2, mine: 1, due_today: 3, manual: 1, closed: 0 });
    }
    if (path === "/api/v1/tiebreakers") return json({ items: TIEBREAKERS, next_cursor: null });
    if (path === "/api/v1/reason-codes") return json({ items: REASON_CODES, next_cursor: null });
    if (path === "/api/v1/decisions") return this.decide(body as NewDecision);
    if (path === "/api/v1/triage-tasks") {
      const open = this.tasks.filter(
        (task) => search.get("state") !== "open" || task.acknowledged_at === null,
      );
      return json({ items: open, next_cursor: null });
    }
    const ofChat = this.conversations.answer(method, path, search, body);
    if (ofChat !== null) return json(ofChat.body, ofChat.status);
    if (path === "/api/v1/duty-roster") return this.answerDuty(method, body);
    if (path === "/api/v1/access-tasks") return json({ items: [this.access.task], next_cursor: null });
    if (path.startsWith("/api/v1/access-tasks/")) {
      if (path.endsWith("/work")) this.access = workedOn(this.access, body as AccessWork);
      return json(this.access);
    }
    if (path === "/api/v1/staff") {
      return json({
        items: [
          { ...SESSION.principal, active: true },
          {
            id: "p-2",
            name: "Enf. Marta Reis",
            email: "marta@demo.austa.example",
            roles: ["nurse_auditor"],
            council: { council: "COREN", uf: "SP", number: "55120" },
            active: false,
          },
        ],
        next_cursor: null,
      });
    }
    const ofRules = path.startsWith("/api/v1/rules") ? answerRules(path, this.proposed) : undefined;
    if (ofRules !== undefined) return json(ofRules);
    const [, kind, id = "", act] = /^\/api\/v1\/([\w-]+)\/([\w-]+)(?:\/([\w-]+))?/.exec(path) ?? [];
    if (kind === "decisions" && act === "undo") return this.undo(id);
    if (path === "/api/v1/documents/search") return json(papersWith(body as { query: string }));
    if (kind === "documents") return act === "pages" ? paper() : json(DOCUMENT);
    if (kind === "ledger") return json(await signedProof());
    if (kind === "triage-tasks") return this.acknowledge(id);
    if (kind === "authorizations" && act === "signals") return json(screening(id));
    if (kind === "authorizations" && act === "lifecycle") return json(lifecycle(this.ofRequest(id)));
    if (kind === "cases" && this.details.has(id)) return this.answerCase(method, path, id, act, body);
    return problem(404, "http.404");
  }

  private answerDuty(method: string, body: unknown): Response {
    if (method === "PUT") {
      const asked = body as { version: number; roster: DutyRoster["roster"] };
      if (asked.version !== this.duty.version) return problem(409, "chat.roster_changed");
      this.duty = { ...this.duty, roster: asked.roster, version: asked.version + 1 };
    }
    return json(this.duty);
  }

  private list(search: URLSearchParams) {
    const lines = [...this.details.values()].map((detail) => detail.case);
    const q = search.get("q")?.toLowerCase() ?? "";
    const urgency = search.get("urgency");
    const manual = search.get("view") === "manual";
    const items = lines.filter(
      (one) =>
        (q === "" || `${one.number} ${one.tuss}`.includes(q)) &&
        (urgency === null || one.urgency === urgency) &&
        (!manual || one.queue === "manual") &&
        (search.get("assigned") !== "none" || one.assigned_to === null),
    );
    return { items, next_cursor: null };
  }

  private answerChecklists(method: string, id: string, detail: CaseDetail, body: unknown): Response {
    const kept = this.checklists.get(id) ?? [];
    if (method === "POST") {
      const checklist = {
        ...(body as NewChecklist),
        id: `l${kept.length}`,
        author: { id: SESSION.principal.id, name: SESSION.principal.name },
        council: "CRM 104233/SP",
        created_at: at(0, this.base),
      };
      this.checklists.set(id, [checklist, ...kept]);
      return json(checklist, 201);
    }
    const unsure = detail.request.checks.some((c) => c.check === "coverage_list" && c.outcome === "unknown");
    const items = detail.request.items.map(({ position, tuss, description }) => ({
      position,
      tuss,
      description,
      asked_for: unsure,
      checklists: kept.filter((one) => one.position === position),
    }));
    return json({ items, may_write: detail.allowed_actions.includes("opinion:write") });
  }

  private answerBoard(method: string, path: string, body: unknown): Response {
    const now = at(0, this.base);
    if (method === "GET") return json(this.board.answer());
    if (path.endsWith("/acts")) return json(this.board.act(body as NewBoardAct, now), 202);
    return json(this.board.open(body as NewBoard, now), 202);
  }

  private answerCase(
    method: string,
    path: string,
    id: string,
    act: string | undefined,
    body: unknown,
  ): Response {
    const detail = this.detail(id);
    if (act === "board") return this.answerBoard(method, path, body);
    if (act === "checklists") return this.answerChecklists(method, id, detail, body);
    if (method === "GET") return json(detail);
    const now = at(0, this.base);
    const me = { id: SESSION.principal.id, name: SESSION.principal.name };
    if (act === "assign") {
      const mine = (body as { to: string | null }).to === "me";
      detail.case = { ...detail.case, assigned_to: mine ? me : null, version: detail.case.version + 1 };
      return json(detail.case);
    }
    if (act === "forward") {
      const { reason } = body as NewForward;
      detail.case = { ...detail.case, queue: "medical", assigned_to: null, version: detail.case.version + 1 };
      detail.allowed_actions = detail.allowed_actions.filter((action) => action !== "case:forward");
      const text = `Encaminhado a um médico: ${reason}`;
      detail.timeline = [...detail.timeline, { at: now, type: "forwarded", text, actor: me.name }];
      return json(detail.case);
    }
    if (act === "contacts") {
      const contact = { ...(body as NewContact), id: `c${detail.contacts.length}`, made_by: me };
      detail.contacts = [...detail.contacts, contact];
      detail.groundwork = groundworkOf(detail);
      return json(contact, 201);
    }
    const opinion = {
      ...(body as NewOpinion),
      id: `o${detail.opinions.length}`,
      author: me,
      council: "CRM 104233/SP",
      created_at: now,
    };
    detail.opinions = [...detail.opinions, opinion];
    detail.groundwork = groundworkOf(detail);
    return json(opinion, 201);
  }

  private decide(asked: NewDecision): Response {
    const detail = this.detail(asked.case_id);
    detail.release = {
      id: "decision-1",
      outcome: asked.outcome,
      ground: asked.ground,
      text_to_member: asked.text_to_member,
      reason_codes: asked.reason_codes,
      legal_basis: asked.legal_basis,
      missing: asked.missing,
      released_by: { id: SESSION.principal.id, name: SESSION.principal.name },
      released_at: at(0, this.base),
      state: "sealed",
      undo_seconds: null,
      refusal: null,
      lacking: [],
    };
    if (this.waits && asked.outcome === "approve") {
      detail.release = { ...detail.release, state: "releasing", undo_seconds: 10 };
      detail.case = { ...detail.case, state: "releasing" };
      detail.allowed_actions = ["release:undo"];
      return json(detail.release, 202);
    }
    detail.request.decisions = [
      {
        decision_id: "decision-1",
        at: at(0, this.base),
        by: SESSION.principal.id,
        digest: "0".repeat(64),
        outcome: "approve",
        guide: { number: "345678260000412", senha: "A7K2-98QX", valid_until: "2026-12-18" },
      },
    ];
    return json(detail.release, 202);
  }

  private undo(id: string): Response {
    const detail = [...this.details.values()].find((one) => one.release?.id === id);
    if (!detail?.release) return problem(404, "medical_audit.no_such_release");
    const undone: Release = { ...detail.release, state: "undone", undo_seconds: null };
    detail.release = null;
    detail.case = { ...detail.case, state: "open" };
    detail.allowed_actions = ["decision:approve"];
    return json(undone);
  }

  private acknowledge(id: string): Response {
    const task = this.tasks.find((one) => one.id === id);
    if (!task) return problem(404, "chat.no_such_task");
    task.state = "acknowledged";
    task.acknowledged_at = at(0, this.base);
    return json(task);
  }

  private answerDemo(request: Request, path: string, body: unknown): Response {
    if (!this.demo) return problem(404, "http.404");
    if (path === "/demo/api/sign-ins") {
      return json({
        items: [
          { ...SESSION.principal, password: "demo" },
          {
            name: "Enf. Marta Reis",
            email: "marta@demo.austa.example",
            password: "demo",
            roles: ["nurse_auditor"],
          },
        ],
      });
    }
    if (path === "/demo/api/members") return json({ items: DEMO_MEMBERS });
    if (path === "/demo/api/outbox") {
      return json({ items: [outboxMessage(this.base)], next_cursor: null });
    }
    if (path.startsWith("/demo/api/photos/") || path.startsWith("/demo/api/media/")) return paper();
    if (path.endsWith("/text") && request.method === "POST") {
      this.transcript.messages.push({
        ...this.transcript.messages[0]!,
        id: `w${this.transcript.messages.length + 1}`,
        text: (body as { text: string }).text,
        at: at(0, this.base),
        status: "sent",
      });
      return json({ id: "w" }, 201);
    }
    return path.endsWith("/transcript") ? json(this.transcript) : json({ id: "w" }, 201);
  }
}

/** What the server says must still be done before a decision against the member. */
export function groundworkOf({ opinions, contacts }: CaseDetail): CaseDetail["groundwork"] {
  const lackingFor = (kinds: string[]) => [
    ...(kinds.includes(opinions.at(-1)?.kind ?? "") ? [] : ["opinion"]),
    ...(contacts.some((contact) => contact.with_whom === "requester") ? [] : ["requester_contact"]),
    ...(opinions.some((opinion) => opinion.evidence.length > 0) ? [] : ["evidence"]),
  ];
  return [
    { outcome: "approve_in_part", lacking: lackingFor(["favourable_in_part", "unfavourable"]) },
    { outcome: "deny", lacking: lackingFor(["unfavourable"]) },
  ];
}

const REASON_CODES: ReasonCode[] = [
  { code: "3145", text: "Não autorizado por motivo técnico", valid_until: null, in_force: true },
  { code: "3171", text: "Atendimento dentro da carência do beneficiário", valid_until: null, in_force: true },
  { code: "1402", text: "Procedimento não autorizado", valid_until: "2026-06-30", in_force: false },
];

function outboxMessage(base: number): OutboxMessage {
  return {
    notification_id: "m1",
    template: "one_time_code",
    channel: "sms",
    state: "waiting",
    address: "(11) •••••-0101",
    subject: "",
    text: "Seu código AUSTA é 482913. Vale por 10 minutos.",
    created_at: at(-60_000, base),
  };
}

function openLink({ birth_date }: { birth_date: string }): Response {
  if (birth_date !== "1980-03-09") return problem(403, "prior_auth.birth_date_wrong");
  return json({
    protocol: "3456782026111800000104",
    text: "Seu pedido foi autorizado.",
    procedures: ["RM articular (joelho direito)"],
    guide_number: "345678260000412",
    senha: "A7K2-98QX",
    valid_until: "2026-12-18",
    replaced_guide: null,
    missing: [],
    decided_at: at(0),
  });
}

function firstTranscript(base: number): PhoneTranscript {
  const message = {
    type: "text",
    reply_to: null,
    error: null,
    media: null,
    footer: null,
    buttons: [],
    link: null,
    list: null,
  };
  return {
    phone: DEMO_MEMBERS[0]!.phone,
    cursor: 4,
    messages: [
      {
        ...message,
        id: "w1",
        from: "member",
        text: "oi, preciso de autorização pra essa ressonância do joelho",
        at: at(-180_000, base),
        status: "read",
      },
      {
        ...message,
        id: "w2",
        from: "austa",
        type: "interactive",
        text: "Oi, Severino. Eu sou a *assistente automática* do seu plano.\nPosso ler a foto do seu pedido médico?",
        at: at(-176_000, base),
        status: "read",
        footer: "Você pode falar com uma pessoa quando quiser.",
        buttons: [
          { id: "yes", title: "Pode ler" },
          { id: "person", title: "Falar com pessoa" },
        ],
      },
      {
        ...message,
        id: "w3",
        from: "member",
        type: "image",
        text: "",
        at: at(-120_000, base),
        status: "delivered",
        media: { url: "/demo/api/media/1", mime_type: "image/jpeg", filename: null },
      },
      {
        ...message,
        id: "w4",
        from: "austa",
        text: "Recebi sua foto. Vou ler agora.",
        at: at(-118_000, base),
        status: "read",
        link: { title: "Ver minha resposta", url: "/m/abc" },
      },
    ],
    inspector: [
      {
        id: "i1",
        at: at(-180_000, base),
        direction: "in",
        kind: "text",
        call: "POST /webhooks/whatsapp/900000000000101",
        headers: { "X-Hub-Signature-256": "sha256=9f2c…", "Content-Type": "application/json" },
        body: { object: "whatsapp_business_account", entry: [{ id: "1", changes: [{ field: "messages" }] }] },
      },
      {
        id: "i2",
        at: at(-176_000, base),
        direction: "out",
        kind: "interactive",
        call: "POST /v23.0/900000000000101/messages",
        headers: { Authorization: "Bearer •••" },
        body: { messaging_product: "whatsapp", to: "5511900000101", type: "interactive" },
      },
    ],
  };
}

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json" } });
}

/** The fake's paper has one line that says more than its fields. */
function papersWith({ query }: { query: string }) {
  const text = "Dor e bloqueio articular, sem melhora com fisioterapia";
  const there = text.toLowerCase().includes(query.toLowerCase());
  const box = { page: 2, x0: 0.5, y0: 0.5, x1: 0.7, y1: 0.53 };
  const one = { id: "doc-1", document_class: "medical_order", created_at: at(NOW, -60), places: [] };
  return { items: there ? [{ ...one, places: [{ page: 2, text, boxes: [box] }] }] : [] };
}

function failed(how: number | Problem): Response {
  if (typeof how === "number") return problem(how, "fake.asked_to_fail");
  return new Response(JSON.stringify(how), {
    status: how.status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

function problem(status: number, code: string): Response {
  const body = { type: `urn:austa:error:${code}`, title: code, status, detail: code, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

/** An order drawn as a picture; the boxes of `DOCUMENT` lie on its lines. */
function paper(): Response {
  const row = (y: number, text: string, x = 100, size = 26) =>
    `<text x="${x}" y="${y}" font-family="Liberation Serif, serif" font-size="${size}" fill="#1c2733">${text}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1414" width="1000" height="1414">
    <rect width="1000" height="1414" fill="#fbfaf6"/>
    ${row(110, "Clínica Ortopédica Demonstração", 250, 34)}${row(150, "Rua Fictícia, 100. São Paulo, SP", 330, 20)}
    <line x1="80" y1="185" x2="920" y2="185" stroke="#9aa3ad"/>
    ${row(240, "PEDIDO DE EXAME", 370, 30)}
    ${row(335, "SEVERINO LOPES DAMASCENO")}${row(386, "0 034 567812 4104")}
    ${row(518, "RM ARTICULAR (JOELHO D)")}${row(566, "41101316")}${row(634, "M23.2")}
    ${row(720, "Dor e bloqueio há 8 semanas após entorse.")}${row(760, "Sem melhora com fisioterapia.")}
    ${row(1142, "Dr. Paulo Teixeira Antunes", 430)}${row(1186, "CRM-SP 98412", 430)}
    <ellipse cx="300" cy="1150" rx="110" ry="70" fill="none" stroke="#3b5fa8" stroke-width="3" opacity=".55"/>
    <path d="M440 1090c60-70 90 40 150-20s90-30 160 10" fill="none" stroke="#24407a" stroke-width="4"/>
    ${row(1268, "18/11/2026", 110, 22)}
  </svg>`;
  return new Response(svg, { headers: { "Content-Type": "image/svg+xml" } });
}
