"""Answers that would come late are told of before, once a stage, and what nobody looked at reaches a person."""

from datetime import UTC, datetime, timedelta
from typing import cast, get_args
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.platform import Platform
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA, SetClock
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.api.requests import AttachedDocument
from austa.modules.prior_auth.domain.clocks import start_clock
from austa.modules.prior_auth.domain.forecast import predictions_of
from austa.modules.prior_auth.events import TermNearing
from austa.modules.prior_auth.module import build_clocks
from tests.conftest import TODAY
from tests.fakes.identity import FakeIdentity
from tests.modules.prior_auth.house import CHEMOTHERAPY, KNEE_MRI, House
from tests.modules.prior_auth.seeds import TERMS

BRAZIL = BusinessCalendar()
CLASSES: tuple[ServiceClass, ...] = get_args(ServiceClass)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from(["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"])


@given(INSTANTS, st.sampled_from([c for c in CLASSES if c != "urgency"]), ZONES)
def test_every_term_is_told_of_before_it_ends_and_on_a_business_day(
    asked_at: datetime, service_class: ServiceClass, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    clock = start_clock(service_class, asked_at, BRAZIL, zone, TERMS)
    predictions = predictions_of(clock, asked_at, BRAZIL)
    instants = [prediction.at for prediction in predictions]
    assert instants == sorted(set(instants))
    assert asked_at < instants[0]
    assert clock.due_at - instants[-1] < timedelta(days=1) <= clock.due_at - instants[0] + timedelta(seconds=1)
    assert all(BRAZIL.is_business_day(at.astimezone(zone).date()) for at in instants)


@pytest.mark.parametrize(
    ("service_class", "days_left"),
    [("lab", [0]), ("therapy", [1, 0]), ("non_care", [1, 0]), ("high_complexity", [2, 0])],
)
def test_how_many_business_days_are_left_after_the_day_of_each_prediction(
    service_class: ServiceClass, days_left: list[int]
) -> None:
    clock = start_clock(service_class, TODAY, BRAZIL, BRASILIA, TERMS)
    last = clock.due_at.astimezone(BRASILIA).date()
    days = [p.at.astimezone(BRASILIA).date() for p in predictions_of(clock, TODAY, BRAZIL)]
    assert [BRAZIL.count(day, last) for day in days] == days_left


def test_an_urgent_request_is_told_of_after_five_minutes() -> None:
    clock = start_clock("urgency", TODAY, BRAZIL, BRASILIA, TERMS)
    received_at = TODAY + timedelta(minutes=2)
    (prediction,) = predictions_of(clock, received_at, BRAZIL)
    assert (prediction.stage, prediction.at) == ("immediate", received_at + timedelta(minutes=5))


def test_a_request_that_reached_us_after_its_term_leaves_the_rules_their_minutes() -> None:
    clock = start_clock("therapy", TODAY - timedelta(days=30), BRAZIL, BRASILIA, TERMS)
    assert {p.at for p in predictions_of(clock, TODAY, BRAZIL)} == {TODAY + timedelta(minutes=5)}


async def test_an_open_request_is_told_of_at_three_quarters_and_on_the_last_day(house: House, clock: SetClock) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    due_at = (await house.see(request_id)).due_at
    told = []
    while clock.now() < due_at:
        clock.advance(timedelta(hours=6))
        await house.settle()
        told = await house.events("breach_predicted")
    assert [(one["stage"], one["business_days_left"]) for one in told] == [("three_quarters", 1), ("last_day", 0)]
    assert {one["request_id"] for one in told} == {str(request_id)}


async def test_an_answered_request_is_left_in_peace(house: House, clock: SetClock) -> None:
    await house.ask()
    clock.advance(timedelta(days=20))
    await house.settle()
    assert await house.events("breach_predicted") == []


async def test_a_stage_is_told_once_however_often_its_timer_comes(house: House, clock: SetClock) -> None:
    request_id = await house.ask(items=KNEE_MRI)
    for _ in range(3):
        await house.publish(TermNearing(request_id=request_id, stage="three_quarters"))
    assert [one["stage"] for one in await house.events("breach_predicted")] == ["three_quarters"]


async def test_waiting_for_papers_does_not_hold_the_legal_clock(house: House, clock: SetClock) -> None:
    request_id = await house.ask(items=KNEE_MRI)
    before = (await house.see(request_id)).clock
    clock.advance(timedelta(days=20))
    await house.settle()
    later = await house.see(request_id)
    assert later.clock == before
    assert later.internal_clock.awaited_days > 0
    assert [one["stage"] for one in await house.events("breach_predicted")] == ["three_quarters", "last_day"]


async def test_a_request_whose_paper_is_never_read_reaches_a_person_before_the_term_ends(
    house: House, clock: SetClock
) -> None:
    photo = house.world.documents.put("reading")
    request_id = await house.ask(documents=(AttachedDocument(kind="order", document_id=photo),))
    due_at = (await house.see(request_id)).due_at
    clock.advance(due_at - clock.now() - timedelta(hours=23))
    await house.settle()
    request = await house.see(request_id)
    assert (request.state, request.queue) == ("IN_MEDICAL_AUDIT", "medical")
    assert [one["routes"] for one in await house.events("request_routed")] == [["PRZ02"]]


async def test_an_urgent_request_that_no_rule_reached_is_with_a_person_in_minutes(
    house: House, clock: SetClock
) -> None:
    photo = house.world.documents.put("reading")
    papers = (AttachedDocument(kind="order", document_id=photo),)
    request_id = await house.ask(character="urgent", documents=papers)
    clock.advance(timedelta(minutes=6))
    await house.settle()
    assert (await house.see(request_id)).state == "IN_MEDICAL_AUDIT"
    (told,) = await house.events("breach_predicted")
    assert told["stage"] == "immediate"


async def test_requests_of_an_older_version_get_their_warnings(
    house: House, clock: SetClock, platform: Platform
) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    async with platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        await connection.execute(sa.text("update prior_auth.request set watch = null"))
    clocks = build_clocks(platform, identity=cast(Identity, FakeIdentity()))[0]
    assert await clocks.watch_open(house.system) == 1
    assert await clocks.watch_open(house.system) == 0
    clock.advance(timedelta(days=20))
    await house.settle()
    told = await house.events("breach_predicted")
    assert [(one["stage"], one["request_id"]) for one in told] == [
        ("three_quarters", str(request_id)),
        ("last_day", str(request_id)),
    ]
