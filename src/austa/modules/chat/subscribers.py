"""Reactions of `chat`. Handler names are permanent: deliveries bear them."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import ConversationId, DocumentId, NotificationId, RequestId
from austa.modules.chat.events import (
    AttachmentStored,
    AuthorizationIntended,
    HandOverRequested,
    IdentityLinked,
    ItemLeft,
    MediaAnnounced,
    MessageFailed,
    MessageQueued,
    MessageReceived,
    ReceiptDue,
    TemplateReleased,
    TriageTaskDue,
    TriageTurnBegan,
    TurnDue,
    UrgentMessageQueued,
    VoiceNoteDue,
    VoiceNoteReceived,
)
from austa.modules.chat.service.chat import ChatService
from austa.modules.documents.events import DocumentRead, DocumentRefused
from austa.modules.notifications.events import WhatsAppRequested
from austa.modules.prior_auth.events import RequestDecided

MODULE = "chat"


def none(data: Mapping[str, Any]) -> bool:
    """What is screened when it is kept needs no delivery; those that an older version wrote are borne."""
    return False


def is_approval(data: Mapping[str, Any]) -> bool:
    """Whether a decision is good news; after any other nobody is asked how it was."""
    return data["outcome"] == "approve" and not data.get("post_facto", False)


def somebodys(data: Mapping[str, Any]) -> bool:
    """A turn that is everybody's is nobody's to be told of: the alert is on every nurse's page."""
    return not data.get("of_everybody", False)


def handlers(chat: ChatService) -> list[Handler]:
    """Everything `chat` reacts to."""
    return [*_own(chat), *_foreign(chat)]


def _own(chat: ChatService) -> list[Handler]:
    async def keep_left(tx: Transaction, e: Envelope) -> None:
        await chat.keep_left(tx, ItemLeft.read(json.dumps(e.data)))

    async def screen(tx: Transaction, e: Envelope) -> None:
        await chat.triage.screen(tx, _conversation(e), _uuid(e, "message_id"))

    async def take(caller: Caller, e: Envelope) -> Any:
        return await chat.turns.take(caller, _conversation(e), e.data["cause"], _uuid(e, "reference"))

    async def record(tx: Transaction, e: Envelope, result: Any) -> None:
        await chat.turns.record(tx, result)

    async def hear(caller: Caller, e: Envelope) -> Any:
        return await chat.voice.hear(caller, _conversation(e), _uuid(e, "message_id"))

    async def heard(tx: Transaction, e: Envelope, words: Any) -> None:
        await chat.voice.record(tx, _conversation(e), _uuid(e, "message_id"), words)

    async def give_up(tx: Transaction, e: Envelope) -> None:
        await chat.voice.give_up(tx, _conversation(e), _uuid(e, "message_id"))

    async def fetch(caller: Caller, e: Envelope) -> Any:
        return await chat.fetch_media(caller, _uuid(e, "attachment_id"))

    async def fetched(tx: Transaction, e: Envelope, result: Any) -> None:
        await chat.record_media(tx, _conversation(e), _uuid(e, "attachment_id"), result)

    async def move_stored(caller: Caller, e: Envelope) -> Any:
        await chat.move_document(caller, _conversation(e))

    async def move_linked(caller: Caller, e: Envelope) -> Any:
        await chat.move_documents(caller, _uuid(e, "identity_id"))

    async def moved(tx: Transaction, e: Envelope, result: Any) -> None:
        """Nothing to record: `documents` knows whose keys a file lies under."""

    async def queue_again(tx: Transaction, e: Envelope) -> None:
        await chat.queue_again(tx, _uuid(e, "outbound_id"))

    async def call_back(tx: Transaction, e: Envelope) -> None:
        await chat.sender.call_back(tx, _uuid(e, "outbound_id"))

    async def submit(caller: Caller, e: Envelope) -> Any:
        return await chat.templates.submit(caller, _uuid(e, "template_id"))

    async def submitted(tx: Transaction, e: Envelope, result: Any) -> None:
        await chat.templates.record_submission(tx, _uuid(e, "template_id"), result)

    async def ask(caller: Caller, e: Envelope) -> Any:
        return await chat.requests.ask(caller, _conversation(e), _uuid(e, "intention_id"))

    async def asked(tx: Transaction, e: Envelope, result: Any) -> None:
        await chat.requests.record(tx, _conversation(e), _uuid(e, "intention_id"), result)

    async def tell_receipt(tx: Transaction, e: Envelope) -> None:
        intention_id, protocol, added = _uuid(e, "intention_id"), e.data["protocol"], e.data["added"]
        await chat.requests.tell_receipt(tx, _conversation(e), intention_id, protocol, added=added)

    async def begin_hand_over(tx: Transaction, e: Envelope) -> None:
        await chat.hand_overs.begin(tx, _conversation(e), e.data["reason"])

    async def escalate(tx: Transaction, e: Envelope) -> None:
        await chat.triage.escalate(tx, _uuid(e, "task_id"), e.data.get("turn", 0))

    async def alert(caller: Caller, e: Envelope) -> Any:
        return await chat.duty.alert(caller, _uuid(e, "task_id"), e.data["turn"])

    async def alerted(tx: Transaction, e: Envelope, notification_id: Any) -> None:
        await chat.duty.record_alert(tx, _uuid(e, "task_id"), e.data["turn"], notification_id)

    return [
        Reaction("chat.keep_left", MODULE, ItemLeft.TYPE, keep_left, independent=True, lane="urgent"),
        Reaction("chat.screen", MODULE, MessageReceived.TYPE, screen, independent=True, lane="urgent", wants=none),
        Work("chat.turn", MODULE, TurnDue.TYPE, take, record, independent=True),
        Work("chat.hear_voice_note", MODULE, VoiceNoteReceived.TYPE, hear, heard, independent=True, lane="slow"),
        Reaction("chat.give_up_voice_note", MODULE, VoiceNoteDue.TYPE, give_up, independent=True, lane="urgent"),
        Work("chat.fetch_media", MODULE, MediaAnnounced.TYPE, fetch, fetched, independent=True, lane="slow"),
        Work("chat.move_stored_document", MODULE, AttachmentStored.TYPE, move_stored, moved, independent=True),
        Work("chat.move_documents_of_linked", MODULE, IdentityLinked.TYPE, move_linked, moved, independent=True),
        Reaction("chat.send", MODULE, MessageQueued.TYPE, queue_again, independent=True),
        Reaction("chat.send_urgent", MODULE, UrgentMessageQueued.TYPE, queue_again, independent=True, lane="urgent"),
        Reaction("chat.call_back", MODULE, MessageFailed.TYPE, call_back, independent=True, lane="urgent"),
        Work("chat.submit_template", MODULE, TemplateReleased.TYPE, submit, submitted, independent=True, lane="slow"),
        Work("chat.ask_authorization", MODULE, AuthorizationIntended.TYPE, ask, asked, independent=True),
        Reaction("chat.tell_receipt", MODULE, ReceiptDue.TYPE, tell_receipt, independent=True),
        Reaction("chat.begin_hand_over", MODULE, HandOverRequested.TYPE, begin_hand_over, independent=True),
        Reaction("chat.escalate_task", MODULE, TriageTaskDue.TYPE, escalate, independent=True, lane="urgent"),
        Work(
            "chat.alert_duty",
            MODULE,
            TriageTurnBegan.TYPE,
            alert,
            alerted,
            independent=True,
            lane="urgent",
            wants=somebodys,
        ),
    ]


