import type { Assignee } from "./identity";

export type BoardConclusion = "favourable" | "favourable_in_part" | "unfavourable";
export type BoardActKind =
  "diverged" | "opened" | "received" | "answered" | "picked" | "needed" | "concluded";
export type NoticeTo = "requester" | "member";
export type ReceiptMeans =
  "postal_receipt" | "signed_protocol" | "recorded_call" | "read_email" | "portal" | "other";
export type BoardNeed = "documents" | "in_person" | "exams";
export type ItemPart = { position: number; approved_quantity: number };
export type Divergence = { technical: boolean; covered: boolean; registered: boolean };

export type NamedTiebreaker = {
  name: string;
  council: string;
  uf: string;
  number: string;
  specialty: string;
};

/** A medical board as it stands; `state` is null once the request has left it, `chosen` counts `candidates` from 0. */
export type Board = {
  board_id: string;
  state: "BOARD_OPENED" | "BOARD_TIEBREAKER" | "BOARD_OPINION" | null;
  opened_at: string;
  reasons: string;
  member_reasons: string;
  view: BoardConclusion;
  view_items: ItemPart[];
  candidates: NamedTiebreaker[];
  must_end_by: string;
  notices: { to: NoticeTo; received_at: string | null; means: ReceiptMeans | null }[];
  requester_until: string | null;
  answer: "agrees" | "keeps" | null;
  answered_at: string | null;
  chosen: number | null;
  chosen_by: "requester" | "operator" | null;
  tiebreaker_until: string | null;
  needs: BoardNeed[];
  conclusion: BoardConclusion | null;
  conclusion_items: ItemPart[];
  concluded_at: string | null;
  by_agreement: boolean;
};

/** What somebody did in a board, with its proof; `recording` until it counts. */
export type KeptBoardAct = {
  id: string;
  kind: BoardActKind;
  by: Assignee;
  at: string;
  state: "recording" | "recorded" | "refused";
  refusal: string | null;
  reasons: string[];
  words: string | null;
  by_whom: string | null;
  document_id: string | null;
};

export type CaseBoard = {
  board: Board | null;
  acts: KeptBoardAct[];
  may: BoardActKind[];
  against: string[];
};

export type DeskBoard = { board: Board | null; may: BoardActKind[]; waits: boolean };

export type NewBoard = {
  divergence: Divergence;
  reasons: string;
  member_reasons: string;
  items: ItemPart[];
  tiebreakers: string[];
  version: number;
};

export type BoardAct =
  | { kind: "diverged"; reasons: string }
  | {
      kind: "received";
      to: NoticeTo;
      means: ReceiptMeans;
      at: string;
      by_whom: string;
      document_id: string | null;
      note: string | null;
    }
  | {
      kind: "answered";
      answer: "agrees" | "keeps";
      choice: number | null;
      at: string;
      note: string | null;
      document_id: string | null;
    }
  | { kind: "picked"; choice: number }
  | { kind: "needed"; needs: BoardNeed[]; words: string }
  | {
      kind: "concluded";
      conclusion: BoardConclusion;
      items: ItemPart[];
      written_at: string;
      words: string;
      document_id: string;
    };

export type NewBoardAct = { act: BoardAct };

/** A physician who may be named for the tie-break. */
export type ListedTiebreaker = {
  id: string;
  name: string;
  uf: string;
  number: string;
  specialties: string[];
  city: string;
  email: string | null;
  phone: string | null;
  active: boolean;
};

export type WaitsFor = "notice" | "requester" | "pick" | "tiebreaker" | "more" | "decision";

export type BoardFilter = { view: "open" | "over"; waits_for?: WaitsFor; late?: true };

/** One line of the list of boards; of one that is over, `state`, `waits_for` and `due_at` are null. */
export type ListedBoard = {
  board: {
    board_id: string;
    request_id: string;
    case_id: string;
    member_id: string;
    state: Board["state"];
    opened_at: string;
    must_end_by: string;
    waits_for: WaitsFor | null;
    due_at: string | null;
    late: boolean;
    tiebreaker: NamedTiebreaker | null;
    conclusion: BoardConclusion | null;
  };
  case_number: string;
  member: { id: string; initials: string; card_end: string };
  tuss: string;
  procedure: string;
};

/** What an import did or, for a dry run, would do; with problems nothing is written. */
export type ImportReport = {
  dry_run: boolean;
  lines: number;
  created: number;
  updated: number;
  unchanged: number;
  problems: { line: number; column: string; code: string; problem: string }[];
};
