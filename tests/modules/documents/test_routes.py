"""The HTTP edge: sending a file, asking for it, looking at its pages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Unauthenticated
from austa.kernel.ids import MemberId, new_id
from austa.modules.documents.api import REFUSALS
from austa.modules.documents.routes.documents import router
from tests.modules.documents import paper
from tests.modules.documents.conftest import Desk

PHOTO = paper.jpeg(paper.sheet())


@dataclass
class Credentials:
    """Whose credential a bearer token is."""

    people: dict[str, Caller]

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self.people:
            raise Unauthenticated("test.unknown", "unknown credential")
        return self.people[credential]


@pytest_asyncio.fixture
async def client(desk: Desk, platform: Platform) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    handle_errors(app)
    app.include_router(router(desk.documents, platform.idempotency))
    stranger = Caller.member(desk.operator_id, MemberId(new_id()))
    app.state.authenticator = Credentials({"member": desk.member, "auditor": desk.auditor, "stranger": stranger})
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa") as client:
        yield client


def bearing(who: str, key: str | None = None) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"} | ({"idempotency-key": key} if key else {})


async def send(client: httpx2.AsyncClient, who: str, key: str, content: bytes = PHOTO, **form: str) -> httpx2.Response:
    files = {"file": ("pedido.jpg", content, "image/jpeg")}
    return await client.post("/api/v1/documents", files=files, data=form, headers=bearing(who, key))


class TestSubmit:
    async def test_a_member_sends_a_photo_and_sees_what_it_says(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        sent = await send(client, "member", "key-0001")
        assert (sent.status_code, sent.json()["status"]) == (202, "stored")
        await desk.work()
        shown = (await client.get(sent.headers["location"], headers=bearing("member"))).json()
        fields = {field["name"]: field["normal"] for field in shown["fields"]}
        assert (shown["status"], fields["cid"], shown["filename"]) == ("read", "M23.2", "pedido.jpg")

    async def test_the_same_key_gets_the_first_answer_again(self, client: httpx2.AsyncClient) -> None:
        first, again = [await send(client, "member", "key-0001") for _ in range(2)]
        assert first.json() == again.json()
        assert again.headers["idempotency-replayed"] == "true"

    async def test_the_same_key_with_another_file_is_422(self, client: httpx2.AsyncClient) -> None:
        await send(client, "member", "key-0001")
        other = await send(client, "member", "key-0001", paper.jpeg(paper.knee_order()))
        assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_mismatch")

    async def test_staff_say_whose_document_it_is(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        missing = await send(client, "auditor", "key-0001")
        assert (missing.status_code, missing.json()["code"]) == (422, "documents.member_missing")
        sent = await send(client, "auditor", "key-0002", member_id=str(desk.subject))
        assert sent.status_code == 202
        assert UUID(sent.json()["id"])

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"GIF89a", 422, "documents.type_not_accepted"),
            (b"\xff\xd8\xff" + bytes(26 * 2**20), 413, "documents.too_large"),
        ],
    )
    async def test_a_useless_file_gets_a_sentence(
        self, client: httpx2.AsyncClient, content: bytes, status: int, code: str
    ) -> None:
        refused = await send(client, "member", "key-0001", content)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.json()["details"]["sentence"] == REFUSALS[code]

    async def test_needs_a_key_and_a_credential(self, client: httpx2.AsyncClient) -> None:
        files = {"file": ("pedido.jpg", PHOTO, "image/jpeg")}
        assert (await client.post("/api/v1/documents", files=files, headers=bearing("member"))).status_code == 422
        assert (await send(client, "nobody", "key-0001")).status_code == 401


class TestRead:
    async def test_a_page_is_a_private_jpeg(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        sent = await send(client, "member", "key-0001")
        await desk.work()
        page = await client.get(f"{sent.headers['location']}/pages/1?width=200", headers=bearing("auditor"))
        assert page.headers["content-type"] == "image/jpeg"
        assert page.headers["cache-control"] == "private, no-store"
        assert page.content[:3] == b"\xff\xd8\xff"

    async def test_another_members_document_is_not_found(self, client: httpx2.AsyncClient) -> None:
        sent = await send(client, "member", "key-0001")
        for address in (sent.headers["location"], f"{sent.headers['location']}/pages/1"):
            answer = await client.get(address, headers=bearing("stranger"))
            assert (answer.status_code, answer.json()["code"]) == (404, "documents.no_such_document")
