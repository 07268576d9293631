"""Looks ahead of the queue for emergencies: whoever is in danger waits for nobody who is not.

Only while more waits than is at work. What was looked at is opened and screened again when its turn comes: a mark
answers nobody, it only lets a conversation come first. A message is read together with those of the same person that
are looked at with it; an emergency that takes the words of a message answered before comes in its turn.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from austa.infra import telemetry
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError
from austa.kernel.personal import Personal
from austa.modules.chat.domain import triage
from austa.modules.chat.domain.webhook import Inbound
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.store import inbox
from austa.modules.chat.store.inbox import Due
from austa.modules.language.api.language import Language

MOST = 400
"""Messages looked at together."""
OVERLAP = 200
"""Places: one that was given earlier may be committed later, so that many are asked for again."""


class Lookout:
    """Marks conversations in which an emergency waits. One of a process."""

    def __init__(self, database: ModuleDatabase, bodies: Bodies, language: Language) -> None:
        self._database = database
        self._bodies = bodies
        self._language = language
        self._after = 0
        self._seen: set[int] = set()

    async def look(self, at_work: int) -> tuple[int, int]:
        """Look at what came since the last look, if more than `at_work` messages wait; how many were looked at, and in
        how many conversations there are emergencies."""
        async with self._database.lookup() as connection:
            if not await inbox.more_wait_than(connection, at_work):
                return 0, 0
            waiting = await inbox.waiting_after(connection, self._after, MOST + OVERLAP)
        new = [due for due in waiting if due.place not in self._seen][:MOST]
        if not new:
            return 0, 0
        urgent: dict[UUID, int] = {}
        for operator_id, dues in groupby(sorted(new, key=lambda due: due.operator_id), key=lambda due: due.operator_id):
            urgent |= await self._urgent(Caller.system(operator_id, "chat"), list(dues))
        if urgent:
            async with self._database.lookup() as connection:
                await inbox.mark_urgent(connection, urgent)
            telemetry.INBOX_AHEAD.inc(len(urgent))
        self._seen |= {due.place for due in new}
        self._after = max(self._after, max(self._seen) - OVERLAP)
        self._seen = {place for place in self._seen if place > self._after}
        return len(new), len(urgent)

    async def _urgent(self, caller: Caller, dues: Sequence[Due]) -> dict[UUID, int]:
        async with self._database.transaction(caller) as tx:
            kept = await inbox.read(tx, dues)
        opened = []
        for due in sorted(dues, key=lambda due: (due.key, due.sent_at, due.place)):
            # What does not open parks with its reason when its turn comes.
            with contextlib.suppress(AustaError, ValueError, KeyError):
                sealed = kept[due.id].body
                item = await self._bodies.message_item(caller.operator_id, due.day, due.item_index, sealed)
                opened.append((due, item))
        return await asyncio.to_thread(self._screened, opened)

    def _screened(self, opened: Sequence[tuple[Due, Inbound]]) -> dict[UUID, int]:
        """The conversations of those that are emergencies, and the place of the newest in each."""
        urgent: dict[UUID, int] = {}
        for key, some in groupby(opened, key=lambda each: each[0].key):
            said: list[tuple[Due, Personal]] = []
            for due, inbound in some:
                recent = tuple(words for before, words in said if due.sent_at - before.sent_at <= triage.TOGETHER)
                words = Personal(inbound.text or "")
                if inbound.button_id in triage.ALARMING or self._language.screen(words, recent).reply is not None:
                    urgent[key] = max(due.place, urgent.get(key, due.place))
                said.append((due, words))
        return urgent
