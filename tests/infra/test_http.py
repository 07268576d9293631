"""The HTTP edge: errors as problem documents, answers once, limits and headers on everything."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from structlog.testing import capture_logs

from austa.infra.http import SESSION_COOKIE, Idempotency, IdempotencyKey, SignedIn, answer, handle_errors
from austa.infra.living import CLASS
from austa.infra.middleware import BodyLimit, Measure, SecurityHeaders
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.contracts import Contract
from austa.kernel.errors import (
    AustaError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unexpected,
)
from austa.kernel.ids import OperatorId, new_id
from austa.kernel.personal import Personal
from tests.conftest import staff

LIMIT = 2_048
FEW = 100
SIGNED_IN = {"authorization": "Bearer ana"}
KINDS: dict[str, type[AustaError]] = {
    kind.kind: kind
    for kind in (NotFound, Conflict, Invalid, Forbidden, Unauthenticated, TooMany, Unavailable, Unexpected)
}


class Ask(BaseModel):
    text: str


class Person(Contract):
    name: Personal


class Doors:
    """Signs in by name."""

    def __init__(self, operator_id: OperatorId) -> None:
        self.people = {name: staff(operator_id, "medical_auditor") for name in ("ana", "bia")}

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self.people:
            raise Unauthenticated("test.unknown", "unknown")
        return self.people[credential]


class Works:
    """What the creating route does, as each test wants it."""

    def __init__(self) -> None:
        self.done = 0
        self.fail: Exception | None = None
        self.wait: asyncio.Event | None = None

    async def create(self, text: str) -> Response:
        self.done += 1
        number = self.done
        if self.wait is not None:
            await self.wait.wait()
        if self.fail is not None:
            raise self.fail
        return answer({"number": number, "text": text}, 201)


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def app(platform: Platform, works: Works, operator_id: OperatorId) -> FastAPI:
    made = FastAPI()
    made.state.authenticator = Doors(operator_id)
    handle_errors(made)
    made.add_middleware(BodyLimit, limit=LIMIT, smaller={"/bytes/few": FEW})
    made.add_middleware(SecurityHeaders)
    made.add_middleware(Measure)

    @made.post("/things")
    async def things(caller: SignedIn, key: IdempotencyKey, request: Request, ask: Ask) -> Response:
        return await platform.idempotency.once(caller, key, request, ask.model_dump(), lambda: works.create(ask.text))

    @made.post("/bytes/few")
    @made.post("/bytes")
    async def raw(request: Request) -> Response:
        return answer({"size": len(await request.body())})

    @made.get("/me")
    async def me(caller: SignedIn) -> Response:
        return answer({"id": caller.id})

    @made.post("/me")
    async def change_me(caller: SignedIn) -> Response:
        return answer({"id": caller.id})

    @made.get("/person")
    async def person() -> Response:
        return answer(Person(name=Personal("Marina")))

    @made.get("/fails/{kind}")
    async def fails(kind: str) -> Response:
        raise KINDS[kind]("test.code", "what an engineer reads", item="7")

    @made.get("/breaks")
    async def breaks() -> Response:
        raise ValueError("CPF 529.982.247-25 is odd")

    return made


@pytest_asyncio.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa.test") as client:
        yield client


def keyed(key: str, who: str = "ana") -> dict[str, str]:
    return {"authorization": f"Bearer {who}", "idempotency-key": key}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("not_found", 404),
        ("conflict", 409),
        ("invalid", 422),
        ("forbidden", 403),
        ("unauthenticated", 401),
        ("too_many", 429),
        ("unavailable", 503),
        ("unexpected", 500),
    ],
)
async def test_every_kind_of_error_is_a_problem_document(http: httpx2.AsyncClient, kind: str, status: int) -> None:
    response = await http.get(f"/fails/{kind}")
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert problem["code"] == "test.code"
    assert problem["type"] == "urn:austa:error:test.code"
    assert problem["title"]
    assert problem["details"] == {"item": "7"}


async def test_what_we_did_not_expect_tells_nothing(http: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        response = await http.get("/breaks")
    assert response.status_code == 500
    assert response.json()["code"] == "http.unexpected"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "529" not in response.text
    assert "529" not in json.dumps(logs)
    assert [entry["event"] for entry in logs] == ["http.unexpected"]


async def test_malformed_json_and_wrong_fields_are_told_apart(http: httpx2.AsyncClient) -> None:
    headers = {**keyed("malformed-1"), "content-type": "application/json"}
    malformed = await http.post("/things", content=b'{"text": ', headers=headers)
    wrong = await http.post("/things", json={"text": 7}, headers=headers)
    assert (malformed.status_code, malformed.json()["code"]) == (400, "http.malformed_json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "http.invalid_fields")
    assert wrong.json()["errors"][0]["field"] == "text"


async def test_unknown_addresses_and_methods_are_problems_too(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/nowhere")).json()["code"] == "http.404"
    assert (await http.delete("/me")).json()["code"] == "http.405"


async def test_a_bearer_token_or_a_session_signs_in(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/me", headers=SIGNED_IN)).status_code == 200
    assert (await http.get("/me", headers={"cookie": f"{SESSION_COOKIE}=ana"})).status_code == 200
    nobody = await http.get("/me")
    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"].startswith("Bearer")
    assert (await http.get("/me", headers={"authorization": "Bearer eve"})).status_code == 401


async def test_another_sites_page_cannot_use_the_session(http: httpx2.AsyncClient) -> None:
    cookie = {"cookie": f"{SESSION_COOKIE}=ana"}
    assert (await http.post("/me", headers=cookie)).json()["code"] == "http.client_header"
    assert (await http.post("/me", headers={**cookie, "x-austa-client": "web"})).status_code == 200


async def test_an_answer_reveals_and_is_not_cached(http: httpx2.AsyncClient) -> None:
    response = await http.get("/person")
    assert response.json() == {"name": "Marina"}
    assert response.headers["cache-control"] == "no-store"


async def test_a_creating_post_needs_a_key(http: httpx2.AsyncClient, works: Works) -> None:
    assert (await http.post("/things", json={"text": "a"}, headers=SIGNED_IN)).status_code == 422
    assert (await http.post("/things", json={"text": "a"}, headers=keyed("short"))).status_code == 422
    assert works.done == 0


async def test_the_same_key_and_body_get_the_first_answer_again(http: httpx2.AsyncClient, works: Works) -> None:
    first = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    again = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, {"number": 1, "text": "a"})
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert works.done == 1


async def test_the_same_key_with_another_body_is_refused(http: httpx2.AsyncClient, works: Works) -> None:
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    other = await http.post("/things", json={"text": "b"}, headers=keyed("key-00001"))
    assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_mismatch")
    assert works.done == 1


async def test_a_key_that_could_not_be_freed_while_the_database_was_away_is_free(
    platform: Platform, http: httpx2.AsyncClient, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise ConnectionRefusedError

    platform.database.life = 1
    async with platform.database.engine.connect() as connection:
        await connection.execute(sa.text("select pg_advisory_lock(:living, 1)"), {"living": CLASS})
        with monkeypatch.context() as patched:
            patched.setattr(Idempotency, "_forget", away)
            works.fail = ConnectionRefusedError()
            failed = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
            assert failed.status_code == 503
        works.fail = None
        again = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
        assert again.status_code == 201
        await connection.invalidate()


async def test_a_database_that_is_away_is_told_as_such(http: httpx2.AsyncClient, works: Works) -> None:
    works.fail = ConnectionRefusedError("a path that must not be told")
    answered = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert (answered.status_code, answered.json()["code"]) == (503, "http.database_away")
    assert answered.headers["retry-after"] == "2"


async def test_a_key_whose_process_is_gone_may_be_tried_again(
    platform: Platform, http: httpx2.AsyncClient, works: Works, clock: SetClock
) -> None:
    platform.database.life = 1  # a number that nobody holds: what a killed api leaves behind
    works.wait = asyncio.Event()
    killed = asyncio.create_task(http.post("/things", json={"text": "a"}, headers=keyed("key-00001")))
    while not works.done:
        await asyncio.sleep(0.01)
    platform.database.life = None
    works.wait.set()
    clock.advance(timedelta(seconds=6))
    again = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert again.status_code == 201
    await killed


async def test_a_key_in_flight_is_a_conflict(http: httpx2.AsyncClient, works: Works) -> None:
    works.wait = asyncio.Event()
    first = asyncio.create_task(http.post("/things", json={"text": "a"}, headers=keyed("key-00001")))
    while not works.done:
        await asyncio.sleep(0.01)
    second = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    works.wait.set()
    assert (second.status_code, second.json()["code"]) == (409, "http.in_flight")
    assert (await first).status_code == 201
    assert works.done == 1


async def test_of_many_at_once_exactly_one_creates(http: httpx2.AsyncClient, works: Works) -> None:
    posts = [http.post("/things", json={"text": "a"}, headers=keyed("key-00001")) for _ in range(8)]
    statuses = [response.status_code for response in await asyncio.gather(*posts)]
    assert works.done == 1
    assert set(statuses) <= {201, 409}
    assert 201 in statuses


@pytest.mark.parametrize("failure", [Unavailable("test.away", "away"), RuntimeError("boom")])
async def test_a_failed_create_frees_the_key(http: httpx2.AsyncClient, works: Works, failure: Exception) -> None:
    works.fail = failure
    assert (await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))).status_code >= 500
    works.fail = None
    assert (await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))).status_code == 201


async def test_a_key_belongs_to_its_person(http: httpx2.AsyncClient, works: Works) -> None:
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    other = await http.post("/things", json={"text": "b"}, headers=keyed("key-00001", who="bia"))
    assert other.json() == {"number": 2, "text": "b"}


async def test_a_key_is_remembered_for_a_day(http: httpx2.AsyncClient, works: Works, clock: SetClock) -> None:
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    clock.advance(timedelta(hours=23, minutes=59))
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert works.done == 1
    clock.advance(timedelta(minutes=2))
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert works.done == 2


async def test_a_key_whose_process_died_is_freed(http: httpx2.AsyncClient, works: Works, clock: SetClock) -> None:
    works.wait = forever = asyncio.Event()
    lost = asyncio.create_task(http.post("/things", json={"text": "a"}, headers=keyed("key-00001")))
    while not works.done:
        await asyncio.sleep(0.01)
    works.wait = None
    clock.advance(timedelta(minutes=3))
    retried = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert (retried.status_code, retried.json()["number"]) == (201, 2)
    forever.set()
    await lost
    replayed = await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    assert replayed.json() == retried.json()


def pieces(size: int) -> Iterator[bytes]:
    for start in range(0, size, 512):
        yield b"x" * min(512, size - start)


async def chunked(size: int) -> AsyncIterator[bytes]:
    for piece in pieces(size):
        yield piece


async def test_a_path_may_have_a_smaller_limit(http: httpx2.AsyncClient) -> None:
    for content in (b"x" * (FEW + 1), chunked(FEW + 1)):
        assert (await http.post("/bytes/few", content=content)).status_code == 413
    assert (await http.post("/bytes/few", content=b"x" * FEW)).status_code == 200


@pytest.mark.parametrize("size", [0, 1, LIMIT])
async def test_a_body_up_to_the_limit_passes(http: httpx2.AsyncClient, size: int) -> None:
    assert (await http.post("/bytes", content=b"x" * size)).json() == {"size": size}
    assert (await http.post("/bytes", content=chunked(size))).json() == {"size": size}


@pytest.mark.parametrize("size", [LIMIT + 1, 40 * LIMIT])
async def test_a_larger_body_is_refused_declared_or_chunked(http: httpx2.AsyncClient, size: int) -> None:
    for content in (b"x" * size, chunked(size)):
        response = await http.post("/bytes", content=content)
        assert (response.status_code, response.json()["code"]) == (413, "http.too_large")
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_larger_json_body_is_refused_the_same_way(http: httpx2.AsyncClient, works: Works) -> None:
    headers = {**keyed("key-00001"), "content-type": "application/json"}
    response = await http.post("/things", content=chunked(LIMIT + 1), headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "http.too_large")
    assert works.done == 0


async def test_a_length_that_is_no_number_is_refused(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/bytes", content=b"x", headers={"content-length": "-1"})).status_code == 413


@pytest.mark.parametrize("address", ["/person", "/nowhere", "/breaks", "/me"])
async def test_every_answer_carries_the_security_headers(http: httpx2.AsyncClient, address: str) -> None:
    headers = (await http.get(address)).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_no_key_of_another_operator_is_seen(http: httpx2.AsyncClient, platform: Platform) -> None:
    """The record of answers is a table of the tenant like any other."""
    await http.post("/things", json={"text": "a"}, headers=keyed("key-00001"))
    stranger = staff(OperatorId(new_id()), "medical_auditor")
    request = Request({"type": "http", "method": "POST", "path": "/things", "headers": [], "query_string": b""})
    done = []

    async def create() -> Response:
        done.append(1)
        return answer({})

    await platform.idempotency.once(stranger, "key-00001", request, {"text": "a"}, create)
    assert done == [1]
