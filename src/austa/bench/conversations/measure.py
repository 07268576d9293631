"""`austa bench chat`: a whole installation, members who write to it, and the stand-in for Meta's Graph API.

Generator and stand-in share one process beside AUSTA's; what they take of the processor is measured and printed.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from austa.bench.conversations.kills import kill_evenly
from austa.bench.conversations.offering import Members
from austa.bench.conversations.peer import Phones, Post, StatusTeller, standing_in
from austa.bench.conversations.records import Records
from austa.bench.conversations.served import NUMBER, SHARED, VERSION, free_port, settings_for, stand_in_at
from austa.bench.conversations.talk import Talk
from austa.bench.graph.limits import NUMBER_LIMIT, PAIR_LIMIT
from austa.bench.installation import Installation, scratch_folder, serving
from austa.infra.settings import load_settings
from austa.kernel.actors import Caller
from austa.kernel.clock import SystemClock
from austa.runtime.place import open_house

LEAST_PER_SECOND = 80
DRAIN_WITHIN_S = 120.0
LOOK_EVERY_S = 2.0
SETTLES_S, SETTLES_AFTER_KILLS_S = 3.0, 20.0
"""What is said twice is said late: so long it is waited for."""
WARM_UP_MESSAGES, WARM_UP_WITHIN_S = 20, 60.0
MOST_SHOWN = 20
SEED = 5

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What is offered. `per_second`: the number's limit, on both sides."""

    rate: float
    seconds: float
    members: int
    kills: int
    per_second: int


async def measure(run: Run, tell: Tell) -> dict[str, Any]:
    """The counts of one run."""
    async with warmed_up(run) as (bench, installation, post):
        tell("AUSTA answers; members begin to write")
        return await bench.offer(installation, post, tell)


@asynccontextmanager
async def warmed_up(run: Run) -> AsyncIterator[tuple["Bench", Installation, Post]]:
    """A new installation and the stand-in, which tells statuses, after the first few messages; all gone afterwards."""
    bench = Bench(run)
    with scratch_folder() as folder:
        async with (
            standing_in(bench.stand_in, bench.port, VERSION),
            serving(folder / "data", settings_for(bench.port, run.per_second)) as installation,
        ):
            post = Post(installation.port, NUMBER, SHARED)
            async with running(StatusTeller(bench.phones, post, SEED)):
                await bench.warm_up(post)
                yield bench, installation, post


class Bench:
    """One run: what is offered, and the stand-in that takes the answers."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.port = free_port()
        self.phones = Phones()
        self.stand_in = stand_in_at(self.port, self.phones, run.per_second)
        self._image_id = self.phones.add_media(b"\xff\xd8\xff\xe0" + os.urandom(2000), "image/jpeg").id

    async def warm_up(self, post: Post) -> None:
        """A few messages before it counts: models are loaded, connections opened."""
        records = Records()
        self.phones.records = records
        members = self.members(records, WARM_UP_MESSAGES, seed=SEED + 1)
        await members.write(post, WARM_UP_MESSAGES / 2, 2.0)
        for _ in range(int(WARM_UP_WITHIN_S / 0.5)):
            if not members.under_way and not records.unanswered():
                return
            await asyncio.sleep(0.5)

    async def offer(self, installation: Installation, post: Post, tell: Tell) -> dict[str, Any]:
        run, records = self.run, Records()
        self.phones.records = records
        assert self.stand_in.limits is not None
        self.stand_in.limits.refused.clear()
        members = self.members(records, run.members, seed=SEED)
        ours, theirs, began = _processor_s(), installation.processor_s(), time.perf_counter()
        killing = asyncio.create_task(kill_evenly(installation, run.kills, run.seconds, records.kills, SEED))
        await members.write(post, run.rate, run.seconds)
        ended = time.perf_counter()
        await killing
        tell(f"{len(records.said)} messages were offered in {ended - began:.1f} s; waiting for the last answers")
        await drain(records, members, ended)
        left = records.unanswered()
        for said in left[:MOST_SHOWN]:
            tell(f"unanswered: {said.words!r} of {said.phone}, {said.due - began:.1f} s after the start")
        drained = time.perf_counter() if left else max(records.answers().values(), default=ended)
        took = time.perf_counter() - began
        each = {
            "generator": (_processor_s() - ours) / took,
            **({} if run.kills else _shares(theirs, installation.processor_s(), took)),
        }
        memory = installation.memory_mb()
        await asyncio.sleep(SETTLES_AFTER_KILLS_S if run.kills else SETTLES_S)
        for task in members.under_way:
            task.cancel()
        stored = await _stored(installation)
        refused = self.stand_in.limits.refused
        return {
            **records.figures(stored, max(drained - ended, 0.0)),
            **memory,
            "pace_violations": refused[NUMBER_LIMIT] + refused[PAIR_LIMIT],
            "kills": len(records.kills),
            "processor_share": {name: round(share, 2) for name, share in sorted(each.items())},
            "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
        }

    def members(self, records: Records, count: int, seed: int) -> Members:
        talk = Talk(seed, image_id=self._image_id)
        return Members(count, NUMBER, self.phones, records, SystemClock(), talk, seed)


@asynccontextmanager
async def running(teller: StatusTeller) -> AsyncIterator[None]:
    """Statuses are told while the block runs."""
    telling = asyncio.create_task(teller.run())
    try:
        yield
    finally:
        telling.cancel()
        teller.cancel()


async def drain(records: Records, members: Members, ended: float) -> None:
    """Wait until all who asked were answered, but not for ever. `ended`: when the last message was offered."""
    while time.perf_counter() - ended < DRAIN_WITHIN_S:
        if not members.under_way and not records.unanswered():
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def _stored(installation: Installation) -> Counter[str]:
    """How often AUSTA has each message, by its id, as it is taken out."""
    async with open_house(load_settings(data=installation.data, log_level="error")) as house:
        (operator_id,) = await house.identity.operator_ids()
        exported = house.chat.export(Caller.system(operator_id, "bench"))
        return Counter([message.wamid.reveal() async for message in exported])


def _processor_s() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def _shares(before: dict[str, float], after: dict[str, float], took: float) -> dict[str, float]:
    """What each of AUSTA's processes took of one processor."""
    return {name: (after[name] - before[name]) / took for name in before.keys() & after.keys()}
