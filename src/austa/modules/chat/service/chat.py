"""The door of `chat`, assembled from its parts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.contracts import Page
from austa.kernel.errors import Invalid, NotFound
from austa.kernel.ids import ConversationId, DocumentId, MemberId, NotificationId, OperatorId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.chat.adapters.whatsapp import WhatsAppClient
from austa.modules.chat.api.conversations import (
    Accepted,
    Conversation,
    IdentityKind,
    InboundMessage,
    TriageTask,
    VoiceNote,
    foreign_number,
    no_such_conversation,
    text_refused,
    window_closed,
)
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.channels import channel_of, is_web
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.webhook import Sender as From
from austa.modules.chat.events import AttachmentStored, IdentityLinked, ItemLeft, NotificationFailed, TurnDue
from austa.modules.chat.service.addressbook import Addressbook
from austa.modules.chat.service.bodies import Bodies, Template
from austa.modules.chat.service.canned_answers import CannedAnswerService
from austa.modules.chat.service.duty import DutyService
from austa.modules.chat.service.exporting import Exporting
from austa.modules.chat.service.hand_overs import HandOverService
from austa.modules.chat.service.inbox import Inbox
from austa.modules.chat.service.keeping import Keeping
from austa.modules.chat.service.requests import Requests
from austa.modules.chat.service.sender import Sender
from austa.modules.chat.service.sending import WINDOW, Outgoing
from austa.modules.chat.service.starting import ELSEWHERE, Starting
from austa.modules.chat.service.statuses import Statuses
from austa.modules.chat.service.templates import TemplateService
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.service.turns import Turns
from austa.modules.chat.service.views import view_messages
from austa.modules.chat.service.voice import Voice
from austa.modules.chat.service.web import WebChatService
from austa.modules.chat.store import addresses, attachments, links, messages, tasks
from austa.modules.chat.store.inbox import Due
from austa.modules.documents.api import Documents
from austa.modules.members.api import Members
from austa.modules.notifications.api import Notifications, WhatsAppMessage
from austa.modules.privacy.api import Privacy

KEY_PREFIX = "chat:"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 4096
"""WhatsApp's limit for a text message."""


@dataclass(frozen=True)
class Fetched:
    """Where a fetched file lies, or the code of why it cannot be used."""

    document_id: DocumentId | None = None
    refusal: str | None = None


