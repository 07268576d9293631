"""Triage tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.kernel.ids import ConversationId
from austa.modules.chat.domain.triage import UNDELIVERED, UNHEARD
from austa.modules.chat.tables import (
    triage_task,
)

_NEW = Prepared(insert(triage_task).on_conflict_do_nothing().returning(triage_task.c.id))


async def insert_task(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when the message has its task."""
    row = {column.name: values.get(column.name) for column in triage_task.columns} | {"operator_id": tx.operator_id}
    return await _NEW.first(tx, **row) is not None


async def raise_task(tx: Transaction, message_id: UUID, *, due_at: datetime, **values: Any) -> sa.Row[Any] | None:
    """Say more of a task that was opened for an unheard voice note, never moving its term back; None for any other."""
    raised = await tx.execute(
        sa.update(triage_task)
        .where(triage_task.c.message_id == message_id, triage_task.c.category == UNHEARD.category)
        .values(due_at=sa.func.least(triage_task.c.due_at, due_at), **values)
        .returning(triage_task.c.id, triage_task.c.turn)
    )
    return raised.one_or_none()


async def has_open_call(tx: Transaction, conversation_id: ConversationId, *, besides: UUID) -> bool:
    """Whether somebody is to call that person already, for another message."""
    found = await tx.one_or_none(
        sa.select(triage_task.c.id)
        .where(
            triage_task.c.conversation_id == conversation_id,
            triage_task.c.category == UNDELIVERED.category,
            triage_task.c.state != "acknowledged",
            triage_task.c.message_id != besides,
        )
        .limit(1)
    )
    return found is not None


async def find_task(tx: Transaction, task_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(triage_task).where(triage_task.c.id == task_id).with_for_update())


async def task_of_message(tx: Transaction, message_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(triage_task).where(triage_task.c.message_id == message_id))


async def update_task(tx: Transaction, task_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(triage_task).where(triage_task.c.id == task_id).values(**values))


async def newest_task(
    tx: Transaction, conversation_id: ConversationId, since: datetime, categories: Sequence[str] = ()
) -> sa.Row[Any] | None:
    """The newest task of a conversation since then, of one of those categories if any are named."""
    statement = sa.select(triage_task).where(
        triage_task.c.conversation_id == conversation_id, triage_task.c.opened_at >= since
    )
    if categories:
        statement = statement.where(triage_task.c.category.in_(categories))
    newest = statement.order_by(triage_task.c.opened_at.desc(), triage_task.c.id.desc()).limit(1)
    return (await tx.execute(newest)).one_or_none()


async def list_tasks(
    tx: Transaction, *, open_only: bool, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Open ones: red first, then by term. All: newest first."""
    statement = sa.select(triage_task)
    if open_only:
        statement = statement.where(triage_task.c.state != "acknowledged").order_by(
            triage_task.c.level.desc(), triage_task.c.due_at, triage_task.c.id
        )
    else:
        statement = statement.order_by(triage_task.c.opened_at.desc(), triage_task.c.id.desc())
        if after is not None:
            statement = statement.where(sa.tuple_(triage_task.c.opened_at, triage_task.c.id) < sa.tuple_(*after))
    return await tx.all(statement.limit(limit))
