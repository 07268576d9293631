"""Legal terms against a second, naive count, and the edges of days and zones."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.clocks import answer_by, class_of_request, read_internal_clock, start_clock
from tests.kernel.naive_days import last_day_of_term
from tests.modules.prior_auth.seeds import TERMS

BRAZIL = BusinessCalendar()
CLASSES: tuple[ServiceClass, ...] = get_args(ServiceClass)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([c for c in CLASSES if c != "urgency"]),
    st.sampled_from(["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"]),
)
def test_term_agrees_with_the_naive_count(asked_at: datetime, service_class: ServiceClass, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    clock = start_clock(service_class, asked_at, BRAZIL, zone, TERMS)
    ends = clock.due_at.astimezone(zone)
    assert ends.date() == last_day_of_term(asked_at.astimezone(zone).date(), TERMS.ruling[service_class].days, None)
    assert (ends.hour, ends.minute, ends.second) == (23, 59, 59)
    assert clock.calendar_id == BRAZIL.id
    assert clock.basis


def test_urgency_is_due_when_it_is_asked() -> None:
    at = datetime(2026, 11, 21, 23, 30, tzinfo=BRASILIA)
    assert start_clock("urgency", at, BRAZIL, BRASILIA, TERMS).due_at == at


def test_laboratory_asked_before_the_holiday_of_20_november() -> None:
    """Thursday; Friday 20 is a national holiday since Lei 14.759/2023: three business days end on Wednesday 25."""
    at = datetime(2026, 11, 19, 22, 0, tzinfo=BRASILIA)
    due = start_clock("lab", at, BRAZIL, BRASILIA, TERMS).due_at.astimezone(BRASILIA)
    assert due.date() == date(2026, 11, 25)


def test_the_same_instant_is_another_day_in_acre() -> None:
    at = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # Tuesday 00:30 in São Paulo, Monday 22:30 in Rio Branco
    acre = ZoneInfo("America/Rio_Branco")
    assert start_clock("lab", at, BRAZIL, BRASILIA, TERMS).due_at.astimezone(BRASILIA).date() == date(2026, 11, 27)
    assert start_clock("lab", at, BRAZIL, acre, TERMS).due_at.astimezone(acre).date() == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("service_class", "days"),
    [
        ("urgency", 0),
        ("lab", 3),
        ("basic_consult", 5),
        ("specialty_consult", 5),
        ("therapy", 5),
        ("other_outpatient", 5),
        ("day_hospital", 5),
        ("high_complexity", 10),
        ("elective_admission", 10),
        ("non_care", 7),
    ],
)
def test_shorter_norm_wins(service_class: ServiceClass, days: int) -> None:
    assert TERMS.ruling[service_class].days == days


def test_class_of_a_mixed_request() -> None:
    assert class_of_request(["lab", "other_outpatient"], TERMS, urgent=False, non_care=False) == "lab"
    assert class_of_request(["lab", "high_complexity"], TERMS, urgent=False, non_care=False) == "high_complexity"
    assert class_of_request(["high_complexity"], TERMS, urgent=True, non_care=False) == "urgency"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)), st.integers(3, 10))
def test_papers_are_due_before_the_answer_is(now: datetime, days: int) -> None:
    due = start_clock("high_complexity" if days > 5 else "lab", now, BRAZIL, BRASILIA, TERMS).due_at
    assert now < answer_by(now, due, BRAZIL, BRASILIA) < due


def internal(*changes: tuple[str, State], now: str) -> tuple[int, int, bool]:
    """Asked on Monday 23 November 2026; instants as `DD HH`, of that month."""
    at = [(datetime.strptime(f"2026-11-{when}", "%Y-%m-%d %H").replace(tzinfo=BRASILIA), to) for when, to in changes]
    until = datetime.strptime(f"2026-11-{now}", "%Y-%m-%d %H").replace(tzinfo=BRASILIA)
    clock = read_internal_clock(at, at[0][0], until, BRAZIL, BRASILIA)
    return clock.with_us_days, clock.awaited_days, clock.waiting


def test_our_own_clock_stands_while_papers_are_awaited() -> None:
    asked: tuple[str, State] = ("23 10", "RECEIVED")
    waits: tuple[str, State] = ("24 12", "PENDING_DOCUMENTS")
    back: tuple[str, State] = ("26 09", "ELIGIBILITY_CHECK")
    answered: tuple[str, State] = ("27 15", "DENIED")
    assert internal(asked, now="23 18") == (0, 0, False)
    assert internal(asked, now="24 11") == (1, 0, False)
    assert internal(asked, waits, now="25 18") == (0, 2, True)
    assert internal(asked, waits, back, now="26 18") == (1, 2, False)
    assert internal(asked, waits, back, answered, now="30 18") == (2, 2, False)


STATES_OF_A_LIFE = st.sampled_from(["ELIGIBILITY_CHECK", "PENDING_DOCUMENTS", "IN_MEDICAL_AUDIT", "DENIED"])


@given(st.lists(st.tuples(st.integers(1, 400), STATES_OF_A_LIFE), max_size=8), st.integers(0, 900))
def test_our_own_days_and_the_awaited_ones_are_all_business_days(steps: list[tuple[int, State]], hours: int) -> None:
    asked_at = datetime(2026, 11, 19, 12, tzinfo=BRASILIA)
    changes: list[tuple[datetime, State]] = [(asked_at, "RECEIVED")]
    changes += sorted(((asked_at + timedelta(hours=h), state) for h, state in steps), key=lambda step: step[0])
    now = max(asked_at + timedelta(hours=hours), changes[-1][0])
    clock = read_internal_clock(changes, asked_at, now, BRAZIL, BRASILIA)
    end = next((at for at, state in changes if state == "DENIED"), now)
    assert clock.with_us_days + clock.awaited_days == BRAZIL.count(asked_at.date(), end.date())
    assert clock.awaited_days == 0 or any(state == "PENDING_DOCUMENTS" for _, state in changes)
