"""`kill -9` of any process of the pid file while members write; every third time of all at once."""

import asyncio
import time

import numpy as np

from austa.bench.installation import Installation

SUPERVISOR = "supervisor"


async def kill_evenly(installation: Installation, kills: int, over_s: float, struck: list[float], seed: int) -> None:
    """Kill so many times, spread over the time; what the supervisor's death ends is served anew. The instants are added
    to `struck`."""
    draw = np.random.default_rng(seed)
    began = time.perf_counter()
    for number in range(1, kills + 1):
        await asyncio.sleep(max(began + number * over_s / (kills + 1) - time.perf_counter(), 0))
        names = sorted(installation.processes())
        victims = names if number % 3 == 0 else [names[int(draw.integers(len(names)))]]
        struck.append(time.perf_counter())
        installation.kill(*victims)
        if SUPERVISOR in victims:
            await installation.restart()
