"""Events leave in the same commit, arrive at least once, in order per key; failures park and hold their key."""

import asyncio
from datetime import timedelta
from typing import ClassVar

import pytest
import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.infra.outbox import ATTEMPTS_OTHERWISE, Dispatcher, Reaction, Work, count_due
from austa.infra.parked import ParkedDeliveries
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Unavailable
from austa.kernel.events import Envelope, Event
from tests.conftest import deliver

MODULE = "ledger"


class Happened(Event):
    TYPE: ClassVar[str] = "test.happened.v1"
    what: str
    about: str = "a"

    def key(self) -> str:
        return self.about


class Seen:
    """A reaction that remembers, and fails as often as it is told."""

    def __init__(self, operator: object, fail: int = 0) -> None:
        self.operator = operator
        self.what: list[str] = []
        self.fail = fail

    async def handle(self, tx: Transaction, envelope: Envelope) -> None:
        if envelope.operator != self.operator:
            return
        if self.fail:
            self.fail -= 1
            raise ValueError("a value that must not be logged")
        self.what.append(str(envelope.data["what"]))


@pytest.fixture
def name(operator_id: object) -> str:
    return f"test.seen.{operator_id}"


async def _publish(platform: Platform, caller: Caller, *events: Event, **how: object) -> None:
    async with platform.database.for_module(MODULE).transaction(caller) as tx:
        await tx.publish(*events, **how)  # type: ignore[arg-type]


async def _publish_and_fail(platform: Platform, caller: Caller, event: Event) -> None:
    async with platform.database.for_module(MODULE).transaction(caller) as tx:
        await tx.publish(event)
        raise RuntimeError


async def test_a_rolled_back_transaction_tells_nobody(platform: Platform, system: Caller, name: str) -> None:
    seen = Seen(system.operator_id)
    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, seen.handle)])
    with pytest.raises(RuntimeError):
        await _publish_and_fail(platform, system, Happened(what="lost"))
    await _publish(platform, system, Happened(what="kept"))
    await Dispatcher(platform.database, handlers).drain()
    assert seen.what == ["kept"]


async def test_events_of_one_key_arrive_in_order(platform: Platform, system: Caller, name: str) -> None:
    seen = Seen(system.operator_id)
    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, seen.handle)])
    for number in range(20):
        await _publish(platform, system, Happened(what=str(number)))
    dispatchers = [Dispatcher(platform.database, handlers) for _ in range(4)]
    while sum(await asyncio.gather(*(d.drain() for d in dispatchers))):
        pass
    assert seen.what == [str(number) for number in range(20)]


async def test_what_is_due_and_not_handled_yet_is_counted_and_timers_are_not(
    platform: Platform, system: Caller, clock: SetClock, name: str
) -> None:
    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, Seen(system.operator_id).handle)])
    await _publish(platform, system, Happened(what="now"), Happened(what="too"))
    await _publish(platform, system, Happened(what="later"), not_before=clock.now() + timedelta(days=1))
    assert (await count_due(platform.database))[name] == 2
    await Dispatcher(platform.database, handlers).drain()
    assert name not in await count_due(platform.database)


async def test_a_failing_handler_parks_and_holds_only_its_key(
    platform: Platform, system: Caller, clock: SetClock, name: str
) -> None:
    seen = Seen(system.operator_id, fail=ATTEMPTS_OTHERWISE)
    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, seen.handle)])
    dispatcher = Dispatcher(platform.database, handlers)
    await _publish(platform, system, Happened(what="poison"))
    for _ in range(ATTEMPTS_OTHERWISE):
        await dispatcher.drain()
        clock.advance(timedelta(minutes=10))
    await _publish(platform, system, Happened(what="behind"), Happened(what="other", about="b"))
    await dispatcher.drain()
    assert seen.what == ["other"]

    parked = ParkedDeliveries(platform.database)
    (held,) = [p for p in await parked.list() if p.handler == name]
    assert held.reason == "ValueError"
    await parked.retry(held.id)
    await dispatcher.drain()
    assert seen.what == ["other", "poison", "behind"]


async def test_urgent_work_is_tried_again_soon_for_as_long_as_any_other(
    platform: Platform, system: Caller, clock: SetClock, name: str
) -> None:
    async def never(tx: Transaction, envelope: Envelope) -> None:
        raise Unavailable("test.away", "the other side is away")

    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, never, lane="urgent")])
    dispatcher = Dispatcher(platform.database, handlers)
    began = clock.now()
    await _publish(platform, system, Happened(what="emergency"))
    waits = []
    while not [p for p in await ParkedDeliveries(platform.database).list() if p.handler == name]:
        before = clock.now()
        while not await dispatcher.drain():
            clock.advance(timedelta(seconds=1))
        waits.append((clock.now() - before).total_seconds())
    assert max(waits) <= 19
    assert clock.now() - began > timedelta(minutes=10)


async def test_a_timer_waits_and_holds_nobody_up(
    platform: Platform, system: Caller, clock: SetClock, name: str
) -> None:
    seen = Seen(system.operator_id)
    handlers = deliver(platform, [Reaction(name, MODULE, Happened.TYPE, seen.handle)])
    dispatcher = Dispatcher(platform.database, handlers)
    await _publish(platform, system, Happened(what="later"), not_before=clock.now() + timedelta(hours=1))
    await _publish(platform, system, Happened(what="now"))
    await dispatcher.drain()
    assert seen.what == ["now"]
    clock.advance(timedelta(hours=2))
    await dispatcher.drain()
    assert seen.what == ["now", "later"]


