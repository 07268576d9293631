"""The duty roster, and the turns of alerts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.modules.chat.tables import duty_roster, triage_turn

_NEWEST = Prepared(sa.select(duty_roster).order_by(duty_roster.c.version.desc()).limit(1))
_NEW_TURN = Prepared(insert(triage_turn).on_conflict_do_nothing())


async def newest_roster(tx: Transaction) -> Any | None:
    return await _NEWEST.first(tx)


async def insert_roster(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when that version is there already."""
    result = await tx.execute(insert(duty_roster).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())
    return result.rowcount == 1


async def insert_turn(tx: Transaction, values: dict[str, Any]) -> None:
    row = {column.name: values.get(column.name) for column in triage_turn.columns}
    await _NEW_TURN.all(tx, **row | {"operator_id": tx.operator_id, "began_at": tx.now()})


async def list_turns(tx: Transaction, task_id: UUID) -> Sequence[sa.Row[Any]]:
    return await tx.all(sa.select(triage_turn).where(triage_turn.c.task_id == task_id).order_by(triage_turn.c.number))


async def find_turn(tx: Transaction, task_id: UUID, number: int) -> sa.Row[Any] | None:
    return await tx.one_or_none(
        sa.select(triage_turn).where(triage_turn.c.task_id == task_id, triage_turn.c.number == number)
    )


async def update_turn(tx: Transaction, task_id: UUID, number: int, **values: Any) -> None:
    await tx.execute(
        sa.update(triage_turn).where(triage_turn.c.task_id == task_id, triage_turn.c.number == number).values(**values)
    )
