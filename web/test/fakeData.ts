import type { DutyRoster, Shift, TaskTurn, TriageTask } from "@/client/types/chat";
import type { DemoMember } from "@/client/types/demo";
import type { DocumentDetail, DocumentField } from "@/client/types/documents";
import type { KeptScreening } from "@/client/types/fraud";
import type { Session } from "@/client/types/identity";
import type { CaseDetail, CaseLine } from "@/client/types/medicalAudit";
import type { AuthorizationRequest } from "@/client/types/priorAuth";

/** Made-up people and requests for tests and for looking at the screens; never part of the built app. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const NOW = Date.parse("2026-11-18T14:05:00Z");

export function at(offsetMs: number, base = NOW): string {
  return new Date(base + offsetMs).toISOString();
}

export const SESSION: Session = {
  principal: {
    id: "p-helena",
    name: "Dra. Helena Prado Vasques",
    email: "helena@demo.austa.example",
    roles: ["medical_auditor", "technical_director"],
    council: { council: "CRM", uf: "SP", number: "104233" },
    provider_id: null,
  },
  operator: { id: "op-1", name: "Operadora Demonstração Saúde" },
  expires_at: at(8 * HOUR),
  // A technical director who also administers: every place of the operator's staff.
  may: [
    "case:read",
    "authorization:read",
    "triage_task:read",
    "member:read",
    "conversation:read",
    "message:send",
    "duty:change",
    "canned_answer:change",
    "message_cost:read",
    "message_template:read",
    "message_template:write",
    "message_template:release",
    "message_price:change",
    "document:read",
    "access_task:work",
    "staff:list",
    "staff:invite",
    "rules:read",
    "rules:propose",
    "rules:activate",
    "signal_rules:read",
    "calendar:read",
    "calendar:change",
    "response_times:read",
    "tiebreaker:read",
    "tiebreaker:import",
  ],
};

type LineSketch = {
  n: number;
  urgency: CaseLine["urgency"];
  dueIn: number;
  days: number | null;
  initials: string;
  tuss: string;
  procedure: string;
  reais: number | null;
  reasons: string[];
  assigned?: string;
  more?: number;
  queue?: CaseLine["queue"];
};

const SKETCHES: LineSketch[] = [
  {
    n: 108,
    urgency: "RED",
    dueIn: -1.2 * HOUR,
    days: null,
    initials: "C. F. M.",
    tuss: "31005497",
    procedure: "Colecistectomia sem colangiografia por videolaparoscopia",
    reais: 11400,
    reasons: ["urgência", "revisão após o fato"],
  },
  {
    n: 124,
    urgency: "RED",
    dueIn: 0.6 * HOUR,
    days: null,
    initials: "E. K. B.",
    tuss: "40708128",
    procedure: "PET dedicado oncológico",
    reais: 4800,
    reasons: ["ordem judicial"],
    assigned: "Dra. Helena Prado Vasques",
  },
  {
    n: 104,
    urgency: "ORANGE",
    dueIn: 5.5 * HOUR,
    days: 0,
    initials: "S. L. D.",
    tuss: "41101316",
    procedure: "RM articular (joelho direito)",
    reais: 1050,
    reasons: ["exame repetido em 90 dias", "sem nova indicação"],
  },
  {
    n: 117,
    urgency: "ORANGE",
    dueIn: 9 * HOUR,
    days: 0,
    initials: "A. B. C.",
    tuss: "40316149",
    procedure: "PSA total",
    reais: 96,
    reasons: ["conferir beneficiário"],
    more: 1,
    queue: "nurse",
  },
  {
    n: 114,
    urgency: "YELLOW",
    dueIn: 1.2 * DAY,
    days: 1,
    initials: "S. R. M.",
    tuss: "20104294",
    procedure: "Terapia oncológica, planejamento e primeiro dia",
    reais: 18900,
    reasons: ["anexo de quimioterapia"],
    assigned: "Dr. Otávio Lins",
  },
  {
    n: 107,
    urgency: "YELLOW",
    dueIn: 2.1 * DAY,
    days: 2,
    initials: "C. F. M.",
    tuss: "31005497",
    procedure: "Colecistectomia sem colangiografia por videolaparoscopia",
    reais: 8600,
    reasons: ["carência de 180 dias"],
    queue: "administrative",
  },
  {
    n: 111,
    urgency: "GREEN",
    dueIn: 5.2 * DAY,
    days: 4,
    initials: "R. S. Q.",
    tuss: "30715016",
    procedure: "Artrodese da coluna com instrumentação por segmento",
    reais: 86000,
    reasons: ["OPME", "três orçamentos"],
    assigned: "Enf. Marta Reis",
    more: 2,
    queue: "nurse",
  },
  {
    n: 112,
    urgency: "GREEN",
    dueIn: 6.2 * DAY,
    days: 5,
    initials: "R. S. Q.",
    tuss: "30715016",
    procedure: "Artrodese da coluna com instrumentação por segmento",
    reais: 148000,
    reasons: ["OPME", "preço fora da referência", "fabricante único"],
    more: 1,
  },
  {
    n: 116,
    urgency: "GREEN",
    dueIn: 7.3 * DAY,
    days: 6,
    initials: "G. M. P.",
    tuss: "30912032",
    procedure: "Angioplastia transluminal percutânea de múltiplos vasos, com implante de stent",
    reais: 52000,
    reasons: ["CPT declarada"],
  },
  {
    n: 109,
    urgency: "GREEN",
    dueIn: 7.9 * DAY,
    days: 6,
    initials: "P. G. R.",
    tuss: "31309054",
    procedure: "Cesariana",
    reais: 7200,
    reasons: ["carência de 300 dias"],
    queue: "administrative",
  },
  {
    n: 119,
    urgency: "BLUE",
    dueIn: 9.2 * DAY,
    days: 7,
    initials: "W. T. A.",
    tuss: "40202038",
    procedure: "Endoscopia digestiva alta com biópsia",
    reais: 1900,
    reasons: ["mesmo dia em duas cidades"],
    more: 1,
  },
  {
    n: 120,
    urgency: "BLUE",
    dueIn: 11.3 * DAY,
    days: 8,
    initials: "B. N. F.",
    tuss: "30602122",
    procedure: "Correção da hipertrofia mamária, unilateral",
    reais: 21000,
    reasons: ["fora do Rol"],
  },
  {
    n: 118,
    urgency: "BLUE",
    dueIn: 12.3 * DAY,
    days: 7,
    initials: "F. D. P.",
    tuss: "10101012",
    procedure: "Reembolso de consulta em consultório",
    reais: 1920,
    reasons: ["documentos em análise manual"],
    more: 3,
    queue: "manual",
  },
];

function line(sketch: LineSketch, base: number): CaseLine {
  return {
    id: `case-${sketch.n}`,
    number: `2026-000${sketch.n}`,
    request_id: `request-${sketch.n}`,
    protocol: `34567820261118000${sketch.n}`,
    urgency: sketch.urgency,
    state: "open",
    queue: sketch.queue ?? "medical",
    post_facto: false,
    route_reasons: sketch.reasons.map((text, index) => ({
      code: `R${sketch.n}.${index}`,
      label: text,
      text: `Uma pessoa confere: ${text}.`,
    })),
    member: { id: `member-${sketch.n}`, initials: sketch.initials, card_end: String(4000 + sketch.n) },
    tuss: sketch.tuss,
    procedure: sketch.procedure,
    more_items: sketch.more ?? 0,
    amount_centavos: sketch.reais === null ? null : sketch.reais * 100,
    received_at: at(sketch.dueIn - 6 * DAY, base),
    due_at: at(sketch.dueIn, base),
    business_days_left: sketch.days,
    overdue: sketch.dueIn < 0,
    assigned_to: sketch.assigned ? { id: `p-${sketch.assigned}`, name: sketch.assigned } : null,
    last_event: { type: sketch.assigned ? "assigned" : "opened", at: at(-sketch.n * 4 * 60_000, base) },
    version: 3,
  };
}

export function caseLines(base = NOW): CaseLine[] {
  return SKETCHES.map((sketch) => line(sketch, base));
}

function field(
  name: string,
  value: string | null,
  box: [number, number, number, number] | null,
  status: DocumentField["status"],
): DocumentField {
  return {
    name,
    value,
    normal: value,
    box: box && { page: 1, x0: box[0], y0: box[1], x1: box[2], y1: box[3] },
    confidence: status === "accepted" ? 0.98 : 0.61,
    passed: ["in_table"],
    failed: status === "accepted" ? [] : ["label"],
    status,
  };
}

export const DOCUMENT: DocumentDetail = {
  id: "doc-1",
  subject: "m-104",
  status: "read",
  refusal: null,
  document_class: "medical_order",
  handwritten: false,
  pages: [
    { number: 1, width: 1000, height: 1414 },
    { number: 2, width: 1000, height: 1414 },
  ],
  items: [],
  procedures: [
    {
      description: field("procedure", "RM ARTICULAR (JOELHO D)", [0.1, 0.345, 0.62, 0.372], "accepted"),
      tuss: field("tuss", "41101316", [0.1, 0.382, 0.3, 0.405], "accepted"),
      laterality: field("laterality", "direito", [0.5, 0.345, 0.62, 0.372], "confirm"),
      quantity: null,
    },
  ],
  fields: [
    field("member_name", "SEVERINO LOPES DAMASCENO", [0.1, 0.215, 0.66, 0.243], "accepted"),
    field("card_number", "0 034 567812 4104", [0.1, 0.252, 0.48, 0.278], "confirm"),
    field("cid", "M23.2", [0.1, 0.43, 0.3, 0.455], "accepted"),
    field("requester_name", "Dr. Paulo Teixeira Antunes", [0.42, 0.79, 0.86, 0.815], "accepted"),
    field("council_number", "98412", [0.42, 0.822, 0.7, 0.847], "accepted"),
    field("issue_date", null, [0.1, 0.88, 0.36, 0.91], "unreadable"),
  ],
  authenticity: {
    score: 30,
    parts: [
      { code: "signature_changed_later", points: -40 },
      { code: "signer_is_requester", points: 10 },
      { code: "requester_checked", points: 5 },
    ],
    signatures: [
      {
        integrity: "intact",
        coverage: "changed",
        chain: "trusted",
        root: "Autoridade Certificadora Raiz Brasileira v10",
        signer: "PAULO TEIXEIRA ANTUNES",
        cpf: "11144477735",
        registration: "CRM-SP 98412",
        signed_at: "2026-11-18T13:20:00Z",
        time_stamped: false,
      },
    ],
    made_by: "HP Scan 2.1",
  },
};

export function caseDetail(one: CaseLine, base = NOW): CaseDetail {
  const request: AuthorizationRequest = {
    request_id: one.request_id,
    member_id: one.member.id,
    protocol: one.protocol,
    version: 4,
    state: "IN_MEDICAL_AUDIT",
    tiss_status: 2,
    reopened: null,
    channel: "whatsapp",
    character: "elective",
    received_at: one.received_at,
    due_at: one.due_at,
    clock: {
      asked_at: one.received_at,
      due_at: one.due_at,
      business_days: 10,
      basis:
        "RN ANS 623/2024 (10 dias úteis, alta complexidade) e RN ANS 566/2022 (21 dias úteis): vale o menor.",
    },
    internal_clock: { with_us_days: 3, awaited_days: 1 },
    items: [
      {
        position: 1,
        tuss: one.tuss,
        description: one.procedure,
        quantity: 1,
        laterality: "right",
        amount: one.amount_centavos === null ? null : { centavos: one.amount_centavos },
        approved_quantity: null,
      },
    ],
    materials: [],
    cids: ["M23.2"],
    indication: "Dor e bloqueio no joelho direito há 8 semanas, após entorse. Sem melhora com fisioterapia.",
    requester: { name: "Dr. Paulo Teixeira Antunes", council: "CRM", uf: "SP", number: "98412" },
    checks: [
      {
        check: "card",
        outcome: "pass",
        text: "Beneficiário ativo e carteirinha válida.",
        tiss_reason: null,
        evidence: [],
      },
      {
        check: "waiting_period",
        outcome: "pass",
        text: "Carências cumpridas: no plano há 3 anos.",
        tiss_reason: null,
        evidence: [],
      },
      {
        check: "segmentation",
        outcome: "pass",
        text: "Procedimento dentro da segmentação ambulatorial e hospitalar.",
        tiss_reason: null,
        evidence: [],
      },
      {
        check: "duplicate",
        outcome: "warn",
        text: "Mesmo exame autorizado há 20 dias, em outro prestador.",
        tiss_reason: "3289",
        evidence: ["Protocolo 34567820261029000015"],
      },
      {
        check: "coverage_list",
        outcome: "unknown",
        text: "Cobertura a conferir por um médico: 41101316.",
        tiss_reason: "3287",
        evidence: ["Contrato, Rol e roteiro da ADI 7265"],
        clause: "STF, ADI 7265: roteiro dos cinco critérios, por um médico",
      },
    ],
    rules: [
      {
        id: "SINAL",
        version: "2026.11.1",
        effect: "route",
        text: "Há dados a conferir neste pedido. Quem pode ver os sinais os encontra no caso.",
        evidence: [],
      },
      {
        id: "AUTO-07",
        version: "2026.11.1",
        effect: "inform",
        text: "O valor está dentro do teto para aprovação por regra.",
        evidence: [],
      },
    ],
    facts: [
      { name: "dias_desde_o_ultimo", value: "20", source: "histórico" },
      { name: "semanas_de_tratamento_conservador", value: "8", source: "pedido, página 1" },
    ],
    missing: [],
    proposal: null,
    documents: [
      { kind: "order", document_id: "doc-1" },
      { kind: "report", document_id: null },
    ],
    decisions: [],
    guides: [],
    attendance: null,
  };
  return {
    case: one,
    request,
    member: {
      id: one.member.id,
      name: "Severino Lopes Damasceno",
      birth_date: "1980-03-09",
      card_number: "00345678124104",
      plan_name: "Essencial Ambulatorial + Hospitalar",
      contract_started_on: "2023-08-01",
    },
    provider: { id: "prov-1", name: "Imagem Diagnóstica Demonstração", city: "São Paulo", state: "SP" },
    opinions: [],
    contacts: [],
    release: null,
    ending: null,
    timeline: [
      {
        at: at(-6 * DAY, base),
        type: "received",
        text: "Pedido recebido por WhatsApp, com foto do pedido médico.",
        actor: "beneficiário",
      },
      {
        at: at(-6 * DAY + 40_000, base),
        type: "read",
        text: "Documento lido: 7 campos aceitos, 2 a confirmar, 1 ilegível.",
        actor: "AUSTA",
      },
      {
        at: at(-6 * DAY + 90_000, base),
        type: "confirmed",
        text: "O beneficiário confirmou o lado direito.",
        actor: "beneficiário",
      },
      {
        at: at(-6 * DAY + 95_000, base),
        type: "routed",
        text: "Regras encaminharam para auditoria médica.",
        actor: "AUSTA",
      },
      { at: at(-7 * HOUR, base), type: "opened", text: "Caso aberto", actor: "AUSTA" },
    ],
    groundwork: [
      { outcome: "approve_in_part", lacking: ["opinion", "requester_contact", "evidence"] },
      { outcome: "deny", lacking: ["opinion", "requester_contact", "evidence"] },
    ],
    allowed_actions: [
      "case:assign",
      "case:contact",
      "opinion:write",
      "decision:approve",
      "decision:approve_in_part",
      "decision:deny",
      "decision:request_information",
      "decision:administrative_return",
      "ledger:read",
      "signal:read",
    ],
  };
}

/** What the fraud rules found in the second knee in twenty days. */
export function screening(requestId: string): KeptScreening {
  const days = (value: number, source: string, verified_on: string | null) => [
    { name: "days", value, unit: "days", source, verified_on },
  ];
  return {
    request_id: requestId,
    at: at(0),
    screening: {
      rules_version: "2026.11.1",
      rules_digest: "c".repeat(64),
      blind: ["R08"],
      signals: [
        {
          id: "R02",
          version: "2026.11.1",
          severity: "medium",
          effect: "route",
          text: "O mesmo item foi pedido há 20 dias.",
          evidence: ["Protocolo 34567820261029000015", "29/10/2026"],
          thresholds: days(30, "Regra R02 do AUSTA", "2026-11-21"),
          other_requests: ["r-9"],
        },
        {
          id: "R22",
          version: "2026.11.1",
          severity: "low",
          effect: "route",
          text: "Exame de imagem repetido em 20 dias, sem indicação nova.",
          evidence: ["Protocolo 34567820261029000015"],
          thresholds: days(90, "Regra R22 do AUSTA", null),
          other_requests: [],
        },
      ],
    },
    blind: [
      {
        id: "R08",
        name: "Atendimento externo durante internação em outro lugar",
        why: "Falta importar: internações (austa import signals admissions).",
      },
    ],
    verdicts: [],
  };
}

