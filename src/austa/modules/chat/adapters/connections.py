"""Posts to one origin over connections that stay open, with no more work a call than writing and parsing.

A general HTTP client takes fifteen times the processor for a call (docs/benchmarks/chat.md), which at a thousand
messages a second is more than a processor. What answers are is left to `httptools`, which also serves our own API.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httptools

CONNECTED_WITHIN_S = 10.0
IDLE_S = 3.0
"""A connection that lay idle for longer is not used again: the other side may be closing it."""
LARGEST_ANSWER = 1_000_000


class Unreached(Exception):
    """There is no connection: nothing was sent."""


class AnswerLost(Exception):
    """The call was sent, or part of it, and its answer never came."""


def is_direct(origin: str) -> bool:
    """Whether this machine reaches the origin without a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`)."""
    parts = urlsplit(origin)
    return parts.scheme not in getproxies() or bool(proxy_bypass(parts.hostname or ""))


class Connections:
    """As many connections to an origin (`https://graph.example`) as calls are under way at once."""

    def __init__(self, origin: str, headers: Mapping[str, str], answered_within_s: float) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or ""
        self._is_safe = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_safe else 80)
        named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = f"host: {parts.netloc}\r\n{named}"
        self._answered_within_s = answered_within_s
        self._tls: ssl.SSLContext | None = None
        self._idle: list[_Connection] = []

    async def post(self, path: str, content: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises `Unreached`, or `AnswerLost` where the call may have been heard."""
        connection = self._take_idle() or await self._open()
        head = f"POST {path} HTTP/1.1\r\n{self._head}content-length: {len(content)}\r\n\r\n"
        try:
            async with asyncio.timeout(self._answered_within_s):
                answer = await connection.ask(head.encode() + content)
        except (OSError, TimeoutError, httptools.HttpParserError) as error:
            connection.close()
            raise AnswerLost(type(error).__name__) from None
        except BaseException:
            connection.close()
            raise
        if connection.is_open:
            self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Close what is open."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    def _take_idle(self) -> "_Connection | None":
        # The one used last is the likeliest to be open; when it is too old, all are.
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.used_at > time.monotonic() - IDLE_S:
                return connection
            connection.close()
        return None

    async def _open(self) -> "_Connection":
        if self._is_safe and self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)
        try:
            async with asyncio.timeout(CONNECTED_WITHIN_S):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection, self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as error:
            raise Unreached(type(error).__name__) from None
        return connection


class _Connection(asyncio.Protocol):
    """One call at a time."""

    def __init__(self) -> None:
        self.is_open = False
        self.used_at = 0.0
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser: Any = None
        self._body = bytearray()

    async def ask(self, call: bytes) -> tuple[int, bytes]:
        if self._transport is None or not self.is_open:
            raise ConnectionError("the connection is closed")
        self._parser = httptools.HttpResponseParser(self)
        self._body.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(call)
        try:
            return await self._answer
        finally:
            self._answer = None
            self.used_at = time.monotonic()

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Of uvloop's, which are transports without being of the class.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._fail(exc or ConnectionError("the connection ended before the answer did"))

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    # What the parser calls

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > LARGEST_ANSWER:
            self._fail(ConnectionError("the answer is too large"))

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200 and self._answer is not None and not self._answer.done():
            if not self._parser.should_keep_alive():
                self.is_open = False
            self._answer.set_result((status, bytes(self._body)))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
