import type { AttendanceClock } from "./access";
import type {
  AttachedPaper,
  DocumentKind,
  EligibilityCheck,
  FiredRule,
  GuideInfo,
  RequestedMaterial,
  Side,
  StatedFact,
} from "./priorAuth";

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
  digest: string;
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
    materials: RequestedMaterial[];
    /** What the engine saw, for staff alone. */
    checks: EligibilityCheck[];
    rules: FiredRule[];
    decisions: DeskDecision[];
    attendance: AttendanceClock | null;
    guides: GuideInfo[];
    history: { sequence: number; at: string; text: string }[];
  };
  person: DeskPerson;
  due_on: string;
  text: string;
  may: ("answer" | "add_papers" | "cancel")[];
  letter: boolean;
};

export type NewRequest = {
  member_id: string;
  channel: "portal";
  character: "elective" | "urgent";
  items: { tuss: string; description: string; quantity: number; laterality: Side | null }[];
  materials: RequestedMaterial[];
  cids: string[];
  indication: string | null;
  facts: StatedFact[];
  requester: { name: string; council: string; uf: string; number: string };
  documents: AttachedPaper[];
};
