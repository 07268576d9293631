"""Operators, staff and invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.actors import Role
from austa.kernel.ids import OperatorId, PrincipalId, ProviderId
from austa.modules.identity.api import Operator
from austa.modules.identity.store.lookups import remove_tokens
from austa.modules.identity.tables import (
    invitation,
    known_email,
    known_operator,
    operator,
    principal,
)


@dataclass(frozen=True)
class StoredPrincipal:
    """A staff person as stored; bytes are sealed."""

    id: PrincipalId
    name: bytes
    email: bytes
    roles: frozenset[Role]
    council: str | None
    council_uf: str | None
    council_number: bytes | None
    password: bytes | None
    active: bool
    created_at: datetime
    provider_id: ProviderId | None


@dataclass(frozen=True)
class StoredInvitation:
    """An invitation that is neither used nor replaced."""

    id: UUID
    principal_id: PrincipalId
    expires_at: datetime


async def add_operator(tx: Transaction, new: Operator) -> bool:
    """Whether the registry was free."""
    known = insert(known_operator).values(ans_registry=new.ans_registry, operator_id=new.id)
    if (await tx.execute(known.on_conflict_do_nothing())).rowcount == 0:
        return False
    await tx.execute(
        sa.insert(operator).values(
            operator_id=new.id,
            ans_registry=new.ans_registry,
            name=new.name,
            time_zone=new.time_zone,
            created_at=tx.now(),
        )
    )
    return True


async def find_operator(tx: Transaction) -> Operator | None:
    row = await tx.one_or_none(sa.select(operator))
    if row is None:
        return None
    return Operator(
        id=OperatorId(row.operator_id), ans_registry=row.ans_registry, name=row.name, time_zone=row.time_zone
    )


async def add_principal(tx: Transaction, new: StoredPrincipal, email_index: bytes) -> bool:
    """Whether the e-mail was free in this installation."""
    known = insert(known_email).values(email_index=email_index, operator_id=tx.operator_id, principal_id=new.id)
    if (await tx.execute(known.on_conflict_do_nothing())).rowcount == 0:
        return False
    values = {**_principal_values(new), "operator_id": tx.operator_id, "id": new.id, "email_index": email_index}
    await tx.execute(sa.insert(principal).values(**values, created_at=new.created_at))
    return True


async def save_principal(tx: Transaction, changed: StoredPrincipal) -> None:
    affected(
        await tx.execute(sa.update(principal).where(principal.c.id == changed.id).values(**_principal_values(changed)))
    )


async def find_principal(tx: Transaction, principal_id: PrincipalId, *, lock: bool = False) -> StoredPrincipal | None:
    chosen = sa.select(principal).where(principal.c.id == principal_id)
    row = await tx.one_or_none(chosen.with_for_update() if lock else chosen)
    return _principal(row) if row else None


async def load_principals(tx: Transaction, principal_ids: Collection[PrincipalId]) -> list[StoredPrincipal]:
    rows = await tx.all(sa.select(principal).where(principal.c.id.in_(principal_ids)))
    return [_principal(row) for row in rows]


async def load_of_roles(tx: Transaction, roles: Collection[str]) -> list[StoredPrincipal]:
    """The active staff with one of these roles, in the order they were invited."""
    rows = await tx.all(
        sa.select(principal)
        .where(principal.c.active, principal.c.roles.overlap(sorted(roles)))
        .order_by(principal.c.created_at, principal.c.id)
    )
    return [_principal(row) for row in rows]


async def list_principals(
    tx: Transaction, provider_id: ProviderId | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[StoredPrincipal]:
    """In the order they were invited, at most `limit`, after that place; of one provider, where it is named."""
    chosen = sa.select(principal).order_by(principal.c.created_at, principal.c.id).limit(limit)
    if provider_id is not None:
        chosen = chosen.where(principal.c.provider_id == provider_id)
    if after is not None:
        chosen = chosen.where(
            sa.tuple_(principal.c.created_at, principal.c.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        )
    return [_principal(row) for row in await tx.all(chosen)]


async def add_invitation(tx: Transaction, invitation_id: UUID, principal_id: PrincipalId, expires_at: datetime) -> None:
    await tx.execute(
        sa.insert(invitation).values(
            operator_id=tx.operator_id, id=invitation_id, principal_id=principal_id, expires_at=expires_at
        )
    )


async def find_invitation(tx: Transaction, invitation_id: UUID, now: datetime) -> StoredInvitation | None:
    """The invitation when it can still be accepted; held until the transaction ends."""
    row = await tx.one_or_none(
        sa.select(invitation)
        .where(invitation.c.id == invitation_id, invitation.c.ended_at.is_(None), invitation.c.expires_at > now)
        .with_for_update()
    )
    return StoredInvitation(row.id, PrincipalId(row.principal_id), row.expires_at) if row else None


async def end_invitations(tx: Transaction, principal_id: PrincipalId, now: datetime) -> None:
    """Used, replaced or withdrawn: no token of this person's invitations works any more."""
    ended = await tx.all(
        sa.update(invitation)
        .where(invitation.c.principal_id == principal_id, invitation.c.ended_at.is_(None))
        .values(ended_at=now)
        .returning(invitation.c.id)
    )
    for row in ended:
        await remove_tokens(tx, "invitation", row.id)


def _principal_values(stored: StoredPrincipal) -> dict[str, object]:
    return {
        "name": stored.name,
        "email": stored.email,
        "roles": sorted(stored.roles),
        "council": stored.council,
        "council_uf": stored.council_uf,
        "council_number": stored.council_number,
        "password": stored.password,
        "active": stored.active,
        "provider_id": stored.provider_id,
    }


def _principal(row: sa.Row[tuple[object, ...]]) -> StoredPrincipal:
    values = dict(row._mapping)
    return StoredPrincipal(
        id=PrincipalId(values["id"]),
        name=values["name"],
        email=values["email"],
        roles=frozenset(values["roles"]),
        council=values["council"],
        council_uf=values["council_uf"],
        council_number=values["council_number"],
        password=values["password"],
        active=values["active"],
        created_at=values["created_at"],
        provider_id=ProviderId(values["provider_id"]) if values["provider_id"] else None,
    )
