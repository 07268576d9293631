"""A request is assessed by the process that took it; what it leaves undone a worker does."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from austa.infra.in_place import InPlace
from austa.infra.in_step import Company
from austa.kernel.errors import NotFound, Unavailable
from austa.kernel.ids import MemberId, new_id
from austa.modules.prior_auth.api.requests import RequestFilter, RequestReceipt
from tests.modules.prior_auth.house import House, asked

LIFE = 4711


@pytest.fixture
def living(house: House) -> House:
    """This process shows its life, as the api does."""
    house.platform.database.life = LIFE
    return house


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
    monkeypatch.setattr("austa.infra.in_place.MOST_PRESENT", 0)
    receipt = await living.service.request(living.system, "key-1", asked(living.member))
    assert (receipt.state, await waiting(living)) == ("RECEIVED", [("prior_auth.assess", False)])


async def test_what_comes_in_a_rush_is_decided_together_as_it_would_be_alone(
    living: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await living.ask("before")
    sizes = companies(monkeypatch)
    members = [living.add_member() for _ in range(5)]
    receipts = await asyncio.gather(
        *(living.service.request(living.system, f"key-{at}", asked(member)) for at, member in enumerate(members))
    )
    assert [receipt.state for receipt in receipts] == ["ISSUED"] * 5
    assert sizes == [5, 5]
    assert await waiting(living) == []
    views = [await living.see(receipt.request_id) for receipt in receipts]
    guides = sorted(decision.guide.number for view in views for decision in view.decisions if decision.guide)
    first = int(guides[0][-8:])
    assert [int(guide[-8:]) for guide in guides] == [*range(first, first + 5)]
    assert len({receipt.protocol for receipt in receipts}) == 5
    assert [view.member_id for view in views] == members


async def test_of_a_rush_one_that_fails_fails_alone(living: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await living.ask("before")
    sizes = companies(monkeypatch)
    unknown = MemberId(new_id())
    members = [*(living.add_member() for _ in range(3)), unknown]
    outcomes = await asyncio.gather(
        *(living.service.request(living.system, f"key-{at}", asked(member)) for at, member in enumerate(members)),
        return_exceptions=True,
    )
    assert sizes[0] == 4
    assert [each.state for each in outcomes[:3] if isinstance(each, RequestReceipt)] == ["ISSUED"] * 3
    assert isinstance(outcomes[3], NotFound)


async def test_of_two_equal_requests_in_a_rush_the_second_sees_the_first(living: House) -> None:
    receipts = await asyncio.gather(
        *(living.service.request(living.system, f"key-{at}", asked(living.member)) for at in range(3))
    )
    states = sorted(str(receipt.state) for receipt in receipts)
    assert states == ["IN_MEDICAL_AUDIT", "IN_MEDICAL_AUDIT", "ISSUED"]


async def test_the_same_key_in_a_rush_takes_one_request(living: House) -> None:
    receipts = await asyncio.gather(
        *(living.service.request(living.system, "key", asked(living.member)) for _ in range(3))
    )
    assert len({receipt.request_id for receipt in receipts}) == 1
    assert sorted(receipt.created for receipt in receipts) == [False, False, True]


def companies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many went together, each time that some did."""
    sizes: list[int] = []
    walk = Company.walk

    async def noted(self: Company, calls: Sequence[Any]) -> list[Any]:
        sizes.append(len(calls))
        return await walk(self, calls)

    monkeypatch.setattr(Company, "walk", noted)
    return sizes
