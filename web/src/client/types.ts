/** Shapes of the API, as its OpenAPI document describes them (JSON, snake_case). */

export type CursorPage<Item> = { items: Item[]; next_cursor: string | null };

// Identity

export type Role =
  | "administrator"
  | "authorization_analyst"
  | "nurse_auditor"
  | "medical_auditor"
  | "technical_director"
  | "care_coordinator"
  | "data_protection_officer"
  | "ombudsman"
  | "provider_clerk";

export type Council = {
  council: "CRM" | "COREN" | "CRO" | "CREFITO" | "CRP" | "CRN" | "CRF" | "CRFA";
  uf: string;
  number: string;
};

/** A staff person. `active` is false before the invitation is accepted and after leaving. */
export type Principal = {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  council: Council | null;
  active: boolean;
  /** The hospital or clinic for which a clerk acts; null for staff. */
  provider_id: string | null;
};

export type Session = {
  principal: Omit<Principal, "active">;
  operator: { id: string; name: string };
  expires_at: string;
};

export type NewStaff = {
  name: string;
  email: string;
  roles: Role[];
  council: Council | null;
};

// Medical audit

export type Urgency = "RED" | "ORANGE" | "YELLOW" | "GREEN" | "BLUE";

export type Queue = "medical" | "nurse" | "administrative" | "manual";

export type CaseState = "open" | "waiting_information" | "releasing" | "closed";

export type CaseView = "all" | "urgent" | "mine" | "due_today" | "manual" | "closed";

export type Assignee = { id: string; name: string };

/** Why a case needs a person: a few words for a chip, and the rule's sentence. */
export type RouteReason = { code: string; label: string; text: string };

/**
 * One line of the queue. `business_days_left` is null where the answer is due at once, care was given already
 * (`post_facto`: no term runs), or the case is closed (`overdue` then says that it was answered late).
 */
export type CaseLine = {
  id: string;
  number: string;
  request_id: string;
  protocol: string;
  urgency: Urgency;
  state: CaseState;
  queue: Queue;
  post_facto: boolean;
  route_reasons: RouteReason[];
  member: { id: string; initials: string; card_end: string };
  tuss: string;
  procedure: string;
  more_items: number;
  amount_centavos: number | null;
  received_at: string;
  due_at: string;
  business_days_left: number | null;
  overdue: boolean;
  assigned_to: Assignee | null;
  last_event: { type: string; at: string };
  version: number;
};

export type CaseFilter = {
  view?: CaseView;
  q?: string;
  urgency?: Urgency;
  assigned?: "me" | "none";
};

export type CaseCounts = Record<CaseView, number>;

export type Money = { centavos: number };

export type RequestedItem = {
  position: number;
  tuss: string;
  description: string;
  quantity: number;
  laterality: string | null;
  amount: Money | null;
  approved_quantity: number | null;
};

export type RequestedMaterial = {
  description: string;
  quantity: number;
  unit_price: Money | null;
  maker: string | null;
};

export type EligibilityCheck = {
  check: string;
  outcome: "pass" | "warn" | "fail" | "unknown";
  text: string;
  tiss_reason: string | null;
  evidence: string[];
  clause?: string | null;
};

export type FiredRule = {
  id: string;
  version: string;
  effect: "allow" | "ask" | "route" | "propose" | "inform";
  text: string;
  evidence: string[];
};

export type AttachedDocument = { kind: string; document_id: string | null };

/** A decision as `prior_auth` keeps it, with what the provider needs where it approves. */
/** A guide of a request, as it stands now; at most one of them is valid. */
export type GuideInfo = {
  number: string;
  senha: string;
  issued_on: string;
  valid_until: string;
  standing: "valid" | "replaced" | "ended" | "cancelled";
  /** The number of the guide that took its place, and why. */
  replaced_by: string | null;
  reason: "reanalysis" | "complaint" | "order" | null;
};

