"""The facts of one paper, drawn by seed: who, what for, when, with which numbers, and how a label tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from numpy.random import Generator

from austa.bench.documents import numbers, stock
from austa.bench.documents.stock import Analyte, Exam, Material, Medicine, Theme

SIDES = ("direito", "esquerdo", "bilateral")


@dataclass(frozen=True)
class Asked:
    """A line of an order. `words` as this paper prints them, the side included where there is one."""

    exam: Exam
    words: str
    side: str | None
    quantity: int


@dataclass(frozen=True)
class Result:
    analyte: Analyte
    value: str
    flag: str


@dataclass(frozen=True)
class Item:
    material: Material
    quantity: int
    registry: str

    @property
    def total(self) -> float:
        return round(self.quantity * self.material.price, 2)


@dataclass(frozen=True)
class Case:
    """Everything that a layout may print. Dates of care are local dates, amounts reais, identifiers bare."""

    rng: Generator
    today: date
    member: str
    birth: date
    cpf: str
    cns: str
    card: str
    insurer: str
    plan: str
    theme: Theme
    asked: tuple[Asked, ...]
    cid: str
    cid_words: str
    indication: str
    doctor: str
    is_woman: bool
    """The physician is."""
    colleague: str
    """Who asked for what the physician reports on."""
    specialty: str
    uf: str
    council_number: str
    house: str
    cnpj: str
    street: str
    city: str
    phone: str
    issued: date
    until: date
    medicines: tuple[Medicine, ...]
    results: tuple[Result, ...]
    items: tuple[Item, ...]
    finding: str
    days_off: int
    amount: float
    ans: str
    guide: str
    operator_guide: str
    password: str

    @property
    def title(self) -> str:
        return "Dra." if self.is_woman else "Dr."

    @property
    def crm(self) -> str:
        return f"CRM-{self.uf} {self.council_number}"

    def worded(self, *, spoken: bool) -> "Case":
        """The same with the lines in a physician's words, or in those of the table."""
        asked = tuple(replace(each, words=_words(each.exam, each.side, spoken)) for each in self.asked)
        return replace(self, asked=asked)

    def fields(self, *names: str, **more: Any) -> dict[str, Any]:
        """The label's fields of those names; `signer` and `procedures` (with code) stand for several."""
        known = self._known()
        told: dict[str, Any] = {}
        for name in names:
            told.update(known[name] if name in _GROUPS else {name: known[name]})
        return {**told, **more}

    def procedures(self, *, tuss: bool = True, quantity: bool = True) -> list[dict[str, Any]]:
        """The lines as a label tells them."""
        return [
            {
                "description": each.words,
                **({"tuss": each.exam.tuss} if tuss else {}),
                **({"laterality": each.side} if each.side else {}),
                **({"quantity": each.quantity} if quantity or "sessões" in each.words else {}),
            }
            for each in self.asked
        ]

    def _known(self) -> Mapping[str, Any]:
        return {
            "member_name": self.member,
            "birth_date": self.birth.isoformat(),
            "cpf": self.cpf,
            "cns": self.cns,
            "card_number": self.card,
            "insurer": self.insurer,
            "plan": self.plan,
            "cid": [self.cid],
            "indication": self.indication,
            "procedures": self.procedures(),
            "signer": {"requester_name": self.doctor, **self._council()},
            "reporter": {"reporting_physician": self.doctor, **self._council()},
            "issue_date": self.issued.isoformat(),
            "provider_name": self.house,
            "provider_cnpj": self.cnpj,
            "valid_until": self.until.isoformat(),
            "medicines": [{"name": m.name, "dose": m.dose, "posology": m.posology} for m in self.medicines],
            "lab_values": [
                {"analyte": r.analyte.name, "value": r.value, "unit": r.analyte.unit, "reference": r.analyte.reference}
                for r in self.results
            ],
            "opme_items": [
                {
                    "description": each.material.name,
                    "quantity": each.quantity,
                    "unit_price": each.material.price,
                    "anvisa_registry": each.registry,
                    "total": each.total,
                }
                for each in self.items
            ],
            "total_amount": self.amount,
            "items_total": {"total_amount": round(sum(each.total for each in self.items), 2)},
            "days_off": self.days_off,
            "start_date": self.issued.isoformat(),
            "conclusion": self.finding,
            "ans_registry": self.ans,
            "guide_number": self.guide,
            "operator_guide_number": self.operator_guide,
            "password": self.password,
            "password_valid_until": self.until.isoformat(),
        }

    def _council(self) -> dict[str, str]:
        return {"council": "CRM", "council_uf": self.uf, "council_number": self.council_number}


_GROUPS = frozenset({"signer", "reporter", "items_total"})


