import type { Assignee } from "./identity";
import type { Member } from "./members";
import type { AuthorizationRequest, DecisionGround, DecisionOutcome } from "./priorAuth";

export type Urgency = "RED" | "ORANGE" | "YELLOW" | "GREEN" | "BLUE";

export type Queue = "medical" | "nurse" | "administrative" | "manual";

export type CaseState = "open" | "waiting_information" | "releasing" | "closed";

export type CaseView = "all" | "urgent" | "mine" | "due_today" | "manual" | "closed";

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

/** How a request ended without a decision of this case; a cancellation has neither decision nor receipt. */
export type CaseEnding = {
  by: "rule" | "order" | "person" | "cancellation";
  person: string | null;
  at: string;
  decision_id: string | null;
  outcome: DecisionOutcome | null;
  digest: string | null;
};

export type TimelineEntry = { at: string; type: string; text: string; actor: string };

export type CaseDetail = {
  case: CaseLine;
  request: AuthorizationRequest;
  member: Member;
  provider: { id: string; name: string; city: string; state: string } | null;
  opinions: Opinion[];
  contacts: Contact[];
  release: Release | null;
  /** Null while the request waits for this case, and where this case's own decision ended it. */
  ending: CaseEnding | null;
  timeline: TimelineEntry[];
  /** For each decision against the member that this case can come to, whoever may release it. */
  groundwork: Groundwork[];
  allowed_actions: string[];
};
