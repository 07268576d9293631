"""The door of `chat`: webhooks in, conversations, staff messages, triage tasks, channel identities."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from austa.kernel.ids import ConversationId, DocumentId, MemberId, OperatorId
from austa.kernel.personal import Personal
from austa.modules.chat.api.duty import Post

Direction = Literal["in", "out"]
IdentityKind = Literal["wa_id", "bsuid", "username", "member"]
"""`member`: who signed in on their own page."""


class Button(Contract):
    """A reply button: at most 20 characters of title (WhatsApp)."""

    id: str
    title: str


class Row(Contract):
    """A line of a list: at most 24 characters of title and 72 of description (WhatsApp)."""

    id: str
    title: str = Field(max_length=24)
    description: str = Field("", max_length=72)


class Message(Contract):
    """One turn. `kind` is WhatsApp's type of an inbound message, `text`/`buttons`/`template` of an outbound one."""

    id: UUID
    direction: Direction
    kind: str
    text: Personal | None
    buttons: tuple[Button, ...]
    """What could be chosen, whether as buttons or as the lines of a list."""
    document_id: DocumentId | None
    author: str | None
    """`assistant`, or the principal id of the staff person, for outbound messages."""
    status: Literal["received", "queued", "sent", "delivered", "read", "failed", "unknown"]
    sent_at: datetime
    urgency: str | None
    edited_at: datetime | None = None
    """When its sender corrected it; the correction is a message of its own, of kind `edit`."""
    deleted_at: datetime | None = None
    """When its sender deleted it; `text` keeps what was written."""


class VoiceNote(Contract):
    """Sound, as the member sent it."""

    content: bytes = Field(repr=False)
    media_type: str


class Conversation(Contract):
    """The history of one channel identity with one number of the operator."""

    id: ConversationId
    member_id: MemberId | None
    identity_kind: IdentityKind
    state: str
    handed_over: bool
    messages: tuple[Message, ...]
    """Oldest first."""


class TaskTurn(Contract):
    """Whose turn an alert is. `name` None: of all who watch the alerts. `phone`: call it, where AUSTA cannot."""

    number: int
    post: Post
    name: Personal | None
    phone: Personal | None
    began_at: datetime
    due_at: datetime
    was_told: bool
    """A message was handed to the notifications (mail; SMS where the operator has a gateway). Not that it was read."""


class TriageTask(Contract):
    """A red flag that a nurse must acknowledge. `rules` name what matched; `excerpt` is what was written."""

    id: UUID
    level: Literal["RED", "ORANGE"]
    category: str
    state: Literal["open", "acknowledged", "escalated"]
    conversation_id: ConversationId
    member_id: MemberId | None
    excerpt: Personal
    voice_note_id: UUID | None
    """The message to listen to (`Chat.voice_note`), where it was spoken."""
    phone: Personal | None
    rules: tuple[str, ...]
    lexicon_version: str
    opened_at: datetime
    due_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    turns: tuple[TaskTurn, ...]
    """Whose turn it was, in order; the last one has it now."""
    reply_status: str
    """Delivery status of the emergency reply: a nurse calls when it failed."""


class Accepted(Contract):
    """How much of a webhook was new."""

    messages: int
    statuses: int
    others: int
    repeated: int


class InboundMessage(Contract):
    """What a member sent. `conversation` is opaque, `type` is WhatsApp's, `text` what was written, tapped or chosen,
    `sent_at` by Meta's clock."""

    wamid: Personal
    conversation: str
    received_at: datetime
    sent_at: datetime
    type: str
    text: Personal | None


class Chat(Protocol):
    """Conversations of the caller's operator."""

    async def verify_webhook(self, number_id: str | None, token: str) -> None:
        """Meta's subscription check, for one number or the whole app.

        Raises `Forbidden` `chat.verify_token`, `NotFound` `chat.unknown_number`.
        """
        ...

    async def receive_webhook(self, number_id: str | None, raw: bytes, signature: str | None) -> Accepted:
        """Check the signature on the raw bytes and keep every message and status; returns after the commit.

        The numbers that the payload names decide whose it is; `number_id`, where the address names one, must be of the
        same operator. Of a payload that names an unknown number beside known ones, those are kept before it raises.

        Raises `NotFound` `chat.unknown_number`, `Unauthenticated` `chat.bad_signature`, `Invalid`
        `http.malformed_json`, `Forbidden` `chat.foreign_number` when the payload names another operator's number.
        """
        ...

    def export(self, caller: Caller) -> AsyncIterator[InboundMessage]:
        """Every message that was received, conversation by conversation, each in its order: when it was sent, then as
        it came. At the end what no worker has looked at yet. Each conversation leaves an access record."""
        ...

    async def add_number(self, caller: Caller, number_id: str) -> None:
        """Attach a WhatsApp number to the caller's operator. Idempotent; `Forbidden` when another one has it."""
        ...

    async def conversation(self, caller: Caller, conversation_id: ConversationId, limit: int = 200) -> Conversation:
        """The newest `limit` messages of a conversation. Raises `NotFound` `chat.no_such_conversation`."""
        ...

    async def of_member(self, caller: Caller, member_id: MemberId) -> tuple[Conversation, ...]:
        """The conversations of the channels linked to a member, each with its newest messages, the one they wrote in
        last on top; each leaves an access record."""
        ...

    async def voice_note(self, caller: Caller, message_id: UUID) -> VoiceNote:
        """The sound of a voice note, fetched from WhatsApp, which keeps it for some days.

        Raises `NotFound` `chat.no_such_voice_note`, `chat.media_gone`, `Unavailable` `chat.media_away`.
        """
        ...

    async def send(self, caller: Caller, key: str, conversation_id: ConversationId, text: Personal) -> UUID:
        """A staff person's message, idempotent by key; returns its id. The assistant is silent from then on.

        Who writes holds the conversation: one that nobody holds becomes theirs. Raises `NotFound`
        `chat.no_such_conversation`, `Invalid` `chat.text_refused` (empty, or over 4,096 characters), `Conflict`
        `chat.holder_changed` (details: `holder`) and `chat.window_closed`.
        """
        ...

    async def triage_tasks(
        self, caller: Caller, state: Literal["open", "all"], cursor: str | None, limit: int
    ) -> Page[TriageTask]:
        """Open ones most urgent first, or all newest first."""
        ...

    async def acknowledge(self, caller: Caller, task_id: UUID) -> TriageTask:
        """A nurse takes the task. Acknowledging twice changes nothing. Raises `NotFound` `chat.no_such_task`."""
        ...

    async def link(self, caller: Caller, number_id: str, kind: IdentityKind, value: str, member_id: MemberId) -> None:
        """Record that this channel identity was verified elsewhere (portal, counter) as that member. Idempotent."""
        ...

    async def operator_of(self, number_id: str) -> OperatorId:
        """Whose number this is. Raises `NotFound` `chat.unknown_number`."""
        ...


def no_such_conversation() -> NotFound:
    return NotFound("chat.no_such_conversation", "no conversation of this operator has that id")


def window_closed() -> Conflict:
    return Conflict("chat.window_closed", "24 hours after the person wrote the channel takes no free text; call them")


def unknown_number() -> NotFound:
    return NotFound("chat.unknown_number", "no operator has this number")


def text_refused() -> Invalid:
    return Invalid("chat.text_refused", "a message needs between 1 and 4096 characters")


def bad_signature() -> Unauthenticated:
    return Unauthenticated("chat.bad_signature", "the signature does not fit the body")


def foreign_number() -> Forbidden:
    return Forbidden("chat.foreign_number", "the payload names a number of another operator")
