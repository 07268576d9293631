"""The door of `chat`: webhooks in, conversations, staff messages, triage tasks, channel identities."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from austa.kernel.ids import ConversationId, DocumentId, MemberId, OperatorId, PrincipalId
from austa.kernel.personal import Personal

Direction = Literal["in", "out"]
IdentityKind = Literal["wa_id", "bsuid", "username"]


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


class Colleague(Contract):
    """A person of the staff, as a conversation names them."""

    id: PrincipalId
    name: Personal


Post = Literal["nurse", "on_call"]
"""`nurse`: watches the alerts on the screen; `on_call`: is reached by telephone."""


class Shift(Contract):
    """Who has a post when: each week on a weekday (0 is Monday), or on one day. `is_absent`: not on that day.

    A shift that ends when or before it starts ends on the next day. `phone` is E.164.
    """

    post: Post
    person: PrincipalId
    name: Personal
    phone: Personal | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    day: date | None = None
    starts: time
    ends: time
    is_absent: bool = False


class EscalationStep(Contract):
    """Whose turn it is, and how many seconds they have for an emergency and for what is urgent."""

    post: Post
    red_s: Annotated[int, Field(ge=15, le=3600)]
    orange_s: Annotated[int, Field(ge=15, le=3600)]


class Roster(Contract):
    """The duty roster of an operator."""

    shifts: Annotated[tuple[Shift, ...], Field(max_length=500)]
    steps: Annotated[tuple[EscalationStep, ...], Field(min_length=1, max_length=10)]
    time_zone: str = "America/Sao_Paulo"
    """IANA name; set when it is saved."""


class DutyGap(Contract):
    """Hours of a usual week in which nobody has a post."""

    weekday: int
    starts: time
    until_weekday: int
    ends: time


class DutyNow(Contract):
    """Who has a post now, and when in a usual week nobody has."""

    post: Post
    people: tuple[Colleague, ...]
    gaps: tuple[DutyGap, ...]


class DutyRoster(Contract):
    """The roster in force. Version 0: none was written yet, the alerts are everybody's."""

    version: int
    roster: Roster
    now: tuple[DutyNow, ...]
    changed_by: Colleague | None
    changed_at: datetime | None


class Duty(Protocol):
    """The duty roster of the caller's operator."""

    async def roster(self, caller: Caller) -> DutyRoster:
        """The roster in force and who is on duty now (`triage_task:read`)."""
        ...

    async def save(self, caller: Caller, roster: Roster, version: int) -> DutyRoster:
        """A new word of it (`duty:change`); all earlier ones are kept. `version` is the one it changes.

        Raises `Invalid` `chat.roster_wrong` (details: `field`), `Conflict` `chat.roster_changed`.
        """
        ...


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


HandOverView = Literal["unassigned", "mine", "open", "closed"]
"""`open`: all that people answer now; `unassigned` and `mine` are parts of it."""

Reason = Literal[
    "asked", "not_understood", "consent_refused", "unlinked", "distress", "symptoms", "appointment", "staff"
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


class CannedAnswer(Contract):
    """An answer of the operator's own for what people ask often. `text` holds placeholders and no word of a person."""

    id: UUID
    title: str
    text: str


class CannedAnswers(Protocol):
    """The canned answers of the caller's operator."""

    async def list(self, caller: Caller) -> tuple[CannedAnswer, ...]:
        """Those in use, by title (`message:send` or `canned_answer:change`)."""
        ...

    async def save(self, caller: Caller, answer: CannedAnswer) -> CannedAnswer:
        """Make or change one (`canned_answer:change`). Idempotent by its id.

        Raises `Invalid` `chat.title_refused`, `chat.text_refused` (over 1,000 characters), `chat.placeholder_unknown`.
        """
        ...

    async def end(self, caller: Caller, answer_id: UUID) -> None:
        """Offer it no more. Idempotent."""
        ...


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


def holder_changed(holder: UUID | None) -> Conflict:
    return Conflict("chat.holder_changed", "somebody else holds this conversation now", holder=holder)


def alert_open() -> Conflict:
    return Conflict("chat.alert_open", "a red flag of this conversation waits for a nurse; take it first")


def window_closed() -> Conflict:
    return Conflict("chat.window_closed", "24 hours after the person wrote the channel takes no free text; call them")


def roster_changed() -> Conflict:
    return Conflict("chat.roster_changed", "somebody else changed the roster meanwhile; read it again")


def cannot_answer() -> Invalid:
    return Invalid("chat.cannot_answer", "nobody of the staff with this id may write to members")


def unknown_number() -> NotFound:
    return NotFound("chat.unknown_number", "no operator has this number")


def text_refused() -> Invalid:
    return Invalid("chat.text_refused", "a message needs between 1 and 4096 characters")


def bad_signature() -> Unauthenticated:
    return Unauthenticated("chat.bad_signature", "the signature does not fit the body")


def foreign_number() -> Forbidden:
    return Forbidden("chat.foreign_number", "the payload names a number of another operator")
