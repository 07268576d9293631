"""Offers requests at a rate, whether or not the last ones were answered (open loop), and sees when each was decided.

The time of a request runs from the instant it was due to be sent to the instant its guide number is committed: a look
at the database every hundredth of a second stands for the client that waits for it. Arrivals are a Poisson process.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import numpy as np

from austa.bench.authorizations.population import Population
from austa.bench.client import Client
from austa.bench.installation import Installation
from austa.kernel.errors import Unavailable

LOOK_EVERY_S = 0.01
PAUSE_S = 0.05
MOST_LOOKED_AT = 300
"""Of those that wait longest; only under overload are there more."""
_DECIDED = """
select r.id, d.guide_number, r.state from prior_auth.request r
  left join prior_auth.decision d on d.operator_id = r.operator_id and d.request_id = r.id
 where r.operator_id = $1 and r.id = any($2) and r.state not in ('RECEIVED', 'ELIGIBILITY_CHECK', 'RULES_EVALUATION')
"""


@dataclass
class Offered:
    """What became of one offering. Seconds by request id; `refused`: answers that took no request, by status."""

    seconds: float
    sent: int = 0
    taken: dict[UUID, float] = field(default_factory=dict)
    """When each request was due to be sent, by the clock of this process."""
    approved: dict[UUID, float] = field(default_factory=dict)
    routed: dict[UUID, float] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> set[UUID]:
        """Taken and not decided."""
        return self.taken.keys() - self.approved.keys() - self.routed.keys()

    def figures(self) -> dict[str, Any]:
        """Rates and percentiles; times are those of approvals."""
        took = list(self.approved.values()) or [float("nan")]
        p50, p95, p99 = np.percentile(took, [50, 95, 99]) * 1000
        return {
            "offered_per_s": round(self.sent / self.seconds, 1),
            "p50_ms": round(float(p50), 1),
            "p95_ms": round(float(p95), 1),
            "p99_ms": round(float(p99), 1),
            "auto_approved": len(self.approved),
            "routed": len(self.routed),
            "undecided": len(self.waiting),
            "refused": self.refused,
        }


class Looker:
    """Looks into the database, also after it was killed and started again."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._connection: asyncpg.Connection | None = None

    async def fetch(self, question: str, *values: Any) -> list[Any]:
        """The rows; none while the database is away."""
        try:
            self._connection = self._connection or await self._installation.connect()
            return list(await self._connection.fetch(question, *values))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable):
            self._connection = None
            return []

    async def close(self) -> None:
        """Close what is open."""
        if self._connection is not None:
            await self._connection.close()


async def offer(
    population: Population,
    client: Client,
    looker: Looker,
    *,
    rate: float,
    seconds: float,
    patience: float,
    seed: int,
) -> Offered:
    """Offer for so many seconds, then wait for what is left, at most `patience` seconds.

    Raises `Unexpected` `bench.population_used_up`.
    """
    offered = Offered(seconds)
    draw = np.random.default_rng(seed)
    looking = asyncio.create_task(_look(population, looker, offered))
    sending: set[asyncio.Task[None]] = set()
    began = due = time.perf_counter()
    while (due := due + draw.exponential(1 / rate)) < began + seconds:
        body = population.request(draw, datetime.now(UTC).isoformat())
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        task = asyncio.create_task(_send(client, population.token, offered, body, due))
        sending.add(task)
        task.add_done_callback(sending.discard)
    for _ in range(int(patience / PAUSE_S)):
        if not sending and not offered.waiting:
            break
        await asyncio.sleep(PAUSE_S)
    for task in (looking, *sending):
        task.cancel()
    await asyncio.gather(looking, *sending, return_exceptions=True)
    offered.sent = len(offered.taken) + sum(offered.refused.values())
    return offered


async def _send(client: Client, token: str, offered: Offered, body: dict[str, Any], due: float) -> None:
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "idempotency-key": str(uuid4()),
    }
    try:
        status, answer = await client.post("/api/v1/authorizations", json.dumps(body).encode(), headers)
    except OSError:
        status, answer = 0, b""
    if status == 201:
        offered.taken[UUID(json.loads(answer)["request_id"])] = due
    else:
        offered.refused[str(status)] = offered.refused.get(str(status), 0) + 1


async def _look(population: Population, looker: Looker, offered: Offered) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        waiting = sorted(offered.waiting, key=offered.taken.__getitem__)[:MOST_LOOKED_AT]
        if not waiting:
            continue
        rows = await looker.fetch(_DECIDED, population.operator_id, waiting)
        now = time.perf_counter()
        for request_id, guide, _ in rows:
            took = now - offered.taken[request_id]
            (offered.approved if guide else offered.routed)[request_id] = took
