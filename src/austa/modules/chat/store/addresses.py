"""Numbers, channel identities and their conversations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.infra.writing import driver_of
from austa.kernel.ids import ConversationId, MemberId, OperatorId
from austa.modules.chat.domain.channels import is_web
from austa.modules.chat.tables import (
    channel_identity,
    conversation,
    identity_link,
    whatsapp_number,
)


@dataclass(frozen=True)
class IdentityRow:
    """What a sender is told by."""

    id: UUID
    number_id: str
    wa_index: bytes | None
    user_index: bytes | None
    address: bytes


async def operator_of_number(connection: AsyncConnection, number_id: str) -> OperatorId | None:
    """Whose number it is; asked before a tenant is known."""
    found = await connection.scalar(
        sa.select(whatsapp_number.c.operator_id).where(whatsapp_number.c.number_id == number_id)
    )
    return None if found is None else OperatorId(found)


async def operators(connection: AsyncConnection) -> list[OperatorId]:
    """Everybody who has a number."""
    return [OperatorId(each) for each in await connection.scalars(sa.select(whatsapp_number.c.operator_id).distinct())]


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


async def identities_among(tx: Transaction, indexes: Sequence[tuple[str, bytes | None, bytes | None]]) -> list[Any]:
    """All identities with one of those phones or user ids at its number: (number, phone, user id)."""
    numbers, phones, users = ([*column] for column in zip(*indexes, strict=True))
    rows: list[Any] = await driver_of(tx.connection).fetch(_AMONG, numbers, phones, users, tx.operator_id)
    return [IdentityRow(*row) for row in rows]


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


async def insert_identities(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once. Raises where one is there already."""
    await tx.insert({channel_identity: rows})


async def insert_conversations(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once. Raises where one is there already."""
    await tx.insert({conversation: rows})


async def update_identity(tx: Transaction, identity_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(channel_identity).where(channel_identity.c.id == identity_id).values(**values))


async def insert_conversation(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(conversation).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())


async def find_conversation(tx: Transaction, conversation_id: ConversationId) -> sa.Row[Any] | None:
    """A conversation with its identity's columns beside it."""
    return await tx.one_or_none(_with_identity().where(conversation.c.id == conversation_id))


async def list_conversations(tx: Transaction, after: UUID | None, limit: int) -> Sequence[sa.Row[Any]]:
    """The next conversations by id, the same."""
    chosen = _with_identity().order_by(conversation.c.id).limit(limit)
    return await tx.all(chosen if after is None else chosen.where(conversation.c.id > after))


async def conversations_of(tx: Transaction, identity_ids: Collection[UUID]) -> Sequence[sa.Row[Any]]:
    """The conversations of those identities, the same."""
    return await tx.all(_with_identity().where(conversation.c.identity_id == sa.any_(_ids(identity_ids))))


def _with_identity() -> sa.Select[Any]:
    joined = conversation.join(
        channel_identity,
        sa.and_(
            channel_identity.c.id == conversation.c.identity_id,
            channel_identity.c.operator_id == conversation.c.operator_id,
        ),
    )
    return sa.select(
        conversation, channel_identity.c.member_id, channel_identity.c.address, channel_identity.c.wa_index
    ).select_from(joined)


def _ids(some: Collection[UUID]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, [*some], type_=sa.ARRAY(sa.Uuid))


async def conversations_of_member(tx: Transaction, member_id: MemberId) -> Sequence[sa.Row[Any]]:
    """Where the member wrote last on top; identities that were linked but never wrote come last."""
    joined = conversation.join(identity_link, identity_link.c.identity_id == conversation.c.identity_id)
    chosen = sa.select(conversation).select_from(joined).where(identity_link.c.member_id == member_id)
    return await tx.all(chosen.order_by(conversation.c.last_inbound_at.desc().nulls_last(), conversation.c.id))


async def newest_conversation_of_member(tx: Transaction, member_id: MemberId) -> sa.Row[Any] | None:
    """The first of those."""
    return next(iter(await conversations_of_member(tx, member_id)), None)


async def newest_on_whatsapp(tx: Transaction, member_id: MemberId) -> sa.Row[Any] | None:
    """The first of those on WhatsApp."""
    found = await conversations_of_member(tx, member_id)
    return next((row for row in found if not is_web(row.number_id)), None)


async def update_conversation(tx: Transaction, conversation_id: ConversationId, **values: Any) -> None:
    await tx.execute(sa.update(conversation).where(conversation.c.id == conversation_id).values(**values))


async def note_inbound(tx: Transaction, newest: Mapping[UUID, datetime]) -> None:
    """Members wrote: Meta's 24-hour window is counted from the newest message of each conversation."""
    await driver_of(tx.connection).execute(
        "update chat.conversation c set last_inbound_at = greatest(c.last_inbound_at, g.sent_at)"
        " from unnest($1::uuid[], $2::timestamptz[]) as g (id, sent_at) where c.id = g.id and c.operator_id = $3",
        [*newest],
        [*newest.values()],
        tx.operator_id,
    )


@dataclass(frozen=True)
class TurnTaken:
    """What a turn leaves in a conversation. `turns`: how many had been taken when it was decided; `handed_over` None:
    as it is, whoever changed it meanwhile."""

    conversation_id: ConversationId
    turns: int
    state: bytes
    handed_over: bool | None


async def record_turns(tx: Transaction, taken: Sequence[TurnTaken]) -> int:
    """Keep what turns left, each only if no other turn was taken since; how many were kept."""
    done: str = await driver_of(tx.connection).execute(
        _RECORD_TURNS,
        [each.conversation_id for each in taken],
        [each.turns for each in taken],
        [each.state for each in taken],
        [each.handed_over for each in taken],
        tx.operator_id,
    )
    return int(done.removeprefix("UPDATE "))


_RECORD_TURNS = """
update chat.conversation c
   set state = g.state, turns = c.turns + 1, handed_over = coalesce(g.handed_over, c.handed_over)
  from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::boolean[]) as g (id, turns, state, handed_over)
 where c.id = g.id and c.turns = g.turns and c.operator_id = $5
"""
_AMONG = """
select id, number_id, wa_index, user_index, address from chat.channel_identity i
 where operator_id = $4
   and id in (select b.id from unnest($1::text[], $2::bytea[]) as g (number_id, wa_index)
                join chat.channel_identity b
                  on b.operator_id = $4 and b.number_id = g.number_id and b.wa_index = g.wa_index
              union all
              select b.id from unnest($1::text[], $3::bytea[]) as g (number_id, user_index)
                join chat.channel_identity b
                  on b.operator_id = $4 and b.number_id = g.number_id and b.user_index = g.user_index)
"""
