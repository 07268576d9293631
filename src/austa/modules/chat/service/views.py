"""Messages as people of the staff see them."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.kernel.ids import DocumentId, OperatorId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Button, Message
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.triage import shown_status


async def view_message(
    bodies: Bodies, operator_id: OperatorId, identity_id: UUID, row: sa.Row[Any], document_id: UUID | None
) -> Message:
    """Open a message. `document_id`: where the file that came with it lies."""
    if row.direction == "in":
        said = await bodies.inbound(operator_id, identity_id, row.id, row.body)
        words: str | None = said.said
        buttons: tuple[Button, ...] = ()
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
    )