export type KeptDecision = {
  decision_id: string;
  outcome: DecisionOutcome;
  at: string;
  /** `system`, or the id of who released it. */
  by: string;
  /** SHA-256, hex, of the receipt's statement: what the ledger commits to. */
  digest: string;
  guide: { number: string; senha: string; valid_until: string } | null;
};

export type AuthorizationRequest = {
  guides: GuideInfo[];
  /** Why an answer was looked at again; `clock` is that of the new one then. */
  reopened: "reanalysis" | "complaint" | "order" | null;
  request_id: string;
  protocol: string;
  version: number;
  state: string;
  tiss_status: number | null;
  channel: string;
  character: "elective" | "urgent";
  received_at: string;
  due_at: string;
  clock: { asked_at: string; due_at: string; business_days: number; basis: string };
  /** Business days in the operator's hands, apart from those on which papers were awaited. */
  internal_clock: { with_us_days: number; awaited_days: number };
  items: RequestedItem[];
  materials: RequestedMaterial[];
  cids: string[];
  indication: string | null;
  requester: { name: string; council: string; uf: string; number: string } | null;
  checks: EligibilityCheck[];
  rules: FiredRule[];
  facts: { name: string; value: string; source: string }[];
  missing: string[];
  proposal: { reason_codes: string[]; clause: string; member_text: string } | null;
  documents: AttachedDocument[];
  decisions: KeptDecision[];
};

export type Member = {
  id: string;
  name: string;
  birth_date: string;
  card_number: string;
  plan_name: string;
  contract_started_on: string;
};

export type OpinionKind = "favourable" | "favourable_in_part" | "needs_information" | "unfavourable";

export type Evidence = { document_id: string; page: number; note: string | null };

export type NewOpinion = { kind: OpinionKind; text: string; evidence: Evidence[] };

export type Opinion = NewOpinion & {
  id: string;
  author: Assignee;
  council: string | null;
  created_at: string;
};

/** Why a nurse hands a case on to a physician; `version` is the case's version that they saw. */
export type NewForward = { reason: string; version: number };

export type ContactParty = "requester" | "provider" | "member";

export type ContactChannel = "phone" | "video" | "in_person" | "email" | "message";

export type NewContact = {
  with_whom: ContactParty;
  channel: ContactChannel;
  at: string;
  summary: string;
  agreed: boolean;
};

export type Contact = NewContact & { id: string; made_by: Assignee };

export type ChecklistCriterion = "prescribed" | "not_refused" | "no_alternative" | "evidence" | "registered";

export type CriterionAnswer = "satisfied" | "not_satisfied" | "unknown";

export type AnsweredCriterion = {
  criterion: ChecklistCriterion;
  answer: CriterionAnswer;
  references: string[];
  pins: Evidence[];
};

/** The ADI 7265 checklist of one item, as a physician fills it in. */
export type NewChecklist = { position: number; criteria: AnsweredCriterion[]; note: string | null };

export type Checklist = NewChecklist & {
  id: string;
  author: Assignee;
  council: string | null;
  created_at: string;
};

export type ChecklistItem = {
  position: number;
  tuss: string;
  description: string;
  asked_for: boolean;
  checklists: Checklist[];
};

export type CaseChecklists = { items: ChecklistItem[]; may_write: boolean };

export type DecisionOutcome =
  "approve" | "approve_in_part" | "deny" | "request_information" | "administrative_return";

export type DecisionGround = "clinical" | "administrative";

/** A decision as a person releases it; `version` is the case's version that they saw. */
export type NewDecision = {
  case_id: string;
  outcome: DecisionOutcome;
  ground: DecisionGround | null;
  text_to_member: string | null;
  reason_codes: string[];
  legal_basis: string | null;
  items: { position: number; approved_quantity: number }[];
  missing: string[];
  version: number;
};

