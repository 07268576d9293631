"""Sessions and their tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.actors import Role
from austa.kernel.ids import PrincipalId, ProviderId
from austa.modules.identity.api import SessionKind
from austa.modules.identity.domain import SessionFacts
from austa.modules.identity.store.lookups import add_token
from austa.modules.identity.tables import (
    principal,
    session,
    session_token,
)


@dataclass(frozen=True)
class StoredSession:
    """A session found by one of its tokens."""

    id: UUID
    kind: SessionKind
    principal_id: PrincipalId
    roles: frozenset[Role]
    provider_id: ProviderId | None
    facts: SessionFacts


async def add_session(
    tx: Transaction, session_id: UUID, principal_id: PrincipalId, kind: SessionKind, expires_at: datetime
) -> None:
    await tx.execute(
        sa.insert(session).values(
            operator_id=tx.operator_id,
            id=session_id,
            principal_id=principal_id,
            kind=kind,
            created_at=tx.now(),
            expires_at=expires_at,
        )
    )


async def add_session_token(
    tx: Transaction, session_id: UUID, token_hash: bytes, kind: Literal["access", "refresh"], expires_at: datetime
) -> None:
    await tx.execute(
        sa.insert(session_token).values(
            operator_id=tx.operator_id, token_hash=token_hash, session_id=session_id, kind=kind, expires_at=expires_at
        )
    )
    await add_token(tx, token_hash, "session", session_id, expires_at)


async def find_session(tx: Transaction, token_hash: bytes, *, lock: bool = False) -> StoredSession | None:
    """The session of that token; with `lock`, refreshes of one session queue here."""
    chosen = (
        sa.select(
            session.c.id,
            session.c.kind,
            session.c.expires_at,
            session.c.revoked_at,
            session.c.principal_id,
            session_token.c.kind.label("shown"),
            session_token.c.expires_at.label("token_expires_at"),
            session_token.c.replaced_at,
            principal.c.roles,
            principal.c.active,
            principal.c.provider_id,
        )
        .join(session_token, session_token.c.session_id == session.c.id)
        .join(principal, principal.c.id == session.c.principal_id)
        .where(session_token.c.token_hash == token_hash)
    )
    row = await tx.one_or_none(chosen.with_for_update(of=[session, session_token]) if lock else chosen)
    if row is None:
        return None
    facts = SessionFacts(
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        person_active=row.active,
        shown=row.shown,
        token_expires_at=row.token_expires_at,
        token_replaced_at=row.replaced_at,
    )
    provider_id = ProviderId(row.provider_id) if row.provider_id else None
    return StoredSession(row.id, row.kind, PrincipalId(row.principal_id), frozenset(row.roles), provider_id, facts)


async def replace_tokens(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """All tokens of the session end; they stay findable, so that a copied one is recognised."""
    await tx.execute(
        sa.update(session_token)
        .where(session_token.c.session_id == session_id, session_token.c.replaced_at.is_(None))
        .values(replaced_at=now)
    )


async def revoke_session(
    tx: Transaction, session_id: UUID, reason: Literal["sign_out", "refresh_reused"], now: datetime
) -> None:
    await tx.execute(
        sa.update(session)
        .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_for=reason)
    )


async def revoke_sessions_of(tx: Transaction, principal_id: PrincipalId, now: datetime) -> None:
    await tx.execute(
        sa.update(session)
        .where(session.c.principal_id == principal_id, session.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_for="deactivated")
    )
