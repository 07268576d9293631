"""All SQL of `chat`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, MemberId, NotificationId, OperatorId, RequestId
from austa.modules.chat.domain.triage import UNHEARD
from austa.modules.chat.tables import (
    attachment,
    channel_identity,
    conversation,
    intention,
    message,
    other_notice,
    triage_task,
    whatsapp_number,
)

ASSISTANT = "assistant"
"""The author of what no person wrote."""

STATUS_RANK = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "failed": 4, "delivered": 5, "read": 6}
"""A status never goes back; `failed` after delivery means nothing."""


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
    joined = conversation.join(channel_identity, channel_identity.c.id == conversation.c.identity_id)
    chosen = sa.select(conversation).select_from(joined).where(channel_identity.c.member_id == member_id)
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


async def last_said_at(tx: Transaction, conversation_id: ConversationId, besides: UUID) -> datetime | None:
    """When anybody last said something, one message left out."""
    newest: datetime | None = await tx.connection.scalar(
        sa.select(sa.func.max(message.c.sent_at)).where(
            message.c.conversation_id == conversation_id, message.c.id != besides
        )
    )
    return newest


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


async def insert_attachment(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(attachment).values(operator_id=tx.operator_id, **values))


async def find_attachment(tx: Transaction, attachment_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(attachment).where(attachment.c.id == attachment_id))


async def update_attachment(tx: Transaction, attachment_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(attachment).where(attachment.c.id == attachment_id).values(**values))


async def attachment_of_message(tx: Transaction, message_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(attachment).where(attachment.c.message_id == message_id))


async def documents_of_identity(tx: Transaction, identity_id: UUID) -> Sequence[UUID]:
    joined = attachment.join(
        conversation,
        sa.and_(
            conversation.c.id == attachment.c.conversation_id, conversation.c.operator_id == attachment.c.operator_id
        ),
    )
    rows = await tx.all(
        sa.select(attachment.c.document_id)
        .select_from(joined)
        .where(conversation.c.identity_id == identity_id, attachment.c.document_id.is_not(None))
        .order_by(attachment.c.document_id)
    )
    return [row.document_id for row in rows]


async def insert_notice(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when the same notice was delivered before."""
    result = await tx.execute(
        insert(other_notice).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def insert_intention(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(intention).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())


async def get_intention(tx: Transaction, intention_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(intention).where(intention.c.id == intention_id))).one()


async def settle_intention(tx: Transaction, intention_id: UUID, request_id: RequestId) -> None:
    await tx.execute(sa.update(intention).where(intention.c.id == intention_id).values(request_id=request_id))


async def insert_task(tx: Transaction, values: dict[str, Any]) -> bool:
    """False when the message has its task."""
    result = await tx.execute(insert(triage_task).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())
    return result.rowcount == 1


async def raise_task(tx: Transaction, message_id: UUID, *, due_at: datetime, **values: Any) -> UUID | None:
    """Say more of a task that was opened for an unheard voice note, never moving its term back; None for any other."""
    raised = await tx.execute(
        sa.update(triage_task)
        .where(triage_task.c.message_id == message_id, triage_task.c.category == UNHEARD.category)
        .values(due_at=sa.func.least(triage_task.c.due_at, due_at), **values)
        .returning(triage_task.c.id)
    )
    row = raised.one_or_none()
    return row.id if row is not None else None


async def find_task(tx: Transaction, task_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(triage_task).where(triage_task.c.id == task_id).with_for_update())


async def update_task(tx: Transaction, task_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(triage_task).where(triage_task.c.id == task_id).values(**values))


async def newest_task(
    tx: Transaction, conversation_id: ConversationId, since: datetime, categories: Sequence[str] = ()
) -> sa.Row[Any] | None:
    """The newest task of a conversation since then, of one of those categories if any are named."""
    statement = sa.select(triage_task).where(
        triage_task.c.conversation_id == conversation_id, triage_task.c.opened_at >= since
    )
    if categories:
        statement = statement.where(triage_task.c.category.in_(categories))
    newest = statement.order_by(triage_task.c.opened_at.desc(), triage_task.c.id.desc()).limit(1)
    return (await tx.execute(newest)).one_or_none()


async def list_tasks(
    tx: Transaction, *, open_only: bool, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Open ones: red first, then by term. All: newest first."""
    statement = sa.select(triage_task)
    if open_only:
        statement = statement.where(triage_task.c.state != "acknowledged").order_by(
            triage_task.c.level.desc(), triage_task.c.due_at, triage_task.c.id
        )
    else:
        statement = statement.order_by(triage_task.c.opened_at.desc(), triage_task.c.id.desc())
        if after is not None:
            statement = statement.where(sa.tuple_(triage_task.c.opened_at, triage_task.c.id) < sa.tuple_(*after))
    return await tx.all(statement.limit(limit))


async def message_of_notification(tx: Transaction, notification_id: NotificationId) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(message).where(message.c.notification_id == notification_id))
