"""What the pages of members show, and what their browsers sent."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.writing import driver_of
from austa.kernel.ids import ConversationId
from austa.modules.chat.api.web import talk_waits
from austa.modules.chat.tables import message, web_event, web_file, web_sent, web_talk


async def tell(tx: Transaction, told: Sequence[tuple[UUID, UUID]]) -> None:
    """Give messages, (conversation, message) each, their places in their conversations, and wake who watches.

    The conversation's row is locked until the commit: places follow the order of commits, and none is missed.
    """
    if not told:
        return
    left = Counter(conversation_id for conversation_id, _ in told)
    counts = sorted(left.items())
    back = []
    for conversation_id, _ in told:
        left[conversation_id] -= 1
        back.append(left[conversation_id])
    await driver_of(tx.connection).execute(
        _TELL,
        tx.operator_id,
        [conversation_id for conversation_id, _ in counts],
        [count for _, count in counts],
        [conversation_id for conversation_id, _ in told],
        [message_id for _, message_id in told],
        back,
    )
    for conversation_id, _ in counts:
        tx.wake(talk_waits(ConversationId(conversation_id)))


async def last_place(tx: Transaction, conversation_id: ConversationId) -> int:
    found = await tx.one_or_none(sa.select(web_talk.c.last_place).where(web_talk.c.conversation_id == conversation_id))
    return int(found.last_place) if found else 0


async def before(
    tx: Transaction, conversation_id: ConversationId, place: int | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """The newest messages before that place, newest first."""
    chosen = _told(conversation_id).order_by(web_event.c.place.desc()).limit(limit)
    return await tx.all(chosen if place is None else chosen.where(web_event.c.place < place))


async def after(tx: Transaction, conversation_id: ConversationId, place: int, limit: int) -> Sequence[sa.Row[Any]]:
    """What was told after that place, oldest first."""
    return await tx.all(
        _told(conversation_id).where(web_event.c.place > place).order_by(web_event.c.place).limit(limit)
    )


def _told(conversation_id: ConversationId) -> sa.Select[Any]:
    joined = web_event.join(
        message, sa.and_(message.c.operator_id == web_event.c.operator_id, message.c.id == web_event.c.message_id)
    )
    return (
        sa.select(message, web_event.c.place).select_from(joined).where(web_event.c.conversation_id == conversation_id)
    )


async def add_sent(tx: Transaction, conversation_id: ConversationId, client_id: UUID, *, is_file: bool) -> bool:
    """False when the browser sent it before."""
    added = await tx.execute(
        insert(web_sent)
        .values(
            operator_id=tx.operator_id,
            conversation_id=conversation_id,
            client_id=client_id,
            is_file=is_file,
            sent_at=tx.now(),
        )
        .on_conflict_do_nothing()
    )
    return added.rowcount == 1


async def is_file(tx: Transaction, conversation_id: ConversationId, client_id: UUID) -> bool:
    """Whether what the browser sent under that id was a file."""
    row = await tx.one_or_none(
        sa.select(web_sent.c.is_file).where(
            web_sent.c.conversation_id == conversation_id, web_sent.c.client_id == client_id
        )
    )
    return row is not None and bool(row.is_file)


async def count_files(tx: Transaction, conversation_id: ConversationId, since: datetime) -> int:
    """How many were sent since then."""
    row = await tx.one_or_none(
        sa.select(sa.func.count().label("files")).where(
            web_sent.c.conversation_id == conversation_id, web_sent.c.is_file, web_sent.c.sent_at > since
        )
    )
    return int(row.files) if row else 0


async def add_file(tx: Transaction, conversation_id: ConversationId, client_id: UUID, content: bytes) -> None:
    await tx.execute(
        sa.insert(web_file).values(
            operator_id=tx.operator_id, conversation_id=conversation_id, client_id=client_id, content=content
        )
    )


async def find_file(tx: Transaction, conversation_id: ConversationId, client_id: UUID) -> bytes | None:
    row = await tx.one_or_none(
        sa.select(web_file.c.content).where(
            web_file.c.conversation_id == conversation_id, web_file.c.client_id == client_id
        )
    )
    return bytes(row.content) if row else None


async def remove_file(tx: Transaction, conversation_id: ConversationId, client_id: UUID) -> None:
    await tx.execute(
        sa.delete(web_file).where(web_file.c.conversation_id == conversation_id, web_file.c.client_id == client_id)
    )


async def move_seen(tx: Transaction, conversation_id: ConversationId, place: int) -> None:
    """The member saw everything up to that place: those messages were read."""
    await driver_of(tx.connection).execute(_SEEN, tx.operator_id, conversation_id, place)


_TELL = """
with counted as (
    insert into chat.web_talk as t (operator_id, conversation_id, last_place)
    select $1, id, messages from unnest($2::uuid[], $3::bigint[]) as g (id, messages) order by id
    on conflict (operator_id, conversation_id) do update set last_place = t.last_place + excluded.last_place
    returning conversation_id, last_place)
insert into chat.web_event (operator_id, conversation_id, place, message_id)
select $1, c.conversation_id, c.last_place - g.back, g.message_id
  from unnest($4::uuid[], $5::uuid[], $6::bigint[]) as g (conversation_id, message_id, back)
  join counted c on c.conversation_id = g.conversation_id
"""
_SEEN = """
with moved as (
    update chat.web_talk t set seen_place = least($3, t.last_place)
      from (select seen_place from chat.web_talk where operator_id = $1 and conversation_id = $2 for update) as old
     where t.operator_id = $1 and t.conversation_id = $2 and t.seen_place < least($3, t.last_place)
    returning old.seen_place as seen_before, t.seen_place)
update chat.message m set status = 'read'
  from moved, chat.web_event e
 where e.operator_id = $1 and e.conversation_id = $2 and e.place > moved.seen_before and e.place <= moved.seen_place
   and m.operator_id = $1 and m.id = e.message_id and m.direction = 'out' and m.status in ('sent', 'delivered')
"""
