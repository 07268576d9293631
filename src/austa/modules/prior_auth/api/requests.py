"""The door of `prior_auth`: ask for care to be authorized, follow the request, release a person's decision.

AUSTA approves by rule, asks for what is missing, or routes to a person. It never denies: a denial or a reduction
is a `ReleasedDecision` that a person with the power released (domain-br 2.6).
"""

from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import AwareDatetime, Field

from austa.kernel.actors import Caller, Role
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import CaseId, DecisionId, DocumentId, MemberId, PrincipalId, ProviderId, RequestId
from austa.kernel.money import Money
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.clocks import AttendanceClock, InternalClock, LegalClock, ServiceClass
from austa.modules.prior_auth.api.guides import Guide, GuideView, Reopening
from austa.modules.prior_auth.api.links import OpenedLink
from austa.modules.prior_auth.api.refunds import Refund

Channel = Literal["whatsapp", "web", "portal", "demo", "api"]
Character = Literal["elective", "urgent"]
"""`caraterAtendimento` of TISS: 1 elective, 2 urgency or emergency."""

Kind = Literal["care", "reimbursement"]
"""`reimbursement` is a non-care request: it never enters the clinical path."""

DocumentKind = Literal["order", "report", "finding", "image", "quote", "consent", "exam", "receipt"]
"""Pedido, relatório, laudo, imagem, orçamento de OPME (one document a maker), consentimento, exame, recibo."""

Laterality = Literal["right", "left", "both"]

OpenState = Literal[
    "RECEIVED",
    "EXTENSION_REQUESTED",
    "ELIGIBILITY_CHECK",
    "ADMIN_REVIEW",
    "PENDING_DOCUMENTS",
    "PENDING_JUSTIFICATION",
    "RULES_EVALUATION",
]
ReviewState = Literal["IN_NURSE_REVIEW", "IN_MEDICAL_AUDIT", "IN_MANUAL_REVIEW", "REQUESTER_CONTACT"]
BoardState = Literal["BOARD_OPENED", "BOARD_TIEBREAKER", "BOARD_OPINION"]
ReopenedState = Literal["REANALYSIS", "REGULATOR_NIP", "COURT_ORDER", "DECISION_READY"]
AnsweredState = Literal["APPROVED", "PARTIALLY_APPROVED", "DENIED", "ISSUED", "EXPIRED", "CANCELLED", "CLOSED"]
State = Literal[OpenState, ReviewState, BoardState, ReopenedState, AnsweredState]
"""States of domain-br 2.7 that are in use. An administrative return, released by a person, is DENIED on
administrative ground; `IN_MANUAL_REVIEW` holds non-care requests, which have no TISS status."""

Queue = Literal["medical", "nurse", "administrative", "manual"]
Path = Literal["AUTO", "PEND", "AUDIT", "ADMIN", "URG"]
"""What an assessment came to. The system has no other: there is no path that denies."""

Outcome = Literal["approve", "approve_in_part", "deny", "request_information", "administrative_return"]
Ground = Literal["clinical", "administrative"]
BoardConclusion = Literal["favourable", "favourable_in_part", "unfavourable"]
CheckOutcome = Literal["pass", "warn", "fail", "unknown"]
PersonCheck = Literal["urgency", "card", "contract", "waiting_period", "preexisting", "segmentation"]
PlaceCheck = Literal["coverage_area", "network", "requester"]
ItemCheck = Literal["duplicate", "quantity", "interval", "coverage_list", "guideline"]
CheckName = Literal[PersonCheck, PlaceCheck, ItemCheck]
Effect = Literal["allow", "ask", "route", "propose", "inform"]
"""What a rule may do: allow approval, ask for papers, route to people, propose an administrative return, inform."""


class AskedItem(Contract):
    """One line of the request. `tuss` is a code of TUSS table 22 (18: daily rates), eight digits as text.

    `provider_id` and `scheduled_at` say where and when this item is (or was) performed, when that is known.
    """

    tuss: str = Field(pattern=r"^\d{8}$")
    table: Literal["22", "18"] = "22"
    description: str = Field("", max_length=300, pattern=r"^[^\x00]*$")
    quantity: int = Field(1, ge=1, le=999)
    laterality: Laterality | None = None
    amount: Money | None = None
    """Total asked for the line."""
    provider_id: ProviderId | None = None
    scheduled_at: AwareDatetime | None = None