/** A released decision on its way: kept by `prior_auth`, then sealed by the ledger. */
export type Release = {
  id: string;
  outcome: DecisionOutcome;
  ground: DecisionGround | null;
  text_to_member: string | null;
  reason_codes: string[];
  legal_basis: string | null;
  missing: string[];
  released_by: Assignee;
  released_at: string;
  state: "releasing" | "undone" | "recording" | "recorded" | "refused" | "sealed";
  /** While `releasing`: for how many seconds from this answer on whoever released it may still undo it. */
  undo_seconds: number | null;
  /** Why it was not kept: a stable code. */
  refusal: string | null;
  /** What it lacked, as names, where that was the refusal. */
  lacking: string[];
};

/** A code of TISS table 38 for what is not approved. `valid_until` is its last day, where ANS has set one. */
export type ReasonCode = { code: string; text: string; valid_until: string | null; in_force: boolean };

/** What must be done in the case before such a decision can be released, as names; empty when all is done. */
export type Groundwork = { outcome: DecisionOutcome; lacking: string[] };

export type TimelineEntry = { at: string; type: string; text: string; actor: string };

export type CaseDetail = {
  case: CaseLine;
  request: AuthorizationRequest;
  member: Member;
  provider: { id: string; name: string; city: string; state: string } | null;
  opinions: Opinion[];
  contacts: Contact[];
  release: Release | null;
  timeline: TimelineEntry[];
  /** For each decision against the member that this case can come to, whoever may release it. */
  groundwork: Groundwork[];
  allowed_actions: string[];
};

// Documents

export type FieldStatus = "accepted" | "confirm" | "unreadable";

export type Box = { page: number; x0: number; y0: number; x1: number; y1: number };

/** One fact read from a paper. Names repeat (`cid`), so its place in the list is what tells it apart. */
export type DocumentField = {
  name: string;
  value: string | null;
  normal: string | null;
  /** Fractions of the page's width and height, from the top left. */
  box: Box | null;
  confidence: number;
  passed: string[];
  failed: string[];
  status: FieldStatus;
};

export type DocumentDetail = {
  id: string;
  status: "stored" | "reading" | "read" | "refused";
  refusal: string | null;
  document_class: string | null;
  handwritten: boolean;
  pages: { number: number; width: number; height: number }[];
  fields: DocumentField[];
  procedures: {
    description: DocumentField;
    tuss: DocumentField | null;
    laterality: DocumentField | null;
    quantity: DocumentField | null;
  }[];
};

// Chat

export type TriageTask = {
  id: string;
  level: Urgency;
  category: string;
  state: "open" | "acknowledged" | "escalated";
  conversation_id: string;
  member_id: string | null;
  /** What the person wrote. */
  excerpt: string;
  /** The message to listen to, where it was spoken. */
  voice_note_id: string | null;
  phone: string | null;
  rules: string[];
  lexicon_version: string;
  opened_at: string;
  due_at: string;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  /** Delivery status of the emergency reply. */
  reply_status: string;
};

// Ledger

export type LedgerCheckpoint = {
  origin: string;
  size: number;
  root: string;
  note: string;
  public_key: string;
};

export type LedgerProof = {
  format: string;
  state: string;
  entry: {
    id: string;
    index: number;
    source_event_id: string;
    kind: string;
    time: string;
    leaf_data: string;
    salt: string | null;
    statement: string | null;
  };
  leaf_hash: string;
  proof: string[];
  tree_size: number;
  root: string;
  checkpoint: string;
  public_key: string;
};

// Prior authorization

export type MovedBy = "system" | "staff" | "member";

/** One move of a request; `elements` are what it passed in the diagram. */
export type LifecycleStep = {
  at: string;
  by: MovedBy;
  text: string;
  state: string;
  state_name: string;
  elements: string[];
};

/** A request's way on the diagram of the life cycle (`bpmn`, BPMN 2.0 XML), and what may come next. */
/** What explainable rules found in a request, for those who may see it. */
export type FoundSignal = {
  id: string;
  version: string;
  severity: "low" | "medium" | "high";
  effect: "inform" | "ask" | "route";
  text: string;
  evidence: string[];
  thresholds: { name: string; value: number; unit: string; source: string; verified_on: string | null }[];
};

