"""Legal clocks: which term rules a request and until when it runs (domain-br 2.5). The clock never pauses."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.clocks import InternalClock, LegalClock, ServiceClass
from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.lifecycle import OPEN, WAITING
from austa.modules.prior_auth.domain.terms import LegalTerms

LAST_SECOND = time(23, 59, 59)
COMPLEX: tuple[ServiceClass, ...] = ("elective_admission", "high_complexity")


def class_of_request(
    classes: Iterable[ServiceClass], terms: LegalTerms, *, urgent: bool, non_care: bool
) -> ServiceClass:
    """The class that rules a request: complex care and admission as a whole, else the shortest term of its items."""
    if urgent:
        return "urgency"
    if non_care:
        return "non_care"
    present = tuple(classes)
    for complex_class in COMPLEX:
        if complex_class in present:
            return complex_class
    return min(present, key=lambda service_class: terms.ruling[service_class].days)


def start_clock(
    service_class: ServiceClass, asked_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo, terms: LegalTerms
) -> LegalClock:
    """The term of a request asked at that instant: the end of the last business day, on the wall of `zone`."""
    days, asked_on = terms.ruling[service_class].days, local_date(asked_at, zone)
    last = calendar.add(asked_on, days)
    return LegalClock(
        service_class=service_class,
        asked_at=asked_at.astimezone(UTC),
        due_at=end_of_day(last, zone) if days else asked_at.astimezone(UTC),
        business_days=days,
        calendar_id=calendar.id,
        zone=zone.key,
        basis=" ".join(
            (_norms(service_class, terms), *holidays_sentence(calendar, asked_on, last), f"Tabela {terms.table}.")
        ),
    )


def answer_by(now: datetime, due_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when asked papers may come so that a person still has a business day before the legal term ends."""
    today, last = local_date(now, zone), local_date(due_at, zone)
    day = last - timedelta(days=1)
    while day > today and not calendar.is_business_day(day):
        day -= timedelta(days=1)
    return end_of_day(max(day, today + timedelta(days=1)), zone)


def read_internal_clock(
    changes: Sequence[tuple[datetime, State]],
    asked_at: datetime,
    now: datetime,
    calendar: BusinessCalendar,
    zone: ZoneInfo,
) -> InternalClock:
    """Our own time on a request with those changes of state, oldest first. A day belongs to the state it ends in."""
    end = next((at for at, state in changes if state not in OPEN), now)
    asked_on, last = local_date(asked_at, zone), local_date(end, zone)
    days = (asked_on + timedelta(days=n) for n in range(1, (last - asked_on).days + 1))
    ends = [min(end_of_day(day, zone), end) for day in days if calendar.is_business_day(day)]
    awaited = sum(_state_at(changes, instant) in WAITING for instant in ends)
    return InternalClock(
        with_us_days=len(ends) - awaited, awaited_days=awaited, waiting=_state_at(changes, end) in WAITING
    )


def _state_at(changes: Sequence[tuple[datetime, State]], instant: datetime) -> State | None:
    return next((state for at, state in reversed(changes) if at <= instant), None)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of that day in that zone, in UTC."""
    return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)


def _norms(service_class: ServiceClass, terms: LegalTerms) -> str:
    answer, attendance = terms.answer[service_class], terms.attendance[service_class]
    if attendance is None:
        return f"{answer.days} dias úteis para responder ({answer.clause})."
    if answer.days == 0:
        return f"Resposta imediata ({answer.clause}; {attendance.clause})."
    return (
        f"{terms.ruling[service_class].days} dias úteis: o menor entre responder em {answer.days} ({answer.clause})"
        f" e atender em {attendance.days} ({attendance.clause})."
    )


def holidays_sentence(calendar: BusinessCalendar, asked_on: date, last: date) -> tuple[str, ...]:
    """The sentence about the holidays that made the term longer; none where none did."""
    off = [f"{one.day:%d/%m/%Y} ({one.name}, {one.law})" for one in calendar.days_off(asked_on, last)]
    return (f"Não contam: {'; '.join(off)}.",) if off else ()
