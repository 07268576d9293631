"""Members over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.errors import Unauthenticated
from austa.kernel.ids import OperatorId, SubjectId, new_id
from austa.modules.members.routes import routers
from tests.conftest import staff
from tests.modules.members.conftest import Register
from tests.modules.members.people import CARD, CPF, contract, marina
from tests.modules.members.test_import import CONTRACTS, PEOPLE


class Doors:
    """Signs in by name."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self._callers = callers

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self._callers:
            raise Unauthenticated("test.unknown", "unknown")
        return self._callers[credential]


@pytest_asyncio.fixture
async def http(register: Register) -> AsyncIterator[httpx2.AsyncClient]:
    """Signed in as the analyst; `as_` signs in as somebody else."""
    app = FastAPI()
    handle_errors(app)
    app.state.authenticator = Doors(
        {
            "analyst": register.analyst,
            "administrator": register.administrator,
            "stranger": staff(OperatorId(new_id()), "medical_auditor"),
        }
    )
    for router in routers(register.members, register.platform.idempotency):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa.test", headers=as_("analyst")) as client:
        yield client


def as_(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {name}"}


async def test_a_record_is_shown_and_the_look_is_written_down(register: Register, http: httpx2.AsyncClient) -> None:
    await register.members.save(register.system, (contract(),), (marina(),))
    member_id = await register.find(CARD)
    response = await http.get(f"/api/v1/members/{member_id}")
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["cpf"]) == ("Marina Albuquerque de Teles", CPF)
    assert response.headers["cache-control"] == "no-store"
    looks = await register.privacy.list_access(register.system, SubjectId(member_id))
    assert [look.why for look in looks.items] == ["contract_execution"]


async def test_another_operators_member_is_404_and_leaves_no_look(register: Register, http: httpx2.AsyncClient) -> None:
    await register.members.save(register.system, (contract(),), (marina(),))
    member_id = await register.find(CARD)
    response = await http.get(f"/api/v1/members/{member_id}", headers=as_("stranger"))
    assert (response.status_code, response.json()["code"]) == (404, "members.no_such_member")
    assert (await register.privacy.list_access(register.system, SubjectId(member_id))).items == ()


async def test_search_shows_initials_only(register: Register, http: httpx2.AsyncClient) -> None:
    await register.members.save(register.system, (contract(),), (marina(),))
    response = await http.get("/api/v1/members", params={"q": "teles"})
    assert response.status_code == 200
    assert response.json()["items"] == [
        {"id": str(await register.find(CARD)), "initials": "M. A. T.", "card_end": "0017"}
    ]
    assert (await http.get("/api/v1/members", params={"q": "x"})).status_code == 422
    assert (await http.get("/api/v1/members", params={"q": "teles", "cursor": "?"})).status_code == 422


class TestImport:
    async def test_a_dry_run_unless_told_otherwise(self, register: Register, http: httpx2.AsyncClient) -> None:
        response = await _post(http, "key-00001", {})
        assert response.status_code == 200
        assert (response.json()["dry_run"], response.json()["created"]) == (True, 3)
        response = await _post(http, "key-00002", {"dry_run": "false"})
        assert (response.json()["dry_run"], response.json()["created"]) == (False, 3)
        assert await register.find(CPF)

    async def test_the_same_key_gets_the_first_answer(self, http: httpx2.AsyncClient) -> None:
        await _post(http, "key-00001", {"dry_run": "false"})
        again = await _post(http, "key-00001", {"dry_run": "false"})
        assert again.json()["created"] == 3
        other = await _post(http, "key-00001", {"dry_run": "true"})
        assert (other.status_code, other.json()["code"]) == (422, "http.idempotency_mismatch")

    async def test_needs_a_key_a_file_and_the_right(self, http: httpx2.AsyncClient) -> None:
        files = {"members": ("p.csv", PEOPLE.encode())}
        assert (await http.post("/api/v1/imports/members", files=files)).status_code == 422
        headers = {"idempotency-key": "key-00001"}
        forbidden = await http.post("/api/v1/imports/members", files=files, headers=headers)
        assert (forbidden.status_code, forbidden.json()["code"]) == (403, "access.denied")
        headers |= as_("administrator")
        empty = await http.post("/api/v1/imports/members", data={"dry_run": "true"}, headers=headers)
        assert (empty.status_code, empty.json()["code"]) == (422, "members.nothing_to_import")


async def _post(http: httpx2.AsyncClient, key: str, form: dict[str, str]) -> httpx2.Response:
    files = {
        "contracts": ("contratos.csv", CONTRACTS.encode("latin-1")),
        "members": ("pessoas.csv", PEOPLE.encode("utf-8-sig")),
    }
    headers = {**as_("administrator"), "idempotency-key": key}
    return await http.post("/api/v1/imports/members", data=form, files=files, headers=headers)
