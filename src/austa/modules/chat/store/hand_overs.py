"""Conversations that people answer: who holds them, what happened beside the messages, who looks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId
from austa.modules.chat.tables import (
    channel_identity,
    conversation,
    hand_over,
    hand_over_entry,
    message,
    presence,
    triage_task,
)

_WAITS = sa.or_(
    hand_over.c.answered_at.is_(None),
    conversation.c.last_inbound_at > hand_over.c.answered_at,
)
"""Whether the person wrote, or was promised an answer, after the staff wrote last."""


async def lock_hand_over(tx: Transaction, conversation_id: ConversationId) -> sa.Row[Any] | None:
    """The row, which nobody else changes until the transaction ends."""
    return await tx.one_or_none(
        sa.select(hand_over).where(hand_over.c.conversation_id == conversation_id).with_for_update()
    )


async def open_hand_over(tx: Transaction, conversation_id: ConversationId, reason: str) -> bool:
    """Make or reopen it. False where it is open."""
    fresh = {"state": "open", "reason": reason, "holder": None, "answered_at": None, "opened_at": tx.now()}
    opened = insert(hand_over).values(operator_id=tx.operator_id, conversation_id=conversation_id, **fresh)
    done = await tx.execute(
        opened.on_conflict_do_update(
            index_elements=["operator_id", "conversation_id"],
            set_={**fresh, "closed_at": None},
            where=hand_over.c.state == "closed",
        )
    )
    return done.rowcount == 1


async def update_hand_over(tx: Transaction, conversation_id: ConversationId, **values: Any) -> None:
    await tx.execute(sa.update(hand_over).where(hand_over.c.conversation_id == conversation_id).values(**values))


async def insert_entry(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(hand_over_entry).values(operator_id=tx.operator_id, at=tx.now(), **values))


async def list_entries(tx: Transaction, conversation_id: ConversationId, limit: int) -> Sequence[sa.Row[Any]]:
    """The newest, oldest first."""
    newest = (
        sa.select(hand_over_entry)
        .where(hand_over_entry.c.conversation_id == conversation_id)
        .order_by(hand_over_entry.c.at.desc(), hand_over_entry.c.id.desc())
        .limit(limit)
    )
    return list(reversed(await tx.all(newest)))


async def find_line(tx: Transaction, conversation_id: ConversationId) -> sa.Row[Any] | None:
    return await tx.one_or_none(_lines().where(conversation.c.id == conversation_id))


async def list_open(tx: Transaction, *, holder: UUID | None, unassigned: bool, limit: int) -> Sequence[sa.Row[Any]]:
    """Red flags that nobody took first, then who waits longest, then who was answered last."""
    lines = _lines().where(hand_over.c.state == "open")
    if holder is not None:
        lines = lines.where(hand_over.c.holder == holder)
    if unassigned:
        lines = lines.where(hand_over.c.holder.is_(None))
    found = lines.subquery()
    ordered = sa.select(found).order_by(
        found.c.alert.desc().nulls_last(),
        found.c.waiting_since.asc().nulls_last(),
        found.c.answered_at.desc(),
        found.c.id,
    )
    return await tx.all(ordered.limit(limit))


async def list_closed(tx: Transaction, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[sa.Row[Any]]:
    """Newest first."""
    lines = _lines().where(hand_over.c.state == "closed")
    if after is not None:
        lines = lines.where(
            sa.tuple_(hand_over.c.closed_at, hand_over.c.conversation_id)
            < sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        )
    return await tx.all(lines.order_by(hand_over.c.closed_at.desc(), hand_over.c.conversation_id.desc()).limit(limit))


async def count_open(tx: Transaction, holder: UUID) -> tuple[int, int, int]:
    """Without a holder, with this one, all."""
    counted = await tx.execute(
        sa.select(
            sa.func.count().filter(hand_over.c.holder.is_(None)).label("unassigned"),
            sa.func.count().filter(hand_over.c.holder == holder).label("mine"),
            sa.func.count().label("open"),
        ).where(hand_over.c.state == "open")
    )
    row = counted.one()
    return row.unassigned, row.mine, row.open


async def open_tasks(tx: Transaction, conversation_id: ConversationId) -> Sequence[UUID]:
    """Triage tasks of the conversation that nobody has taken, the most urgent first."""
    rows = await tx.all(
        sa.select(triage_task.c.id)
        .where(triage_task.c.conversation_id == conversation_id, triage_task.c.state != "acknowledged")
        .order_by(triage_task.c.level.desc(), triage_task.c.due_at)
    )
    return [row.id for row in rows]


async def list_older(
    tx: Transaction, conversation_id: ConversationId, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Messages of a conversation, newest first, before a place in it."""
    older = sa.select(message).where(message.c.conversation_id == conversation_id)
    if before is not None:
        older = older.where(
            sa.tuple_(message.c.sent_at, message.c.id) < sa.tuple_(sa.literal(before[0]), sa.literal(before[1]))
        )
    return await tx.all(older.order_by(message.c.sent_at.desc(), message.c.id.desc()).limit(limit))


