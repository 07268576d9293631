"""Every message that members sent, taken out whole, beside a running server.

For who has the keys in hand, at the command line: no address of the API leads here.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra import in_step
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.ids import ConversationId, MemberId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import InboundMessage
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.store import addresses, inbox, messages
from austa.modules.members.api import Members
from austa.modules.privacy.api import Privacy

CONVERSATIONS = 50
"""That many are read at a time."""


class Exporting:
    """Reads conversations one after another, each in its order."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        addressbook: Addressbook,
        *,
        members: Members,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._addressbook = addressbook
        self._members = members
        self._privacy = privacy

    async def export(self, caller: Caller) -> AsyncIterator[InboundMessage]:
        """See `Chat.export`."""
        # What waits is read first: kept meanwhile, it comes with its conversation or at the end, and never twice.
        waiting = await self._waiting(caller)
        told: set[UUID] = set()
        after: UUID | None = None
        while page := await self._page(caller, after):
            after = page[-1].id
            await self._record(caller, page)
            for message_id, message in await self._kept(caller, page):
                if message_id in waiting:
                    told.add(message_id)
                yield message
        for message_id, message in waiting.items():
            if message_id not in told:
                yield message

    async def _page(self, caller: Caller, after: UUID | None) -> Sequence[sa.Row[Any]]:
        async with self._database.transaction(caller) as tx:
            return await addresses.list_conversations(tx, after, CONVERSATIONS)

    async def _kept(self, caller: Caller, page: Sequence[sa.Row[Any]]) -> list[tuple[UUID, InboundMessage]]:
        identities = {row.id: row.identity_id for row in page}
        await self._bodies.prepare(caller.operator_id, [*identities.values()])
        async with self._database.transaction(caller) as tx:
            rows = await messages.inbound_of(tx, [*identities])
        kept = []
        for row in rows:
            body = await self._bodies.inbound(caller.operator_id, identities[row.conversation_id], row.id, row.body)
            kept.append(
                (
                    row.id,
                    InboundMessage(
                        wamid=Personal(body.wamid),
                        conversation=str(row.conversation_id),
                        received_at=row.recorded_at,
                        sent_at=row.sent_at,
                        type=row.kind,
                        text=Personal(body.text) if body.text is not None else None,
                    ),
                )
            )
        return kept

    async def _waiting(self, caller: Caller) -> dict[UUID, InboundMessage]:
        """What lies in the inbox and is not kept in its conversation yet."""
        async with self._database.transaction(caller) as tx:
            dues = await inbox.list_due(tx)
            kept = await inbox.read(tx, dues)
            items = [
                (due, await self._bodies.message_item(tx.operator_id, due.day, due.item_index, kept[due.id].body))
                for due in dues
                if due.id in kept
            ]
            found = await self._addressbook.find(tx, [(item.number_id, item.sender) for _, item in items])
        return {
            due.id: InboundMessage(
                wamid=Personal(item.wamid),
                conversation=str(conversation_id or due.key),
                received_at=kept[due.id].received_at,
                sent_at=due.sent_at,
                type=item.kind,
                text=Personal(item.text) if item.text is not None else None,
            )
            for (due, item), conversation_id in zip(items, found, strict=True)
        }

    async def _record(self, caller: Caller, page: Sequence[sa.Row[Any]]) -> None:
        """Each person's own record says that their conversation was taken out."""
        outcomes = await in_step.side_by_side([partial(self._record_one, caller, row) for row in page])
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _record_one(self, caller: Caller, row: sa.Row[Any]) -> None:
        subject = SubjectId(row.identity_id)
        if row.member_id is not None:
            subject = await self._members.subject(caller, MemberId(row.member_id))
        conversation_id = ConversationId(row.id)
        await self._privacy.record_access(caller, subject, "conversation", "regulatory_reporting", conversation_id)
