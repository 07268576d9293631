"""The door of `members`: people, cards, contracts, and what eligibility needs to know of them on a day."""

from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Invalid, NotFound, Unauthenticated
from austa.kernel.ids import ContractId, MemberId, ProviderId, SubjectId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal

Sex = Literal["F", "M", "unknown"]
"""As registered with the operator (SIB). Never a reason to refuse: a conflict asks a person."""

Relation = Literal["holder", "dependent"]

Segmentation = Literal[
    "outpatient",
    "hospital_without_obstetrics",
    "hospital_with_obstetrics",
    "outpatient_hospital",
    "outpatient_hospital_obstetrics",
    "dental",
    "reference",
]
"""RN ANS 465/2021: what kinds of care the contract covers."""

CoverageArea = Literal["national", "state_group", "state", "municipality_group", "municipality"]

WaitingKind = Literal["urgency", "birth", "other"]
"""The waiting periods of Lei 9.656/98, art. 12, V."""

ContractStatus = Literal["active", "suspended", "cancelled"]

StatusReason = Literal["default", "request", "fraud", "other"]
"""Why a contract is suspended or cancelled. `default` (inadimplência) stands only on the proof of RN ANS 593/2023."""

WaitingWaiver = Literal["portability", "collective", "newborn"]
"""Why nobody waits: portability (RN ANS 438/2018), a collective contract of 30 lives or more, a child enrolled within
30 days of birth (Lei 9.656/98, art. 12, III)."""


class WaitingPeriod(Contract):
    """How long one kind of care waits. `ends_on` is the first day on which it is covered."""

    kind: WaitingKind
    ends_on: date
    clause: str


class PreexistingRestriction(Contract):
    """A declared disease or lesion (DLP) under partial temporary coverage (CPT, RN ANS 558/2022), 24 months at most.

    Whether a procedure is related to it is a clinical judgement: the restriction only ever routes to a physician.
    """

    declared: Personal
    cids: tuple[str, ...]
    ends_on: date


class EligibilityFacts(Contract):
    """What was true of a member on a day, as it was known at a moment. Dates of care are local dates.

    `known_at` is None only in facts kept by versions that knew one time. `status_since` and what follows tell of the
    status: for `default`, how many instalments were unpaid and when the holder was notified.

    `excluded_on` and every `ends_on` are the first day on which it no longer holds. `contract_started_on` is when
    the coverage of this person began, which for a dependant who joined later is not when the contract began.
    """

    member_id: MemberId
    on: date
    card_valid_until: date | None
    sex: Sex
    birth_date: date
    deceased_on: date | None
    excluded_on: date | None
    contract_id: ContractId
    contract_status: ContractStatus
    contract_started_on: date
    plan_name: str
    segmentation: Segmentation
    coverage_area: CoverageArea
    coverage_states: tuple[str, ...]
    waiting_periods: tuple[WaitingPeriod, ...]
    restrictions: tuple[PreexistingRestriction, ...]
    is_synthetic: bool
    known_at: datetime | None = None
    card_end: str = ""
    relation: Relation = "holder"
    contract_ended_on: date | None = None
    status_since: date | None = None
    status_reason: StatusReason | None = None
    unpaid_instalments: int | None = None
    default_notified_on: date | None = None
    waiting_waived: WaitingWaiver | None = None
    coverage_cities: tuple[str, ...] = ()


class Told(Contract):
    """One thing that was told of a member or of their contract: on which days it holds, and when we believed it.

    `known_until` is set once a later word took its place. What is health data is not repeated in `content`.
    """

    aspect: str
    valid_from: date
    valid_until: date | None
    known_from: datetime
    known_until: datetime | None
    content: dict[str, str | int | bool | tuple[str, ...] | None]


class Member(Contract):
    """A person on a contract. `holder_id` is set for dependants, `guardian_id` for minors and the incapable."""

    id: MemberId
    name: Personal
    birth_date: date
    sex: Sex
    cpf: Personal | None
    cns: Personal | None
    card_number: Personal
    card_end: str
    """The last four digits of the card: what a list may show."""
    relation: Relation
    holder_id: MemberId | None
    guardian_id: MemberId | None
    contract_id: ContractId
    plan_name: str
    contract_started_on: date
    phones: tuple[Personal, ...]
    emails: tuple[Personal, ...]
    is_synthetic: bool


class MemberSummary(Contract):
    """What a list may show before the record is opened."""

    id: MemberId
    initials: str
    card_end: str


