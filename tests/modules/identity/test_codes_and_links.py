"""One-time codes and access links at the door."""

from datetime import timedelta
from uuid import uuid4

import pytest

from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, NotFound, TooMany
from austa.kernel.ids import MemberId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import StartedCode
from austa.modules.identity.service.identity import IdentityService
from tests.conftest import staff as caller_with


def wrong(started: StartedCode) -> Personal:
    return Personal(f"{(int(started.code.reveal()) + 1) % 1_000_000:06d}")


@pytest.fixture
def subject() -> SubjectId:
    return SubjectId(new_id())


async def test_the_right_code_is_accepted_once_however_it_is_typed(
    identity: IdentityService, house: Caller, subject: SubjectId
) -> None:
    started = await identity.start_code(house, "turn-1", subject, "link_channel")
    digits = started.code.reveal()
    assert await identity.check_code(house, "turn-2", started.id, Personal(f" {digits[:3]} {digits[3:]}. "))
    with pytest.raises(Conflict, match="code_used"):
        await identity.check_code(house, "turn-3", started.id, started.code)


async def test_a_repeated_call_gets_the_same_code_and_the_same_answer(
    identity: IdentityService, house: Caller, subject: SubjectId
) -> None:
    started = await identity.start_code(house, "turn-1", subject, "link_channel")
    assert await identity.start_code(house, "turn-1", subject, "link_channel") == started
    for _ in range(9):
        assert not await identity.check_code(house, "turn-2", started.id, wrong(started))
    for _ in range(2):
        assert await identity.check_code(house, "turn-3", started.id, started.code)


async def test_five_wrong_tries_end_a_code(identity: IdentityService, house: Caller, subject: SubjectId) -> None:
    started = await identity.start_code(house, "turn", subject, "link_channel")
    for turn in range(5):
        assert not await identity.check_code(house, f"try-{turn}", started.id, wrong(started))
    with pytest.raises(TooMany, match="code_tries_used_up"):
        await identity.check_code(house, "try-6", started.id, started.code)


async def test_a_code_ends_after_ten_minutes_and_when_a_newer_one_starts(
    identity: IdentityService, house: Caller, subject: SubjectId, clock: SetClock
) -> None:
    first = await identity.start_code(house, "1", subject, "link_channel")
    second = await identity.start_code(house, "2", subject, "link_channel")
    with pytest.raises(Conflict, match="code_expired"):
        await identity.check_code(house, "a", first.id, first.code)
    clock.advance(timedelta(minutes=10))
    with pytest.raises(Conflict, match="code_expired"):
        await identity.check_code(house, "b", second.id, second.code)


async def test_a_sixth_code_within_an_hour_must_wait(
    identity: IdentityService, house: Caller, subject: SubjectId, clock: SetClock
) -> None:
    for n in range(5):
        await identity.start_code(house, str(n), subject, "link_channel")
    with pytest.raises(TooMany, match="too_many_codes") as refused:
        await identity.start_code(house, "6", subject, "link_channel")
    assert refused.value.details["retry_after_s"] == 3600
    await identity.start_code(house, "other", SubjectId(new_id()), "link_channel")
    clock.advance(timedelta(hours=1))
    await identity.start_code(house, "6", subject, "link_channel")


async def test_a_code_of_another_operator_is_not_found(
    identity: IdentityService, house: Caller, subject: SubjectId
) -> None:
    started = await identity.start_code(house, "1", subject, "link_channel")
    elsewhere = Caller.system(OperatorId(new_id()), "chat")
    with pytest.raises(NotFound, match="no_such_code"):
        await identity.check_code(elsewhere, "a", started.id, started.code)


async def test_a_link_leads_its_member_to_its_thing(identity: IdentityService, house: Caller, clock: SetClock) -> None:
    member, request = MemberId(new_id()), uuid4()
    expires_at = clock.now() + timedelta(days=30)
    link = await identity.create_link(house, member, "authorization", request, expires_at)
    target = await identity.open_link(link.token)
    assert (target.operator_id, target.member_id, target.resource_id) == (house.operator_id, member, request)
    assert target.expires_at == expires_at
    later = await identity.create_link(house, member, "authorization", request, expires_at + timedelta(days=1))
    assert later.token == link.token
    assert (await identity.open_link(link.token)).expires_at == expires_at + timedelta(days=1)


async def test_an_expired_link_leads_nowhere_and_is_replaced(
    identity: IdentityService, house: Caller, clock: SetClock
) -> None:
    member, request = MemberId(new_id()), uuid4()
    link = await identity.create_link(house, member, "authorization", request, clock.now() + timedelta(days=1))
    clock.advance(timedelta(days=1))
    with pytest.raises(NotFound, match="no_such_link"):
        await identity.open_link(link.token)
    fresh = await identity.create_link(house, member, "authorization", request, clock.now() + timedelta(days=1))
    assert fresh.token != link.token
    assert (await identity.open_link(fresh.token)).resource_id == request
    with pytest.raises(NotFound, match="no_such_link"):
        await identity.open_link(link.token)


async def test_five_tries_without_the_second_factor_lock_a_link(
    identity: IdentityService, house: Caller, clock: SetClock
) -> None:
    link = await identity.create_link(
        house, MemberId(new_id()), "authorization", uuid4(), clock.now() + timedelta(days=9)
    )
    for _ in range(4):
        target = await identity.open_link(link.token)
    await identity.confirm_link(house, target.link_id)
    for _ in range(5):
        await identity.open_link(link.token)
    with pytest.raises(TooMany, match="link_locked"):
        await identity.open_link(link.token)


async def test_secrets_are_for_the_house_only(identity: IdentityService, house: Caller, clock: SetClock) -> None:
    member = Caller.member(house.operator_id, MemberId(new_id()))
    with pytest.raises(Forbidden, match="staff_only"):
        await identity.create_link(member, MemberId(new_id()), "authorization", uuid4(), clock.now())
    with pytest.raises(Forbidden, match="system_only"):
        await identity.get_invitation(caller_with(house.operator_id, "administrator"), uuid4())
