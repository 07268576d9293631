"""Transactions: one role a module, one tenant a transaction, events in the same commit.

The login role belongs to every module's role without inheriting from it, so a connection can do nothing
until `transaction` has said who it is: role and tenant are set in one statement and end with the
transaction. A forgotten tenant sees no row (row-level security), a foreign schema is refused (role).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.base import Executable

from austa.infra import in_step
from austa.infra.joint import Joint, Last
from austa.infra.writing import Delivery, Rows, driver_of, insert_rows, merged, shape_of, write_events
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.errors import Conflict, Unexpected
from austa.kernel.events import Envelope, Event
from austa.kernel.ids import OperatorId, new_id

_NOTIFY = "select pg_notify($1, $2)"
_LOCK = (
    "select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) with ordinality as n (name, place)"
    " order by place"
)
_TOLD = "austa_told"
_ENTER = "select set_config('role', '{role}', true), set_config('austa.operator_id', '{operator}', true)"
"""Role names are ours and operators are UUIDs: nothing of a stranger's gets in here."""
_UNWAITED = "; set local synchronous_commit = off"
_IMPATIENT = "; set local lock_timeout = '2s'"
"""Of those who go together one may wait for a lock that somebody else holds; then each goes alone."""
WAKE_CHANNEL = "austa_outbox"
NOBODY = "-"
"""No handler's name: what has no delivery is still news for who watches the feed."""
EVERYBODY = ""
LONGEST_NOTICE = 7_900
"""PostgreSQL takes less than 8,000 bytes a notification; more names than that are everybody."""
STATEMENTS_KEPT = 500
"""Prepared statements of a connection: more than all modules have, or they are planned anew each time."""
ROLLBACK_WITHIN_S = 10.0
REPLACED_AFTER_S = 200
"""Of a connection over the network. Firewalls and load balancers forget idle ones silently, none we know of within four
minutes: what lay in the pool that long is replaced before it is used, and nobody hangs on it."""

Given = TypeVar("Given")
Answer = TypeVar("Answer")

log = structlog.get_logger()


@dataclass(frozen=True)
class Route:
    """A handler that wants an event type: its permanent name. Deliveries are written for it with the event, where
    `wants` says of the event's data that it concerns the handler."""

    handler: str
    event_type: str
    wants: Callable[[Mapping[str, Any]], bool]