class Served(Contract):
    """Somebody about whom a verified person may be told: they themselves (`by` is their own id), or a child whom they
    represent."""

    member_id: MemberId
    first_name: Personal
    by: MemberId


class ConfirmedMember(Contract):
    """Who somebody with a card and a date of birth is, for the desk of a provider: enough to see that it is the person
    in front of one, and no more. `shown_name` is the first name and initials."""

    member_id: MemberId
    shown_name: Personal
    card_end: str


class StartedVerification(Contract):
    """A one-time code that was made for a member. The caller sends it to `contact`; the sender sees only the mask.

    The code exists here and at the recipient; it is never in an event or a log.
    """

    code_id: str
    member_id: MemberId
    code: Personal
    channel: Literal["sms", "email"]
    contact: Personal
    masked_contact: str


class StartedSignIn(Contract):
    """A code may be on its way. The answer is the same, and so is its time, where nobody has that number and date."""

    code_id: UUID


class MemberAtHome(Contract):
    """A member who signed in, as their own page greets them. `people`: about whom they may be told."""

    member_id: MemberId
    first_name: Personal
    operator_name: str
    people: tuple[Served, ...]
    expires_at: datetime


class SignedInAsMember(Contract):
    """A fresh session and its secret, for the cookie alone."""

    home: MemberAtHome
    token: Personal


class NewContract(Contract):
    """A contract as an operator's system knows it; `number` is its key. `ended_on` is the first day not covered.

    `valid_from`: since when plan, area and status are as told here. None: since the contract began, where it is new,
    and from the day of telling, where something changed. A day in the past corrects what was believed of it.
    """

    number: str
    plan_name: str
    ans_product: str | None
    segmentation: Segmentation
    coverage_area: CoverageArea
    coverage_states: tuple[str, ...]
    status: ContractStatus
    started_on: date
    ended_on: date | None
    waiting_periods: tuple[WaitingPeriod, ...]
    valid_from: date | None = None
    status_reason: StatusReason | None = None
    unpaid_instalments: int | None = None
    default_notified_on: date | None = None
    waiting_waived: WaitingWaiver | None = None
    coverage_cities: tuple[str, ...] = ()
    """Municipalities, where the area is one or several of them."""


class NewMember(Contract):
    """A member as an operator's system knows them; `card_number` is the key.

    `excluded_on` is the first day not covered.
    `waiting_periods` are this person's own, counted from joining; None where those of the contract hold;
    `waiting_waived` says why there are none. `valid_from`: since when contract, relation and relatives are as told.
    """

    contract_number: str
    card_number: Personal
    card_valid_until: date | None
    name: Personal
    birth_date: date
    sex: Sex
    cpf: Personal | None
    cns: Personal | None
    relation: Relation
    holder_card: Personal | None
    guardian_card: Personal | None
    joined_on: date
    excluded_on: date | None
    phones: tuple[Personal, ...]
    emails: tuple[Personal, ...]
    restrictions: tuple[PreexistingRestriction, ...] | None
    """None where the sender knows nothing of them: what is recorded stays."""
    is_synthetic: bool = False
    deceased_on: date | None = None
    waiting_periods: tuple[WaitingPeriod, ...] | None = None
    waiting_waived: WaitingWaiver | None = None
    valid_from: date | None = None


