"""The table of deliveries: what is next, who holds it, what became of it. The dispatcher's SQL, in its own role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.kernel.ids import OperatorId

LEASE = timedelta(seconds=10)


@dataclass(frozen=True)
class Claim:
    """A delivery in hand. `fence` is its number at the time: whoever took it over since has a higher one."""

    id: int
    event_id: UUID
    operator_id: OperatorId
    handler: str
    key: str
    attempts: int
    fence: int


def fences(claims: Sequence[Claim]) -> dict[str, Any]:
    """Which deliveries, each only while it is still in the same hands."""
    return {"ids": [claim.id for claim in claims], "fences": [claim.fence for claim in claims]}


# A delivery is next when it is due, not leased, and no earlier one of its handler and key is due, retrying,
# parked or leased. Timers that are not due hold nobody up. People who wait now (priority 1) come before batches.
# The row lock is enough but for two events of one key that committed against the order of their ids: so the key is
# locked too, once the row is chosen.
NEXT = sa.text("""
with next as materialized (
select d.id, d.event_id, d.operator_id, d.handler, d.key, d.attempts, d.fence
  from dispatch.delivery d
 where d.handler = any(:handlers)
   and d.state = 'waiting'
   and d.due
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
), more as materialized (
select d.id, d.event_id, d.operator_id, d.handler, d.key, d.attempts, d.fence
  from dispatch.delivery d, next
 where next.handler = any(:many) and d.handler = next.handler and d.operator_id = next.operator_id and d.id > next.id
   and d.state = 'waiting'
   and d.due
   and d.not_before <= :now
   and (d.lease_until is null or d.lease_until < now())
   and not exists (
       select 1 from dispatch.delivery p
        where p.handler = d.handler and p.key = d.key and p.id <> d.id
          and (p.lease_until >= now()
               or (p.id < d.id and p.state = 'waiting' and (p.attempts > 0 or p.not_before <= :now))
               or (p.id < d.id and p.state = 'parked' and p.handler <> all(:independent))))
 order by d.id
 limit :most
   for update of d skip locked
)
select *, pg_try_advisory_xact_lock(hashtextextended(handler || ' ' || key, 0)) from next
union all
select *, pg_try_advisory_xact_lock(hashtextextended(handler || ' ' || key, 0)) from more
""").bindparams(
    *(sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in ("handlers", "many", "independent")),
    sa.bindparam("most", type_=sa.BigInteger),
)
MARK_DUE = sa.text("""
update dispatch.delivery set due = true
 where id in (select id from dispatch.delivery where state = 'waiting' and not due and not_before <= :now
               order by not_before limit 1000 for update skip locked)
""")
_IDS = sa.bindparam("ids", type_=sa.ARRAY(sa.BigInteger))
_FENCES = sa.bindparam("fences", type_=sa.ARRAY(sa.Integer))
TAKE_LEASES = sa.text(
    "update dispatch.delivery set lease_until = now() + :lease, lease_holder = :holder, fence = fence + 1"
    " where id = any(:ids)"
).bindparams(_IDS)
# A worker that lost only its connection may have its lease taken over too: then its result is fenced off.
FREE_LEASES = sa.text(
    "update dispatch.delivery set lease_until = null where lease_until >= now()"
    " and (lease_holder not in (select outbox.living_processes())"
    " or (lease_holder = :ours and id <> all(:performing)))"
).bindparams(sa.bindparam("performing", type_=sa.ARRAY(sa.BigInteger)))
EXTEND = sa.text(
    "update dispatch.delivery set lease_until = now() + :lease"
    " where (id, fence) in (select * from unnest(:ids, :fences))"
).bindparams(_IDS, _FENCES)
HOLDS = sa.text(
    "select id from dispatch.delivery where (id, fence) in (select * from unnest(:ids, :fences)) order by id for update"
).bindparams(_IDS, _FENCES)
ENVELOPES = sa.text("select id, envelope::text as envelope from outbox.event where id = any(:ids)").bindparams(
    sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))
)
COMPLETE = sa.text(
    "delete from dispatch.delivery where (id, fence) in (select * from unnest(:ids, :fences))"
).bindparams(_IDS, _FENCES)
FAIL = sa.text(
    "update dispatch.delivery set attempts = :attempts, state = :state, reason = :reason,"
    " not_before = :not_before, lease_until = null where id = :id and fence = :fence"
)
# Of a delivery that was born leased, for as long as nobody took it over (its fence is then another).
COMPLETE_HELD = """
delete from dispatch.delivery d using unnest($1::text[], $2::text[], $3::uuid[]) as held (handler, key, event_id)
 where d.handler = held.handler and d.key = held.key and d.event_id = held.event_id and d.fence = 0
"""
FREE_HELD = """
update dispatch.delivery d set lease_until = null
  from unnest($1::text[], $2::text[], $3::uuid[]) as held (handler, key, event_id)
 where d.handler = held.handler and d.key = held.key and d.event_id = held.event_id and d.fence = 0
"""
DUE = sa.text(
    "select handler, count(*) as deliveries from dispatch.delivery"
    " where state = 'waiting' and due and not_before <= :now group by handler"
)
PARKED = sa.text(
    "select id, event_id, operator_id, event_type, handler, key, attempts, reason, not_before"
    " from dispatch.delivery where state = 'parked' order by id"
)
RETRY = sa.text(
    "update dispatch.delivery set state = 'waiting', attempts = 0, reason = null, not_before = :now"
    " where id = :id and state = 'parked'"
)
DROP = sa.text("delete from dispatch.delivery where id = :id and state = 'parked'")
