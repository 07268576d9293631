"""The live feed: everything once, in order, also what committed late; resumable; only one's own operator."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import ClassVar
from uuid import UUID

import pytest_asyncio

from austa.infra.feed import Feed
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope, Event
from austa.kernel.ids import OperatorId, new_id

MODULE = "ledger"


class Seen(Event):
    TYPE: ClassVar[str] = "test.seen.v1"
    what: str

    def key(self) -> str:
        return self.what


class Watcher:
    """Collects what one reader of the feed gets."""

    def __init__(self, feed: Feed, operator_id: OperatorId, last: UUID | None = None) -> None:
        self.got: list[Envelope] = []
        self._task = asyncio.create_task(self._follow(feed, operator_id, last))

    async def _follow(self, feed: Feed, operator_id: OperatorId, last: UUID | None) -> None:
        async for envelope in feed.follow(operator_id, last):
            self.got.append(envelope)

    async def keys(self, count: int) -> list[str]:
        """The keys of what came, once `count` have come; an unexpected one more is seen too."""
        for _ in range(500):
            if len(self.got) >= count:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        return [envelope.key for envelope in self.got]

    async def stands(self, platform: Platform, caller: Caller) -> None:
        """Wait until it gets what happens from now on: the newest of some signs reaches it."""
        for number in range(100):
            sign = f"sign {number}"
            await publish(platform, caller, sign)
            for _ in range(20):
                if self.got and self.got[-1].key == sign:
                    self.got.clear()
                    return
                await asyncio.sleep(0.01)
        raise AssertionError("the watcher never stood")

    async def leave(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


@pytest_asyncio.fixture
async def feed(platform: Platform) -> AsyncIterator[Feed]:
    made = Feed(platform.database)
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0.1)
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def publish(platform: Platform, caller: Caller, *what: str) -> list[UUID]:
    async with platform.database.for_module(MODULE).transaction(caller) as tx:
        return list(await tx.publish(*(Seen(what=one) for one in what)))


async def test_a_watcher_gets_what_happens_from_now_on(feed: Feed, platform: Platform, system: Caller) -> None:
    await publish(platform, system, "before")
    watcher = Watcher(feed, system.operator_id)
    await watcher.stands(platform, system)
    await publish(platform, system, "one", "two")
    await publish(platform, system, "three")
    assert await watcher.keys(3) == ["one", "two", "three"]
    await watcher.leave()


async def test_a_watcher_resumes_after_the_last_event_it_saw(feed: Feed, platform: Platform, system: Caller) -> None:
    ids = await publish(platform, system, "one", "two", "three")
    watcher = Watcher(feed, system.operator_id, ids[0])
    assert await watcher.keys(2) == ["two", "three"]
    await watcher.leave()


async def test_an_unknown_place_means_from_now_on(feed: Feed, platform: Platform, system: Caller) -> None:
    await publish(platform, system, "before")
    watcher = Watcher(feed, system.operator_id, new_id())
    await watcher.stands(platform, system)
    await publish(platform, system, "after")
    assert await watcher.keys(1) == ["after"]
    await watcher.leave()


async def test_an_event_that_commits_late_is_not_missed(feed: Feed, platform: Platform, system: Caller) -> None:
    """A position is handed out before the commit: the slow transaction has the lower one and commits last."""
    watcher = Watcher(feed, system.operator_id)
    await watcher.stands(platform, system)
    async with platform.database.for_module(MODULE).transaction(system) as slow:
        await slow.publish(Seen(what="slow"))
        await publish(platform, system, "quick")
        await asyncio.sleep(0.2)
    await publish(platform, system, "last")
    assert await watcher.keys(3) == ["slow", "quick", "last"]
    await watcher.leave()


async def test_another_operators_events_are_never_seen(feed: Feed, platform: Platform, system: Caller) -> None:
    stranger = Caller.system(OperatorId(new_id()), "test")
    (foreign,) = await publish(platform, stranger, "theirs")
    watcher = Watcher(feed, system.operator_id, foreign)
    await watcher.stands(platform, system)
    await publish(platform, stranger, "theirs too")
    await publish(platform, system, "ours")
    assert await watcher.keys(1) == ["ours"]
    await watcher.leave()


async def test_a_long_absence_is_caught_up_in_order(feed: Feed, platform: Platform, system: Caller) -> None:
    (first,) = await publish(platform, system, "first")
    names = [f"{number:03d}" for number in range(450)]
    for start in range(0, 450, 90):
        await publish(platform, system, *names[start : start + 90])
    watcher = Watcher(feed, system.operator_id, first)
    assert await watcher.keys(450) == names
    await watcher.leave()
