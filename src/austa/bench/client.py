"""A small HTTP client for offering: connections that stay open, no more work a request than sending and reading it.

The generator shares its machine with what it measures, so what it costs itself counts.
"""

import asyncio
import time
from collections.abc import Mapping

IDLE_S = 2.0
"""A connection that lay idle for longer is not used again: the server may be closing it."""


class Client:
    """POSTs to one port of this machine; opens as many connections as are needed at once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer. Raises `OSError` where the connection breaks."""
        reader, writer = await self._connection()
        named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n{named}content-length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
            answer = await reader.readexactly(length)
        except asyncio.IncompleteReadError as error:
            writer.close()
            raise ConnectionError("the connection ended before the answer did") from error
        except BaseException:
            writer.close()
            raise
        self._idle.append((time.monotonic(), reader, writer))
        return int(lines[0].split(" ")[1]), answer

    def close(self) -> None:
        """Close what is open."""
        for _, _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._idle and self._idle[-1][0] < time.monotonic() - IDLE_S:
            self.close()
        if self._idle:
            return self._idle.pop()[1:]
        return await asyncio.open_connection("127.0.0.1", self._port)
