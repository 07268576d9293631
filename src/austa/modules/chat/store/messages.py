"""Messages, both directions, and what Meta tells beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.infra.writing import driver_of, update_rows
from austa.kernel.ids import ConversationId, NotificationId
from austa.modules.chat.tables import (
    attachment,
    message,
    other_notice,
)

ASSISTANT = "assistant"
"""The author of what no person wrote."""

STATUS_RANK = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "failed": 4, "delivered": 5, "read": 6}
"""A status never goes back; `failed` after delivery means nothing."""


_NEW = Prepared(insert(message).on_conflict_do_nothing().returning(message.c.id))
_BY_ID = Prepared(sa.select(message).where(message.c.id == sa.bindparam("of")))
_BY_KEY = Prepared(sa.select(message.c.id).where(message.c.key == sa.bindparam("of")))


@dataclass(frozen=True)
class Sent:
    """What a status moves."""

    id: UUID
    direction: str
    status: str
    wamid_index: bytes | None
    notification_id: UUID | None


@dataclass(frozen=True)
class Said:
    """An inbound message, sealed."""

    id: UUID
    conversation_id: UUID
    sent_at: datetime
    body: bytes


async def insert_message(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when a message with that wamid, key or notification is there already."""
    row = {column.name: values.get(column.name) for column in message.columns} | {"operator_id": tx.operator_id}
    return await _NEW.first(tx, **row) is not None


