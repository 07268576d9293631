"""`austa bench prior-auth`: from a complete request to its guide number, over HTTP, on a whole installation."""

import asyncio
import os
from collections.abc import Callable
from typing import Any

from austa.bench.authorizations.kills import VICTIMS, kill_one_by_one, look_for_damage
from austa.bench.authorizations.offering import Looker, Offered, offer
from austa.bench.authorizations.population import Population, populate
from austa.bench.authorizations.stored import store
from austa.bench.client import Client
from austa.bench.installation import Installation, scratch_folder, serving
from austa.infra.settings import load_settings
from austa.runtime.place import open_house

WARM_UP_S = 8.0
STEP_S = 10.0
STEP = 1.25
SLOWEST_P95_MS = 1000.0
"""A rate is sustained when all that was offered at it is decided, 95 of 100 within this."""
PATIENCE_S = 60.0
_DUE = "select count(*) from dispatch.delivery where state = 'waiting' and due and not_before <= now()"

Tell = Callable[[str], None]


async def measure(rate: float, seconds: float, stored: int, tell: Tell, *, kill: bool = False) -> dict[str, Any]:
    """The figures on an empty installation and, where `stored` is set, again with so many requests stored before.

    `kill`: offer while processes are killed, and report what was lost or doubled instead.
    """
    with scratch_folder() as folder:
        async with serving(folder / "data") as installation:
            async with open_house(load_settings(data=installation.data, log_level="error")) as house:
                population = await populate(house, f"http://127.0.0.1:{installation.port}")
            tell(f"{len(population.members)} members are loaded")
            machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
            if kill:
                return {"machine": machine, **await _under_fire(installation, population, rate, seconds)}
            result = await _figures(installation, population, rate, seconds, tell)
            if not stored:
                return {"machine": machine, **result}
            await _store(installation, stored)
            tell(f"{stored} requests are stored")
            with_stored = await _figures(installation, population, rate, seconds, tell)
            return {"machine": machine, **result, f"with_{stored}_stored": with_stored}


async def _store(installation: Installation, count: int) -> None:
    connection = await installation.connect()
    try:
        await store(connection, count)
    finally:
        await connection.close()


async def _under_fire(
    installation: Installation, population: Population, rate: float, seconds: float
) -> dict[str, Any]:
    looker, killed = Looker(installation), list[str]()
    bench = _Bench(population, Client(installation.port), looker)
    killing = asyncio.create_task(kill_one_by_one(installation, seconds / (len(VICTIMS) + 1), killed))
    try:
        offered = await bench.offer(rate, seconds)
        await killing
        await installation.wait_ready()
        connection = await installation.connect()
        damage = await look_for_damage(connection, offered)
        await connection.close()
    finally:
        killing.cancel()
        bench.client.close()
        await looker.close()
    return {"killed": killed, **offered.figures(), "damage": damage}


async def _figures(
    installation: Installation, population: Population, rate: float, seconds: float, tell: Tell
) -> dict[str, Any]:
    looker = Looker(installation)
    bench = _Bench(population, Client(installation.port), looker)
    try:
        await bench.offer(rate / 2, WARM_UP_S)
        before = installation.processor_s()
        at_rate = await bench.offer(rate, seconds)
        figures = at_rate.figures() | {"processor_ms": _each(before, installation.processor_s(), at_rate)}
        tell(f"at {rate:g}/s offered: {figures}")
        highest = await _highest_sustained(bench, rate, at_rate, tell)
    finally:
        bench.client.close()
        await looker.close()
    return {"requests_per_s": highest, **figures, **installation.memory_mb()}


def _each(before: dict[str, float], after: dict[str, float], offered: Offered) -> dict[str, float]:
    """Processor time that one request took of each process, followers included."""
    taken = {name: after[name] - before[name] for name in after.keys() & before.keys()}
    return {name: round(1000 * seconds / max(len(offered.taken), 1), 1) for name, seconds in sorted(taken.items())}


class _Bench:
    """One population, offered from again and again."""

    def __init__(self, population: Population, client: Client, looker: Looker) -> None:
        self.client = client
        self._population = population
        self._looker = looker
        self._turns = 0

    async def offer(self, rate: float, seconds: float) -> Offered:
        """One offering; the deliveries that follow its decisions are let run out after it."""
        self._turns += 1
        offered = await offer(
            self._population,
            self.client,
            self._looker,
            rate=rate,
            seconds=seconds,
            patience=PATIENCE_S,
            seed=self._turns,
        )
        await self._let_run_out()
        return offered

    async def _let_run_out(self) -> None:
        for _ in range(int(PATIENCE_S)):
            rows = await self._looker.fetch(_DUE)
            if rows and rows[0][0] == 0:
                return
            await asyncio.sleep(1)


async def _highest_sustained(bench: _Bench, rate: float, at_rate: Offered, tell: Tell) -> float:
    """The highest of rates, each a quarter above the last, that is sustained; downward where the first is not."""
    up = is_sustained(at_rate)
    highest = rate if up else 0.0
    while True:
        rate = rate * STEP if up else rate / STEP
        offered = await bench.offer(rate, STEP_S)
        tell(f"at {rate:.0f}/s offered: {offered.figures()}")
        sustained = is_sustained(offered)
        if sustained:
            highest = round(offered.sent / offered.seconds, 1)
        if sustained != up or rate < 1:
            return highest


def is_sustained(offered: Offered) -> bool:
    """Whether everything was taken and decided, soon enough."""
    figures = offered.figures()
    return not offered.refused and not offered.waiting and figures["p95_ms"] <= SLOWEST_P95_MS
