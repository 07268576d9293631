"""The members of the demo and their plans, with ages and lengths of membership relative to the day of loading."""

from datetime import date, timedelta
from typing import Literal

from austa.demo.identifiers import card_number, demo_phone, synthetic_cns, synthetic_cpf
from austa.demo.shapes import DemoContract, DemoMember, PreexistingCondition
from austa.modules.members.api import Segmentation

ANS_REGISTRATION = "999999"
COMPLETE: Segmentation = "outpatient_hospital_obstetrics"


def demo_members(today: date) -> tuple[DemoMember, ...]:
    """Everybody, holders before their dependants."""
    registry = _Registry(today)
    member, born, since = registry.enrol, registry.born, registry.since
    cardiac = PreexistingCondition(
        description="Cardiopatia isquêmica",
        cids=("I20", "I25"),
        declared_on=since(months=14),
        partial_coverage_until=months_after(since(months=14), 24),
    )
    return (
        member(1, "marina", "Marina Albuquerque Teles", sex="F", birth_date=born(34), enrolled_on=since(years=5)),
        member(
            2,
            "joao",
            "João Batista Cordeiro",
            sex="M",
            birth_date=born(58),
            enrolled_on=since(years=7),
            programmes=("diabetes",),
        ),
        member(3, "livia", "Lívia Prado Nakamura", sex="F", birth_date=born(27), enrolled_on=since(years=2)),
        member(4, "severino", "Severino Lopes Damasceno", sex="M", birth_date=born(46), enrolled_on=since(years=4)),
        member(5, "iracema", "Iracema Figueira Sá", sex="F", birth_date=born(71), enrolled_on=since(years=12)),
        member(
            6, "caio", "Caio Ferraz Monteverde", sex="M", birth_date=born(39), enrolled_on=today - timedelta(days=72)
        ),
        member(
            7,
            "priscila",
            "Priscila Gouveia Ramos",
            sex="F",
            birth_date=born(31),
            enrolled_on=today - timedelta(days=210),
        ),
        member(8, "eduarda", "Eduarda Klein Bortoluzzi", sex="F", birth_date=born(42), enrolled_on=since(years=6)),
        member(9, "ronaldo", "Ronaldo Sena Quirino", sex="M", birth_date=born(55), enrolled_on=since(years=8)),
        member(10, "helio", "Hélio Tavares Brandão", sex="M", birth_date=born(63), enrolled_on=since(years=10)),
        member(11, "silvia", "Sílvia Rocha Menegotto", sex="F", birth_date=born(49), enrolled_on=since(years=9)),
        member(12, "renata", "Renata Vasconcelos Lira", sex="F", birth_date=born(37), enrolled_on=since(years=6)),
        member(
            12,
            "theo",
            "Theo Vasconcelos Lira",
            sex="M",
            birth_date=born(6),
            enrolled_on=since(years=5),
            holder="renata",
        ),
        member(
            14,
            "geraldo",
            "Geraldo Mota Pimentel",
            sex="M",
            birth_date=born(67),
            enrolled_on=since(months=14),
            preexisting=(cardiac,),
        ),
        member(15, "antonia", "Antônia Bezerra Cunha", sex="F", birth_date=born(52), enrolled_on=since(years=3)),
        member(16, "otavio", "Otávio Duarte Pacheco", sex="M", birth_date=born(45), enrolled_on=since(years=4)),
        member(
            16,
            "camila",
            "Camila Duarte Pacheco",
            sex="F",
            birth_date=born(43),
            enrolled_on=since(years=4),
            holder="otavio",
        ),
        member(
            16, "enzo", "Enzo Duarte Pacheco", sex="M", birth_date=born(12), enrolled_on=since(years=4), holder="otavio"
        ),
        member(17, "wagner", "Wagner Teodoro Assis", sex="M", birth_date=born(44), enrolled_on=since(years=5)),
        member(18, "beatriz", "Beatriz Nogueira Falcão", sex="F", birth_date=born(36), enrolled_on=since(years=3)),
        member(19, "anselmo", "Anselmo Prates Vidigal", sex="M", birth_date=born(59), enrolled_on=since(years=11)),
        member(20, "lucimar", "Lucimar Teixeira Poço", sex="F", birth_date=born(33), enrolled_on=since(years=4)),
        member(21, "rosangela", "Rosângela Pires Amaral", sex="F", birth_date=born(52), enrolled_on=since(years=6)),
        member(22, "tadeu", "Tadeu Nogueira Lins", sex="M", birth_date=born(41), enrolled_on=since(years=3)),
        member(23, "zilda", "Zilda Macedo Farias", sex="F", birth_date=born(68), enrolled_on=since(years=9)),
        member(24, "jonas", "Jonas Quitério Barros", sex="M", birth_date=born(24), enrolled_on=since(years=2)),
    )