class Members(Protocol):
    """People of the caller's operator; another operator's answer `NotFound`."""

    async def get(self, caller: Caller, member_id: MemberId) -> Member:
        """The whole record. Raises `NotFound` `members.no_such_member`."""
        ...

    async def summaries(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, MemberSummary]:
        """Initials and card end of those members, for lists."""
        ...

    async def search(self, caller: Caller, words: str, cursor: str | None, limit: int) -> Page[MemberSummary]:
        """By whole card number, CPF, or parts of the name (accents do not matter)."""
        ...

    async def find_by_document(self, caller: Caller, digits: str) -> MemberId | None:
        """The member whose CPF or card number is exactly that."""
        ...

    async def eligibility_facts(
        self, caller: Caller, member_id: MemberId, on: date, known_at: datetime | None = None
    ) -> EligibilityFacts:
        """What was true on that day, as it was known at that moment (now, where none is named).

        Raises `NotFound` `members.no_such_member`, `members.not_known_then`.
        """
        ...

    async def told(self, caller: Caller, member_id: MemberId) -> tuple[Told, ...]:
        """All that was ever told of the member and of their contracts, the newest word first. Staff only; the look is
        written down. Raises `NotFound` `members.no_such_member`."""
        ...

    async def subject(self, caller: Caller, member_id: MemberId) -> SubjectId:
        """Under whose keys this member's data lies."""
        ...

    async def start_verification(
        self, caller: Caller, key: str, digits: str, birth_date: date | None = None
    ) -> StartedVerification | None:
        """Make a one-time code for the member with that CPF or card, to a contact on the contract; where a date of
        birth is named, only if it is theirs.

        The same `key` gets the same code again while it lives (a repeated handler sends no second one).

        None when nobody has that number or no contact is known: the sender is told the same in all cases.
        """
        ...

    async def get_verification(self, caller: Caller, code_id: UUID) -> StartedVerification | None:
        """The code that was made, for whoever sends it; system callers only. None once it is of no use."""
        ...

    async def check_verification(self, caller: Caller, key: str, code_id: str, code: str) -> MemberId | None:
        """The member, when the code is right, fresh and not used; None otherwise. The same `key`, the same answer."""
        ...

    async def served(self, caller: Caller, member_ids: tuple[MemberId, ...], on: date) -> tuple[Served, ...]:
        """Those members, and the children under 16 whose guardian one of them is, on that day.

        Código Civil, arts. 3 and 4: until 16 represented, then assisted, so a code of their own is needed. Being the
        holder of the contract opens nobody's data. Unknown, erased and deceased ones are left out.
        """
        ...

    async def confirm(self, caller: Caller, digits: str, birth_date: date) -> ConfirmedMember:
        """The member with that card number or CPF who was born on that day, for a clerk (`member:confirm`).

        Raises `NotFound` `members.not_confirmed`, which never says what was wrong, `Invalid` `members.bad_document`,
        and `TooMany` `members.confirmations_paused` after ten wrong pairs in a quarter of an hour.
        """
        ...

    async def is_confirmed(self, caller: Caller, provider_id: ProviderId, member_id: MemberId) -> bool:
        """Whether a clerk of that provider confirmed this person within the last day."""
        ...

    async def confirmed(
        self, caller: Caller, provider_id: ProviderId, member_ids: tuple[MemberId, ...]
    ) -> dict[MemberId, ConfirmedMember]:
        """Those of the members whom clerks of that provider ever confirmed, as they saw them then: for its lists."""
        ...

    async def save(
        self, caller: Caller, contracts: tuple[NewContract, ...], people: tuple[NewMember, ...]
    ) -> ImportReport:
        """Create or update contracts, then people, in one transaction; the import and ERP door. Idempotent."""
        ...

    async def import_csv(
        self, caller: Caller, contracts: str | None, people: str | None, *, dry_run: bool
    ) -> ImportReport:
        """The same from CSV texts (columns in the module's README); a dry run writes nothing."""
        ...


class MemberSignIn(Protocol):
    """How members enter their own page. `operator` is the registry at ANS; None where the installation has only one.
    `address` is the network address of who asks."""

    async def start(self, operator: str | None, number: Personal, birth_date: date, address: str) -> StartedSignIn:
        """Send a code to the member with that card number or CPF who was born on that day.

        Raises `NotFound` `members.no_such_operator` and `TooMany` `members.sign_in_paused`, which comes to unknown
        numbers just so.
        """
        ...

    async def finish(self, operator: str | None, code_id: UUID, code: Personal, address: str) -> SignedInAsMember:
        """Begin a session with the code. Raises `Unauthenticated` `members.code_refused`, which never says why, and
        the same as `start`."""
        ...

    async def home(self, credential: str) -> MemberAtHome:
        """Who signed in with that token. Raises `Unauthenticated`."""
        ...

    async def sign_out(self, credential: str) -> None:
        """End the session. Idempotent."""
        ...


def code_refused() -> Unauthenticated:
    return Unauthenticated("members.code_refused", "this code is wrong, used, too old or tried too often")


def no_such_operator() -> NotFound:
    return NotFound("members.no_such_operator", "no operator of this installation has that registry; name one")


def no_such_member() -> NotFound:
    return NotFound("members.no_such_member", "no member of this operator has that id")


def not_confirmed() -> NotFound:
    return NotFound("members.not_confirmed", "no member has this number and this date of birth")


def not_known_then() -> NotFound:
    return NotFound("members.not_known_then", "at that moment nothing was known of this member")


def bad_document() -> Invalid:
    return Invalid("members.bad_document", "neither a CPF with right check digits nor a card number")
