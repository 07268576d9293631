"""SQL of the guarantee of attendance: appointments, tasks of coordinators and their notes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction, affected
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.domain.refusals import no_such_task
from austa.modules.prior_auth.tables import access_note, access_task, appointment, item, request

Row = sa.Row[Any]
SHOWN = 200


async def append_appointment(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Number it after the ones before; the request's row is locked by the caller."""
    earlier = sa.select(sa.func.count()).where(appointment.c.request_id == values["request_id"]).scalar_subquery()
    await tx.execute(sa.insert(appointment).values(operator_id=tx.operator_id, sequence=earlier + 1, **values))


async def list_appointments(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    chosen = sa.select(appointment).where(appointment.c.request_id == request_id)
    return await tx.all(chosen.order_by(appointment.c.sequence))


async def insert_task(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(access_task).values(operator_id=tx.operator_id, **values))


async def find_open_task(tx: Transaction, request_id: RequestId) -> Row | None:
    """The open task of a request, locked."""
    chosen = _tasks().where(access_task.c.request_id == request_id, access_task.c.outcome.is_(None))
    return await tx.one_or_none(chosen.with_for_update(of=access_task))


async def get_task(tx: Transaction, task_id: UUID, *, lock: bool = False) -> Row:
    """Raises `NotFound` `prior_auth.no_such_task`."""
    chosen = _tasks().where(access_task.c.id == task_id)
    row = await tx.one_or_none(chosen.with_for_update(of=access_task) if lock else chosen)
    if row is None:
        raise no_such_task()
    return row


async def list_open_tasks(tx: Transaction) -> Sequence[Row]:
    """The one whose term ends first at the top."""
    waiting = _tasks().where(access_task.c.outcome.is_(None))
    return await tx.all(waiting.order_by(access_task.c.attend_by, access_task.c.id).limit(SHOWN))


def _tasks() -> sa.Select[Any]:
    """Tasks with what their request says."""
    same = (request.c.operator_id == access_task.c.operator_id) & (request.c.id == access_task.c.request_id)
    first = (
        sa.select(item.c.description)
        .where(item.c.operator_id == request.c.operator_id, item.c.request_id == request.c.id)
        .order_by(item.c.position)
        .limit(1)
        .scalar_subquery()
        .label("procedure")
    )
    about = (request.c.protocol, request.c.zone, request.c.member_id, request.c.subject_id)
    return sa.select(access_task, *about, first).select_from(access_task.join(request, same))


async def update_task(tx: Transaction, task_id: UUID, values: Mapping[str, Any]) -> None:
    affected(await tx.execute(sa.update(access_task).where(access_task.c.id == task_id).values(**values)))


async def append_note(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(access_note).values(operator_id=tx.operator_id, **values))


async def list_notes(tx: Transaction, task_id: UUID) -> Sequence[Row]:
    return await tx.all(sa.select(access_note).where(access_note.c.task_id == task_id).order_by(access_note.c.sequence))
