"""Legal terms against a second, naive count, and the edges of days and zones."""

from datetime import UTC, date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.domain.clocks import answer_by, class_of_request, start_clock
from austa.modules.prior_auth.domain.terms import answer_term
from tests.kernel.naive_days import last_day_of_term

BRAZIL = BusinessCalendar()
CLASSES: tuple[ServiceClass, ...] = get_args(ServiceClass)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([c for c in CLASSES if c != "urgency"]),
    st.sampled_from(["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"]),
)
def test_term_agrees_with_the_naive_count(asked_at: datetime, service_class: ServiceClass, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    clock = start_clock(service_class, asked_at, BRAZIL, zone)
    ends = clock.due_at.astimezone(zone)
    assert ends.date() == last_day_of_term(asked_at.astimezone(zone).date(), answer_term(service_class).days, None)
    assert (ends.hour, ends.minute, ends.second) == (23, 59, 59)
    assert clock.calendar_id == BRAZIL.id
    assert clock.basis


def test_urgency_is_due_when_it_is_asked() -> None:
    at = datetime(2026, 11, 21, 23, 30, tzinfo=BRASILIA)
    assert start_clock("urgency", at, BRAZIL, BRASILIA).due_at == at


def test_laboratory_asked_before_the_holiday_of_20_november() -> None:
    """Thursday; Friday 20 is a national holiday since Lei 14.759/2023: three business days end on Wednesday 25."""
    at = datetime(2026, 11, 19, 22, 0, tzinfo=BRASILIA)
    due = start_clock("lab", at, BRAZIL, BRASILIA).due_at.astimezone(BRASILIA)
    assert due.date() == date(2026, 11, 25)


def test_the_same_instant_is_another_day_in_acre() -> None:
    at = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # Tuesday 00:30 in São Paulo, Monday 22:30 in Rio Branco
    acre = ZoneInfo("America/Rio_Branco")
    assert start_clock("lab", at, BRAZIL, BRASILIA).due_at.astimezone(BRASILIA).date() == date(2026, 11, 27)
    assert start_clock("lab", at, BRAZIL, acre).due_at.astimezone(acre).date() == date(2026, 11, 26)


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
    assert answer_term(service_class).days == days


def test_class_of_a_mixed_request() -> None:
    assert class_of_request(["lab", "other_outpatient"], urgent=False, non_care=False) == "lab"
    assert class_of_request(["lab", "high_complexity"], urgent=False, non_care=False) == "high_complexity"
    assert class_of_request(["high_complexity"], urgent=True, non_care=False) == "urgency"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)), st.integers(3, 10))
def test_papers_are_due_before_the_answer_is(now: datetime, days: int) -> None:
    due = start_clock("high_complexity" if days > 5 else "lab", now, BRAZIL, BRASILIA).due_at
    assert now < answer_by(now, due, BRAZIL, BRASILIA) < due
