"""Files that came with messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId
from austa.modules.chat.tables import (
    attachment,
    conversation,
    message,
)


async def insert_attachment(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(attachment).values(operator_id=tx.operator_id, **values))


async def find_attachment(tx: Transaction, attachment_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(attachment).where(attachment.c.id == attachment_id))


async def update_attachment(tx: Transaction, attachment_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(attachment).where(attachment.c.id == attachment_id).values(**values))


async def attachment_of_message(tx: Transaction, message_id: UUID) -> sa.Row[Any] | None:
    return await tx.one_or_none(sa.select(attachment).where(attachment.c.message_id == message_id))


async def files_since(tx: Transaction, conversation_id: ConversationId, since: datetime) -> Sequence[sa.Row[Any]]:
    """Files that came with messages of a conversation since then: their ids, and the message's own id and body."""
    joined = message.join(
        attachment, sa.and_(attachment.c.message_id == message.c.id, attachment.c.operator_id == message.c.operator_id)
    )
    return await tx.all(
        sa.select(attachment.c.id, message.c.id.label("message_id"), message.c.body)
        .select_from(joined)
        .where(message.c.conversation_id == conversation_id, message.c.sent_at >= since)
    )


async def documents_of_messages(tx: Transaction, message_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Where the files of those messages lie."""
    rows = await tx.all(
        sa.select(attachment.c.message_id, attachment.c.document_id).where(
            attachment.c.message_id.in_(message_ids), attachment.c.document_id.is_not(None)
        )
    )
    return {row.message_id: row.document_id for row in rows}


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
