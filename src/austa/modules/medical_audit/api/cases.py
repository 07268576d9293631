"""The door of `medical_audit`: the queue, the case, opinions, contacts with requesters, the release of decisions.

Two acts are kept apart: the *technical opinion* (parecer) of a physician, and the *decision*, the operator's act
that a person with the power releases (Código de Ética Médica, art. 97; domain-br 1.2).
"""

from datetime import date, datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import CaseId, DecisionId, DocumentId, RequestId
from austa.kernel.personal import Personal
from austa.modules.members.api import Member, MemberSummary
from austa.modules.prior_auth.api.requests import Ground, Outcome, Queue, RequestView
from austa.modules.providers.api import Provider

Urgency = Literal["RED", "ORANGE", "YELLOW", "GREEN", "BLUE"]
"""Legal time left, 1 to 5 (`domain.term.time_left`); not a clinical triage level."""

CaseState = Literal["open", "waiting_information", "releasing", "closed"]
View = Literal["all", "urgent", "mine", "due_today", "manual", "closed"]
OpinionKind = Literal["favourable", "favourable_in_part", "needs_information", "unfavourable"]
ReleaseState = Literal["releasing", "undone", "recording", "recorded", "refused", "sealed"]
ContactWith = Literal["requester", "provider", "member"]
ContactChannel = Literal["phone", "video", "in_person", "email", "message"]

LONGEST_TEXT = 20_000


def _words(text: Personal) -> Personal:
    if not 0 < len(text.reveal().strip()) <= LONGEST_TEXT:
        raise ValueError(f"say something, in at most {LONGEST_TEXT} characters")
    return text


Words = Annotated[Personal, AfterValidator(_words)]
"""What a person wrote about somebody's care: not blank, at most `LONGEST_TEXT` characters."""


class RouteReason(Contract):
    """Why a case needs a person: the rule's id, a few words for a chip, and its sentence, both Portuguese."""

    code: str
    label: str
    text: str


class Assignee(Contract):
    """A staff person, as named on a screen."""

    id: str
    name: Personal


class LastEvent(Contract):
    """What happened last, for the queue."""

    type: str
    at: datetime


class CaseLine(Contract):
    """One line of the queue. `business_days_left` is None where no term is counted in days: the answer is due at once,
    care was given already (`post_facto`), or the case is closed. `overdue` of a closed case: it was answered late."""

    id: CaseId
    number: str
    request_id: RequestId
    protocol: str
    urgency: Urgency
    state: CaseState
    queue: Queue
    post_facto: bool
    route_reasons: tuple[RouteReason, ...]
    member: MemberSummary
    tuss: str
    procedure: str
    more_items: int
    amount_centavos: int | None
    received_at: datetime
    due_at: datetime
    business_days_left: int | None
    overdue: bool
    assigned_to: Assignee | None
    last_event: LastEvent
    version: int


class CaseCounts(Contract):
    """How many cases each saved view holds for this person."""

    all: int
    urgent: int
    mine: int
    due_today: int
    manual: int
    closed: int


class EvidencePin(Contract):
    """A place in a document that an opinion rests on."""

    document_id: DocumentId
    page: int = Field(ge=1)
    note: Personal | None = None


class OpinionAsked(Contract):
    """An opinion as written."""

    kind: OpinionKind
    text: Words
    evidence: tuple[EvidencePin, ...] = Field((), max_length=40)


class Opinion(Contract):
    """A technical opinion as kept; it is never changed, a later one stands beside it."""

    id: UUID
    author: Assignee
    council: str | None
    kind: OpinionKind
    text: Personal
    evidence: tuple[EvidencePin, ...]
    created_at: datetime


class ContactAsked(Contract):
    """A contact with the requester or another party (CFM 2.448/2025, art. 5)."""

    with_whom: ContactWith
    channel: ContactChannel
    at: AwareDatetime
    summary: Words
    agreed: bool


class Contact(Contract):
    """A documented contact."""

    id: UUID
    with_whom: ContactWith
    channel: ContactChannel
    at: datetime
    summary: Personal
    agreed: bool
    made_by: Assignee


class ForwardAsked(Contract):
    """Why a nurse hands a case on to a physician. `version` is the case's version they saw."""

    reason: Words
    version: int


class ItemApproval(Contract):
    """How much of a line is approved, for an approval in part."""

    position: int
    approved_quantity: int = Field(ge=0, le=999)


