"""`austa bench inbox`: the same webhooks to three doors on one PostgreSQL, taken in turn, and what each costs.

Closed loop: so many connections, each posts its next webhook when the last was answered. All three answer after the
commit; AUSTA's workers stand still meanwhile. The whole of AUSTA is measured after it.
"""

import asyncio
import importlib.util
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import numpy as np
import psutil

from austa.bench.client import Client
from austa.bench.conversations.offering import BATCHES, FIRST_PHONE
from austa.bench.conversations.peer import Phones, standing_in
from austa.bench.conversations.served import NUMBER, SHARED, VERSION, WEBHOOK_PATH, free_port, settings_for, stand_in_at
from austa.bench.conversations.talk import TEXTS
from austa.bench.graph.webhooks import (
    Sender,
    contact_entry,
    envelope,
    message_entry,
    new_message_id,
    sign,
    wire_bytes,
)
from austa.bench.inbox.peers import TABLE
from austa.bench.installation import Installation, scratch_folder, serving
from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import find_running
from austa.kernel.clock import Clock, SystemClock
from austa.kernel.errors import Unavailable, Unexpected
from austa.runtime.place import postgres_folder

PER_SECOND = 1000
PEERS = ("pywa", "bare")
AUSTA = "austa"
PHONES = 20_000
WARM_UP = 200
PIPELINE_WITHIN_S = 300.0
UP_WITHIN_S = 30.0
SEED = 7

Tell = Callable[[str], None]
Webhook = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Run:
    """What is offered: so many webhooks a round, over so many connections, in so many rounds of each door."""

    webhooks: int
    connections: int
    rounds: int


@dataclass(frozen=True)
class Door:
    """Where webhooks are posted. `process`: what answers; PostgreSQL is counted beside it."""

    name: str
    port: int
    process: psutil.Process


@dataclass(frozen=True)
class Round:
    """What one round of one door came to."""

    messages: int
    seconds: float
    waits: list[float]
    door_s: float
    postgres_s: float


async def measure(run: Run, tell: Tell) -> dict[str, Any]:
    """The figures of all doors, with webhooks of one message and batched as Meta does, and of the whole of AUSTA."""
    names = [name for name in PEERS if name == "bare" or importlib.util.find_spec("pywa_async") is not None]
    if "pywa" not in names:
        tell("pywa is not there, so it is left out: `make bench-inbox` fetches it")
    graph_port = free_port()
    stand_in = stand_in_at(graph_port, Phones(), PER_SECOND)
    offered = _Offered()
    with scratch_folder() as folder:
        async with (
            standing_in(stand_in, graph_port, VERSION),
            serving(folder / "data", settings_for(graph_port, PER_SECOND)) as installation,
            _peers(installation, names) as peers,
        ):
            numbers = installation.processes()
            doors = [Door(AUSTA, installation.port, psutil.Process(numbers["api"])), *peers]
            with _standing_still(numbers["worker"]):
                figures = {
                    "one_message_a_webhook": await _compare(installation, doors, run, offered.singles, tell),
                    "as_meta_batches": await _compare(installation, doors, run, offered.batches, tell),
                }
                await _forget_due(installation)
            tell("the whole of AUSTA")
            figures["pipeline"] = await _pipeline(installation, doors[0], run, offered)
    return {
        "webhooks": run.webhooks,
        "connections": run.connections,
        "rounds": run.rounds,
        **figures,
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
    }


class _Offered:
    """Webhooks of texts that members write, signed beforehand; none comes twice."""

    def __init__(self) -> None:
        self._draw = np.random.default_rng(SEED)
        self._clock: Clock = SystemClock()
        self._texts = [text for _, texts in TEXTS for text in texts]

    def singles(self, count: int) -> tuple[list[Webhook], int]:
        """So many webhooks of one message, and how many messages they are."""
        return [self._webhook(1) for _ in range(count)], count

    def batches(self, count: int) -> tuple[list[Webhook], int]:
        """So many webhooks, batched as Meta does."""
        sizes = [self._size() for _ in range(count)]
        return [self._webhook(size) for size in sizes], sum(sizes)

    def _size(self) -> int:
        _, least, most = BATCHES[int(self._draw.choice(len(BATCHES), p=[share for share, *_ in BATCHES]))]
        return int(self._draw.integers(least, most + 1))

    def _webhook(self, size: int) -> Webhook:
        contacts, entries = [], []
        for _ in range(size):
            serial = int(self._draw.integers(PHONES))
            sender = Sender(str(FIRST_PHONE + serial), f"Pessoa {serial}")
            text = self._texts[int(self._draw.integers(len(self._texts)))]
            wamid, now = new_message_id(sender.phone), self._clock.now()
            entries.append(message_entry(sender, wamid, now, kind="text", content={"body": text}))
            contacts.append(contact_entry(sender))
        raw = wire_bytes(envelope(NUMBER, {"contacts": contacts, "messages": entries}))
        return raw, {"content-type": "application/json", "x-hub-signature-256": sign(raw, SHARED)}


