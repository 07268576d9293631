"""The sender: one process at a time sends from a number, in batches, within Meta's limits (ADR 0030).

The intent is committed before the call and what came of it within a second after, many at once. Across a crash between
the two exactly-once is impossible, for Meta has no idempotency key: so the call carries our send id, which statuses
echo. A send of unknown fate waits a little for its status before it is sent once more; that is counted.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from uuid import UUID

import asyncpg
import msgspec
import structlog

from austa.infra import living, telemetry
from austa.infra.db import WAKE_CHANNEL, Database, Transaction, is_away
from austa.infra.outbox import listen
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.ids import ConversationId, NotificationId, OperatorId
from austa.modules.chat.adapters.whatsapp import Answer, Refused, Taken, WhatsAppClient
from austa.modules.chat.domain import graph_errors
from austa.modules.chat.domain.pacing import NumberPace, PaceLimits, pair_begins, pair_begun, pair_ended
from austa.modules.chat.events import NotificationFailed
from austa.modules.chat.service.bodies import Bodies, OutboundBody, Template
from austa.modules.chat.service.send_batch import Batch, unknown_wait_s
from austa.modules.chat.service.sending import WAITS, WINDOW, payload_of
from austa.modules.chat.service.starting import Starting
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.store import messages, sends, tasks
from austa.modules.chat.store.sends import Claimed

DAY = timedelta(hours=24)
MOST_AT_ONCE = 200
MOST_UNDER_WAY = 500
GATHER_S = 0.01
"""What is queued within a moment of the first goes with it."""
RECORD_WITHIN_S = 0.05
POLL_S = 1.0
AFTER_FAILURE_S = 0.3
HEARTBEAT_S = 3.0
TIDY_EVERY_S = 3600.0
UNSETTLED = frozenset({"queued", "sending", "unknown"})

log = structlog.get_logger()
jitter = SystemRandom()


class Lost(Exception):
    """Another process is the number's sender by now."""


@dataclass
class _Line:
    """A number, for as long as we are its sender."""

    number_id: str
    operator_id: OperatorId
    fence: int
    pace: NumberPace
    under_way: dict[UUID, Claimed] = field(default_factory=dict)
    """Begun, and what came of it not yet recorded."""
    templates: dict[UUID, Template] = field(default_factory=dict)
    """What went of each as a template."""
    pairs: Counter[UUID] = field(default_factory=Counter)
    outcomes: list[tuple[Claimed, Answer | None]] = field(default_factory=list)
    calls: set[asyncio.Task[None]] = field(default_factory=set)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    is_told: bool = False
    """Whether what ended will be recorded in a moment."""
    has_unknown: bool = True
    is_torn: bool = False
    """Whether a commit failed of which nobody knows what it wrote."""
    stops: int = 0
    paused_until: float = 0.0

    @property
    def caller(self) -> Caller:
        return Caller.system(self.operator_id, "chat")


