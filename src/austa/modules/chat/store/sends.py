"""The queue of messages to be sent, who sends from a number, and how fast. Straight through the driver: each statement
is for many messages at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.infra.writing import driver_of
from austa.kernel.ids import OperatorId

LEASE = timedelta(seconds=10)


@dataclass(frozen=True)
class Queueing:
    """A message that waits to be sent."""

    id: UUID
    number_id: str
    conversation_id: UUID
    identity_id: UUID
    urgent: bool


@dataclass(frozen=True)
class Claimed:
    """A message that may be the next, with all that sending it takes. `quoted`: the sealed message that it answers."""

    id: UUID
    conversation_id: UUID
    identity_id: UUID
    urgent: bool
    unknown: bool
    as_template: bool
    attempts: int
    queued_at: datetime
    status: str
    body: bytes
    notification_id: UUID | None
    answers: UUID | None
    last_inbound_at: datetime | None
    address: bytes
    full_at: datetime | None
    quoted: bytes | None


async def enqueue(tx: Transaction, some: Sequence[Queueing]) -> None:
    """Queue messages, in this order; one that is queued already stays where it is."""
    columns = [[getattr(each, name) for each in some] for name in Queueing.__dataclass_fields__]
    await driver_of(tx.connection).execute(_ENQUEUE, *columns, tx.operator_id, tx.now())


async def numbers_to_take(connection: AsyncConnection, held: Collection[str]) -> list[tuple[str, OperatorId]]:
    """Numbers that nobody who lives sends from."""
    rows = await driver_of(connection).fetch(_NUMBERS, list(held))
    return [(row["number_id"], OperatorId(row["operator_id"])) for row in rows]


async def take_number(connection: AsyncConnection, number_id: str, holder: int) -> tuple[int, bool] | None:
    """Become the number's sender. The fence, and whether the last one left in order; None where somebody else was
    first."""
    row = await driver_of(connection).fetchrow(_TAKE, number_id, holder, LEASE)
    return None if row is None else (row["fence"], row["in_order"])


async def leave_number(connection: AsyncConnection, number_id: str, fence: int) -> None:
    """Be its sender no more, with nothing under way."""
    await driver_of(connection).execute(_LEAVE, number_id, fence)


async def extend(connection: AsyncConnection, fences: Mapping[str, int]) -> None:
    """Stay the sender of these numbers."""
    await driver_of(connection).execute(_EXTEND, list(fences), list(fences.values()), LEASE)


async def holds(tx: Transaction, number_id: str, fence: int) -> bool:
    """Whether we are still the number's sender, and stay it until the transaction ends."""
    return await driver_of(tx.connection).fetchrow(_HOLDS, number_id, fence) is not None


async def put_back(tx: Transaction, number_id: str, besides: Collection[UUID], *, unknown: bool) -> None:
    """What is under way, but for these, is queued again. `unknown`: it may have been sent."""
    await driver_of(tx.connection).execute(_PUT_BACK, tx.operator_id, number_id, list(besides), unknown, tx.now())


async def settle(tx: Transaction, number_id: str) -> int:
    """Forget those of unknown fate whose status came; how many are left."""
    left = await driver_of(tx.connection).fetchval(_SETTLE, tx.operator_id, number_id)
    return int(left)


async def claim(tx: Transaction, number_id: str, most: int) -> list[Claimed]:
    """The next of a number: emergencies first, of each conversation the oldest."""
    rows = await driver_of(tx.connection).fetch(_CLAIM, tx.operator_id, number_id, tx.now(), most)
    return [Claimed(**row) for row in rows]


async def begin(tx: Transaction, ids: Sequence[UUID], pairs: Mapping[UUID, datetime]) -> None:
    """The intent to send these; `pairs`: when each pair's bucket is full again."""
    driver = driver_of(tx.connection)
    await driver.execute(_BEGIN, tx.operator_id, ids, tx.now())
    await write_pairs(tx, pairs)


async def write_pairs(tx: Transaction, pairs: Mapping[UUID, datetime]) -> None:
    """Keep the pace of pairs; never set back."""
    if pairs:
        await driver_of(tx.connection).execute(_PAIRS, tx.operator_id, list(pairs), list(pairs.values()))


