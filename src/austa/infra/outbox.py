"""The one retry machine: events, timers and long work are deliveries, handled at least once, in order per key.

A handler comes in two kinds. `Reaction` runs inside the transaction that completes its delivery: its effect
happens exactly once. `Work` talks to the world (network, OCR, another module): `perform` runs outside any
transaction under a lease with a fencing number, `apply` records the result together with the completion;
what `perform` calls must be idempotent, because a killed worker's perform is repeated.

A handler that keeps failing parks its delivery with the reason; a parked delivery holds its key, so that
nothing overtakes it, until a person retries or drops it (`austa outbox parked`).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Literal
from uuid import UUID

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra import living, telemetry
from austa.infra.db import WAKE, WAKE_CHANNEL, Database, Route, Transaction, enter
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Conflict, NotFound, Unavailable
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId

DISPATCHER = "austa_dispatcher"
LEASE = timedelta(seconds=10)
HEARTBEAT_S = 3.0
POLL_S = 1.0
ATTEMPTS_UNAVAILABLE = 12
ATTEMPTS_OTHERWISE = 4
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 300.0
URGENT_ATTEMPTS_UNAVAILABLE = 60
LONGEST_URGENT_RETRY_S = 15.0
"""Urgent work is tried for as long as any other, some fourteen minutes, but never waits longer than this."""

DatabaseAway = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, sa.exc.SQLAlchemyError)

log = structlog.get_logger()
jitter = SystemRandom()


Lane = Literal["urgent", "normal", "slow"]
"""Handlers of a lane wait only for each other: an emergency never stands behind a page that is being read."""

URGENT_TASKS = 2
SLOW_TASKS = 2


@dataclass(frozen=True)
class Reaction:
    """React inside the transaction: `handle(tx, envelope)`. `name` is permanent: rows in the table bear it."""

    name: str
    module: str
    event_type: str
    handle: Callable[[Transaction, Envelope], Awaitable[None]]
    independent: bool = False
    """True: a parked delivery does not hold up later events of its key."""
    lane: Lane = "normal"


@dataclass(frozen=True)
class Work:
    """Work outside, then record inside: `apply(tx, envelope, await perform(caller, envelope))`."""

    name: str
    module: str
    event_type: str
    perform: Callable[[Caller, Envelope], Awaitable[Any]]
    apply: Callable[[Transaction, Envelope, Any], Awaitable[None]]
    independent: bool = False
    lane: Lane = "normal"


Handler = Reaction | Work


def routes_of(handlers: Sequence[Handler]) -> list[Route]:
    """The routing table that publishers need."""
    return [Route(handler.name, handler.event_type) for handler in handlers]


@dataclass(frozen=True)
class _Claim:
    id: int
    event_id: UUID
    operator_id: OperatorId
    handler: str
    key: str
    attempts: int
    fence: int


@dataclass
class _Line:
    """The tasks of one lane: `names` of its handlers, those asleep, and how often it was told of something new."""

    names: list[str]
    tasks: int
    sleepers: list[asyncio.Event] = field(default_factory=list)
    heard: int = 0

    def wake_one(self) -> None:
        """Whoever finds something wakes the next: one delivery does not send everybody looking."""
        if self.sleepers:
            self.sleepers.pop().set()


class Dispatcher:
    """Runs the handlers of one process until stopped. `tasks` is how many of the normal lane run side by side."""

    def __init__(self, database: Database, handlers: Sequence[Handler], tasks: int = 6) -> None:
        self._database = database
        self._handlers = {handler.name: handler for handler in handlers}
        self._independent = [handler.name for handler in handlers if handler.independent]
        sizes: dict[Lane, int] = {"urgent": URGENT_TASKS, "normal": tasks, "slow": SLOW_TASKS}
        self._lines = {
            lane: _Line([handler.name for handler in handlers if handler.lane == lane], size)
            for lane, size in sizes.items()
        }
        self._number = living.new_number()
        self._performing: set[int] = set()
        self._introduced = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; a running handler is finished first."""
        hearing = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch_timers())]
        try:
            # Whose life is not seen yet would lose at once what it leases.
            await self._introduced.wait()
            async with asyncio.TaskGroup() as group:
                for line in self._lines.values():
                    for _ in range(line.tasks if line.names else 0):
                        group.create_task(self._work(line))
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)

    def stop(self) -> None:
        """Finish what is being handled, then let `run` end."""
        self._stopping.set()
        self._introduced.set()
        for line in self._lines.values():
            for sleeper in line.sleepers:
                sleeper.set()

    async def drain(self) -> int:
        """Handle everything that is due now, one after another, and return how many; for tests and loaders."""
        handled = 0
        everything = _Line(list(self._handlers), 1)
        await self._mark_due()
        while await self._handle_next(everything):
            handled += 1
        return handled

    async def _work(self, line: _Line) -> None:
        while not self._stopping.is_set():
            heard = line.heard
            try:
                busy = await self._handle_next(line)
            except DatabaseAway as error:
                # A restart or a fail-over: deliveries are safe in the database; ask again soon.
                log.warning("outbox.database_away", error=type(error).__name__)
                busy = False
            # What was published while we looked would otherwise wait for the next poll.
            if not busy and heard == line.heard:
                await self._sleep(line)

    async def _sleep(self, line: _Line) -> None:
        sleeper = asyncio.Event()
        line.sleepers.append(sleeper)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(sleeper.wait(), jitter.uniform(0.5, 1.0) * POLL_S)
        if sleeper in line.sleepers:
            line.sleepers.remove(sleeper)

    def _hear(self, handlers: str) -> None:
        """Something was published for these handlers; for whom is not said where it is empty."""
        named = set(handlers.split())
        for line in self._lines.values():
            if not named or not named.isdisjoint(line.names):
                line.heard += 1
                line.wake_one()

    async def _watch_timers(self) -> None:
        """Timers whose instant has come are deliveries like any other."""
        while True:
            with contextlib.suppress(*DatabaseAway):
                if await self._mark_due():
                    self._hear("")
            await asyncio.sleep(jitter.uniform(0.5, 1.0) * POLL_S)

    async def _mark_due(self) -> int:
        async with self._database.begin(DISPATCHER, None) as connection:
            return (await connection.execute(_MARK_DUE, {"now": self._database.clock.now()})).rowcount

    async def _listen(self) -> None:
        """Hear of new events at once; polling goes on beneath while the listener is away."""
        while True:
            try:
                await listen(self._database, WAKE_CHANNEL, self._hear, self._show_life)
            except DatabaseAway as error:
                log.info("outbox.listener_away", error=type(error).__name__)
                self._introduced.set()
            await asyncio.sleep(POLL_S)

    async def _show_life(self, connection: asyncpg.Connection) -> None:
        """Hold our number for as long as this connection lives, and take over what dead workers had begun.

        And what we gave up ourselves while the database was away, so that we could not even say so.
        """
        await living.show_life(connection, self._number)
        async with self._database.begin(DISPATCHER, None) as ours:
            freed = await ours.execute(_FREE_LEASES, {"ours": self._number, "performing": list(self._performing)})
        self._introduced.set()
        if freed.rowcount:
            log.info("outbox.leases_freed", count=freed.rowcount)
            self._hear("")

    async def _handle_next(self, line: _Line) -> bool:
        """Claim and handle one delivery. False when nothing is due."""
        claim: _Claim | None = None
        try:
            async with self._database.engine.begin() as connection:
                claim = await self._claim(connection, line.names)
                if claim is None:
                    return False
                line.wake_one()
                handler = self._handlers[claim.handler]
                if isinstance(handler, Reaction):
                    await self._react(connection, handler, claim)
                    telemetry.handled(handler.name)
                    return True
                envelope = await self._lease(connection, handler, claim)
        except Exception as error:
            if claim is None:
                raise
            await self._record_failure(claim, error)
            return True
        await self._perform(handler, claim, envelope)
        return True

    async def _claim(self, connection: AsyncConnection, names: list[str]) -> _Claim | None:
        await enter(connection, DISPATCHER, None)
        found = await connection.execute(
            _NEXT,
            {
                "handlers": names,
                "independent": self._independent,
                "now": self._database.clock.now(),
            },
        )
        row = found.one_or_none()
        if row is None:
            return None
        *found_claim, locked = row
        return _Claim(*found_claim) if locked else None

    async def _react(self, connection: AsyncConnection, handler: Reaction, claim: _Claim) -> None:
        envelope = await self._envelope(connection, handler, claim)
        tx = Transaction(connection, _caller(handler, envelope), self._database)
        await handler.handle(tx, envelope)
        await self._complete(connection, claim)

    async def _lease(self, connection: AsyncConnection, handler: Handler, claim: _Claim) -> Envelope:
        await connection.execute(_TAKE_LEASE, {"id": claim.id, "lease": LEASE, "holder": self._number})
        return await self._envelope(connection, handler, claim)

    async def _perform(self, handler: Work, claim: _Claim, envelope: Envelope) -> None:
        leased = _Claim(**{**claim.__dict__, "fence": claim.fence + 1})
        beat = asyncio.create_task(self._keep_lease(leased))
        self._performing.add(claim.id)
        try:
            result = await handler.perform(_caller(handler, envelope), envelope)
            async with self._database.engine.begin() as connection:
                await enter(connection, DISPATCHER, None)
                held = await connection.scalar(_HOLDS, {"id": leased.id, "fence": leased.fence})
                if held is None:
                    log.warning("outbox.lease_lost", handler=handler.name)
                    return
                await enter(connection, f"austa_{handler.module}", leased.operator_id)
                tx = Transaction(connection, _caller(handler, envelope), self._database)
                await handler.apply(tx, envelope, result)
                await self._complete(connection, leased)
            telemetry.handled(handler.name)
        except Exception as error:
            await self._record_failure(leased, error)
        finally:
            self._performing.discard(claim.id)
            beat.cancel()

    async def _keep_lease(self, claim: _Claim) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with contextlib.suppress(*DatabaseAway):
                async with self._database.begin(DISPATCHER, None) as connection:
                    await connection.execute(_EXTEND, {"id": claim.id, "fence": claim.fence, "lease": LEASE})

    async def _envelope(self, connection: AsyncConnection, handler: Handler, claim: _Claim) -> Envelope:
        await enter(connection, f"austa_{handler.module}", claim.operator_id)
        raw = await connection.scalar(_ENVELOPE, {"id": claim.event_id})
        if raw is None:
            raise NotFound("outbox.event", "the event of this delivery is gone")
        return Envelope.read(raw)

    async def _complete(self, connection: AsyncConnection, claim: _Claim) -> None:
        await enter(connection, DISPATCHER, None)
        done = await connection.execute(_COMPLETE, {"id": claim.id, "fence": claim.fence})
        if done.rowcount != 1:
            raise Conflict("outbox.lease_lost", "another worker has taken this delivery over")

    async def _record_failure(self, claim: _Claim, error: Exception) -> None:
        reason = f"{error.kind} {error.code}" if isinstance(error, AustaError) else type(error).__name__
        urgent = self._handlers[claim.handler].lane == "urgent"
        patience = URGENT_ATTEMPTS_UNAVAILABLE if urgent else ATTEMPTS_UNAVAILABLE
        attempts = claim.attempts + 1
        parks = attempts >= (patience if isinstance(error, Unavailable) else ATTEMPTS_OTHERWISE)
        longest = LONGEST_URGENT_RETRY_S if urgent else LONGEST_RETRY_S
        wait = min(longest, FIRST_RETRY_S * 2 ** min(attempts - 1, 10)) * jitter.uniform(0.8, 1.2)
        async with self._database.begin(DISPATCHER, None) as connection:
            await connection.execute(
                _FAIL,
                {
                    "id": claim.id,
                    "fence": claim.fence,
                    "attempts": attempts,
                    "state": "parked" if parks else "waiting",
                    "reason": reason,
                    "not_before": self._database.clock.now() + timedelta(seconds=wait),
                },
            )
        telemetry.failed(claim.handler, parked=parks)
        level = log.error if parks else log.warning
        level(
            "outbox.parked" if parks else "outbox.retry",
            handler=claim.handler,
            delivery=claim.id,
            attempts=attempts,
            reason=reason,
            where=telemetry.where(error),
        )


