"""Files are kept encrypted, never overwritten, and gone when their key is."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from austa.infra.blobs import Blobs, open_store
from austa.infra.keys import KeyOwner
from austa.infra.platform import Platform
from austa.kernel.errors import Invalid, NotFound, Unexpected
from austa.kernel.ids import OperatorId, SubjectId, new_id

PAPER = b"%PDF-1.7 pedido de ressonancia"


@pytest.fixture
def owner() -> KeyOwner:
    return KeyOwner(SubjectId(new_id()), "care")


def stored(platform: Platform, operator_id: OperatorId) -> list[Path]:
    return [file for file in (platform.settings.data / "files" / str(operator_id)).rglob("*") if file.is_file()]


async def test_a_file_comes_back_as_it_was(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    assert await platform.blobs.get(operator_id, owner, "documents/1") == PAPER


async def test_nothing_of_it_is_on_the_disk(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    (file,) = stored(platform, operator_id)
    assert PAPER[:8] not in file.read_bytes()


async def test_the_original_is_never_overwritten(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.blobs.put(operator_id, owner, "documents/1", b"another paper")
    assert await platform.blobs.get(operator_id, owner, "documents/1") == PAPER


async def test_a_file_that_was_changed_on_the_disk_does_not_open(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    (file,) = stored(platform, operator_id)
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    with pytest.raises(Unexpected, match=r"keys\.tampered"):
        await platform.blobs.get(operator_id, owner, "documents/1")


async def test_a_file_that_was_put_in_anothers_place_does_not_open(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.blobs.put(operator_id, owner, "documents/2", b"another paper")
    one, two = sorted(stored(platform, operator_id))
    two.write_bytes(one.read_bytes())
    with pytest.raises(Unexpected, match=r"keys\.tampered"):
        await platform.blobs.get(operator_id, owner, "documents/2")


async def test_what_is_not_there_is_not_found(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    with pytest.raises(NotFound):
        await platform.blobs.get(operator_id, owner, "documents/none")


async def test_another_operator_does_not_find_it(platform: Platform, operator_id: OperatorId, owner: KeyOwner) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    with pytest.raises(NotFound):
        await platform.blobs.get(OperatorId(new_id()), owner, "documents/1")


async def test_it_is_gone_with_its_key_and_with_its_name(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner
) -> None:
    await platform.blobs.put(operator_id, owner, "documents/1", PAPER)
    await platform.keys.destroy(operator_id, owner)
    with pytest.raises(NotFound):
        await platform.blobs.get(operator_id, owner, "documents/1")
    await platform.blobs.delete(operator_id, "documents/1")
    assert stored(platform, operator_id) == []


@dataclass
class Bucket:
    """As much of S3 as a store of files needs: conditional puts, gets and deletes, over a real connection."""

    objects: dict[str, bytes] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, place, *_ = head.split(" ")
        length = re.search(r"content-length: (\d+)", head.lower())
        body = await reader.readexactly(int(length[1])) if length else b""
        status, answer = self.answer(method, place, body, create="if-none-match" in head.lower())
        said = ["Connection: close", f"Content-Length: {len(answer)}", 'ETag: "1"']
        said += ["Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT", "", ""]
        writer.write("\r\n".join([f"HTTP/1.1 {status} ", *said]).encode() + answer)
        await writer.drain()
        writer.close()

    def answer(self, method: str, place: str, body: bytes, *, create: bool) -> tuple[int, bytes]:
        if method == "PUT":
            if create and place in self.objects:
                return 412, b""
            self.objects[place] = body
            return 200, b""
        if method == "POST":
            (key,) = re.findall(r"<Key>(.+?)</Key>", body.decode())
            self.objects.pop(f"/papers/{key}", None)
            return 200, f"<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>".encode()
        return (200, self.objects[place]) if place in self.objects else (404, b"")


@pytest_asyncio.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bucket]:
    bucket = Bucket()
    server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")
    for name, value in (("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x"), ("REGION", "x"), ("ALLOW_HTTP", "true")):
        monkeypatch.setenv(f"AWS_{name}", value)
    async with server:
        yield bucket


async def test_a_bucket_keeps_the_same_promises(
    platform: Platform, operator_id: OperatorId, owner: KeyOwner, bucket: Bucket, tmp_path: Path
) -> None:
    blobs = Blobs(open_store("s3://papers/austa", tmp_path), platform.keys)
    for content in (PAPER, b"another paper"):
        await blobs.put(operator_id, owner, "documents/1", content)
    assert await blobs.get(operator_id, owner, "documents/1") == PAPER
    ((place, sealed),) = bucket.objects.items()
    assert (place, PAPER[:8] in sealed) == (f"/papers/austa/{operator_id}/documents/1", False)
    for _ in range(2):
        await blobs.delete(operator_id, "documents/1")
    with pytest.raises(NotFound):
        await blobs.get(operator_id, owner, "documents/1")


def test_what_is_no_bucket_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no bucket"):
        open_store("papers", tmp_path)
