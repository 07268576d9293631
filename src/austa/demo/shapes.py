"""Shapes of the demo data. Everything is synthetic; keys are stable, so a loader may be run twice.

Dates were computed from the day of loading; `demo_world(today)` in `people.py` makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from austa.kernel.actors import Role
from austa.kernel.money import Money
from austa.modules.members.api import CoverageArea, Segmentation
from austa.modules.providers.api import ProviderKind

Outcome = Literal["AUTO", "PEND", "AUDIT", "ADMIN", "URG", "MANUAL"]
"""Where a request ends without a person: approved, documents asked, medical audit, administrative review (with a
person's release), approved as urgency, or the manual queue for what is not care."""
RequestKind = Literal["service", "admission", "extension", "reimbursement"]
Side = Literal["right", "left", "bilateral"]
Layout = Literal[
    "clinic",
    "letterhead",
    "prescription",
    "orthopedics",
    "institute",
    "hospital",
    "oncology",
    "imaging",
    "laboratory",
    "supplier",
    "receipt",
    "court",
]
PaperKind = Literal["order", "report", "finding", "image", "quote", "consent", "exam", "receipt", "ruling"]
"""Medical order, report, finding (laudo), printed image, supplier's quote, consent, exam, receipt, court ruling."""


_CITIES = {
    "São Paulo": (-23.55, -46.63),
    "Campinas": (-22.91, -47.06),
    "Manaus": (-3.12, -60.02),
    "Porto Alegre": (-30.03, -51.23),
}


@dataclass(frozen=True)
class DemoOperator:
    name: str
    trade_name: str
    ans_registration: str
    cnpj: str


@dataclass(frozen=True)
class DemoStaff:
    """A person who signs in. `council` is e.g. ("CRM", "SP", "900101")."""

    key: str
    name: str
    email: str
    roles: tuple[Role, ...]
    council: tuple[str, str, str] | None = None
    provider_key: str | None = None
    """Of the hospital or clinic for which a clerk acts."""
    is_synthetic: bool = True


@dataclass(frozen=True)
class DemoContract:
    """A plan somebody holds. Waiting periods in days; zero where the contract waives them."""

    key: str
    number: str
    product_name: str
    product_registration: str
    kind: Literal["individual", "collective_business", "collective_adhesion"]
    segmentation: Segmentation
    coverage_area: CoverageArea
    coverage_states: tuple[str, ...]
    accommodation: Literal["ward", "private_room", "none"]
    started_on: date
    waiting_urgency_days: int = 1
    waiting_general_days: int = 180
    waiting_birth_days: int = 300
    consultation_refund_ceiling: Money = field(default=Money(centavos=50_000))


@dataclass(frozen=True)
class PreexistingCondition:
    """A condition declared at enrolment (DLP) and until when coverage may be partial (CPT)."""

    description: str
    cids: tuple[str, ...]
    declared_on: date
    partial_coverage_until: date


@dataclass(frozen=True)
class DemoMember:
    """A member. `phone` is E.164 or None (children); `sex` as registered with the plan: F or M."""

    key: str
    name: str
    birth_date: date
    sex: Literal["F", "M"]
    cpf: str
    cns: str
    card_number: str
    card_valid_until: date
    contract_key: str
    enrolled_on: date
    role: Literal["holder", "dependent"]
    municipality: str
    state: str
    phone: str | None
    email: str | None
    holder_key: str | None = None
    guardian_key: str | None = None
    preexisting: tuple[PreexistingCondition, ...] = ()
    programmes: tuple[str, ...] = ()
    is_synthetic: bool = True


@dataclass(frozen=True)
class DemoProvider:
    key: str
    name: str
    cnpj: str
    cnes: str
    kind: ProviderKind
    address: str
    municipality: str
    state: str
    phone: str
    is_in_network: bool = True
    opens_on_weekends: bool = False
    is_synthetic: bool = True

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude of its city, in degrees."""
        return _CITIES[self.municipality]


@dataclass(frozen=True)
class DemoProfessional:
    """A professional. `cbo` is the occupation (CBO 2002); `name` (with Dr. or Dra.) and `specialty` are as printed."""

    key: str
    name: str
    council: str
    council_state: str
    council_number: str
    specialty: str
    cbo: str
    provider_key: str
    is_in_network: bool = True
    is_synthetic: bool = True

    @property
    def plain_name(self) -> str:
        """The name without Dr. or Dra."""
        return self.name.removeprefix("Dr. ").removeprefix("Dra. ")

    @property
    def registration(self) -> str:
        """As printed: `CRM-SP 900001`."""
        return f"{self.council}-{self.council_state} {self.council_number}"


@dataclass(frozen=True)
class DemoItem:
    """One line of a request: a TUSS code (table 22 procedures, 18 daily rates) and how often."""

    table: str
    code: str
    description: str
    quantity: int
    unit_value: Money
    laterality: Side | None = None
    provider_key: str | None = None
    performed_at: datetime | None = None
    receipt_number: str | None = None


@dataclass(frozen=True)
class DemoMaterial:
    """An OPME line: `reference_value` is the median the operator knows."""

    description: str
    quantity: int
    unit_value: Money
    reference_value: Money
    makers: tuple[str, ...]
    anvisa_registration: str


@dataclass(frozen=True)
class DemoPaper:
    """A document and what is printed on it, beside the names and codes that the request has.

    `name` is its file name (`.jpg` a photo, `.pdf` a file); `layout` chooses the letterhead; `rows` is a table, its
    first row the heading. `signed_by` is another professional than the requester; `codes` and `cids` say which of the
    request's are on this paper (empty: all).
    """

    name: str
    kind: PaperKind
    title: str
    issued_on: date
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    layout: Layout = "clinic"
    signed_by: str | None = None
    codes: tuple[str, ...] = ()
    cids: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoRequest:
    """A request as it comes in, and what must become of it.

    `outcomes` are acceptable ends, the best first; `reason` says why in one sentence. `signals` are the hard rules
    (R01..R30) that should fire; `structured` the facts a rule may use because the requester gave them as data.
    """

    key: str
    number: int | None
    member_key: str
    kind: RequestKind
    items: tuple[DemoItem, ...]
    cids: tuple[str, ...]
    character: Literal["elective", "urgency"]
    service_class: str
    asked_on: date
    requester_key: str | None
    provider_key: str | None
    indication: str
    papers: tuple[DemoPaper, ...]
    outcomes: tuple[Outcome, ...]
    reason: str
    path: str
    due_business_days: int | None = None
    structured: Mapping[str, bool | int | str] = field(default_factory=dict)
    materials: tuple[DemoMaterial, ...] = ()
    signals: tuple[str, ...] = ()
    follows: str | None = None
    court_case: str | None = None
    regulator_complaint: str | None = None

    @property
    def amount(self) -> Money:
        """Sum of items and materials."""
        lines = [(item.unit_value, item.quantity) for item in self.items]
        lines += [(material.unit_value, material.quantity) for material in self.materials]
        return Money(centavos=sum(value.centavos * quantity for value, quantity in lines))


@dataclass(frozen=True)
class DemoChat:
    """A conversation worth trying: what the member writes and how urgent it is (None: an ordinary request)."""

    key: str
    member_key: str
    says: tuple[str, ...]
    level: Literal["RED", "ORANGE"] | None
    expected: str


@dataclass(frozen=True)
class DemoWorld:
    """All of the demo, as of `today`. `samples` are papers a member has at hand for the phone page."""

    today: date
    operator: DemoOperator
    staff: tuple[DemoStaff, ...]
    contracts: tuple[DemoContract, ...]
    members: tuple[DemoMember, ...]
    providers: tuple[DemoProvider, ...]
    professionals: tuple[DemoProfessional, ...]
    requests: tuple[DemoRequest, ...]
    samples: tuple[DemoRequest, ...]
    chats: tuple[DemoChat, ...]

    def member(self, key: str) -> DemoMember:
        return next(member for member in self.members if member.key == key)

    def provider(self, key: str) -> DemoProvider:
        return next(provider for provider in self.providers if provider.key == key)

    def professional(self, key: str) -> DemoProfessional:
        return next(professional for professional in self.professionals if professional.key == key)

    def contract(self, key: str) -> DemoContract:
        return next(contract for contract in self.contracts if contract.key == key)

    def request(self, key: str) -> DemoRequest:
        """A request or a sample by its key."""
        return next(request for request in (*self.requests, *self.samples) if request.key == key)