async def postpone(tx: Transaction, some: Mapping[UUID, datetime]) -> None:
    """They wait until then."""
    if some:
        await driver_of(tx.connection).execute(_POSTPONE, tx.operator_id, list(some), list(some.values()))


async def try_again(tx: Transaction, some: Mapping[UUID, datetime], *, unknown: bool) -> None:
    """Tried and not taken, or perhaps: queued again for then."""
    if some:
        await driver_of(tx.connection).execute(_AGAIN, tx.operator_id, list(some), list(some.values()), unknown)


async def send_as_template(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Queued again as templates."""
    if ids:
        await driver_of(tx.connection).execute(_AS_TEMPLATE, tx.operator_id, ids)


async def accept(tx: Transaction, wamids: Mapping[UUID, bytes]) -> None:
    """Meta took these; a status that came first is not set back."""
    if wamids:
        await driver_of(tx.connection).execute(_ACCEPT, tx.operator_id, list(wamids), list(wamids.values()))


async def forget(tx: Transaction, ids: Sequence[UUID]) -> None:
    """They wait no more."""
    if ids:
        await driver_of(tx.connection).execute(_FORGET, tx.operator_id, ids)


async def reach(tx: Transaction, identity_ids: Sequence[UUID], most: int, since: datetime) -> set[UUID]:
    """Which of these people may be written to first: those who were since then, and as many more as the portfolio
    may reach. They count as reached now."""
    rows = await driver_of(tx.connection).fetch(_REACH, tx.operator_id, identity_ids, most, since, tx.now())
    return {row["identity_id"] for row in rows}


async def forget_paces(tx: Transaction, before: datetime) -> None:
    """Drop what no limit counts any more."""
    driver: Any = driver_of(tx.connection)
    await driver.execute("delete from chat.pair where operator_id = $1 and full_at < $2", tx.operator_id, before)
    await driver.execute("delete from chat.reached where operator_id = $1 and at < $2", tx.operator_id, before)


_ENQUEUE = """
insert into chat.send (operator_id, id, number_id, conversation_id, identity_id, urgent, not_before, queued_at)
select $6, id, number_id, conversation_id, identity_id, urgent, $7, $7
  from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::boolean[])
  with ordinality as g (id, number_id, conversation_id, identity_id, urgent, position)
 order by position
on conflict do nothing
"""
_NUMBERS = """
select n.number_id, n.operator_id from dispatch.whatsapp_number n
  left join dispatch.whatsapp_sender s on s.number_id = n.number_id
 where n.number_id <> all($1::text[])
   and n.number_id not like 'web:%'
   and (s.number_id is null or s.until < now() or s.holder not in (select outbox.living_processes()))
"""
_TAKE = """
insert into dispatch.whatsapp_sender as s (number_id, fence, holder, until) values ($1, 1, $2, now() + $3)
on conflict (number_id) do update set fence = s.fence + 1, holder = $2, until = now() + $3
 where s.until < now() or s.holder = $2 or s.holder not in (select outbox.living_processes())
returning fence, not exists (
    select from dispatch.whatsapp_sender before where before.number_id = $1 and before.until > 'epoch') as in_order
"""
_LEAVE = "update dispatch.whatsapp_sender set until = 'epoch' where number_id = $1 and fence = $2"
_EXTEND = """
update dispatch.whatsapp_sender s set until = now() + $3
  from unnest($1::text[], $2::bigint[]) as g (number_id, fence) where s.number_id = g.number_id and s.fence = g.fence
"""
_HOLDS = "select from dispatch.whatsapp_sender where number_id = $1 and fence = $2 for share"
# Who retries a webhook with doubled pauses comes back at the latest after as long again as we were away; what is urgent
# is rather said twice than late.
_PUT_BACK = """
update chat.send set begun_at = null, unknown = unknown or $4,
       not_before = case when not $4 then not_before when urgent then $5::timestamptz + interval '5 seconds'
           else $5::timestamptz + greatest(interval '5 seconds', least($5 - begun_at, interval '15 seconds')) end
 where operator_id = $1 and number_id = $2 and begun_at is not null and id <> all($3::uuid[])