class Database:
    """The engine of one process and the table of who wants which event."""

    def __init__(self, url: sa.URL, clock: Clock, pool_size: int = 10) -> None:
        self.clock = clock
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            pool_use_lifo=True,  # the connection used last has everything at hand: statements, plans, catalogs
            pool_recycle=-1 if url.host is None else REPLACED_AFTER_S,
            hide_parameters=True,  # a failed statement must not print what people wrote
            json_serializer=_dump_json,
            # `begin` says itself where transactions begin and end: a trip to the database less for each.
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            connect_args={"prepared_statement_cache_size": STATEMENTS_KEPT},
        )
        sa.event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        self.routes: dict[str, tuple[Route, ...]] = {}
        self._to_tell: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self.life: int | None = None
        """The number under which this process shows that it lives (`infra.living`); None where it does not."""

    def deliver(self, routes: Sequence[Route]) -> None:
        """Say who wants which event; called once by the wiring, before the first transaction."""
        for route in routes:
            self.routes[route.event_type] = (*self.routes.get(route.event_type, ()), route)

    def for_module(self, module: str) -> "ModuleDatabase":
        """The database as that module may see it."""
        return ModuleDatabase(self, f"austa_{module}")

    @asynccontextmanager
    async def begin(
        self, role: str, operator_id: OperatorId | None, *, waits: bool = True, impatient: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """A bare transaction as that role and tenant; for `infra` itself. Modules use `ModuleDatabase`.

        `waits`: see `ModuleDatabase.transaction`. `impatient`: fail rather than wait long for a lock.
        """
        async with self.engine.connect() as connection:
            driver, info = driver_of(connection), connection.info
            info.pop(_TOLD, None)
            try:
                how = f"{'' if waits else _UNWAITED}{_IMPATIENT if impatient else ''}"
                await driver.execute(f"begin; {_entering(role, operator_id)}{how}")
                yield connection
                # PostgreSQL answers the commit of a transaction that had failed with a silent rollback.
                if await driver.execute("commit") != "COMMIT":
                    raise Unexpected("db.not_committed", "a statement had failed before: nothing was written")
            except BaseException:
                await _undo(driver)
                raise
            handlers = info.pop(_TOLD, None)
        if handlers:
            self._tell(handlers)

    def _tell(self, handlers: set[str]) -> None:
        """Wake the workers, in one notification for all that was committed since the last one left.

        Inside the transaction a notification would hold a lock of the whole server over its commit: no two that
        publish could then be written to disk together. One that is lost with its process costs a poll.
        """
        self._to_tell |= handlers
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        try:
            while self._to_tell:
                names, self._to_tell = self._to_tell, set()
                told = "" if EVERYBODY in names else " ".join(sorted(names))
                if len(told) > LONGEST_NOTICE:
                    told = EVERYBODY
                async with self.engine.connect() as connection:
                    await driver_of(connection).execute(_NOTIFY, WAKE_CHANNEL, told)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, sa.exc.SQLAlchemyError) as error:
            log.info("db.nobody_was_woken", error=type(error).__name__)
        finally:
            self._telling = None

    async def close(self) -> None:
        if self._telling is not None:
            await self._telling
        await self.engine.dispose()


class ModuleDatabase:
    """What a service holds: it opens transactions of its own module only."""

    def __init__(self, database: Database, role: str) -> None:
        self._database = database
        self.role = role

    @asynccontextmanager
    async def transaction(
        self, caller: Caller, *, waits: bool = True, last: Last[Any] | None = None
    ) -> AsyncIterator["Transaction"]:
        """One use case, one transaction: it commits when the block ends and rolls back when it raises.

        Without `waits` the commit does not wait for the disk. A later commit that does wait brings it there too, for
        the log is written in order: only for what is worth nothing without that later commit, and is done again when
        both are lost. `last`: what `infra` does before the commit.

        Use cases that go in step (`infra.in_step`) share it: it commits when all of them are at their end, and when
        one raises nothing of any is written.
        """
        company = in_step.company()
        if company is None:
            async with self._database.begin(self.role, caller.operator_id, waits=waits) as connection:
                yield Transaction(connection, caller, self._database)
                if last is not None:
                    await last.carry_out(connection, [last.given])
            return
        begin = partial(self._database.begin, self.role, caller.operator_id, waits=waits, impatient=True)
        joint = await Joint.join(company, (self.role, caller.operator_id, waits), begin, last)
        try:
            yield Transaction(joint.connection, caller, self._database, joint)
        except Exception:
            await joint.end(well=False)
            raise
        await joint.end(well=True)

    @asynccontextmanager
    async def lookup(self) -> AsyncIterator[AsyncConnection]:
        """The ids-only tables of schema `dispatch`, before a tenant is known (sign-in, number to operator, claims)."""
        async with self._database.begin("austa_dispatcher", None) as connection:
            yield connection


