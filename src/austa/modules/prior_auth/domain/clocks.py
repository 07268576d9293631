"""Legal terms: which class of service, how many business days, until when (domain-br 2.5). The clock never pauses."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.requests import LegalClock, ServiceClass

ATTEND_DAYS = MappingProxyType[ServiceClass, int](
    {
        "urgency": 0,
        "lab": 3,
        "basic_consult": 7,
        "dental": 7,
        "specialty_consult": 14,
        "therapy": 10,
        "other_outpatient": 10,
        "day_hospital": 10,
        "oral_antineoplastic": 10,
        "high_complexity": 21,
        "elective_admission": 21,
    }
)
"""RN ANS 566/2022, art. 3: business days until care. What is not care has no such term."""

RESPOND_DAYS = MappingProxyType[ServiceClass, int](
    {"urgency": 0, "high_complexity": 10, "elective_admission": 10, "non_care": 7}
)
OTHERWISE_RESPOND_DAYS = 5
"""RN ANS 623/2024: business days until a conclusive answer."""

LAST_SECOND = time(23, 59, 59)
COMPLEX: tuple[ServiceClass, ...] = ("elective_admission", "high_complexity")


def days_to_answer(service_class: ServiceClass) -> int:
    """The shorter of the two norms (RN ANS 623/2024 refers to RN ANS 566/2022)."""
    respond = RESPOND_DAYS.get(service_class, OTHERWISE_RESPOND_DAYS)
    return min(respond, ATTEND_DAYS.get(service_class, respond))


def class_of_request(classes: Iterable[ServiceClass], *, urgent: bool, non_care: bool) -> ServiceClass:
    """The class that rules a request: complex care and admission as a whole, else the shortest term of its items."""
    if urgent:
        return "urgency"
    if non_care:
        return "non_care"
    present = tuple(classes)
    for complex_class in COMPLEX:
        if complex_class in present:
            return complex_class
    return min(present, key=days_to_answer)


def start_clock(
    service_class: ServiceClass, asked_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo
) -> LegalClock:
    """The term of a request asked at that instant: the end of the last business day, on the wall of `zone`."""
    days = days_to_answer(service_class)
    return LegalClock(
        service_class=service_class,
        asked_at=asked_at.astimezone(UTC),
        due_at=asked_at.astimezone(UTC)
        if days == 0
        else end_of_day(calendar.add(local_date(asked_at, zone), days), zone),
        business_days=days,
        calendar_id=calendar.id,
        zone=zone.key,
        basis=_basis(service_class, days),
    )


def answer_by(now: datetime, due_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when asked papers may come so that a person still has a business day before the legal term ends."""
    today, last = local_date(now, zone), local_date(due_at, zone)
    day = last - timedelta(days=1)
    while day > today and not calendar.is_business_day(day):
        day -= timedelta(days=1)
    return end_of_day(max(day, today + timedelta(days=1)), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of that day in that zone, in UTC."""
    return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)


def _basis(service_class: ServiceClass, days: int) -> str:
    if service_class == "urgency":
        return "Urgência ou emergência: resposta imediata (RN ANS 623/2024 e RN ANS 566/2022)"
    if service_class == "non_care":
        return f"Pedido que não é de atendimento: {days} dias úteis (RN ANS 623/2024)"
    attend = ATTEND_DAYS[service_class]
    return f"{days} dias úteis: o menor entre RN ANS 623/2024 (resposta) e RN ANS 566/2022 (atendimento em {attend})"
