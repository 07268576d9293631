"""Messages that we start, outside Meta's window: which template goes, from which number, and whether it may at all."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import NotificationId
from austa.modules.chat.domain import graph_errors
from austa.modules.chat.domain.routing import routed
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.webhook import Sender as To
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Address, Bodies, Template
from austa.modules.chat.service.sending import WINDOW, Outgoing
from austa.modules.chat.service.templates import TemplateService
from austa.modules.chat.store import addresses, messages, starting
from austa.modules.chat.store.sends import Claimed

Row = sa.Row[Any]

CAP = timedelta(hours=24)
STOP = timedelta(minutes=15)
"""So long a number that Meta refused starts nothing; then one message tries it."""
ELSEWHERE = ":elsewhere"
"""Ends the key of what left from another number: it is moved once."""


class Starting:
    """What the sender asks for messages that we start."""

    def __init__(
        self, bodies: Bodies, addressbook: Addressbook, outgoing: Outgoing, templates: TemplateService
    ) -> None:
        self._bodies = bodies
        self._addressbook = addressbook
        self._outgoing = outgoing
        self._templates = templates

    async def choose(self, tx: Transaction, claim: Claimed, template: Template) -> Template | int:
        """The template that goes, or the code for which none does."""
        if await starting.capped(tx, [claim.identity_id]):
            return graph_errors.CAPPED
        return await self._templates.choose(tx, template) or graph_errors.NO_TEMPLATE

    async def route(self, tx: Transaction, conversation: Row) -> Row | None:
        """The conversation to start from another number, where the one that the person wrote to is stopped; None where
        it stays: replies, and what the open window takes, always do."""
        last = conversation.last_inbound_at
        if last is not None and tx.now() - last <= WINDOW:
            return None
        numbers, stopped = await starting.numbers(tx)
        if conversation.number_id not in stopped:
            return None
        identity = await addresses.get_identity(tx, conversation.identity_id)
        address = await self._bodies.address(tx.operator_id, identity.id, identity.address)
        return await self._elsewhere(tx, address, numbers, stopped)

    async def _elsewhere(
        self, tx: Transaction, address: Address, numbers: Sequence[str], stopped: Collection[str]
    ) -> Row | None:
        person = self._bodies.index(tx.operator_id, "routed", address.user_id or address.wa_id or "")
        other = routed(person, numbers, stopped)
        if other is None:
            return None
        to = To(address.wa_id, address.user_id, address.name)
        (conversation,) = await self._addressbook.conversations(tx, [(other, to)])
        return conversation

    async def take_other(self, tx: Transaction, claim: Claimed, sent: Template, code: int) -> bool:
        """Meta refused it. Whether there is another try: with another template, which `choose` finds, or in vain."""
        if graph_errors.course_of(code) == "other_template":
            return await self._templates.refused(tx, sent.name, sent.language, code)
        if code == graph_errors.CAPPED:
            await starting.cap(tx, [claim.identity_id], tx.now() + CAP)
        return False

    async def move(self, tx: Transaction, claim: Claimed, number_id: str, code: int) -> bool:
        """Queue what this number may not send for another of the operator's, once; surely it was not sent. False where
        there is no other, or it was moved before."""
        if code not in graph_errors.OF_ONE_NUMBER:
            return False
        await starting.stop_number(tx, number_id, tx.now() + STOP, code)
        row = await messages.get_message(tx, claim.id)
        if row.notification_id is None or row.key.endswith(ELSEWHERE):
            return False
        numbers, stopped = await starting.numbers(tx)
        address = await self._bodies.address(tx.operator_id, claim.identity_id, claim.address)
        conversation = await self._elsewhere(tx, address, numbers, stopped | {number_id})
        if conversation is None:
            return False
        body = await self._bodies.outbound(tx.operator_id, claim.identity_id, claim.id, claim.body)
        # One message at a time speaks for the notification: what its statuses say is told once.
        await messages.update_message(tx, claim.id, status="failed", error_code=code, notification_id=None)
        await self._outgoing.queue(
            tx,
            conversation,
            Say(body.text),
            key=row.key + ELSEWHERE,
            notification_id=NotificationId(row.notification_id),
            template=body.template,
        )
        return True


async def again_as_template(tx: Transaction, failed: Sequence[tuple[UUID, int | None]]) -> set[UUID]:
    """What Meta took and then did not deliver: for the closed window it goes once more, as its template; whoever has
    had their fill gets none for a day. Which go once more."""
    full = [message_id for message_id, code in failed if code == graph_errors.CAPPED]
    if full:
        await starting.cap_of_messages(tx, full, tx.now() + CAP)
    closed = [message_id for message_id, code in failed if code == graph_errors.WINDOW_CLOSED]
    return await starting.send_again_as_template(tx, closed, graph_errors.WINDOW_CLOSED) if closed else set()
