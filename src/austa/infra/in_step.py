"""Calls that come within a moment go side by side, in step: what they ask of the database at the same time is one
statement, and what they write is one commit.

Most of what a short use case costs is not the work but the way: a transaction, and one trip for each statement. So
those that wait while others are at work set out together, as a company. Each runs the code that it runs alone. Where
it asks for something that can be asked for all, it waits until every other has asked, too, or is done; then what is of
one kind is carried out once, for all of them. `infra.db` lets a company share its transactions, `infra.prepared` and
`infra.writing` make one statement of many.

Nobody is worse off for the company of others: whatever fails in company is called again, alone, and only that outcome
counts. So a call MUST be one that may be repeated until it is committed. Whoever comes alone goes alone.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import structlog

from austa.infra import telemetry
from austa.kernel.errors import Unexpected

MOST = 16
"""That many go together: beyond, a company's slowest step costs more than a commit of its own."""

log = structlog.get_logger()

Given = TypeVar("Given")
Answer = TypeVar("Answer")
Outcome = TypeVar("Outcome")
CarryOut = Callable[[Sequence[Given]], Awaitable[Sequence[Answer]]]


@dataclass
class _Asked:
    """`needs`: how many must ask for the same before it is carried out; None: those that do now."""

    kind: Hashable
    given: Any
    carry_out: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]
    needs: Callable[[], int] | None
    answer: asyncio.Future[Any]


class Shared(Protocol):
    """What a company has open together."""

    async def abandon(self) -> None:
        """Give it up where the company parts before its end."""
        ...