def draw_case(rng: Generator, today: date) -> Case:
    """One case. The same generator state and day give the same case."""
    theme = stock.THEMES[int(rng.integers(len(stock.THEMES)))]
    cid, cid_words = theme.cids[int(rng.integers(len(theme.cids)))]
    city, uf = stock.CITIES[int(rng.integers(len(stock.CITIES)))]
    issued = today - timedelta(days=int(rng.integers(1, 75)))
    is_woman = bool(rng.random() < 0.5)
    return Case(
        rng=rng,
        today=today,
        member=_person(rng),
        birth=today - timedelta(days=int(rng.integers(365 * 3, 365 * 88))),
        cpf=numbers.cpf(rng),
        cns=numbers.cns(rng),
        card=numbers.card(rng),
        insurer=_one(rng, stock.INSURERS),
        plan=_one(rng, stock.PLANS),
        theme=theme,
        asked=_asked(rng, theme),
        cid=cid,
        cid_words=cid_words,
        indication=_one(rng, theme.indications),
        doctor=_person(rng, is_woman=is_woman),
        is_woman=is_woman,
        colleague=_person(rng, is_woman=not is_woman),
        specialty=stock.SPECIALTIES[theme.name],
        uf=uf,
        council_number=str(int(rng.integers(4000, 240000))),
        house=_one(rng, stock.HOUSES),
        cnpj=numbers.cnpj(rng, letters=bool(rng.random() < 0.2)),
        street=f"{_one(rng, stock.STREETS)}, {int(rng.integers(12, 2900))}",
        city=city,
        phone=f"({int(rng.integers(11, 99))}) {int(rng.integers(3000, 3999))}-{int(rng.integers(1000, 9999))}",
        issued=issued,
        until=issued + timedelta(days=int(rng.choice((30, 60, 90)))),
        medicines=_some(rng, stock.MEDICINES, int(rng.integers(1, 5))),
        results=tuple(_result(rng, each) for each in _some(rng, stock.ANALYTES, int(rng.integers(5, 12)))),
        items=tuple(_item(rng, each) for each in _some(rng, stock.MATERIALS, int(rng.integers(2, 5)))),
        finding=dict(stock.FINDINGS)[theme.name],
        days_off=int(rng.integers(1, 16)),
        amount=round(int(rng.integers(120, 900)) + float(rng.choice((0.0, 0.5, 0.9))), 2),
        ans=f"{int(rng.integers(300000, 420000))}",
        guide=numbers.digits(rng, 8),
        operator_guide=f"9{numbers.digits(rng, 9)}",
        password=f"8{numbers.digits(rng, 8)}",
    )


def dmy(day: date) -> str:
    """19/03/2026."""
    return f"{day:%d/%m/%Y}"


def written(day: date) -> str:
    """19 de março de 2026."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def reais(amount: float) -> str:
    """14.026,25."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


# fmt: off
_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)
# fmt: on


def _person(rng: Generator, *, is_woman: bool | None = None) -> str:
    women = rng.random() < 0.5 if is_woman is None else is_woman
    surnames = _some(rng, stock.SURNAMES, int(rng.integers(1, 4)))
    return " ".join((_one(rng, stock.WOMEN if women else stock.MEN), *surnames))


def _asked(rng: Generator, theme: Theme) -> tuple[Asked, ...]:
    exams = _some(rng, theme.exams, int(rng.integers(1, min(len(theme.exams), 5) + 1)))
    side = SIDES[int(rng.choice(3, p=(0.45, 0.45, 0.1)))]
    spoken = bool(rng.random() < 0.5)
    made = []
    for exam in exams:
        own = side if exam.sided else None
        made.append(Asked(exam, _words(exam, own, spoken), own, 10 if "isioterap" in exam.official else 1))
    return tuple(made)


def _words(exam: Exam, side: str | None, spoken: bool) -> str:
    words = exam.spoken if spoken else exam.official
    return f"{words} - {side}" if side else words


def _result(rng: Generator, analyte: Analyte) -> Result:
    value = float(rng.uniform(analyte.low, analyte.high))
    told = f"{value:,.{analyte.decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return Result(analyte, told, str(rng.choice(("", "", "", "H", "L"))))


def _item(rng: Generator, material: Material) -> Item:
    return Item(material, int(rng.integers(1, material.most + 1)), f"1{numbers.digits(rng, 10)}")


def _one(rng: Generator, of: tuple[str, ...]) -> str:
    return of[int(rng.integers(len(of)))]


def _some(rng: Generator, of: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    """So many of them, in the order they have."""
    return tuple(of[place] for place in sorted(rng.choice(len(of), count, replace=False)))