class DecisionAsked(Contract):
    """A decision as a person releases it. `version` is the case's version they saw.

    `request_information` needs `missing`: what is asked for, one plain Portuguese line each.
    """

    case_id: CaseId
    outcome: Outcome
    ground: Ground | None = None
    text_to_member: str | None = Field(None, max_length=4000)
    reason_codes: tuple[str, ...] = Field((), max_length=20)
    """Of `reason_codes`."""
    legal_basis: str | None = Field(None, max_length=1000)
    items: tuple[ItemApproval, ...] = Field((), max_length=100)
    missing: tuple[str, ...] = Field((), max_length=20)
    version: int


class ApprovalAsked(Contract):
    """An approval by the request's id: the same act as a decision on its case, whose `version` was seen."""

    request_id: RequestId
    version: int
    text_to_member: str | None = Field(None, max_length=4000)

    def decision(self, case_id: CaseId) -> DecisionAsked:
        """The same as a decision on that case."""
        return DecisionAsked(
            case_id=case_id, outcome="approve", version=self.version, text_to_member=self.text_to_member
        )


class Release(Contract):
    """A released decision on its way: `releasing` while it can be undone, `recording` until `prior_auth` kept it,
    `sealed` when the ledger proves it. Its legal time is the press, `released_at`."""

    id: DecisionId
    outcome: Outcome
    ground: Ground | None
    text_to_member: str | None
    reason_codes: tuple[str, ...]
    legal_basis: str | None
    missing: tuple[str, ...]
    released_by: Assignee
    released_at: datetime
    state: ReleaseState
    undo_seconds: int | None
    """While `releasing`: for how many seconds from this answer on whoever released it may still undo it."""
    refusal: str | None
    """Why it was not kept: `medical_audit.case_changed`, or the code with which `prior_auth` refused it."""
    lacking: tuple[str, ...]
    """What it lacked, as names, where that was the refusal."""


EndedBy = Literal["rule", "order", "person", "cancellation"]
"""Rules that new papers satisfied; a court's order; a person elsewhere; whoever asked gave the request up."""


class CaseEnding(Contract):
    """How a request came to its end without a decision of this case: what did it, who, and when. A cancellation has no
    decision; any other has the one whose receipt tells the rest."""

    by: EndedBy
    person: Personal | None
    """Who released it, registered the order or cancelled; None where rules answered."""
    at: datetime
    decision_id: DecisionId | None
    outcome: Outcome | None
    digest: str | None
    """SHA-256, hex, of the receipt's statement."""


class Groundwork(Contract):
    """What must still be done in the case before such a decision can be released, as names; empty when all is done."""

    outcome: Outcome
    lacking: tuple[str, ...]


class TimelineEntry(Contract):
    """One thing that happened to the case or its request, oldest first. `text` is Portuguese, for staff."""

    at: datetime
    type: str
    text: Personal
    actor: Personal


class CaseView(Contract):
    """Everything the case page shows. `allowed_actions` is what this person may do now.

    `release` is the newest decision while it is on its way, refused or in force; a case that was opened again has none.
    """

    case: CaseLine
    request: RequestView
    member: Member
    provider: Provider | None
    opinions: tuple[Opinion, ...]
    contacts: tuple[Contact, ...]
    release: Release | None
    ending: CaseEnding | None
    """None while the request waits for this case, and where this case's own decision ended it."""
    timeline: tuple[TimelineEntry, ...]
    groundwork: tuple[Groundwork, ...]
    """For each decision against the member that this case can come to, whoever may release it."""
    allowed_actions: tuple[str, ...]


class ReasonCode(Contract):
    """A code of TISS table 38 for what is not approved. `valid_until` is its last day, where ANS has set one."""

    code: str
    text: str
    valid_until: date | None
    in_force: bool


class CaseFilter(Contract):
    """Narrows the queue. `words` is a case number or its end, a protocol, a TUSS code, or a member: name, card, CPF."""

    view: View = "all"
    urgency: Urgency | None = None
    assigned: Literal["me", "none"] | None = None
    words: str | None = Field(None, max_length=60)