async def _compare(
    installation: Installation,
    doors: Sequence[Door],
    run: Run,
    prepare: Callable[[int], tuple[list[Webhook], int]],
    tell: Tell,
) -> dict[str, Any]:
    rounds: dict[str, list[Round]] = {door.name: [] for door in doors}
    for door in doors:
        await _round(installation, door, *prepare(WARM_UP), run.connections)
    for number in range(run.rounds):
        for door in doors:
            done = await _round(installation, door, *prepare(run.webhooks), run.connections)
            rounds[door.name].append(done)
            tell(f"round {number + 1}, {door.name}: {done.messages / done.seconds:.0f} messages/s")
    figures: dict[str, Any] = {name: _figures(some) for name, some in rounds.items()}
    ours = figures[AUSTA]
    for name in figures.keys() - {AUSTA}:
        theirs = figures[name]
        figures[name]["austa_is_faster_by"] = round(ours["messages_per_s"] / theirs["messages_per_s"], 2)
        figures[name]["austa_takes_less_by"] = round(theirs["processor_ms"] / ours["processor_ms"], 2)
    return figures


async def _round(
    installation: Installation, door: Door, webhooks: Sequence[Webhook], messages: int, connections: int
) -> Round:
    client, left, before = Client(door.port), iter(webhooks), await _rows(installation, door)
    waits: list[float] = []
    door_s, postgres_s = _processor_s(door.process), installation.processor_s()["postgres"]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_post(client, left, waits))
    seconds = time.perf_counter() - began
    client.close()
    done = Round(
        messages,
        seconds,
        waits,
        _processor_s(door.process) - door_s,
        installation.processor_s()["postgres"] - postgres_s,
    )
    if await _rows(installation, door) - before != messages:
        raise Unexpected("bench.rows_missing", f"{door.name} answered for messages that it does not have")
    return done


async def _post(client: Client, left: Iterator[Webhook], waits: list[float]) -> None:
    for raw, headers in left:
        began = time.perf_counter()
        status, _ = await client.post(WEBHOOK_PATH, raw, headers)
        if status != 200:
            raise Unavailable("bench.not_taken", f"a webhook was answered with {status}")
        waits.append(time.perf_counter() - began)


def _figures(rounds: Sequence[Round]) -> dict[str, Any]:
    """Medians of the rounds; latencies of all."""
    waits = [wait for each in rounds for wait in each.waits]
    door_ms = statistics.median(each.door_s / each.messages for each in rounds) * 1000
    postgres_ms = statistics.median(each.postgres_s / each.messages for each in rounds) * 1000
    return {
        "messages_per_s": round(statistics.median(each.messages / each.seconds for each in rounds), 1),
        "processor_ms": round(door_ms + postgres_ms, 3),
        "door_ms": round(door_ms, 3),
        "postgres_ms": round(postgres_ms, 3),
        "p50_ms": round(float(np.percentile(waits, 50)) * 1000, 1),
        "p99_ms": round(float(np.percentile(waits, 99)) * 1000, 1),
    }


async def _pipeline(installation: Installation, door: Door, run: Run, offered: _Offered) -> dict[str, Any]:
    """From webhook to what Meta took: all that workers do, too."""
    before, began = installation.processor_s(), time.perf_counter()
    done = await _round(installation, door, *offered.batches(max(run.webhooks // 4, 1)), run.connections)
    connection = await installation.connect()
    try:
        while await connection.fetchval(
            "select exists (select from dispatch.inbox_due) or exists (select from chat.send)"
        ):
            if time.perf_counter() - began > PIPELINE_WITHIN_S:
                raise Unavailable("bench.never_answered", "messages are still unanswered: see serve.log")
            await asyncio.sleep(0.2)
    finally:
        await connection.close()
    seconds, after = time.perf_counter() - began, installation.processor_s()
    each = {name: round((after[name] - before[name]) / done.messages * 1000, 3) for name in sorted(after)}
    return {
        "messages": done.messages,
        "messages_per_s": round(done.messages / seconds, 1),
        "processor_ms": round(sum(each.values()), 3),
        "processor_ms_each": each,
    }


async def _rows(installation: Installation, door: Door) -> int:
    """How many rows lie there."""
    connection = await installation.connect(None if door.name == AUSTA else door.name)
    try:
        counted = "select count(*) from chat.inbox" if door.name == AUSTA else "select count(*) from message"
        return int(await connection.fetchval(counted))
    finally:
        await connection.close()


async def _forget_due(installation: Installation) -> None:
    connection = await installation.connect()
    await connection.execute("truncate dispatch.inbox_due")
    await connection.close()


@contextmanager
def _standing_still(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@asynccontextmanager
async def _peers(installation: Installation, names: Sequence[str]) -> AsyncIterator[list[Door]]:
    """Each with a database of its own on AUSTA's PostgreSQL."""
    address = find_running(postgres_folder(installation.data))
    if address is None:
        raise Unavailable("bench.no_database", "the database of the benchmark does not run")
    running, doors = [], []
    try:
        for name in names:
            await _make_database(address, name)
            port = free_port()
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "austa.bench.inbox.peers", name,
                env=os.environ | {
                    "BENCH_PORT": str(port),
                    "BENCH_DSN": replace(address, database=name).dsn,
                    "BENCH_SECRET": SHARED,
                },
            )  # fmt: skip
            running.append(child)
            await _wait_for(port)
            doors.append(Door(name, port, psutil.Process(child.pid)))
        yield doors
    finally:
        for child in running:
            if child.returncode is None:
                child.terminate()
            await child.wait()


async def _make_database(address: PostgresAddress, name: str) -> None:
    connection = await asyncpg.connect(address.dsn)
    await connection.execute(f"create database {name}")
    await connection.close()
    connection = await asyncpg.connect(replace(address, database=name).dsn)
    await connection.execute(TABLE)
    await connection.close()


async def _wait_for(port: int) -> None:
    for _ in range(int(UP_WITHIN_S / 0.1)):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise Unavailable("bench.never_ready", "what AUSTA is compared with never got ready")


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
