"""Protocol numbers of contacts (RN ANS 623/2024): one at every contact, told once."""

from datetime import date
from zoneinfo import ZoneInfo

from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.ids import OperatorId
from austa.modules.chat.domain.contacts import protocol_of
from austa.modules.chat.store import contacts
from austa.modules.identity.api import Identity, Operator

BLOCK = 100
"""Numbers taken at once, so that messages do not queue for one row. What a process does not use is lost: they need not
be without gaps."""


class Contacts:
    """Hands out protocol numbers of one process."""

    def __init__(self, database: ModuleDatabase, clock: Clock, identity: Identity) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._operators: dict[OperatorId, Operator] = {}
        self._left: dict[OperatorId, tuple[date, list[int]]] = {}

    async def next_protocol(self, caller: Caller) -> str:
        """A number that nobody else has. Each call takes one, whether it is told or not."""
        operator = self._operators.get(caller.operator_id) or await self._identity.get_operator(caller)
        self._operators[caller.operator_id] = operator
        today = local_date(self._clock.now(), ZoneInfo(operator.time_zone))
        day, numbers = self._left.get(caller.operator_id, (today, []))
        if day != today or not numbers:
            numbers = await self._reserve(caller, today)
            self._left[caller.operator_id] = (today, numbers)
        return protocol_of(operator.ans_registry, today, numbers.pop())

    async def _reserve(self, caller: Caller, day: date) -> list[int]:
        async with self._database.transaction(caller) as tx:
            last = await contacts.reserve_numbers(tx, day, BLOCK)
        return list(range(last, last - BLOCK, -1))
