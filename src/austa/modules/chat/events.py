"""What `chat` tells the house. Ids only: what people wrote never travels in an event."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import ConversationId, DocumentId, MemberId, NotificationId, RequestId


class TemplateReleased(Event):
    """A second person released a wording: it is put before Meta."""

    TYPE: ClassVar[str] = "chat.template_released.v1"

    template_id: UUID

    def key(self) -> str:
        return str(self.template_id)


class ItemLeft(Event):
    """An item of the inbox that could not be kept with the others, and is tried again by itself. `item` names it, in
    hexadecimal digits; `conversation_key` its conversation, blind."""

    TYPE: ClassVar[str] = "chat.item_left.v1"

    kind: Literal["message", "status"]
    item_id: UUID
    day: date
    item: str
    conversation_key: UUID
    sent_at: datetime

    def key(self) -> str:
        return str(self.conversation_key)


class MessageReceived(Event):
    """A message was kept in its conversation, and has been looked through for red flags."""

    TYPE: ClassVar[str] = "chat.message_received.v1"

    conversation_id: ConversationId
    message_id: UUID

    def key(self) -> str:
        return str(self.message_id)


class TurnDue(Event):
    """The dialogue has something to react to; turns of one conversation are taken one after another.

    `reference` is the message, attachment, intention, hand-over entry or decision that `cause` names.
    """

    TYPE: ClassVar[str] = "chat.turn_due.v1"

    conversation_id: ConversationId
    cause: Literal["message", "document_read", "file_refused", "file_withdrawn", "rate_hand_over", "rate_decision"]
    reference: UUID

    def key(self) -> str:
        return str(self.conversation_id)


class VoiceNoteReceived(Event):
    """A voice note lies in the inbox and must be transcribed."""

    TYPE: ClassVar[str] = "chat.voice_note_received.v1"

    conversation_id: ConversationId
    message_id: UUID

    def key(self) -> str:
        return str(self.message_id)


class VoiceNoteDue(Event):
    """Timer: a voice note that was not transcribed by now is given to a person."""

    TYPE: ClassVar[str] = "chat.voice_note_due.v1"

    conversation_id: ConversationId
    message_id: UUID

    def key(self) -> str:
        return str(self.message_id)


class MediaAnnounced(Event):
    """A message brought a file that must be fetched before its address expires."""

    TYPE: ClassVar[str] = "chat.media_announced.v1"

    conversation_id: ConversationId
    attachment_id: UUID

    def key(self) -> str:
        return str(self.attachment_id)


class AttachmentStored(Event):
    """The file of an attachment lies with `documents`."""

    TYPE: ClassVar[str] = "chat.attachment_stored.v1"

    conversation_id: ConversationId
    attachment_id: UUID
    document_id: DocumentId

    def key(self) -> str:
        return str(self.conversation_id)


class MessageFailed(Event):
    """Meta says that a message of ours did not reach the member."""

    TYPE: ClassVar[str] = "chat.message_failed.v1"

    outbound_id: UUID
    code: int | None
    """Meta's error code, where it gave one."""

    def key(self) -> str:
        return str(self.outbound_id)


class MessageQueued(Event):
    """A message waits to be sent, in order within its conversation. Told by older versions only."""

    TYPE: ClassVar[str] = "chat.message_queued.v1"

    conversation_id: ConversationId
    outbound_id: UUID

    def key(self) -> str:
        return str(self.conversation_id)


class UrgentMessageQueued(Event):
    """An emergency reply waits to be sent. Told by older versions only."""

    TYPE: ClassVar[str] = "chat.urgent_message_queued.v1"

    conversation_id: ConversationId
    outbound_id: UUID

    def key(self) -> str:
        return str(self.outbound_id)


class AuthorizationIntended(Event):
    """A member's request is complete enough to be asked of `prior_auth`; `intention_id` is the idempotency key."""

    TYPE: ClassVar[str] = "chat.authorization_intended.v1"

    conversation_id: ConversationId
    intention_id: UUID

    def key(self) -> str:
        return str(self.conversation_id)