class AskedMaterial(Contract):
    """A special material (OPME): what, how many, from whom, at what unit price."""

    description: str = Field(max_length=300)
    """In words, as quoted; the coverage pack recognises its materials by them."""
    quantity: int = Field(ge=1, le=999)
    unit_price: Money | None = None
    maker: str | None = Field(None, max_length=120)
    anvisa_registration: str | None = Field(None, pattern=r"^\d{11}(\d{2})?$")
    """`registroANVISA` of TISS: 11 digits for a device, 13 for a medicine. People see whether it is in force."""


class AttachedDocument(Contract):
    """A paper of the request. Without `document_id` it was seen by the provider or staff person who sends the request;
    members always send the file."""

    kind: DocumentKind
    document_id: DocumentId | None = None


class Requester(Contract):
    """Who ordered the care: a professional of a council (CRM, CRO, COREN, CREFITO, CRP, CRFa, CRN)."""

    name: Personal
    council: str = Field(pattern=r"^[A-Za-z]{2,8}$")
    uf: str = Field(pattern=r"^[A-Z]{2}$")
    number: str = Field(pattern=r"^\d{1,15}$")


class IndicationFact(Contract):
    """One clinical fact in a form that a rule can read. Rules know the names in `rules/coverage.json`,
    such as `trauma`, `positive_examination`, `conservative_care_weeks`; others are kept for people to read."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    value: bool | int | str


class AuthorizationAsked(Contract):
    """A request as it is asked. `asked_at` is when the first message or submission that asked was *sent*: legal terms
    run from there, whatever time passed before we understood it. None: it is sent with this call."""

    member_id: MemberId
    channel: Channel
    asked_at: AwareDatetime | None = None
    character: Character = "elective"
    kind: Kind = "care"
    items: tuple[AskedItem, ...] = Field(min_length=1, max_length=100)
    materials: tuple[AskedMaterial, ...] = Field((), max_length=100)
    cids: tuple[Personal, ...] = Field((), max_length=20)
    indication: Personal | None = None
    facts: tuple[IndicationFact, ...] = Field((), max_length=60)
    requester: Requester | None = None
    provider_id: ProviderId | None = None
    documents: tuple[AttachedDocument, ...] = Field((), max_length=60)
    refund: Refund | None = None
    court_case: str | None = Field(None, pattern=r"^\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}$")
    """Number of the lawsuit (CNJ) whose order is obeyed at once; set by staff or an operator's system only."""
    extends: str | None = Field(None, max_length=20)
    """Number of the guide that this request goes on from (`nrGuiaReferenciada` of TISS)."""
    regulator_complaint: str | None = Field(None, max_length=40)
    """Number of the NIP at ANS; a person answers it."""


class RequestReceipt(Contract):
    """The answer to `request`: the protocol to tell the member at once, and the legal term."""

    request_id: RequestId
    protocol: str
    state: State
    received_at: datetime
    due_at: datetime
    created: bool
    """False when the same key had brought the same request before."""


class EligibilityCheck(Contract):
    """One administrative check of domain-br 2.2, in its order.

    `evidence` are Portuguese lines for staff; `values` the same for programs: ids, days (ISO 8601) and codes by name.
    """

    check: CheckName
    outcome: CheckOutcome
    text: str
    """A Portuguese sentence for staff."""
    tiss_reason: str | None = None
    """TISS table 38."""
    evidence: tuple[str, ...] = ()
    clause: str | None = None
    """The law, norm or contract clause that the check applies."""
    values: dict[str, str] = Field(default_factory=dict)


class RuleFired(Contract):
    """A rule that applied, of that version of its pack or tables, for staff. `row`: the table and its rule, from 1."""

    id: str
    version: str
    effect: Effect
    text: str
    evidence: tuple[str, ...] = ()
    row: str = ""


class FactUsed(Contract):
    """One fact the assessment rested on, and where it came from."""

    name: str
    value: Personal
    source: str


class AdministrativeProposal(Contract):
    """What AUSTA proposes where an administrative check failed. Only a person makes it a decision."""

    reason_codes: tuple[str, ...]
    clause: str
    member_text: str


class ItemView(Contract):
    """One line of a request, with what the coverage pack knows about it and what was decided."""

    position: int
    tuss: str
    table: Literal["22", "18"]
    description: str
    quantity: int
    laterality: Laterality | None
    amount: Money | None
    service_class: ServiceClass
    high_complexity: bool
    approved_quantity: int | None = None


class DocumentView(Contract):
    """A paper of the request."""

    kind: DocumentKind
    document_id: DocumentId | None
    added_at: datetime


class HistoryEntry(Contract):
    """One state change. `actor` is a principal id, `member:<id>` or `system:<role>`."""

    sequence: int
    at: datetime
    actor: str
    transition: str
    state: State
    text: str


