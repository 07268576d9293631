"""The words of the dialogue: what it remembers, what it hears, what it may ask to be done."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from austa.kernel.contracts import Contract
from austa.kernel.ids import DocumentId, MemberId, RequestId
from austa.modules.chat.api.satisfaction import Door
from austa.modules.chat.domain.flows import FlowName, Step, Wish, carried_over
from austa.modules.chat.domain.texts import Say
from austa.modules.language.api.language import (
    AdviceKind,
    Intent,
    Level,
    RedFlags,
    ReplyKind,
    TriageQuestion,
    TriageState,
)
from austa.modules.privacy.api import ConsentPurpose

HandOverReason = Literal[
    "asked", "not_understood", "consent_refused", "unlinked", "distress", "symptoms", "appointment", "complaint"
]


class Draft(Contract):
    """A request in the making. `asked_at` is when the first message that asked was sent: legal terms run from it."""

    asked_at: datetime
    wished_tuss: tuple[str, ...] = ()
    """Codes that the member's own words may mean."""
    documents: tuple[DocumentId, ...] = ()
    tuss_confirmed: tuple[str, ...] = ()
    """Codes of what the member wrote when asked for the name."""
    requester_confirmed: bool | None = None
    for_member_confirmed: bool = False
    offered: RequestId | None = None
    """The request waiting for papers that we asked about."""
    adds_to: RequestId | None = None
    """The same, once the member said that these papers are for it."""
    is_new: bool = False
    """The member said that these papers are not for the pending request."""

    of: MemberId | None = None
    """Whose papers these are, once that was sure."""

    @property
    def has_papers(self) -> bool:
        """Whether it holds anything that is one person's alone."""
        return bool(self.documents or self.tuss_confirmed)


class PersonServed(Contract):
    """Somebody about whom this phone may be told. `by`: who was verified for them; themselves, or their guardian."""

    member_id: MemberId
    first_name: str
    by: MemberId


class InterviewNotes(Contract):
    """What an interview gathers for the nurse, beside what `language` keeps. `asked`: its questions, in order."""

    told: str = ""
    """The complaint, from before the interview could begin."""
    who: str = ""
    since: str = ""
    strength: str = ""
    asked: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    level: str = ""


class AppointmentWish(Contract):
    """What appointment is wanted, in the member's words."""

    specialty: str = ""
    place: str = ""
    time: str = ""


class ShownText(Contract):
    """A text that a person was asked to agree to, as it was worded when they saw it."""

    purpose: ConsentPurpose
    version: int


class DialogueState(Contract):
    """What a conversation remembers between turns."""

    consent: Literal["unknown", "asked", "given", "refused"] = "unknown"
    shown: tuple[ShownText, ...] = ()
    """What the question for consent showed: a yes is to these versions, whatever was published since."""
    awaiting: Step | None = None
    """The step whose question is open; `flow` and `flow_version` are those that asked it."""
    flow: FlowName | None = None
    flow_version: int = 0
    wish: Wish | None = None
    later: tuple[Wish, ...] = ()
    """What else was asked for, in order: taken up when the wish is done."""
    code_id: str | None = None
    code_tries: int = 0
    draft: Draft | None = None
    waiting_files: int = 0
    misunderstood: int = 0
    handed_over: bool = False
    opted_out: bool = False
    heard_at: datetime | None = None
    """When the newest message that took its turn was sent."""
    protocol: str | None = None
    """Of the contact under way (RN ANS 623/2024)."""
    is_protocol_told: bool = False
    chosen: PersonServed | None = None
    """For whom the conversation goes, and whether that is sure in this contact."""
    is_chosen_now: bool = False
    several: bool = False
    """The phone serves several: what is told says of whom it is."""
    is_for_other: bool = False
    """The member spoke of somebody else."""
    offered: tuple[PersonServed, ...] = ()
    set_aside: tuple[Draft, ...] = ()
    """Drafts of others, until they are chosen again."""
    interview: TriageState | None = None
    notes: InterviewNotes = InterviewNotes()
    appointment: AppointmentWish = AppointmentWish()
    is_stale: bool = False
    """The draft lay open so long that the member is asked whether it still holds."""
    rating: int | None = None
    """What was given, while a sentence may follow."""
    code_starts: tuple[datetime, ...] = ()
    """When codes were asked for within a day; nothing but time resets them."""

    @classmethod
    def resumed(cls, stored: str) -> Self:
        """A stored state, whichever version wrote it."""
        return cls.read(json.dumps(carried_over(json.loads(stored))))


