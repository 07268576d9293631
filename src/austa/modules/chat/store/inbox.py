"""The inbox: what Meta sent, what of it is still to be worked off, and who is at it.

Straight through the driver: these few statements carry the whole stream, a batch each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.infra.writing import driver_of
from austa.kernel.ids import OperatorId

Kind = Literal["message", "status"]

LEASE = timedelta(seconds=10)
MOST_STATUSES = 500
LOOKED_AT = 600
"""That many of the oldest are looked through for conversations that nobody is at."""


@dataclass(frozen=True)
class NewItem:
    """An item to append. `day` is of Meta's timestamp, `key` names the conversation, blind; `body` is sealed."""

    kind: Kind
    day: date
    item_index: bytes
    key: UUID
    sent_at: datetime
    body: bytes


@dataclass(frozen=True)
class Due:
    """An item that waits, and where it lies."""

    kind: Kind
    place: int
    operator_id: OperatorId
    key: UUID
    id: UUID
    day: date
    item_index: bytes
    sent_at: datetime


@dataclass(frozen=True)
class Kept:
    """An item as it was appended."""

    body: bytes
    received_at: datetime


async def append(tx: Transaction, items: Mapping[UUID, NewItem]) -> set[UUID]:
    """Append items under these ids, and what is due for them, in one trip; returns which of them are new."""
    if not items:
        return set()
    # Rows in one order, whoever else appends: two that append the same never wait for each other in a circle.
    ordered = sorted(enumerate(items.items()), key=lambda each: (each[1][1].day, each[1][1].item_index))
    rows = await driver_of(tx.connection).fetch(
        _APPEND,
        tx.operator_id,
        tx.now(),
        [item.day for _, (_, item) in ordered],
        [item.item_index for _, (_, item) in ordered],
        [item_id for _, (item_id, _) in ordered],
        [item.kind for _, (_, item) in ordered],
        [item.body for _, (_, item) in ordered],
        [item.key for _, (_, item) in ordered],
        [item.sent_at for _, (_, item) in ordered],
        [place for place, _ in ordered],
    )
    return {row["id"] for row in rows}


async def claim(
    connection: AsyncConnection, holder: int, token: UUID, conversations: int, messages_each: int
) -> list[Due]:
    """Lease conversations whose messages wait, and return those messages in their order: Meta's timestamp, arrival,
    place. Those with emergencies come first and alone, so that nothing slows them; then the longest waiting."""
    driver = driver_of(connection)
    taken = await driver.fetch(_LEASE, LOOKED_AT, conversations, token, holder, LEASE)
    if not taken:
        return []
    # A statement of its own: it sees what the one before us at these conversations has committed.
    rows = await driver.fetch(_DUE, [row["key"] for row in taken], messages_each)
    found = [_due(row) for row in rows]
    if idle := {row["key"] for row in taken} - {each.key for each in found}:
        await driver.execute(_RELEASE, list(idle), token)
    return found


async def more_wait_than(connection: AsyncConnection, some: int) -> bool:
    """Whether more messages than that wait."""
    statement = "select from dispatch.inbox_due where kind = 'message' order by place offset $1 limit 1"
    return await driver_of(connection).fetchrow(statement, some) is not None


async def waiting_after(connection: AsyncConnection, place: int, most: int) -> list[Due]:
    """The oldest messages that wait past that place."""
    statement = "select * from dispatch.inbox_due where kind = 'message' and place > $1 order by place limit $2"
    return [_due(row) for row in await driver_of(connection).fetch(statement, place, most)]


async def mark_urgent(connection: AsyncConnection, places: Mapping[UUID, int]) -> None:
    """In these conversations an emergency waits, at that place; marks whose item is worked off go."""
    driver = driver_of(connection)
    await driver.execute(_FORGET_URGENT)
    await driver.execute(_MARK_URGENT, *zip(*sorted(places.items()), strict=True))


async def extend(connection: AsyncConnection, token: UUID) -> None:
    """We are still at it."""
    statement = "update dispatch.inbox_lease set until = now() + $2 where token = $1"
    await driver_of(connection).execute(statement, token, LEASE)


async def release(connection: AsyncConnection, keys: Sequence[UUID], token: UUID) -> int:
    """Give conversations back; how many were still ours."""
    done: str = await driver_of(connection).execute(_RELEASE, list(keys), token)
    return int(done.removeprefix("DELETE "))


async def finish(connection: AsyncConnection, items: Sequence[Due]) -> int:
    """They are worked off; how many were still there."""
    done: str = await driver_of(connection).execute(
        "delete from dispatch.inbox_due d using unnest($1::text[], $2::bigint[]) as g (kind, place)"
        " where d.kind = g.kind and d.place = g.place",
        [each.kind for each in items],
        [each.place for each in items],
    )
    return int(done.removeprefix("DELETE "))


async def operators_with_statuses(connection: AsyncConnection) -> list[OperatorId]:
    """Whose statuses wait, of the oldest ones."""
    rows = await driver_of(connection).fetch(
        "select distinct operator_id from (select operator_id from dispatch.inbox_due where kind = 'status'"
        " order by place limit $1) as oldest",
        LOOKED_AT,
    )
    return [OperatorId(row["operator_id"]) for row in rows]


