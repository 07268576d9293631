"""One-time codes and the answers given to them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import SubjectId
from austa.modules.identity.domain import Code
from austa.modules.identity.tables import (
    code,
    code_attempt,
)


async def load_code_starts(tx: Transaction, subject: SubjectId, purpose: str, since: datetime) -> list[datetime]:
    """When the codes of that subject and purpose were started, since then. Starts of one subject queue here."""
    await tx.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"identity.code:{subject}:{purpose}", 0)))
    )
    rows = await tx.all(
        sa.select(code.c.started_at).where(
            code.c.subject_id == subject, code.c.purpose == purpose, code.c.started_at > since
        )
    )
    return [row.started_at for row in rows]


async def end_codes(tx: Transaction, subject: SubjectId, purpose: str) -> None:
    """Codes of that subject and purpose expire now, if they have not."""
    await tx.execute(
        sa.update(code)
        .where(code.c.subject_id == subject, code.c.purpose == purpose, code.c.expires_at > tx.now())
        .values(expires_at=tx.now())
    )


async def add_code(tx: Transaction, code_id: UUID, subject: SubjectId, purpose: str, expires_at: datetime) -> None:
    await tx.execute(
        sa.insert(code).values(
            operator_id=tx.operator_id,
            id=code_id,
            subject_id=subject,
            purpose=purpose,
            started_at=tx.now(),
            expires_at=expires_at,
            tries=0,
        )
    )


async def find_code_expiry(tx: Transaction, code_id: UUID) -> datetime | None:
    row = await tx.one_or_none(sa.select(code.c.expires_at).where(code.c.id == code_id))
    return row.expires_at if row else None


async def lock_code(tx: Transaction, code_id: UUID) -> Code | None:
    row = await tx.one_or_none(sa.select(code).where(code.c.id == code_id).with_for_update())
    if row is None:
        return None
    return Code(row.expires_at, row.tries, row.used_at)


async def find_code_answer(tx: Transaction, code_id: UUID, key: str) -> bool | None:
    """What this key was answered before."""
    row = await tx.one_or_none(
        sa.select(code_attempt.c.correct).where(code_attempt.c.code_id == code_id, code_attempt.c.key == key)
    )
    return None if row is None else bool(row.correct)


async def add_code_answer(tx: Transaction, code_id: UUID, key: str, *, correct: bool) -> None:
    await tx.execute(
        sa.insert(code_attempt).values(operator_id=tx.operator_id, code_id=code_id, key=key, correct=correct)
    )
    await tx.execute(
        sa.update(code)
        .where(code.c.id == code_id)
        .values(tries=code.c.tries + 1, used_at=tx.now() if correct else None)
    )
