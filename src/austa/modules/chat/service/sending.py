"""Sending: an intent is committed before the call, the accepted id after it.

Across a crash between the two, exactly-once is impossible: Meta has no idempotency key. So the call carries our
send id (`biz_opaque_callback_data`), which statuses echo; a send whose fate is unknown waits a little for its
status before it is sent once more.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.ids import ConversationId, NotificationId, derived_id
from austa.modules.chat.adapters.whatsapp import NotTaken, SendRefused, WhatsAppClient
from austa.modules.chat.domain import texts
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.events import MessageQueued, NotificationFailed, UrgentMessageQueued
from austa.modules.chat.service.bodies import Address, Bodies, OutboundBody, Template
from austa.modules.chat.store import addresses, messages

WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""Meta's customer-service window, counted from its timestamp, less a margin."""

UNKNOWN_WAIT_S = 5.0
LONGEST_UNKNOWN_WAIT_S = 15.0
"""How long a send of unknown fate waits for its status: as long as it is under way already, within these. Who retries a
webhook with doubled pauses comes back at the latest after as long again as we were away. What is urgent is rather said
twice than late, and waits the least."""
WINDOW_CLOSED = 131047

log = structlog.get_logger()


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
            told = UrgentMessageQueued if urgent else MessageQueued
            await tx.publish(
                told(conversation_id=ConversationId(conversation.id), outbound_id=values["id"]), priority=1
            )
        return UUID(int=values["id"].int)

    async def queue_many(self, tx: Transaction, some: Sequence[Queued]) -> None:
        """Queue messages of the assistant whose keys are surely new."""
        if not some:
            return
        rows = [await self._row(tx, each) for each in some]
        await messages.insert_messages(tx, rows)
        told = [
            MessageQueued(conversation_id=ConversationId(row["conversation_id"]), outbound_id=row["id"]) for row in rows
        ]
        await tx.publish(*told, priority=1)

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
            "status": "queued",
            "attempts": 0,
            "notification_id": notification_id,
            "answers": queued.answers,
            "key": queued.key,
            "sent_at": tx.now() + timedelta(microseconds=queued.place),
            "recorded_at": tx.now(),
        }


@dataclass(frozen=True)
class Sent:
    """The outcome of a send: Meta's id, the refusal's code, or neither where it was settled before."""

    wamid: str | None = None
    refused: int | None = None