class ChatService:
    """The one service of `chat`; its parts are public for the module's own handlers."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        access: Access,
        client: WhatsAppClient,
        *,
        inbox: Inbox,
        addressbook: Addressbook,
        keeping: Keeping,
        exporting: Exporting,
        statuses: Statuses,
        triage: Triage,
        turns: Turns,
        requests: Requests,
        voice: Voice,
        sender: Sender,
        hand_overs: HandOverService,
        duty: DutyService,
        canned_answers: CannedAnswerService,
        outgoing: Outgoing,
        web: WebChatService,
        templates: TemplateService,
        starting: Starting,
        documents: Documents,
        members: Members,
        notifications: Notifications,
        privacy: Privacy,
        clock: Clock,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._client = client
        self._inbox = inbox
        self._addressbook = addressbook
        self._keeping = keeping
        self._exporting = exporting
        self._statuses = statuses
        self._outgoing = outgoing
        self.web = web
        self.templates = templates
        self._starting = starting
        self._documents = documents
        self._members = members
        self._notifications = notifications
        self._privacy = privacy
        self._clock = clock
        self.triage = triage
        self.turns = turns
        self.requests = requests
        self.voice = voice
        self.sender = sender
        self.hand_overs = hand_overs
        self.duty = duty
        self.canned_answers = canned_answers

    async def verify_webhook(self, number_id: str | None, token: str) -> None:
        await self._inbox.verify(number_id, token)

    async def receive_webhook(self, number_id: str | None, raw: bytes, signature: str | None) -> Accepted:
        return await self._inbox.receive(raw, signature, number_id)

    async def operator_of(self, number_id: str) -> OperatorId:
        return await self._inbox.operator_of(number_id)

    def export(self, caller: Caller) -> AsyncIterator[InboundMessage]:
        return self._exporting.export(caller)

    async def add_number(self, caller: Caller, number_id: str) -> None:
        async with self._database.transaction(caller) as tx:
            if await addresses.insert_number(tx, number_id) != caller.operator_id:
                raise foreign_number()

    async def link(self, caller: Caller, number_id: str, kind: IdentityKind, value: str, member_id: MemberId) -> None:
        if kind not in {"wa_id", "bsuid"}:
            raise Invalid("chat.username_not_an_address", "a username may change hands; link a wa_id or a BSUID")
        sender = From(wa_id=value if kind == "wa_id" else None, user_id=value if kind == "bsuid" else None)
        async with self._database.transaction(caller) as tx:
            identity_id = await self._addressbook.ensure(tx, number_id, sender)
            found = await addresses.get_identity(tx, identity_id)
            if found.member_id != member_id:
                await links.link(tx, identity_id, member_id, "elsewhere")
                await tx.publish(IdentityLinked(identity_id=identity_id, member_id=member_id))

    async def conversation(self, caller: Caller, conversation_id: ConversationId, limit: int = 200) -> Conversation:
        self._access.check(caller, "conversation:read")
        async with self._database.transaction(caller) as tx:
            row = await self._get_conversation(tx, conversation_id)
            rows = await messages.list_messages(tx, conversation_id, limit)
            files = {message.id: message.document_id for message in rows if message.document_id is not None}
            shown = await view_messages(tx, self._bodies, (conversation_id, row.identity_id), rows, files)
        state = await self._bodies.state(caller.operator_id, row.identity_id, row.id, row.state)
        subject = SubjectId(row.identity_id)
        if row.member_id is not None:
            subject = await self._members.subject(caller, MemberId(row.member_id))
        await self._privacy.record_access(caller, subject, "conversation", "care_coordination", row.id)
        return Conversation(
            id=conversation_id,
            member_id=MemberId(row.member_id) if row.member_id else None,
            identity_kind="wa_id" if row.wa_index is not None else "member" if is_web(row.number_id) else "bsuid",
            state=state.awaiting or state.wish or "idle",
            handed_over=row.handed_over,
            messages=shown,
        )

    async def of_member(self, caller: Caller, member_id: MemberId) -> tuple[Conversation, ...]:
        self._access.check(caller, "conversation:read")
        async with self._database.transaction(caller) as tx:
            found = await addresses.conversations_of_member(tx, member_id)
        return tuple([await self.conversation(caller, ConversationId(row.id)) for row in found])

    async def voice_note(self, caller: Caller, message_id: UUID) -> VoiceNote:
        return await self.voice.play(caller, message_id)

    async def send(self, caller: Caller, key: str, conversation_id: ConversationId, text: Personal) -> UUID:
        self._access.check(caller, "message:send")
        if not text.reveal().strip() or len(text.reveal()) > LONGEST_TEXT:
            raise text_refused()
        async with self._database.transaction(caller) as tx:
            row = await self._get_conversation(tx, conversation_id)
            closed = row.last_inbound_at is None or tx.now() - row.last_inbound_at > WINDOW
            if closed and not is_web(row.number_id):
                raise window_closed()
            await self.hand_overs.write(tx, conversation_id)
            await addresses.update_conversation(tx, conversation_id, handed_over=True)
            return await self._outgoing.queue(
                tx, row, Say(text.reveal()), key=f"staff:{caller.id}:{key}", author=caller.actor
            )

    async def triage_tasks(
        self, caller: Caller, state: Literal["open", "all"], cursor: str | None, limit: int
    ) -> Page[TriageTask]:
        return await self.triage.tasks(caller, open_only=state == "open", cursor=cursor, limit=limit)

    async def acknowledge(self, caller: Caller, task_id: UUID) -> TriageTask:
        return await self.triage.acknowledge(caller, task_id)

    # What handlers call

    async def keep_left(self, tx: Transaction, item: ItemLeft) -> None:
        """Keep by itself what could not be kept with others. Idempotent."""
        index = bytes.fromhex(item.item)
        due = Due(item.kind, 0, tx.operator_id, item.conversation_key, item.item_id, item.day, index, item.sent_at)
        if due.kind == "status":
            await self._statuses.apply(tx, await self._statuses.read(tx, [due]))
            return
        for message in await self._keeping.keep(tx, [due]):
            if message.row.kind != triage.VOICE:
                conversation_id = ConversationId(message.row.conversation_id)
                turn = TurnDue(conversation_id=conversation_id, cause="message", reference=message.row.id)
                await tx.publish(turn, priority=1)

    async def fetch_media(self, caller: Caller, attachment_id: UUID) -> Fetched:
        """Fetch a file and hand it to `documents`."""
        async with self._database.transaction(caller) as tx:
            row = await attachments.find_attachment(tx, attachment_id)
            assert row is not None
            conversation = await self._get_conversation(tx, ConversationId(row.conversation_id))
        media = await self._bodies.media(caller.operator_id, conversation.identity_id, row.id, row.media)
        subject = SubjectId(conversation.identity_id)
        if conversation.member_id is not None:
            subject = await self._members.subject(caller, MemberId(conversation.member_id))
        try:
            content = await self._content(caller, conversation, media.media_id)
            filename = Personal(media.filename) if media.filename else None
            key = f"{KEY_PREFIX}{attachment_id}"
            source = channel_of(conversation.number_id)
            submitted = await self._documents.submit(caller, key, content, source, subject, filename=filename)
        except (Invalid, NotFound) as error:
            return Fetched(refusal=error.code)
        return Fetched(document_id=submitted.id)

    async def _content(self, caller: Caller, conversation: sa.Row[Any], media_id: str) -> bytes:
        if is_web(conversation.number_id):
            return await self.web.fetch(caller, conversation, media_id)
        return await self._client.fetch(media_id)

    async def record_media(
        self, tx: Transaction, conversation_id: ConversationId, attachment_id: UUID, fetched: Fetched
    ) -> None:
        """Keep where the file lies, or tell the dialogue that it cannot be used."""
        conversation = await self._get_conversation(tx, conversation_id)
        if is_web(conversation.number_id):
            row = await attachments.find_attachment(tx, attachment_id)
            assert row is not None
            media = await self._bodies.media(tx.operator_id, conversation.identity_id, row.id, row.media)
            await self.web.forget(tx, conversation, media.media_id)
        document_id = fetched.document_id
        if document_id is None:
            await attachments.update_attachment(tx, attachment_id, state="refused", refusal=fetched.refusal)
            await tx.publish(TurnDue(conversation_id=conversation_id, cause="file_refused", reference=attachment_id))
            return
        await attachments.update_attachment(tx, attachment_id, state="stored", document_id=document_id)
        await tx.publish(
            AttachmentStored(conversation_id=conversation_id, attachment_id=attachment_id, document_id=document_id)
        )

    async def move_documents(self, caller: Caller, identity_id: UUID) -> None:
        """Move what a channel identity sent under the keys of its member, if it has one. Idempotent."""
        async with self._database.transaction(caller) as tx:
            identity = await addresses.get_identity(tx, identity_id)
            found = await attachments.documents_of_identity(tx, identity_id)
        if identity.member_id is not None and found:
            subject = await self._members.subject(caller, MemberId(identity.member_id))
            papers = await self._documents.get_many(caller, [DocumentId(document_id) for document_id in found])
            # What lies under a member's key already is theirs, whoever else is verified on the phone.
            unowned = [paper.id for paper in papers if paper.subject == SubjectId(identity_id)]
            await self._documents.relink(caller, unowned, subject)

    async def move_document(self, caller: Caller, conversation_id: ConversationId) -> None:
        """The same for a file that came while its sender was being linked."""
        async with self._database.transaction(caller) as tx:
            conversation = await self._get_conversation(tx, conversation_id)
        await self.move_documents(caller, conversation.identity_id)

    async def document_settled(
        self, tx: Transaction, requested_by: str, document_id: DocumentId, refusal: str | None
    ) -> None:
        """`documents` read or refused a file; if it is one of ours, the dialogue goes on."""
        if not requested_by.startswith(KEY_PREFIX):
            return
        attachment = await attachments.find_attachment(tx, UUID(requested_by.removeprefix(KEY_PREFIX)))
        if attachment is None:
            return
        await attachments.update_attachment(tx, attachment.id, document_id=document_id, refusal=refusal)
        await tx.publish(
            TurnDue.model_validate(
                {
                    "conversation_id": attachment.conversation_id,
                    "cause": "file_refused" if refusal else "document_read",
                    "reference": attachment.id,
                }
            )
        )

    async def read_notification(self, caller: Caller, notification_id: NotificationId) -> WhatsAppMessage:
        """What `notifications` wants sent; where the phone serves several, it says about whom."""
        wanted = await self._notifications.get_message(caller, notification_id)
        async with self._database.transaction(caller) as tx:
            row = await addresses.newest_on_whatsapp(tx, wanted.member_id)
            linked = await links.links_of(tx, [row.identity_id], EARLIEST) if row is not None else {}
        if row is None or len(linked.get(row.identity_id, ())) < 2:
            return wanted
        (served, *_) = await self._members.served(caller, (wanted.member_id,), local_date(self._clock.now()))
        about = texts.about(served.first_name.reveal(), [wanted.text.reveal()])
        return wanted.model_copy(update={"text": Personal(about.text)})

    async def queue_notification(self, tx: Transaction, wanted: WhatsAppMessage) -> None:
        """Queue it where the member wrote last, or say that WhatsApp does not reach them. Their own page shows it too;
        that it lies there reaches nobody, so other ways are tried all the same."""
        await self._show_on_page(tx, wanted)
        row = await addresses.newest_on_whatsapp(tx, wanted.member_id)
        if row is None or row.last_inbound_at is None:
            await tx.publish(NotificationFailed(notification_id=wanted.notification_id, reason="no_conversation"))
            return
        state = await self._bodies.state(tx.operator_id, row.identity_id, row.id, row.state)
        if state.opted_out:
            await tx.publish(NotificationFailed(notification_id=wanted.notification_id, reason="opted_out"))
            return
        if await self._is_quiet(tx, row):
            await tx.publish(NotificationFailed(notification_id=wanted.notification_id, reason="quiet"))
            return
        elsewhere = await self._starting.route(tx, row)
        await self._outgoing.queue(
            tx,
            elsewhere or row,
            Say(wanted.text.reveal()),
            key=f"notification:{wanted.notification_id}{ELSEWHERE if elsewhere else ''}",
            notification_id=wanted.notification_id,
            template=Template(
                name=wanted.template_name,
                language=wanted.template_language,
                parameters=tuple(p.reveal() for p in wanted.template_parameters),
            ),
        )

    async def _show_on_page(self, tx: Transaction, wanted: WhatsAppMessage) -> None:
        talks = await addresses.conversations_of_member(tx, wanted.member_id)
        for talk in talks:
            if is_web(talk.number_id) and talk.last_inbound_at is not None and not await self._is_quiet(tx, talk):
                key = f"notification:{wanted.notification_id}:page"
                await self._outgoing.queue(tx, talk, Say(wanted.text.reveal()), key=key)

    @staticmethod
    async def _is_quiet(tx: Transaction, conversation: sa.Row[Any]) -> bool:
        """Somebody dangerous may read along."""
        since = tx.now() - triage.QUIET_FOR
        found = await tasks.newest_task(tx, ConversationId(conversation.id), since, triage.QUIET_CATEGORIES)
        return found is not None

    async def queue_again(self, tx: Transaction, outbound_id: UUID) -> None:
        """A message that an older version queued by event."""
        await self._outgoing.queue_again(tx, outbound_id)

    async def close(self) -> None:
        """Close the connections to the Graph API."""
        await self._client.close()

    async def _get_conversation(self, tx: Transaction, conversation_id: ConversationId) -> sa.Row[Any]:
        row = await addresses.find_conversation(tx, conversation_id)
        if row is None:
            raise no_such_conversation()
        return row
