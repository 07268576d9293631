"""The HTTP edge of identity, as a browser and an API client see it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.personal import Personal
from austa.modules.identity.api import NewStaff, Operator, Principal
from austa.modules.identity.module import build
from austa.modules.identity.service.identity import IdentityService
from tests.modules.identity.conftest import PASSWORD, physician

CLIENT = {"X-Austa-Client": "test"}


@pytest_asyncio.fixture
async def client(platform: Platform) -> AsyncIterator[httpx2.AsyncClient]:
    identity, wired = build(platform)
    app = FastAPI()
    app.state.authenticator = identity
    handle_errors(app)
    for router in wired.routes():
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa.test") as opened:
        yield opened


def credentials(person: Principal, kind: str, password: Personal = PASSWORD) -> dict[str, str]:
    return {"email": person.email.reveal(), "password": password.reveal(), "kind": kind}


async def test_the_web_gets_a_cookie_that_scripts_cannot_read(
    client: httpx2.AsyncClient, operator: Operator, helena: Principal
) -> None:
    response = await client.post("/api/v1/auth/login", json=credentials(helena, "web"))
    assert response.status_code == 200
    told = response.json()
    may = set(told.pop("may"))
    assert {"case:read", "rules:propose", "tiebreaker:read"} <= may
    assert not {"staff:invite", "rules:activate", "signal:raise", "member:confirm"} & may
    assert told == {
        "principal": {
            "id": str(helena.id),
            "name": "Helena Prado",
            "email": helena.email.reveal(),
            "roles": ["medical_auditor"],
            "council": {"council": "CRM", "uf": "SP", "number": "123456"},
            "provider_id": None,
        },
        "operator": {"id": str(operator.id), "name": "Operadora de Teste"},
        "expires_at": "2026-11-22T03:00:00Z",
    }
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("austa_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=43200" in cookie
    assert (await client.get("/api/v1/auth/me")).json() == response.json()  # the same rights too


async def test_signing_out_ends_the_session_and_removes_the_cookie(
    client: httpx2.AsyncClient, helena: Principal
) -> None:
    await client.post("/api/v1/auth/login", json=credentials(helena, "web"))
    stolen = client.cookies["austa_session"]
    assert (await client.post("/api/v1/auth/logout")).status_code == 401  # another site's page cannot sign one out
    assert (await client.post("/api/v1/auth/logout", headers=CLIENT)).status_code == 204
    assert "austa_session" not in client.cookies
    after = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {stolen}"})
    assert (after.status_code, after.json()["code"]) == (401, "identity.token_unknown")


async def test_the_api_gets_tokens_and_refreshes_them(client: httpx2.AsyncClient, helena: Principal) -> None:
    first = (await client.post("/api/v1/auth/login", json=credentials(helena, "api"))).json()
    assert client.cookies.get("austa_session") is None
    second = (await client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})).json()
    bearer = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await client.get("/api/v1/auth/me", headers=bearer)).json()["principal"]["id"] == str(helena.id)
    reused = await client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert (reused.status_code, reused.json()["code"]) == (401, "identity.refresh_reused")
    assert (await client.get("/api/v1/auth/me", headers=bearer)).status_code == 401


async def test_a_paused_account_is_told_how_long(client: httpx2.AsyncClient, helena: Principal) -> None:
    wrong = credentials(helena, "api", Personal("nenhuma destas palavras"))
    answers = [await client.post("/api/v1/auth/login", json=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "900"
    assert helena.email.reveal() not in "".join(answer.text for answer in answers)


async def test_nobody_is_signed_in_without_a_credential(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/auth/me")
    assert (response.status_code, response.json()["code"]) == (401, "http.not_signed_in")
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_administrator_invites_and_the_invited_person_signs_in(
    client: httpx2.AsyncClient, identity: IdentityService, house: Caller
) -> None:
    administrator = await identity.ensure_staff(
        house,
        NewStaff(
            email=Personal(f"{uuid4().hex}@austa.example"),
            name=Personal("Rita Lobo"),
            roles=frozenset({"administrator"}),
        ),
        PASSWORD,
    )
    signed_in = (await client.post("/api/v1/auth/login", json=credentials(administrator, "api"))).json()
    headers = {"Authorization": f"Bearer {signed_in['access_token']}", "Idempotency-Key": uuid4().hex}
    email = f"{uuid4().hex}@austa.example"
    body = {
        "email": email,
        "name": "Caio Nunes",
        "roles": ["nurse_auditor"],
        "council": {"council": "COREN", "uf": "SP", "number": "98765"},
    }
    invited = await client.post("/api/v1/staff/invitations", json=body, headers=headers)
    again = await client.post("/api/v1/staff/invitations", json=body, headers=headers)
    assert invited.status_code == again.status_code == 201
    assert invited.json() == again.json()
    assert "token" not in invited.text
    listed = (await client.get("/api/v1/staff", headers=headers)).json()
    assert {person["name"] for person in listed["items"]} == {"Rita Lobo", "Caio Nunes"}
    token = (await identity.invite(house, physician("Caio Nunes", email))).token.reveal()
    accepted = await client.post(
        "/api/v1/auth/invitations/accept", json={"token": token, "password": PASSWORD.reveal()}
    )
    assert (accepted.status_code, accepted.json()["active"]) == (200, True)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "http.malformed_json"),
        (b'{"email": "a@b"}', 422, "http.invalid_fields"),
        (b'{"email": "a@b", "password": "x", "kind": "fax"}', 422, "http.invalid_fields"),
    ],
)
async def test_a_malformed_sign_in_is_explained(
    client: httpx2.AsyncClient, body: bytes, status: int, code: str
) -> None:
    response = await client.post("/api/v1/auth/login", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (status, code)
