"""What other systems of the operator know, as it comes in: one class for each table that may be imported."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from austa.modules.fraud.api import Laterality


@dataclass(frozen=True)
class Who:
    """A registration with a professional council, as written."""

    council: str
    uf: str
    number: str


@dataclass(frozen=True)
class Service:
    """A service that was performed, out of a bill. `line` is the bill's own key. `minute`: when it began, where that is
    known; `performer` is the person named as performer, not the clinic's head."""

    line: str
    card: str
    provider: str
    performer: Who | None
    tuss: str
    laterality: Laterality | None
    day: date
    minute: int | None
    minutes: int | None


@dataclass(frozen=True)
class Stay:
    """An admission; `until` None: still there."""

    card: str
    provider: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Ownership:
    """That a professional owns part of a supplier of special materials."""

    performer: Who
    supplier: str


@dataclass(frozen=True)
class Hours:
    """When a provider opens on a weekday (Monday is 0; 7: holidays), in minutes of the day."""

    provider: str
    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Use:
    """That somebody used a device, or a network address, of the portal."""

    card: str
    device: str
    address: bool
    day: date
    minute: int


Record = Service | Stay | Ownership | Hours | Use
Fault = tuple[str, Literal["card_unknown", "provider_unknown", "order_wrong", "minutes_wrong", "code_wrong"]]
"""A column and what is wrong in it."""

SENTENCES = {
    "card_unknown": "Nenhum beneficiário tem este cartão.",
    "provider_unknown": "Nenhum prestador tem este código.",
    "order_wrong": "O fim vem antes do começo.",
    "minutes_wrong": "A duração deve ser de 1 a 1440 minutos.",
    "code_wrong": "O código TUSS tem oito algarismos.",
}


def faults_of(record: Record) -> tuple[Fault, ...]:
    """What is wrong in a line by itself."""
    match record:
        case Service():
            wrong_minutes = record.minutes is not None and not 0 < record.minutes <= 24 * 60
            wrong_code = not (len(record.tuss) == 8 and record.tuss.isdigit())
            return (
                *((("minutes", "minutes_wrong"),) if wrong_minutes else ()),
                *((("tuss", "code_wrong"),) if wrong_code else ()),
            )
        case Stay():
            return (("until", "order_wrong"),) if record.until and record.until < record.since else ()
        case Hours():
            return (("closes", "order_wrong"),) if record.closes <= record.opens else ()
        case _:
            return ()