export type KeptScreening = {
  request_id: string;
  at: string;
  screening: { rules_version: string; rules_digest: string; signals: FoundSignal[]; blind: string[] };
  blind: { id: string; name: string; why: string }[];
};

export type Lifecycle = {
  bpmn: string;
  state: string;
  state_name: string;
  steps: LifecycleStep[];
  next: { by: MovedBy[]; text: string; state: string; state_name: string }[];
};

/** What came of deciding again from a receipt; values are JSON text. */
export type ReplayResult = {
  identical: boolean;
  differences: { field: string; kept: string; now: string }[];
  notes: string[];
};

// Links for members

export type OpenedLink = {
  protocol: string;
  text: string;
  procedures: string[];
  guide_number: string | null;
  senha: string | null;
  valid_until: string | null;
  replaced_guide: string | null;
  missing: string[];
  decided_at: string | null;
};

// Desk of a provider

export type DocumentKind =
  "order" | "report" | "finding" | "image" | "quote" | "consent" | "exam" | "receipt";

export type Side = "right" | "left" | "both";

export type ConfirmedMember = { member_id: string; shown_name: string; card_end: string };

export type FoundProcedure = {
  code: string;
  description: string;
  in_force: boolean;
  code_doubtful: boolean;
};

export type DeskQuestion = { fact: string; kind: "yes_no" | "number"; label: string };

export type ItemNeeds = {
  tuss: string;
  known: boolean;
  needs_side: boolean;
  documents: DocumentKind[];
  quotes: number;
  questions: DeskQuestion[];
};

export type DeskPerson = { shown_name: string; card_end: string };

export type DeskLine = {
  request_id: string;
  protocol: string;
  state: string;
  character: "elective" | "urgent";
  answered: boolean;
  person: DeskPerson;
  procedure: string;
  item_count: number;
  received_at: string;
  due_on: string;
};

export type DeskDecision = {
  decision_id: string;
  outcome: string;
  at: string;
  reason_codes: string[];
  legal_basis: string | null;
  member_text: string;
  guide: { number: string; senha: string; valid_until: string } | null;
};

export type DeskRequest = {
  request: {
    request_id: string;
    member_id: string;
    protocol: string;
    version: number;
    state: string;
    tiss_status: number | null;
    character: "elective" | "urgent";
    received_at: string;
    items: {
      position: number;
      tuss: string;
      description: string;
      quantity: number;
      laterality: Side | null;
      approved_quantity: number | null;
    }[];
    missing: string[];
    answer_by: string | null;
    documents: { kind: DocumentKind; document_id: string | null; added_at: string }[];
    decisions: DeskDecision[];
    guides: GuideInfo[];
    history: { sequence: number; at: string; text: string }[];
  };
  person: DeskPerson;
  due_on: string;
  text: string;
  may: ("answer" | "add_papers" | "cancel")[];
  letter: boolean;
};

export type AttachedPaper = { kind: DocumentKind; document_id: string | null };

export type StatedFact = { name: string; value: boolean | number | string };

export type NewRequest = {
  member_id: string;
  channel: "portal";
  character: "elective" | "urgent";
  items: { tuss: string; description: string; quantity: number; laterality: Side | null }[];
  cids: string[];
  indication: string | null;
  facts: StatedFact[];
  requester: { name: string; council: string; uf: string; number: string };
  documents: AttachedPaper[];
};

export type RequestReceipt = { request_id: string; protocol: string; due_at: string };

export type Provider = { id: string; name: string; city: string; state: string; cnpj: string | null };

export type NewClerk = { name: string; email: string };

// Demonstration

export type DemoSignIn = { name: string; email: string; password: string; roles: Role[] };

export type DemoMember = {
  phone: string;
  name: string;
  about: string;
  says: string[];
  photos: { name: string; title: string; url: string; mime_type: string }[];
};

