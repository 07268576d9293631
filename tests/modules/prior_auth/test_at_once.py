"""A request is assessed by the process that took it; what it leaves undone a worker does."""

import asyncio

import pytest
import sqlalchemy as sa

from austa.infra.in_place import MOST_AT_ONCE, InPlace
from austa.kernel.errors import Unavailable
from austa.modules.prior_auth.api.requests import RequestFilter
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from tests.modules.prior_auth.house import House, asked

LIFE = 4711


@pytest.fixture
def living(house: House) -> House:
    """This process shows its life, as the api does."""
    house.platform.database.life = LIFE
    return house


def hands_of(service: PriorAuthService) -> InPlace:
    return service._assess_now


async def waiting(house: House) -> list[tuple[str, bool]]:
    """Deliveries of assessments of this operator, and whether somebody holds them."""
    async with house.platform.database.begin("austa_dispatcher", None) as connection:
        rows = await connection.execute(
            sa.text(
                "select handler, lease_until is not null from dispatch.delivery"
                " where operator_id = :operator and handler = 'prior_auth.assess'"
            ),
            {"operator": house.system.operator_id},
        )
        return [(handler, held) for handler, held in rows]


async def test_the_answer_brings_the_decision(living: House) -> None:
    receipt = await living.service.request(living.system, "key-1", asked(living.member))
    assert receipt.state == "ISSUED"
    assert await waiting(living) == []
    view = await living.see(receipt.request_id)
    assert [decision.guide is not None for decision in view.decisions] == [True]
    (decided,) = await living.events("request_decided")
    assert decided["was_routed"] is False


async def test_without_a_sign_of_life_a_worker_decides(house: House) -> None:
    receipt = await house.service.request(house.system, "key-1", asked(house.member))
    assert (receipt.state, await waiting(house)) == ("RECEIVED", [("prior_auth.assess", False)])
    await house.settle()
    assert (await house.see(receipt.request_id)).state == "ISSUED"


async def test_a_failure_leaves_the_request_to_a_worker(living: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("test.away", "the other side is away")

    with monkeypatch.context() as patched:
        patched.setattr(living.world.members, "eligibility_facts", away)
        receipt = await living.service.request(living.system, "key-1", asked(living.member))
        assert (receipt.state, await waiting(living)) == ("RECEIVED", [("prior_auth.assess", False)])
    await living.settle()
    assert (await living.see(receipt.request_id)).state == "ISSUED"


async def test_what_a_dead_process_held_is_taken_over(living: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(InPlace, "_perform", dies)
        with pytest.raises(asyncio.CancelledError):
            await living.service.request(living.system, "key-1", asked(living.member))
    assert await waiting(living) == [("prior_auth.assess", True)]
    async with living.platform.database.begin("austa_dispatcher", None) as connection:
        # What a worker that starts, or hears again, does with leases of who shows no life.
        await connection.execute(
            sa.text("update dispatch.delivery set lease_until = null where lease_holder = :life"), {"life": LIFE}
        )
    await living.settle()
    (request,) = (await living.service.list(living.system, RequestFilter())).items
    assert request.state == "ISSUED"


async def test_beyond_what_it_can_do_at_once_workers_help(living: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands_of(living.service), "_at_work", MOST_AT_ONCE)
    receipt = await living.service.request(living.system, "key-1", asked(living.member))
    assert (receipt.state, await waiting(living)) == ("RECEIVED", [("prior_auth.assess", False)])
