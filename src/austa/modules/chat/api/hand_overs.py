"""Conversations that people of the staff answer."""

from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Invalid
from austa.kernel.ids import ConversationId, MemberId, PrincipalId
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Message
from austa.modules.chat.api.duty import Colleague

HandOverView = Literal["unassigned", "mine", "open", "closed"]
"""`open`: all that people answer now; `unassigned` and `mine` are parts of it."""

Reason = Literal[
    "asked",
    "not_understood",
    "consent_refused",
    "unlinked",
    "distress",
    "symptoms",
    "appointment",
    "complaint",
    "staff",
]
"""Why a person answers; `staff`: somebody of the staff began to."""


class HandOverLine(Contract):
    """A conversation in the list of those that people answer. What was said is seen on opening it."""

    conversation_id: ConversationId
    member_id: MemberId | None
    initials: str | None
    card_end: str | None
    phone_end: str | None
    """The last digits of the phone, where it is not known who writes."""
    channel: Literal["whatsapp", "web"]
    """Where they write: on WhatsApp, or signed in on their own page."""
    state: Literal["open", "closed", "assistant"]
    """`assistant`: no person was ever asked for."""
    reason: Reason | None
    holder: Colleague | None
    assistant_answers: bool
    waiting_since: datetime | None
    """When the person first wrote, or was first promised an answer, that nobody of the staff gave yet."""
    last_inbound_at: datetime | None
    alert: Literal["RED", "ORANGE"] | None
    """The most urgent red flag that no nurse has taken yet."""
    closed_at: datetime | None


class HandOverCounts(Contract):
    """How many there are in each view but the closed ones."""

    unassigned: int
    mine: int
    open: int


class HandOverList(Contract):
    """Open ones: red flags first, then who waits longest; closed ones: newest first, by `next_cursor`."""

    items: tuple[HandOverLine, ...]
    counts: HandOverCounts
    next_cursor: str | None


class HandOverEntry(Contract):
    """What happened beside the messages: who took, gave, released or closed, and internal notes."""

    id: UUID
    kind: Literal["handed_over", "taken", "given", "released", "given_back", "closed", "note"]
    author: Colleague | None
    receiver: Colleague | None
    reason: Reason | None
    text: Personal | None
    at: datetime


class Looker(Contract):
    """Somebody else who has the conversation on the screen."""

    colleague: Colleague
    is_typing: bool


class HandOver(Contract):
    """A conversation as those who answer it see it, without its messages (`HandOvers.messages`)."""

    line: HandOverLine
    name: Personal | None
    """The member's, or what an unknown person calls themselves."""
    birth_date: date | None
    plan_name: str | None
    phone: Personal | None
    window_ends_at: datetime | None
    """Until then the channel takes free text; None where the person never wrote."""
    entries: tuple[HandOverEntry, ...]
    """Oldest first."""
    alerts: tuple[UUID, ...]
    """Triage tasks that no nurse has taken yet."""
    others: tuple[Looker, ...]


class HandOvers(Protocol):
    """The live inbox of the staff: conversations that people answer. One person at a time holds a conversation, and
    only they write in it. All need `conversation:read`; what changes something needs `message:send`."""

    async def list(self, caller: Caller, view: HandOverView, cursor: str | None) -> HandOverList:
        """At most 200 open ones or 50 closed ones."""
        ...

    async def find(self, caller: Caller, words: Personal) -> tuple[HandOverLine, ...]:
        """The conversations of the member with exactly that card number, CPF or protocol, whoever answers them."""
        ...

    async def open(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        """Look at a conversation; leaves an access record, one for as long as the look lasts (`show`).

        Raises `NotFound` `chat.no_such_conversation`.
        """
        ...

    async def messages(self, caller: Caller, conversation_id: ConversationId, cursor: str | None) -> Page[Message]:
        """Fifty messages, newest first; `next_cursor` leads to older ones. Leaves a record as `open` does."""
        ...

    async def assign(
        self,
        caller: Caller,
        conversation_id: ConversationId,
        to: PrincipalId | None,
        expected: PrincipalId | None,
    ) -> HandOver:
        """Take, give or (None) release, where `expected` holds it now; the assistant is silent from then on.

        Raises `Conflict` `chat.holder_changed` (details: `holder`), `Invalid` `chat.cannot_answer` for a receiver who
        may not write to members.
        """
        ...

    async def give_back(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        """The assistant answers again. Raises `Conflict` `chat.holder_changed`, `chat.alert_open`."""
        ...

    async def close(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        """The matter is done; the assistant answers what comes next. Raises like `give_back`."""
        ...

    async def note(self, caller: Caller, conversation_id: ConversationId, text: Personal) -> HandOverEntry:
        """An internal note: never sent, sealed under the person's key. Raises `Invalid` `chat.text_refused`."""
        ...

    async def show(self, caller: Caller, conversation_id: ConversationId, *, is_typing: bool) -> tuple[Looker, ...]:
        """Say that the conversation is on the caller's screen, every five seconds; answers who else looks at it."""
        ...

    async def colleagues(self, caller: Caller) -> tuple[Colleague, ...]:
        """Who may be given a conversation, by name."""
        ...


def holder_changed(holder: UUID | None) -> Conflict:
    return Conflict("chat.holder_changed", "somebody else holds this conversation now", holder=holder)


def alert_open() -> Conflict:
    return Conflict("chat.alert_open", "a red flag of this conversation waits for a nurse; take it first")


def cannot_answer() -> Invalid:
    return Invalid("chat.cannot_answer", "nobody of the staff with this id may write to members")