function taskTurn(number: number, name: string, base: number, rest: Partial<TaskTurn> = {}): TaskTurn {
  return {
    number,
    post: "nurse",
    name,
    phone: null,
    began_at: at(-70_000, base),
    due_at: at(110_000, base),
    was_told: true,
    ...rest,
  };
}

/** Nurses all week but on Sunday, a physician on call at night. */
export function dutyRoster(base = NOW): DutyRoster {
  const shift = (rest: Partial<Shift>): Shift => ({
    post: "nurse",
    person: "p-2",
    name: "Enf. Marta Reis",
    phone: null,
    weekday: null,
    day: null,
    starts: "07:00:00",
    ends: "19:00:00",
    is_absent: false,
    ...rest,
  });
  const me = { id: SESSION.principal.id, name: SESSION.principal.name };
  const onCall = { post: "on_call", person: me.id, name: me.name, phone: "+5511900000077" } as const;
  return {
    version: 3,
    roster: {
      shifts: [
        ...[0, 1, 2, 3, 4, 5].map((weekday) => shift({ weekday })),
        ...[0, 1, 2, 3, 4, 5, 6].map((weekday) =>
          shift({ ...onCall, weekday, starts: "19:00:00", ends: "07:00:00" }),
        ),
        shift({ day: "2030-12-25", is_absent: true, starts: "00:00:00", ends: "00:00:00" }),
      ],
      steps: [
        { post: "nurse", red_s: 60, orange_s: 300 },
        { post: "nurse", red_s: 60, orange_s: 300 },
        { post: "on_call", red_s: 120, orange_s: 300 },
      ],
      time_zone: "America/Sao_Paulo",
    },
    now: [
      {
        post: "nurse",
        people: [{ id: "p-2", name: "Enf. Marta Reis" }],
        gaps: [{ weekday: 6, starts: "07:00:00", until_weekday: 6, ends: "19:00:00" }],
      },
      { post: "on_call", people: [], gaps: [] },
    ],
    changed_by: me,
    changed_at: at(-86_400_000, base),
  };
}