class DecisionView(Contract):
    """A decision as kept. `by` is `system` or the principal id of who released it."""

    decision_id: DecisionId
    outcome: Outcome
    ground: Ground | None
    by: str
    at: datetime
    reason_codes: tuple[str, ...]
    legal_basis: str | None
    member_text: str
    guide: Guide | None
    digest: str
    """SHA-256, hex, of the canonical receipt; the ledger commits to it."""


class RequestView(Contract):
    """Everything the case page needs. `version` grows with each state change: send it back with a decision."""

    request_id: RequestId
    member_id: MemberId
    protocol: str
    version: int
    state: State
    tiss_status: int | None
    kind: Kind
    channel: Channel
    character: Character
    received_at: datetime
    due_at: datetime
    clock: LegalClock
    internal_clock: InternalClock
    attendance: AttendanceClock | None
    path: Path | None
    queue: Queue | None
    items: tuple[ItemView, ...]
    materials: tuple[AskedMaterial, ...]
    cids: tuple[Personal, ...]
    indication: Personal | None
    requester: Requester | None
    provider_id: ProviderId | None
    asking_provider_id: ProviderId | None
    """Whose clerk asked, if one did."""
    checks: tuple[EligibilityCheck, ...]
    rules: tuple[RuleFired, ...]
    facts: tuple[FactUsed, ...]
    missing: tuple[str, ...]
    """What was asked of the member or provider, in plain Portuguese; empty when nothing pends."""
    answer_by: datetime | None
    """Until when that is waited for."""
    proposal: AdministrativeProposal | None
    documents: tuple[DocumentView, ...]
    decisions: tuple[DecisionView, ...]
    guides: tuple[GuideView, ...]
    """Oldest first."""
    history: tuple[HistoryEntry, ...]
    reopened: Reopening | None = None
    """Why it was looked at again, where it was; `clock` is that of the new answer then."""


class RequestSummary(Contract):
    """A line of a list. `due_on`: the last day for an answer, on the wall of the operator's zone."""

    request_id: RequestId
    member_id: MemberId
    protocol: str
    kind: Kind
    state: State
    character: Character
    first_tuss: str
    item_count: int
    received_at: datetime
    due_at: datetime
    due_on: date


class RequestFilter(Contract):
    """Narrows a list. `open_only` leaves out what has its final answer; a `guide` may have ended."""

    member_id: MemberId | None = None
    provider_id: ProviderId | None = None
    character: Character | None = None
    protocol: str | None = None
    guide: str | None = None
    received_from: AwareDatetime | None = None
    received_before: AwareDatetime | None = None
    states: tuple[State, ...] = ()
    open_only: bool = False


class RequestStatus(Contract):
    """What a member may be told: no clinical word, never "em análise" as if it were an answer."""

    request_id: RequestId
    protocol: str
    state: State
    tiss_status: int | None
    text: str
    """Plain Portuguese."""
    due_at: datetime
    missing: tuple[str, ...]
    guide_number: str | None
    """Of the guide that may be used now."""
    valid_until: date | None


class OpinionReference(Contract):
    """A technical opinion (*parecer*) of `medical_audit` on which a decision rests."""

    opinion_id: UUID
    author: PrincipalId
    council: str
    uf: str
    number: str
    conclusion: Literal["favourable", "favourable_in_part", "unfavourable", "needs_information"]
    written_at: AwareDatetime


class ContactReference(Contract):
    """A documented contact with the requester (CFM 2.448/2025, art. 5). The summary stays in `medical_audit`."""

    contact_id: UUID
    made_by: PrincipalId
    at: AwareDatetime
    with_requester: bool


class ItemDecision(Contract):
    """What is approved of one line, for `approve_in_part`; lines not named are approved whole."""

    position: int
    approved_quantity: int = Field(ge=0, le=999)


class ReleasedDecision(Contract):
    """A decision that a person released in `medical_audit`. The invariants of domain-br 2.6 are checked again here,
    and the releaser's roles are looked up in `identity`: `releaser_roles` can only narrow them.

    `outcome` other than approval needs `member_text`: plain language, at least `SHORTEST_MEMBER_TEXT` characters.
    `deny` and `approve_in_part` also need reason code, legal basis, evidence, an opinion of a physician who is not the
    requester, and a contact with the requester. `request_information` needs `missing`.
    """

    request_id: RequestId
    decision_id: DecisionId | None = None
    """Where the releasing module has given the decision its id already."""
    expected_version: int
    """`RequestView.version` that the person saw."""
    case_id: CaseId | None
    outcome: Outcome
    ground: Ground | None = None
    released_by: PrincipalId
    releaser_roles: frozenset[Role]
    released_at: AwareDatetime
    items: tuple[ItemDecision, ...] = ()
    reason_codes: tuple[str, ...] = ()
    """TISS table 38, four digits."""
    legal_basis: str | None = None
    """The law, norm or contract clause, in Portuguese."""
    member_text: str | None = None
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    """References to documents, pages or facts: ids, no clear text about the person."""
    opinions: tuple[OpinionReference, ...] = ()
    contacts: tuple[ContactReference, ...] = ()
    earlier_reviewers: tuple[PrincipalId, ...] = ()
    """Who reviewed the same step before (I7)."""


