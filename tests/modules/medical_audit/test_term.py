"""Legal time left, by rule: property tests against a naive count."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA
from austa.modules.medical_audit.api.cases import Urgency
from austa.modules.medical_audit.domain.term import AFTER_CARE, BY_TERM, PINNED, TimeLeft, Today, due_window, time_left

CALENDAR = BusinessCalendar()
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(lambda at: at.replace(tzinfo=UTC))
SPANS = st.timedeltas(timedelta(days=-20), timedelta(days=30))
ZONES = st.sampled_from([BRASILIA, ZoneInfo("America/Manaus"), ZoneInfo("America/Noronha")])


def left(due_at: datetime, now: datetime, zone: ZoneInfo = BRASILIA, queue: str = "medical") -> TimeLeft:
    return time_left(due_at, Today(now, zone, CALENDAR), place=BY_TERM, queue=queue, closed_at=None)


def naive_days(start: date, end: date) -> int:
    """Days after `start` up to `end` that are neither weekend nor holiday, one by one."""
    sign, (first, last) = (1, (start, end)) if end >= start else (-1, (end, start))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return sign * len([day for day in days if CALENDAR.is_business_day(day)])


@given(INSTANTS, SPANS, ZONES)
def test_days_left_are_counted_on_the_operators_wall(now: datetime, span: timedelta, zone: ZoneInfo) -> None:
    due_at = now + span
    said = left(due_at, now, zone)
    days = naive_days(now.astimezone(zone).date(), due_at.astimezone(zone).date())
    assert said.business_days == days
    assert said.overdue == (now > due_at)
    expected = "RED" if now > due_at else "ORANGE" if days <= 0 else "YELLOW" if days <= 2 else "GREEN"
    assert said.urgency == expected


@given(INSTANTS, SPANS, ZONES, st.sampled_from(["medical", "manual"]))
def test_every_term_lies_in_the_window_of_its_urgency_and_in_no_other(
    now: datetime, span: timedelta, zone: ZoneInfo, queue: str
) -> None:
    due_at = now + span
    shared = {"medical": ("RED", "ORANGE", "YELLOW", "GREEN"), "manual": ("RED", "ORANGE", "BLUE")}
    urgencies: tuple[Urgency, ...] = get_args(Urgency)
    inside = []
    for urgency in urgencies:
        window = due_window(urgency, Today(now, zone, CALENDAR))
        after = window.since is None or due_at >= window.since
        before = window.until is None or due_at < window.until
        if after and before and urgency in shared[queue]:
            inside.append(urgency)
    assert inside == [left(due_at, now, zone, queue).urgency]


def test_the_legal_term_ends_with_the_day() -> None:
    friday_noon = datetime(2026, 11, 27, 15, tzinfo=UTC)
    last_second = datetime(2026, 11, 28, 2, 59, 59, tzinfo=UTC)
    assert left(last_second, friday_noon) == TimeLeft("ORANGE", 0, overdue=False)
    assert left(last_second, last_second + timedelta(seconds=1)).overdue


def test_over_a_holiday_no_day_passes() -> None:
    thursday = datetime(2026, 11, 19, 15, tzinfo=UTC)
    monday_night = datetime(2026, 11, 24, 2, 59, 59, tzinfo=UTC)
    assert left(monday_night, thursday) == TimeLeft("YELLOW", 1, overdue=False)


@pytest.mark.parametrize(
    ("place", "closed", "said"),
    [
        (PINNED, False, TimeLeft("RED", None, overdue=True)),
        (AFTER_CARE, False, TimeLeft("BLUE", None, overdue=False)),
        (BY_TERM, True, TimeLeft("BLUE", None, overdue=True)),
        (PINNED, True, TimeLeft("BLUE", None, overdue=False)),
    ],
)
def test_urgent_after_care_and_closed(place: int, closed: bool, said: TimeLeft) -> None:
    due_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    now = due_at + timedelta(hours=1)
    today = Today(now, BRASILIA, CALENDAR)
    assert time_left(due_at, today, place=place, queue="medical", closed_at=now if closed else None) == said
