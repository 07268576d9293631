"""The worker's side of the reader: starts the child on the first page and lets it go after a minute idle."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog

from austa.infra.processes import end, spawn
from austa.kernel.errors import Unavailable
from austa.modules.documents.adapters.wire import HEAD, lengths, pack
from austa.modules.documents.api import Box
from austa.modules.documents.domain.reading import Line, PageReading

CHILD = "austa.modules.documents.adapters.reader_process"
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "SYSTEMROOT")
CHILD_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Each thread's own arena would keep what a page needed.
    "MALLOC_ARENA_MAX": "2",
}
IDLE_S = 60.0
PAGE_TIMEOUT_S = 60.0
MAX_WAITING = 32
MAX_RESIDENT_MB = 800

log = structlog.get_logger()


class FileRefused(Exception):
    """The file cannot be read. `code` is one of `documents.api.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ReadPage:
    """A page as it was read, and its upright picture (JPEG, no metadata)."""

    reading: PageReading
    picture: bytes


class PageReader:
    """Reads files in a child process, one at a time. One a worker; call it from one event loop, the main thread's."""

    def __init__(
        self,
        *,
        idle_s: float = IDLE_S,
        page_timeout_s: float = PAGE_TIMEOUT_S,
        max_waiting: int = MAX_WAITING,
        max_resident_mb: int = MAX_RESIDENT_MB,
    ) -> None:
        self._idle_s = idle_s
        self._page_timeout_s = page_timeout_s
        self._max_waiting = max_waiting
        self._max_resident_mb = max_resident_mb
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def read(self, content: bytes, media_type: str) -> tuple[ReadPage, ...]:
        """All pages of a file.

        Raises `FileRefused`, or `Unavailable` (`documents.reader_busy`, `documents.reader_died`,
        `documents.reader_too_slow`): then the same call may work later, with a new child.
        """
        if self._waiting >= self._max_waiting:
            raise Unavailable("documents.reader_busy", "too many files wait for the reader", waiting=self._waiting)
        self._waiting += 1
        try:
            async with self._turn:
                return await self._read_in_turn(content, media_type)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the child go."""
        self._stay()
        async with self._turn:
            await self._let_go()

    async def _read_in_turn(self, content: bytes, media_type: str) -> tuple[ReadPage, ...]:
        self._stay()
        try:
            child = await self._living_child()
            pages = [page async for page in self._pages(child, content, media_type)]
        except FileRefused:
            self._leave_later()
            raise
        except BaseException:
            # Half an answer may still be in the pipe: this child is not asked again.
            await self._kill()
            raise
        self._leave_later()
        return tuple(pages)

    async def _pages(
        self, child: asyncio.subprocess.Process, content: bytes, media_type: str
    ) -> AsyncIterator[ReadPage]:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            async with asyncio.timeout(self._page_timeout_s):
                child.stdin.write(pack({"media_type": media_type}, content))
                await child.stdin.drain()
            while True:
                async with asyncio.timeout(self._page_timeout_s):
                    head_length, body_length = lengths(await child.stdout.readexactly(HEAD.size))
                    head = json.loads(await child.stdout.readexactly(head_length))
                    body = await child.stdout.readexactly(body_length)
                if head.get("leaves"):
                    self._child = None
                if "refused" in head:
                    raise FileRefused(head["refused"])
                if "done" in head:
                    return
                log.info("documents.page_read", page=head["page"], seconds=head["seconds"])
                yield ReadPage(_reading(head), body)
        except TimeoutError:
            raise Unavailable("documents.reader_too_slow", "the reader did not answer in time") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Unavailable("documents.reader_died", "the reader process died while it read") from None

    async def _living_child(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
            self._child = await spawn(
                [sys.executable, "-P", "-W", "ignore", "-m", CHILD, str(self._max_resident_mb)],
                env={**environment, **CHILD_ENVIRONMENT},
                death_signal=signal.SIGKILL,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        return self._child

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def _leave_later(self) -> None:
        self._leaving = asyncio.create_task(self._leave_when_idle())

    async def _leave_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._let_go()

    async def _let_go(self) -> None:
        """The end of its input tells the child to leave; a signal when it does not."""
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        if child.stdin is not None:
            child.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), 2.0)
        await end(child, [(signal.SIGTERM, 1.0)])

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await end(child, [])


def _reading(head: dict[str, object]) -> PageReading:
    number, width, height = int(str(head["page"])), int(str(head["width"])), int(str(head["height"]))
    return PageReading(number, width, height, _lines(head["lines"], number), _lines(head["second"], number))


def _lines(raw: object, page: int) -> tuple[Line, ...]:
    assert isinstance(raw, list)
    return tuple(
        Line(text, Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1), confidence, clear)
        for text, confidence, clear, x0, y0, x1, y1 in raw
    )
