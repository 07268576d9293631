"""The one retry machine: events, timers and long work are deliveries, handled at least once, in order per key.

A handler is of one of three kinds. `Reaction` runs inside the transaction that completes its delivery: its effect
happens exactly once. `Work` talks to the world (network, OCR, another module): `perform` runs outside any
transaction under a lease with a fencing number, `apply` records the result together with the completion;
what `perform` calls must be idempotent, because a killed worker's perform is repeated. A `Batch` is a reaction to
many events at once, for what nobody waits for: what came within a moment shares one transaction.

A handler that keeps failing parks its delivery with the reason; a parked delivery holds its key, so that
nothing overtakes it, until a person retries or drops it (`austa outbox parked`).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from random import SystemRandom
from typing import Any, Literal

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra import deliveries, in_step, living, telemetry
from austa.infra.db import WAKE_CHANNEL, Database, Route, Transaction, enter
from austa.infra.deliveries import LEASE, Claim, fences
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Conflict, NotFound, Unavailable
from austa.kernel.events import Envelope

DISPATCHER = "austa_dispatcher"
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


Lane = Literal["urgent", "normal", "slow", "later"]
"""Handlers of a lane wait only for each other: an emergency never stands behind a page that is being read. Those of
`later` wait a moment for more of the same, and take it together."""

URGENT_TASKS = 2
SLOW_TASKS = 2
LATER_TASKS = 2
GATHER_S = 0.4
MOST_TOGETHER = 50


def anything(data: Mapping[str, Any]) -> bool:
    """Every event of the type concerns the handler."""
    return True


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
    wants: Callable[[Mapping[str, Any]], bool] = anything
    """Whether an event of these data concerns the handler: of others it is told nothing. Deliveries that an older
    version wrote come all the same, so the handler MUST bear them."""


@dataclass(frozen=True)
class Batch:
    """React to many at once: `handle(tx, envelopes)`, all of one operator, each of another key, in no order.

    `tx.caller` is caused by the first of them. When one fails they are handled again, each alone.
    """

    name: str
    module: str
    event_type: str
    handle: Callable[[Transaction, Sequence[Envelope]], Awaitable[None]]
    independent: bool = False
    lane: Lane = "later"
    wants: Callable[[Mapping[str, Any]], bool] = anything


@dataclass(frozen=True)
class Work:
    """Work outside, then record inside: `apply(tx, envelope, await perform(caller, envelope))`. In the lane `later`
    many are leased and recorded together; each is performed by itself."""

    name: str
    module: str
    event_type: str
    perform: Callable[[Caller, Envelope], Awaitable[Any]]
    apply: Callable[[Transaction, Envelope, Any], Awaitable[Any]]
    independent: bool = False
    lane: Lane = "normal"
    wants: Callable[[Mapping[str, Any]], bool] = anything


Handler = Reaction | Batch | Work


def routes_of(handlers: Sequence[Handler]) -> list[Route]:
    """The routing table that publishers need."""
    return [Route(handler.name, handler.event_type, handler.wants) for handler in handlers]


@dataclass
class _Line:
    """The tasks of one lane: `names` of its handlers, those asleep, and how often it was told of something new."""

    names: list[str]
    tasks: int
    gather_s: float = 0.0
    sleepers: list[asyncio.Event] = field(default_factory=list)
    heard: int = 0
    is_watched: bool = False
    """Whether one of those asleep looks from time to time."""

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
        sizes: dict[Lane, int] = {"urgent": URGENT_TASKS, "normal": tasks, "slow": SLOW_TASKS, "later": LATER_TASKS}
        self._lines = {
            lane: _Line(
                [handler.name for handler in handlers if handler.lane == lane],
                size,
                GATHER_S if lane == "later" else 0.0,
            )
            for lane, size in sizes.items()
        }
        self._many = [
            handler.name for handler in handlers if not isinstance(handler, Reaction) and handler.lane == "later"
        ]
        self._alone: dict[str, int] = {}
        """Of which handlers so many deliveries are taken one by one: among them is one that failed the others."""
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
        while some := await self._handle_next(everything):
            handled += some
        return handled

    async def _work(self, line: _Line) -> None:
        while not self._stopping.is_set():
            heard = line.heard
            try:
                busy = await self._handle_next(line)
            except DatabaseAway as error:
                # A restart or a fail-over: deliveries are safe in the database; ask again soon.
                log.warning("outbox.database_away", error=type(error).__name__)
                busy = 0
            # What was published while we looked would otherwise wait for the next poll.
            if not busy and heard == line.heard:
                await self._sleep(line)
            if line.gather_s and busy < MOST_TOGETHER:
                await asyncio.sleep(line.gather_s)

    async def _sleep(self, line: _Line) -> None:
        """One of those asleep looks from time to time; when it finds something, it wakes another, which then does."""
        if self._stopping.is_set():
            return
        sleeper, looks = asyncio.Event(), not line.is_watched
        line.sleepers.append(sleeper)
        line.is_watched = True
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(sleeper.wait(), jitter.uniform(0.5, 1.0) * POLL_S if looks else None)
        finally:
            if looks:
                line.is_watched = False
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
            return (await connection.execute(deliveries.MARK_DUE, {"now": self._database.clock.now()})).rowcount

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
            freed = await ours.execute(
                deliveries.FREE_LEASES, {"ours": self._number, "performing": list(self._performing)}
            )
        self._introduced.set()
        if freed.rowcount:
            log.info("outbox.leases_freed", count=freed.rowcount)
            self._hear("")

    async def _handle_next(self, line: _Line) -> int:
        """Claim and handle one delivery, or many of one handler that takes many. How many; 0 when nothing is due."""
        claims: list[Claim] = []
        try:
            async with self._database.begin(DISPATCHER, None) as connection:
                claims = await self._claim(connection, line.names)
                if not claims:
                    return 0
                line.wake_one()
                handler = self._handlers[claims[0].handler]
                if isinstance(handler, Work):
                    leased = await self._lease(connection, handler, claims)
                else:
                    await self._react(connection, handler, claims)
        except Exception as error:
            if not claims:
                raise
            await self._give_back(claims, error)
            return len(claims)
        if isinstance(handler, Work):
            await self._perform(handler, leased)
        else:
            telemetry.handled(handler.name, len(claims))
        return len(claims)

    async def _give_back(self, claims: Sequence[Claim], error: Exception) -> None:
        """Which of many failed is not known: each is handled alone, and only then it counts."""
        if len(claims) == 1:
            await self._record_failure(claims[0], error)
            return
        self._alone[claims[0].handler] = len(claims)
        log.warning("outbox.one_by_one", handler=claims[0].handler, count=len(claims), where=telemetry.where(error))

    async def _claim(self, connection: AsyncConnection, names: list[str]) -> list[Claim]:
        found = await connection.execute(
            deliveries.NEXT,
            {
                "handlers": names,
                "many": [name for name in self._many if not self._alone.get(name)],
                "most": MOST_TOGETHER - 1,
                "independent": self._independent,
                "now": self._database.clock.now(),
            },
        )
        claims = [Claim(*claim) for *claim, locked in found if locked]
        if claims and self._alone.get(claims[0].handler):
            self._alone[claims[0].handler] -= 1
        return claims

    async def _react(self, connection: AsyncConnection, handler: Reaction | Batch, claims: Sequence[Claim]) -> None:
        envelopes = await self._envelopes(connection, handler, claims)
        tx = Transaction(connection, caller_of(handler, envelopes[0]), self._database)
        if isinstance(handler, Batch):
            await handler.handle(tx, envelopes)
        else:
            await handler.handle(tx, envelopes[0])
        await complete(connection, claims)

    async def _lease(
        self, connection: AsyncConnection, handler: Work, claims: Sequence[Claim]
    ) -> list[tuple[Claim, Envelope]]:
        ids = [claim.id for claim in claims]
        await connection.execute(deliveries.TAKE_LEASES, {"ids": ids, "lease": LEASE, "holder": self._number})
        envelopes = await self._envelopes(connection, handler, claims)
        leased = [replace(claim, fence=claim.fence + 1) for claim in claims]
        return list(zip(leased, envelopes, strict=True))

    async def _perform(self, handler: Work, leased: Sequence[tuple[Claim, Envelope]]) -> None:
        claims = [claim for claim, _ in leased]
        ids = {claim.id for claim in claims}
        beat = asyncio.create_task(self._keep_leases(claims))
        self._performing |= ids
        try:
            outcomes = await in_step.side_by_side(
                [partial(handler.perform, caller_of(handler, envelope), envelope) for _, envelope in leased]
            )
            performed = []
            for (claim, envelope), outcome in zip(leased, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    await self._record_failure(claim, outcome)
                elif isinstance(outcome, BaseException):
                    raise outcome
                else:
                    performed.append((claim, envelope, outcome))
            if performed:
                await self._record(handler, performed)
        finally:
            self._performing -= ids
            beat.cancel()

    async def _record(self, handler: Work, performed: Sequence[tuple[Claim, Envelope, Any]]) -> None:
        """Record together what was performed; where that fails, each by itself."""
        claims = [claim for claim, _, _ in performed]
        try:
            async with self._database.begin(DISPATCHER, None) as connection:
                held = set(await connection.scalars(deliveries.HOLDS, fences(claims)))
                if len(held) < len(claims):
                    log.warning("outbox.lease_lost", handler=handler.name, count=len(claims) - len(held))
                ours = [each for each in performed if each[0].id in held]
                if not ours:
                    return
                await enter(connection, f"austa_{handler.module}", claims[0].operator_id)
                for _, envelope, result in ours:
                    tx = Transaction(connection, caller_of(handler, envelope), self._database)
                    await handler.apply(tx, envelope, result)
                await complete(connection, [claim for claim, _, _ in ours])
            telemetry.handled(handler.name, len(ours))
        except Exception as error:
            if len(performed) == 1:
                await self._record_failure(claims[0], error)
                return
            for each in performed:
                await self._record(handler, [each])

    async def _keep_leases(self, claims: Sequence[Claim]) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with contextlib.suppress(*DatabaseAway):
                async with self._database.begin(DISPATCHER, None) as connection:
                    await connection.execute(deliveries.EXTEND, {**fences(claims), "lease": LEASE})

    async def _envelopes(
        self, connection: AsyncConnection, handler: Handler, claims: Sequence[Claim]
    ) -> list[Envelope]:
        """What is delivered, in the order of the claims; the transaction is the handler's module's from here on."""
        await enter(connection, f"austa_{handler.module}", claims[0].operator_id)
        rows = await connection.execute(deliveries.ENVELOPES, {"ids": [claim.event_id for claim in claims]})
        found = {row.id: row.envelope for row in rows}
        if any(claim.event_id not in found for claim in claims):
            raise NotFound("outbox.event", "the event of this delivery is gone")
        return [Envelope.read(found[claim.event_id]) for claim in claims]

    async def _record_failure(self, claim: Claim, error: Exception) -> None:
        reason = f"{error.kind} {error.code}" if isinstance(error, AustaError) else type(error).__name__
        urgent = self._handlers[claim.handler].lane == "urgent"
        patience = URGENT_ATTEMPTS_UNAVAILABLE if urgent else ATTEMPTS_UNAVAILABLE
        attempts = claim.attempts + 1
        parks = attempts >= (patience if isinstance(error, Unavailable) else ATTEMPTS_OTHERWISE)
        longest = LONGEST_URGENT_RETRY_S if urgent else LONGEST_RETRY_S
        wait = min(longest, FIRST_RETRY_S * 2 ** min(attempts - 1, 10)) * jitter.uniform(0.8, 1.2)
        async with self._database.begin(DISPATCHER, None) as connection:
            await connection.execute(
                deliveries.FAIL,
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


async def count_due(database: Database) -> dict[str, int]:
    """How many deliveries are due, by handler: so much does what follows lag behind."""
    async with database.begin(DISPATCHER, None) as connection:
        rows = await connection.execute(deliveries.DUE, {"now": database.clock.now()})
        return {row.handler: row.deliveries for row in rows}


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


async def complete(connection: AsyncConnection, claims: Sequence[Claim]) -> None:
    """Deliveries are done; the last step of the transaction. Raises `Conflict` where one is in other hands by now."""
    await enter(connection, DISPATCHER, None)
    done = await connection.execute(deliveries.COMPLETE, fences(claims))
    if done.rowcount != len(claims):
        raise Conflict("outbox.lease_lost", "another worker has taken this delivery over")


def caller_of(handler: Handler, envelope: Envelope) -> Caller:
    """The handler's module, acting because of that event."""
    return Caller.system(envelope.operator, handler.module, causation=envelope.id, correlation=envelope.correlation)
