"""A ledger on the real database, with events of decisions that somebody publishes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from austa.infra.outbox import Dispatcher, Handler
from austa.infra.platform import Platform
from austa.infra.postgres.address import PostgresAddress
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.events import Event
from austa.kernel.ids import OperatorId, new_id
from austa.modules.ledger.module import build
from austa.modules.ledger.service import LedgerService
from tests.conftest import deliver, drain, staff


class Decided(Event):
    """Stands for the decision of a request, as the module that decides tells it."""

    TYPE: ClassVar[str] = "prior_auth.request_decided.v1"

    request_id: UUID
    decision_id: UUID
    outcome: str = "approved"

    def key(self) -> str:
        return str(self.request_id)


@dataclass
class Log:
    """One operator's log: what happens, happens here."""

    ledger: LedgerService
    platform: Platform
    clock: SetClock
    handlers: list[Handler]
    operator_id: OperatorId

    @property
    def auditor(self) -> Caller:
        return staff(self.operator_id, "medical_auditor")

    async def decide(self, count: int = 1) -> list[Decided]:
        """So many decisions are told, recorded, and not yet sealed."""
        decisions = await self.tell(count)
        await drain(self.platform, self.handlers, rounds=1000)
        return decisions

    async def tell(self, count: int) -> list[Decided]:
        decisions = [Decided(request_id=new_id(), decision_id=new_id()) for _ in range(count)]
        prior_auth = self.platform.database.for_module("prior_auth")
        async with prior_auth.transaction(Caller.system(self.operator_id, "prior_auth")) as tx:
            await tx.publish(*decisions)
        return decisions

    async def handle_at_once(self, workers: int) -> None:
        """Several workers handle what is due, side by side."""
        dispatchers = [Dispatcher(self.platform.database, self.handlers) for _ in range(workers)]
        while sum(await asyncio.gather(*(dispatcher.drain() for dispatcher in dispatchers))):
            pass

    async def wait_for_seal(self) -> None:
        self.clock.advance(timedelta(seconds=3))
        await drain(self.platform, self.handlers, rounds=1000)

    async def seal_after(self, *counts: int) -> list[Decided]:
        """Checkpoints after so many decisions each; all decisions, in no particular log order."""
        decisions = []
        for count in counts:
            decisions += await self.decide(count)
            await self.wait_for_seal()
        return decisions


@pytest.fixture
def log(platform: Platform, clock: SetClock, operator_id: OperatorId) -> Log:
    ledger, wired = build(platform)
    return Log(ledger, platform, clock, deliver(platform, list(wired.handlers)), operator_id)


Tamper = Callable[..., Awaitable[None]]


@pytest_asyncio.fixture
async def tamper(postgres: PostgresAddress) -> AsyncIterator[Tamper]:
    """Somebody with the superuser's password, who switches the triggers off and changes one row."""
    intruder = await asyncpg.connect(postgres.dsn)
    await intruder.execute("set session_replication_role = replica")

    async def change(sql: str, *values: object) -> None:
        outcome = await intruder.execute(sql, *values)
        assert outcome.split()[-1] == "1", outcome

    yield change
    await intruder.close()
