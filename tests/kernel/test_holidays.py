"""Holidays by law, against a naive second reading of the laws and against an independent package."""

from datetime import date, timedelta
from typing import get_args
from zoneinfo import available_timezones

import holidays
import pytest

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.errors import Invalid
from austa.kernel.holidays import NATIONAL, STATES, Holiday, State, easter
from tests.kernel.naive_days import easter_by_gauss, is_business_day, last_day_of_term

EVERY_STATE: tuple[State, ...] = get_args(State)
FIRST_DAY, DAYS = date(2025, 1, 1), 3652
"""Ten years."""
TERMS = (3, 5, 7, 10)
"""Business days of RN ANS 623/2024 and 566/2022."""


@pytest.mark.parametrize("state", [None, *EVERY_STATE])
def test_ten_years_of_days_agree_with_the_naive_reading(state: State | None) -> None:
    calendar = BusinessCalendar(state)
    days = (FIRST_DAY + timedelta(days=n) for n in range(DAYS))
    assert [day for day in days if calendar.is_business_day(day) != is_business_day(day, state)] == []


@pytest.mark.parametrize("state", [None, *EVERY_STATE])
def test_terms_agree_with_the_naive_count(state: State | None) -> None:
    """Every eleventh day and every term; `make test-slow` takes every day."""
    assert_terms_agree(state, step=11)


@pytest.mark.slow
@pytest.mark.parametrize("state", [None, *EVERY_STATE])
def test_every_term_of_ten_years_agrees_with_the_naive_count(state: State | None) -> None:
    assert_terms_agree(state, step=1)


def assert_terms_agree(state: State | None, step: int) -> None:
    calendar = BusinessCalendar(state)
    days = [FIRST_DAY + timedelta(days=n) for n in range(0, DAYS, step)]
    for term in TERMS:
        assert [d for d in days if calendar.add(d, term) != last_day_of_term(d, term, state)] == []


def test_two_rules_of_easter_agree_for_two_centuries() -> None:
    assert [year for year in range(1900, 2100) if easter(year) != easter_by_gauss(year)] == []


LEFT_OUT: dict[State, set[str]] = {
    "AP": {"07-25"},
    "CE": {"03-19", "08-15"},
    "GO": {"07-26", "10-24"},
    "RN": {"08-07"},
    "RO": {"06-18"},
    "TO": {"03-18"},
}
"""What the package holds and we do not: each with its reason in `STATES`."""
ONLY_OURS: dict[State, set[date]] = {
    "AP": {date(year, 5, 15) for year in range(2026, 2036)},
    "MA": {easter(year) + timedelta(days=60) for year in range(2026, 2036)},
    "RJ": {easter(year) + timedelta(days=60) for year in range(2026, 2036)},
}
MOVED: tuple[State, ...] = ("AC", "AL")
"""The package does not move them as their laws do."""


@pytest.mark.parametrize("state", [s for s in EVERY_STATE if s not in MOVED])
def test_an_independent_package_differs_only_where_the_law_says_so(state: State) -> None:
    ours = {day for year in range(2026, 2036) for day in days_off(state, year)}
    package = holidays.country_holidays("BR", subdiv=state, years=range(2026, 2036))
    theirs = {day for day in package if day.weekday() < 5}
    assert ours - theirs <= ONLY_OURS.get(state, set())
    assert {f"{day:%m-%d}" for day in theirs - ours} == LEFT_OUT.get(state, set())


def days_off(state: State | None, year: int) -> set[date]:
    return {off.day for off in BusinessCalendar(state).days_off(date(year - 1, 12, 31), date(year, 12, 31))}


def test_every_state_names_a_law_for_each_holiday_or_says_why_it_has_none() -> None:
    assert set(STATES) == set(EVERY_STATE)
    assert all(calendar.holidays or calendar.left_out for calendar in STATES.values())
    every = [*NATIONAL, *(holiday for calendar in STATES.values() for holiday in calendar.holidays)]
    assert all("Lei" in holiday.law or "Constituição" in holiday.law for holiday in every)


def test_the_zones_are_the_four_of_brazil() -> None:
    zones = {calendar.zone for calendar in STATES.values()}
    assert zones <= available_timezones()
    assert STATES["AC"].zone == "America/Rio_Branco"
    assert STATES["AM"].zone == "America/Manaus"
    assert STATES["SP"].zone == "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("state", "day", "works"),
    [
        (None, date(2026, 2, 17), True),  # Carnival Tuesday is no national holiday
        ("RJ", date(2026, 2, 17), False),  # but one of Rio de Janeiro
        (None, date(2026, 6, 4), True),  # Corpus Christi
        ("RJ", date(2026, 6, 4), False),  # Lei RJ 11.002/2025
        ("DF", date(2026, 6, 4), True),  # by decree only
        ("ES", date(2027, 4, 5), False),  # Nossa Senhora da Penha, eight days after Easter
        ("AL", date(2027, 11, 29), False),  # 30 November is a Tuesday and moves back
        ("AL", date(2027, 11, 30), True),
        ("SC", date(2026, 8, 11), True),  # moved to the Sunday
        ("AC", date(2027, 1, 20), True),  # a Wednesday: the year's decree places it, so the day counts
        ("RO", date(2027, 6, 18), True),  # its law was struck down
        (None, date(2023, 11, 20), True),
        (None, date(2024, 11, 20), False),
    ],
)
def test_days_that_are_often_wrong(state: State | None, day: date, works: bool) -> None:
    assert BusinessCalendar(state).is_business_day(day) is works


@pytest.mark.parametrize("when", ["", "31-12", "02-30", "easter", "easter+x", "2027-1-25", "2027-13-01", "amanhã"])
def test_a_day_that_is_none_is_refused(when: str) -> None:
    with pytest.raises(Invalid, match="MM-DD"):
        Holiday("x", when, "Lei x")


def test_a_leap_day_is_a_holiday_of_leap_years() -> None:
    leap = Holiday("x", "02-29", "Lei x")
    assert (leap.day_in(2027), leap.day_in(2028)) == (None, date(2028, 2, 29))
