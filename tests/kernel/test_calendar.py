"""Business days, compared with counting on the fingers."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar

BRAZIL = BusinessCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
STATES = st.sampled_from([None, "SP", "RJ", "BA", "AC"])


def on_the_fingers(state: str | None, extra: frozenset[date], day: date) -> bool:
    return day.strftime("%a") not in {"Sat", "Sun"} and day not in extra and day not in holidays.BR(subdiv=state)


@given(day=DAYS, state=STATES, extra=st.frozensets(DAYS, max_size=3))
def test_a_business_day_is_no_weekend_and_no_holiday(day: date, state: str | None, extra: frozenset[date]) -> None:
    calendar = BusinessCalendar(state=state, extra_holidays=extra)
    assert calendar.is_business_day(day) == on_the_fingers(state, extra, day)


@given(start=DAYS, days=st.integers(0, 40), state=STATES)
def test_adding_counts_every_business_day_after_the_start(start: date, days: int, state: str | None) -> None:
    calendar = BusinessCalendar(state=state)
    end = calendar.add(start, days)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(on_the_fingers(state, frozenset(), day) for day in between) == days
    assert days == 0 or calendar.is_business_day(end)


@given(start=DAYS, days=st.integers(0, 40))
def test_counting_undoes_adding(start: date, days: int) -> None:
    assert BRAZIL.count(start, BRAZIL.add(start, days)) == days


@given(one=DAYS, two=DAYS)
def test_counting_back_is_the_negative(one: date, two: date) -> None:
    assert BRAZIL.count(one, two) == -BRAZIL.count(two, one)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 19), 1, date(2026, 11, 23)),  # Consciência Negra, national since Lei 14.759/2023
        (date(2026, 4, 2), 1, date(2026, 4, 6)),  # Sexta-feira Santa
        (date(2026, 2, 13), 1, date(2026, 2, 16)),  # Carnaval is ponto facultativo, not a holiday
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_known_days(start: date, days: int, end: date) -> None:
    assert BRAZIL.add(start, days) == end


def test_a_state_holiday_counts_only_there() -> None:
    revolution = date(2026, 7, 9)
    assert BRAZIL.is_business_day(revolution)
    assert not BusinessCalendar(id="BR-SP", state="SP").is_business_day(revolution)


def test_a_city_holiday_is_the_operators_to_name() -> None:
    birthday = date(2027, 1, 25)
    assert not BusinessCalendar(extra_holidays=frozenset({birthday})).is_business_day(birthday)
