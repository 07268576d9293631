"""Boards as they are kept: opened for whoever shows one, binds a decision to it, or writes it into a receipt."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.contracts import Contract
from austa.kernel.ids import CaseId, MemberId, RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.boards import BoardLine, BoardView, Divergence, NoticeState, NoticeTo, TieBreaker
from austa.modules.prior_auth.api.requests import ItemDecision
from austa.modules.prior_auth.domain.authority import ConcludedBoard
from austa.modules.prior_auth.domain.board import Board
from austa.modules.prior_auth.domain.lifecycle import BOARD
from austa.modules.prior_auth.domain.people import PersonConcerned
from austa.modules.prior_auth.service.vault import Vault, requester_subject
from austa.modules.prior_auth.store import requests as store

Row = sa.Row[Any]


class Written(Contract):
    """What was written when a board was opened, as it lies under the member's key."""

    divergence: Divergence
    reasons: Personal
    member_reasons: Personal
    items: tuple[ItemDecision, ...]


@dataclass(frozen=True)
class BoardKept:
    """A board opened: its row, what was written, and the four names."""

    row: Row
    written: Written
    candidates: tuple[TieBreaker, ...]

    @property
    def tiebreaker(self) -> TieBreaker | None:
        return None if self.row.chosen is None else self.candidates[self.row.chosen]

    @property
    def conclusion_items(self) -> tuple[ItemDecision, ...]:
        return tuple(ItemDecision(**item) for item in self.row.conclusion_items or ())


class BoardBook:
    """Boards, read."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def find(self, tx: Transaction, request: Row) -> BoardKept | None:
        """The newest board about a request, opened."""
        row = await store.find_board(tx, RequestId(request.id))
        if row is None:
            return None
        content = await self._vault.open(row.operator_id, request.subject_id, "board", row.id, row.content)
        names = [await self._name(row, one) for one in await store.list_candidates(tx, row.id)]
        return BoardKept(row, Written.read(json.dumps(content)), tuple(names))

    async def line(self, tx: Transaction, row: Row, *, is_open: bool) -> BoardLine:
        """A row of `store.boards.list_boards`, with the tie-breaker's name opened."""
        tiebreaker = None
        if row.chosen is not None:
            names = await store.list_candidates(tx, row.id)
            tiebreaker = await self._name(row, names[row.chosen])
        return BoardLine(
            board_id=row.id,
            request_id=RequestId(row.request_id),
            case_id=CaseId(row.case_id),
            member_id=MemberId(row.member_id),
            state=row.state if is_open else None,
            opened_at=row.opened_at,
            must_end_by=row.must_end_by,
            waits_for=row.waits_for if is_open else None,
            due_at=row.due_at if is_open else None,
            late=is_open and row.due_at < tx.now(),
            tiebreaker=tiebreaker,
            conclusion=row.conclusion,
        )

    async def _name(self, board: Row, candidate: Row) -> TieBreaker:
        place = f"board_candidate/{candidate.position}"
        content = await self._vault.open(board.operator_id, candidate.subject_id, place, board.id, candidate.content)
        return TieBreaker.read(json.dumps(content))

    async def seal_names(self, tx: Transaction, board_id: Any, names: Sequence[TieBreaker]) -> list[dict[str, Any]]:
        """The rows of the four names, each under the key of whom it names."""
        rows = []
        for position, name in enumerate(names):
            subject = requester_subject(tx.operator_id, name)
            place = f"board_candidate/{position}"
            sealed = await self._vault.seal(tx.operator_id, subject, place, board_id, name.reveal_json())
            rows.append({"position": position, "subject_id": subject, "content": sealed})
        return rows


def known_of(row: Row) -> Board:
    """What the next act is judged by."""
    proven: dict[NoticeTo, datetime | None] = {
        "requester": row.requester_received_at,
        "member": row.member_received_at,
    }
    return Board(
        opened_at=row.opened_at,
        received=frozenset(to for to, at in proven.items() if at is not None),
        requester_until=row.requester_until,
        chosen_at=row.chosen_at,
        needs_told=bool(row.needs),
    )


def bound_by(request: Row, board: BoardKept | None) -> ConcludedBoard | None:
    """What the board of a request binds its decision to, once it is concluded."""
    if board is None or request.state != "BOARD_OPINION":
        return None
    return ConcludedBoard(
        conclusion=board.row.conclusion,
        items=board.conclusion_items,
        notified=board.row.requester_received_at is not None and board.row.member_received_at is not None,
    )


def tiebreaker_of(request: Row, board: BoardKept | None) -> tuple[PersonConcerned, ...]:
    """The tie-breaker as a person that a receipt is about."""
    person = board.tiebreaker if board else None
    if person is None:
        return ()
    return (PersonConcerned("tiebreaker", requester_subject(request.operator_id, person), person.reveal_json()),)


def board_part(board: BoardKept | None) -> dict[str, Any] | None:
    """The board in a receipt; who the tie-breaker is stands among its persons."""
    if board is None:
        return None
    row = board.row
    return {
        "id": str(row.id),
        "opened_at": row.opened_at.isoformat(),
        "opened_by": row.opened_by,
        "divergence": board.written.divergence.reveal_json(),
        "reasons": board.written.reasons.reveal(),
        "view": {"conclusion": row.view, "items": [item.reveal_json() for item in board.written.items]},
        "notices": {
            "requester": _proof(row.requester_received_at, row.requester_means),
            "member": _proof(row.member_received_at, row.member_means),
        },
        "requester_until": _iso(row.requester_until),
        "answer": row.answer,
        "answered_at": _iso(row.answered_at),
        "chosen_by": row.chosen_by,
        "chosen_at": _iso(row.chosen_at),
        "tiebreaker_until": _iso(row.tiebreaker_until),
        "needs": list(row.needs),
        "conclusion": row.conclusion,
        "items": [item.reveal_json() for item in board.conclusion_items],
        "concluded_at": _iso(row.concluded_at),
        "opinion": {
            "id": str(row.opinion_id),
            "digest": row.opinion_digest,
            "written_at": _iso(row.opinion_written_at),
        }
        if row.opinion_id
        else None,
    }


def board_view(request: Row, board: BoardKept) -> BoardView:
    row = board.row
    return BoardView(
        board_id=row.id,
        request_id=RequestId(row.request_id),
        case_id=CaseId(row.case_id),
        state=request.state if request.state in BOARD else None,
        opened_at=row.opened_at,
        divergence=board.written.divergence,
        reasons=board.written.reasons,
        member_reasons=board.written.member_reasons,
        view=row.view,
        view_items=board.written.items,
        candidates=board.candidates,
        must_end_by=row.must_end_by,
        notices=(
            NoticeState(to="requester", received_at=row.requester_received_at, means=row.requester_means),
            NoticeState(to="member", received_at=row.member_received_at, means=row.member_means),
        ),
        requester_until=row.requester_until,
        answer=row.answer,
        answered_at=row.answered_at,
        chosen=row.chosen,
        chosen_by=row.chosen_by,
        tiebreaker_until=row.tiebreaker_until,
        needs=tuple(row.needs),
        conclusion=row.conclusion,
        conclusion_items=board.conclusion_items,
        concluded_at=row.concluded_at,
        by_agreement=row.conclusion is not None and row.answer == "agrees",
    )


def _proof(at: datetime | None, means: str | None) -> dict[str, str | None] | None:
    return {"at": at.isoformat(), "means": means} if at else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
