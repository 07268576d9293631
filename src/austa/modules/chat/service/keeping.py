"""What lies in the inbox becomes messages of conversations, and is looked through for emergencies: many at once.

The red-flag layer is part of it, and of its commit: an emergency is answered before any turn of the batch is thought
of, and nothing that fails there can take it back. It reads no state: consent, hand-over and opt-out do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.domain import triage
from austa.modules.chat.domain.channels import is_web
from austa.modules.chat.domain.triage import HEARD_WITHIN, VOICE, Alarm
from austa.modules.chat.domain.webhook import Inbound, changed_message
from austa.modules.chat.events import MediaAnnounced, MessageReceived, TurnDue, VoiceNoteDue, VoiceNoteReceived
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies, InboundBody, Media
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.store import addresses, attachments, inbox, messages, web
from austa.modules.chat.store.inbox import Due
from austa.modules.language.api.language import Language, RedFlags

DELETABLE_FOR = timedelta(days=7)
"""So long WhatsApp may take to tell that a message was deleted; people may delete for two days and a half."""

FETCHED = {"image", "document"}
"""Kinds whose file may be a medical order."""


@dataclass(frozen=True)
class Row:
    """What is read of a message's row, before it lies in the database."""

    id: UUID
    conversation_id: UUID
    kind: str
    sent_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Message:
    """A message that was kept and screened. `recent`: what the same person wrote within five minutes of it."""

    due: Due
    conversation: sa.Row[Any]
    row: Row
    body: InboundBody
    has_file: bool
    button: str | None
    flags: RedFlags
    recent: tuple[Personal, ...]
    alarm: Alarm | None


@dataclass(frozen=True)
class _Item:
    due: Due
    inbound: Inbound
    received_at: datetime


