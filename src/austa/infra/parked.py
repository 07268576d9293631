"""Deliveries that wait for a person: listed, handed to their handler again, or given up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from austa.infra import deliveries
from austa.infra.db import Database, wake_all
from austa.infra.outbox import DISPATCHER
from austa.kernel.errors import NotFound


@dataclass(frozen=True)
class Parked:
    """A delivery that waits for a person."""

    id: int
    event_id: UUID
    operator_id: UUID
    event_type: str
    handler: str
    key: str
    attempts: int
    reason: str
    since: datetime


class ParkedDeliveries:
    """What an engineer may do with parked deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self) -> list[Parked]:
        """All of them, oldest first."""
        async with self._database.begin(DISPATCHER, None) as connection:
            return [Parked(*row) for row in await connection.execute(deliveries.PARKED)]

    async def retry(self, delivery_id: int) -> None:
        """Hand it to its handler again, with fresh attempts. Raises `NotFound`."""
        await self._change(deliveries.RETRY, delivery_id)

    async def drop(self, delivery_id: int) -> None:
        """Give it up: its effect will not happen, later events of its key go on. Raises `NotFound`."""
        await self._change(deliveries.DROP, delivery_id)

    async def _change(self, statement: sa.TextClause, delivery_id: int) -> None:
        async with self._database.begin(DISPATCHER, None) as connection:
            changed = await connection.execute(statement, {"id": delivery_id, "now": self._database.clock.now()})
            if changed.rowcount != 1:
                raise NotFound("outbox.parked", "no parked delivery has this number", number=delivery_id)
            wake_all(connection)