async def show(tx: Transaction, conversation_id: ConversationId, principal_id: UUID, *, is_typing: bool) -> None:
    seen = {"typing": is_typing, "seen_at": tx.now()}
    shown = insert(presence).values(
        operator_id=tx.operator_id, conversation_id=conversation_id, principal_id=principal_id, **seen
    )
    await tx.execute(
        shown.on_conflict_do_update(
            index_elements=["operator_id", "conversation_id", "principal_id"],
            set_=seen,
        )
    )


async def lookers(tx: Transaction, conversation_id: ConversationId, since: datetime) -> Sequence[sa.Row[Any]]:
    """Who has it on the screen; who left is forgotten."""
    await tx.execute(
        sa.delete(presence).where(presence.c.conversation_id == conversation_id, presence.c.seen_at < since)
    )
    return await tx.all(
        sa.select(presence).where(presence.c.conversation_id == conversation_id).order_by(presence.c.principal_id)
    )


def _lines() -> sa.Select[Any]:
    """Conversations with their identity, hand-over, oldest unanswered message and untaken red flag."""
    alert = (
        sa.select(sa.func.max(triage_task.c.level))
        .where(
            triage_task.c.operator_id == conversation.c.operator_id,
            triage_task.c.conversation_id == conversation.c.id,
            triage_task.c.state != "acknowledged",
        )
        .scalar_subquery()
    )
    # RED sorts after ORANGE, so the greatest is the most urgent.
    unanswered = (
        sa.select(sa.func.min(message.c.sent_at))
        .where(
            message.c.operator_id == conversation.c.operator_id,
            message.c.conversation_id == conversation.c.id,
            message.c.direction == "in",
            message.c.sent_at > hand_over.c.answered_at,
        )
        .scalar_subquery()
    )
    waiting_since = sa.case(
        (sa.or_(hand_over.c.state.is_distinct_from("open"), sa.not_(_WAITS)), None),
        (hand_over.c.answered_at.is_(None), hand_over.c.opened_at),
        else_=unanswered,
    )
    joined = conversation.join(
        channel_identity,
        sa.and_(
            channel_identity.c.id == conversation.c.identity_id,
            channel_identity.c.operator_id == conversation.c.operator_id,
        ),
    ).outerjoin(
        hand_over,
        sa.and_(
            hand_over.c.conversation_id == conversation.c.id,
            hand_over.c.operator_id == conversation.c.operator_id,
        ),
    )
    return sa.select(
        conversation.c.id,
        conversation.c.identity_id,
        conversation.c.number_id,
        conversation.c.handed_over,
        conversation.c.last_inbound_at,
        channel_identity.c.member_id,
        channel_identity.c.address,
        hand_over.c.state,
        hand_over.c.reason,
        hand_over.c.holder,
        hand_over.c.answered_at,
        hand_over.c.closed_at,
        alert.label("alert"),
        waiting_since.label("waiting_since"),
    ).select_from(joined)
