"""A file goes past the virus scanner before it is read. The peer speaks clamd's protocol over a real connection."""

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from pydantic import ValidationError

from austa.infra.platform import Platform
from austa.infra.settings import Settings
from austa.kernel.clock import SetClock
from austa.kernel.errors import Unavailable
from austa.modules.documents.adapters.clamd import Clamd
from austa.modules.documents.module import build
from austa.modules.privacy.api import Privacy
from tests.conftest import deliver
from tests.modules.documents import paper
from tests.modules.documents.conftest import Desk
from tests.modules.documents.terms import FewTerms

PHOTO = paper.jpeg(paper.sheet())
BAD = b"EICAR"


@dataclass
class Scanner:
    """clamd's side: it takes INSTREAM and knows one virus."""

    place: str
    loading: bool = False
    seen: list[bytes] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while (length := struct.unpack(">I", await reader.readexactly(4))[0]) > 0:
            content += await reader.readexactly(length)
        self.seen.append(content)
        found = b"stream: Eicar-Signature FOUND" if BAD in content else b"stream: OK"
        writer.write((b"INSTREAM size limit exceeded. ERROR" if self.loading else found) + b"\0")
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[Scanner]:
    scanner = Scanner(str(tmp_path / "clamd"))
    server = await asyncio.start_unix_server(scanner.answer, scanner.place)
    async with server:
        yield scanner


@pytest.fixture
def scanned(desk: Desk, platform: Platform, scanner: Scanner) -> Desk:
    """The same desk with a scanner before its reader."""
    watched = replace(platform, settings=platform.settings.model_copy(update={"clamd": scanner.place}))
    documents, wired = build(watched, terminology=FewTerms(), privacy=cast(Privacy, desk.looks), reader=desk.reader)
    return replace(desk, documents=documents, handlers=deliver(platform, list(wired.handlers)))


class TestScanning:
    async def test_a_clean_file_is_seen_whole_and_read(self, scanned: Desk, scanner: Scanner) -> None:
        content = PHOTO + bytes(200_000)
        kept = await scanned.documents.submit(scanned.system, "m1", content, "web", scanned.subject)
        await scanned.work()
        assert (await scanned.documents.state(scanned.system, kept.id)).status == "read"
        assert scanner.seen == [content]

    async def test_one_with_a_virus_is_refused_and_never_opened(self, scanned: Desk) -> None:
        kept = await scanned.documents.submit(scanned.system, "m1", PHOTO + BAD, "web", scanned.subject)
        await scanned.work()
        state = await scanned.documents.state(scanned.system, kept.id)
        assert (state.status, state.refusal, scanned.reader.calls) == ("refused", "documents.virus", 0)
        assert state.sentence

    async def test_without_an_answer_a_file_waits_and_is_no_worse_for_it(
        self, scanned: Desk, scanner: Scanner, clock: SetClock
    ) -> None:
        scanner.loading = True
        kept = await scanned.documents.submit(scanned.system, "m1", PHOTO, "web", scanned.subject)
        for _ in range(4):
            await scanned.work()
            clock.advance(timedelta(minutes=5))
        assert (await scanned.documents.state(scanned.system, kept.id)).status == "stored"
        assert scanned.reader.calls == 0
        scanner.loading = False
        await scanned.work()
        assert (await scanned.documents.state(scanned.system, kept.id)).status == "read"


class TestAway:
    async def test_is_never_taken_for_clean(self, tmp_path: Path) -> None:
        for place in (str(tmp_path / "nobody"), "127.0.0.1:9"):
            with pytest.raises(Unavailable, match="does not answer"):
                await Clamd(place).finds_virus(PHOTO)

    async def test_who_says_nothing_is_not_waited_for(self, tmp_path: Path) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with await asyncio.start_unix_server(silent, tmp_path / "s"):
            with pytest.raises(Unavailable, match="does not answer"):
                await Clamd(str(tmp_path / "s"), answer_s=0.05).finds_virus(PHOTO)


@pytest.mark.parametrize("place", ["clamd", "clamd:", ":3310", "clamd:99999", "clamd:x"])
def test_a_place_that_is_none_refuses_to_start(place: str) -> None:
    with pytest.raises(ValidationError, match="host:port"):
        Settings(clamd=place)
