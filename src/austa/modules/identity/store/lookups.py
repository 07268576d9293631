"""Ids-only tables of schema `dispatch`, read before a tenant is known: by registry, HMAC of e-mail, hash of token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.kernel.ids import OperatorId, PrincipalId
from austa.modules.identity.domain import Attempts
from austa.modules.identity.tables import (
    attempt,
    known_email,
    known_operator,
    known_token,
)

TokenKind = Literal["session", "invitation", "link", "member_session"]


@dataclass(frozen=True)
class TokenReference:
    """What a token's hash stands for."""

    operator_id: OperatorId
    reference: UUID


async def find_operator_id(connection: AsyncConnection, ans_registry: str) -> OperatorId | None:
    found = await connection.scalar(
        sa.select(known_operator.c.operator_id).where(known_operator.c.ans_registry == ans_registry)
    )
    return OperatorId(found) if found else None


async def load_operator_ids(connection: AsyncConnection) -> tuple[OperatorId, ...]:
    rows = await connection.scalars(sa.select(known_operator.c.operator_id).order_by(known_operator.c.ans_registry))
    return tuple(OperatorId(row) for row in rows)


async def find_account(connection: AsyncConnection, email_index: bytes) -> tuple[OperatorId, PrincipalId] | None:
    row = (
        await connection.execute(
            sa.select(known_email.c.operator_id, known_email.c.principal_id).where(
                known_email.c.email_index == email_index
            )
        )
    ).one_or_none()
    return (OperatorId(row.operator_id), PrincipalId(row.principal_id)) if row else None


async def find_token(connection: AsyncConnection, token_hash: bytes, kind: TokenKind) -> TokenReference | None:
    row = (
        await connection.execute(
            sa.select(known_token.c.operator_id, known_token.c.reference).where(
                known_token.c.token_hash == token_hash, known_token.c.kind == kind
            )
        )
    ).one_or_none()
    return TokenReference(OperatorId(row.operator_id), row.reference) if row else None


async def lock_attempts(tx: Transaction, email_index: bytes) -> Attempts | None:
    """The tries for this e-mail; parallel sign-ins of one e-mail queue here. None for the first."""
    added = await tx.execute(
        insert(attempt).values(email_index=email_index, count=0, last_at=tx.now()).on_conflict_do_nothing()
    )
    if added.rowcount == 1:
        return None
    row = await tx.one_or_none(
        sa.select(attempt.c.count.label("tries"), attempt.c.last_at)
        .where(attempt.c.email_index == email_index)
        .with_for_update()
    )
    return Attempts(row.tries, row.last_at) if row else None


async def save_attempts(tx: Transaction, email_index: bytes, state: Attempts) -> None:
    await tx.execute(
        sa.update(attempt).where(attempt.c.email_index == email_index).values(count=state.count, last_at=state.last_at)
    )


async def clear_attempts(tx: Transaction, email_index: bytes, *, older_than: datetime) -> None:
    """Forget the tries for this e-mail, and for all others where the last one is that old."""
    await tx.execute(
        sa.delete(attempt).where(sa.or_(attempt.c.email_index == email_index, attempt.c.last_at < older_than))
    )


async def add_token(tx: Transaction, token_hash: bytes, kind: TokenKind, reference: UUID, expires_at: datetime) -> None:
    """Make a token findable; adding it again prolongs it."""
    new = insert(known_token).values(
        token_hash=token_hash, operator_id=tx.operator_id, kind=kind, reference=reference, expires_at=expires_at
    )
    await tx.execute(new.on_conflict_do_update(index_elements=["token_hash"], set_={"expires_at": expires_at}))


async def remove_tokens(tx: Transaction, kind: TokenKind, reference: UUID) -> None:
    await tx.execute(
        sa.delete(known_token).where(
            known_token.c.operator_id == tx.operator_id,
            known_token.c.reference == reference,
            known_token.c.kind == kind,
        )
    )


async def remove_expired_tokens(tx: Transaction, before: datetime) -> None:
    """Tokens that expired before then are not worth finding any more."""
    await tx.execute(
        sa.delete(known_token).where(known_token.c.operator_id == tx.operator_id, known_token.c.expires_at < before)
    )
