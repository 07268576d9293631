import type { BoardConclusion, BoardNeed, ItemPart } from "./boards";
import type { DocumentKind } from "./priorAuth";

/** A board that waits for the signed-in tie-breaker; `sent`: their word is being recorded. */
export type WaitingBoard = {
  board_id: string;
  case_number: string;
  procedure: string;
  until: string | null;
  late: boolean;
  sent: boolean;
};

/** A board as its tie-breaker sees it: the care, and nothing about who the person is. */
export type Tiebreak = {
  board: WaitingBoard;
  age: number;
  sex: "F" | "M" | null;
  items: {
    position: number;
    tuss: string;
    description: string;
    quantity: number;
    laterality: string | null;
  }[];
  materials: {
    description: string;
    quantity: number;
    maker: string | null;
    anvisa_registration: string | null;
  }[];
  cids: string[];
  indication: string | null;
  reasons: string;
  view: BoardConclusion;
  view_items: ItemPart[];
  needs: BoardNeed[];
  papers: { document_id: string; kind: DocumentKind; pages: number }[];
  may: ("needed" | "concluded")[];
};

export type NewTiebreak = {
  act:
    | { kind: "needed"; needs: BoardNeed[]; words: string }
    | {
        kind: "concluded";
        conclusion: BoardConclusion;
        items: ItemPart[];
        written_at: string;
        words: string;
        document_id: null;
      };
};
