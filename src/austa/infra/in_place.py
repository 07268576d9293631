"""Work that the process which told of it does itself, right after its commit: who asked gets the outcome at once.

The delivery is written as for anybody, but born leased to this process. So nothing is lost when it dies: its lease is
taken over as that of a dead worker, and the same handler does the same work there. Where the process does not show
its life, or has its hands full, the delivery is an ordinary one.

What comes in a rush is done together, in step (`infra.in_step`).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra import telemetry
from austa.infra.db import Database, Transaction, enter, wake_all
from austa.infra.deliveries import COMPLETE_HELD, FREE_HELD
from austa.infra.in_step import InStep
from austa.infra.joint import Last
from austa.infra.outbox import DISPATCHER, Work, caller_of
from austa.infra.writing import driver_of
from austa.kernel.errors import Conflict
from austa.kernel.events import Envelope, Event

MOST_PRESENT = 150
"""Beyond these the workers help. Well within the time of a lease, so that none is taken over from who lives."""

log = structlog.get_logger()
Place = tuple[str, str, UUID]


@dataclass(frozen=True)
class Held:
    """The event whose delivery is ours to do once it is committed."""

    envelope: Envelope


class InPlace:
    """One handler's work, done by the process that publishes its event.

    `apart` names that of an event of which only one may be at work at a time.
    """

    def __init__(self, database: Database, work: Work, apart: Callable[[Envelope], Hashable]) -> None:
        self._database = database
        self._of_module = database.for_module(work.module)
        self._work = work
        self._apart = apart
        self._door = InStep()

    async def publish(
        self, tx: Transaction, event: Event, timers: Sequence[tuple[Event, datetime]] = ()
    ) -> Held | None:
        """Publish an event, with timers; `perform` what comes back, after the commit. None: a worker will."""
        ours = self._database.life is not None and self._door.present < MOST_PRESENT
        envelope = await tx.publish_with_timers(event, timers, self._work.name if ours else None)
        return Held(envelope) if ours else None

    async def perform(self, held: Held) -> Any:
        """Do the work and return what its `apply` returned. None where it failed: then a worker tries again."""
        try:
            outcome = await self._door.run(
                held.envelope.operator, self._apart(held.envelope), lambda: self._perform(held)
            )
        except Exception as error:
            log.warning("in_place.left_to_workers", handler=self._work.name, where=telemetry.where(error))
            await self._give_back(held)
            return None
        telemetry.handled(self._work.name)
        return outcome

    async def _perform(self, held: Held) -> Any:
        caller = caller_of(self._work, held.envelope)
        result = await self._work.perform(caller, held.envelope)
        last = Last(("complete", self._work.name), self._place(held), _complete)
        async with self._of_module.transaction(caller, last=last) as tx:
            return await self._work.apply(tx, held.envelope, result)

    async def _give_back(self, held: Held) -> None:
        """Where even this fails, the lease runs out by itself."""
        try:
            async with self._database.begin(DISPATCHER, None) as connection:
                await driver_of(connection).execute(FREE_HELD, *_columns([self._place(held)]))
                wake_all(connection)
        except Exception as error:
            log.warning("in_place.lease_kept", handler=self._work.name, where=telemetry.where(error))

    def _place(self, held: Held) -> Place:
        return self._work.name, held.envelope.key, held.envelope.id


async def _complete(connection: AsyncConnection, places: Sequence[Place]) -> None:
    await enter(connection, DISPATCHER, None)
    done = await driver_of(connection).execute(COMPLETE_HELD, *_columns(places))
    if done != f"DELETE {len(places)}":
        raise Conflict("outbox.lease_lost", "a worker has taken this delivery over")


def _columns(places: Sequence[Place]) -> list[list[Any]]:
    return [list(column) for column in zip(*places, strict=True)]