export type PhoneMessage = {
  id: string;
  from: "member" | "austa";
  type: string;
  text: string;
  at: string;
  status: string;
  reply_to: string | null;
  error: string | null;
  media: { url: string; mime_type: string | null; filename: string | null } | null;
  footer: string | null;
  buttons: { id: string; title: string }[];
  link: { title: string; url: string } | null;
  list: {
    button: string;
    sections: { title: string; rows: { id: string; title: string; description?: string }[] }[];
  } | null;
};

export type InspectorEntry = {
  id: string;
  at: string;
  direction: "in" | "out";
  kind: string;
  /** Method and path. */
  call: string;
  headers: Record<string, string>;
  body: unknown;
};

export type PhoneTranscript = {
  phone: string;
  cursor: number;
  messages: PhoneMessage[];
  /** What went over the wire, oldest first. */
  inspector: InspectorEntry[];
};

/** What was, or would be, sent to whom by mail, text message or WhatsApp. */
export type OutboxMessage = {
  notification_id: string;
  template: string;
  channel: string;
  state: string;
  address: string;
  subject: string;
  text: string;
  created_at: string;
};

// Decision tables

export type RuleStatus =
  "draft" | "proposed" | "scheduled" | "active" | "superseded" | "expired" | "withdrawn";

export type RuleStep = {
  step: "propose" | "activate" | "expire";
  at: string;
  by: string;
  by_name: string | null;
  effective_at: string;
  until: string | null;
  note: string;
};

/** One version of a set of tables. It never changes; `steps` are what was done with it. */
export type RuleVersion = {
  id: string;
  rule_set: string;
  number: number;
  digest: string;
  status: RuleStatus;
  author: string;
  author_name: string | null;
  created_at: string;
  note: string;
  in_force_from: string | null;
  in_force_until: string | null;
  steps: RuleStep[];
};

export type RuleSet = {
  name: string;
  title: string;
  about: string;
  decisions: string[];
  in_force: RuleVersion | null;
  versions: number;
  waiting: number;
};

/** Something about a table as a whole; `example` has the smallest inputs that show it. */
export type RuleFinding = {
  kind: "overlap" | "gap" | "unreachable";
  table: string;
  rules: number[];
  example: Record<string, unknown>;
  instead: number[];
  text: string;
};

export type RuleAt = { table: string; rule: number };

/** What there is to say about tables before anybody puts them in force. */
export type RuleReport = {
  sound: boolean;
  digest: string;
  faults: { decision: string; rule: number | null; column: string; text: string; expected: string }[];
  misfits: string[];
  findings: RuleFinding[];
  not_judged: RuleAt[];
  not_searched_to_the_end: string[];
  examples: number;
  failed_examples: { name: string; decision: string; why: string }[];
  rules_without_example: RuleAt[];
};

export type CellChange = { column: string; before: string | null; after: string | null };

export type RowChange = {
  kind: "added" | "removed" | "changed" | "moved";
  before: number | null;
  after: number | null;
  cells: CellChange[];
};

export type RuleDifference = {
  before: RuleVersion | null;
  after: RuleVersion;
  inputs: CellChange[];
  tables: {
    decision: string;
    kind: "added" | "removed" | "changed";
    head: CellChange[];
    rows: RowChange[];
  }[];
};

/** Where a request goes; for legal terms its class and its business days. */
export type SimulatedWay = { path: string; queue: string | null; days: number | null };

/** What tables would have done to past requests, against those in force now. */
export type SimulationResult = {
  since: string;
  looked_at: number;
  changed: number;
  /** Requests of people who were erased. */
  unreadable: number;
  /** Whether no request of those days was left out. */
  whole: boolean;
  ways: { before: SimulatedWay; after: SimulatedWay; requests: number }[];
  examples: {
    request_id: string;
    protocol: string;
    assessed_at: string;
    before: SimulatedWay;
    after: SimulatedWay;
    speaks_now: string[];
    speaks_no_longer: string[];
  }[];
};

/** Tables that are not kept yet, and their example rows as the text of a JSON file. */
export type RuleContent = { xml: string; examples: string | null };
