"""The door of web chat: a signed-in member's own conversation, for their page."""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Conflict, Invalid, TooMany
from austa.kernel.ids import ConversationId
from austa.kernel.personal import Personal


class Option(Contract):
    """Something to tap: a reply button, or a line of a list with its description."""

    id: str
    title: str
    description: str = ""


class TalkMessage(Contract):
    """A message as its member sees it. `place` counts up within the conversation, in the order in which they are told;
    `client_id` is what the browser called it, of the member's own."""

    place: int
    id: UUID
    client_id: UUID | None
    said_by: Literal["me", "assistant", "person"]
    text: Personal | None
    file_name: Personal | None
    options: tuple[Option, ...]
    is_urgent: bool
    """An emergency reply."""
    sent_at: datetime


class TalkPage(Contract):
    """Messages in their order; `before` leads to older ones."""

    items: tuple[TalkMessage, ...]
    before: int | None


class TalkPlace(Contract):
    """Which conversation is the member's, and up to which place its messages have come."""

    conversation_id: ConversationId
    last_place: int


class Talk(Contract):
    """The member's conversation, its newest messages, and up to which place they have come."""

    conversation_id: ConversationId
    page: TalkPage
    last_place: int
    handed_over: bool
    """People answer."""


class NewTalkMessage(Contract):
    """What the member writes or taps. `client_id`: chosen by the browser, once a message. An option's `text` is its
    title."""

    client_id: UUID
    text: Annotated[Personal, Field()]
    option_id: Annotated[str, Field(max_length=200)] | None = None


class TalkFile(Contract):
    """A photo or PDF that the member sends, with its words. `content` is not checked before it is read."""

    client_id: UUID
    content: bytes = Field(repr=False)
    media_type: Literal["image/jpeg", "image/png", "image/heic", "application/pdf"]
    name: Personal
    text: Personal | None = None


class KeptMessage(Contract):
    """The message is on the disk. `repeated`: it was before."""

    client_id: UUID
    repeated: bool


class Hello(Contract):
    """The first frame of a socket: what came after `after` follows. `expires_at`: when the session ends."""

    type: Literal["hello"] = "hello"
    after: int
    last_place: int
    expires_at: datetime


class Told(Contract):
    """A message. Whoever reconnects names the `place` of the last one."""

    type: Literal["message"] = "message"
    message: TalkMessage


class Beat(Contract):
    """Nothing happened; the line stands."""

    type: Literal["beat"] = "beat"


class Seen(Contract):
    """From the page: everything up to that place was on the screen."""

    type: Literal["seen"] = "seen"
    place: Annotated[int, Field(ge=0)]


class WebChat(Protocol):
    """The caller is the member who signed in; there is no way to another one's conversation."""

    async def open(self, caller: Caller) -> Talk:
        """The member's conversation with its newest messages; made where they never wrote here."""
        ...

    async def stands(self, caller: Caller) -> TalkPlace:
        """How far the conversation has come, without its messages."""
        ...

    async def page(self, caller: Caller, before: int | None, limit: int = 50) -> TalkPage:
        """The messages before that place (the newest, where none is named)."""
        ...

    async def after(self, caller: Caller, place: int, limit: int = 50) -> tuple[TalkMessage, ...]:
        """What was told after that place, oldest first."""
        ...

    async def send(self, caller: Caller, message: NewTalkMessage) -> KeptMessage:
        """Keep what the member wrote; returns after the commit. Idempotent by `client_id`.

        Raises `Invalid` `chat.text_refused`.
        """
        ...

    async def send_file(self, caller: Caller, file: TalkFile) -> KeptMessage:
        """Keep a file, the same way. Raises `Invalid` `chat.file_empty`, `chat.file_too_large`, `TooMany`
        `chat.too_many_files`."""
        ...

    async def seen(self, caller: Caller, place: int) -> None:
        """The member saw what was told up to that place. Idempotent; it never goes back."""
        ...


def talk_waits(conversation_id: ConversationId) -> str:
    """Under this name pages wait for what is told in a conversation."""
    return f"chat.talk.{conversation_id}"


def file_empty() -> Invalid:
    return Invalid("chat.file_empty", "the file holds nothing")


def file_too_large(most_mb: int) -> Invalid:
    return Invalid("chat.file_too_large", "the file is larger than may be sent", most_mb=most_mb)


def too_many_files(retry_after_s: int) -> TooMany:
    return TooMany("chat.too_many_files", "too many files in an hour", retry_after_s=retry_after_s)


def other_message() -> Conflict:
    return Conflict("chat.client_id_used", "this client_id was used for a message of another kind")
