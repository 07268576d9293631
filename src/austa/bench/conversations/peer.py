"""Meta as AUSTA sees it: posts webhooks until they are answered with 200, tells statuses, takes what AUSTA sends."""

import asyncio
import contextlib
import heapq
import socket
import time
from collections.abc import AsyncIterator, Generator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from austa.bench.client import Client
from austa.bench.conversations.records import Records, Reply
from austa.bench.graph.memory import Records as Remembered
from austa.bench.graph.memory import Sent
from austa.bench.graph.standin import GraphStandIn
from austa.bench.graph.webhooks import BusinessNumber, JsonObject, sign, status_webhook, wire_bytes

ANSWERED_WITHIN_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
"""Meta repeats for up to seven days with ever longer pauses; here they stay short, for the run is."""
STATUS_AFTER_S = {"sent": 0.1, "delivered": 0.4, "read": 2.0, "failed": 0.1}
READ_SHARE = 0.6
STATUSES_TOGETHER = 40
TELL_EVERY_S = 0.05


class Post:
    """Posts webhooks as Meta does: signed, at least once, again and again."""

    def __init__(self, port: int, number: BusinessNumber, secret: str) -> None:
        self._client = Client(port)
        self._path = f"/webhooks/whatsapp/{number.id}"
        self._secret = secret

    async def deliver(self, raw: bytes) -> None:
        """Return when it was answered with 200."""
        headers = {"content-type": "application/json", "x-hub-signature-256": sign(raw, self._secret)}
        pause = FIRST_PAUSE_S
        while not await self._is_taken(raw, headers):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _is_taken(self, raw: bytes, headers: dict[str, str]) -> bool:
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                status, _ = await self._client.post(self._path, raw, headers)
        except (OSError, TimeoutError):
            return False
        return status == 200

    def close(self) -> None:
        self._client.close()


@dataclass
class Phones(Remembered):
    """The stand-in's memory that also notes when each send arrived and what is on each member's screen."""

    records: Records = field(default_factory=Records)
    buttons: dict[str, Sequence[JsonObject]] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    """The id of the newest message of ours on each phone."""

    def keep_sent(self, number: BusinessNumber, message: Sent, statuses: Sequence[JsonObject]) -> None:
        super().keep_sent(number, message, statuses)
        content = message.content
        text = str(content["body"]["text"] if message.kind == "interactive" else content.get("body", ""))
        self.records.replies.append(Reply(time.perf_counter(), message.phone, message.send_id, message.reply_to, text))
        self.newest[message.phone] = message.id
        replies = content.get("action", {}).get("buttons", []) if message.kind == "interactive" else []
        self.buttons[message.phone] = [each["reply"] for each in replies]


class StatusTeller:
    """Tells AUSTA how far its messages got: in batches, some twice, none in order."""

    def __init__(self, phones: Phones, post: Post, seed: int) -> None:
        self._phones = phones
        self._post = post
        self._draw = np.random.default_rng(seed)
        self._due: list[tuple[float, int, BusinessNumber, JsonObject]] = []
        self._serial = count()
        self._under_way: set[asyncio.Task[None]] = set()
        self.told = 0

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            self._take_in()
            now = time.perf_counter()
            ready = []
            while self._due and self._due[0][0] <= now:
                ready.append(heapq.heappop(self._due))
            for begin in range(0, len(ready), STATUSES_TOGETHER):
                self._tell(ready[begin : begin + STATUSES_TOGETHER])

    def _take_in(self) -> None:
        new, self._phones.statuses = self._phones.statuses, []
        now = time.perf_counter()
        for number, status in new:
            told = [status]
            if status["status"] == "delivered" and self._draw.random() < READ_SHARE:
                told.append({name: value for name, value in status.items() if name != "pricing"} | {"status": "read"})
            for each in told:
                heapq.heappush(self._due, (now + STATUS_AFTER_S[each["status"]], next(self._serial), number, each))

    def _tell(self, ready: Sequence[tuple[float, int, BusinessNumber, JsonObject]]) -> None:
        entries = [ready[int(place)][3] for place in self._draw.permutation(len(ready))]
        if self._draw.random() < 0.05:
            entries.append(entries[0])
        self.told += len(entries)
        task = asyncio.create_task(self._post.deliver(wire_bytes(status_webhook(ready[0][2], entries))))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def cancel(self) -> None:
        """Let go of what is under way."""
        for task in self._under_way:
            task.cancel()


@contextlib.asynccontextmanager
async def standing_in(stand_in: GraphStandIn, port: int, version: str) -> AsyncIterator[None]:
    """The stand-in answers on that port while the block runs."""
    app = Starlette(routes=[Mount(f"/{version}", stand_in.app())])
    server = _Server(
        uvicorn.Config(app, port=port, http="httptools", log_config=None, access_log=False, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    try:
        await server.is_up.wait()
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the command, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
