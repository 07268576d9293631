"""Business days, compared with counting on the fingers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar, DayOff
from austa.kernel.holidays import Holiday, State
from tests.kernel.naive_days import is_holiday

BRAZIL = BusinessCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
STATES: st.SearchStrategy[State | None] = st.sampled_from([None, "SP", "RJ", "BA", "AC", "AL"])


def on_the_fingers(state: State | None, own: frozenset[date], day: date) -> bool:
    return day.strftime("%a") not in {"Sat", "Sun"} and day not in own and not is_holiday(day, state)


def once(day: date) -> Holiday:
    return Holiday("Aniversário da cidade", day.isoformat(), "Lei municipal 1/1950")


@given(day=DAYS, state=STATES, own=st.frozensets(DAYS, max_size=3))
def test_a_business_day_is_no_weekend_and_no_holiday(day: date, state: State | None, own: frozenset[date]) -> None:
    calendar = BusinessCalendar(state, tuple(map(once, own)))
    assert calendar.is_business_day(day) == on_the_fingers(state, own, day)


@given(start=DAYS, days=st.integers(0, 40), state=STATES)
def test_adding_counts_every_business_day_after_the_start(start: date, days: int, state: State | None) -> None:
    calendar = BusinessCalendar(state)
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
    assert not BusinessCalendar("SP").is_business_day(revolution)


def test_a_city_holiday_is_the_operators_to_name() -> None:
    birthday = date(2027, 1, 25)
    assert not BusinessCalendar(own=(once(birthday),)).is_business_day(birthday)


def test_a_calendar_tells_the_holidays_within_a_term_with_their_laws() -> None:
    calendar = BusinessCalendar("SP", (once(date(2027, 1, 25)), once(date(2027, 1, 24))))
    assert calendar.days_off(date(2026, 12, 31), date(2027, 1, 31)) == (
        DayOff(date(2027, 1, 1), "Confraternização Universal", "Lei 662/1949, art. 1º (Lei 10.607/2002)", "national"),
        DayOff(date(2027, 1, 25), "Aniversário da cidade", "Lei municipal 1/1950", "own"),
    )


def test_the_id_says_whose_holidays_by_which_table_and_which_own_list() -> None:
    assert BRAZIL.id == "BR/2026.11"
    assert BusinessCalendar("SP", (once(date(2027, 1, 25)),), revision=3).id == "BR-SP/2026.11+3"
