"""Two times against a naive implementation that remembers every day of every moment in a table."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.bitemporal import Statement, Version, believed, correct, known_at, said_from

FIRST = date(2026, 1, 1)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = 14

TOLD = st.lists(st.tuples(st.integers(0, DAYS - 1), st.sampled_from("ABC")), min_size=1, max_size=10)
"""Corrections in the order in which they arrive: from that day on, it is that."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def moment(number: int) -> datetime:
    return START + timedelta(hours=number)


def tell(versions: list[Version], new: Statement, at: datetime) -> list[Version]:
    return correct(versions, said_from(believed(versions, "plan"), new), {"plan"}, at)


def believed_on(versions: list[Version], number: int, at: datetime) -> list[str]:
    return [each.content for each in known_at(versions, at) if each.holds_on(day(number))]


@given(TOLD)
def test_every_day_at_every_moment_is_what_a_table_of_days_says(told: list[tuple[int, str]]) -> None:
    versions: list[Version] = []
    table: dict[int, str] = {}
    tables = []
    for hour, (start, content) in enumerate(told):
        versions = tell(versions, Statement("plan", day(start), None, content), moment(hour))
        table = {n: table[n] for n in table if n < start} | dict.fromkeys(range(start, DAYS), content)
        tables.append(table)
    for hour, known in enumerate(tables):
        for number in range(DAYS):
            expected = [known[number]] if number in known else []
            assert believed_on(versions, number, moment(hour)) == expected
            assert believed_on(versions, number, moment(hour) + timedelta(minutes=59)) == expected
    assert known_at(versions, START - timedelta(microseconds=1)) == ()


@given(TOLD)
def test_nothing_that_was_believed_is_changed(told: list[tuple[int, str]]) -> None:
    versions: list[Version] = []
    for hour, (start, content) in enumerate(told):
        before, versions = versions, tell(versions, Statement("plan", day(start), None, content), moment(hour))
        for old, new in zip(before, versions, strict=False):
            assert (old.id, old.statement, old.known_from) == (new.id, new.statement, new.known_from)
            assert old.known_until in {None, new.known_until}


@given(TOLD)
def test_what_is_told_again_opens_nothing(told: list[tuple[int, str]]) -> None:
    versions: list[Version] = []
    for hour, (start, content) in enumerate(told):
        versions = tell(versions, Statement("plan", day(start), None, content), moment(hour))
    start, content = told[-1]
    assert tell(versions, Statement("plan", day(start), None, content), moment(99)) == versions


@given(TOLD)
def test_a_history_is_as_short_as_it_can_be(told: list[tuple[int, str]]) -> None:
    versions: list[Version] = []
    for hour, (start, content) in enumerate(told):
        versions = tell(versions, Statement("plan", day(start), None, content), moment(hour))
    held = known_at(versions, moment(99))
    assert all(one.valid_until == other.valid_from for one, other in pairwise(held))
    assert all(one.content != other.content for one, other in pairwise(held))
    assert held[-1].valid_until is None


def test_a_set_of_statements_is_replaced_whole() -> None:
    first = Statement("waiting", day(0), day(9), "other")
    second = Statement("waiting", day(0), day(3), "urgency")
    versions = correct([Version(None, first, START)], (second,), {"waiting"}, moment(1))
    assert versions == [Version(None, first, START, moment(1)), Version(None, second, moment(1))]


def test_other_aspects_are_left_alone() -> None:
    other = Version(None, Statement("plan", day(0), None, "A"), START)
    assert correct([other], (), {"waiting"}, moment(1)) == [other]


def test_a_clock_that_goes_back_rewrites_no_past() -> None:
    first = Statement("plan", day(0), None, "A")
    second = Statement("plan", day(0), None, "B")
    versions = correct([Version(None, first, moment(5))], (second,), {"plan"}, moment(3))
    assert versions == [Version(None, first, moment(5), moment(5)), Version(None, second, moment(5))]