class Sender:
    """Sends what was queued."""

    def __init__(self, database: ModuleDatabase, bodies: Bodies, client: WhatsAppClient) -> None:
        self._database = database
        self._bodies = bodies
        self._client = client

    async def send(self, caller: Caller, outbound_id: UUID) -> Sent:
        """Talk to the Graph API. Repeated after a crash: see the module's head."""
        async with self._database.transaction(caller) as tx:
            row = await messages.find_message(tx, message_id=outbound_id, lock=True)
            assert row is not None
            was_tried = row.status == "sending"
            if row.status not in {"queued", "sending"}:
                return Sent()
            await messages.update_message(tx, outbound_id, status="sending", attempts=row.attempts + 1)
            conversation = await addresses.find_conversation(tx, ConversationId(row.conversation_id))
            assert conversation is not None
            quoted = await self._quoted(tx, conversation.identity_id, row.answers)
        if was_tried and await self._settled(caller, outbound_id, _patience(row, tx.now())):
            return Sent()
        body = await self._bodies.outbound(caller.operator_id, conversation.identity_id, row.id, row.body)
        address = await self._bodies.address(caller.operator_id, conversation.identity_id, conversation.address)
        heard_at = conversation.last_inbound_at
        closed = heard_at is None or tx.now() - heard_at > WINDOW
        if closed and body.template is None:
            return Sent(refused=WINDOW_CLOSED)
        payload = _payload(body, address, str(outbound_id), quoted, as_template=closed)
        try:
            answer = await self._client.send(conversation.number_id, payload)
        except NotTaken:
            await self._put_back(caller, outbound_id)
            raise
        return Sent(refused=answer.code) if isinstance(answer, SendRefused) else Sent(wamid=answer)

    async def record(self, tx: Transaction, outbound_id: UUID, sent: Sent) -> None:
        """Keep the outcome; a status that came first is not set back."""
        row = await messages.find_message(tx, message_id=outbound_id, lock=True)
        assert row is not None
        if sent.wamid is not None:
            index = self._bodies.index(tx.operator_id, "wamid", sent.wamid)
            ahead = messages.STATUS_RANK[row.status] > messages.STATUS_RANK["sent"]
            await messages.update_message(tx, outbound_id, status=row.status if ahead else "sent", wamid_index=index)
        elif sent.refused is not None:
            log.warning("chat.send_refused", graph_code=sent.refused)
            await messages.update_message(tx, outbound_id, status="failed", error_code=sent.refused)
            if row.notification_id is not None:
                await tx.publish(
                    NotificationFailed(
                        notification_id=NotificationId(row.notification_id), reason=f"graph_{sent.refused}"
                    )
                )

    async def _put_back(self, caller: Caller, outbound_id: UUID) -> None:
        """Meta surely did not take it: the next attempt need not wait for a status that cannot come."""
        async with self._database.transaction(caller) as tx:
            row = await messages.find_message(tx, message_id=outbound_id, lock=True)
            if row is not None and row.status == "sending":
                await messages.update_message(tx, outbound_id, status="queued")

    async def _settled(self, caller: Caller, outbound_id: UUID, patience_s: float) -> bool:
        """Wait for the status of a send that was under way when a worker died."""
        for _ in range(10):
            async with self._database.transaction(caller) as tx:
                row = await messages.find_message(tx, message_id=outbound_id)
            if row is not None and row.status not in {"queued", "sending"}:
                return True
            await asyncio.sleep(patience_s / 10)
        log.warning("chat.unknown_resent")
        return False

    async def _quoted(self, tx: Transaction, identity_id: UUID, answers: UUID | None) -> str | None:
        if answers is None:
            return None
        row = await messages.find_message(tx, message_id=answers)
        if row is None:
            return None
        return (await self._bodies.inbound(tx.operator_id, identity_id, row.id, row.body)).wamid


def _patience(row: sa.Row[Any], now: datetime) -> float:
    """Seconds to wait for the status of a message that was perhaps sent."""
    under_way = (now - row.recorded_at).total_seconds()
    return UNKNOWN_WAIT_S if row.urgent else max(UNKNOWN_WAIT_S, min(under_way, LONGEST_UNKNOWN_WAIT_S))


def _payload(
    body: OutboundBody, address: Address, send_id: str, quoted: str | None, *, as_template: bool
) -> dict[str, Any]:
    """The Graph API's message; the recipient is the exact id that Meta gave."""
    recipient: Mapping[str, Any] = {"to": address.wa_id} if address.wa_id else {"recipient": address.user_id}
    payload: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient,
        "biz_opaque_callback_data": send_id,
    }
    if quoted is not None:
        payload["context"] = {"message_id": quoted}
    if as_template and body.template is not None:
        parameters = [{"type": "text", "text": value} for value in body.template.parameters]
        return {
            **payload,
            "type": "template",
            "template": {
                "name": body.template.name,
                "language": {"code": body.template.language},
                "components": [{"type": "body", "parameters": parameters}],
            },
        }
    if body.buttons:
        replies = [{"type": "reply", "reply": {"id": b.id, "title": b.title}} for b in body.buttons]
        interactive = {"type": "button", "body": {"text": body.text}, "action": {"buttons": replies}}
        return {**payload, "type": "interactive", "interactive": interactive}
    if body.rows:
        rows = [row.model_dump(exclude_defaults=True) for row in body.rows]
        action = {"button": texts.OPENS_LIST, "sections": [{"rows": rows}]}
        return {
            **payload,
            "type": "interactive",
            "interactive": {"type": "list", "body": {"text": body.text}, "action": action},
        }
    return {**payload, "type": "text", "text": {"body": body.text, "preview_url": False}}
