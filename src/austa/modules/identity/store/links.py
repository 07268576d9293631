"""Access links of members."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import MemberId
from austa.modules.identity.domain import Link
from austa.modules.identity.tables import (
    link,
)


@dataclass(frozen=True)
class StoredLink:
    """A link and where it leads."""

    id: UUID
    member_id: MemberId
    purpose: str
    resource_id: UUID
    state: Link


async def add_link(tx: Transaction, new: StoredLink) -> StoredLink:
    """Store a link, or return the one this member has to that resource for that purpose; held until the end."""
    await tx.execute(
        insert(link)
        .values(
            operator_id=tx.operator_id,
            id=new.id,
            member_id=new.member_id,
            purpose=new.purpose,
            resource_id=new.resource_id,
            **_link_values(new.state),
        )
        .on_conflict_do_nothing()
    )
    row = await tx.one_or_none(
        sa.select(link)
        .where(link.c.member_id == new.member_id, link.c.purpose == new.purpose, link.c.resource_id == new.resource_id)
        .with_for_update()
    )
    return _link(row) if row else new


async def lock_link(tx: Transaction, link_id: UUID) -> StoredLink | None:
    row = await tx.one_or_none(sa.select(link).where(link.c.id == link_id).with_for_update())
    return _link(row) if row else None


async def save_link(tx: Transaction, link_id: UUID, state: Link) -> None:
    affected(await tx.execute(sa.update(link).where(link.c.id == link_id).values(**_link_values(state))))


def _link_values(state: Link) -> dict[str, object]:
    return {"generation": state.generation, "expires_at": state.expires_at, "tries": state.tries}


def _link(row: sa.Row[tuple[object, ...]]) -> StoredLink:
    values = dict(row._mapping)
    return StoredLink(
        id=values["id"],
        member_id=MemberId(values["member_id"]),
        purpose=values["purpose"],
        resource_id=values["resource_id"],
        state=Link(values["generation"], values["expires_at"], values["tries"]),
    )
