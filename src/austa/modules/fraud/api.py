"""The door of `fraud`: thirty explainable rules about a request. They say where a person should look, and no more.

A signal may inform, ask or route. It has no value that denies, reduces, proposes or delays care (domain-br 2.6, I4),
and nothing that can end in a denial may import this module (contracts 10 and 11 of `.importlinter`).
"""

from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid, NotFound
from austa.kernel.ids import DocumentId, MemberId, ProviderId, RequestId, SubjectId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal

Severity = Literal["low", "medium", "high"]
Effect = Literal["inform", "ask", "route"]
"""`inform` is shown to those who may see signals and changes no path; `ask` asks the member to confirm; `route` calls a
person. There is no fourth."""

Laterality = Literal["right", "left", "both"]
Sex = Literal["F", "M", "unknown"]
Table = Literal["services", "admissions", "owners", "openings", "devices"]
"""What other systems of the operator know and AUSTA does not: performed services, admissions, who owns which
supplier, opening hours, devices of the portal."""


class Place(Contract):
    """Where an item is performed. Coordinates in millionths of a degree, where they are known."""

    provider_id: ProviderId
    state: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None


class Traits(Contract):
    """What the coverage pack knows of an item, as far as a rule asks."""

    routine: bool = False
    recurring: bool = False
    """Asked again by nature: sessions, cycles, daily rates."""
    imaging: bool = False
    elective_only: bool = False
    special_materials: bool = False
    sex: Literal["F", "M"] | None = None


class ScreenedItem(Contract):
    """One line as asked."""

    tuss: str
    quantity: int
    laterality: Laterality | None = None
    amount_centavos: int | None = None
    place: Place | None = None
    scheduled_at: AwareDatetime | None = None
    traits: Traits | None = None
    """None: the coverage pack does not know the item."""


class EarlierItem(Contract):
    """A line of an earlier request of the same member. `living`: it was not denied, given up or let expire;
    `issued`: a guide is out for it."""

    protocol: str
    tuss: str
    asked_on: date
    laterality: Laterality | None
    living: bool
    issued: bool


class MaterialReference(Contract):
    """A special material as the coverage pack knows it: price, and how many are plausible a segment and beside."""

    description: str
    reference_centavos: int
    per_segment: int
    extra: int
    clause: str


class ScreenedMaterial(Contract):
    """A special material as quoted."""

    quantity: int
    unit_price_centavos: int | None
    maker: str | None
    reference: MaterialReference | None


class IncludedPair(Contract):
    """Two items of the request of which one includes the other, and the sentence that says so."""

    items: tuple[str, str]
    text: str


class ScreenedReceipt(Contract):
    """A receipt for which a refund is asked."""

    number: int
    issued_on: date
    amount_centavos: int
    issuer: Personal


class ScreenedRefund(Contract):
    """A refund that is asked."""

    receipts: tuple[ScreenedReceipt, ...]
    ceiling_centavos: int | None
    account_of: str | None


class ScreenedMember(Contract):
    """Who the request is for. `family_id` is the holder's member id: a family shares telephones, and receipts follow
    each other. `waited_until` is the first day covered where there was a waiting period."""

    member_id: MemberId
    subject_id: SubjectId
    family_id: MemberId
    sex: Sex
    birth_date: date
    deceased_on: date | None
    excluded_on: date | None
    waited_until: date | None


class Registration(Contract):
    """A registration with a professional council."""

    council: str
    uf: str
    number: str


class ScreenedRequester(Contract):
    """Who ordered the care, and what `providers` knows of the registration."""

    registration: Registration
    known: bool
    good_standing: bool


class ScreenedPaper(Contract):
    """A file of the request. `copies_of`: earlier files with the same bytes; `same_photo_as`: earlier ones of other
    people with the same photo, saved anew; `written_by`: the registration that was read from it with certainty;
    `is_order`: whoever asks signed it; `is_pdf`: its bytes may say how it was made."""

    document_id: DocumentId
    is_order: bool = False
    is_pdf: bool = False
    copies_of: tuple[DocumentId, ...] = ()
    same_photo_as: tuple[DocumentId, ...] = ()
    written_by: Registration | None = None


class RequestFacts(Contract):
    """What the rules may look at in a request; the rest they remember themselves. `on` is the local day."""

    request_id: RequestId
    kind: Literal["care", "reimbursement"]
    channel: str
    urgent: bool
    on: date
    zone: str
    member: ScreenedMember
    items: tuple[ScreenedItem, ...]
    materials: tuple[ScreenedMaterial, ...] = ()
    included: tuple[IncludedPair, ...] = ()
    cids: tuple[Personal, ...] = ()
    given: dict[str, bool | int | str] = Field(default_factory=dict)
    requester: ScreenedRequester | None = None
    place: Place | None = None
    papers: tuple[ScreenedPaper, ...] = ()
    earlier: tuple[EarlierItem, ...] = ()
    refund: ScreenedRefund | None = None


