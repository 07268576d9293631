"""Drafts that were complete enough to be asked."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.kernel.ids import RequestId
from austa.modules.chat.tables import (
    intention,
)


async def insert_intention(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(intention).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())


async def get_intention(tx: Transaction, intention_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(intention).where(intention.c.id == intention_id))).one()


async def settle_intention(tx: Transaction, intention_id: UUID, request_id: RequestId) -> None:
    await tx.execute(sa.update(intention).where(intention.c.id == intention_id).values(request_id=request_id))
