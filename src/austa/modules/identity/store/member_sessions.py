"""Sessions of members."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import MemberId
from austa.modules.identity.api import MemberSession
from austa.modules.identity.store.lookups import add_token
from austa.modules.identity.tables import member_session


async def add_member_session(
    tx: Transaction, session_id: UUID, member_id: MemberId, token_hash: bytes, expires_at: datetime
) -> None:
    await tx.execute(
        sa.insert(member_session).values(
            operator_id=tx.operator_id,
            id=session_id,
            member_id=member_id,
            token_hash=token_hash,
            created_at=tx.now(),
            expires_at=expires_at,
        )
    )
    await add_token(tx, token_hash, "member_session", session_id, expires_at)


async def find_member_session(tx: Transaction, token_hash: bytes) -> tuple[MemberSession, bool] | None:
    """The session of that token, and whether it was ended."""
    row = await tx.one_or_none(sa.select(member_session).where(member_session.c.token_hash == token_hash))
    if row is None:
        return None
    found = MemberSession(
        id=row.id, operator_id=tx.operator_id, member_id=MemberId(row.member_id), expires_at=row.expires_at
    )
    return found, row.ended_at is not None


async def end_member_session(tx: Transaction, session_id: UUID) -> bool:
    """Whether it had not ended before."""
    ended = await tx.execute(
        sa.update(member_session)
        .where(member_session.c.id == session_id, member_session.c.ended_at.is_(None))
        .values(ended_at=tx.now())
    )
    return ended.rowcount == 1


async def remove_expired_member_sessions(tx: Transaction, before: datetime) -> None:
    await tx.execute(sa.delete(member_session).where(member_session.c.expires_at < before))
