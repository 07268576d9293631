"""Who was verified on which channel identity."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.kernel.ids import MemberId
from austa.modules.chat.store.addresses import update_identity
from austa.modules.chat.tables import channel_identity, identity_link


async def link(tx: Transaction, identity_id: UUID, member_id: MemberId, verified_by: str) -> None:
    """Somebody was verified on this identity; links to others stay."""
    new = insert(identity_link).values(
        operator_id=tx.operator_id,
        identity_id=identity_id,
        member_id=member_id,
        linked_at=tx.now(),
        verified_by=verified_by,
    )
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["operator_id", "identity_id", "member_id"],
            set_={"linked_at": new.excluded.linked_at, "verified_by": new.excluded.verified_by},
        )
    )
    await update_identity(tx, identity_id, member_id=member_id, linked_at=tx.now())


async def links_of(
    tx: Transaction, identity_ids: Collection[UUID], since: datetime
) -> dict[UUID, tuple[MemberId, ...]]:
    """The members who were verified on each since then, the newest verification first."""
    if not identity_ids:
        return {}
    rows = await tx.all(
        sa.select(identity_link.c.identity_id, identity_link.c.member_id)
        .where(
            identity_link.c.identity_id == sa.any_(sa.cast(list(identity_ids), sa.ARRAY(sa.Uuid))),
            identity_link.c.linked_at >= since,
        )
        .order_by(identity_link.c.linked_at.desc(), identity_link.c.member_id)
    )
    found: dict[UUID, tuple[MemberId, ...]] = {}
    for row in rows:
        found[row.identity_id] = (*found.get(row.identity_id, ()), MemberId(row.member_id))
    return found


async def choose(tx: Transaction, identity_id: UUID, member_id: MemberId) -> None:
    """The identity speaks for that one of its members now. Whom a guardian represents is not one of them."""
    await tx.execute(
        sa.update(channel_identity)
        .where(
            channel_identity.c.id == identity_id,
            identity_link.c.identity_id == channel_identity.c.id,
            identity_link.c.member_id == member_id,
        )
        .values(member_id=identity_link.c.member_id, linked_at=identity_link.c.linked_at)
    )