@dataclass(frozen=True)
class Parked:
    """A delivery that waits for a person."""

    id: int
    event_id: UUID
    operator_id: UUID
    event_type: str
    handler: str
    key: str
    attempts: int
    reason: str
    since: datetime


class ParkedDeliveries:
    """What an engineer may do with parked deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self) -> list[Parked]:
        """All of them, oldest first."""
        async with self._database.begin(DISPATCHER, None) as connection:
            return [Parked(*row) for row in await connection.execute(_PARKED)]

    async def retry(self, delivery_id: int) -> None:
        """Hand it to its handler again, with fresh attempts. Raises `NotFound`."""
        await self._change(_RETRY, delivery_id)

    async def drop(self, delivery_id: int) -> None:
        """Give it up: its effect will not happen, later events of its key go on. Raises `NotFound`."""
        await self._change(_DROP, delivery_id)

    async def _change(self, statement: sa.TextClause, delivery_id: int) -> None:
        async with self._database.begin(DISPATCHER, None) as connection:
            changed = await connection.execute(statement, {"id": delivery_id, "now": self._database.clock.now()})
            if changed.rowcount != 1:
                raise NotFound("outbox.parked", "no parked delivery has this number", number=delivery_id)
            await connection.execute(WAKE, {"handlers": ""})


async def listen(
    database: Database,
    channel: str,
    hear: Callable[[str], None],
    begin: Callable[[asyncpg.Connection], Awaitable[None]] | None = None,
) -> None:
    """Call `hear` with what every notification on `channel` says; returns or raises when the connection is lost.

    The connection is this listener's alone and closed at the end; `begin` may use it first.
    """
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        try:
            if begin is not None:
                await begin(driver)
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(channel, lambda *said: hear(str(said[-1])))
            # What was published while nobody listened.
            hear("")
            await lost.wait()
        finally:
            await connection.invalidate()


def _caller(handler: Handler, envelope: Envelope) -> Caller:
    return Caller.system(envelope.operator, handler.module, causation=envelope.id, correlation=envelope.correlation)


# A delivery is next when it is due, not leased, and no earlier one of its handler and key is due, retrying,
# parked or leased. Timers that are not due hold nobody up. People who wait now (priority 1) come before batches.
# The row lock is enough but for two events of one key that committed against the order of their ids: so the key is
# locked too, once the row is chosen.
_NEXT = sa.text("""
with next as materialized (
select d.id, d.event_id, d.operator_id, d.handler, d.key, d.attempts, d.fence
  from dispatch.delivery d
 where d.state = 'waiting'
   and d.due
   and d.handler = any(:handlers)
   and d.not_before <= :now
   and (d.lease_until is null or d.lease_until < now())
   and not exists (
       select 1 from dispatch.delivery p
        where p.handler = d.handler and p.key = d.key and p.id <> d.id
          and (p.lease_until >= now()
               or (p.id < d.id and p.state = 'waiting' and (p.attempts > 0 or p.not_before <= :now))
               or (p.id < d.id and p.state = 'parked' and p.handler <> all(:independent))))
 order by d.priority desc, d.id
 limit 1
   for update of d skip locked
)
select *, pg_try_advisory_xact_lock(hashtextextended(handler || ' ' || key, 0)) from next
""").bindparams(sa.bindparam("handlers", type_=sa.ARRAY(sa.Text)), sa.bindparam("independent", type_=sa.ARRAY(sa.Text)))
_MARK_DUE = sa.text("""
update dispatch.delivery set due = true
 where id in (select id from dispatch.delivery where state = 'waiting' and not due and not_before <= :now
               order by not_before limit 1000 for update skip locked)
