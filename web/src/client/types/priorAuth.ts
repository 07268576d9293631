import type { AttendanceClock } from "./access";
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
  anvisa_registration: string | null;
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

/** A decision as `prior_auth` keeps it, with what the provider needs where it approves. */
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
  member_id: string;
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
  /** By when care must be had (RN ANS 566/2022); null where no such term runs. */
  attendance: AttendanceClock | null;
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

export type DecisionOutcome =
  "approve" | "approve_in_part" | "deny" | "request_information" | "administrative_return";

export type DecisionGround = "clinical" | "administrative";

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

export type DocumentKind =
  "order" | "report" | "finding" | "image" | "quote" | "consent" | "exam" | "receipt";

export type Side = "right" | "left" | "both";

export type AttachedPaper = { kind: DocumentKind; document_id: string | null };

export type StatedFact = { name: string; value: boolean | number | string };

export type RequestReceipt = { request_id: string; protocol: string; due_at: string };

export type ReviewAct = "reanalyse" | "complain" | "obey" | "extend";

/** What was asked after the answer, newest first (for staff), and what this person may start now. */
export type ReviewBook = {
  reviews: { kind: "reanalysis" | "complaint" | "order"; at: string; by: string; written: string | null }[];
  may: ReviewAct[];
  version: number;
};

/** More of what a guide allowed; what is not said again is as in the request before. */
export type NewExtension = {
  items: { tuss: string; description: string; quantity: number; laterality: Side | null }[];
  indication: string | null;
  documents: AttachedPaper[];
};