export function triageTasks(base = NOW): TriageTask[] {
  const task = (id: string, rest: Partial<TriageTask>): TriageTask => ({
    id,
    level: "RED",
    category: "cardiac",
    state: "open",
    conversation_id: `conversation-${id}`,
    member_id: "member-1",
    excerpt: "tô com um aperto no peito e suando frio, preciso de guia?",
    voice_note_id: null,
    phone: "+55 11 90000-0101",
    rules: ["C01", "C07"],
    lexicon_version: "2026.11",
    opened_at: at(-70_000, base),
    due_at: at(110_000, base),
    acknowledged_by: null,
    acknowledged_at: null,
    turns: [taskTurn(0, "Enf. Marta Reis", base)],
    reply_status: "delivered",
    ...rest,
  });
  return [
    task("t1", {}),
    task("t2", {
      category: "stroke",
      excerpt: "vó deu um ramo, a boca entortou",
      state: "escalated",
      due_at: at(-95_000, base),
      reply_status: "failed",
      turns: [
        taskTurn(0, "Enf. Marta Reis", base, { due_at: at(-155_000, base) }),
        taskTurn(1, "Dra. Helena Prado Vasques", base, {
          post: "on_call",
          phone: "+5511900000077",
          was_told: false,
        }),
      ],
      rules: ["N03"],
    }),
    task("t3", {
      level: "ORANGE",
      category: "allergy",
      excerpt: "comi camarão e tô toda empolada",
      due_at: at(9 * 60_000, base),
    }),
  ];
}

export const DEMO_MEMBERS: DemoMember[] = [
  {
    phone: "5511900000101",
    name: "Severino Lopes Damasceno",
    about: "46 anos. Tem um pedido de ressonância do joelho.",
    says: [
      "oi, preciso de autorização pra essa ressonância do joelho",
      "tô com um aperto no peito e suando frio",
    ],
    photos: [
      {
        name: "pedido-joelho.jpg",
        title: "Pedido de ressonância do joelho",
        url: "/demo/api/photos/pedido-joelho.jpg",
        mime_type: "image/jpeg",
      },
    ],
  },
  {
    phone: "5511900000102",
    name: "Marina Albuquerque Teles",
    about: "34 anos. Exames de rotina.",
    says: ["bom dia"],
    photos: [],
  },
];
