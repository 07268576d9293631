"""Ids sort by time and say nothing else; derived ids are the same for the same parts. Time is an argument."""

import time
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.clock import SetClock, SystemClock, local_date
from austa.kernel.ids import derived_id, new_id


def test_ids_are_version_seven() -> None:
    made = [new_id() for _ in range(1_000)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 1_000


def test_ids_sort_by_the_time_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = []
    for _ in range(5):
        made.append(new_id())
        time.sleep(0.002)
    after = time.time_ns() // 1_000_000
    assert made == sorted(made)
    assert all(before <= one.int >> 80 <= after for one in made)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/")), min_size=1, max_size=3), st.text(min_size=1)
)
def test_derived_ids_are_equal_exactly_when_their_parts_are(parts: list[str], more: str) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert derived_id(*parts) != derived_id(*parts, more)
    assert derived_id(*parts).version == 5


def test_a_set_clock_stands_until_it_is_moved() -> None:
    clock = SetClock(datetime(2026, 11, 21, 15, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(days=1))
    assert clock.now() == datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_the_machines_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_date_of_care_is_the_one_on_the_wall() -> None:
    assert local_date(datetime(2026, 11, 22, 2, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert local_date(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)) == date(2026, 11, 22)