def _foreign(chat: ChatService) -> list[Handler]:
    async def document_read(tx: Transaction, e: Envelope) -> None:
        await chat.document_settled(tx, e.data["requested_by"], DocumentId(_uuid(e, "document_id")), None)

    async def document_refused(tx: Transaction, e: Envelope) -> None:
        await chat.document_settled(tx, e.data["requested_by"], DocumentId(_uuid(e, "document_id")), e.data["reason"])

    async def decided(caller: Caller, e: Envelope) -> Any:
        return await chat.turns.satisfaction.member_of(caller, RequestId(_uuid(e, "request_id")))

    async def ask_rating(tx: Transaction, e: Envelope, member_id: Any) -> None:
        await chat.turns.satisfaction.approval_kept(tx, _uuid(e, "decision_id"), member_id)

    async def read_notification(caller: Caller, e: Envelope) -> Any:
        return await chat.read_notification(caller, NotificationId(_uuid(e, "notification_id")))

    async def queue_notification(tx: Transaction, e: Envelope, wanted: Any) -> None:
        await chat.queue_notification(tx, wanted)

    return [
        Work("chat.ask_rating", MODULE, RequestDecided.TYPE, decided, ask_rating, independent=True, wants=is_approval),
        Reaction("chat.document_read", MODULE, DocumentRead.TYPE, document_read),
        Reaction("chat.document_refused", MODULE, DocumentRefused.TYPE, document_refused),
        Work("chat.send_notification", MODULE, WhatsAppRequested.TYPE, read_notification, queue_notification),
    ]


def _conversation(envelope: Envelope) -> ConversationId:
    return ConversationId(_uuid(envelope, "conversation_id"))


def _uuid(envelope: Envelope, name: str) -> UUID:
    return UUID(envelope.data[name])