"""
_SETTLE = """
with settled as (
    delete from chat.send s using chat.message m
     where s.operator_id = $1 and s.number_id = $2 and s.unknown and s.begun_at is null
       and m.operator_id = $1 and m.id = s.id and m.status not in ('queued', 'sending', 'unknown')
    returning s.id)
select count(*) from chat.send s where s.operator_id = $1 and s.number_id = $2 and s.unknown
   and s.id not in (select id from settled)
"""
# Each of those rows is looked up by itself: a plan that was made while the tables were small, and is kept, would read
# all of an operator's rows for each.
_CLAIM = """
with head as materialized (
    select s.* from chat.send s
     where s.operator_id = $1 and s.number_id = $2 and s.begun_at is null and s.not_before <= $3
       and (s.urgent or not exists (
           select from chat.send e where e.operator_id = $1 and e.conversation_id = s.conversation_id
              and e.place < s.place and not e.urgent))
     order by s.urgent desc, s.place
     limit $4)
select h.id, h.conversation_id, h.identity_id, h.urgent, h.unknown, h.as_template, h.attempts, h.queued_at,
       m.status, m.body, m.notification_id, m.answers, c.last_inbound_at, i.address, p.full_at, q.body as quoted
  from head h
  cross join lateral (
      select * from chat.message
       where operator_id = $1 and conversation_id = h.conversation_id and id = h.id limit 1) m
  cross join lateral (
      select last_inbound_at from chat.conversation where operator_id = $1 and id = h.conversation_id limit 1) c
  cross join lateral (
      select address from chat.channel_identity where operator_id = $1 and id = h.identity_id limit 1) i
  left join lateral (
      select full_at from chat.pair where operator_id = $1 and identity_id = h.identity_id limit 1) p on true
  left join lateral (
      select body from chat.message
       where operator_id = $1 and conversation_id = h.conversation_id and id = m.answers limit 1) q on true
 order by h.urgent desc, h.place
"""
_BEGIN = """
update chat.send set begun_at = $3, attempts = attempts + 1 where operator_id = $1 and id = any($2::uuid[])
"""
_PAIRS = """
insert into chat.pair as p (operator_id, identity_id, full_at)
select $1, identity_id, full_at from unnest($2::uuid[], $3::timestamptz[]) as g (identity_id, full_at)
on conflict (operator_id, identity_id) do update set full_at = greatest(p.full_at, excluded.full_at)
"""
_POSTPONE = """
update chat.send s set not_before = g.at from unnest($2::uuid[], $3::timestamptz[]) as g (id, at)
 where s.operator_id = $1 and s.id = g.id
"""
_AGAIN = """
update chat.send s set not_before = g.at, begun_at = null, unknown = $4
  from unnest($2::uuid[], $3::timestamptz[]) as g (id, at) where s.operator_id = $1 and s.id = g.id
"""
_AS_TEMPLATE = """
update chat.send set as_template = true, begun_at = null, unknown = false
 where operator_id = $1 and id = any($2::uuid[])
"""
_ACCEPT = """
update chat.message m set wamid_index = g.wamid_index,
       status = case when m.status in ('queued', 'sending', 'unknown') then 'sent' else m.status end
  from unnest($2::uuid[], $3::bytea[]) as g (id, wamid_index) where m.operator_id = $1 and m.id = g.id
"""
_FORGET = "delete from chat.send where operator_id = $1 and id = any($2::uuid[])"
_REACH = """
with known as (
    select identity_id from chat.reached where operator_id = $1 and identity_id = any($2::uuid[]) and at > $4
), new as (
    select distinct identity_id from unnest($2::uuid[]) as g (identity_id)
     where identity_id not in (select identity_id from known)
     limit greatest($3::integer - (select count(*) from chat.reached where operator_id = $1 and at > $4), 0)
), kept as (
    insert into chat.reached (operator_id, identity_id, at) select $1, identity_id, $5 from new
    on conflict (operator_id, identity_id) do update set at = excluded.at
    returning identity_id
)
select identity_id from known union all select identity_id from kept
"""
