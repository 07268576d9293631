"""The live feed: what happened, for people who watch a screen; resumable by the last event id.

Positions are handed out before commits, so a reader that only remembered the highest position would miss an
event that committed late. The feed therefore reads only events whose transaction lies before every running
one, in (transaction, position) order.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from austa.infra import living
from austa.infra.db import WAKE_CHANNEL, Database
from austa.infra.outbox import DatabaseAway, listen
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId

ROLE = "austa_http"
BATCH = 200
POLL_S = 2.0


@dataclass(frozen=True)
class Place:
    """Where a reader stands."""

    transaction: int
    position: int


class Feed:
    """Tells every watcher of a process about new events of its operator."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watchers: set[asyncio.Event] = set()
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._number = living.new_number()

    async def run(self) -> None:
        """Wake the watchers at every commit that published something; runs until cancelled."""
        self._database.life = self._number
        heard = asyncio.Event()
        listener = asyncio.create_task(self._listen(heard))
        try:
            while True:
                await heard.wait()
                heard.clear()
                for watcher in self._watchers:
                    watcher.set()
        finally:
            listener.cancel()

    async def follow(self, operator_id: OperatorId, last_event_id: UUID | None) -> AsyncIterator[Envelope]:
        """Events of that operator after `last_event_id` (from now on when it is None or too old), for ever."""
        wake = asyncio.Event()
        self._watchers.add(wake)
        try:
            place = await self._start(operator_id, last_event_id)
            while True:
                wake.clear()
                batch = await self._read(operator_id, place)
                for envelope, reached in batch:
                    yield envelope
                    place = reached
                if len(batch) < BATCH:
                    await _wait(wake)
        finally:
            self._watchers.discard(wake)

    @contextlib.contextmanager
    def hearing(self, *names: str) -> Iterator[asyncio.Event]:
        """An event that is set when somebody wakes one of these names (`Transaction.wake`), and when something may have
        been missed. However many wait, the process listens once; a wake that died with its process is not heard."""
        event = asyncio.Event()
        for name in names:
            self._waiting.setdefault(name, set()).add(event)
        try:
            yield event
        finally:
            for name in names:
                self._waiting[name].discard(event)
                if not self._waiting[name]:
                    del self._waiting[name]

    async def _listen(self, heard: asyncio.Event) -> None:
        def hear(names: str) -> None:
            heard.set()
            for name in names.split() or tuple(self._waiting):
                for event in self._waiting.get(name, ()):
                    event.set()

        while True:
            try:
                await listen(self._database, WAKE_CHANNEL, hear, self._show_life)
            except DatabaseAway:
                hear("")
            await asyncio.sleep(POLL_S)

    async def _show_life(self, connection: asyncpg.Connection) -> None:
        """An api process lives for as long as it listens; see `Idempotency`."""
        await living.show_life(connection, self._number)

    async def _start(self, operator_id: OperatorId, last_event_id: UUID | None) -> Place:
        async with self._database.begin(ROLE, operator_id) as connection:
            row = None
            if last_event_id is not None:
                row = (await connection.execute(_PLACE, {"id": last_event_id})).one_or_none()
            if row is None:
                row = (await connection.execute(_NOW)).one()
            return Place(*row)

    async def _read(self, operator_id: OperatorId, place: Place) -> list[tuple[Envelope, Place]]:
        async with self._database.begin(ROLE, operator_id) as connection:
            rows = await connection.execute(
                _AFTER, {"transaction": str(place.transaction), "position": place.position, "limit": BATCH}
            )
            return [(Envelope.read(row.envelope), Place(row.transaction, row.position)) for row in rows]


async def _wait(wake: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(wake.wait(), POLL_S)
    except TimeoutError:
        return


_PLACE = sa.text("select transaction::text::bigint, position from outbox.event where id = :id")
# Every transaction before xmin has ended, so its events are past; those of xmin itself are still to come.
_NOW = sa.text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0")
_AFTER = sa.text(
    "select envelope::text as envelope, transaction::text::bigint as transaction, position from outbox.event"
    " where (transaction, position) > (cast(:transaction as xid8), :position)"
    " and transaction < pg_snapshot_xmin(pg_current_snapshot())"
    " order by transaction, position limit :limit"
).bindparams(sa.bindparam("transaction", type_=sa.Text))
