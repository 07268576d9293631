"""Members who write at a rate, whether or not AUSTA answers (open loop): Poisson arrivals, batched as Meta batches."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import numpy as np

from austa.bench.conversations.peer import Phones, Post
from austa.bench.conversations.records import Records, Said
from austa.bench.conversations.talk import Talk, Utterance
from austa.bench.graph.webhooks import (
    BusinessNumber,
    JsonObject,
    Sender,
    contact_entry,
    envelope,
    message_entry,
    new_message_id,
    wire_bytes,
)
from austa.kernel.clock import Clock

BATCHES = ((0.70, 1, 1), (0.25, 2, 5), (0.05, 6, 20))
"""Share of webhooks with so many messages, from and to."""
LONGEST_GATHERING_S = 0.02
TWICE_SHARE = 0.01
FIRST_PHONE = 5511_9_1000_0000


@dataclass
class _Batch:
    due: float
    said: list[Said]
    raw: bytes


class Members:
    """So many members of one number."""

    def __init__(
        self, count: int, number: BusinessNumber, phones: Phones, records: Records, clock: Clock, talk: Talk, seed: int
    ) -> None:
        self._senders = [Sender(str(FIRST_PHONE + serial), f"Pessoa {serial}") for serial in range(count)]
        self._number = number
        self._phones = phones
        self._records = records
        self._clock = clock
        self._talk = talk
        self._draw = np.random.default_rng(seed)
        self.under_way: set[asyncio.Task[None]] = set()

    async def write(self, post: Post, rate: float, seconds: float) -> None:
        """Write for so many seconds; webhooks may be under way when it returns."""
        due = time.perf_counter()
        ends = due + seconds
        due += self._draw.exponential(1 / rate)
        while due < ends:
            dues: list[float] = []
            first, size = due, self._size()
            while len(dues) < size and due < min(first + LONGEST_GATHERING_S, ends):
                dues.append(due)
                due += self._draw.exponential(1 / rate)
            await asyncio.sleep(max(dues[-1] - time.perf_counter(), 0))
            self._post(post, self._batch(dues))

    def _size(self) -> int:
        at = self._draw.random()
        for share, least, most in BATCHES:
            if at < share:
                return int(self._draw.integers(least, most + 1))
            at -= share
        return 1

    def _batch(self, dues: list[float]) -> _Batch:
        contacts, entries, batch = [], [], []
        for due in dues:
            sender = self._senders[int(self._draw.integers(len(self._senders)))]
            utterance = self._talk.next(
                self._phones.buttons.get(sender.phone, ()), self._phones.newest.get(sender.phone)
            )
            said, entry = self._said(sender, utterance, due)
            batch.append(said)
            entries.append(entry)
            contacts.append(contact_entry(sender))
        self._records.said += batch
        return _Batch(dues[0], batch, wire_bytes(envelope(self._number, {"contacts": contacts, "messages": entries})))

    def _said(self, sender: Sender, utterance: Utterance, due: float) -> tuple[Said, JsonObject]:
        now = self._clock.now()
        self._phones.wrote_at[self._number.id, sender.phone] = now
        entry = message_entry(sender, new_message_id(sender.phone), now, kind=utterance.kind, content=utterance.content)
        stamp, what = int(now.timestamp()), utterance
        said = Said(entry["id"], sender.phone, due, stamp, what.asks, what.is_emergency, what.words)
        return said, entry

    def _post(self, post: Post, batch: _Batch) -> None:
        self._start(self._deliver(post, batch))
        if self._draw.random() < TWICE_SHARE:
            self._start(self._again(post, batch.raw, float(self._draw.exponential(1.0))))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _deliver(self, post: Post, batch: _Batch) -> None:
        await post.deliver(batch.raw)
        now = time.perf_counter()
        self._records.acks.append(now - batch.due)
        for said in batch.said:
            said.accepted_at = now

    async def _again(self, post: Post, raw: bytes, after_s: float) -> None:
        """Meta sometimes delivers twice."""
        await asyncio.sleep(after_s)
        await post.deliver(raw)