@dataclass(frozen=True)
class Known:
    """Facts around the turn."""

    now: datetime
    member_id: MemberId | None
    """Whom the phone spoke for last."""
    first_contact: Say
    """The notice of the first contact and the question for consent."""
    previous_at: datetime | None = None
    """When anybody last said something before this turn."""
    attended: bool = False
    """A person of the staff wrote within the last day."""
    alarmed: bool = False
    """A red flag was raised within the last half hour."""
    quiet: bool = False
    """Somebody dangerous may read along: only what the member writes is answered."""
    first_texts: tuple[ShownText, ...] = ()
    """The texts that `first_contact` shows."""
    protocol: str | None = None
    """The number of the contact that this turn begins."""
    linked: tuple[MemberId, ...] = ()
    """All who were verified on this phone, not too long ago, the newest verification first."""

    def with_link(self, member_id: MemberId) -> "Known":
        """The same after somebody was verified in this turn."""
        return replace(self, member_id=member_id, linked=(member_id, *self.linked))


@dataclass(frozen=True)
class Heard:
    """What a person wrote, tapped or sent."""

    kind: str
    text: str | None
    button: str | None
    sent_at: datetime
    intents: tuple[Intent, ...] = ()
    numbers: tuple[str, ...] = ()
    """CPFs and card numbers in the text, digits only."""
    code: str | None = None
    tuss: tuple[str, ...] = ()
    """All codes that the words may mean."""
    named: tuple[str, ...] = ()
    """The best code for each procedure that the words name."""
    has_file: bool = False
    is_answered: bool = False
    """The red-flag layer answers it: the dialogue takes note and keeps silent."""
    raised: RedFlags | None = None
    """What only the second reader found urgent; answered like a red flag when the turn is recorded."""
    is_distressed: bool = False
    """It sounds so upset that a person is offered beside whatever is said."""
    transcript: str | None = None
    """The text, where it was spoken and not written."""
    is_for_other: bool = False
    """It names a person who is not the writer ("minha mãe")."""
    is_switch: bool = False
    """It says nothing but that."""
    told_since: str = ""
    """Since when a complaint is there, in its own words."""
    told_strength: str = ""
    specialty: str = ""
    """The specialty that it names."""


@dataclass(frozen=True)
class AddressChanged:
    """The phone or user id may belong to another person now. `is_same_phone`: the account was set up anew on it."""

    is_same_phone: bool


@dataclass(frozen=True)
class DocumentArrived:
    """A file of the conversation was read; `sent_at` is when the member sent it."""

    document_id: DocumentId
    sent_at: datetime


@dataclass(frozen=True)
class FileRefused:
    """A file could not be opened; `why` is a sentence for the person."""

    why: str


@dataclass(frozen=True)
class FileWithdrawn:
    """The member deleted a file that they had sent; None where it lies nowhere. `was_waiting`: the dialogue waited for
    it to be read until now."""

    document_id: DocumentId | None
    was_waiting: bool = False


@dataclass(frozen=True)
class AskRating:
    """Something has ended about which the person may be asked; `door`: what."""

    door: Door


@dataclass(frozen=True)
class ReadLine:
    """One procedure of an order. `tuss` None: not read. `sure`: a decision may rest on it."""

    tuss: str | None
    sure: bool


@dataclass(frozen=True)
class PendingRequest:
    """A request of the member that waits for papers."""

    request_id: RequestId
    protocol: str


@dataclass(frozen=True)
class OrderRead:
    """What the draft's papers say. `legible` False: no procedure could be read on any of them."""

    legible: bool
    lines: tuple[ReadLine, ...] = ()
    requester: str | None = None
    """Council registration as read, for the question ("CRM 123456 de SP")."""
    requester_sure: bool = False
    for_member: bool | None = None
    """Whether card, CPF or name fit the member; None when none could be read."""
    pending: PendingRequest | None = None


