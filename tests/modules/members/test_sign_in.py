"""A member signs in with number, date of birth and a code; who does not know them learns nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.demo.identifiers import synthetic_cpf
from austa.infra.http import MEMBER_COOKIE, handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden
from austa.kernel.ids import ProviderId, new_id
from austa.modules.identity.module import build as build_identity
from austa.modules.identity.module import build_member_sessions
from austa.modules.members.routes import routers, session_router
from austa.modules.members.service.members import MemberService
from austa.modules.members.service.signing_in import STARTS_OF_NUMBER, SigningIn
from austa.modules.privacy.api import Privacy
from austa.modules.privacy.module import build as build_privacy
from tests.conftest import clerk
from tests.modules.members.people import CARD, CPF, contract, marina, theo

BORN = "1992-03-04"
FROM_US = {"x-austa-client": "web"}


@dataclass
class Door:
    """The sign-in of one operator, over HTTP, and what stands behind it."""

    app: FastAPI
    http: httpx2.AsyncClient
    members: MemberService
    platform: Platform
    registry: str
    system: Caller

    def at(self, address: str) -> "Door":
        """The same door, seen from another house."""
        return replace(self, http=_browser(self.app, address))

    async def ask(self, number: str = CPF, born: str = BORN) -> httpx2.Response:
        asked = {"operator": self.registry, "number": number, "birth_date": born}
        return await self.http.post("/api/v1/member-session/codes", json=asked)

    async def code_of(self, code_id: str) -> str:
        """What the person reads on their phone."""
        made = await self.members.get_verification(self.system, UUID(code_id))
        assert made is not None
        return made.code.reveal()

    async def type(self, code_id: str, code: str) -> httpx2.Response:
        typed = {"operator": self.registry, "code_id": code_id, "code": code}
        return await self.http.post("/api/v1/member-session", json=typed)

    async def sign_in(self) -> httpx2.Response:
        code_id = (await self.ask()).json()["code_id"]
        return await self.type(code_id, await self.code_of(code_id))


@pytest_asyncio.fixture
async def door(platform: Platform) -> AsyncIterator[Door]:
    privacy: Privacy = build_privacy(platform)[0]
    identity, _ = build_identity(platform)
    registry = f"{uuid4().int % 1_000_000:06d}"
    operator = await identity.ensure_operator(registry, "Plano de Teste")
    system = Caller.system(operator.id, "test")
    sessions = build_member_sessions(platform)
    database = platform.database.for_module("members")
    members = MemberService(
        database,
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        identity=identity,
        privacy=privacy,
        answer_floor_s=0.0,
    )
    await members.save(system, (contract(),), (marina(), theo()))
    sign_in = SigningIn(
        database,
        platform.keys,
        platform.clock,
        members=members,
        identity=identity,
        sessions=sessions,
        starts_of_address=STARTS_OF_NUMBER + 3,
        answer_floor_s=0.0,
    )
    app = FastAPI()
    handle_errors(app)
    app.state.authenticator = identity
    app.state.member_authenticator = sessions
    for router in (session_router(sign_in, platform.settings), *routers(members, platform.idempotency)):
        app.include_router(router)
    async with _browser(app, "10.0.0.9") as client:
        yield Door(app, client, members, platform, registry, system)


def _browser(app: FastAPI, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(address, 4711))
    return httpx2.AsyncClient(transport=transport, base_url="http://austa.test", headers=FROM_US)


async def test_with_number_birth_date_and_code_the_page_greets_by_name(door: Door) -> None:
    signed_in = await door.sign_in()
    assert signed_in.status_code == 201
    assert (signed_in.json()["first_name"], signed_in.json()["operator_name"]) == ("Marina", "Plano de Teste")
    cookie = signed_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "token" not in signed_in.json()
    home = await door.http.get("/api/v1/member-session")
    assert [one["first_name"] for one in home.json()["people"]] == ["Marina", "Théo"]


@pytest.mark.parametrize(
    ("number", "born"), [(CPF, BORN), (CARD, BORN), (CPF, "1990-01-01"), (synthetic_cpf(50), BORN), ("não sei", BORN)]
)
async def test_the_answer_is_the_same_for_who_is_known_and_who_is_not(door: Door, number: str, born: str) -> None:
    answered = await door.ask(number, born)
    assert answered.status_code == 202
    assert answered.json().keys() == {"code_id"}
    assert UUID(answered.json()["code_id"]).version == 5
    refused = await door.type(answered.json()["code_id"], "000000x")
    assert (refused.status_code, refused.json()["code"]) == (401, "members.code_refused")


async def test_who_asks_too_often_is_paused_known_or_not(door: Door) -> None:
    paused = []
    for number, address in ((CPF, "10.0.0.1"), (synthetic_cpf(50), "10.0.0.2")):
        answers = [await door.at(address).ask(number) for _ in range(STARTS_OF_NUMBER + 1)]
        paused.append([(one.status_code, "retry-after" in one.headers) for one in answers])
    assert paused[0] == paused[1]
    assert paused[0][-1] == (429, True)


async def test_one_address_cannot_try_many_numbers(door: Door) -> None:
    answers = [await door.ask(synthetic_cpf(100 + n)) for n in range(STARTS_OF_NUMBER + 4)]
    assert {one.status_code for one in answers[:-1]} == {202}
    assert answers[-1].status_code == 429


async def test_a_code_opens_once(door: Door) -> None:
    code_id = (await door.ask()).json()["code_id"]
    code = await door.code_of(code_id)
    assert (await door.type(code_id, code)).status_code == 201
    assert (await door.type(code_id, code)).status_code == 401


async def test_after_five_wrong_codes_the_right_one_is_refused(door: Door) -> None:
    code_id = (await door.ask()).json()["code_id"]
    code = await door.code_of(code_id)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        assert (await door.type(code_id, wrong)).status_code == 401
    assert (await door.type(code_id, code)).status_code == 401


async def test_the_session_ends_by_signing_out_and_by_itself(door: Door, clock: SetClock) -> None:
    await door.sign_in()
    kept = door.http.cookies[MEMBER_COOKIE]
    assert (await door.http.delete("/api/v1/member-session")).status_code == 204
    door.http.cookies.set(MEMBER_COOKIE, kept)
    assert (await door.http.get("/api/v1/member-session")).status_code == 401
    door.http.cookies.clear()
    await door.sign_in()
    clock.advance(timedelta(hours=door.platform.settings.member_session_hours, seconds=1))
    assert (await door.http.get("/api/v1/member-session")).json()["code"] == "identity.token_expired"


async def test_a_members_session_opens_nothing_of_the_staffs(door: Door) -> None:
    await door.sign_in()
    token = door.http.cookies[MEMBER_COOKIE]
    for given in ({}, {"authorization": f"Bearer {token}"}, {"cookie": f"austa_session={token}"}):
        assert (await door.http.get("/api/v1/members?q=Marina", headers=given)).status_code == 401


async def test_another_sites_page_can_do_nothing(door: Door) -> None:
    asked = {"operator": door.registry, "number": CPF, "birth_date": BORN}
    del door.http.headers["x-austa-client"]
    assert (await door.http.post("/api/v1/member-session/codes", json=asked)).status_code == 401


async def test_only_austa_itself_reads_a_code(door: Door) -> None:
    code_id = (await door.ask()).json()["code_id"]
    nosy = clerk(door.system.operator_id, ProviderId(new_id()))
    with pytest.raises(Forbidden):
        await door.members.get_verification(nosy, UUID(code_id))
