"""Work that does not belong into this process: a child that answers one question at a time over its pipes.

The parent's side (`Child`) starts it on the first question, ends it when it is slow, and lets it go when it was
idle for a while; the child's side (`serve`) answers until its input ends. Questions and answers are frames: a
JSON head and a body of bytes, both with their length. An answer is any number of frames and then one that says
`done`; one that also says `leaves` is the child's last. What personal data they hold stays in the pipe: neither
side logs it.
"""

import asyncio
import contextlib
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from austa.infra.processes import end, spawn

KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "SYSTEMROOT")
CHILD_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    # Each thread's own arena would keep what one question needed.
    "MALLOC_ARENA_MAX": "2",
}
LARGEST_FRAME = 64 * 1024 * 1024

_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True)
class Frame:
    """One piece of a question or an answer."""

    head: dict[str, Any]
    body: bytes = field(default=b"", repr=False)

    def pack(self) -> bytes:
        """As it goes through the pipe."""
        head = json.dumps(self.head, ensure_ascii=False).encode()
        return _LENGTHS.pack(len(head), len(self.body)) + head + self.body


class ChildFailed(Exception):
    """No answer: too many wait, the child died, or it was too slow. The same question may work later."""

    def __init__(self, why: Literal["busy", "died", "too_slow"]) -> None:
        super().__init__(why)
        self.why = why


class Child:
    """One child process. Use it from one event loop, the main thread's."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        idle_s: float = 60.0,
        frame_s: float = 60.0,
        most_waiting: int = 32,
    ) -> None:
        """`module` is run with `python -m`; `frame_s`: how long a frame of an answer may take, the start included."""
        self._command = [sys.executable, "-P", "-W", "ignore", "-m", module, *arguments]
        self._environment = {**CHILD_ENVIRONMENT, **(environment or {})}
        self._idle_s = idle_s
        self._frame_s = frame_s
        self._most_waiting = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def ask(self, question: Frame) -> list[Frame]:
        """The frames of the answer. Raises `ChildFailed`; then the next question gets a new child."""
        if self._waiting >= self._most_waiting:
            raise ChildFailed("busy")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask_in_turn(question)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the child go."""
        self._stay()
        async with self._turn:
            await self._let_go()

    async def _ask_in_turn(self, question: Frame) -> list[Frame]:
        self._stay()
        try:
            frames = await self._answer(await self._living_process(), question)
        except BaseException:
            # Half an answer may still be in the pipe: this child is not asked again.
            await self._kill()
            raise
        self._leaving = asyncio.create_task(self._leave_when_idle())
        return frames

    async def _answer(self, process: asyncio.subprocess.Process, question: Frame) -> list[Frame]:
        assert process.stdin is not None
        assert process.stdout is not None
        frames: list[Frame] = []
        try:
            async with asyncio.timeout(self._frame_s):
                process.stdin.write(question.pack())
                await process.stdin.drain()
            while True:
                async with asyncio.timeout(self._frame_s):
                    head, body = _lengths(await process.stdout.readexactly(_LENGTHS.size))
                    frame = Frame(
                        json.loads(await process.stdout.readexactly(head)), await process.stdout.readexactly(body)
                    )
                if frame.head.get("leaves"):
                    self._process = None
                if frame.head.get("done"):
                    return frames
                frames.append(frame)
        except TimeoutError:
            raise ChildFailed("too_slow") from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise ChildFailed("died") from None

    async def _living_process(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
            self._process = await spawn(
                self._command,
                env={**kept, **self._environment},
                death_signal=signal.SIGKILL,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        return self._process

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    async def _leave_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._let_go()

    async def _let_go(self) -> None:
        """The end of its input tells the child to leave; a signal when it does not."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 2.0)
        await end(process, [(signal.SIGTERM, 1.0)])

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await end(process, [])


def serve(answer: Callable[[Frame], Iterable[Frame]], *, has_grown: Callable[[], bool] = lambda: False) -> None:
    """The child's side: answer what comes until the input ends, or an answer left too much memory behind (`has_grown`).

    An error of `answer` ends the process; its class and place are written to standard error, never its message.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints must not end up between two frames.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while (question := _next_frame(sys.stdin.buffer)) is not None:
        try:
            for frame in answer(question):
                answers.write(frame.pack())
                answers.flush()
        except Exception as error:
            # Here and not above: its exporters cost memory that a child needs only to complain.
            from austa.infra.telemetry import where

            sys.exit(f"child.failed {where(error)}")
        leaves = has_grown()
        answers.write(Frame({"done": True, "leaves": leaves}).pack())
        answers.flush()
        if leaves:
            return


def _next_frame(stream: BinaryIO) -> Frame | None:
    prefix = stream.read(_LENGTHS.size)
    if len(prefix) < _LENGTHS.size:
        return None
    head, body = _lengths(prefix)
    raw = stream.read(head + body)
    return Frame(json.loads(raw[:head]), raw[head:]) if len(raw) == head + body else None


def _lengths(prefix: bytes) -> tuple[int, int]:
    head, body = _LENGTHS.unpack(prefix)
    if head + body > LARGEST_FRAME:
        raise ValueError("a frame announces more than it may hold")
    return head, body
