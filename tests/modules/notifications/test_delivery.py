"""When a message leaves, on which channel, and how reports may follow each other."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.notifications.api import Channel, State
from austa.modules.notifications.domain import delivery
from austa.modules.notifications.domain.delivery import Way

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ZONES = [SAO_PAULO, ZoneInfo("America/Manaus"), ZoneInfo("America/Noronha"), ZoneInfo("Europe/Lisbon")]
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
channels = st.sampled_from(get_args(Channel))
all_ways = st.fixed_dictionaries({channel: st.sampled_from(get_args(Way)) for channel in get_args(Channel)})


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 21, hour, minute, tzinfo=SAO_PAULO).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (at(8), at(8)),
        (at(20, 59), at(20, 59)),
        (at(21), at(8) + timedelta(days=1)),
        (at(3), at(8)),
        (at(7, 59), at(8)),
    ],
)
def test_news_waits_for_eight_in_the_morning(now: datetime, leaves: datetime) -> None:
    assert delivery.send_at(now, SAO_PAULO, at_once=False, requested_at=None) == leaves


def test_an_answer_to_somebody_who_just_asked_goes_at_once_at_night_too() -> None:
    now = at(3)
    for ago, leaves in ((0, now), (15, now), (16, at(8))):
        requested_at = now - timedelta(minutes=ago)
        assert delivery.send_at(now, SAO_PAULO, at_once=False, requested_at=requested_at) == leaves


@given(instants, st.sampled_from(ZONES), st.booleans(), st.none() | instants)
def test_no_message_leaves_early_or_rings_at_night_unasked(
    now: datetime, zone: ZoneInfo, at_once: bool, requested_at: datetime | None
) -> None:
    leaves = delivery.send_at(now, zone, at_once=at_once, requested_at=requested_at)
    assert now <= leaves <= now + timedelta(hours=12)
    if leaves != now:
        assert leaves.astimezone(zone).hour == delivery.MORNING
        assert not at_once
    elif not at_once and requested_at is None:
        assert delivery.MORNING <= now.astimezone(zone).hour < delivery.NIGHT


@given(st.lists(channels, unique=True), st.sets(channels), st.none() | channels)
def test_channels_are_those_allowed_and_reachable_the_preferred_first(
    allowed: list[Channel], reachable: set[Channel], preferred: Channel | None
) -> None:
    chosen = delivery.channels_for(allowed, reachable, preferred)
    assert set(chosen) == set(allowed) & reachable
    if preferred in chosen:
        assert chosen[0] == preferred
    rest = [channel for channel in chosen if channel != preferred]
    assert rest == [channel for channel in allowed if channel in rest]


@given(
    st.lists(channels, unique=True),
    st.fixed_dictionaries({c: st.sampled_from(get_args(Way)) for c in get_args(Channel)}),
)
def test_a_channel_that_works_is_found_when_there_is_one(left: list[Channel], ways: dict[Channel, Way]) -> None:
    chosen = delivery.next_channel(left, ways)
    if chosen is None:
        assert not left
        return
    channel, way = chosen
    assert way == ways[channel]
    assert (way == "missing") == all(ways[other] == "missing" for other in left)


def test_every_state_says_what_may_follow_and_the_end_is_the_end() -> None:
    states = set(get_args(State))
    assert set(delivery.FOLLOWS) == states
    assert {state for state in states if not delivery.FOLLOWS[state]} == {"read", "failed"}


@given(st.lists(st.sampled_from(["sent", "delivered", "read"]), max_size=8))
def test_reports_out_of_order_never_take_a_message_back(reports: list[State]) -> None:
    rank: dict[State, int] = {"requested": 0, "sent": 1, "delivered": 2, "read": 3}
    state: State = "requested"
    for told in reports:
        if delivery.may_follow(state, told):
            assert rank[told] > rank[state]
            state = told
    assert rank[state] == max([0, *(rank[told] for told in reports)])
