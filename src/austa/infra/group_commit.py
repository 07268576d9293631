"""Group commit: what comes while a commit is under way shares the next one.

Under load a commit carries as many as came meanwhile, and nobody waits longer than for two of them; who comes alone
waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from austa.infra.db import is_away

Given = TypeVar("Given")
Answer = TypeVar("Answer")


class GroupCommit(Generic[Given, Answer]):
    """`commit` writes many and answers each, in order, or raises and has written none; then each is written alone."""

    def __init__(self, commit: Callable[[Sequence[Given]], Awaitable[Sequence[Answer]]], most: int) -> None:
        self._commit = commit
        self._most = most
        self._waiting: deque[tuple[Given, asyncio.Future[Answer]]] = deque()
        self._going: asyncio.Task[None] | None = None

    async def write(self, given: Given) -> Answer:
        """Write it together with others; returns after the commit."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, answer))
        if self._going is None:
            self._going = asyncio.create_task(self._go())
        return await answer

    async def _go(self) -> None:
        some: list[tuple[Given, asyncio.Future[Answer]]] = []
        try:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                try:
                    self._tell(some, await self._commit([given for given, _ in some]))
                except Exception as error:
                    await self._alone(some, error)
        finally:
            self._going = None
            for _, answer in (*some, *self._waiting):
                answer.cancel()
            self._waiting.clear()

    async def _alone(self, some: Sequence[tuple[Given, asyncio.Future[Answer]]], error: Exception) -> None:
        if len(some) == 1 or is_away(error):
            for _, answer in some:
                self._fail(answer, error)
            return
        for given, answer in some:
            try:
                self._tell([(given, answer)], await self._commit([given]))
            except Exception as its_own:
                self._fail(answer, its_own)

    @staticmethod
    def _tell(some: Sequence[tuple[Given, asyncio.Future[Answer]]], answers: Sequence[Answer]) -> None:
        for (_, waiting), answer in zip(some, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)

    @staticmethod
    def _fail(answer: asyncio.Future[Answer], error: Exception) -> None:
        if not answer.done():
            answer.set_exception(error)
