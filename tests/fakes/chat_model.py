"""An OpenAI-compatible server on localhost that says whatever a test wants, and keeps what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class FakeModelServer:
    """`raw` is sent instead of a completion with `says`; `status` and `delay_s` as they are."""

    says: object = ""
    raw: bytes | None = None
    status: int = 200
    delay_s: float = 0.0
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        body = await reader.readexactly(length)
        self.asked.append(head + body.decode())
        await asyncio.sleep(self.delay_s)
        completion = {"choices": [{"message": {"role": "assistant", "content": self.says}}]}
        content = self.raw if self.raw is not None else json.dumps(completion).encode()
        writer.write(
            f"HTTP/1.1 {self.status} X\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n".encode()
        )
        writer.write(content)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def model_server() -> AsyncIterator[FakeModelServer]:
    """The server while the context lasts."""
    fake = FakeModelServer()
    server = await asyncio.start_server(fake.answer, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    yield fake
    server.close()
