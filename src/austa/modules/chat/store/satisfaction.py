"""Whom was asked how they found the attendance, and what they answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.modules.chat.tables import identity_link, satisfaction


async def asked_since(tx: Transaction, identity_id: UUID, since: datetime) -> bool:
    """Whether that person was asked since then, here or on another channel on which they were verified."""
    mine = sa.select(identity_link.c.member_id).where(identity_link.c.identity_id == identity_id)
    theirs = sa.select(identity_link.c.identity_id).where(identity_link.c.member_id.in_(mine))
    found = await tx.one_or_none(
        sa.select(satisfaction.c.id)
        .where(
            sa.or_(satisfaction.c.identity_id == identity_id, satisfaction.c.identity_id.in_(theirs)),
            satisfaction.c.asked_at >= since,
        )
        .limit(1)
    )
    return found is not None


async def insert_question(tx: Transaction, values: dict[str, Any]) -> None:
    """Idempotent by its id."""
    row = insert(satisfaction).values(operator_id=tx.operator_id, asked_at=tx.now(), complained=False, **values)
    await tx.execute(row.on_conflict_do_nothing())


async def forget_people(tx: Transaction, before: datetime) -> None:
    """Whom it was asked before then is forgotten; the figures stay."""
    await tx.execute(
        sa.update(satisfaction)
        .where(satisfaction.c.asked_at < before, satisfaction.c.identity_id.is_not(None))
        .values(identity_id=None)
    )


async def answer(tx: Transaction, identity_id: UUID, **values: Any) -> str | None:
    """Write it to the newest question to that person; returns after what it was asked."""
    newest = (
        sa.select(satisfaction.c.id)
        .where(satisfaction.c.identity_id == identity_id)
        .order_by(satisfaction.c.asked_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    done = await tx.execute(
        sa.update(satisfaction).where(satisfaction.c.id == newest).values(**values).returning(satisfaction.c.door)
    )
    return done.scalar_one_or_none()


async def weeks(tx: Transaction, since: datetime, zone: str) -> Sequence[sa.Row[Any]]:
    """Counts by week and door, newest first."""
    monday = sa.cast(sa.func.date_trunc("week", sa.func.timezone(zone, satisfaction.c.asked_at)), sa.Date)
    counts = [sa.func.count().filter(satisfaction.c.rating == rating).label(f"r{rating}") for rating in range(1, 6)]
    complaints = sa.func.count().filter(satisfaction.c.complained).label("complaints")
    return await tx.all(
        sa.select(monday.label("monday"), satisfaction.c.door, sa.func.count().label("asked"), *counts, complaints)
        .where(satisfaction.c.asked_at >= since)
        .group_by(sa.text("1"), satisfaction.c.door)
        .order_by(sa.text("1 desc"), satisfaction.c.door)
    )