def demo_contracts(members: tuple[DemoMember, ...]) -> tuple[DemoContract, ...]:
    """One contract a holder; dependants share it."""
    return tuple(
        _contract(serial, holder)
        for serial, holder in enumerate((member for member in members if member.role == "holder"), start=1)
    )


def months_after(day: date, months: int) -> date:
    """The same day some months later; the 28th where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


# How a plan departs from the usual one: collective through the employer, national, all but dental, waiting periods on.
_KINDS: dict[str, Literal["individual", "collective_business", "collective_adhesion"]] = {
    "caio": "individual",
    "priscila": "individual",
    "geraldo": "individual",
    "otavio": "collective_adhesion",
}
_SEGMENTATIONS: dict[str, Segmentation] = {"joao": "outpatient_hospital", "geraldo": "outpatient_hospital"}


def _contract(serial: int, holder: DemoMember) -> DemoContract:
    kind = _KINDS.get(holder.key, "collective_business")
    return DemoContract(
        key=holder.contract_key,
        number=f"DEMO-{serial:05d}",
        product_name="Demonstração Completo" if holder.key not in _SEGMENTATIONS else "Demonstração Essencial",
        product_registration="999999001" if holder.key not in _SEGMENTATIONS else "999999002",
        kind=kind,
        segmentation=_SEGMENTATIONS.get(holder.key, COMPLETE),
        coverage_area="national",
        coverage_states=(),
        accommodation="private_room",
        started_on=holder.enrolled_on,
    )


class _Registry:
    """Enrols people as of a day; `family` numbers the household, and with it cards, CPF and phones."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._people = 0
        self._in_family: dict[int, int] = {}

    def enrol(
        self,
        family: int,
        key: str,
        name: str,
        *,
        sex: Literal["F", "M"],
        birth_date: date,
        enrolled_on: date,
        holder: str | None = None,
        preexisting: tuple[PreexistingCondition, ...] = (),
        programmes: tuple[str, ...] = (),
    ) -> DemoMember:
        self._people += 1
        person = self._in_family[family] = self._in_family.get(family, 0) + 1
        is_child = (self._today - birth_date).days < 18 * 365
        return DemoMember(
            key=key,
            name=name,
            birth_date=birth_date,
            sex=sex,
            cpf=synthetic_cpf(self._people),
            cns=synthetic_cns(self._people),
            card_number=card_number(ANS_REGISTRATION, family, person),
            card_valid_until=date(self._today.year + 2, 12, 31),
            contract_key=f"contract-{holder or key}",
            enrolled_on=enrolled_on,
            role="dependent" if holder else "holder",
            municipality="São Paulo",
            state="SP",
            phone=None if is_child else demo_phone(self._people),
            email=None if is_child else f"{key}@membros.example",
            holder_key=holder,
            guardian_key=holder if is_child else None,
            preexisting=preexisting,
            programmes=programmes,
        )

    def born(self, age: int) -> date:
        """A birth date that gives this age today; birthdays are spread over the year."""
        days_since_birthday = 20 + (self._people * 37) % 300
        birthday = self._today - timedelta(days=days_since_birthday)
        return date(birthday.year - age, birthday.month, min(birthday.day, 28))

    def since(self, *, years: int = 0, months: int = 0) -> date:
        """So long ago, and a fortnight more."""
        return months_after(self._today - timedelta(days=14), -(12 * years + months))