async def take_statuses(tx: Transaction, most: int = MOST_STATUSES) -> list[Due]:
    """Take the oldest statuses of the operator out of what is due: they are ours if this transaction commits."""
    rows = await driver_of(tx.connection).fetch(
        "delete from dispatch.inbox_due where (kind, place) in (select kind, place from dispatch.inbox_due"
        " where kind = 'status' and operator_id = $1 order by place limit $2 for update skip locked) returning *",
        tx.operator_id,
        most,
    )
    return sorted((_due(row) for row in rows), key=lambda each: each.place)


async def list_due(tx: Transaction) -> list[Due]:
    """The operator's messages that wait, in the order of their conversations."""
    rows = await driver_of(tx.connection).fetch(
        "select * from dispatch.inbox_due where kind = 'message' and operator_id = $1 order by key, sent_at, place",
        tx.operator_id,
    )
    return [_due(row) for row in rows]


async def read(tx: Transaction, items: Sequence[Due]) -> dict[UUID, Kept]:
    """The items as they were appended, by id."""
    rows = await driver_of(tx.connection).fetch(
        "select i.id, i.body, i.received_at from unnest($1::date[], $2::bytea[]) as g (day, item_index)"
        " join chat.inbox i on i.day = g.day and i.item_index = g.item_index and i.operator_id = $3",
        [each.day for each in items],
        [each.item_index for each in items],
        tx.operator_id,
    )
    return {row["id"]: Kept(row["body"], row["received_at"]) for row in rows}


async def told_otherwise(connection: AsyncConnection, handler: str, conversations: Sequence[UUID]) -> set[UUID]:
    """Which conversations have deliveries of that handler on their way."""
    rows = await driver_of(connection).fetch(
        "select distinct key from dispatch.delivery where handler = $1 and state = 'waiting' and key = any($2::text[])",
        handler,
        [str(each) for each in conversations],
    )
    return {UUID(row["key"]) for row in rows}


async def turn_over(tx: Transaction, today: date) -> None:
    """Make the partitions of the next days and drop those past their time."""
    await driver_of(tx.connection).execute("select chat.turn_inbox_over($1)", today)


async def count_due(connection: AsyncConnection) -> dict[str, int]:
    """How many items wait, by kind."""
    rows = await driver_of(connection).fetch("select kind, count(*) as items from dispatch.inbox_due group by kind")
    return {row["kind"]: row["items"] for row in rows}


def _due(row: Mapping[str, Any]) -> Due:
    return Due(
        row["kind"],
        row["place"],
        OperatorId(row["operator_id"]),
        row["key"],
        row["id"],
        row["day"],
        row["item_index"],
        row["sent_at"],
    )


_APPEND = """
with given as (
    select * from unnest($3::date[], $4::bytea[], $5::uuid[], $6::text[], $7::bytea[], $8::uuid[], $9::timestamptz[],
                         $10::integer[])
        as g (day, item_index, id, kind, body, key, sent_at, place)
), new as (
    insert into chat.inbox (operator_id, day, item_index, id, kind, body, received_at)
    select $1::uuid, day, item_index, id, kind, body, $2::timestamptz from given
        on conflict do nothing
    returning id
), due as (
    insert into dispatch.inbox_due (kind, operator_id, key, id, day, item_index, sent_at)
    select g.kind, $1::uuid, g.key, g.id, g.day, g.item_index, g.sent_at
      from given g join new using (id) order by g.place
)
select id from new
"""
# A lease is free when its holder does not live, where we see ourselves live: behind a pooler nobody is seen, and times
# must do.
_LEASE = """
with living as materialized (
    select number from outbox.living_processes() as l (number)
     where exists (select from outbox.living_processes() as me (number) where me.number = $4::integer)
), held as materialized (
    select key from dispatch.inbox_lease l
     where l.until >= now() and (not exists (select from living) or l.holder in (select number from living))
), next as (
    select u.key, 0 as turn, u.place from dispatch.inbox_urgent u
     where exists (select from dispatch.inbox_due d where d.kind = 'message' and d.place = u.place)
    union all
    (select key, 1, place from dispatch.inbox_due where kind = 'message' order by place limit $1)
), free as materialized (
    select * from next where key not in (select key from held)
), wanted as (
    select key from free where turn = (select min(turn) from free) group by key order by min(place) limit $2
)
insert into dispatch.inbox_lease as l (key, token, holder, until)
select key, $3::uuid, $4::integer, now() + $5::interval from wanted order by key
    on conflict (key) do update set token = excluded.token, holder = excluded.holder, until = excluded.until
 where l.until < now() or (exists (select from living) and l.holder not in (select number from living))
returning key
"""
_DUE = """
select d.* from unnest($1::uuid[]) as g (key)
  cross join lateral (select * from dispatch.inbox_due i where i.key = g.key and i.kind = 'message'
                       order by sent_at, place limit $2) as d
 order by d.sent_at, d.place
"""
_FORGET_URGENT = """
delete from dispatch.inbox_urgent u
 where not exists (select from dispatch.inbox_due d where d.kind = 'message' and d.place = u.place)
"""
_MARK_URGENT = """
insert into dispatch.inbox_urgent as u (key, place) select * from unnest($1::uuid[], $2::bigint[])
    on conflict (key) do update set place = greatest(u.place, excluded.place)
"""
_RELEASE = "delete from dispatch.inbox_lease where key = any($1::uuid[]) and token = $2"
