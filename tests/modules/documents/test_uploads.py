"""Files that come in pieces (tus 1.0.0), at the HTTP edge."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.ids import DocumentId, MemberId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.routes.uploads import router
from austa.modules.documents.service import uploads as limits
from austa.modules.documents.service.uploads import Uploads
from tests.conftest import staff
from tests.modules.documents import paper
from tests.modules.documents.conftest import Desk
from tests.modules.documents.test_routes import Credentials, bearing

PHOTO = paper.jpeg(paper.knee_order())
HALF = len(PHOTO) // 2
HERE = "/api/v1/uploads"


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    platform = desk.platform
    uploads = Uploads(
        platform.database.for_module("documents"),
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        max_bytes=25 * 2**20,
        documents=desk.documents,
    )
    app = FastAPI()
    handle_errors(app)
    app.include_router(router(uploads))
    stranger = Caller.member(desk.operator_id, MemberId(new_id()))
    app.state.authenticator = Credentials({"member": desk.member, "auditor": desk.auditor, "stranger": stranger})
    return app


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa") as client:
        yield client


def tus(who: str = "member", **headers: str) -> dict[str, str]:
    return bearing(who) | {"tus-resumable": "1.0.0"} | {name.replace("_", "-"): each for name, each in headers.items()}


def said(**metadata: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())


async def begin(client: httpx2.AsyncClient, length: int = len(PHOTO), who: str = "member", **metadata: str) -> str:
    headers = tus(who, upload_length=str(length), upload_metadata=said(**metadata))
    begun = await client.post(HERE, headers=headers)
    assert begun.status_code == 201, begun.text
    return str(begun.headers["location"])


async def send(
    client: httpx2.AsyncClient, place: str, offset: int, content: bytes, who: str = "member", **more: str
) -> httpx2.Response:
    headers = tus(who, upload_offset=str(offset), content_type="application/offset+octet-stream", **more)
    return await client.patch(place, headers=headers, content=content)


async def ask(client: httpx2.AsyncClient, place: str, who: str = "member") -> httpx2.Response:
    return await client.head(place, headers=tus(who))


async def broken_off(app: FastAPI, place: str, content: bytes) -> None:
    """A request whose connection ends in the middle of its body."""
    messages = iter([{"type": "http.request", "body": content, "more_body": True}, {"type": "http.disconnect"}])
    headers = tus(upload_offset="0", content_type="application/offset+octet-stream")

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def nobody_hears(message: Any) -> None:
        pass

    scope = {
        "type": "http",
        "method": "PATCH",
        "path": place,
        "raw_path": place.encode(),
        "query_string": b"",
        "root_path": "",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, nobody_hears)


def document_of(last: httpx2.Response) -> DocumentId:
    return DocumentId(UUID(last.headers["austa-document"]))


async def original(desk: Desk, last: httpx2.Response) -> bytes:
    return await desk.documents.original(staff(desk.operator_id, "technical_director"), document_of(last))


class TestUpload:
    async def test_says_what_it_speaks(self, client: httpx2.AsyncClient) -> None:
        said = (await client.options(HERE)).headers
        assert (said["tus-version"], said["tus-max-size"]) == ("1.0.0", str(25 * 2**20))
        assert set(said["tus-extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}

    async def test_in_two_pieces_becomes_a_document_that_is_read(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        place = await begin(client, filename="pedido médico.jpg")
        first = await send(client, place, 0, PHOTO[:HALF])
        assert (first.status_code, first.headers["upload-offset"]) == (204, str(HALF))
        assert "austa-document" not in first.headers
        last = await send(client, place, HALF, PHOTO[HALF:])
        assert await original(desk, last) == PHOTO
        document_id = document_of(last)
        await desk.work()
        document = await desk.documents.get(desk.member, document_id)
        assert (document.status, document.filename) == ("read", Personal("pedido médico.jpg"))
        assert (await ask(client, place)).headers["austa-document"] == str(document_id)

    async def test_goes_on_where_it_broke(self, client: httpx2.AsyncClient, app: FastAPI, desk: Desk) -> None:
        place = await begin(client)
        await broken_off(app, place, PHOTO[:HALF])
        assert (await ask(client, place)).headers["upload-offset"] == str(HALF)
        last = await send(client, place, HALF, PHOTO[HALF:])
        assert await original(desk, last) == PHOTO

    async def test_comes_whole_in_any_pieces(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        content = PHOTO + bytes(3 * 2**20)
        place = await begin(client, len(content))
        for start, end in pairwise([0, 1, 70, 70, 2**20, len(content) - 1, len(content)]):
            last = await send(client, place, start, content[start:end])
            assert last.status_code == 204
        assert await original(desk, last) == content

    async def test_only_the_next_piece_is_taken(self, client: httpx2.AsyncClient) -> None:
        place = await begin(client)
        await send(client, place, 0, PHOTO[:HALF])
        for offset, content in ((0, PHOTO), (HALF + 1, b"x")):
            wrong = await send(client, place, offset, content)
            assert (wrong.status_code, wrong.json()["code"]) == (409, "documents.upload_offset")
        too_long = await send(client, place, HALF, PHOTO)
        assert (too_long.status_code, too_long.json()["code"]) == (422, "documents.upload_too_long")
        assert (await ask(client, place)).headers["upload-offset"] == str(HALF)

    async def test_a_piece_with_a_checksum_comes_whole_or_not(self, client: httpx2.AsyncClient) -> None:
        place = await begin(client)
        digest = base64.b64encode(hashlib.sha256(PHOTO[:HALF]).digest()).decode()
        wrong = await send(client, place, 0, PHOTO[: HALF - 1] + b"x", upload_checksum=f"sha256 {digest}")
        assert (wrong.status_code, (await ask(client, place)).headers["upload-offset"]) == (460, "0")
        right = await send(client, place, 0, PHOTO[:HALF], upload_checksum=f"sha256 {digest}")
        assert (right.status_code, right.headers["upload-offset"]) == (204, str(HALF))
        unknown = await send(client, place, HALF, b"x", upload_checksum="md5 eA==")
        assert unknown.json()["code"] == "documents.upload_checksum"

    async def test_what_was_written_lies_sealed(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        place = await begin(client, filename="Severino.jpg")
        await send(client, place, 0, PHOTO[:HALF])
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            rows = await tx.all(sa.text("select filename, content from documents.upload u, documents.upload_chunk c"))
        assert b"Severino" not in rows[0].filename
        assert PHOTO[:64] not in rows[0].content

    async def test_ends_when_asked_and_when_its_time_is_over(
        self, client: httpx2.AsyncClient, desk: Desk, clock: SetClock
    ) -> None:
        ended, forgotten = await begin(client), await begin(client)
        assert (await client.delete(ended, headers=tus())).status_code == 204
        assert (await ask(client, ended)).status_code == 404
        await send(client, forgotten, 0, PHOTO[:HALF])
        clock.advance(limits.LIFE + timedelta(minutes=1))
        assert (await ask(client, forgotten)).status_code == 404
        await desk.work()
        async with desk.platform.database.for_module("documents").transaction(desk.system) as tx:
            assert await tx.all(sa.text("select 1 from documents.upload")) == []


class TestRefused:
    @pytest.mark.parametrize(
        ("length", "status", "code"),
        [(26 * 2**20, 413, "documents.too_large"), (0, 422, "documents.empty")],
    )
    async def test_before_a_byte_is_sent(self, client: httpx2.AsyncClient, length: int, status: int, code: str) -> None:
        refused = await client.post(HERE, headers=tus(upload_length=str(length)))
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.headers["tus-resumable"] == "1.0.0"

    async def test_with_its_first_bytes(self, client: httpx2.AsyncClient) -> None:
        place = await begin(client)
        refused = await send(client, place, 0, b"MZ\x90\x00" + bytes(60))
        assert refused.json()["code"] == "documents.type_not_accepted"
        assert "sentence" in refused.json()["details"]
        assert (await ask(client, place)).status_code == 404

    async def test_when_it_came_whole(self, client: httpx2.AsyncClient) -> None:
        content = PHOTO[:50] + b"<script>" + PHOTO[50:]
        place = await begin(client, len(content))
        refused = await send(client, place, 0, content)
        assert (refused.status_code, refused.json()["code"]) == (422, "documents.two_in_one")
        assert (await ask(client, place)).status_code == 404

    async def test_another_version(self, client: httpx2.AsyncClient) -> None:
        refused = await client.post(HERE, headers=bearing("member") | {"upload-length": "9"})
        assert (refused.status_code, refused.headers["tus-version"]) == (412, "1.0.0")

    async def test_too_many_at_once(self, client: httpx2.AsyncClient) -> None:
        for _ in range(limits.MOST_UNFINISHED):
            await begin(client)
        refused = await client.post(HERE, headers=tus(upload_length="9"))
        assert (refused.status_code, refused.json()["code"]) == (429, "documents.too_many_uploads")


class TestRights:
    async def test_staff_say_whose_it_is(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        missing = await client.post(HERE, headers=tus("auditor", upload_length="9"))
        assert missing.json()["code"] == "documents.member_missing"
        assert await begin(client, who="auditor", member_id=str(desk.subject))

    async def test_nobody_goes_on_with_anothers(self, client: httpx2.AsyncClient) -> None:
        place = await begin(client)
        for who in ("stranger", "auditor"):
            assert (await ask(client, place, who)).status_code == 404
            assert (await send(client, place, 0, PHOTO, who)).status_code == 404
            assert (await client.delete(place, headers=tus(who))).status_code == 404

    async def test_nor_for_another(self, client: httpx2.AsyncClient) -> None:
        headers = tus(upload_length="9", upload_metadata=said(member_id=str(new_id())))
        assert (await client.post(HERE, headers=headers)).status_code == 403