""")
_TAKE_LEASE = sa.text(
    "update dispatch.delivery set lease_until = now() + :lease, lease_holder = :holder, fence = fence + 1"
    " where id = :id"
)
# A worker that lost only its connection may have its lease taken over too: then its result is fenced off.
_FREE_LEASES = sa.text(
    "update dispatch.delivery set lease_until = null where lease_until >= now()"
    " and (lease_holder not in (select outbox.living_processes())"
    " or (lease_holder = :ours and id <> all(:performing)))"
).bindparams(sa.bindparam("performing", type_=sa.ARRAY(sa.BigInteger)))
_EXTEND = sa.text("update dispatch.delivery set lease_until = now() + :lease where id = :id and fence = :fence")
_HOLDS = sa.text("select id from dispatch.delivery where id = :id and fence = :fence for update")
_ENVELOPE = sa.text("select envelope::text from outbox.event where id = :id")
_COMPLETE = sa.text("delete from dispatch.delivery where id = :id and fence = :fence")
_FAIL = sa.text(
    "update dispatch.delivery set attempts = :attempts, state = :state, reason = :reason,"
    " not_before = :not_before, lease_until = null where id = :id and fence = :fence"
)
_PARKED = sa.text(
    "select id, event_id, operator_id, event_type, handler, key, attempts, reason, not_before"
    " from dispatch.delivery where state = 'parked' order by id"
)
_RETRY = sa.text(
    "update dispatch.delivery set state = 'waiting', attempts = 0, reason = null, not_before = :now"
    " where id = :id and state = 'parked'"
)
_DROP = sa.text("delete from dispatch.delivery where id = :id and state = 'parked'")
