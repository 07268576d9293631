"""A clerk confirms by card and date of birth who stands at the desk, and learns little more."""

from datetime import date, timedelta
from typing import cast

import pytest
import pytest_asyncio

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, NotFound, TooMany
from austa.kernel.ids import ProviderId, new_id
from austa.modules.identity.api import Identity
from austa.modules.members.service.members import MemberService
from austa.modules.privacy.api import Privacy
from tests.conftest import clerk, staff
from tests.fakes.identity import FakeIdentity
from tests.fakes.privacy import FakePrivacy
from tests.modules.members.people import CARD, contract, marina

HOSPITAL = ProviderId(new_id())
BORN = marina().birth_date


@pytest.fixture
def privacy() -> FakePrivacy:
    return FakePrivacy()


@pytest.fixture
def members(platform: Platform, privacy: FakePrivacy) -> MemberService:
    return MemberService(
        platform.database.for_module("members"),
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        identity=cast(Identity, FakeIdentity()),
        privacy=cast(Privacy, privacy),
        answer_floor_s=0,
    )


@pytest_asyncio.fixture
async def desk(members: MemberService, system: Caller) -> Caller:
    """The clerk of a hospital, in a house with one member."""
    assert (await members.save(system, (contract(),), (marina(),))).problems == ()
    return clerk(system.operator_id, HOSPITAL)


async def test_card_and_birth_date_tell_who_it_is_and_the_look_is_written_down(
    members: MemberService, privacy: FakePrivacy, desk: Caller
) -> None:
    found = await members.confirm(desk, CARD, BORN)
    assert (found.shown_name.reveal(), found.card_end) == ("Marina A. T.", "0017")
    assert privacy.looks == [(desk.actor, found.member_id, "member")]
    assert await members.is_confirmed(desk, HOSPITAL, found.member_id)
    assert not await members.is_confirmed(desk, ProviderId(new_id()), found.member_id)


async def test_wrong_date_and_unknown_card_get_the_same_answer(members: MemberService, desk: Caller) -> None:
    with pytest.raises(NotFound) as wrong_date:
        await members.confirm(desk, CARD, date(1992, 4, 3))
    with pytest.raises(NotFound) as unknown:
        await members.confirm(desk, "00370000000000099", BORN)
    assert str(wrong_date.value) == str(unknown.value)
    assert wrong_date.value.code == unknown.value.code == "members.not_confirmed"


async def test_guessing_dates_is_paused_and_right_pairs_do_not_count(
    members: MemberService, desk: Caller, clock: SetClock
) -> None:
    for _ in range(12):
        await members.confirm(desk, CARD, BORN)
    for day in range(1, 11):
        with pytest.raises(NotFound):
            await members.confirm(desk, CARD, date(1990, 1, day))
    with pytest.raises(TooMany) as paused:
        await members.confirm(desk, CARD, BORN)
    assert 0 < paused.value.details["retry_after_s"] <= 900
    clock.advance(timedelta(minutes=16))
    await members.confirm(desk, CARD, BORN)


async def test_confirmation_ages(members: MemberService, desk: Caller, clock: SetClock) -> None:
    found = await members.confirm(desk, CARD, BORN)
    clock.advance(timedelta(hours=25))
    assert not await members.is_confirmed(desk, HOSPITAL, found.member_id)
    assert found.member_id in await members.confirmed(desk, HOSPITAL, (found.member_id,))


async def test_confirming_is_for_clerks_and_opens_no_record(members: MemberService, desk: Caller) -> None:
    with pytest.raises(Forbidden):
        await members.confirm(staff(desk.operator_id, "technical_director"), CARD, BORN)
    found = await members.confirm(desk, CARD, BORN)
    with pytest.raises(Forbidden):
        await members.get(desk, found.member_id)
    with pytest.raises(Forbidden):
        await members.search(desk, "Marina", None, 10)
