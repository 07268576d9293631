"""What is sent: a message is queued in the transaction that decides it; the sender takes it from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, NotificationId, derived_id
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.channels import is_web
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.service.bodies import Address, Bodies, OutboundBody, Template
from austa.modules.chat.store import addresses, messages, sends, web

WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""Meta's customer-service window, counted from its timestamp, less a margin."""
WAITS = "chat.sender"
"""Under this name the sender is woken."""


@dataclass(frozen=True)
class Queued:
    """A message to be sent; see `Outgoing.queue`."""

    conversation: sa.Row[Any]
    say: Say
    key: str
    answers: UUID | None
    place: int = 0


class Outgoing:
    """Writes outbound messages; the sender takes them from there."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    async def queue(
        self,
        tx: Transaction,
        conversation: sa.Row[Any],
        say: Say,
        *,
        key: str,
        answers: UUID | None = None,
        urgent: bool = False,
        author: str = messages.ASSISTANT,
        notification_id: NotificationId | None = None,
        template: Template | None = None,
        place: int = 0,
    ) -> UUID:
        """Queue one message, once per key; returns its id. `place` orders messages that are queued together."""
        queued = Queued(conversation, say, key, answers, place)
        values = await self._row(tx, queued, urgent, author, notification_id, template)
        if await messages.insert_message(tx, values):
            await self._hand_on(tx, [(conversation, values["id"])], urgent=urgent)
        return UUID(int=values["id"].int)

    async def queue_many(self, tx: Transaction, some: Sequence[Queued]) -> None:
        """Queue messages of the assistant whose keys are surely new."""
        if not some:
            return
        rows = [await self._row(tx, each) for each in some]
        await messages.insert_messages(tx, rows)
        await self._hand_on(tx, [(each.conversation, row["id"]) for each, row in zip(some, rows, strict=True)])

    async def _row(
        self,
        tx: Transaction,
        queued: Queued,
        urgent: bool = False,
        author: str = messages.ASSISTANT,
        notification_id: NotificationId | None = None,
        template: Template | None = None,
    ) -> dict[str, Any]:
        conversation, say = queued.conversation, queued.say
        outbound_id = derived_id("chat.outbound", tx.operator_id, queued.key)
        body = OutboundBody(text=say.text, buttons=say.buttons, rows=say.rows, template=template)
        place = f"message.body:{outbound_id}"
        return {
            "id": outbound_id,
            "conversation_id": conversation.id,
            "direction": "out",
            "kind": "buttons" if say.buttons else "list" if say.rows else "text",
            "body": await self._bodies.seal(tx.operator_id, conversation.identity_id, place, body),
            "author": author,
            "urgent": urgent,
            # On the member's own page it is there as soon as it is committed.
            "status": "sent" if is_web(conversation.number_id) else "queued",
            "attempts": 0,
            "notification_id": notification_id,
            "answers": queued.answers,
            "key": queued.key,
            "sent_at": tx.now() + timedelta(microseconds=queued.place),
            "recorded_at": tx.now(),
        }

    async def queue_again(self, tx: Transaction, outbound_id: UUID) -> None:
        """Put a message where the sender takes it, once: those that an older version queued by event."""
        row = await messages.get_message(tx, outbound_id)
        conversation = await addresses.find_conversation(tx, ConversationId(row.conversation_id))
        if conversation is not None and row.status in {"queued", "sending"}:
            await self._enqueue(tx, [_queueing(conversation, outbound_id, urgent=row.urgent)])

    async def _hand_on(
        self, tx: Transaction, some: Sequence[tuple[sa.Row[Any], UUID]], *, urgent: bool = False
    ) -> None:
        """Each to its channel: the sender of its number, or the pages that show the conversation."""
        await web.tell(tx, [(talk.id, outbound_id) for talk, outbound_id in some if is_web(talk.number_id)])
        waiting = [_queueing(talk, each, urgent=urgent) for talk, each in some if not is_web(talk.number_id)]
        if waiting:
            await self._enqueue(tx, waiting)

    @staticmethod
    async def _enqueue(tx: Transaction, some: Sequence[sends.Queueing]) -> None:
        await sends.enqueue(tx, some)
        tx.wake(WAITS)


def _queueing(conversation: sa.Row[Any], outbound_id: UUID, *, urgent: bool) -> sends.Queueing:
    return sends.Queueing(outbound_id, conversation.number_id, conversation.id, conversation.identity_id, urgent)


def payload_of(
    body: OutboundBody, address: Address, send_id: str, quoted: str | None, *, as_template: bool
) -> dict[str, Any]:
    """The Graph API's message; the recipient is the exact id that Meta gave."""
    recipient: Mapping[str, Any] = {"to": address.wa_id} if address.wa_id else {"recipient": address.user_id}
    message: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient,
        "biz_opaque_callback_data": send_id,
    }
    if quoted is not None:
        message["context"] = {"message_id": quoted}
    if as_template and body.template is not None:
        parameters = [{"type": "text", "text": value} for value in body.template.parameters]
        components: list[dict[str, Any]] = [{"type": "body", "parameters": parameters}]
        if body.template.has_code:
            # Meta wants the code a second time, for the button that copies it.
            components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": parameters})
        return {
            **message,
            "type": "template",
            "template": {
                "name": body.template.name,
                "language": {"code": body.template.language},
                "components": components,
            },
        }
    if body.buttons:
        replies = [{"type": "reply", "reply": {"id": b.id, "title": b.title}} for b in body.buttons]
        interactive = {"type": "button", "body": {"text": body.text}, "action": {"buttons": replies}}
        return {**message, "type": "interactive", "interactive": interactive}
    if body.rows:
        rows = [row.model_dump(exclude_defaults=True) for row in body.rows]
        action = {"button": texts.OPENS_LIST, "sections": [{"rows": rows}]}
        return {
            **message,
            "type": "interactive",
            "interactive": {"type": "list", "body": {"text": body.text}, "action": action},
        }
    return {**message, "type": "text", "text": {"body": body.text, "preview_url": False}}
