"""Transactions: one role a module, one tenant a transaction, events in the same commit.

The login role belongs to every module's role without inheriting from it, so a connection can do nothing
until `transaction` has said who it is: role and tenant are set in one statement and end with the
transaction. A forgotten tenant sees no row (row-level security), a foreign schema is refused (role).
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.base import Executable

from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.errors import Unexpected
from austa.kernel.events import Envelope, Event
from austa.kernel.ids import OperatorId, new_id

ENTER = sa.text("select set_config('role', :role, true), set_config('austa.operator_id', :operator, true)")
WAKE_CHANNEL = "austa_outbox"


@dataclass(frozen=True)
class Route:
    """A handler that wants an event type: its permanent name. Deliveries are written for it with the event."""

    handler: str
    event_type: str


class Database:
    """The engine of one process and the table of who wants which event."""

    def __init__(self, url: sa.URL, clock: Clock, pool_size: int = 10) -> None:
        self.clock = clock
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            hide_parameters=True,  # a failed statement must not print what people wrote
            json_serializer=_dump_json,
        )
        sa.event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        self.routes: dict[str, tuple[str, ...]] = {}
        self.life: int | None = None
        """The number under which this process shows that it lives (`infra.living`); None where it does not."""

    def deliver(self, routes: Sequence[Route]) -> None:
        """Say who wants which event; called once by the wiring, before the first transaction."""
        for route in routes:
            self.routes[route.event_type] = (*self.routes.get(route.event_type, ()), route.handler)

    def for_module(self, module: str) -> "ModuleDatabase":
        """The database as that module may see it."""
        return ModuleDatabase(self, f"austa_{module}")

    @asynccontextmanager
    async def begin(self, role: str, operator_id: OperatorId | None) -> AsyncIterator[AsyncConnection]:
        """A bare transaction as that role and tenant; for `infra` itself. Modules use `ModuleDatabase`."""
        async with self.engine.begin() as connection:
            await enter(connection, role, operator_id)
            yield connection

    async def close(self) -> None:
        await self.engine.dispose()


class ModuleDatabase:
    """What a service holds: it opens transactions of its own module only."""

    def __init__(self, database: Database, role: str) -> None:
        self._database = database
        self.role = role

    @asynccontextmanager
    async def transaction(self, caller: Caller) -> AsyncIterator["Transaction"]:
        """One use case, one transaction: it commits when the block ends and rolls back when it raises."""
        async with self._database.begin(self.role, caller.operator_id) as connection:
            yield Transaction(connection, caller, self._database)

    @asynccontextmanager
    async def lookup(self) -> AsyncIterator[AsyncConnection]:
        """Read the ids-only tables of schema `dispatch`, before a tenant is known (sign-in, number to operator)."""
        async with self._database.begin("austa_dispatcher", None) as connection:
            yield connection


class Transaction:
    """A running transaction of one module for one operator. `store` functions take it; so do event handlers."""

    def __init__(self, connection: AsyncConnection, caller: Caller, database: Database) -> None:
        self.connection = connection
        self.caller = caller
        self._database = database

    @property
    def operator_id(self) -> OperatorId:
        return self.caller.operator_id

    def now(self) -> datetime:
        """The instant by the process's clock (the one argument that all services share)."""
        return self._database.clock.now()

    async def execute(self, statement: Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        return await self.connection.execute(statement, parameters)

    async def one_or_none(self, statement: Executable, parameters: Any = None) -> sa.Row[Any] | None:
        """The only row, or None. More than one raises."""
        return (await self.execute(statement, parameters)).one_or_none()

    async def all(self, statement: Executable, parameters: Any = None) -> Sequence[sa.Row[Any]]:
        return (await self.execute(statement, parameters)).all()

    async def publish(
        self, *events: Event, not_before: datetime | None = None, priority: Literal[0, 1] = 0
    ) -> tuple[UUID, ...]:
        """Write events and one delivery for each handler, in this commit. Returns the event ids.

        With `not_before` they are timers: handlers get them at that instant and they hold up no other event.
        Priority 1 is for what a person waits for now; it goes before everything of priority 0.
        """
        envelopes = [self._envelope(event) for event in events]
        await write_events(self.connection, self._database.routes, envelopes, not_before, priority)
        return tuple(envelope.id for envelope in envelopes)

    def _envelope(self, event: Event) -> Envelope:
        event_id = new_id()
        return Envelope(
            id=event_id,
            type=event.TYPE,
            time=self.now(),
            operator=self.operator_id,
            actor=self.caller.actor,
            correlation=self.caller.correlation or event_id,
            causation=self.caller.causation,
            key=event.key(),
            data=json.loads(event.model_dump_json()),
        )


async def enter(connection: AsyncConnection, role: str, operator_id: OperatorId | None) -> None:
    """Become that role for that tenant until the transaction ends."""
    await connection.execute(ENTER, {"role": role, "operator": str(operator_id) if operator_id else ""})


async def write_events(
    connection: AsyncConnection,
    routes: Mapping[str, Sequence[str]],
    envelopes: Sequence[Envelope],
    not_before: datetime | None,
    priority: int = 0,
) -> None:
    """Insert envelopes, their deliveries, and wake the workers once; for timers nobody wakes."""
    if not envelopes:
        return
    deliveries = [(e, handler) for e in envelopes for handler in routes.get(e.type, ())]
    await connection.execute(
        _WRITE,
        {
            "ids": [e.id for e in envelopes],
            "operators": [e.operator for e in envelopes],
            "types": [e.type for e in envelopes],
            "keys": [e.key for e in envelopes],
            "envelopes": [e.model_dump_json() for e in envelopes],
            "of_event": [e.id for e, _ in deliveries],
            "of_operator": [e.operator for e, _ in deliveries],
            "of_type": [e.type for e, _ in deliveries],
            "handlers": [handler for _, handler in deliveries],
            "of_key": [e.key for e, _ in deliveries],
            "not_before": [not_before or e.time for e, _ in deliveries],
            "due": [not_before is None or not_before <= e.time for e, _ in deliveries],
            "priority": priority,
            "is_timer": not_before is not None,
            "channel": WAKE_CHANNEL,
            "told": " ".join(sorted({handler for _, handler in deliveries})),
        },
    )


def is_away(error: BaseException) -> bool:
    """Whether this error says that the database cannot be reached now, and not that a statement was wrong."""
    if isinstance(error, OSError | sa.exc.TimeoutError):
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
    if connection.driver_connection.is_closed():
        raise sa.exc.InvalidatePoolError


def affected(result: sa.CursorResult[Any], expected: int = 1) -> None:
    """Insist that a write touched exactly `expected` rows. Raises `Unexpected` when an invariant broke."""
    if result.rowcount != expected:
        raise Unexpected("db.rows", "a write touched an unexpected number of rows", rows=result.rowcount)


# One statement for all of it: what an event costs is mostly the way to the database and back.
_WRITE = sa.text("""
with event as (
    insert into outbox.event (id, operator_id, type, key, envelope)
    select id, operator_id, type, key, envelope::jsonb
      from unnest(:ids, :operators, :types, :keys, :envelopes) as e (id, operator_id, type, key, envelope)
), delivery as (
    insert into dispatch.delivery (event_id, operator_id, event_type, handler, key, not_before, priority, due)
    select event_id, operator_id, type, handler, key, not_before, :priority, due
      from unnest(:of_event, :of_operator, :of_type, :handlers, :of_key, :not_before, :due) with ordinality
        as d (event_id, operator_id, type, handler, key, not_before, due, place)
     order by place
)
select pg_notify(:channel, :told) where not :is_timer
""").bindparams(
    *(sa.bindparam(name, type_=sa.ARRAY(sa.Uuid)) for name in ("ids", "operators", "of_event", "of_operator")),
    *(
        sa.bindparam(name, type_=sa.ARRAY(sa.Text))
        for name in ("types", "keys", "envelopes", "of_type", "handlers", "of_key")
    ),
    sa.bindparam("not_before", type_=sa.ARRAY(sa.DateTime(timezone=True))),
    sa.bindparam("due", type_=sa.ARRAY(sa.Boolean)),
    sa.bindparam("priority", type_=sa.SmallInteger),
    sa.bindparam("channel", type_=sa.Text),
    sa.bindparam("told", type_=sa.Text),
    sa.bindparam("is_timer", type_=sa.Boolean),
)
WAKE = sa.text(f"select pg_notify('{WAKE_CHANNEL}', :handlers)")
"""`handlers`: names of those who have work now, with spaces between; empty: everybody look."""


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
