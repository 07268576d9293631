import type {
  Board,
  BoardAct,
  BoardActKind,
  CaseBoard,
  KeptBoardAct,
  ListedTiebreaker,
  NewBoard,
  NewBoardAct,
} from "@/client/types/boards";

export const TIEBREAKERS: ListedTiebreaker[] = ["Ana", "Bruno", "Clara", "Davi", "Elza"].map((name, n) => ({
  id: `t-${n}`,
  name: `${name} Desempate`,
  uf: "SP",
  number: `90030${n}`,
  specialties: [n < 4 ? "Cirurgia da coluna" : "Cardiologia"],
  city: "São Paulo",
  email: null,
  phone: null,
  active: true,
}));

/** The board of one case, as far as the screen needs it: acts count at once. */
export class FakeBoard {
  board: Board | null = null;
  may: BoardActKind[] = ["diverged", "opened"];
  against: string[] = [];
  private acts: KeptBoardAct[] = [];

  answer(): CaseBoard {
    return { board: this.board, acts: this.acts, may: this.may, against: this.against };
  }

  open(asked: NewBoard, now: string): CaseBoard {
    this.board = {
      board_id: "board-1",
      state: "BOARD_OPENED",
      opened_at: now,
      reasons: asked.reasons,
      member_reasons: asked.member_reasons,
      view: "unfavourable",
      view_items: asked.items,
      candidates: asked.tiebreakers.map((id) => {
        const { name, uf, number, specialties } = TIEBREAKERS.find((one) => one.id === id)!;
        return { name, council: "CRM", uf, number, specialty: specialties.join(", ") };
      }),
      must_end_by: now,
      notices: [
        { to: "requester", received_at: null, means: null },
        { to: "member", received_at: null, means: null },
      ],
      requester_until: null,
      answer: null,
      answered_at: null,
      chosen: null,
      chosen_by: null,
      tiebreaker_until: null,
      needs: [],
      conclusion: null,
      conclusion_items: [],
      concluded_at: null,
      by_agreement: false,
    };
    this.may = ["received", "answered"];
    this.keep("opened", now, asked.reasons);
    return this.answer();
  }

  act({ act }: NewBoardAct, now: string): CaseBoard {
    if (this.board) this.board = after(this.board, act, now);
    if (act.kind === "answered" || act.kind === "picked") this.may = ["received", "needed", "concluded"];
    if (act.kind === "concluded") this.may = [];
    this.keep(act.kind, now, "words" in act ? act.words : null);
    return this.answer();
  }

  private keep(kind: BoardActKind, at: string, words: string | null): void {
    const by = { id: "p-1", name: "Dra. Helena Prado Vasques" };
    const kept = { id: `a${this.acts.length}`, kind, by, at, state: "recorded" as const };
    this.acts = [
      ...this.acts,
      { ...kept, refusal: null, reasons: [], words, by_whom: null, document_id: null },
    ];
  }
}

function after(board: Board, act: BoardAct, now: string): Board {
  switch (act.kind) {
    case "received":
      return {
        ...board,
        requester_until: act.to === "requester" ? now : board.requester_until,
        notices: board.notices.map((one) =>
          one.to === act.to ? { ...one, received_at: act.at, means: act.means } : one,
        ),
      };
    case "answered":
      return {
        ...board,
        state: act.answer === "keeps" ? "BOARD_TIEBREAKER" : "BOARD_OPINION",
        answer: act.answer,
        answered_at: act.at,
        chosen: act.choice,
        chosen_by: act.choice === null ? null : "requester",
        tiebreaker_until: now,
      };
    case "concluded":
      return { ...board, state: "BOARD_OPINION", conclusion: act.conclusion, concluded_at: now };
    default:
      return board;
  }
}
