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
            pool_pre_ping=True,
            hide_parameters=True,  # a failed statement must not print what people wrote
            json_serializer=_dump_json,
        )
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
    """Insert envelopes, their deliveries, and wake the workers once."""
    if not envelopes:
        return
    await connection.execute(
        _INSERT_EVENT,
        [
            {
                "id": e.id,
                "operator_id": e.operator,
                "type": e.type,
                "key": e.key,
                "envelope": e.model_dump_json(),
            }
            for e in envelopes
        ],
    )
    deliveries = [
        {
            "event_id": e.id,
            "operator_id": e.operator,
            "event_type": e.type,
            "handler": handler,
            "key": e.key,
            "not_before": not_before or e.time,
            "priority": priority,
        }
        for e in envelopes
        for handler in routes.get(e.type, ())
    ]
    if deliveries:
        await connection.execute(_INSERT_DELIVERY, deliveries)
    await connection.execute(_WAKE)


def is_away(error: BaseException) -> bool:
    """Whether this error says that the database cannot be reached now, and not that a statement was wrong."""
    if isinstance(error, OSError | sa.exc.TimeoutError):
        return True
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    # PostgreSQL's classes 08 (connection), 57 (shutting down, starting up) and state 53300 (too many connections).
    state = str(getattr(getattr(error, "orig", error), "sqlstate", ""))
    return state[:2] in {"08", "57"} or state == "53300"


def affected(result: sa.CursorResult[Any], expected: int = 1) -> None:
    """Insist that a write touched exactly `expected` rows. Raises `Unexpected` when an invariant broke."""
    if result.rowcount != expected:
        raise Unexpected("db.rows", "a write touched an unexpected number of rows", rows=result.rowcount)


_INSERT_EVENT = sa.text(
    "insert into outbox.event (id, operator_id, type, key, envelope)"
    " values (:id, :operator_id, :type, :key, cast(:envelope as jsonb))"
)
_INSERT_DELIVERY = sa.text(
    "insert into dispatch.delivery (event_id, operator_id, event_type, handler, key, not_before, priority)"
    " values (:event_id, :operator_id, :event_type, :handler, :key, :not_before, :priority)"
)
_WAKE = sa.text(f"select pg_notify('{WAKE_CHANNEL}', '')")


def _dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
