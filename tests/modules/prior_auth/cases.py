"""Facts for tests: a member in good standing, and the twenty demo requests of domain-br 11."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from austa.kernel.clock import BRASILIA
from austa.kernel.ids import ContractId, MemberId, ProviderId, RequestId, SubjectId, derived_id
from austa.kernel.money import Money
from austa.kernel.personal import Personal
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.api import Registration, RequestFacts, Signal
from austa.modules.fraud.domain.picture import Known, Picture
from austa.modules.fraud.domain.screening import read_rules, screen
from austa.modules.members.api import EligibilityFacts, PreexistingRestriction, WaitingPeriod
from austa.modules.prior_auth.api.refunds import Receipt, Refund
from austa.modules.prior_auth.api.requests import AskedMaterial, DocumentKind, Path, Queue, State
from austa.modules.prior_auth.domain.assessment import Assessment, assess
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import (
    Facts,
    ItemFacts,
    PaperFacts,
    PastItem,
    ProviderFacts,
    RequesterFacts,
)
from austa.modules.prior_auth.domain.signals import question_of
from austa.modules.prior_auth.domain.tables import Tables
from tests.modules.prior_auth.seeds import TABLES

DAY = date(2026, 11, 21)
SIGNAL_RULES = read_rules(rules_source())
PAPERS: dict[str, DocumentKind] = {
    "P": "order",
    "R": "report",
    "L": "finding",
    "I": "image",
    "O": "quote",
    "C": "consent",
    "E": "exam",
    "$": "receipt",
}


def a_member(
    *,
    sex: str = "F",
    age: int = 40,
    days: int = 1500,
    segmentation: str = "outpatient_hospital_obstetrics",
    restrictions: tuple[PreexistingRestriction, ...] = (),
    **changes: Any,
) -> EligibilityFacts:
    """Somebody whose contract is `days` old, with the legal maxima as waiting periods."""
    started = DAY - timedelta(days=days)
    facts: dict[str, Any] = {
        "member_id": MemberId(derived_id("member")),
        "on": DAY,
        "card_valid_until": DAY + timedelta(days=300),
        "sex": sex,
        "birth_date": date(DAY.year - age, 1, 15),
        "deceased_on": None,
        "excluded_on": None,
        "contract_id": ContractId(derived_id("contract")),
        "contract_status": "active",
        "contract_started_on": started,
        "plan_name": "Plano Demonstração",
        "segmentation": segmentation,
        "coverage_area": "national",
        "coverage_states": (),
        "waiting_periods": (
            WaitingPeriod(kind="urgency", ends_on=started + timedelta(days=1), clause="Cláusula 12.1"),
            WaitingPeriod(kind="other", ends_on=started + timedelta(days=180), clause="Cláusula 12.2"),
            WaitingPeriod(kind="birth", ends_on=started + timedelta(days=300), clause="Cláusula 12.3"),
        ),
        "restrictions": restrictions,
        "is_synthetic": True,
    }
    return EligibilityFacts(**{**facts, **changes})


def a_place(name: str = "lab", **changes: Any) -> ProviderFacts:
    facts: dict[str, Any] = {
        "provider_id": ProviderId(derived_id("provider", name)),
        "known": True,
        "good_standing": True,
        "in_network": True,
        "state": "SP",
    }
    return ProviderFacts(**{**facts, **changes})


def lines(*codes: str, amount: int | None = None, quantity: int = 1, **changes: Any) -> tuple[ItemFacts, ...]:
    return tuple(
        ItemFacts(position=at, tuss=code, quantity=quantity, amount_centavos=amount, **changes)
        for at, code in enumerate(codes)
    )


def papers(letters: str, reading: str = "declared") -> tuple[PaperFacts, ...]:
    return tuple(PaperFacts(kind=PAPERS[letter], document_id=None, reading=reading) for letter in letters)


def facts(items: tuple[ItemFacts, ...], letters: str = "P", **changes: Any) -> Facts:
    """A complete request on paper, from a known requester."""
    given: dict[str, Any] = {
        "request_id": RequestId(derived_id("request")),
        "kind": "care",
        "channel": "demo",
        "character": "elective",
        "on": DAY,
        "member": a_member(),
        "items": items,
        "requester": RequesterFacts(known=True, good_standing=True),
        "provider": a_place(),
        "papers": papers(letters),
    }
    return Facts(**{**given, **changes})


def question(asked: Facts, pack: CoveragePack) -> RequestFacts:
    """As `fraud` is asked about it: of a holder, with the requester by a registration of their own."""
    return question_of(
        asked,
        pack,
        subject_id=SubjectId(asked.member.member_id),
        family_id=asked.member.member_id,
        zone="America/Sao_Paulo",
        registration=Registration(council="CRM", uf="SP", number="900010") if asked.requester else None,
    )


def signals_of(asked: Facts, pack: CoveragePack) -> tuple[Signal, ...]:
    """What the rules find where nobody else ever asked anything."""
    asking = question(asked, pack)
    issuers = tuple(each.issuer.reveal().encode() for each in asking.refund.receipts) if asking.refund else ()
    return screen(Picture(asking, Known(issuers=issuers)), SIGNAL_RULES).signals


def assessed(asked: Facts, pack: CoveragePack, tables: Tables = TABLES) -> Assessment:
    """The assessment of a request with its signals."""
    return assess(asked, pack, tables, signals_of(asked, pack))


def past(tuss: str, days_ago: int, state: State = "ISSUED", **changes: Any) -> PastItem:
    return PastItem(
        request_id=RequestId(derived_id("past", tuss, days_ago)),
        protocol="99999920261101000001",
        tuss=tuss,
        asked_on=DAY - timedelta(days=days_ago),
        state=state,
        **changes,
    )


def cids(*codes: str) -> tuple[Personal, ...]:
    return tuple(Personal(code) for code in codes)


KNEE = {"trauma": True, "positive_examination": True, "conservative_care_weeks": 6}
SCREWS = AskedMaterial(
    description="Parafuso pedicular poliaxial", quantity=6, unit_price=Money(centavos=580_000), maker="Alfa"
)
RODS = AskedMaterial(
    description="Barra longitudinal em titânio", quantity=2, unit_price=Money(centavos=460_000), maker="Alfa"
)
MANY_SCREWS = AskedMaterial(
    description="Parafuso pedicular poliaxial", quantity=12, unit_price=Money(centavos=760_000), maker="Alfa"
)
LENS = AskedMaterial(
    description="Lente intraocular dobrável", quantity=1, unit_price=Money(centavos=120_000), maker="Norte"
)
HEART = PreexistingRestriction(declared=Personal("cardiopatia"), cids=("I20", "I25"), ends_on=DAY + timedelta(days=300))
FOUR_RECEIPTS = Refund(
    receipts=tuple(
        Receipt(number=n, issued_on=DAY, amount=Money(centavos=48_000), issuer=Personal("Consultório"))
        for n in range(1041, 1045)
    ),
    ceiling=Money(centavos=50_000),
    account_of="someone_else",
)


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=BRASILIA)


TWO_CITIES = (
    ItemFacts(
        position=0,
        tuss="40202038",
        quantity=1,
        amount_centavos=70_000,
        provider=a_place("manaus", state="AM"),
        scheduled_at=_at(9, 10),
    ),
    ItemFacts(
        position=1,
        tuss="41101227",
        quantity=1,
        amount_centavos=120_000,
        provider=a_place("porto-alegre", state="RS"),
        scheduled_at=_at(10, 30),
    ),
)


@dataclass(frozen=True)
class Expected:
    """A demo request and where it must end. `rules` must be among the rules that fired."""

    number: int
    facts: Facts
    path: Path
    queue: Queue | None
    days: int
    rules: tuple[str, ...] = ()


DEMO = (
    Expected(
        1,
        facts(lines("40304361", "40302040", "40316521", amount=2600), member=a_member(age=34), cids=cids("Z00.0")),
        "AUTO",
        None,
        3,
        ("AUT01",),
    ),
    Expected(
        2,
        facts(lines("40302733", amount=3200), member=a_member(sex="M", age=58), given={"days_since_last": 120}),
        "AUTO",
        None,
        3,
    ),
    Expected(3, facts(lines("40901122", amount=19_000), cids=cids("R10.4")), "AUTO", None, 5),
    Expected(
        4,
        facts(lines("41101316", amount=98_000, laterality="right"), "PR", given=KNEE, member=a_member(sex="M")),
        "AUTO",
        None,
        10,
        ("DUT01",),
    ),
    Expected(
        5,
        facts(
            lines("41101316", amount=105_000, laterality="right"),
            history=(past("41101316", 20, laterality="right"),),
            member=a_member(sex="M"),
        ),
        "AUDIT",
        "medical",
        10,
        ("R02", "R22"),
    ),
    Expected(
        6,
        facts(
            lines("30306027", amount=270_000, laterality="right"), "PLE", given={"biometry": True}, materials=(LENS,)
        ),
        "AUDIT",
        "nurse",
        5,
        ("ENF01",),
    ),
    Expected(
        7,
        facts(lines("31005497", amount=860_000), "PE", member=a_member(sex="M", days=70)),
        "ADMIN",
        "administrative",
        10,
        ("ADM-waiting_period",),
    ),
    Expected(
        8,
        facts(
            lines("31005497", amount=1_140_000),
            "LE",
            member=a_member(sex="M", days=72),
            character="urgent",
            history=(past("31005497", 2, "ADMIN_REVIEW"),),
        ),
        "URG",
        "medical",
        0,
        ("URG01",),
    ),
    Expected(
        9,
        facts(
            lines("31309054", amount=720_000),
            "PC",
            member=a_member(days=210, age=31),
            given={"gestational_weeks": 39, "complication": False},
        ),
        "ADMIN",
        "administrative",
        10,
    ),
    Expected(
        10, facts(lines("31002390", amount=2_450_000), "PR", given={"bmi": 41}), "PEND", None, 10, ("DUT03", "DUT01")
    ),
    Expected(
        11,
        facts(lines("30715016", amount=4_200_000, quantity=3), "PRIO", materials=(SCREWS, RODS)),
        "PEND",
        None,
        10,
        ("OPM02",),
    ),
    Expected(
        12,
        facts(lines("30715016", "30715024", amount=3_600_000, quantity=4), materials=(MANY_SCREWS,)),
        "AUDIT",
        "medical",
        10,
        ("R18", "R19", "R20"),
    ),
    Expected(
        13,
        facts(lines("40708128", amount=480_000), "PRE", given={"biopsy_positive": True, "tomography": True}),
        "AUDIT",
        "medical",
        10,
        ("DUT01",),
    ),
    Expected(14, facts(lines("20104294", amount=1_890_000), "PRL"), "AUDIT", "medical", 5, ("AUD01",)),
    Expected(
        15,
        facts(lines("50000470", amount=240_000, quantity=8), "PR", member=a_member(sex="M", age=6), cids=cids("F84.0")),
        "AUTO",
        None,
        5,
        ("AVI01",),
    ),
    Expected(
        16,
        facts(
            lines("30912032", amount=2_800_000),
            "PRIO",
            member=a_member(sex="M", age=67, days=440, restrictions=(HEART,)),
        ),
        "AUDIT",
        "medical",
        10,
        ("CPT01",),
    ),
    Expected(17, facts(lines("40316149", "40316130", amount=5200)), "PEND", None, 3, ("R03",)),
    Expected(
        18,
        facts(
            lines("10101012", "10101012", "10101012", "10101012", amount=48_000),
            "$$$$",
            kind="reimbursement",
            refund=FOUR_RECEIPTS,
            requester=None,
        ),
        "AUDIT",
        "manual",
        7,
        ("R12", "R13", "R28", "REE01"),
    ),
    Expected(19, facts(TWO_CITIES, "PP", member=a_member(sex="M")), "AUDIT", "medical", 10, ("R07",)),
    Expected(
        20,
        facts(lines("30602122", amount=2_100_000, quantity=2, laterality="both"), "PRI"),
        "AUDIT",
        "medical",
        10,
        ("ROL01",),
    ),
)
