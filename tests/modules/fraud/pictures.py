"""Pictures for rules to look at: an ordinary request of an ordinary person, and what a test changes in it."""

from datetime import date, datetime, timedelta
from typing import Any

from austa.kernel.clock import BRASILIA
from austa.kernel.ids import DocumentId, MemberId, ProviderId, RequestId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.api import (
    EarlierItem,
    MaterialReference,
    Place,
    Registration,
    RequestFacts,
    ScreenedItem,
    ScreenedMaterial,
    ScreenedMember,
    ScreenedReceipt,
    ScreenedRefund,
    ScreenedRequester,
    Traits,
)
from austa.modules.fraud.domain.picture import Attendance, Known, Picture, ProviderDay
from austa.modules.fraud.domain.screening import read_rules, screen

DAY = date(2026, 11, 20)
BOOK = read_rules(rules_source())
MEMBER, MOTHER = MemberId(derived_id("member")), MemberId(derived_id("mother"))
CRM = Registration(council="CRM", uf="SP", number="900010")
HEMOGRAM, CHEMO, SESSION = "40304361", "20104294", "50000470"
DIALYSIS = "30909031"
GALLBLADDER, UTERUS, CATARACT = "31005497", "31303102", "30306027"
MRI, PSA, BREAST, BIRTH = "41101316", "40316149", "30602122", "31309054"

TRAITS = {
    HEMOGRAM: Traits(routine=True),
    CHEMO: Traits(recurring=True),
    DIALYSIS: Traits(recurring=True),
    SESSION: Traits(recurring=True),
    MRI: Traits(imaging=True),
    PSA: Traits(routine=True, sex="M"),
    BIRTH: Traits(sex="F"),
    BREAST: Traits(elective_only=True),
    "30715016": Traits(special_materials=True),
}


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A local time on the day of the request, or so many days after."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=BRASILIA) + timedelta(days=days)


def a_place(name: str = "here", state: str = "SP", km_north: int | None = 0) -> Place:
    """A provider so many kilometres north of the others; None: nobody knows where."""
    known = km_north is not None
    return Place(
        provider_id=ProviderId(derived_id("provider", name)),
        state=state,
        latitude_e6=round((-23.5 + (km_north or 0) / 111.2) * 1e6) if known else None,
        longitude_e6=-46_600_000 if known else None,
    )


def an_item(tuss: str = HEMOGRAM, **changes: Any) -> ScreenedItem:
    values: dict[str, Any] = {"tuss": tuss, "quantity": 1, "traits": TRAITS.get(tuss, Traits())}
    return ScreenedItem(**{**values, **changes})


def a_member(**changes: Any) -> ScreenedMember:
    values: dict[str, Any] = {
        "member_id": MEMBER,
        "subject_id": SubjectId(MEMBER),
        "family_id": MEMBER,
        "sex": "F",
        "birth_date": date(1986, 1, 15),
        "deceased_on": None,
        "excluded_on": None,
        "waited_until": date(2022, 1, 1),
    }
    return ScreenedMember(**{**values, **changes})


def aged(years: int, **changes: Any) -> ScreenedMember:
    return a_member(birth_date=date(DAY.year - years, 1, 15), **changes)


def facts(*items: ScreenedItem, **changes: Any) -> RequestFacts:
    values: dict[str, Any] = {
        "request_id": RequestId(derived_id("request")),
        "kind": "care",
        "channel": "whatsapp",
        "urgent": False,
        "on": DAY,
        "zone": "America/Sao_Paulo",
        "member": a_member(),
        "items": items or (an_item(),),
        "requester": ScreenedRequester(registration=CRM, known=True, good_standing=True),
        "place": a_place(),
    }
    return RequestFacts(**{**values, **changes})


def earlier(tuss: str, days: int, *, living: bool = True, issued: bool = True, **changes: Any) -> EarlierItem:
    values: dict[str, Any] = {
        "protocol": "99999920261101000001",
        "tuss": tuss,
        "asked_on": DAY - timedelta(days=days),
        "laterality": None,
        "living": living,
        "issued": issued,
    }
    return EarlierItem(**{**values, **changes})


def done(tuss: str, starts_at: datetime, minutes: int = 30, **changes: Any) -> Attendance:
    """A bill of a performed service."""
    values: dict[str, Any] = {"source": "bill", "place": a_place("there", km_north=30), "laterality": None}
    return Attendance(**{**values, "tuss": tuss, "starts_at": starts_at, "minutes": minutes, **changes})


def a_material(quantity: int = 6, centavos: int = 400_000, maker: str = "Alfa") -> ScreenedMaterial:
    """Pedicle screws: two a segment and two beside, R$ 4.000."""
    reference = MaterialReference(
        description="Parafuso pedicular", reference_centavos=400_000, per_segment=2, extra=2, clause="Mediana"
    )
    return ScreenedMaterial(quantity=quantity, unit_price_centavos=centavos, maker=maker, reference=reference)


def a_refund(*receipts: tuple[int, int], days: int = 0, account: str = "holder") -> ScreenedRefund:
    """Receipts as (number, centavos) of one issuer, under a ceiling of R$ 500, each `days` after the one before."""
    return ScreenedRefund(
        receipts=tuple(
            ScreenedReceipt(
                number=number,
                issued_on=date(2026, 11, 1) + timedelta(days=days * place),
                amount_centavos=centavos,
                issuer=Personal("Consultório"),
            )
            for place, (number, centavos) in enumerate(receipts)
        ),
        ceiling_centavos=50_000,
        account_of=account,
    )


def refunded(refund: ScreenedRefund, *items: ScreenedItem, **changes: Any) -> Picture:
    asked = facts(*(items or (an_item("10101012"),)), kind="reimbursement", refund=refund, **changes)
    return Picture(asked, Known(issuers=tuple(b"issuer" for _ in refund.receipts)))


def weeks(*counts: int, urgent: int = 0) -> tuple[ProviderDay, ...]:
    """One busy day in each of the provider's weeks, the latest first."""
    return tuple(
        ProviderDay(DAY - timedelta(days=7 * week + 1), count, urgent if week == 0 else 0)
        for week, count in enumerate(counts)
    )


def a_document(name: str) -> DocumentId:
    return DocumentId(derived_id("document", name))


def found(picture: Picture, *, informing: bool = True) -> list[str]:
    """Ids of the rules that found something."""
    return sorted({s.id for s in screen(picture, BOOK).signals if informing or s.effect != "inform"})
