"""The record of response times: what was counted in the database, put together by class of service."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from austa.kernel.calendar import BusinessCalendar
from austa.modules.prior_auth.api.clocks import ResponseRecord, ResponseTimes, ServiceClass

Fate = Literal["answered_in_term", "answered_late", "open_in_term", "open_late", "given_up"]


CLASSES: Mapping[ServiceClass, str] = {
    "urgency": "urgência e emergência",
    "lab": "análises clínicas",
    "basic_consult": "consulta básica",
    "dental": "odontologia",
    "specialty_consult": "consulta em outra especialidade",
    "therapy": "consulta ou sessão de terapia",
    "other_outpatient": "outro diagnóstico ou terapia",
    "day_hospital": "hospital-dia",
    "oral_antineoplastic": "antineoplásico oral",
    "high_complexity": "alta complexidade (PAC)",
    "elective_admission": "internação eletiva",
    "non_care": "não assistencial",
}
HEADINGS = {
    "term_days": "prazo_dias_uteis",
    "requests": "pedidos",
    "answered_in_term": "respondidos_no_prazo",
    "answered_late": "respondidos_fora_do_prazo",
    "open_in_term": "abertos_no_prazo",
    "open_late": "abertos_fora_do_prazo",
    "given_up": "desistencias",
    "median_days": "mediana_dias_uteis",
    "longest_days": "maior_dias_uteis",
    "median_minutes": "mediana_minutos",
    "longest_minutes": "maior_minutos",
}


@dataclass(frozen=True)
class Group:
    """So many requests with the same fate, asked and answered on the same days, or in as many minutes."""

    service_class: ServiceClass
    term_days: int
    calendar_id: str
    fate: Fate
    asked_on: date
    answered_on: date | None
    minutes: int | None
    """Until the answer, rounded up, for what is due at once."""
    requests: int


def put_together(
    groups: Iterable[Group], calendars: Mapping[str, BusinessCalendar], otherwise: BusinessCalendar
) -> tuple[ResponseTimes, ...]:
    """By class, in the order of the norms. A calendar that is not kept (an older table) is replaced by `otherwise`."""
    by_class: dict[tuple[ServiceClass, int], list[Group]] = defaultdict(list)
    for group in groups:
        by_class[group.service_class, group.term_days].append(group)
    order: tuple[ServiceClass, ...] = get_args(ServiceClass)
    return tuple(
        _of_class(service_class, term_days, by_class[service_class, term_days], calendars, otherwise)
        for service_class, term_days in sorted(by_class, key=lambda one: (order.index(one[0]), one[1]))
    )


def _of_class(
    service_class: ServiceClass,
    term_days: int,
    groups: Iterable[Group],
    calendars: Mapping[str, BusinessCalendar],
    otherwise: BusinessCalendar,
) -> ResponseTimes:
    fates, days, minutes = Counter[Fate](), Counter[int](), Counter[int]()
    for group in groups:
        fates[group.fate] += group.requests
        if group.answered_on is not None:
            calendar = calendars.get(group.calendar_id, otherwise)
            days[calendar.count(group.asked_on, group.answered_on)] += group.requests
        if group.minutes is not None:
            minutes[group.minutes] += group.requests
    return ResponseTimes(
        service_class=service_class,
        term_days=term_days,
        requests=fates.total(),
        answered_in_term=fates["answered_in_term"],
        answered_late=fates["answered_late"],
        open_in_term=fates["open_in_term"],
        open_late=fates["open_late"],
        given_up=fates["given_up"],
        median_days=median_of(days),
        longest_days=max(days, default=None),
        median_minutes=median_of(minutes),
        longest_minutes=max(minutes, default=None),
    )


def median_of(counted: Counter[int]) -> float | None:
    """The median of values that were counted; None where there is none."""
    total = counted.total()
    if total == 0:
        return None
    return (_value_at(counted, (total - 1) // 2) + _value_at(counted, total // 2)) / 2


def _value_at(counted: Counter[int], place: int) -> int:
    """The value at that place of the sorted row, from 0."""
    for value in sorted(counted):
        place -= counted[value]
        if place < 0:
            return value
    raise IndexError(place)


def as_csv(record: ResponseRecord) -> str:
    """The record as the regulator's people open it."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\n")
    table.writerow(("registro_ans", "de", "ate", "classe", *HEADINGS.values()))
    for one in record.classes:
        cells = (_cell(getattr(one, name)) for name in HEADINGS)
        table.writerow((record.ans_registry, record.first_day, record.last_day, CLASSES[one.service_class], *cells))
    return written.getvalue()


def _cell(value: float | None) -> str:
    """Whole numbers plain, halves with a comma, nothing for what there is not."""
    return "" if value is None else f"{value:g}".replace(".", ",")