class DecisionRecord(Contract):
    """A decision was kept. For `request_information` there is no guide and the request pends."""

    decision_id: DecisionId
    request_id: RequestId
    outcome: Outcome
    by: str
    at: datetime
    state: State
    guide: Guide | None
    digest: str


SHORTEST_MEMBER_TEXT = 80
"""Fewer characters cannot say reason, ground and the way to a reanalysis (RN ANS 623/2024)."""


class PriorAuth(Protocol):
    """Authorization requests of one operator. What the caller may not see is `NotFound`."""

    async def request(self, caller: Caller, key: str, asked: AuthorizationAsked) -> RequestReceipt:
        """Take a request and issue its protocol. Idempotent by (operator, key).

        Raises `Invalid` for what is impossible (`domain/asking.py`), for a paper that is not the person's
        (`prior_auth.no_such_paper`, `prior_auth.file_missing`) and a person whom the clerk did not confirm
        (`prior_auth.member_not_confirmed`); `Conflict` `prior_auth.key_reused`. Codes nobody knows are no error.
        """
        ...

    async def get(self, caller: Caller, request_id: RequestId) -> RequestView:
        """The whole request; to members and clerks without what is for staff alone (`views.view_outside`).

        Raises `NotFound` `prior_auth.no_such_request`."""
        ...

    async def show(self, caller: Caller, request_id: RequestId) -> RequestView:
        """`get` for a person's eyes: who looks at work leaves a record of it."""
        ...

    async def list(self, caller: Caller, filters: RequestFilter, cursor: str | None = None) -> Page[RequestSummary]:
        """Newest first, 50 a page; a member sees their own, a clerk their provider's."""
        ...

    async def status(self, caller: Caller, request_id: RequestId) -> RequestStatus:
        """What may be told to the member now."""
        ...

    async def add_documents(
        self,
        caller: Caller,
        request_id: RequestId,
        documents: tuple[AttachedDocument, ...],
        facts: tuple[IndicationFact, ...] = (),
        expected_version: int | None = None,
    ) -> RequestStatus:
        """Add papers or structured facts; a pending request is assessed again. A document already there stays once.

        Raises `Conflict` `prior_auth.already_answered`, `prior_auth.stale_version` (changed since that version),
        `Invalid` `prior_auth.no_such_paper`, `prior_auth.file_missing`.
        """
        ...

    async def cancel(
        self, caller: Caller, request_id: RequestId, reason: str, seen: int | None = None, *, and_guide: bool = False
    ) -> RequestStatus:
        """Cancel at the asker's wish. `reason` is one of `CANCEL_REASONS`. Doing it twice changes nothing. While an
        answer is looked at again, a guide that holds ends only where `and_guide` says so. `seen`: the version.

        Raises `Conflict` `prior_auth.guide_would_end`, `prior_auth.transition_refused`, `prior_auth.stale_version`.
        """
        ...

    async def decide(self, caller: Caller, key: str, decision: ReleasedDecision) -> DecisionRecord:
        """Keep a person's decision and issue the guide where it approves more than one that holds. Idempotent by
        (operator, key).

        `caller` is that person, or the system carrying their release. Raises `Forbidden` without the power or for an
        own case, `Invalid` `prior_auth.decision_incomplete` (details: what is missing), `prior_auth.guide_still_valid`
        (it allows less than what holds), `Conflict` `prior_auth.stale_version`, `prior_auth.transition_refused`.
        """
        ...

    async def forward(self, caller: Caller, request_id: RequestId, round_: int, by: PrincipalId) -> RequestStatus:
        """Hand the nurse's review of that round on to a physician, as that person wants. Idempotent by round.
        Raises `Forbidden` without the power, `Conflict` `prior_auth.transition_refused` where it moved on."""
        ...

    async def open_link(self, token: str, birth_date: date) -> OpenedLink:
        """What the member may see behind a link, once the date of birth agrees. Attempts are limited by `identity`."""
        ...


CANCEL_REASONS = ("asked_by_member", "asked_by_requester", "duplicate", "sent_by_mistake", "care_no_longer_needed")