class Keeping:
    """Keeps and screens messages. `hears`: voice notes are transcribed here; where not, people get them."""

    def __init__(self, bodies: Bodies, addressbook: Addressbook, triage_of_chat: Triage, language: Language) -> None:
        self._bodies = bodies
        self._addressbook = addressbook
        self._triage = triage_of_chat
        self._language = language

    async def keep(self, tx: Transaction, dues: Sequence[Due]) -> list[Message]:
        """Keep and screen what is due, in its order; what was kept before is read again, and answered no more.

        Left out is what was delivered before there was an inbox.
        """
        items = await self._read(tx, dues)
        ids = [item.due.id for item in items]
        old_indexes = {item.due.id: self._bodies.index(tx.operator_id, "wamid", item.inbound.wamid) for item in items}
        kept, before = await messages.already_kept(tx, ids, [*old_indexes.values()])
        items = [item for item in items if old_indexes[item.due.id] not in before]
        if not items:
            return []
        senders = [(item.inbound.number_id, item.inbound.sender) for item in items]
        conversations = await self._addressbook.conversations(tx, senders)
        rows = [
            Row(item.due.id, conversation.id, item.inbound.kind, item.due.sent_at, item.received_at)
            for item, conversation in zip(items, conversations, strict=True)
        ]
        bodies = [_body(item.inbound) for item in items]
        new = [at for at, row in enumerate(rows) if row.id not in kept]
        await self._insert(tx, [(rows[at], bodies[at], conversations[at].identity_id) for at in new])
        on_pages = [rows[at] for at in new if is_web(conversations[at].number_id)]
        await web.tell(tx, [(row.conversation_id, row.id) for row in on_pages])
        await self._announce(tx, [(items[at], rows[at], conversations[at].identity_id) for at in new])
        for at in new:
            await self._withdraw(tx, rows[at], bodies[at], conversations[at].identity_id)
        found = await self._screen(tx, rows, bodies, conversations, kept)
        if any(alarm is not None for *_, alarm in found):
            # A person may have taken the conversation over with it.
            conversations = await self._addressbook.conversations(tx, senders)
        return [
            Message(item.due, conversation, row, body, _has_file(item.inbound), button, flags, recent, alarm)
            for item, conversation, row, body, (button, flags, recent, alarm) in zip(
                items, conversations, rows, bodies, found, strict=True
            )
        ]

    async def _read(self, tx: Transaction, dues: Sequence[Due]) -> list[_Item]:
        kept = await inbox.read(tx, dues)
        return [
            _Item(
                due,
                await self._bodies.message_item(tx.operator_id, due.day, due.item_index, kept[due.id].body),
                kept[due.id].received_at,
            )
            for due in dues
            if due.id in kept
        ]

    async def _insert(self, tx: Transaction, some: Sequence[tuple[Row, InboundBody, UUID]]) -> None:
        if not some:
            return
        await self._bodies.prepare(tx.operator_id, [identity_id for *_, identity_id in some], create=True)
        values = [
            {
                "id": row.id,
                "conversation_id": row.conversation_id,
                "direction": "in",
                "kind": row.kind,
                "body": await self._bodies.seal(tx.operator_id, identity_id, f"message.body:{row.id}", body),
                "urgent": False,
                "status": "received",
                "attempts": 0,
                "sent_at": row.sent_at,
                "recorded_at": row.recorded_at,
            }
            for row, body, identity_id in some
        ]
        await messages.insert_messages(tx, values)
        newest: dict[UUID, datetime] = {}
        for row, *_ in some:
            newest[row.conversation_id] = max(newest.get(row.conversation_id, row.sent_at), row.sent_at)
        await addresses.note_inbound(tx, newest)

    async def _announce(self, tx: Transaction, some: Sequence[tuple[_Item, Row, UUID]]) -> None:
        """Tell what came. Voice notes and files go their own, slower ways."""
        received = [
            MessageReceived(conversation_id=ConversationId(row.conversation_id), message_id=row.id)
            for _, row, _ in some
        ]
        await tx.publish(*received, priority=1)
        for item, row, identity_id in some:
            conversation_id = ConversationId(row.conversation_id)
            if row.kind == VOICE and self._language.hears:
                note = VoiceNoteReceived(conversation_id=conversation_id, message_id=row.id)
                await tx.publish(note, priority=1)
                due = VoiceNoteDue(conversation_id=conversation_id, message_id=row.id)
                await tx.publish(due, not_before=row.recorded_at + HEARD_WITHIN)
            if _has_file(item.inbound):
                await self._announce_media(tx, item.inbound, row, identity_id)

    async def _announce_media(self, tx: Transaction, inbound: Inbound, row: Row, identity_id: UUID) -> None:
        attachment_id = new_id()
        media = Media(media_id=inbound.media_id or "", media_type=inbound.media_type, filename=inbound.filename)
        sealed = await self._bodies.seal(tx.operator_id, identity_id, f"attachment.media:{attachment_id}", media)
        await attachments.insert_attachment(
            tx,
            {
                "id": attachment_id,
                "conversation_id": row.conversation_id,
                "message_id": row.id,
                "media": sealed,
                "state": "announced",
                "created_at": tx.now(),
            },
        )
        announced = MediaAnnounced(conversation_id=ConversationId(row.conversation_id), attachment_id=attachment_id)
        await tx.publish(announced, priority=1)

    async def _withdraw(self, tx: Transaction, row: Row, body: InboundBody, identity_id: UUID) -> None:
        """Where a message deletes one with a file, the file goes with no request that was not asked yet."""
        about = changed_message(body.raw) if row.kind == "revoke" else None
        if about is None:
            return
        conversation_id = ConversationId(row.conversation_id)
        for file in await attachments.files_since(tx, conversation_id, row.sent_at - DELETABLE_FOR):
            sent = await self._bodies.inbound(tx.operator_id, identity_id, file.message_id, file.body)
            if sent.wamid == about:
                await tx.publish(
                    TurnDue(conversation_id=conversation_id, cause="file_withdrawn", reference=file.id), priority=1
                )

    async def _screen(
        self,
        tx: Transaction,
        rows: Sequence[Row],
        bodies: Sequence[InboundBody],
        conversations: Sequence[sa.Row[Any]],
        kept: set[UUID],
    ) -> list[tuple[str | None, RedFlags, tuple[Personal, ...], Alarm | None]]:
        """Of each its button, its red flags, what it was read together with, and the alarm it raised."""
        around = await self._around(tx, rows, conversations)
        found = []
        for row, body, conversation in zip(rows, bodies, conversations, strict=True):
            near = around.setdefault(row.conversation_id, [])
            recent = tuple(Personal(said) for sent_at, said in near if abs(row.sent_at - sent_at) <= triage.TOGETHER)[
                -30:
            ]
            button = await self._triage.read_button(tx, conversation, row, body)
            flags = self._language.screen(Personal(body.said or ""), recent)
            alarm = None
            if row.id not in kept:
                alarm = await self._triage.answer(tx, conversation, row, body, button, flags)
            # Whoever comes after is read together with this one, never this one with what comes after: two halves
            # that waited together are one emergency.
            if body.said:
                near.append((row.sent_at, body.said))
            found.append((button, flags, recent, alarm))
        return found

    async def _around(
        self, tx: Transaction, rows: Sequence[Row], conversations: Sequence[sa.Row[Any]]
    ) -> dict[UUID, list[tuple[datetime, str]]]:
        """What was written in those conversations before, close enough to be read together."""
        spans: dict[UUID, tuple[datetime, datetime]] = {}
        for row in rows:
            since, until = spans.get(row.conversation_id, (row.sent_at, row.sent_at))
            spans[row.conversation_id] = (min(since, row.sent_at), max(until, row.sent_at))
        wide = {key: (since - triage.TOGETHER, until + triage.TOGETHER) for key, (since, until) in spans.items()}
        identities = {conversation.id: conversation.identity_id for conversation in conversations}
        around: dict[UUID, list[tuple[datetime, str]]] = {}
        for said in await messages.inbound_between(tx, wide, [row.id for row in rows]):
            identity_id = identities[said.conversation_id]
            body = await self._bodies.inbound(tx.operator_id, identity_id, said.id, said.body)
            if body.said:
                around.setdefault(said.conversation_id, []).append((said.sent_at, body.said))
        return around


def _body(inbound: Inbound) -> InboundBody:
    return InboundBody(
        wamid=inbound.wamid,
        text=inbound.text,
        button=inbound.button_id,
        media_type=inbound.media_type,
        raw=inbound.raw,
    )


def _has_file(inbound: Inbound) -> bool:
    return inbound.kind in FETCHED and inbound.media_id is not None
