"""A member's own conversation on their page: the inbox takes what they write, as it takes what Meta brings.

What is written here lies in the same inbox, is kept, screened and answered by the same workers, and goes to the same
people. Only the way back differs: what is told is numbered in its commit, and pages read on from the last number.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import ConversationId, MemberId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import text_refused
from austa.modules.chat.api.web import (
    KeptMessage,
    NewTalkMessage,
    Option,
    Talk,
    TalkFile,
    TalkMessage,
    TalkPage,
    TalkPlace,
    file_empty,
    file_too_large,
    other_message,
    too_many_files,
)
from austa.modules.chat.domain.channels import web_number, web_sender
from austa.modules.chat.domain.webhook import Inbound
from austa.modules.chat.events import IdentityLinked
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.inbox import WAITS
from austa.modules.chat.store import addresses, inbox, links, messages, web
from austa.modules.chat.store.inbox import NewItem
from austa.modules.members.api import Members

LONGEST_TEXT = 4096
PAGE = 50
FILES_AN_HOUR = 30
LINKED_AGAIN_AFTER = timedelta(days=1)
"""Who signed in is verified; the link says so anew at most once a day."""


class WebChatService:
    """Implements `chat.api.web.WebChat`."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        addressbook: Addressbook,
        *,
        members: Members,
        max_upload_mb: int,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._addressbook = addressbook
        self._members = members
        self._max_upload_mb = max_upload_mb

    async def open(self, caller: Caller) -> Talk:
        member_id = _member(caller)
        record = await self._members.get(Caller.system(caller.operator_id, "chat"), member_id)
        async with self._database.transaction(caller) as tx:
            talk = await self._make(tx, member_id)
            phone = next((each.reveal() for each in record.phones), None)
            await self._addressbook.note_phone(tx, talk.identity_id, phone)
            last = await web.last_place(tx, ConversationId(talk.id))
            rows = await web.before(tx, ConversationId(talk.id), None, PAGE + 1)
        return Talk(
            conversation_id=ConversationId(talk.id),
            page=await self._page(caller, talk, rows, PAGE),
            last_place=last,
            handed_over=talk.handed_over,
        )

    async def stands(self, caller: Caller) -> TalkPlace:
        async with self._talking(caller) as (tx, talk):
            conversation_id = ConversationId(talk.id)
            return TalkPlace(conversation_id=conversation_id, last_place=await web.last_place(tx, conversation_id))

    async def page(self, caller: Caller, before: int | None, limit: int = PAGE) -> TalkPage:
        async with self._talking(caller) as (tx, talk):
            rows = await web.before(tx, ConversationId(talk.id), before, limit + 1)
        return await self._page(caller, talk, rows, limit)

    async def after(self, caller: Caller, place: int, limit: int = PAGE) -> tuple[TalkMessage, ...]:
        async with self._database.transaction(caller) as tx:
            talk = await self._find(tx, _member(caller))
            if talk is None:
                return ()
            rows = await web.after(tx, ConversationId(talk.id), place, limit)
        return tuple([await self._view(caller, talk, row) for row in rows])

    async def send(self, caller: Caller, message: NewTalkMessage) -> KeptMessage:
        text = _clean(message.text.reveal())
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise text_refused()
        async with self._talking(caller) as (tx, talk):
            new = await self._is_new(tx, talk, message.client_id, is_file=False)
            if new:
                kind = "text" if message.option_id is None else "interactive"
                await self._append(tx, talk, message.client_id, kind, text, button_id=message.option_id)
        return KeptMessage(client_id=message.client_id, repeated=not new)

    async def send_file(self, caller: Caller, file: TalkFile) -> KeptMessage:
        if not file.content:
            raise file_empty()
        if len(file.content) > self._max_upload_mb * 1_048_576:
            raise file_too_large(self._max_upload_mb)
        text = _clean(file.text.reveal())[:LONGEST_TEXT] if file.text else None
        async with self._talking(caller) as (tx, talk):
            conversation_id = ConversationId(talk.id)
            new = await self._is_new(tx, talk, file.client_id, is_file=True)
            if new:
                if await web.count_files(tx, conversation_id, tx.now() - timedelta(hours=1)) > FILES_AN_HOUR:
                    raise too_many_files(3600)
                sealed = await self._bodies.seal_file(
                    tx.operator_id, talk.identity_id, f"web_file.content:{file.client_id}", file.content
                )
                await web.add_file(tx, conversation_id, file.client_id, sealed)
                await self._append(
                    tx,
                    talk,
                    file.client_id,
                    "document" if file.media_type == "application/pdf" else "image",
                    text or None,
                    file=file,
                )
        return KeptMessage(client_id=file.client_id, repeated=not new)

    async def seen(self, caller: Caller, place: int) -> None:
        async with self._database.transaction(caller) as tx:
            talk = await self._find(tx, _member(caller))
            if talk is not None:
                await web.move_seen(tx, ConversationId(talk.id), place)

    # What others in this module call

    async def fetch(self, caller: Caller, conversation: sa.Row[Any], media_id: str) -> bytes:
        """The bytes of a file that was sent here. Raises `NotFound` `chat.media_gone` once `documents` has it."""
        async with self._database.transaction(caller) as tx:
            sealed = await web.find_file(tx, ConversationId(conversation.id), UUID(media_id))
        if sealed is None:
            raise NotFound("chat.media_gone", "this file went on to where documents are kept")
        place = f"web_file.content:{media_id}"
        return await self._bodies.open_file(caller.operator_id, conversation.identity_id, place, sealed)

    async def forget(self, tx: Transaction, conversation: sa.Row[Any], media_id: str) -> None:
        """The file went on to `documents`, or is of no use."""
        await web.remove_file(tx, ConversationId(conversation.id), UUID(media_id))

    async def _find(self, tx: Transaction, member_id: MemberId) -> sa.Row[Any] | None:
        sender = (web_number(tx.operator_id), web_sender(member_id))
        (found,) = await self._addressbook.find(tx, [sender])
        return await addresses.find_conversation(tx, ConversationId(found)) if found is not None else None

    @contextlib.asynccontextmanager
    async def _talking(self, caller: Caller) -> AsyncIterator[tuple[Transaction, sa.Row[Any]]]:
        """A transaction on the member's conversation, made where there is none."""
        member_id = _member(caller)
        async with self._database.transaction(caller) as tx:
            talk = await self._find(tx, member_id)
            if talk is not None:
                yield tx, talk
                return
        await self.open(caller)
        async with self._database.transaction(caller) as tx:
            talk = await self._find(tx, member_id)
            assert talk is not None
            yield tx, talk

    async def _make(self, tx: Transaction, member_id: MemberId) -> sa.Row[Any]:
        """The member's conversation here, linked to them; made where there is none."""
        found = await self._find(tx, member_id)
        linked: Mapping[UUID, Sequence[MemberId]] = {}
        if found is None:
            number_id = web_number(tx.operator_id)
            await addresses.insert_number(tx, number_id)
            identity_id = await self._addressbook.ensure(tx, number_id, web_sender(member_id))
            (found,) = await addresses.conversations_of(tx, [identity_id])
        else:
            linked = await links.links_of(tx, [found.identity_id], tx.now() - LINKED_AGAIN_AFTER)
        if member_id not in linked.get(found.identity_id, ()):
            await links.link(tx, found.identity_id, member_id, "elsewhere")
            await tx.publish(IdentityLinked(identity_id=found.identity_id, member_id=member_id))
        return found

    async def _is_new(self, tx: Transaction, talk: sa.Row[Any], client_id: UUID, *, is_file: bool) -> bool:
        conversation_id = ConversationId(talk.id)
        if await web.add_sent(tx, conversation_id, client_id, is_file=is_file):
            return True
        if await web.is_file(tx, conversation_id, client_id) != is_file:
            raise other_message()
        return False

    async def _append(
        self,
        tx: Transaction,
        talk: sa.Row[Any],
        client_id: UUID,
        kind: str,
        text: str | None,
        *,
        button_id: str | None = None,
        file: TalkFile | None = None,
    ) -> None:
        """Put it into the inbox, sealed under the day's key; workers take it from there."""
        operator_id, now = tx.operator_id, tx.now()
        sender = web_sender(_member(tx.caller))
        item = Inbound(
            number_id=talk.number_id,
            wamid=f"web.{client_id}",
            sender=sender,
            sent_at=now,
            kind=kind,
            text=text,
            button_id=button_id,
            media_id=str(client_id) if file is not None else None,
            media_type=file.media_type if file is not None else None,
            filename=_clean(file.name.reveal())[:200] if file is not None else None,
            raw={"filename": _clean(file.name.reveal())[:200]} if file is not None else {},
        )
        index = self._bodies.index(operator_id, "inbox", f"message|{talk.number_id}|{talk.id}|{client_id}")
        body = await self._bodies.seal_item(operator_id, now.date(), index, item)
        key = self._addressbook.key(operator_id, talk.number_id, sender)
        await inbox.append(tx, {new_id(): NewItem("message", now.date(), index, key, now, body)})
        tx.wake(WAITS)

    async def _page(self, caller: Caller, talk: sa.Row[Any], rows: Any, limit: int) -> TalkPage:
        shown = list(reversed(rows[:limit]))
        return TalkPage(
            items=tuple([await self._view(caller, talk, row) for row in shown]),
            before=shown[0].place if len(rows) > limit else None,
        )

    async def _view(self, caller: Caller, talk: sa.Row[Any], row: sa.Row[Any]) -> TalkMessage:
        operator_id, identity_id = caller.operator_id, talk.identity_id
        if row.direction == "in":
            said = await self._bodies.inbound(operator_id, identity_id, row.id, row.body)
            name = said.raw.get("filename")
            return TalkMessage(
                place=row.place,
                id=row.id,
                client_id=UUID(said.wamid.removeprefix("web.")),
                said_by="me",
                text=Personal(said.text) if said.text else None,
                file_name=Personal(name) if isinstance(name, str) else None,
                options=(),
                is_urgent=False,
                sent_at=row.sent_at,
            )
        ours = await self._bodies.outbound(operator_id, identity_id, row.id, row.body)
        options = [Option(id=each.id, title=each.title) for each in ours.buttons]
        options += [Option(id=each.id, title=each.title, description=each.description) for each in ours.rows]
        return TalkMessage(
            place=row.place,
            id=row.id,
            client_id=None,
            said_by="assistant" if row.author == messages.ASSISTANT else "person",
            text=Personal(ours.text),
            file_name=None,
            options=tuple(options),
            is_urgent=row.urgent,
            sent_at=row.sent_at,
        )


def _member(caller: Caller) -> MemberId:
    """Whose page it is. Nobody but the member themselves comes this way."""
    if caller.kind != "member":
        raise Forbidden("chat.members_only", "only members talk here, each for themselves")
    return MemberId(UUID(caller.id))


def _clean(text: str) -> str:
    """Without what PostgreSQL and UTF-8 cannot hold; nobody types either."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
