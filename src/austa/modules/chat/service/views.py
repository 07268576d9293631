"""Messages as people of the staff see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, DocumentId, OperatorId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Button, Message
from austa.modules.chat.domain.webhook import CHANGES, changed_message, shared_words
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.triage import shown_status
from austa.modules.chat.store import messages


async def view_messages(
    tx: Transaction,
    bodies: Bodies,
    conversation: tuple[ConversationId, UUID],
    rows: Sequence[sa.Row[Any]],
    documents: Mapping[UUID, UUID],
) -> tuple[Message, ...]:
    """Open messages of a conversation and its identity, with what their sender corrected or deleted since.
    `documents`: where the files that came with them lie."""
    _, identity_id = conversation
    since = min((row.sent_at for row in rows), default=tx.now())
    changes = await changes_since(tx, bodies, conversation, since)
    return tuple(
        [await _view(bodies, tx.operator_id, identity_id, row, documents.get(row.id), changes) for row in rows]
    )


async def changes_since(
    tx: Transaction, bodies: Bodies, conversation: tuple[ConversationId, UUID], since: datetime
) -> dict[tuple[str, str], datetime]:
    """When messages were corrected or deleted, by Meta's id and the kind of change. The newest counts."""
    conversation_id, identity_id = conversation
    found: dict[tuple[str, str], datetime] = {}
    for row in await messages.list_changes(tx, conversation_id, since, CHANGES):
        body = await bodies.inbound(tx.operator_id, identity_id, row.id, row.body)
        about = changed_message(body.raw)
        if about is not None:
            found[about, row.kind] = row.sent_at
    return found


async def _view(
    bodies: Bodies,
    operator_id: OperatorId,
    identity_id: UUID,
    row: sa.Row[Any],
    document_id: UUID | None,
    changes: Mapping[tuple[str, str], datetime],
) -> Message:
    edited_at = deleted_at = None
    if row.direction == "in":
        said = await bodies.inbound(operator_id, identity_id, row.id, row.body)
        words = said.said or shared_words(said.raw)
        buttons: tuple[Button, ...] = ()
        edited_at, deleted_at = (changes.get((said.wamid, kind)) for kind in CHANGES)
    else:
        ours = await bodies.outbound(operator_id, identity_id, row.id, row.body)
        words = ours.text
        buttons = ours.buttons or tuple(Button(id=line.id, title=line.title) for line in ours.rows)
    return Message(
        id=row.id,
        direction=row.direction,
        kind=row.kind,
        text=Personal(words) if words else None,
        buttons=buttons,
        document_id=DocumentId(document_id) if document_id else None,
        author=row.author,
        status=shown_status(row.status),
        sent_at=row.sent_at,
        urgency=row.urgency,
        edited_at=edited_at,
        deleted_at=deleted_at,
    )
