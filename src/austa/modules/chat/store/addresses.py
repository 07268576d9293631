"""Numbers, channel identities and their conversations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, MemberId, OperatorId
from austa.modules.chat.tables import (
    channel_identity,
    conversation,
    identity_link,
    whatsapp_number,
)


async def operator_of_number(connection: AsyncConnection, number_id: str) -> OperatorId | None:
    """Whose number it is; asked before a tenant is known."""
    found = await connection.scalar(
        sa.select(whatsapp_number.c.operator_id).where(whatsapp_number.c.number_id == number_id)
    )
    return None if found is None else OperatorId(found)


async def insert_number(tx: Transaction, number_id: str) -> OperatorId:
    """Attach the number to the operator unless another one has it; returns who has it."""
    await tx.execute(
        insert(whatsapp_number).values(number_id=number_id, operator_id=tx.operator_id).on_conflict_do_nothing()
    )
    owner = await operator_of_number(tx.connection, number_id)
    assert owner is not None
    return owner


async def find_identity(
    tx: Transaction, number_id: str, wa_index: bytes | None, user_index: bytes | None
) -> sa.Row[Any] | None:
    """The identity with that phone or user id, the user id first (it is the surer one), locked."""
    for column, index in ((channel_identity.c.user_index, user_index), (channel_identity.c.wa_index, wa_index)):
        if index is not None:
            row = await tx.one_or_none(
                sa.select(channel_identity)
                .where(channel_identity.c.number_id == number_id, column == index)
                .with_for_update()
            )
            if row is not None:
                return row
    return None


async def get_identity(tx: Transaction, identity_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(channel_identity).where(channel_identity.c.id == identity_id))).one()


async def identities_at(
    tx: Transaction, number_id: str, wa_indexes: Sequence[bytes], user_indexes: Sequence[bytes]
) -> Sequence[UUID]:
    """All identities with one of those phones or user ids."""
    rows = await tx.all(
        sa.select(channel_identity.c.id).where(
            channel_identity.c.number_id == number_id,
            sa.or_(channel_identity.c.wa_index.in_(wa_indexes), channel_identity.c.user_index.in_(user_indexes)),
        )
    )
    return [row.id for row in rows]


async def insert_identity(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when a concurrent webhook was first."""
    result = await tx.execute(
        insert(channel_identity).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def update_identity(tx: Transaction, identity_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(channel_identity).where(channel_identity.c.id == identity_id).values(**values))


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


async def links_of(tx: Transaction, identity_id: UUID, since: datetime) -> list[MemberId]:
    """The members who were verified on it since then, the newest verification on top."""
    rows = await tx.all(
        sa.select(identity_link.c.member_id)
        .where(identity_link.c.identity_id == identity_id, identity_link.c.linked_at >= since)
        .order_by(identity_link.c.linked_at.desc(), identity_link.c.member_id)
    )
    return [MemberId(row.member_id) for row in rows]


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


async def conversation_of_identity(tx: Transaction, identity_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(conversation).where(conversation.c.identity_id == identity_id))


async def insert_conversation(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(conversation).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())


async def find_conversation(tx: Transaction, conversation_id: ConversationId) -> sa.Row[Any] | None:
    """A conversation with its identity's columns beside it."""
    joined = conversation.join(
        channel_identity,
        sa.and_(
            channel_identity.c.id == conversation.c.identity_id,
            channel_identity.c.operator_id == conversation.c.operator_id,
        ),
    )
    return await tx.one_or_none(
        sa.select(
            conversation,
            channel_identity.c.member_id,
            channel_identity.c.address,
            channel_identity.c.wa_index,
        )
        .select_from(joined)
        .where(conversation.c.id == conversation_id)
    )


async def conversations_of_member(tx: Transaction, member_id: MemberId) -> Sequence[sa.Row[Any]]:
    """Where the member wrote last on top; identities that were linked but never wrote come last."""
    joined = conversation.join(identity_link, identity_link.c.identity_id == conversation.c.identity_id)
    chosen = sa.select(conversation).select_from(joined).where(identity_link.c.member_id == member_id)
    return await tx.all(chosen.order_by(conversation.c.last_inbound_at.desc().nulls_last(), conversation.c.id))


async def newest_conversation_of_member(tx: Transaction, member_id: MemberId) -> sa.Row[Any] | None:
    """The first of those."""
    return next(iter(await conversations_of_member(tx, member_id)), None)


async def update_conversation(tx: Transaction, conversation_id: ConversationId, **values: Any) -> None:
    await tx.execute(sa.update(conversation).where(conversation.c.id == conversation_id).values(**values))


async def note_inbound(tx: Transaction, conversation_id: ConversationId, sent_at: datetime) -> None:
    """The member wrote: Meta's 24-hour window is counted from their newest message."""
    await update_conversation(
        tx, conversation_id, last_inbound_at=sa.func.greatest(conversation.c.last_inbound_at, sent_at)
    )
