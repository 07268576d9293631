"""Medical boards of an operator in a list: whom each waits for, and until when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import SubjectId
from austa.modules.prior_auth.api.boards import BoardFilter
from austa.modules.prior_auth.domain.lifecycle import BOARD
from austa.modules.prior_auth.store.requests import Row
from austa.modules.prior_auth.tables import board, board_candidate, request


async def list_boards(
    tx: Transaction, wanted: BoardFilter, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row]:
    """Open boards by the end of the term they must end in, soonest first; those that are over, newest first. Each with
    its request's state and subject, `waits_for` and `due_at` as of now."""
    is_open = sa.and_(request.c.state.in_(BOARD), ~_followed())
    waits_for = _waits_for(tx.now())
    due_at = _due_at(waits_for)
    chosen = sa.select(
        board,
        request.c.member_id,
        request.c.subject_id,
        request.c.state,
        waits_for.label("waits_for"),
        due_at.label("due_at"),
    ).join(request, sa.and_(request.c.operator_id == board.c.operator_id, request.c.id == board.c.request_id))
    if wanted.view == "open":
        chosen = chosen.where(is_open).order_by(board.c.must_end_by, board.c.id)
        if after is not None:
            chosen = chosen.where(sa.tuple_(board.c.must_end_by, board.c.id) > sa.tuple_(*after))
        if wanted.waits_for is not None:
            chosen = chosen.where(waits_for == wanted.waits_for)
        if wanted.late:
            chosen = chosen.where(due_at < tx.now())
    else:
        chosen = chosen.where(~is_open).order_by(board.c.opened_at.desc(), board.c.id.desc())
        if after is not None:
            chosen = chosen.where(sa.tuple_(board.c.opened_at, board.c.id) < sa.tuple_(*after))
    return await tx.all(chosen.limit(limit))


async def list_waiting_for(tx: Transaction, subject: SubjectId) -> Sequence[Row]:
    """Boards at the tie-break whose chosen name is that professional, soonest term first."""
    waits_for = _waits_for(tx.now())
    name = board_candidate
    chosen = (
        sa.select(
            board,
            request.c.member_id,
            request.c.subject_id,
            request.c.state,
            waits_for.label("waits_for"),
            _due_at(waits_for).label("due_at"),
        )
        .join(request, sa.and_(request.c.operator_id == board.c.operator_id, request.c.id == board.c.request_id))
        .join(
            name,
            sa.and_(
                name.c.operator_id == board.c.operator_id,
                name.c.board_id == board.c.id,
                name.c.position == board.c.chosen,
            ),
        )
        .where(request.c.state == "BOARD_TIEBREAKER", ~_followed(), name.c.subject_id == subject)
        .order_by(board.c.tiebreaker_until, board.c.id)
    )
    return await tx.all(chosen)


def _followed() -> sa.ColumnElement[bool]:
    """A later board about the same request took this one's place."""
    later = board.alias("later")
    return sa.exists().where(
        later.c.operator_id == board.c.operator_id,
        later.c.request_id == board.c.request_id,
        later.c.opened_at > board.c.opened_at,
    )


def _waits_for(now: datetime) -> sa.ColumnElement[str]:
    return sa.case(
        (sa.and_(request.c.state == "BOARD_OPENED", board.c.requester_received_at.is_(None)), "notice"),
        (sa.and_(request.c.state == "BOARD_OPENED", board.c.requester_until < now), "pick"),
        (request.c.state == "BOARD_OPENED", "requester"),
        (sa.and_(request.c.state == "BOARD_TIEBREAKER", sa.func.cardinality(board.c.needs) > 0), "more"),
        (request.c.state == "BOARD_TIEBREAKER", "tiebreaker"),
        else_="decision",
    )


def _due_at(waits_for: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
    """The term of whom it waits for; where the norm sets none, the day on which the board must have ended."""
    return sa.case(
        (waits_for == "requester", board.c.requester_until),
        (waits_for == "tiebreaker", board.c.tiebreaker_until),
        else_=board.c.must_end_by,
    )