class Sender:
    """Sends what was queued, from every number that nobody else sends from."""

    module = "chat"

    def __init__(
        self,
        database: Database,
        bodies: Bodies,
        client: WhatsAppClient,
        settings: Settings,
        triage: Triage,
        starting: Starting,
    ) -> None:
        self._starting = starting
        self._all = database
        self._database = database.for_module("chat")
        self._bodies = bodies
        self._client = client
        self._triage = triage
        self._portfolio = settings.whatsapp_portfolio_users
        self._limits = PaceLimits(settings.whatsapp_mps, settings.whatsapp_pair_burst, settings.whatsapp_pair_seconds)
        self._number = living.new_number()
        self._lines: dict[str, _Line] = {}
        self._introduced = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Send until `stop`; calls that are under way are finished and recorded."""
        beside = [asyncio.create_task(self._listen()), asyncio.create_task(self._heartbeat())]
        keeping: set[asyncio.Task[None]] = set()
        try:
            # Whose life is not seen yet would lose at once what it takes.
            await self._introduced.wait()
            while not self._stopping.is_set():
                for line in await self._take_numbers():
                    task = asyncio.create_task(self._keep(line))
                    keeping.add(task)
                    task.add_done_callback(keeping.discard)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), POLL_S)
            await asyncio.gather(*keeping)
        finally:
            for task in (*beside, *keeping):
                task.cancel()
            await asyncio.gather(*beside, *keeping, return_exceptions=True)

    def stop(self) -> None:
        """Finish what is under way, then let `run` end."""
        self._stopping.set()
        self._introduced.set()
        self._hear("")

    async def drain(self, only: str | None = None) -> int:
        """Send all that may go now, from every number or one, and return how many were tried; for tests and loaders."""
        async with self._database.lookup() as connection:
            found = await sends.numbers_to_take(connection, ())
        return sum([await self._drain(*each) for each in found if only in {None, each[0]}])

    async def _drain(self, number_id: str, operator_id: OperatorId) -> int:
        line = await self._take(number_id, operator_id)
        if line is None:
            return 0
        if not line.pace.free(time.monotonic()):
            await asyncio.sleep(line.pace.free_at(time.monotonic()) - time.monotonic())
        tried = 0
        while (begun := await self._step(line)) or line.outcomes:
            tried += begun
            await asyncio.gather(*line.calls)
        await self._leave(line)
        return tried

    # Whose number it is

    async def _take_numbers(self) -> list[_Line]:
        try:
            async with self._database.lookup() as connection:
                found = await sends.numbers_to_take(connection, self._lines)
            lines = [await self._take(number_id, operator_id) for number_id, operator_id in found]
        except Exception as error:
            if not is_away(error):
                log.error("sender.no_numbers", where=telemetry.where(error))
            return []
        return [line for line in lines if line is not None]

    async def _take(self, number_id: str, operator_id: OperatorId) -> _Line | None:
        """Become the number's sender. What its last one had under way is of unknown fate."""
        async with self._database.lookup() as connection:
            taken = await sends.take_number(connection, number_id, self._number)
        if taken is None:
            return None
        fence, in_order = taken
        limit, now = self._limits.per_second, time.monotonic()
        pace = NumberPace(limit) if in_order else NumberPace.taken_over(limit, now)
        line = _Line(number_id, operator_id, fence, pace)
        async with self._database.transaction(line.caller) as tx:
            await sends.put_back(tx, number_id, (), unknown=True)
        self._lines[number_id] = line
        return line

    async def _leave(self, line: _Line) -> None:
        self._lines.pop(line.number_id, None)
        async with self._database.lookup() as connection:
            await sends.leave_number(connection, line.number_id, line.fence)

    async def _keep(self, line: _Line) -> None:
        """Send from a number until told to stop, or until somebody else does."""
        try:
            while not self._stopping.is_set():
                await self._go_on(line)
            if line.calls:
                await asyncio.wait(line.calls)
            await self._step(line)
            await self._leave(line)
        except Lost:
            log.warning("sender.number_lost", number=line.number_id)
            if line.calls:
                await asyncio.wait(line.calls)
            async with self._database.transaction(line.caller) as tx:
                await self._record(tx, line, line.outcomes)
        except Exception as error:
            log.error("sender.number_left", number=line.number_id, where=telemetry.where(error))
        finally:
            self._lines.pop(line.number_id, None)

    async def _go_on(self, line: _Line) -> None:
        """One look at the queue, and the wait for the next."""
        line.heard.clear()
        try:
            begun = await self._step(line)
        except Lost:
            raise
        except Exception as error:
            log.warning("sender.step_failed", number=line.number_id, where=telemetry.where(error))
            line.is_torn = True
            await asyncio.sleep(AFTER_FAILURE_S)
            return
        now = time.monotonic()
        if begun and line.pace.free(now):
            await asyncio.sleep(GATHER_S)
            return
        wait = min(POLL_S, max(line.pace.free_at(now) - now, GATHER_S)) if not line.pace.free(now) else POLL_S
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(line.heard.wait(), wait)
        await asyncio.sleep(GATHER_S)

    # What is sent

    async def _step(self, line: _Line) -> int:
        """Record what came of earlier calls, and begin the next; returns how many were begun or given up."""
        outcomes = list(line.outcomes)
        now = time.monotonic()
        free = min(line.pace.free(now), MOST_AT_ONCE, MOST_UNDER_WAY - len(line.under_way))
        if line.stops:
            # One shows whether the others may go.
            free = min(free, 1 - len(line.under_way))
        if now < line.paused_until or self._stopping.is_set():
            free = 0
        async with self._database.transaction(line.caller) as tx:
            if not await sends.holds(tx, line.number_id, line.fence):
                raise Lost
            if line.is_torn:
                await sends.put_back(tx, line.number_id, line.under_way, unknown=False)
            await self._record(tx, line, outcomes)
            if line.has_unknown:
                line.has_unknown = await sends.settle(tx, line.number_id) > 0
            claimed = await sends.claim(tx, line.number_id, free) if free > 0 else []
            batch = await self._choose(tx, line, claimed)
            await batch.write(tx)
        line.is_torn = False
        self._recorded(line, outcomes)
        self._begin(line, batch.begun)
        for claim, code in batch.refused:
            log.warning("sender.refused", graph_code=code, urgent=claim.urgent)
        return len(batch.begun) + len(batch.refused)

    def _begin(self, line: _Line, begun: Sequence[tuple[Claimed, bytes]]) -> None:
        line.pace.begin(len(begun))
        for claim, payload in begun:
            line.under_way[claim.id] = claim
            line.pairs[claim.identity_id] += 1
            call = asyncio.create_task(self._call(line, claim, payload))
            line.calls.add(call)
            call.add_done_callback(line.calls.discard)

    async def _call(self, line: _Line, claim: Claimed, payload: bytes) -> None:
        answer: Answer | None = None
        try:
            answer = await self._client.send(line.number_id, payload)
        except Exception as error:
            log.error("sender.call_failed", where=telemetry.where(error))
        line.pace.end(time.monotonic())
        line.outcomes.append((claim, answer))
        self._pause(line, answer)
        if not line.is_told:
            line.is_told = True
            asyncio.get_running_loop().call_later(RECORD_WITHIN_S, line.heard.set)

    def _pause(self, line: _Line, answer: Answer | None) -> None:
        """What concerns the whole number stops it for a while, longer each time."""
        if isinstance(answer, Taken):
            line.stops = 0
        if not isinstance(answer, Refused) or answer.course not in graph_errors.OF_THE_NUMBER:
            return
        now = time.monotonic()
        if now < line.paused_until:
            return
        line.stops += 1
        line.paused_until = now + graph_errors.stop_s(line.stops) * jitter.uniform(0.8, 1.2)
        telemetry.NUMBER_STOPS.labels(answer.course).inc()
        say = log.error if answer.course == "account_stops" else log.warning
        say("sender.number_pauses", number=line.number_id, graph_code=answer.code)

    # What is chosen

    async def _choose(self, tx: Transaction, line: _Line, claimed: Sequence[Claimed]) -> Batch:
        batch = Batch()
        if not claimed:
            return batch
        await self._bodies.prepare(tx.operator_id, [claim.identity_id for claim in claimed])
        now, full = tx.now().timestamp(), dict[UUID, float]()
        starting = []
        for claim in claimed:
            if claim.status not in UNSETTLED:
                batch.settled.append(claim.id)
                continue
            body = await self._bodies.outbound(tx.operator_id, claim.identity_id, claim.id, claim.body)
            closed = claim.last_inbound_at is None or tx.now() - claim.last_inbound_at > WINDOW
            as_template = closed or claim.as_template
            template: Template | int = graph_errors.WINDOW_CLOSED
            if as_template and body.template is not None:
                template = await self._starting.choose(tx, claim, body.template)
            if as_template and isinstance(template, int):
                await self._give_up(tx, claim, template)
                batch.refused.append((claim, template))
                continue
            pair = claim.identity_id
            before = full.get(pair, claim.full_at.timestamp() if claim.full_at else 0.0)
            under_way = line.pairs[pair] + batch.pairs[pair]
            at = pair_begins(self._limits, before, under_way, now, urgent=claim.urgent)
            if at > now:
                batch.postponed[claim.id] = datetime.fromtimestamp(at, UTC)
                continue
            full[pair] = pair_begun(self._limits, before, under_way, now)
            batch.pairs[pair] += 1
            if closed:
                starting.append(claim)
            if isinstance(template, Template):
                body = body.model_copy(update={"template": template})
                line.templates[claim.id] = template
            payload = await self._payload(tx, claim, body, as_template=as_template)
            batch.begun.append((claim, payload))
        await self._within_reach(tx, batch, starting)
        begun = {claim.identity_id for claim, _ in batch.begun}
        batch.full = {pair: datetime.fromtimestamp(at, UTC) for pair, at in full.items() if pair in begun}
        for claim, _ in batch.begun:
            if claim.unknown:
                telemetry.UNKNOWN_RESENT.inc()
                log.warning("chat.unknown_resent")
        return batch

    async def _within_reach(self, tx: Transaction, batch: Batch, starting: Sequence[Claimed]) -> None:
        """Of those who are written to first, only as many a day as the portfolio may reach."""
        if not starting:
            return
        people = [claim.identity_id for claim in starting]
        reached = await sends.reach(tx, people, self._portfolio, tx.now() - DAY)
        for claim in starting:
            if claim.identity_id not in reached:
                batch.begun = [each for each in batch.begun if each[0] is not claim]
                await self._give_up(tx, claim, graph_errors.PORTFOLIO_LIMIT)
                batch.refused.append((claim, graph_errors.PORTFOLIO_LIMIT))

    async def _payload(self, tx: Transaction, claim: Claimed, body: OutboundBody, *, as_template: bool) -> bytes:
        address = await self._bodies.address(tx.operator_id, claim.identity_id, claim.address)
        quoted = None
        if claim.answers is not None and claim.quoted is not None:
            answered = await self._bodies.inbound(tx.operator_id, claim.identity_id, claim.answers, claim.quoted)
            quoted = answered.wamid
        return msgspec.json.encode(payload_of(body, address, str(claim.id), quoted, as_template=as_template))

    # What came of it

    async def _record(self, tx: Transaction, line: _Line, outcomes: Sequence[tuple[Claimed, Answer | None]]) -> None:
        if not outcomes:
            return
        now = tx.now()
        taken = {claim.id: answer.wamid for claim, answer in outcomes if isinstance(answer, Taken)}
        indexes = {each: self._bodies.index(tx.operator_id, "wamid", wamid) for each, wamid in taken.items()}
        await sends.accept(tx, indexes)
        again: dict[UUID, datetime] = {}
        unclear: dict[UUID, datetime] = {}
        as_template, moved = [], list[UUID]()
        for claim, answer in outcomes:
            if answer is None or (not isinstance(answer, Taken | Refused)):
                unclear[claim.id] = now + timedelta(seconds=unknown_wait_s(claim, now))
                line.has_unknown = True
            elif isinstance(answer, Refused):
                sent = line.templates.get(claim.id)
                if answer.course == "as_template" and not claim.as_template:
                    as_template.append(claim.id)
                elif sent is not None and await self._starting.take_other(tx, claim, sent, answer.code):
                    again[claim.id] = now
                elif sent is not None and await self._starting.move(tx, claim, line.number_id, answer.code):
                    moved.append(claim.id)
                elif (wait := self._waits(claim, answer)) is not None:
                    again[claim.id] = now + timedelta(seconds=wait)
                else:
                    await self._give_up(tx, claim, answer.code)
        await sends.forget(tx, [*taken, *moved])
        await sends.try_again(tx, again, unknown=False)
        await sends.try_again(tx, unclear, unknown=True)
        await sends.send_as_template(tx, as_template)
        await sends.write_pairs(tx, self._ended(line, outcomes, now))

    @staticmethod
    def _waits(claim: Claimed, answer: Refused) -> float | None:
        """Seconds until it is tried again; None where it never is. What stops the number loses no message."""
        attempts = claim.attempts + 1
        if answer.course in {"elsewhere", "never", "as_template", "other_template"}:
            return None
        if answer.course not in graph_errors.OF_THE_NUMBER and graph_errors.is_given_up(attempts, urgent=claim.urgent):
            return None
        wait = graph_errors.wait_s(answer.course, attempts, urgent=claim.urgent)
        return wait * jitter.uniform(1.0, 1.2)

    def _ended(
        self, line: _Line, outcomes: Sequence[tuple[Claimed, Answer | None]], now: datetime
    ) -> Mapping[UUID, datetime]:
        """How the pairs stand now that these ended; the most that may have gone counts as gone."""
        ended = Counter(claim.identity_id for claim, _ in outcomes)
        return {
            pair: datetime.fromtimestamp(pair_ended(self._limits, 0.0, line.pairs[pair] - 1, now.timestamp()), UTC)
            for pair in ended
        }

    def _recorded(self, line: _Line, outcomes: Sequence[tuple[Claimed, Answer | None]]) -> None:
        del line.outcomes[: len(outcomes)]
        line.is_told = bool(line.outcomes)
        if line.is_told:
            line.heard.set()
        for claim, answer in outcomes:
            line.under_way.pop(claim.id, None)
            line.templates.pop(claim.id, None)
            line.pairs[claim.identity_id] -= 1
            if line.pairs[claim.identity_id] <= 0:
                del line.pairs[claim.identity_id]
            telemetry.SENDS.labels(type(answer).__name__.lower() if answer else "unclear").inc()

    async def _give_up(self, tx: Transaction, claim: Claimed, code: int) -> None:
        """It cannot be sent this way: another channel, or a person, must."""
        await messages.update_message(tx, claim.id, status="failed", error_code=code)
        await sends.forget(tx, [claim.id])
        if claim.notification_id is not None:
            reason = f"graph_{code}"
            await tx.publish(NotificationFailed(notification_id=NotificationId(claim.notification_id), reason=reason))
        await self.call_back(tx, claim.id)

    async def call_back(self, tx: Transaction, message_id: UUID) -> None:
        """Have somebody call the member where what did not reach them was about their health: an emergency reply, an
        answer to a red flag, or words of the staff. Idempotent."""
        row = await messages.get_message(tx, message_id)
        is_staffs = row.author is not None and row.author != messages.ASSISTANT
        answered = await tasks.task_of_message(tx, row.answers) if row.answers is not None else None
        if row.notification_id is None and (row.urgent or is_staffs or answered is not None):
            await self._triage.call_back(tx, ConversationId(row.conversation_id), message_id)

    # Who wakes us

    async def _listen(self) -> None:
        while True:
            try:
                await listen(self._all, WAKE_CHANNEL, self._hear, self._show_life)
            except Exception as error:
                if not is_away(error):
                    raise
                log.info("sender.listener_away", error=type(error).__name__)
                self._introduced.set()
            await asyncio.sleep(POLL_S)

    def _hear(self, names: str) -> None:
        if not names or WAITS in names.split():
            for line in self._lines.values():
                line.heard.set()

    async def _show_life(self, connection: asyncpg.Connection) -> None:
        await living.show_life(connection, self._number)
        self._introduced.set()

    async def _heartbeat(self) -> None:
        tidied = time.monotonic()
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                async with self._database.lookup() as connection:
                    await sends.extend(connection, {line.number_id: line.fence for line in self._lines.values()})
                if time.monotonic() > tidied + TIDY_EVERY_S:
                    tidied = time.monotonic()
                    await self._tidy()
            except Exception as error:
                log.info("sender.no_heartbeat", error=type(error).__name__)

    async def _tidy(self) -> None:
        for line in list(self._lines.values()):
            async with self._database.transaction(line.caller) as tx:
                await sends.forget_paces(tx, tx.now() - DAY)
