"""`kill -9` of one process after the other while requests are offered; what must hold afterwards is asked in SQL."""

import asyncio
from typing import Any

import asyncpg

from austa.bench.authorizations.offering import Offered
from austa.bench.installation import Installation

VICTIMS = ("worker", "api", "postgres", "supervisor", "worker")

# Each must be nought. A request that is taken has a state with the step that led there, a legal clock, and something
# that will move it on while nobody answered it; guide numbers are unique and without gaps.
_CHECKS = {
    "lost": "select count(*) from unnest($1::uuid[]) asked (id) left join prior_auth.request r on r.id = asked.id"
    " where r.id is null",
    "without_state": """
select count(*) from prior_auth.request r where not exists (
    select 1 from prior_auth.change c where c.operator_id = r.operator_id and c.request_id = r.id
       and c.sequence = r.version and c.to_state = r.state)""",
    "undecided": "select count(*) from prior_auth.request where state in ('RECEIVED', 'ELIGIBILITY_CHECK')",
    "approved_without_guide": """
select count(*) from prior_auth.request r where r.state = 'ISSUED' and 1 <> (
    select count(*) from prior_auth.decision d where d.operator_id = r.operator_id and d.request_id = r.id
       and d.guide_number is not null)""",
    "guide_numbers_twice": """
select count(*) - count(distinct guide_number) from prior_auth.decision where guide_number is not null""",
    "guide_numbers_missing": """
select coalesce(sum(last), 0)::bigint - (select count(*) from prior_auth.decision where guide_number is not null)
  from prior_auth.sequence where name like 'guide:%'""",
    "protocols_twice": "select count(*) - count(distinct protocol) from prior_auth.request",
    "clocks_lost": """
select count(*) from prior_auth.request r where r.watch is not null and r.state not in ('CANCELLED', 'EXPIRED')
   and not exists (select 1 from dispatch.delivery d
                    where d.key = r.id::text and d.handler = 'prior_auth.predict_breach')""",
    "validities_lost": """
select count(*) from prior_auth.request r where r.state = 'ISSUED' and not exists (
    select 1 from dispatch.delivery d where d.key = r.id::text
       and d.handler in ('prior_auth.look_for_care', 'prior_auth.end_validity'))""",
    "parked": "select count(*) from dispatch.delivery where state = 'parked'",
}


async def kill_one_by_one(installation: Installation, every_s: float, killed: list[str]) -> None:
    """Kill until cancelled. The supervisor starts each again; when it is killed itself, all die with it, and the folder
    is served anew. `killed` is added to."""
    for victim in VICTIMS:
        await asyncio.sleep(every_s)
        installation.kill(victim)
        killed.append(victim)
        if victim == "supervisor":
            await installation.restart()


async def look_for_damage(connection: asyncpg.Connection, offered: Offered) -> dict[str, Any]:
    """How many requests each check found; all nought when nothing was lost or doubled."""
    found = {}
    for name, question in _CHECKS.items():
        values = [list(offered.taken)] if "$1" in question else []
        found[name] = int(await connection.fetchval(question, *values))
    return found