@dataclass(frozen=True)
class CodeStarted:
    """A code was sent, or not: the sender is told the same."""

    code_id: str | None


@dataclass(frozen=True)
class CodeChecked:
    """The result of a code. `first_name`: of the member, where it was right."""

    member_id: MemberId | None
    first_name: str = ""


@dataclass(frozen=True)
class InterviewStepped:
    """The interview's next question about danger, or its end: `level` and `signs` for the nurse, `reply` where somebody
    must leave now."""

    state: TriageState
    question: TriageQuestion | None = None
    level: Level | None = None
    signs: tuple[str, ...] = ()
    reply: ReplyKind | AdviceKind = "nurse"
    version: str = ""


@dataclass(frozen=True)
class PeopleFound:
    """Whom this phone may be told about, who was verified last on top. `on_paper`: whose card or CPF the draft's order
    surely shows."""

    people: tuple[PersonServed, ...]
    on_paper: MemberId | None = None


@dataclass(frozen=True)
class StatusesFound:
    """Sentences about the member's requests."""

    sentences: tuple[str, ...]


Input = (
    Heard
    | AddressChanged
    | DocumentArrived
    | OrderRead
    | FileRefused
    | FileWithdrawn
    | AskRating
    | CodeStarted
    | CodeChecked
    | InterviewStepped
    | PeopleFound
    | StatusesFound
)


@dataclass(frozen=True)
class GiveConsent:
    """Record the consent that was just given, to these texts."""

    shown: tuple[ShownText, ...]


@dataclass(frozen=True)
class RevokeConsent:
    """Take it back, at once."""


@dataclass(frozen=True)
class StartCode:
    """Look the person up and send a code; answer with `CodeStarted`."""

    digits: str


@dataclass(frozen=True)
class CheckCode:
    """Check the code; answer with `CodeChecked`."""

    code_id: str
    code: str


@dataclass(frozen=True)
class BeginInterview:
    """Begin about this complaint; answer with `InterviewStepped`."""

    text: str


@dataclass(frozen=True)
class ContinueInterview:
    """Go on with an answer, tapped or typed; answer with `InterviewStepped`."""

    answer: str
    typed: bool = False


@dataclass(frozen=True)
class RaiseAlarm:
    """The interview found danger: reply at once, and a nurse's task."""

    level: Level | None
    reply: ReplyKind | AdviceKind
    signs: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class FindPeople:
    """See whom this phone may be told about; answer with `PeopleFound`."""


@dataclass(frozen=True)
class Choose:
    """The conversation goes for that member from now on."""

    member_id: MemberId


@dataclass(frozen=True)
class TellStatuses:
    """Look up the member's requests; answer with `StatusesFound`."""


@dataclass(frozen=True)
class LookAtOrder:
    """See what the draft's documents say; answer with `OrderRead`."""


@dataclass(frozen=True)
class Submit:
    """Ask `prior_auth` for the drafted request, or add the draft's papers to the request that waits for them."""

    draft: Draft


@dataclass(frozen=True)
class HandOver:
    """A person goes on. `summary`: what they should know first, for their eyes."""

    reason: HandOverReason
    summary: str = ""


@dataclass(frozen=True)
class RatingAsked:
    """Remember that the person was asked."""

    door: Door


@dataclass(frozen=True)
class Rated:
    """Count the answer, 1 to 5."""

    rating: int


Action = (
    GiveConsent
    | RevokeConsent
    | StartCode
    | CheckCode
    | BeginInterview
    | ContinueInterview
    | RaiseAlarm
    | FindPeople
    | Choose
    | TellStatuses
    | LookAtOrder
    | Submit
    | HandOver
    | RatingAsked
    | Rated
)


@dataclass(frozen=True)
class Turn:
    """What comes of an input. Actions that answer (`StartCode`, `CheckCode`, `FindPeople`,
    `BeginInterview`, `ContinueInterview`, `TellStatuses`, `LookAtOrder`) come at most once, and last."""

    state: DialogueState
    says: tuple[Say, ...] = ()
    actions: tuple[Action, ...] = ()
    is_done: bool = False
    """The wish was granted or given to people: what else was asked for comes next. Never seen outside the dialogue."""
