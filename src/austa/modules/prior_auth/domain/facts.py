"""The facts an assessment rests on. They are stored with it, so that it can be replayed (house rule 7)."""

from datetime import date, datetime

from pydantic import Field

from austa.kernel.clock import BRASILIA
from austa.kernel.contracts import Contract
from austa.kernel.ids import DocumentId, ProviderId, RequestId
from austa.kernel.personal import Personal
from austa.modules.members.api import EligibilityFacts
from austa.modules.prior_auth.api.refunds import Refund
from austa.modules.prior_auth.api.requests import (
    AskedMaterial,
    Channel,
    Character,
    DocumentKind,
    FactUsed,
    Kind,
    Laterality,
    Queue,
    State,
)


class ProviderFacts(Contract):
    """What is known of a provider on the day. Coordinates in millionths of a degree: receipts hold no fractions."""

    provider_id: ProviderId
    known: bool
    good_standing: bool
    in_network: bool
    city: str = ""
    state: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None


class RequesterFacts(Contract):
    """What is known of the requester's registration on the day."""

    known: bool
    good_standing: bool


class ItemFacts(Contract):
    """One line as asked. `in_terminology`: TUSS knows the code; `doubtful_digit`: its last digit does not fit."""

    position: int
    tuss: str
    quantity: int
    in_terminology: bool = True
    doubtful_digit: bool = False
    laterality: Laterality | None = None
    amount_centavos: int | None = None
    provider: ProviderFacts | None = None
    scheduled_at: datetime | None = None


class PaperFacts(Contract):
    """One paper. `reading` `declared`: no file came with it; `person`: somebody has to look at it.

    `codes` are the TUSS codes that were read with certainty.
    """

    kind: DocumentKind
    document_id: DocumentId | None
    reading: str = Field(pattern="^(declared|read|waiting|person|refused)$")
    codes: tuple[str, ...] = ()


class PastItem(Contract):
    """A line of an earlier request of the same member."""

    request_id: RequestId
    protocol: str
    tuss: str
    asked_on: date
    state: State
    laterality: Laterality | None = None


class Facts(Contract):
    """Everything an assessment may look at. `on` is the local day of the assessment.

    `indication_written` tells that the order says why, in words that only a physician may judge;
    `asks_before` counts how often papers were asked for already; `given` are the structured facts by name;
    `returns_to` is the queue where people already worked on the request.
    """

    request_id: RequestId
    kind: Kind
    channel: Channel
    character: Character
    on: date
    member: EligibilityFacts
    items: tuple[ItemFacts, ...]
    materials: tuple[AskedMaterial, ...] = ()
    cids: tuple[Personal, ...] = ()
    given: dict[str, bool | int | str] = Field(default_factory=dict)
    indication_written: bool = False
    requester: RequesterFacts | None = None
    provider: ProviderFacts | None = None
    papers: tuple[PaperFacts, ...] = ()
    history: tuple[PastItem, ...] = ()
    refund: Refund | None = None
    court_case: str | None = None
    regulator_complaint: str | None = None
    asks_before: int = 0
    returns_to: Queue | None = None

    @property
    def urgent(self) -> bool:
        return self.character == "urgent"

    @property
    def age(self) -> int:
        """In whole years on the day."""
        born = self.member.birth_date
        return self.on.year - born.year - ((self.on.month, self.on.day) < (born.month, born.day))

    def count_papers(self, kind: DocumentKind) -> int:
        return sum(paper.kind == kind for paper in self.papers)

    def as_used(self) -> tuple[FactUsed, ...]:
        """The facts as the case page lists them."""
        member = self.member
        listed = [
            ("Contrato", f"{member.contract_status}, desde {member.contract_started_on:%d/%m/%Y}", "members"),
            ("Segmentação", member.segmentation, "members"),
            ("Idade", f"{self.age} anos", "members"),
            *(("Cadastro como se conhecia em", _moment(at), "members") for at in (member.known_at,) if at),
            ("Sexo no cadastro", member.sex, "members"),
            *((f"Carência ({w.kind})", f"até {w.ends_on:%d/%m/%Y}", "members") for w in member.waiting_periods),
            *(("Lesão preexistente declarada", r.declared.reveal(), "members") for r in member.restrictions),
            *(("CID", cid.reveal(), "request") for cid in self.cids),
            *((name, str(value), "request") for name, value in sorted(self.given.items())),
            *((f"Documento ({p.kind})", p.reading, "documents") for p in self.papers),
            *(
                (f"Pedido anterior {p.protocol}", f"{p.tuss} em {p.asked_on:%d/%m/%Y}", "prior_auth")
                for p in self.history
            ),
        ]
        return tuple(FactUsed(name=name, value=Personal(value), source=source) for name, value, source in listed)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BRASILIA):%d/%m/%Y %H:%M}"