class Company:
    """Some calls in step. Made and walked by `InStep`."""

    def __init__(self) -> None:
        self._walking = 0
        self._asked: list[_Asked] = []
        self._everybody_stands = asyncio.Event()
        self._is_over = False
        self.shared: dict[Hashable, Shared] = {}
        """What belongs to the company while it lasts: the transactions that it has open, by name."""

    async def walk(self, calls: Sequence["_Call[Any]"]) -> list[Any]:
        """What each returned or raised, in order."""
        self._walking = len(calls)
        tasks = [asyncio.create_task(self._one(call), context=call.context) for call in calls]
        try:
            while True:
                await self._everybody_stands.wait()
                self._everybody_stands.clear()
                if not self._asked:
                    return await asyncio.gather(*tasks, return_exceptions=True)
                await self._answer()
        finally:
            self._is_over = True
            for task in tasks:
                task.cancel()
            for each in list(self.shared.values()):
                await each.abandon()

    async def ask(
        self,
        kind: Hashable,
        given: Given,
        carry_out: CarryOut[Given, Answer],
        needs: Callable[[], int] | None = None,
    ) -> Answer:
        """Have it carried out together with what others ask of the same kind. `needs`: not before so many do."""
        if self._is_over:
            raise Unexpected("in_step.over", "the company has parted")
        asked = _Asked(kind, given, carry_out, needs, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        self._stand()
        answer: Answer = await asked.answer
        return answer

    async def _one(self, call: "_Call[Any]") -> Any:
        _current.set((self, asyncio.current_task()))
        try:
            return await call.call()
        finally:
            self._stand()

    def _stand(self) -> None:
        self._walking -= 1
        if not self._walking:
            self._everybody_stands.set()

    async def _answer(self) -> None:
        """Answer all that can be answered now, each kind once."""
        kinds: dict[Hashable, list[_Asked]] = {}
        for each in self._asked:
            kinds.setdefault(each.kind, []).append(each)
        self._asked, outcomes = [], []
        for some in kinds.values():
            # Looked at now and not before: what was carried out just now may have changed it.
            if some[0].needs is not None and len(some) < some[0].needs():
                self._asked += some
            else:
                outcomes.append((some, await self._carry_out(some)))
        if not outcomes:
            raise Unexpected("in_step.stuck", "calls that go together wait for each other")
        for some, answers in outcomes:
            self._walking += len(some)
            for each, answer in zip(some, answers, strict=True):
                if isinstance(answer, Exception):
                    each.answer.set_exception(answer)
                else:
                    each.answer.set_result(answer)

    @staticmethod
    async def _carry_out(some: Sequence[_Asked]) -> Sequence[Any]:
        try:
            return await some[0].carry_out([each.given for each in some])
        except Exception as error:
            return [error] * len(some)


_current: ContextVar[tuple[Company, asyncio.Task[Any] | None] | None] = ContextVar("austa_company", default=None)


def company() -> Company | None:
    """The company that this task goes in; none where it goes alone, or was started by one that does not."""
    found = _current.get()
    return found[0] if found is not None and found[1] is asyncio.current_task() else None


async def ask(kind: Hashable, given: Given, carry_out: CarryOut[Given, Answer]) -> Answer:
    """Carry it out, together with those in step that ask for the same kind."""
    ours = company()
    if ours is not None:
        return await ours.ask(kind, given, carry_out)
    (answer,) = await carry_out([given])
    return answer


@dataclass
class _Call(Generic[Outcome]):
    among: Hashable
    apart: Hashable
    call: Callable[[], Awaitable[Outcome]]
    outcome: asyncio.Future[Outcome]
    context: contextvars.Context = field(default_factory=contextvars.copy_context)

    def answer(self, outcome: Outcome) -> None:
        """Who gave up waiting is told nothing."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class InStep:
    """A door before some use case: who comes while others are inside waits, and goes in with all who wait."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: deque[_Call[Any]] = deque()
        self._inside: Sequence[_Call[Any]] = ()
        self._going: asyncio.Task[None] | None = None

    @property
    def present(self) -> int:
        """How many wait or are inside."""
        return len(self._waiting) + len(self._inside)

    async def run(self, among: Hashable, apart: Hashable, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """What `call` returns or raises. Two that are `apart` by the same name never go together, nor two that are not
        `among` the same: an operator's, for transactions are of one operator, and a company that needed one for each
        could wait for connections that it holds itself."""
        waiting = _Call(among, apart, call, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._going is None:
            self._going = asyncio.create_task(self._go(), context=contextvars.Context())
        outcome: Outcome = await waiting.outcome
        return outcome

    async def _go(self) -> None:
        try:
            while self._waiting:
                self._inside = self._next()
                await self._take(self._inside)
        finally:
            for left in (*self._inside, *self._waiting):
                left.outcome.cancel()
            self._inside, self._going = (), None

    def _next(self) -> list[_Call[Any]]:
        """Those that go together; who may not go with one of them waits for the next turn."""
        names: dict[Hashable, _Call[Any]] = {}
        others: list[_Call[Any]] = []
        while self._waiting and len(names) < self._most:
            each = self._waiting.popleft()
            first = next(iter(names.values()), each)
            if each.among != first.among or names.setdefault(each.apart, each) is not each:
                others.append(each)
        self._waiting.extendleft(reversed(others))
        return list(names.values())

    async def _take(self, together: Sequence[_Call[Any]]) -> None:
        telemetry.WENT_TOGETHER.observe(len(together))
        alone = together
        if len(together) > 1:
            outcomes = await _in_company(together)
            for each, outcome in zip(together, outcomes, strict=True):
                if not isinstance(outcome, BaseException):
                    each.answer(outcome)
            alone = [
                each for each, outcome in zip(together, outcomes, strict=True) if isinstance(outcome, BaseException)
            ]
        for each in alone:
            await _alone(each)


async def side_by_side(calls: Sequence[Callable[[], Awaitable[Outcome]]]) -> list[Outcome | BaseException]:
    """What each returns or raises, in order; together where there are several. All are of one operator."""
    outcomes: list[Outcome | BaseException] = []
    for start in range(0, len(calls), MOST):
        door = InStep()
        some = [door.run(None, at, call) for at, call in enumerate(calls[start : start + MOST])]
        outcomes += await asyncio.gather(*some, return_exceptions=True)
    return outcomes


async def _in_company(together: Sequence[_Call[Any]]) -> Sequence[Any]:
    try:
        outcomes: Sequence[Any] = await Company().walk(together)
    except Exception as error:
        outcomes = [error] * len(together)
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    if failed:
        log.info("in_step.alone", count=len(failed), first=telemetry.where(failed[0]))
    return outcomes


async def _alone(each: _Call[Any]) -> None:
    task = asyncio.create_task(_called(each.call), context=each.context)
    await asyncio.wait([task])
    if task.cancelled():
        each.outcome.cancel()
        return
    error = task.exception()
    if error is None:
        each.answer(task.result())
    elif not each.outcome.done():
        each.outcome.set_exception(error)


async def _called(call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    return await call()
