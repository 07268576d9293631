"""`austa bench abuse`: members write to a whole installation, first alone, then beside so many bad webhooks.

What is bad is posted evenly over the second stretch, on connections of its own; some lie about their length, and some
hold a connection with a body that never ends. Nothing of it may be kept, nothing may be a fault of ours, and members
must not notice.
"""

import asyncio
import contextlib
import os
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import asyncpg
import numpy as np

from austa.bench.client import Client
from austa.bench.conversations.measure import SEED, Bench, Run, Tell, drain, warmed_up
from austa.bench.conversations.peer import Post
from austa.bench.conversations.records import Records
from austa.bench.conversations.served import NUMBER, SHARED, WEBHOOK_PATH
from austa.bench.graph.webhooks import Sender, message_webhook, new_message_id, wire_bytes
from austa.bench.inbox.abuse import Bad, bad
from austa.kernel.clock import SystemClock

SIDE_BY_SIDE = 32
READY = 400
LIARS_SHARE = 0.01
TRICKLING = 50
TRICKLE_EVERY_S = 1.0
STRANGER = Sender("5511900000000", "Pessoa")


@dataclass
class _Attack:
    port: int
    honest: bytes
    answered: Counter[str]
    wrong: Counter[str]

    def __post_init__(self) -> None:
        # Made beforehand: who makes them shares the processor with who measures.
        self._draw = np.random.default_rng(SEED)
        self._ready = [bad(self.honest, SHARED, self._draw) for _ in range(READY)]

    async def post(self, count: int, seconds: float) -> None:
        """Post so many, evenly over that time."""
        client, free = Client(self.port), asyncio.Semaphore(SIDE_BY_SIDE)
        began = time.perf_counter()
        trickling = [asyncio.create_task(self._trickle(seconds)) for _ in range(TRICKLING)]
        async with asyncio.TaskGroup() as group:
            for number in range(count):
                await asyncio.sleep(max(began + seconds * number / count - time.perf_counter(), 0))
                await free.acquire()
                one = self._ready[number % READY]
                lies = self._draw.random() < LIARS_SHARE
                group.create_task(self._lie() if lies else self._one(client, one)).add_done_callback(
                    lambda _: free.release()
                )
        await asyncio.gather(*trickling)
        client.close()

    async def _one(self, client: Client, one: Bad) -> None:
        try:
            status, _ = await client.post(WEBHOOK_PATH, one.raw, one.headers)
        except OSError:
            # A body that is refused before its end breaks the connection.
            self.answered[f"{one.kind} cut off"] += 1
            return
        self.answered[f"{one.kind} {status}"] += 1
        # A header that is no header at all is refused by the server itself.
        if status not in {one.status, 400}:
            self.wrong[f"{one.kind} {status}"] += 1

    async def _lie(self) -> None:
        """The length is not that of the body."""
        length = int(self._draw.choice([1, len(self.honest) - 1, len(self.honest) + 1, 10**9, -1]))
        with contextlib.suppress(OSError):
            reader, writer = await self._open(length)
            writer.write(self.honest)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    line = await reader.readline()
                    self.wrong["lie answered with 200"] += b" 200 " in line
            writer.close()
        self.answered["lie"] += 1

    async def _trickle(self, seconds: float) -> None:
        """A byte a second."""
        ends = time.perf_counter() + seconds
        with contextlib.suppress(OSError):
            _, writer = await self._open(len(self.honest))
            for at in range(len(self.honest)):
                if time.perf_counter() >= ends:
                    break
                writer.write(self.honest[at : at + 1])
                await writer.drain()
                await asyncio.sleep(TRICKLE_EVERY_S)
            writer.close()
        self.answered["trickle"] += 1

    async def _open(self, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"POST {WEBHOOK_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n".encode())
        return reader, writer


async def measure_abuse(run: Run, count: int, tell: Tell) -> dict[str, Any]:
    """What became of so many bad webhooks, and what members noticed."""
    async with warmed_up(run) as (bench, installation, post):
        wamid = new_message_id(STRANGER.phone)
        webhook = message_webhook(NUMBER, STRANGER, wamid, SystemClock().now(), kind="text", content={"body": "oi"})
        attack = _Attack(installation.port, wire_bytes(webhook), Counter(), Counter())
        await post.deliver(attack.honest)
        connection = await installation.connect()
        await _stretch(bench, post, None, 0)
        tell("members write alone")
        before = await _kept(connection)
        said, alone = await _stretch(bench, post, None, 0)
        between = await _kept(connection)
        tell("members write beside bad webhooks")
        said_beside, beside = await _stretch(bench, post, attack, count)
        after = await _kept(connection)
        await connection.close()
    kept = {name: after[name] - between[name] - (said_beside if name == "messages" else 0) for name in after}
    kept_alone = {name: between[name] - before[name] - (said if name == "messages" else 0) for name in after}
    return {
        "bad": sum(attack.answered.values()),
        "kept_of_bad": kept,
        "kept_beyond_messages_alone": kept_alone,
        "answered_wrongly": dict(attack.wrong),
        "answered": dict(sorted(attack.answered.items())),
        "alone": alone,
        "beside": beside,
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
    }


async def _stretch(bench: Bench, post: Post, attack: _Attack | None, count: int) -> tuple[int, dict[str, Any]]:
    """How many messages members wrote, and how long they waited."""
    records = Records()
    bench.phones.records = records
    run = bench.run
    members = bench.members(records, run.members, seed=SEED)
    attacking = asyncio.create_task(attack.post(count, run.seconds)) if attack is not None else None
    await members.write(post, run.rate, run.seconds)
    if attacking is not None:
        await attacking
    await drain(records, members, time.perf_counter())
    figures = records.figures({}, 0.0)
    waits = {name: figure for name, figure in figures.items() if name.startswith(("ack_", "reply_"))}
    return len(records.said), {"messages": len(records.said), "unanswered": figures["unanswered"], **waits}


async def _kept(connection: asyncpg.Connection) -> Counter[str]:
    """How much of what a webhook can make there is."""
    rows = await connection.fetch(
        "select 'messages' as name, count(*) from chat.message where direction = 'in'"
        " union all select 'notices of kind ' || kind, count(*) from chat.other_notice group by kind"
        " union all select 'parked', count(*) from dispatch.delivery where state = 'parked'"
    )
    return Counter({row["name"]: row["count"] for row in rows})