class ThresholdUsed(Contract):
    """A number that a rule went by, and where it comes from; without `verified_on` nobody checked it against a text."""

    name: str
    value: int
    unit: str
    source: str
    verified_on: date | None


class Signal(Contract):
    """A rule that found something. `version` is that of the rules as data; `text` is a Portuguese sentence for staff
    who may see signals, and accuses nobody. `other_requests`: where a person may look at what it was compared with."""

    id: str = Field(pattern=r"^R\d\d$")
    version: str
    severity: Severity
    effect: Effect
    text: str
    evidence: tuple[Personal, ...] = ()
    thresholds: tuple[ThresholdUsed, ...] = ()
    other_requests: tuple[RequestId, ...] = ()


class Screening(Contract):
    """What the thirty rules found in a request. `blind` are the rules that could not look, for want of data."""

    rules_version: str
    rules_digest: str
    signals: tuple[Signal, ...]
    blind: tuple[str, ...] = ()


Verdict = Literal["confirmed", "not_confirmed", "unclear"]
"""What a person found where a signal pointed: what it says is so, is not so, or nobody could tell."""


class NewVerdict(Contract):
    """A person's word on a signal, with the reason. It is about the rule, and no ground of a decision."""

    verdict: Verdict
    reason: Personal


class SignalVerdict(Contract):
    """The same as kept. `by` is a principal id."""

    rule: str
    verdict: Verdict
    reason: Personal
    by: str
    by_name: Personal | None
    at: datetime


class RuleFigures(Contract):
    """How often people found a rule right: requests, by the last word on each."""

    id: str
    name: str
    confirmed: int
    not_confirmed: int
    unclear: int


class RuleSetVersion(Contract):
    """Rules that an operator put in force."""

    revision: int
    version: str
    digest: str
    at: datetime
    by_name: Personal | None


class KeptScreening(Contract):
    """The last screening of a request, for those who may see signals, and what people said of it."""

    request_id: RequestId
    at: datetime
    screening: Screening
    blind: tuple["BlindRule", ...]
    verdicts: tuple[SignalVerdict, ...] = ()


class BlindRule(Contract):
    """A rule that could not look, and what it lacked, in Portuguese."""

    id: str
    name: str
    why: str


class RuleDescription(Contract):
    """One of the thirty as it is set for this operator. `needs`: what must be imported before it can look."""

    id: str
    name: str
    severity: Severity
    effect: Effect
    about: str
    innocent: str
    """What looks like it and is not, in Portuguese."""
    source: str
    confidence: str
    verified_on: date | None
    thresholds: tuple[ThresholdUsed, ...]
    needs: str | None


class SignalRules(Contract):
    """The thirty rules in force for an operator. `own`: the operator's, not the seed."""

    version: str
    digest: str
    own: bool
    rules: tuple[RuleDescription, ...]


class Fraud(Protocol):
    """Signals about requests of one operator. Nobody but people acts on them."""

    async def signals_for(self, caller: Caller, facts: RequestFacts) -> Screening:
        """Look at a request with all thirty rules, and remember what later ones are compared with.

        May be called again for the same request: it is remembered once, with the newest facts.
        """
        ...

    async def screening(self, caller: Caller, request_id: RequestId) -> KeptScreening:
        """The last screening, with the look recorded. Raises `NotFound` `fraud.not_screened`, `Forbidden`."""
        ...

    async def judge(self, caller: Caller, request_id: RequestId, rule: str, said: NewVerdict) -> SignalVerdict:
        """Keep a person's word on a signal of the last screening (`signal:judge`); a later one takes its place.

        Raises `NotFound` `fraud.not_screened`, `fraud.no_such_signal`, `Invalid` `fraud.reason_missing`.
        """
        ...

    async def figures(self, caller: Caller) -> tuple[RuleFigures, ...]:
        """How often people found each rule right, in the order of the rules."""
        ...

    async def versions(self, caller: Caller) -> tuple[RuleSetVersion, ...]:
        """The rules the operator put in force, newest first; without any, those of AUSTA hold."""
        ...

    async def rules(self, caller: Caller) -> SignalRules:
        """The rules in force with their numbers and sources."""
        ...

    async def set_rules(self, caller: Caller, source: bytes, *, dry_run: bool) -> SignalRules:
        """Put an operator's own numbers in force; all versions are kept. Raises `Invalid` `fraud.rules_wrong`."""
        ...

    async def import_csv(self, caller: Caller, table: Table, text: str, *, dry_run: bool) -> ImportReport:
        """Take over what another system knows (columns in the module's README). With a problem nothing is written."""
        ...


def not_screened(request_id: UUID) -> NotFound:
    return NotFound("fraud.not_screened", "that request was not screened", request_id=str(request_id))


def rules_wrong(why: str) -> Invalid:
    return Invalid("fraud.rules_wrong", f"fraud rules: {why}")


def no_such_signal(rule: str) -> NotFound:
    return NotFound("fraud.no_such_signal", "that rule found nothing in this request", rule=rule)


def reason_missing() -> Invalid:
    return Invalid("fraud.reason_missing", "a verdict needs its reason, of at most 2,000 characters")
