"""The operator's own answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.modules.chat.tables import canned_answer


async def list_answers(tx: Transaction) -> Sequence[sa.Row[Any]]:
    """Those in use, by title."""
    in_use = sa.select(canned_answer).where(canned_answer.c.ended_at.is_(None))
    return await tx.all(in_use.order_by(sa.func.lower(canned_answer.c.title), canned_answer.c.id))


async def save_answer(tx: Transaction, answer_id: UUID, values: dict[str, Any]) -> None:
    saved = insert(canned_answer).values(operator_id=tx.operator_id, id=answer_id, **values)
    await tx.execute(saved.on_conflict_do_update(index_elements=["operator_id", "id"], set_=values))


async def end_answer(tx: Transaction, answer_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(canned_answer).where(canned_answer.c.id == answer_id).values(**values))
