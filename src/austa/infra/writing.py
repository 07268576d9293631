"""Writes in one trip: rows of several tables, events with their deliveries.

What a write costs is mostly the way to the database and back, so what belongs together goes together; and straight
through the driver, for these statements never change and are built once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.deliveries import LEASE
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId

Rows = Mapping[sa.Table, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Delivery:
    """An event for one handler. `not_before`: its instant, where it is a timer; `held`: leased to who writes it."""

    envelope: Envelope
    handler: str
    not_before: datetime | None = None
    held: bool = False


def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's connection beneath one that is open."""
    assert connection.sync_connection is not None
    driver: asyncpg.Connection = connection.sync_connection.connection.driver_connection
    return driver


def shape_of(rows: Rows) -> tuple[Any, ...]:
    """Which tables are given, and which of their columns: rows of one shape go into one statement."""
    return tuple((table.fullname, tuple(some[0])) for table, some in rows.items() if some)


def merged(many: Sequence[Rows]) -> Rows:
    """Rows of one shape, all together."""
    if len(many) == 1:
        return many[0]
    return {table: [row for rows in many for row in rows.get(table, ())] for table in many[0]}


_inserts: dict[tuple[Any, ...], tuple[str, list[tuple[sa.Table, str]]]] = {}


async def insert_rows(connection: AsyncConnection, operator_id: OperatorId, rows: Rows) -> None:
    """Insert them all; the operator is added to each. Rows of one table name the same columns, no JSON among them.

    Raises `asyncpg.UniqueViolationError` where one is there already.
    """
    given = {table: some for table, some in rows.items() if some}
    if not given:
        return
    shape = shape_of(given)
    if shape not in _inserts:
        _inserts[shape] = _build(connection.dialect, {table: tuple(some[0]) for table, some in given.items()})
    statement, places = _inserts[shape]
    values = [[operator_id if name == "operator_id" else row[name] for row in given[table]] for table, name in places]
    await driver_of(connection).fetch(statement, *values)


def _build(dialect: sa.Dialect, columns: Mapping[sa.Table, Sequence[str]]) -> tuple[str, list[tuple[sa.Table, str]]]:
    """The statement, and of which table and column each of its arrays is."""
    binds: dict[str, tuple[sa.Table, str]] = {}
    inserts = []
    for table, names in columns.items():
        own = ["operator_id", *names]
        arrays = []
        for name in own:
            bind = f"{table.name}__{name}"
            binds[bind] = (table, name)
            arrays.append(sa.bindparam(bind, type_=sa.ARRAY(table.c[name].type)))
        row = sa.func.unnest(*arrays).table_valued(*own, name=f"new_{table.name}").render_derived()
        inserts.append(sa.insert(table).from_select(own, sa.select(*row.c)))
    *others, last = inserts
    compiled = last.add_cte(*(each.cte(f"insert_{at}") for at, each in enumerate(others))).compile(dialect=dialect)
    return str(compiled), [binds[name] for name in compiled.positiontup or ()]


_updates: dict[tuple[Any, ...], tuple[str, list[str]]] = {}


async def update_rows(connection: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Set columns of the rows with these ids; each names the same columns, no JSON among them. How many there were."""
    shape = (table.fullname, tuple(rows[0]))
    if shape not in _updates:
        _updates[shape] = _build_update(connection.dialect, table, tuple(rows[0]))
    statement, names = _updates[shape]
    done: str = await driver_of(connection).execute(statement, *([row[name] for row in rows] for name in names))
    return int(done.removeprefix("UPDATE "))


def _build_update(dialect: sa.Dialect, table: sa.Table, names: Sequence[str]) -> tuple[str, list[str]]:
    arrays = [sa.bindparam(f"given__{name}", type_=sa.ARRAY(table.c[name].type)) for name in names]
    given = sa.func.unnest(*arrays).table_valued(*names, name="given").render_derived()
    changed = {name: given.c[name] for name in names if name != "id"}
    compiled = sa.update(table).where(table.c.id == given.c.id).values(changed).compile(dialect=dialect)
    return str(compiled), [name.removeprefix("given__") for name in compiled.positiontup or ()]


async def write_events(
    connection: AsyncConnection,
    envelopes: Sequence[Envelope],
    deliveries: Sequence[Delivery],
    *,
    priority: int = 0,
    holder: int | None = None,
) -> None:
    """Insert events and their deliveries. `holder`: to whom those that are held are leased."""
    await driver_of(connection).fetch(
        _WRITE,
        [e.id for e in envelopes],
        [e.operator for e in envelopes],
        [e.type for e in envelopes],
        [e.key for e in envelopes],
        [e.model_dump_json() for e in envelopes],
        [d.envelope.id for d in deliveries],
        [d.envelope.operator for d in deliveries],
        [d.envelope.type for d in deliveries],
        [d.handler for d in deliveries],
        [d.envelope.key for d in deliveries],
        [d.not_before or d.envelope.time for d in deliveries],
        [d.not_before is None or d.not_before <= d.envelope.time for d in deliveries],
        [d.held for d in deliveries],
        priority,
        holder,
        LEASE,
    )


_WRITE = """
with event as (
    insert into outbox.event (id, operator_id, type, key, envelope)
    select id, operator_id, type, key, envelope::jsonb
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
        as e (id, operator_id, type, key, envelope)
), delivery as (
    insert into dispatch.delivery
        (event_id, operator_id, event_type, handler, key, not_before, due, priority, lease_until, lease_holder)
    select event_id, operator_id, type, handler, key, not_before, due, $14::smallint,
           case when held then now() + $16::interval end, case when held then $15::integer end
      from unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::boolean[],
                  $13::boolean[])
        with ordinality as d (event_id, operator_id, type, handler, key, not_before, due, held, place)
     order by place
)
select
"""
