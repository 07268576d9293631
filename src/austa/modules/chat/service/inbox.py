"""The inbox: a webhook is verified on its raw bytes and kept before it is answered."""

import contextlib
import hashlib
import hmac
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from austa.infra import telemetry
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden
from austa.kernel.ids import ConversationId, NotificationId, OperatorId, derived_id, new_id
from austa.modules.chat.api import Accepted, bad_signature, foreign_number, unknown_number
from austa.modules.chat.domain.identity import canonical_wa_id
from austa.modules.chat.domain.triage import HEARD_WITHIN, VOICE
from austa.modules.chat.domain.webhook import AddressChange, Batch, Inbound, Other, Sender, Status, read_webhook
from austa.modules.chat.events import (
    MediaAnnounced,
    MessageReceived,
    NotificationDelivered,
    NotificationFailed,
    TurnDue,
    VoiceNoteDue,
    VoiceNoteReceived,
)
from austa.modules.chat.service.bodies import Address, Bodies, InboundBody, Media
from austa.modules.chat.store import addresses, attachments, messages

FETCHED = {"image", "document"}
"""Kinds whose file may be a medical order."""

log = structlog.get_logger()


class Inbox:
    """Takes webhooks in."""

    def __init__(self, database: ModuleDatabase, bodies: Bodies, settings: Settings, *, hears: bool) -> None:
        """`hears`: voice notes are transcribed here; where not, the red-flag layer gives them to people."""
        self._database = database
        self._bodies = bodies
        self._settings = settings
        self._hears = hears

    async def operator_of(self, number_id: str) -> OperatorId:
        async with self._database.lookup() as connection:
            operator_id = await addresses.operator_of_number(connection, number_id)
        if operator_id is None:
            raise unknown_number()
        return operator_id

    async def verify(self, number_id: str, token: str) -> None:
        await self.operator_of(number_id)
        expected = self._settings.whatsapp_verify_token
        if expected is None or not hmac.compare_digest(expected.get_secret_value().encode(), token.encode()):
            telemetry.WEBHOOKS_REFUSED.labels("verify_token").inc()
            raise Forbidden("chat.verify_token", "the verify token is not ours")

    async def receive(self, number_id: str, raw: bytes, signature: str | None) -> Accepted:
        operator_id = await self.operator_of(number_id)
        self._check_signature(raw, signature)
        batch = read_webhook(raw, number_id)
        await self._check_numbers(operator_id, batch)
        caller = Caller.system(operator_id, "chat")
        async with self._database.transaction(caller) as tx:
            for change in batch.changes:
                await self._unlink(tx, change)
            heard = [await self._keep_message(tx, inbound) for inbound in batch.messages]
            statuses = [await self._keep_status(tx, status) for status in batch.statuses]
            others = [await self._keep_other(tx, other) for other in batch.others]
        kept = [*heard, *statuses, *others]
        return Accepted(messages=sum(heard), statuses=sum(statuses), others=sum(others), repeated=len(kept) - sum(kept))

    def _check_signature(self, raw: bytes, signature: str | None) -> None:
        """HMAC-SHA256 of the raw bytes; re-serialised JSON would break on every accent."""
        secret = self._settings.whatsapp_app_secret
        expected = hmac.new(secret.get_secret_value().encode() if secret else b"", raw, hashlib.sha256).hexdigest()
        given = (signature or "").removeprefix("sha256=")
        if secret is None or not hmac.compare_digest(expected.encode(), given.encode()):
            telemetry.WEBHOOKS_REFUSED.labels("signature").inc()
            raise bad_signature()

    async def _check_numbers(self, operator_id: OperatorId, batch: Batch) -> None:
        async with self._database.lookup() as connection:
            for number_id in batch.number_ids:
                if await addresses.operator_of_number(connection, number_id) != operator_id:
                    telemetry.WEBHOOKS_REFUSED.labels("foreign_number").inc()
                    raise foreign_number()

    async def _unlink(self, tx: Transaction, change: AddressChange) -> None:
        """Whoever writes from these addresses must be verified anew, at once, whatever turns still wait."""
        operator_id = tx.operator_id
        wa_indexes = [self._bodies.index(operator_id, "wa_id", canonical_wa_id(wa_id)) for wa_id in change.wa_ids]
        user_indexes = [self._bodies.index(operator_id, "user_id", user_id) for user_id in change.user_ids]
        for identity_id in await addresses.identities_at(tx, change.number_id, wa_indexes, user_indexes):
            await addresses.update_identity(tx, identity_id, member_id=None, linked_at=None)

    async def _keep_message(self, tx: Transaction, inbound: Inbound) -> bool:
        wamid_index = self._bodies.index(tx.operator_id, "wamid", inbound.wamid)
        if await messages.find_message(tx, wamid_index=wamid_index) is not None:
            return False
        identity_id = await self._identity(tx, inbound.number_id, inbound.sender)
        conversation_id = await self._conversation(tx, identity_id, inbound.number_id)
        message_id = new_id()
        # Meta's clock may be ahead of ours; nothing was sent in the future.
        sent_at = min(inbound.sent_at, tx.now())
        body = InboundBody(
            wamid=inbound.wamid,
            text=inbound.text,
            button=inbound.button_id,
            media_type=inbound.media_type,
            raw=inbound.raw,
        )
        is_new = await messages.insert_message(
            tx,
            {
                "id": message_id,
                "conversation_id": conversation_id,
                "direction": "in",
                "kind": inbound.kind,
                "wamid_index": wamid_index,
                "body": await self._bodies.seal(tx.operator_id, identity_id, f"message.body:{message_id}", body),
                "status": "received",
                "sent_at": sent_at,
                "recorded_at": tx.now(),
            },
        )
        if not is_new:
            return False
        await addresses.note_inbound(tx, conversation_id, sent_at)
        await tx.publish(MessageReceived(conversation_id=conversation_id, message_id=message_id), priority=1)
        if inbound.kind != VOICE:
            turn = TurnDue(conversation_id=conversation_id, cause="message", reference=message_id)
            await tx.publish(turn, priority=1)
        elif self._hears:
            note = VoiceNoteReceived(conversation_id=conversation_id, message_id=message_id)
            await tx.publish(note, priority=1)
            due = VoiceNoteDue(conversation_id=conversation_id, message_id=message_id)
            await tx.publish(due, not_before=tx.now() + HEARD_WITHIN)
        if inbound.kind in FETCHED and inbound.media_id:
            await self._announce_media(tx, inbound, inbound.media_id, identity_id, conversation_id, message_id)
        return True

    async def _announce_media(
        self,
        tx: Transaction,
        inbound: Inbound,
        media_id: str,
        identity_id: UUID,
        conversation_id: ConversationId,
        message_id: UUID,
    ) -> None:
        attachment_id = new_id()
        media = Media(media_id=media_id, media_type=inbound.media_type, filename=inbound.filename)
        sealed = await self._bodies.seal(tx.operator_id, identity_id, f"attachment.media:{attachment_id}", media)
        await attachments.insert_attachment(
            tx,
            {
                "id": attachment_id,
                "conversation_id": conversation_id,
                "message_id": message_id,
                "media": sealed,
                "state": "announced",
                "created_at": tx.now(),
            },
        )
        await tx.publish(MediaAnnounced(conversation_id=conversation_id, attachment_id=attachment_id), priority=1)

    async def _identity(self, tx: Transaction, number_id: str, sender: Sender) -> UUID:
        """The channel identity of a sender, made when new. Its address is what Meta sent last, unchanged."""
        operator_id = tx.operator_id
        wa_index = self._bodies.index(operator_id, "wa_id", canonical_wa_id(sender.wa_id)) if sender.wa_id else None
        user_index = self._bodies.index(operator_id, "user_id", sender.user_id) if sender.user_id else None
        address = Address(wa_id=sender.wa_id, user_id=sender.user_id, name=sender.name)
        found = await addresses.find_identity(tx, number_id, wa_index, user_index)
        if found is not None and user_index is not None and found.user_index not in {None, user_index}:
            await self._release_phone(tx, found.id)
            found = None
        if found is None:
            identity_id = new_id()
            sealed = await self._seal_address(operator_id, identity_id, address)
            values = {
                "id": identity_id,
                "number_id": number_id,
                "wa_index": wa_index,
                "user_index": user_index,
                "address": sealed,
                "created_at": tx.now(),
            }
            if await addresses.insert_identity(tx, values):
                return identity_id
            found = await addresses.find_identity(tx, number_id, wa_index, user_index)
            assert found is not None
        return await self._refresh(tx, found, address, wa_index, user_index)

    async def _release_phone(self, tx: Transaction, identity_id: UUID) -> None:
        """The phone came with another user id: another person has it until they are verified. The old identity keeps
        its history and its user id, loses the phone, and speaks for no member any more."""
        await addresses.update_identity(tx, identity_id, wa_index=None, member_id=None, linked_at=None)

    async def _refresh(
        self, tx: Transaction, found: sa.Row[Any], address: Address, wa_index: bytes | None, user_index: bytes | None
    ) -> UUID:
        """Keep the newest address, and the phone or user id that was not known yet and nobody else has."""
        operator_id = tx.operator_id
        known = await self._bodies.address(operator_id, found.id, found.address)
        merged = Address(
            wa_id=address.wa_id or known.wa_id,
            user_id=address.user_id or known.user_id,
            name=address.name or known.name,
        )
        learned: dict[str, bytes] = {}
        if found.user_index is None and user_index is not None:
            learned["user_index"] = user_index
        new_phones = [wa_index] if found.wa_index is None and wa_index is not None else []
        if new_phones and not await addresses.identities_at(tx, found.number_id, new_phones, []):
            learned["wa_index"] = new_phones[0]
        if learned or merged != known:
            sealed = await self._seal_address(operator_id, found.id, merged)
            await addresses.update_identity(tx, found.id, address=sealed, **learned)
        return UUID(int=found.id.int)

    async def _seal_address(self, operator_id: OperatorId, identity_id: UUID, address: Address) -> bytes:
        return await self._bodies.seal(operator_id, identity_id, f"channel_identity.address:{identity_id}", address)

    async def _conversation(self, tx: Transaction, identity_id: UUID, number_id: str) -> ConversationId:
        found = await addresses.conversation_of_identity(tx, identity_id)
        if found is None:
            conversation_id = ConversationId(derived_id("chat.conversation", tx.operator_id, identity_id))
            values = {
                "id": conversation_id,
                "identity_id": identity_id,
                "number_id": number_id,
                "created_at": tx.now(),
            }
            await addresses.insert_conversation(tx, values)
            return conversation_id
        return ConversationId(found.id)

    async def ensure_identity(self, tx: Transaction, number_id: str, sender: Sender) -> UUID:
        """The identity and its conversation, for links that are verified elsewhere."""
        identity_id = await self._identity(tx, number_id, sender)
        await self._conversation(tx, identity_id, number_id)
        return identity_id

    async def _keep_status(self, tx: Transaction, status: Status) -> bool:
        """Move the message's status forward. True when it moved; repeated and older ones change nothing."""
        row = await self._message_of(tx, status)
        if row is None:
            return await self._keep_other(tx, Other(status.number_id, "status", status.raw))
        if messages.STATUS_RANK[status.status] <= messages.STATUS_RANK[row.status]:
            return False
        values: dict[str, Any] = {"status": status.status, "error_code": status.error_code}
        if row.wamid_index is None:
            values["wamid_index"] = self._bodies.index(tx.operator_id, "wamid", status.wamid)
        await messages.update_message(tx, row.id, **values)
        if row.notification_id is not None:
            notification_id = NotificationId(row.notification_id)
            await tx.publish(
                NotificationFailed(notification_id=notification_id, reason=f"graph_{status.error_code}")
                if status.status == "failed"
                else NotificationDelivered.model_validate({"notification_id": notification_id, "status": status.status})
            )
        return True

    async def _message_of(self, tx: Transaction, status: Status) -> sa.Row[Any] | None:
        index = self._bodies.index(tx.operator_id, "wamid", status.wamid)
        row = await messages.find_message(tx, wamid_index=index, lock=True)
        if row is None and status.send_id is not None:
            with contextlib.suppress(ValueError):
                row = await messages.find_message(tx, message_id=UUID(status.send_id), lock=True)
        return row if row is not None and row.direction == "out" else None

    async def _keep_other(self, tx: Transaction, other: Other) -> bool:
        notice_id = new_id()
        fingerprint = hashlib.sha256(repr(sorted(other.raw.items(), key=repr)).encode()).digest()
        log.info("chat.notice_kept", kind=other.kind)
        return await messages.insert_notice(
            tx,
            {
                "id": notice_id,
                "number_id": other.number_id,
                "kind": other.kind,
                "body": await self._bodies.notice(tx.operator_id, notice_id, other.raw),
                "fingerprint": fingerprint,
                "recorded_at": tx.now(),
            },
        )
