"""Calls to the Graph API over real connections: kept open, counted as lost only when they may have been heard."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from austa.modules.chat.adapters.connections import AnswerLost, Connections, Unreached, is_direct

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@dataclass
class Peer:
    """Answers every call with the next of `answers`; None hangs up."""

    answers: list[bytes | None] = field(default_factory=list)
    calls: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._head(reader):
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            self.calls.append(head + await reader.readexactly(length))
            answer = self.answers.pop(0) if self.answers else OK
            if answer is None:
                break
            for part in answer.split(b"|"):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""


@asynccontextmanager
async def calling(*answers: bytes | None, within_s: float = 5.0) -> AsyncIterator[tuple[Peer, Connections]]:
    peer = Peer(list(answers))
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    connections = Connections(f"http://127.0.0.1:{peer.port}", {"authorization": "Bearer x"}, within_s)
    yield peer, connections
    connections.close()
    server.close()


def test_the_event_loop_of_the_workers_does_too() -> None:
    async def go() -> None:
        async with calling() as (_, connections):
            assert await connections.post("/", b"{}") == (200, b"{}")

    uvloop.run(go())


async def test_a_connection_is_used_again() -> None:
    async with calling() as (peer, connections):
        assert [await connections.post("/v1/x", b"{}") for _ in range(3)] == [(200, b"{}")] * 3
        assert peer.connections == 1
        assert peer.calls[0].startswith(b"POST /v1/x HTTP/1.1\r\n")
        assert b"authorization: Bearer x\r\n" in peer.calls[0]


async def test_calls_at_once_have_connections_of_their_own() -> None:
    async with calling() as (peer, connections):
        await asyncio.gather(*[connections.post("/", b"{}") for _ in range(5)])
        assert peer.connections == 5


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{|\r\n1\r\n}\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n|HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-|length: 2\r\nconnection: close\r\n\r\n|{}",
    ],
    ids=["chunked", "continue", "in pieces"],
)
async def test_answers_of_every_shape(answer: bytes) -> None:
    async with calling(answer) as (_, connections):
        assert await connections.post("/", b"{}") == (200, b"{}")
        assert await connections.post("/", b"{}") == (200, b"{}")


async def test_who_was_never_reached_heard_nothing() -> None:
    async with calling() as (peer, _):
        pass
    with pytest.raises(Unreached):
        await Connections(f"http://127.0.0.1:{peer.port}", {}, 1.0).post("/", b"{}")


@pytest.mark.parametrize("answer", [None, b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"])
async def test_a_call_without_a_whole_answer_may_have_been_heard(answer: bytes | None) -> None:
    async with calling(answer, within_s=0.3) as (peer, connections):
        with pytest.raises(AnswerLost):
            await connections.post("/", b"{}")
        assert len(peer.calls) == 1
        assert await connections.post("/", b"{}") == (200, b"{}"), "the next call is on a connection of its own"


async def test_over_tls_the_other_side_must_prove_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = self_signed(tmp_path)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate)
    peer = Peer()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0, ssl=trust)
    origin = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(Unreached):
        await Connections(origin, {}, 1.0).post("/", b"{}")
    assert peer.calls == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    connections = Connections(origin, {}, 5.0)
    assert [await connections.post("/", b"{}") for _ in range(2)] == [(200, b"{}")] * 2
    connections.close()
    server.close()


def self_signed(folder: Path) -> Path:
    """Key and certificate of localhost in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "localhost.pem"
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_proxy_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "graph.example")
    assert not is_direct("https://graph.facebook.com")
    assert is_direct("https://graph.example")