async def test_work_is_recorded_once_with_its_result(platform: Platform, system: Caller, name: str) -> None:
    results: list[str] = []

    async def perform(caller: Caller, envelope: Envelope) -> str:
        assert caller.causation == envelope.id
        return str(envelope.data["what"]).upper()

    async def apply(tx: Transaction, envelope: Envelope, result: str) -> None:
        results.append(result)

    handlers = deliver(platform, [Work(name, MODULE, Happened.TYPE, perform, apply)])
    await _publish(platform, system, Happened(what="done"))
    await Dispatcher(platform.database, handlers).drain()
    assert results == ["DONE"]


async def test_work_whose_lease_was_taken_over_records_nothing(platform: Platform, system: Caller, name: str) -> None:
    results: list[str] = []

    async def perform(caller: Caller, envelope: Envelope) -> str:
        async with platform.database.begin("austa_dispatcher", None) as connection:
            await connection.execute(
                sa.text("update dispatch.delivery set fence = fence + 1 where handler = :name"), {"name": name}
            )
        return "stale"

    async def apply(tx: Transaction, envelope: Envelope, result: str) -> None:
        results.append(result)

    handlers = deliver(platform, [Work(name, MODULE, Happened.TYPE, perform, apply)])
    await _publish(platform, system, Happened(what="x"))
    await Dispatcher(platform.database, handlers).drain()
    assert results == []


async def test_what_a_killed_worker_had_begun_is_taken_over_at_once(
    platform: Platform, system: Caller, name: str
) -> None:
    begun = asyncio.Event()
    finished: list[str] = []

    async def never_ends(caller: Caller, envelope: Envelope) -> str:
        begun.set()
        await asyncio.Event().wait()
        return "never"

    async def ends(caller: Caller, envelope: Envelope) -> str:
        return "done"

    async def apply(tx: Transaction, envelope: Envelope, result: str) -> None:
        finished.append(result)

    deliver(platform, [Work(name, MODULE, Happened.TYPE, never_ends, apply)])
    await _publish(platform, system, Happened(what="x"))
    killed = asyncio.create_task(
        Dispatcher(platform.database, [Work(name, MODULE, Happened.TYPE, never_ends, apply)]).run()
    )
    await asyncio.wait_for(begun.wait(), 5)
    next_worker = Dispatcher(platform.database, [Work(name, MODULE, Happened.TYPE, ends, apply)])
    beside = asyncio.create_task(next_worker.run())
    await asyncio.sleep(0.5)
    assert finished == [], "a living worker keeps its lease"
    next_worker.stop()
    await beside

    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    next_worker = Dispatcher(platform.database, [Work(name, MODULE, Happened.TYPE, ends, apply)])
    beside = asyncio.create_task(next_worker.run())
    for _ in range(30):
        await asyncio.sleep(0.1)
        if finished:
            break
    next_worker.stop()
    await beside
    assert finished == ["done"], "well before the lease has run out"


async def test_work_that_failed_while_the_database_was_away_is_tried_again_when_it_is_back(
    platform: Platform, system: Caller, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []
    finished: list[str] = []

    async def away(*_: object) -> None:
        raise ConnectionRefusedError

    async def perform(caller: Caller, envelope: Envelope) -> str:
        tries.append("once")
        if len(tries) == 1:
            raise ConnectionRefusedError
        return "done"

    async def apply(tx: Transaction, envelope: Envelope, result: str) -> None:
        finished.append(result)

    handlers = deliver(platform, [Work(name, MODULE, Happened.TYPE, perform, apply)])
    await _publish(platform, system, Happened(what="x"))
    worker = Dispatcher(platform.database, handlers)
    with monkeypatch.context() as patched:
        patched.setattr(worker, "_record_failure", away)
        with pytest.raises(ConnectionRefusedError):
            await worker.drain()
    await worker.drain()
    assert finished == [], "it is still leased"
    running = asyncio.create_task(worker.run())  # the listener's new connection
    for _ in range(30):
        await asyncio.sleep(0.1)
        if finished:
            break
    worker.stop()
    await running
    assert finished == ["done"], "well before the lease has run out"


async def test_another_tenant_and_another_role_see_nothing(platform: Platform, system: Caller) -> None:
    await _publish(platform, system, Happened(what="mine"))
    count = sa.text("select count(*) from outbox.event where operator_id = :mine")
    mine = {"mine": system.operator_id}
    async with platform.database.begin("austa_ledger", system.operator_id) as connection:
        assert await connection.scalar(count, mine) == 1
    async with platform.database.begin("austa_ledger", None) as connection:
        assert await connection.scalar(count, mine) == 0
    with pytest.raises(sa.exc.ProgrammingError):
        async with platform.database.engine.begin() as connection:
            await connection.scalar(count, mine)
    with pytest.raises(sa.exc.ProgrammingError):
        async with platform.database.begin("austa_chat", system.operator_id) as connection:
            await connection.execute(sa.text("select * from keys.data_key"))