class Transaction:
    """A running transaction of one module for one operator. `store` functions take it; so do event handlers."""

    def __init__(
        self, connection: AsyncConnection, caller: Caller, database: Database, joint: Joint | None = None
    ) -> None:
        self.connection = connection
        self.caller = caller
        self._database = database
        self._joint = joint

    @property
    def operator_id(self) -> OperatorId:
        return self.caller.operator_id

    def now(self) -> datetime:
        """The instant by the process's clock (the one argument that all services share)."""
        return self._database.clock.now()

    async def execute(self, statement: Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        if self._joint is None:
            return await self.connection.execute(statement, parameters)

        async def carry_out(_: Sequence[None]) -> Sequence[sa.CursorResult[Any]]:
            return [await self.connection.execute(statement, parameters)]

        return await self._joint.company.ask(object(), None, carry_out)

    async def together(
        self,
        kind: Hashable,
        given: Given,
        carry_out: "Callable[[Transaction, Sequence[Given]], Awaitable[Sequence[Answer]]]",
    ) -> Answer:
        """Carry it out once for all in this transaction who ask for the same kind now; the answers are in order."""
        if self._joint is None:
            (answer,) = await carry_out(self, [given])
            return answer
        own = Transaction(self.connection, self.caller, self._database)

        async def for_all(givens: Sequence[Given]) -> Sequence[Answer]:
            return await carry_out(own, givens)

        return await self._joint.company.ask((id(self._joint), kind), given, for_all)

    async def lock(self, name: str) -> None:
        """Until the transaction ends nobody else has that name, not even one who shares the transaction."""
        await self.together("lock", name, self._lock)

    async def _lock(self, _: "Transaction", names: Sequence[str]) -> Sequence[None]:
        held = self._joint.locked if self._joint else set[str]()
        if len(set(names)) < len(names) or not held.isdisjoint(names):
            raise Conflict("db.not_alone", "another one in the same transaction holds this name")
        held.update(names)
        await driver_of(self.connection).fetch(_LOCK, sorted(names))
        return [None] * len(names)

    async def one_or_none(self, statement: Executable, parameters: Any = None) -> sa.Row[Any] | None:
        """The only row, or None. More than one raises."""
        return (await self.execute(statement, parameters)).one_or_none()

    async def all(self, statement: Executable, parameters: Any = None) -> Sequence[sa.Row[Any]]:
        return (await self.execute(statement, parameters)).all()

    async def publish(
        self,
        *events: Event,
        not_before: datetime | None = None,
        priority: Literal[0, 1] = 0,
        causes: Sequence[Envelope] = (),
    ) -> tuple[UUID, ...]:
        """Write events and one delivery for each handler that wants them, in this commit. Returns the event ids.

        `causes`: what each event follows from, where that is not the transaction's own cause.

        With `not_before` they are timers: handlers get them at that instant and they hold up no other event.
        Priority 1 is for what a person waits for now; it goes before everything of priority 0.
        """
        after = causes or (None,) * len(events)
        envelopes = [self._envelope(event, cause) for event, cause in zip(events, after, strict=True)]
        await self._write(envelopes, {envelope.id: not_before for envelope in envelopes}, priority=priority)
        return tuple(envelope.id for envelope in envelopes)

    async def publish_with_timers(
        self, event: Event, timers: Sequence[tuple[Event, datetime]], held_by: str | None = None
    ) -> Envelope:
        """Publish an event and set timers, in one trip. `held_by`: the handler whose delivery of the event is leased to
        this process, which MUST show its life (`infra.in_place`). Returns the event's envelope."""
        told = self._envelope(event, None)
        set_for = [self._envelope(timer, None) for timer, _ in timers]
        instants = {told.id: None, **{timer.id: at for timer, (_, at) in zip(set_for, timers, strict=True)}}
        await self._write([told, *set_for], instants, held_by=held_by)
        return told

    def wake(self, name: str) -> None:
        """Wake who waits under that name, once this is committed: for work that lies in a table of its own."""
        self.connection.info.setdefault(_TOLD, {NOBODY}).add(name)

    async def insert(self, rows: Rows) -> None:
        """Insert rows of several tables in one trip; see `infra.writing.insert_rows`."""
        await self.together(shape_of(rows), rows, _insert)

    async def _write(
        self,
        envelopes: Sequence[Envelope],
        instants: Mapping[UUID, datetime | None],
        *,
        priority: int = 0,
        held_by: str | None = None,
    ) -> None:
        """Write events with their deliveries. Whom they are for is told after the commit; of timers nobody is."""
        if not envelopes:
            return
        deliveries = [
            Delivery(envelope, route.handler, instants[envelope.id], held=route.handler == held_by)
            for envelope in envelopes
            for route in self._database.routes.get(envelope.type, ())
            if route.wants(envelope.data)
        ]
        await self.together(("events", priority), (envelopes, deliveries), _write_events(self._database.life, priority))
        if any(instants[envelope.id] is None for envelope in envelopes):
            told = {each.handler for each in deliveries if each.not_before is None and not each.held}
            self.connection.info.setdefault(_TOLD, {NOBODY}).update(told)

    def _envelope(self, event: Event, cause: Envelope | None) -> Envelope:
        event_id = new_id()
        correlation = cause.correlation if cause else self.caller.correlation
        return Envelope(
            id=event_id,
            type=event.TYPE,
            time=self.now(),
            operator=self.operator_id,
            actor=self.caller.actor,
            correlation=correlation or event_id,
            causation=cause.id if cause else self.caller.causation,
            key=event.key(),
            data=json.loads(event.model_dump_json()),
        )


async def _insert(tx: Transaction, many: Sequence[Rows]) -> Sequence[None]:
    await insert_rows(tx.connection, tx.operator_id, merged(many))
    return [None] * len(many)


def _write_events(life: int | None, priority: int) -> Any:
    async def write(tx: Transaction, many: Sequence[tuple[Sequence[Envelope], Sequence[Delivery]]]) -> Sequence[None]:
        envelopes = [envelope for some, _ in many for envelope in some]
        deliveries = [delivery for _, some in many for delivery in some]
        await write_events(tx.connection, envelopes, deliveries, priority=priority, holder=life)
        return [None] * len(many)

    return write


async def enter(connection: AsyncConnection, role: str, operator_id: OperatorId | None) -> None:
    """Become that role for that tenant until the transaction ends."""
    driver = driver_of(connection)
    await driver.execute(_entering(role, operator_id))


def _entering(role: str, operator_id: OperatorId | None) -> str:
    return _ENTER.format(role=role, operator=UUID(int=operator_id.int) if operator_id else "")


async def _undo(driver: asyncpg.Connection) -> None:
    """Roll back. A connection that cannot even do that is closed, and with it the transaction ends."""
    try:
        if not driver.is_closed():
            await asyncio.wait_for(driver.execute("rollback"), ROLLBACK_WITHIN_S)
    except BaseException as error:
        driver.terminate()
        if not isinstance(error, Exception):
            raise


def wake_all(connection: AsyncConnection) -> None:
    """Let every worker look for work once this transaction is committed."""
    connection.info[_TOLD] = {EVERYBODY}


def is_away(error: BaseException) -> bool:
    """Whether this error says that the database cannot be reached now, and not that a statement was wrong."""
    if isinstance(error, OSError | sa.exc.TimeoutError | asyncpg.InterfaceError):
        return True
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    # PostgreSQL's classes 08 (connection), 57 (shutting down, starting up) and state 53300 (too many connections).
    state = str(getattr(getattr(error, "orig", error), "sqlstate", ""))
    return state[:2] in {"08", "57"} or state == "53300"


def _refuse_closed(connection: Any, *_: object) -> None:
    """A connection that ended while it lay in the pool is replaced, and all older ones with it.

    The driver knows of the end without asking: a question before every transaction would cost as much as a small one.
    """
    driver = connection.driver_connection
    if driver.is_closed() or driver.is_in_transaction():
        raise sa.exc.InvalidatePoolError


def affected(result: sa.CursorResult[Any], expected: int = 1) -> None:
    """Insist that a write touched exactly `expected` rows. Raises `Unexpected` when an invariant broke."""
    if result.rowcount != expected:
        raise Unexpected("db.rows", "a write touched an unexpected number of rows", rows=result.rowcount)


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