class AuthorizationRequested(Event):
    """`prior_auth` has taken the request of a conversation."""

    TYPE: ClassVar[str] = "chat.authorization_requested.v1"

    conversation_id: ConversationId
    request_id: RequestId

    def key(self) -> str:
        return str(self.conversation_id)


class ReceiptDue(Event):
    """A request was taken; after a moment its protocol is told, unless an answer with the protocol was quicker.
    `added`: papers joined a request that waited for them."""

    TYPE: ClassVar[str] = "chat.receipt_due.v1"

    conversation_id: ConversationId
    intention_id: UUID
    protocol: str
    added: bool

    def key(self) -> str:
        return str(self.conversation_id)


class TriageTaskOpened(Event):
    """A red flag was recognised: a nurse must acknowledge within the level's time."""

    TYPE: ClassVar[str] = "chat.triage_task_opened.v1"

    task_id: UUID
    conversation_id: ConversationId
    level: Literal["RED", "ORANGE"]

    def key(self) -> str:
        return str(self.task_id)


class TriageTaskDue(Event):
    """Timer: the time to acknowledge has run out; nothing happens when somebody did."""

    TYPE: ClassVar[str] = "chat.triage_task_due.v1"

    task_id: UUID
    turn: int = 0

    def key(self) -> str:
        return str(self.task_id)


class TriageTurnBegan(Event):
    """An alert is somebody's turn: they are told, where a channel reaches them. `of_everybody`: nobody has the post, so
    that nobody in particular is told."""

    TYPE: ClassVar[str] = "chat.triage_turn_began.v1"

    task_id: UUID
    turn: int
    of_everybody: bool = False

    def key(self) -> str:
        return str(self.task_id)


class TriageTaskChanged(Event):
    """A nurse acknowledged, or the task escalated."""

    TYPE: ClassVar[str] = "chat.triage_task_changed.v1"

    task_id: UUID
    state: Literal["acknowledged", "escalated"]

    def key(self) -> str:
        return str(self.task_id)


class HandOverRequested(Event):
    """A person of the operator must go on with this conversation."""

    TYPE: ClassVar[str] = "chat.hand_over_requested.v1"

    conversation_id: ConversationId
    reason: Literal[
        "asked", "not_understood", "consent_refused", "unlinked", "distress", "symptoms", "appointment", "complaint"
    ]

    def key(self) -> str:
        return str(self.conversation_id)


class HandOverChanged(Event):
    """Somebody took, gave, released, gave back, closed, noted or wrote; who watches the list reads it again."""

    TYPE: ClassVar[str] = "chat.hand_over_changed.v1"

    conversation_id: ConversationId
    change: Literal["handed_over", "taken", "given", "released", "given_back", "closed", "note", "answered"]

    def key(self) -> str:
        return str(self.conversation_id)


class IdentityLinked(Event):
    """A channel identity was verified as a member."""

    TYPE: ClassVar[str] = "chat.identity_linked.v1"

    identity_id: UUID
    member_id: MemberId

    def key(self) -> str:
        return str(self.identity_id)


class SatisfactionTold(Event):
    """Somebody said how they found the attendance: 1 (worst) to 5 (best). Nobody is named."""

    TYPE: ClassVar[str] = "chat.satisfaction_told.v1"

    door: Literal["hand_over", "decision"]
    rating: int

    def key(self) -> str:
        return self.door


class NotificationDelivered(Event):
    """WhatsApp accepted, delivered or showed a notification."""

    TYPE: ClassVar[str] = "chat.notification_delivered.v1"

    notification_id: NotificationId
    status: Literal["sent", "delivered", "read"]

    def key(self) -> str:
        return str(self.notification_id)


class NotificationFailed(Event):
    """WhatsApp cannot deliver a notification; another channel must."""

    TYPE: ClassVar[str] = "chat.notification_failed.v1"

    notification_id: NotificationId
    reason: str
    """`no_conversation`, `opted_out`, `quiet` (somebody dangerous may read along), or `graph_<error code>`."""

    def key(self) -> str:
        return str(self.notification_id)
