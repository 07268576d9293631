"""Messages, both directions, and what Meta tells beside them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
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


async def insert_message(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when a message with that wamid, key or notification is there already."""
    result = await tx.execute(insert(message).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())
    return result.rowcount == 1


async def get_message(tx: Transaction, message_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(message).where(message.c.id == message_id))).one()


async def find_message(
    tx: Transaction,
    *,
    wamid_index: bytes | None = None,
    message_id: UUID | None = None,
    key: str | None = None,
    lock: bool = False,
) -> sa.Row[Any] | None:
    statement = sa.select(message)
    if wamid_index is not None:
        statement = statement.where(message.c.wamid_index == wamid_index)
    elif message_id is not None:
        statement = statement.where(message.c.id == message_id)
    else:
        statement = statement.where(message.c.key == key)
    return await tx.one_or_none(statement.with_for_update() if lock else statement)


async def update_message(tx: Transaction, message_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(message).where(message.c.id == message_id).values(**values))


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


async def last_said_at(tx: Transaction, conversation_id: ConversationId, before: UUID) -> datetime | None:
    """When anybody last said something before that message was sent."""
    sent_at = sa.select(message.c.sent_at).where(message.c.id == before).scalar_subquery()
    newest: datetime | None = await tx.connection.scalar(
        sa.select(sa.func.max(message.c.sent_at)).where(
            message.c.conversation_id == conversation_id, message.c.sent_at < sent_at
        )
    )
    return newest


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


async def staff_wrote_since(tx: Transaction, conversation_id: ConversationId, since: datetime) -> bool:
    """Whether a person of the staff wrote in the conversation since then."""
    found = await tx.one_or_none(
        sa.select(message.c.id)
        .where(
            message.c.conversation_id == conversation_id,
            message.c.direction == "out",
            message.c.author != ASSISTANT,
            message.c.sent_at >= since,
        )
        .limit(1)
    )
    return found is not None


async def insert_notice(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when the same notice was delivered before."""
    result = await tx.execute(
        insert(other_notice).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def message_of_notification(tx: Transaction, notification_id: NotificationId) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(message).where(message.c.notification_id == notification_id))
