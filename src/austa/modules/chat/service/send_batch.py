"""What the sender does with the messages of one look at the queue, and how long one of unknown fate waits."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from austa.infra.db import Transaction
from austa.modules.chat.store import sends
from austa.modules.chat.store.sends import Claimed


@dataclass
class Batch:
    """What is done with what was claimed."""

    begun: list[tuple[Claimed, bytes]] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    postponed: dict[UUID, datetime] = field(default_factory=dict)
    refused: list[tuple[Claimed, int]] = field(default_factory=list)
    pairs: Counter[UUID] = field(default_factory=Counter)
    full: dict[UUID, datetime] = field(default_factory=dict)

    async def write(self, tx: Transaction) -> None:
        await sends.forget(tx, self.settled)
        await sends.postpone(tx, self.postponed)
        if self.begun:
            await sends.begin(tx, [claim.id for claim, _ in self.begun], self.full)


UNKNOWN_WAIT_S, LONGEST_UNKNOWN_WAIT_S = 5.0, 15.0
"""How long a send of unknown fate waits for its status: as long as it is under way already, within these. Who retries a
webhook with doubled pauses comes back at the latest after as long again as we were away. What is urgent is rather said
twice than late, and waits the least."""


def unknown_wait_s(claim: Claimed, now: datetime) -> float:
    """Seconds to wait for the status of a message that was perhaps sent."""
    under_way = (now - claim.queued_at).total_seconds()
    return UNKNOWN_WAIT_S if claim.urgent else max(UNKNOWN_WAIT_S, min(under_way, LONGEST_UNKNOWN_WAIT_S))