async def insert_messages(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once, that are surely new. Raises where one is not."""
    await tx.insert({message: rows})


async def already_kept(
    tx: Transaction, ids: Sequence[UUID], wamid_indexes: Sequence[bytes]
) -> tuple[set[UUID], set[bytes]]:
    """Which of these inbound messages are kept, by id, and by their blind index those from before the inbox."""
    driver = driver_of(tx.connection)
    rows = await driver.fetch(
        "select id, null::bytea as wamid_index from chat.message where operator_id = $1 and id = any($2::uuid[])"
        " union all select null, wamid_index from chat.message"
        " where operator_id = $1 and wamid_index = any($3::bytea[]) and direction = 'in'",
        tx.operator_id,
        ids,
        wamid_indexes,
    )
    return {row["id"] for row in rows if row["id"]}, {row["wamid_index"] for row in rows if row["wamid_index"]}


async def inbound_of(tx: Transaction, conversation_ids: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    """All inbound messages of these conversations, each conversation's in its order."""
    return await tx.all(
        sa.select(
            message.c.id,
            message.c.conversation_id,
            message.c.kind,
            message.c.body,
            message.c.sent_at,
            message.c.recorded_at,
        )
        .where(message.c.conversation_id.in_(conversation_ids), message.c.direction == "in")
        .order_by(message.c.conversation_id, message.c.sent_at, message.c.id)
    )


async def inbound_between(
    tx: Transaction, spans: Mapping[UUID, tuple[datetime, datetime]], besides: Sequence[UUID]
) -> Sequence[Said]:
    """Of each conversation the newest 30 inbound messages sent in a time, some left out; oldest first."""
    rows = await driver_of(tx.connection).fetch(
        _INBOUND_BETWEEN,
        [*spans],
        [since for since, _ in spans.values()],
        [until for _, until in spans.values()],
        besides,
        tx.operator_id,
    )
    return [Said(*row) for row in rows]


@dataclass(frozen=True)
class Facts:
    """What a turn must know of its conversation: when anybody last said something, whether a person of the staff wrote
    lately, whether there was a red flag lately, and whether somebody dangerous may read along."""

    previous_at: datetime | None
    attended: bool
    alarmed: bool
    quiet: bool


async def facts(
    tx: Transaction,
    before: Mapping[UUID, datetime],
    *,
    besides: Sequence[UUID],
    attended_since: datetime,
    alarmed_since: datetime,
    quiet_since: datetime,
    quiet_categories: Sequence[str],
) -> dict[UUID, Facts]:
    """Of each conversation; what was said before an instant, some messages left out."""
    rows = await driver_of(tx.connection).fetch(
        _FACTS,
        [*before],
        [*before.values()],
        besides,
        attended_since,
        alarmed_since,
        quiet_since,
        quiet_categories,
        tx.operator_id,
        ASSISTANT,
    )
    return {row["id"]: Facts(row["previous_at"], row["attended"], row["alarmed"], row["quiet"]) for row in rows}


async def get_message(tx: Transaction, message_id: UUID) -> Any:
    row = await find_message(tx, message_id)
    assert row is not None
    return row


async def is_queued(tx: Transaction, key: str) -> bool:
    """Whether a message of ours with that key was queued."""
    return await _BY_KEY.first(tx, of=key) is not None


async def find_message(tx: Transaction, message_id: UUID) -> Any | None:
    return await _BY_ID.first(tx, of=message_id)


async def lock_messages(tx: Transaction, ids: Sequence[UUID], wamid_indexes: Sequence[bytes]) -> Sequence[Sent]:
    """Messages by id or by Meta's id, locked in one order."""
    rows = await driver_of(tx.connection).fetch(
        "select id, direction, status, wamid_index, notification_id from chat.message where operator_id = $1"
        " and id in (select id from chat.message where operator_id = $1 and id = any($2::uuid[])"
        " union all select id from chat.message where operator_id = $1 and wamid_index = any($3::bytea[]))"
        " order by id for update",
        tx.operator_id,
        ids,
        wamid_indexes,
    )
    return [Sent(*row) for row in rows]


async def move_statuses(tx: Transaction, moved: Sequence[tuple[UUID, str, int | None, bytes]]) -> None:
    """Set status, error code and Meta's id of messages."""
    if moved:
        await driver_of(tx.connection).execute(
            "update chat.message m set status = g.status, error_code = g.error_code, wamid_index = g.wamid_index"
            " from unnest($1::uuid[], $2::text[], $3::integer[], $4::bytea[])"
            " as g (id, status, error_code, wamid_index) where m.id = g.id and m.operator_id = $5",
            *([*column] for column in zip(*moved, strict=True)),
            tx.operator_id,
        )


async def update_message(tx: Transaction, message_id: UUID, **values: Any) -> None:
    await update_rows(tx.connection, message, [{"id": message_id, **values}])


async def list_messages(tx: Transaction, conversation_id: ConversationId, limit: int) -> Sequence[sa.Row[Any]]:
    """The newest `limit` messages, oldest first, with the document of their attachment."""
    joined = message.outerjoin(attachment, attachment.c.message_id == message.c.id)
    newest = (
        sa.select(message, attachment.c.document_id)
        .select_from(joined)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.sent_at.desc(), message.c.direction.desc(), message.c.id.desc())
        .limit(limit)
    )
    return list(reversed(await tx.all(newest)))


async def notified_since(tx: Transaction, conversation_id: ConversationId, since: datetime) -> bool:
    """Whether a notification recorded since then arrived."""
    found = await tx.one_or_none(
        sa.select(message.c.id)
        .where(
            message.c.conversation_id == conversation_id,
            message.c.direction == "out",
            message.c.notification_id.is_not(None),
            message.c.status.in_(("delivered", "read")),
            message.c.sent_at >= since,
        )
        .limit(1)
    )
    return found is not None


async def list_changes(
    tx: Transaction, conversation_id: ConversationId, since: datetime, kinds: Sequence[str]
) -> Sequence[sa.Row[Any]]:
    """Messages of those kinds of a conversation since then, oldest first."""
    return await tx.all(
        sa.select(message.c.id, message.c.kind, message.c.body, message.c.sent_at)
        .where(
            message.c.conversation_id == conversation_id,
            message.c.direction == "in",
            message.c.kind.in_(kinds),
            message.c.sent_at >= since,
        )
        .order_by(message.c.sent_at, message.c.id)
    )


