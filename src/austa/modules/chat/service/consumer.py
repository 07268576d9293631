"""Works the inbox off, a batch of conversations at a time: keep and screen in one commit, turns in the next.

A conversation is leased while it is at work; the lease of a worker that died is free at once (`infra.living`), and one
that was taken over writes nothing: what it worked on is no longer due, and its turns were overtaken. Two conversations
never wait for each other: those whose turns ask other modules go on beside the next batch.

There is one retry machine in the house. What fails here, alone and not because the database is away, is left to the
outbox: as a turn that is due where the message is kept, else as an item that was left. There it is tried again, parks
with its reason, and is shown.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra import in_step, living, telemetry
from austa.infra.db import WAKE_CHANNEL, Database, ModuleDatabase, Transaction, is_away
from austa.infra.outbox import DatabaseAway, listen
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict
from austa.kernel.ids import ConversationId, OperatorId, new_id
from austa.modules.chat.domain.triage import VOICE
from austa.modules.chat.events import ItemLeft, TurnDue
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.conversing import Conversing, Waiting
from austa.modules.chat.service.inbox import KEPT_FOR, WAITS
from austa.modules.chat.service.keeping import Keeping, Message
from austa.modules.chat.service.lookout import Lookout
from austa.modules.chat.service.statuses import Statuses
from austa.modules.chat.service.turns import Turns
from austa.modules.chat.store import addresses, costs, inbox
from austa.modules.chat.store.inbox import Due

CONVERSATIONS = 50
MESSAGES_EACH = 20
LOOPS = 2
"""While one waits for the database, the other thinks."""
SLOW_BATCHES = 3
"""Batches whose turns ask other modules, beside the running ones; beyond, they wait for one to end."""
HEARTBEAT_S = 3.0
POLL_S = 1.0
TURN_OVER_EVERY_S = 3600.0
LOOK_EVERY_S = 0.2
FORGOTTEN_DAYS = 10
"""Keys are sought for so many days past their time: so long AUSTA may have stood still."""
TURN_HANDLER = "chat.turn"

log = structlog.get_logger()


class _Batch:
    """The leases of one claim: kept alive until all who work on it have come to their end."""

    def __init__(self, database: ModuleDatabase, token: UUID, keys: set[UUID]) -> None:
        self._database = database
        self._token = token
        self._keys = keys
        self._holding = 1
        self._beat = asyncio.create_task(self._keep_alive())

    def hold(self) -> None:
        """One more works on it."""
        self._holding += 1

    async def give_back(self, connection: AsyncConnection, dues: Sequence[Due]) -> None:
        """Those conversations are done with, together with what is written of them."""
        keys = {due.key for due in dues}
        await inbox.release(connection, [*keys], self._token)
        self._keys -= keys

    async def end(self) -> None:
        """One less. The last one gives back what was not yet; what cannot be is free when the lease runs out."""
        self._holding -= 1
        if self._holding:
            return
        self._beat.cancel()
        if self._keys:
            with contextlib.suppress(*DatabaseAway):
                async with self._database.lookup() as connection:
                    await inbox.release(connection, [*self._keys], self._token)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with contextlib.suppress(*DatabaseAway):
                async with self._database.lookup() as connection:
                    await inbox.extend(connection, self._token)


class Consumer:
    """Takes the inbox of all operators in hand."""

    module = "chat"

    def __init__(
        self,
        database: Database,
        bodies: Bodies,
        *,
        keeping: Keeping,
        conversing: Conversing,
        turns: Turns,
        statuses: Statuses,
        lookout: Lookout,
    ) -> None:
        self._all = database
        self._database: ModuleDatabase = database.for_module("chat")
        self._bodies = bodies
        self._keeping = keeping
        self._conversing = conversing
        self._turns = turns
        self._statuses = statuses
        self._lookout = lookout
        self._number = living.new_number()
        self._heard = asyncio.Event()
        self._introduced = asyncio.Event()
        self._stopping = asyncio.Event()
        self._slow: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Work until `stop`; batches that are at work are finished."""
        beside = [asyncio.create_task(each()) for each in (self._listen, self._turn_over, self._look_ahead)]
        try:
            # Whose life is not seen yet would lose at once what it leases.
            await self._introduced.wait()
            async with asyncio.TaskGroup() as group:
                for _ in range(LOOPS):
                    group.create_task(self._work())
            await asyncio.gather(*self._slow)
        finally:
            for task in (*beside, *self._slow):
                task.cancel()
            await asyncio.gather(*beside, *self._slow, return_exceptions=True)

    def stop(self) -> None:
        """Finish what is at work, then let `run` end."""
        self._stopping.set()
        self._introduced.set()
        self._heard.set()

    async def drain(self) -> int:
        """Work off all that is due, and return how many items; for tests and loaders."""
        done = 0
        while some := await self._step():
            done += some
        await asyncio.gather(*self._slow)
        return done

    async def _work(self) -> None:
        while not self._stopping.is_set():
            self._heard.clear()
            busy = 0
            try:
                busy = await self._step()
            except Exception as error:
                # A restart or a fail-over: what is due lies in the database; ask again soon.
                log.warning("inbox.step_failed", where=telemetry.where(error))
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._heard.wait(), POLL_S)

    async def _listen(self) -> None:
        while True:
            try:
                await listen(self._all, WAKE_CHANNEL, self._hear, self._show_life)
            except Exception as error:
                if not is_away(error):
                    raise
                log.info("inbox.listener_away", error=type(error).__name__)
                self._introduced.set()
            await asyncio.sleep(POLL_S)

    def _hear(self, names: str) -> None:
        if not names or WAITS in names.split():
            self._heard.set()

    async def _show_life(self, connection: asyncpg.Connection) -> None:
        await living.show_life(connection, self._number)
        self._introduced.set()

    async def _turn_over(self) -> None:
        while True:
            try:
                await self.turn_over()
            except Exception as error:
                log.warning("inbox.not_turned_over", where=telemetry.where(error))
            await asyncio.sleep(TURN_OVER_EVERY_S)

    async def _look_ahead(self) -> None:
        while True:
            looked = 0
            try:
                looked = await self.look_ahead()
            except Exception as error:
                log.warning("inbox.not_looked_ahead", where=telemetry.where(error))
            if not looked:
                await asyncio.sleep(LOOK_EVERY_S)

    async def look_ahead(self) -> int:
        """Take emergencies that wait behind more than is at work before all else, beside what is at work; how many
        messages were looked at."""
        looked, urgent = await self._lookout.look(LOOPS * CONVERSATIONS)
        if urgent:
            await self._converse()
        return looked

    async def turn_over(self) -> None:
        """Make the partitions of the next days; drop those past their time, and destroy their keys."""
        today = self._all.clock.now().date()
        async with self._database.lookup() as connection:
            operators = await addresses.operators(connection)
        for operator_id in operators[:1]:
            async with self._database.transaction(Caller.system(operator_id, "chat")) as tx:
                await inbox.turn_over(tx, today)
        past = [today - KEPT_FOR - timedelta(days=days) for days in range(1, FORGOTTEN_DAYS + 1)]
        for operator_id in operators:
            await self._bodies.destroy_days(operator_id, past)
            async with self._database.transaction(Caller.system(operator_id, "chat")) as tx:
                await costs.forget_told(tx, today - KEPT_FOR)

    async def _step(self) -> int:
        """Work one batch off, and what statuses there are. How many items; 0 when nothing is due."""
        return await self._settle() + await self._converse()

    async def _settle(self) -> int:
        async with self._database.lookup() as connection:
            operators = await inbox.operators_with_statuses(connection)
        return sum([await self._settle_of(operator_id) for operator_id in operators])

    async def _settle_of(self, operator_id: OperatorId) -> int:
        caller = Caller.system(operator_id, "chat")
        dues: list[Due] = []
        try:
            async with self._database.transaction(caller) as tx:
                dues = await inbox.take_statuses(tx)
                await self._statuses.apply(tx, await self._statuses.read(tx, dues))
        except Exception as error:
            if is_away(error):
                raise
            log.warning("inbox.one_by_one", kind="status", count=len(dues), where=telemetry.where(error))
            for due in dues:
                await self._settle_alone(caller, due)
        telemetry.INBOX_TAKEN.labels("status").inc(len(dues))
        return len(dues)

    async def _settle_alone(self, caller: Caller, due: Due) -> None:
        try:
            async with self._database.transaction(caller) as tx:
                if await inbox.finish(tx.connection, [due]):
                    await self._statuses.apply(tx, await self._statuses.read(tx, [due]))
        except Exception as error:
            if is_away(error):
                raise
            async with self._database.transaction(caller) as tx:
                await self._leave_items(tx, [due], error)

    async def _converse(self) -> int:
        token = new_id()
        async with self._database.lookup() as connection:
            claimed = await inbox.claim(connection, self._number, token, CONVERSATIONS, MESSAGES_EACH)
        if not claimed:
            return 0
        batch = _Batch(self._database, token, {due.key for due in claimed})
        try:
            by_operator = sorted(claimed, key=lambda due: due.operator_id)
            for operator_id, dues in groupby(by_operator, key=lambda due: due.operator_id):
                await self._take(Caller.system(operator_id, "chat"), batch, list(dues))
        finally:
            await batch.end()
        telemetry.INBOX_TAKEN.labels("message").inc(len(claimed))
        return len(claimed)

    async def _take(self, caller: Caller, batch: "_Batch", dues: Sequence[Due]) -> None:
        kept = await self._keep(caller, batch, dues)
        if not kept:
            return
        aside = await self._aside(kept)
        if aside:
            await self._leave(caller, batch, [message for message in kept if message.row.conversation_id in aside])
        ours = [message for message in kept if message.row.conversation_id not in aside]
        if not ours:
            return
        try:
            waiting = await self._conversing.gather(caller, ours)
            alone = await self._conversing.take_alone(caller, waiting)
        except Exception as error:
            if is_away(error):
                raise
            log.warning("inbox.one_by_one", kind="turn", count=len(ours), where=telemetry.where(error))
            await self._leave(caller, batch, ours)
            return
        await self._record(caller, batch, alone)
        quick = {id(each) for each in alone}
        asking = [each for each in waiting if id(each) not in quick]
        if asking:
            await self._ask(caller, batch, asking)

    async def _keep(self, caller: Caller, batch: "_Batch", dues: Sequence[Due]) -> list[Message]:
        """Keep and screen them; what cannot be kept together is kept conversation by conversation."""
        try:
            async with self._database.transaction(caller) as tx:
                kept = await self._keeping.keep(tx, dues)
                of_kept = {message.due.place for message in kept}
                known = [due for due in dues if due.place not in of_kept]
                if known:
                    # Delivered before there was an inbox.
                    await inbox.finish(tx.connection, known)
            return kept
        except Exception as error:
            if is_away(error):
                raise
            keys = list(dict.fromkeys(due.key for due in dues))
            log.warning("inbox.one_by_one", kind="message", count=len(keys), where=telemetry.where(error))
            if len(keys) > 1:
                every = [await self._keep(caller, batch, [due for due in dues if due.key == key]) for key in keys]
                return [message for some in every for message in some]
            if len(dues) > 1:
                every = [await self._keep(caller, batch, [due]) for due in dues]
                return [message for some in every for message in some]
            async with self._database.transaction(caller) as tx:
                await self._leave_items(tx, dues, error)
            return []

    async def _aside(self, kept: Sequence[Message]) -> set[UUID]:
        """Conversations that have turns on their way through the outbox: what comes after them follows them there."""
        async with self._database.lookup() as connection:
            return await inbox.told_otherwise(connection, TURN_HANDLER, [each.row.conversation_id for each in kept])

    async def _record(self, caller: Caller, batch: "_Batch", some: Sequence[Waiting]) -> None:
        """Record turns together; where that fails, each conversation's by themselves."""
        if not some:
            return
        dues = [message.due for each in some for message in each.messages]
        try:
            async with self._database.transaction(caller) as tx:
                await self._turns.record_all(tx, [self._conversing.taken(each) for each in some])
                if await inbox.finish(tx.connection, dues) != len(dues):
                    raise Conflict("chat.item_taken", "another worker has taken these messages over")
                await batch.give_back(tx.connection, dues)
        except Exception as error:
            if is_away(error):
                raise
            log.warning("inbox.one_by_one", kind="turn", count=len(some), where=telemetry.where(error))
            if len(some) == 1:
                await self._leave(caller, batch, some[0].messages)
                return
            for each in some:
                await self._record(caller, batch, [each])

    async def _ask(self, caller: Caller, batch: "_Batch", asking: Sequence[Waiting]) -> None:
        """Turns that ask other modules are taken beside the next batches, side by side."""
        while len(self._slow) >= SLOW_BATCHES:
            await asyncio.wait(self._slow, return_when=asyncio.FIRST_COMPLETED)
        batch.hold()
        task = asyncio.create_task(self._take_asking(caller, batch, asking))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _take_asking(self, caller: Caller, batch: "_Batch", asking: Sequence[Waiting]) -> None:
        try:
            outcomes = await in_step.side_by_side([partial(self._conversing.take, caller, each) for each in asking])
            taken, failed = [], []
            for each, outcome in zip(asking, outcomes, strict=True):
                if isinstance(outcome, BaseException):
                    log.warning("inbox.turn_failed", where=telemetry.where(outcome))
                    failed += each.messages
                else:
                    taken.append(each)
            await self._record(caller, batch, taken)
            if failed:
                await self._leave(caller, batch, failed)
        except Exception as error:
            # The database is away: what is due is still due.
            log.warning("inbox.step_failed", where=telemetry.where(error))
        finally:
            await batch.end()

    async def _leave(self, caller: Caller, batch: "_Batch", some: Sequence[Message]) -> None:
        """Messages that are kept, and answered where they are emergencies: the outbox takes their turns."""
        async with self._database.transaction(caller) as tx:
            # What another worker has taken over is no longer there; only what was is ours to hand on.
            ours = [message for message in some if await inbox.finish(tx.connection, [message.due])]
            turns = [
                TurnDue(
                    conversation_id=ConversationId(message.row.conversation_id),
                    cause="message",
                    reference=message.row.id,
                )
                for message in ours
                if message.row.kind != VOICE
            ]
            await tx.publish(*turns, priority=1)
        telemetry.INBOX_LEFT.labels("turn").inc(len(ours))

    async def _leave_items(self, tx: Transaction, dues: Sequence[Due], error: Exception) -> None:
        """Items that cannot even be kept: the outbox tries again, and parks them with the reason."""
        if await inbox.finish(tx.connection, dues) != len(dues):
            return
        log.error("inbox.left", kind=dues[0].kind, where=telemetry.where(error))
        telemetry.INBOX_LEFT.labels(dues[0].kind).inc(len(dues))
        left = [
            ItemLeft(
                kind=due.kind,
                item_id=due.id,
                day=due.day,
                item=due.item_index.hex(),
                conversation_key=due.key,
                sent_at=due.sent_at,
            )
            for due in dues
        ]
        await tx.publish(*left, priority=1)