class MedicalAudit(Protocol):
    """Cases of the caller's operator."""

    async def queue(self, caller: Caller, wanted: CaseFilter, cursor: str | None, limit: int) -> Page[CaseLine]:
        """Open cases: due at once, then by legal time left, then reviews after care. Closed ones: latest first."""
        ...

    async def counts(self, caller: Caller) -> CaseCounts:
        """How many cases each view holds."""
        ...

    async def get(self, caller: Caller, case_id: CaseId) -> CaseView:
        """The whole case; leaves an access record. Raises `NotFound` `medical_audit.no_such_case`."""
        ...

    async def assign(self, caller: Caller, case_id: CaseId, *, to_me: bool, version: int) -> CaseLine:
        """Take the case or give it back.

        Raises `Conflict` `medical_audit.stale_version`, `medical_audit.case_closed`.
        """
        ...

    async def add_contact(self, caller: Caller, case_id: CaseId, contact: ContactAsked) -> Contact:
        """Document a contact. Raises `Invalid` `medical_audit.contact_in_future`, `Conflict` as `assign`."""
        ...

    async def forward(self, caller: Caller, case_id: CaseId, asked: ForwardAsked) -> CaseLine:
        """Hand a case on from the nurse's review to a physician; nobody has it then.

        Raises `Forbidden` without the power, `Invalid` `medical_audit.not_with_nurse` where it is in another queue,
        `Conflict` `medical_audit.stale_version`, `medical_audit.case_closed`, `medical_audit.release_under_way`,
        `medical_audit.waits_for_answer`.
        """
        ...

    async def write_opinion(self, caller: Caller, case_id: CaseId, opinion: OpinionAsked) -> Opinion:
        """Record an opinion. A nurse only on nursing matters; nobody on an own request (I7): `Forbidden`.

        Raises `Conflict` `medical_audit.case_closed`, `medical_audit.release_under_way`,
        `medical_audit.request_answered`.
        """
        ...

    async def release(self, caller: Caller, key: str, asked: DecisionAsked) -> Release:
        """Release a decision: committed as an intention, then asked of `prior_auth`. Idempotent by (person, key).

        What favours the member or asks a question waits `UNDO` first: nothing leaves, the case is locked, and a change
        of the request cancels the release. What goes against the member is confirmed beforehand and does not wait.

        Raises `Forbidden` without the power or on an own request; `Conflict` `medical_audit.stale_version`,
        `medical_audit.case_closed`, `medical_audit.release_under_way`, `medical_audit.waits_for_answer`,
        `medical_audit.request_answered`, `medical_audit.key_reused`; `Invalid`
        `medical_audit.outcome_not_here`, `medical_audit.decision_incomplete` (details: `lacking`).
        """
        ...

    async def approve(self, caller: Caller, key: str, asked: ApprovalAsked) -> Release:
        """`release` of an approval for who knows the request and not its case: with every check that `release` makes.

        Raises what `release` raises; `NotFound` `medical_audit.no_such_case` where nobody is to decide.
        """
        ...

    async def undo(self, caller: Caller, release_id: DecisionId) -> Release:
        """Take an own release back while it waits; the case is open again. Undoing twice changes nothing.

        Raises `NotFound` `medical_audit.no_such_release`, `Forbidden` `medical_audit.not_your_release`, `Conflict`
        `medical_audit.too_late_to_undo`.
        """
        ...

    async def reason_codes(self, caller: Caller) -> tuple[ReasonCode, ...]:
        """Codes for the decision form, those in force today first."""
        ...


def no_such_case() -> NotFound:
    return NotFound("medical_audit.no_such_case", "no case of this operator has that id")


def no_such_release() -> NotFound:
    return NotFound("medical_audit.no_such_release", "no release of this operator has that id")


def stale_version(seen: int, current: int) -> Conflict:
    return Conflict("medical_audit.stale_version", "the case changed since it was read", seen=seen, current=current)


def not_now(state: CaseState) -> Conflict:
    """Why a case in that state does not take what was asked."""
    match state:
        case "releasing":
            return release_under_way()
        case "waiting_information":
            return Conflict("medical_audit.waits_for_answer", "the case waits for the answer to a question")
        case _:
            return Conflict("medical_audit.case_closed", "the case does not take this any more")


def request_answered() -> Conflict:
    return Conflict(
        "medical_audit.request_answered",
        "the request was answered or given up elsewhere and waits for no opinion or decision; read the case again",
    )


def release_under_way() -> Conflict:
    return Conflict("medical_audit.release_under_way", "another decision of this case is on its way")


def not_your_release() -> Forbidden:
    return Forbidden("medical_audit.not_your_release", "only the person who released it may undo it")


def too_late_to_undo(state: str) -> Conflict:
    return Conflict("medical_audit.too_late_to_undo", "this decision has left already", state=state)


def key_reused() -> Conflict:
    return Conflict("medical_audit.key_reused", "the same key came with another decision before")


def contact_in_future() -> Invalid:
    return Invalid("medical_audit.contact_in_future", "a contact cannot lie in the future")


def not_with_nurse(queue: str) -> Invalid:
    return Invalid("medical_audit.not_with_nurse", "only a nurse's review is handed on to a physician", queue=queue)


def outcome_not_here(outcome: str, queue: str) -> Invalid:
    return Invalid("medical_audit.outcome_not_here", "this case cannot come to that", outcome=outcome, queue=queue)


def decision_incomplete(lacking: tuple[str, ...]) -> Invalid:
    return Invalid("medical_audit.decision_incomplete", "the decision lacks what it must rest on", lacking=lacking)
