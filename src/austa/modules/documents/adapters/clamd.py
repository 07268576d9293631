"""Asks clamd (ClamAV) about a file: INSTREAM of its protocol (clamd(8)). Nothing is ever taken for clean unasked."""

import asyncio
import struct

from austa.kernel.errors import Unavailable

PIECE = 64 * 1024
ANSWER_S = 60.0
_LENGTH = struct.Struct(">I")


class Clamd:
    """One scanner. `place` is host:port or the path of a socket."""

    def __init__(self, place: str, *, answer_s: float = ANSWER_S) -> None:
        self._place = place
        self._answer_s = answer_s

    async def finds_virus(self, content: bytes) -> bool:
        """Whether it knows a virus in these bytes. Raises `Unavailable` `documents.scanner_away` when it is silent."""
        try:
            async with asyncio.timeout(self._answer_s):
                answer = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise Unavailable("documents.scanner_away", "the virus scanner does not answer; the file waits") from None
        if answer.endswith(b" FOUND"):
            return True
        if answer.endswith(b": OK"):
            return False
        # Its StreamMaxLength may be less than our largest file, or it is just loading signatures.
        raise Unavailable("documents.scanner_away", "the virus scanner did not look at the file; check StreamMaxLength")

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                writer.write(_LENGTH.pack(len(piece)) + piece)
                await writer.drain()
            writer.write(_LENGTH.pack(0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").strip()
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._place.startswith("/"):
            return await asyncio.open_unix_connection(self._place)
        host, _, port = self._place.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port))