async def inbound_around(
    tx: Transaction, conversation_id: ConversationId, since: datetime, until: datetime, besides: UUID
) -> Sequence[sa.Row[Any]]:
    """The newest 30 inbound messages sent in a time, one left out; oldest first."""
    rows = await tx.all(
        sa.select(message)
        .where(
            message.c.conversation_id == conversation_id,
            message.c.direction == "in",
            message.c.sent_at >= since,
            message.c.sent_at <= until,
            message.c.id != besides,
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(30)
    )
    return list(reversed(rows))


async def newest_asked(
    tx: Transaction, conversation_id: ConversationId, urgency: str, since: datetime
) -> sa.Row[Any] | None:
    """The newest message of that urgency."""
    return (
        await tx.execute(
            sa.select(message)
            .where(
                message.c.conversation_id == conversation_id,
                message.c.direction == "in",
                message.c.urgency == urgency,
                message.c.sent_at >= since,
            )
            .order_by(message.c.sent_at.desc(), message.c.id.desc())
            .limit(1)
        )
    ).one_or_none()


async def newest_urgent(
    tx: Transaction, conversation_id: ConversationId, since: datetime, *, besides: UUID
) -> sa.Row[Any] | None:
    """The newest emergency reply since then, that to one message left out."""
    return (
        await tx.execute(
            sa.select(message)
            .where(
                message.c.conversation_id == conversation_id,
                message.c.urgent,
                message.c.sent_at >= since,
                message.c.answers != besides,
            )
            .order_by(message.c.sent_at.desc(), message.c.id.desc())
            .limit(1)
        )
    ).one_or_none()


async def newest_offer(tx: Transaction, conversation_id: ConversationId, before: datetime) -> sa.Row[Any] | None:
    """The last message of ours with buttons or a list until then."""
    return (
        await tx.execute(
            sa.select(message)
            .where(
                message.c.conversation_id == conversation_id,
                message.c.direction == "out",
                message.c.kind.in_(("buttons", "list")),
                message.c.sent_at <= before,
            )
            .order_by(message.c.sent_at.desc(), message.c.id.desc())
            .limit(1)
        )
    ).one_or_none()


async def list_said_since(tx: Transaction, conversation_id: ConversationId, since: datetime) -> Sequence[sa.Row[Any]]:
    """Our messages of a conversation since then that were not refused."""
    return await tx.all(
        sa.select(message.c.id, message.c.body).where(
            message.c.conversation_id == conversation_id,
            message.c.direction == "out",
            message.c.status != "failed",
            message.c.sent_at >= since,
        )
    )


async def insert_notice(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when the same notice was delivered before."""
    result = await tx.execute(
        insert(other_notice).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def message_of_notification(tx: Transaction, notification_id: NotificationId) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(message).where(message.c.notification_id == notification_id))


_INBOUND_BETWEEN = """
select m.id, m.conversation_id, m.sent_at, m.body
  from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as g (conversation_id, since, until)
 cross join lateral (
     select id, conversation_id, sent_at, body from chat.message
      where operator_id = $5 and conversation_id = g.conversation_id and direction = 'in'
        and sent_at between g.since and g.until and id <> all($4::uuid[])
      order by sent_at desc, id desc limit 30) as m
 order by m.sent_at, m.id
"""
_FACTS = """
select g.id,
       (select m.sent_at from chat.message m
         where m.operator_id = $8 and m.conversation_id = g.id and m.sent_at < g.before and m.id <> all($3::uuid[])
         order by m.sent_at desc, m.id desc limit 1) as previous_at,
       exists (select from chat.message m
                where m.operator_id = $8 and m.conversation_id = g.id and m.direction = 'out'
                  and m.author <> $9 and m.sent_at >= $4) as attended,
       exists (select from chat.triage_task t
                where t.operator_id = $8 and t.conversation_id = g.id and t.opened_at >= $5) as alarmed,
       exists (select from chat.triage_task t
                where t.operator_id = $8 and t.conversation_id = g.id and t.opened_at >= $6
                  and t.category = any($7::text[])) as quiet
  from unnest($1::uuid[], $2::timestamptz[]) as g (id, before)
"""
