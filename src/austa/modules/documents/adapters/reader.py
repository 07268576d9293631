"""The worker's side of the reader: its child starts with the first page and leaves after a minute idle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from austa.infra.child import Child, ChildFailed, Frame
from austa.kernel.errors import Unavailable
from austa.kernel.personal import Personal
from austa.modules.documents.api import Box, Signature
from austa.modules.documents.domain.pieces import in_pieces
from austa.modules.documents.domain.reading import CheckBox, Line, PageReading

CHILD = "austa.modules.documents.adapters.reader_process"
IDLE_S = 60.0
PAGE_TIMEOUT_S = 60.0
MAX_WAITING = 32
MAX_RESIDENT_MB = 900
"""Beyond this the child is replaced. Two threads hold 655 MB after the first photo and 890 MB after seven."""
MAX_PAGES = 20
THREADS = 2
"""Two read a page in just over half the time of one (1.8 s for 3.4 s on two cores), and take a seventh more of them."""

log = structlog.get_logger()


class FileRefused(Exception):
    """The file cannot be read. `code` is one of `documents.api.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ReadPage:
    """A page as it was read, its upright picture (JPEG, no metadata), and the signs of the photo as it came."""

    reading: PageReading
    picture: bytes
    signs: str
    """256 signs in 64 hex digits (`adapters.signs`)."""


class PageReader:
    """Reads files in a child process, one at a time. One a worker; call it from one event loop, the main thread's."""

    def __init__(
        self,
        *,
        idle_s: float = IDLE_S,
        page_timeout_s: float = PAGE_TIMEOUT_S,
        max_waiting: int = MAX_WAITING,
        max_resident_mb: int = MAX_RESIDENT_MB,
        threads: int = THREADS,
        max_pages: int = MAX_PAGES,
    ) -> None:
        self._child = Child(
            CHILD,
            [str(max_resident_mb), str(threads), str(max_pages)],
            idle_s=idle_s,
            frame_s=page_timeout_s,
            most_waiting=max_waiting,
        )

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid

    async def read(self, content: bytes, media_type: str, password: Personal | None = None) -> tuple[ReadPage, ...]:
        """All pages of a file; `password` opens an encrypted PDF.

        Raises `FileRefused`, or `Unavailable` (`documents.reader_busy`, `documents.reader_died`,
        `documents.reader_too_slow`): then the same call may work later, with a new child.
        """
        try:
            known = {"password": password.reveal()} if password else {}
            frames = await self._child.ask(Frame({"media_type": media_type, **known}, content))
        except ChildFailed as failed:
            raise _unavailable(failed) from None
        return tuple(_page(frame) for frame in frames)

    async def signatures(
        self, content: bytes, certificates: Sequence[bytes], at: datetime, password: Personal | None = None
    ) -> tuple[Signature, ...]:
        """The signatures inside a PDF (`adapters.signatures`). Raises `Unavailable` as `read` does."""
        known = {"password": password.reveal()} if password else {}
        lengths = [len(each) for each in certificates]
        question = {"signatures": True, "at": at.isoformat(), "certificates": lengths, **known}
        try:
            frames = await self._child.ask(Frame(question, b"".join(certificates) + content))
        except ChildFailed as failed:
            raise _unavailable(failed) from None
        return tuple(Signature.model_validate_json(frame.body) for frame in frames)

    async def close(self) -> None:
        """Let the child go."""
        await self._child.close()


def _unavailable(failed: ChildFailed) -> Unavailable:
    if failed.why == "busy":
        return Unavailable("documents.reader_busy", "too many files wait for the reader")
    if failed.why == "too_slow":
        return Unavailable("documents.reader_too_slow", "the reader did not answer in time")
    return Unavailable("documents.reader_died", "the reader process died while it read")


def _page(frame: Frame) -> ReadPage:
    head = frame.head
    if "refused" in head:
        raise FileRefused(head["refused"])
    log.info("documents.page_read", page=head["page"], seconds=head["seconds"])
    return ReadPage(_reading(head), frame.body, head["signs"])


def _reading(head: dict[str, Any]) -> PageReading:
    number, width, height = int(head["page"]), int(head["width"]), int(head["height"])
    lines = [
        replace(_line(raw, number, edges), hand=hand)
        for raw, edges, hand in zip(head["lines"], head["edges"], head["hand"], strict=True)
    ]
    checks = tuple(CheckBox(_box(place, number), ticked, sure) for ticked, sure, place in head["checks"])
    return PageReading(
        number,
        width,
        height,
        in_pieces(lines, checks, width / height),
        tuple(_line(raw, number, ()) for raw in head["second"]),
        tuple(_box(place, number) for place in head["cells"]),
        checks,
    )


def _line(raw: Sequence[Any], page: int, edges: Sequence[Sequence[float]]) -> Line:
    text, confidence, clear, *place = raw
    return Line(text, _box(place, page), confidence, clear, tuple((start, end) for start, end in edges))


def _box(place: Sequence[float], page: int) -> Box:
    x0, y0, x1, y1 = place
    return Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1)
