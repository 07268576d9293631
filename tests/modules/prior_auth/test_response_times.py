"""The record of response times: every request stands in it once, with the days its answer took."""

import statistics
from collections import Counter
from datetime import date, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA, SetClock
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import OperatorId, new_id
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.clocks import ResponseTimes
from austa.modules.prior_auth.domain.response_times import Group, median_of, put_together
from austa.modules.prior_auth.module import build_clocks
from austa.modules.prior_auth.service.clocks import ClocksService
from tests.conftest import TODAY, staff
from tests.fakes.identity import FakeIdentity
from tests.modules.prior_auth.house import CHEMOTHERAPY, KNEE_MRI, House

DAY = TODAY.astimezone(BRASILIA).date()
BRAZIL = BusinessCalendar()


@pytest.fixture
def clocks(platform: Platform) -> ClocksService:
    return build_clocks(platform, identity=cast(Identity, FakeIdentity()))[0]


async def record(
    clocks: ClocksService, caller: Caller, first: date = DAY, last: date = DAY
) -> dict[str, ResponseTimes]:
    return {one.service_class: one for one in (await clocks.response_times(caller, first, last)).classes}


def counts(one: ResponseTimes) -> tuple[int, ...]:
    return (one.requests, one.answered_in_term, one.answered_late, one.open_in_term, one.open_late, one.given_up)


async def test_each_request_stands_once_under_its_class_and_fate(
    house: House, clocks: ClocksService, clock: SetClock
) -> None:
    await house.ask("answered")
    await house.ask("waits", **CHEMOTHERAPY)
    given_up = await house.ask("given-up", items=KNEE_MRI)
    member = Caller.member(house.system.operator_id, house.member)
    await house.service.cancel(member, given_up, "asked_by_member")
    now = await record(clocks, house.system)
    assert counts(now["lab"]) == (1, 1, 0, 0, 0, 0)
    assert sum(one.requests for one in now.values()) == 3
    assert sum(one.open_in_term for one in now.values()) == 1
    assert sum(one.given_up for one in now.values()) == 1
    clock.advance(timedelta(days=20))
    later = await record(clocks, house.system)
    assert sum(one.open_late for one in later.values()) == 1
    assert later["lab"] == now["lab"]


async def test_days_are_counted_by_the_calendar_of_the_term(
    house: House, clocks: ClocksService, clock: SetClock
) -> None:
    await clocks.import_holidays(house.system, "data;nome;lei\n24/11;Padroeira;Lei municipal 1/1950\n", dry_run=False)
    request_id = await house.ask(**CHEMOTHERAPY)
    await clocks.import_holidays(house.system, "data;nome;lei\n", dry_run=False)
    clock.advance(timedelta(days=4))  # Saturday 21 to Wednesday 25, of which Tuesday was a holiday
    await house.release(request_id, "approve", house.world.identity.hire("technical_director"))
    (one,) = (await record(clocks, house.system)).values()
    assert (one.answered_in_term, one.median_days, one.longest_days, one.median_minutes) == (1, 2, 2, None)


async def test_the_answer_is_given_when_the_person_presses(
    house: House, clocks: ClocksService, clock: SetClock
) -> None:
    """Pressed in the last second of the term and recorded ten seconds later, it is in time."""
    request_id = await house.ask(**CHEMOTHERAPY)
    due_at = (await house.see(request_id)).due_at
    clock.advance(due_at - clock.now() + timedelta(seconds=10))
    director = house.world.identity.hire("technical_director")
    record_ = await house.release(request_id, "approve", director, released_at=due_at)
    assert record_.at == due_at
    (one,) = (await record(clocks, house.system)).values()
    assert (one.answered_in_term, one.answered_late) == (1, 0)


async def test_nobody_releases_in_the_future(house: House, clock: SetClock) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director")
    with pytest.raises(Forbidden):
        await house.release(request_id, "approve", director, released_at=clock.now() + timedelta(minutes=5))


async def test_an_answer_after_the_term_is_late(house: House, clocks: ClocksService, clock: SetClock) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    clock.advance(timedelta(days=20))
    await house.release(request_id, "approve", house.world.identity.hire("technical_director"))
    (one,) = (await record(clocks, house.system)).values()
    assert (one.answered_in_term, one.answered_late) == (0, 1)


async def test_what_is_due_at_once_is_told_in_minutes(house: House, clocks: ClocksService) -> None:
    await house.ask(character="urgent", asked_at=TODAY - timedelta(seconds=90))
    one = (await record(clocks, house.system))["urgency"]
    assert (one.term_days, one.answered_in_term, one.median_minutes, one.longest_minutes) == (0, 1, 2, 2)


async def test_a_day_is_that_of_the_operators_zone(house: House, clocks: ClocksService, clock: SetClock) -> None:
    clock.at = datetime(2026, 11, 21, 23, 30, tzinfo=BRASILIA)  # the next day in UTC
    await house.ask(asked_at=clock.now())
    assert (await record(clocks, house.system, date(2026, 11, 22), date(2026, 11, 22))) == {}
    assert "lab" in await record(clocks, house.system, date(2026, 11, 21), date(2026, 11, 21))


async def test_only_ones_own_requests_and_for_those_who_may(house: House, clocks: ClocksService) -> None:
    await house.ask()
    assert await record(clocks, Caller.system(OperatorId(new_id()), "test")) == {}
    with pytest.raises(Forbidden):
        await clocks.response_times(staff(house.system.operator_id, "medical_auditor"), DAY, DAY)
    with pytest.raises(Invalid, match="ends before"):
        await clocks.response_times(house.system, DAY, DAY - timedelta(days=1))


@given(st.lists(st.integers(0, 30), min_size=1))
def test_the_median_is_that_of_the_values_written_out(values: list[int]) -> None:
    assert median_of(Counter(values)) == statistics.median(values)


GROUPS = st.builds(
    Group,
    service_class=st.sampled_from(["lab", "therapy", "urgency"]),
    term_days=st.just(3),
    calendar_id=st.sampled_from([BRAZIL.id, "BR/older"]),
    fate=st.sampled_from(["answered_in_term", "answered_late", "open_in_term", "open_late", "given_up"]),
    asked_on=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    answered_on=st.none() | st.dates(date(2026, 6, 1), date(2026, 9, 1)),
    minutes=st.none() | st.integers(0, 500),
    requests=st.integers(1, 9),
)


@given(st.lists(GROUPS))
def test_nothing_is_lost_when_groups_are_put_together(groups: list[Group]) -> None:
    classes = put_together(groups, {BRAZIL.id: BRAZIL}, BRAZIL)
    assert sum(one.requests for one in classes) == sum(group.requests for group in groups)
    assert all(one.requests == sum(counts(one)[1:]) for one in classes)
    answered = [group for group in groups if group.answered_on]
    longest = max((BRAZIL.count(g.asked_on, g.answered_on) for g in answered if g.answered_on), default=None)
    assert max((one.longest_days for one in classes if one.longest_days is not None), default=None) == longest
