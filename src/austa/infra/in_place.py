"""Work that the process which told of it does itself, right after its commit: who asked gets the outcome at once.

The delivery is written as for anybody, but born leased to this process. So nothing is lost when it dies: its lease is
taken over as that of a dead worker, and the same handler does the same work there. Where the process does not show
its life, or has its hands full, the delivery is an ordinary one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from austa.infra import telemetry
from austa.infra.db import Database, Transaction, enter, wake_all
from austa.infra.deliveries import COMPLETE_HELD, FREE_HELD
from austa.infra.outbox import DISPATCHER, Work, caller_of
from austa.kernel.errors import Conflict
from austa.kernel.events import Envelope, Event

MOST_AT_ONCE = 6
"""Beyond these the workers help: in a rush both processors decide."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Held:
    """The event whose delivery is ours to do once it is committed."""

    envelope: Envelope


class InPlace:
    """One handler's work, done by the process that publishes its event."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work
        self._at_work = 0

    async def publish(
        self, tx: Transaction, event: Event, timers: Sequence[tuple[Event, datetime]] = ()
    ) -> Held | None:
        """Publish an event, with timers; `perform` what comes back, after the commit. None: a worker will."""
        ours = self._database.life is not None and self._at_work < MOST_AT_ONCE
        envelope = await tx.publish_with_timers(event, timers, self._work.name if ours else None)
        return Held(envelope) if ours else None

    async def perform(self, held: Held) -> Any:
        """Do the work and return what its `apply` returned. None where it failed: then a worker tries again."""
        self._at_work += 1
        try:
            return await self._perform(held)
        except Exception as error:
            log.warning("in_place.left_to_workers", handler=self._work.name, where=telemetry.where(error))
            await self._give_back(held)
            return None
        finally:
            self._at_work -= 1

    async def _perform(self, held: Held) -> Any:
        caller = caller_of(self._work, held.envelope)
        result = await self._work.perform(caller, held.envelope)
        role = f"austa_{self._work.module}"
        async with self._database.begin(role, held.envelope.operator) as connection:
            outcome = await self._work.apply(Transaction(connection, caller, self._database), held.envelope, result)
            await enter(connection, DISPATCHER, None)
            if (await connection.execute(COMPLETE_HELD, self._place(held))).rowcount != 1:
                raise Conflict("outbox.lease_lost", "a worker has taken this delivery over")
        telemetry.handled(self._work.name)
        return outcome

    async def _give_back(self, held: Held) -> None:
        """Where even this fails, the lease runs out by itself."""
        try:
            async with self._database.begin(DISPATCHER, None) as connection:
                await connection.execute(FREE_HELD, self._place(held))
                wake_all(connection)
        except Exception as error:
            log.warning("in_place.lease_kept", handler=self._work.name, where=telemetry.where(error))

    def _place(self, held: Held) -> dict[str, Any]:
        return {"handler": self._work.name, "key": held.envelope.key, "event": held.envelope.id}
