"""POST /api/v1/eligibility: every check for a card or a member; bad input is a clear error, never a silent default."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.ids import MemberId, new_id
from austa.modules.prior_auth.domain.eligibility import CHECKS
from austa.modules.prior_auth.module import build_eligibility
from tests.conftest import TODAY, staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.test_routes import Credentials
from tests.modules.prior_auth.world import CARD


@pytest.fixture
def looks() -> FakePrivacy:
    return FakePrivacy()


@pytest_asyncio.fixture
async def client(house: House, looks: FakePrivacy) -> AsyncIterator[httpx2.AsyncClient]:
    app, world = FastAPI(), cast(Any, house.world)
    handle_errors(app)
    _, wired = build_eligibility(
        house.platform,
        members=world.members,
        providers=world.providers,
        terminology=world.terminology,
        identity=world.identity,
        privacy=cast(Any, looks),
    )
    app.include_router(*wired.routes())
    operator_id = house.system.operator_id
    app.state.authenticator = Credentials(
        {
            "analyst": staff(operator_id, "authorization_analyst"),
            "administrator": staff(operator_id, "administrator"),
            "member": Caller.member(operator_id, house.member),
            "other": Caller.member(operator_id, MemberId(new_id())),
        }
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        yield client


async def ask(client: httpx2.AsyncClient, who: str = "analyst", **asked: Any) -> httpx2.Response:
    headers = {"authorization": f"Bearer {who}"}
    return await client.post("/api/v1/eligibility", json={"card": CARD, **asked}, headers=headers)


async def test_a_card_gets_every_check(client: httpx2.AsyncClient, house: House, looks: FakePrivacy) -> None:
    answered = (await ask(client, items=[{"tuss": "40304361"}])).json()
    assert [check["check"] for check in answered["checks"]] == list(CHECKS)
    assert (answered["standing"], answered["member_id"]) == (
        "person",
        str(house.member),
    )  # nobody was named as requester
    assert (answered["on"], answered["known_at"]) == ("2026-11-21", "2026-11-21T15:00:00Z")
    assert len(answered["pack_digest"]) == 64
    assert len(looks.looks) == 1


async def test_nothing_stands_in_the_way(client: httpx2.AsyncClient) -> None:
    requester = {"name": "Renato Demo", "council": "CRM", "uf": "SP", "number": "900010"}
    answered = (await ask(client, items=[{"tuss": "40304361"}], requester=requester)).json()
    assert (answered["standing"], answered["proposal"]) == ("eligible", None)


async def test_as_of_a_day_and_as_known_at_a_moment(client: httpx2.AsyncClient) -> None:
    answered = (await ask(client, on="2026-01-05", known_at="2026-02-01T12:00:00Z")).json()
    contract = next(check for check in answered["checks"] if check["check"] == "contract")
    assert (answered["on"], answered["known_at"]) == ("2026-01-05", "2026-02-01T12:00:00Z")
    assert contract["values"]["known_at"] == "2026-02-01T12:00:00+00:00"


async def test_a_requester_told_of_later_was_not_known_then(client: httpx2.AsyncClient, house: House) -> None:
    house.world.providers.nothing_known_before = TODAY - timedelta(days=10)
    requester = {"name": "Renato Demo", "council": "CRM", "uf": "SP", "number": "900010"}
    for known_at, outcome in ((TODAY - timedelta(days=11), "warn"), (TODAY - timedelta(days=9), "pass")):
        answered = (await ask(client, requester=requester, known_at=known_at.isoformat())).json()
        assert {check["check"]: check["outcome"] for check in answered["checks"]}["requester"] == outcome


async def test_a_failure_is_a_proposal_with_clause_and_reason(client: httpx2.AsyncClient, house: House) -> None:
    house.world.members.facts[house.member] = a_member(member_id=house.member, days=20)
    answered = (await ask(client, items=[{"tuss": "40304361"}])).json()
    assert answered["standing"] == "return_proposed"
    assert answered["proposal"]["reason_codes"] == ["3171"]
    assert "9.656" in answered["proposal"]["clause"]


async def test_urgency_turns_failures_into_warnings(client: httpx2.AsyncClient, house: House) -> None:
    house.world.members.facts[house.member] = a_member(
        member_id=house.member, card_valid_until=(TODAY - timedelta(days=9)).date()
    )
    answered = (await ask(client, items=[{"tuss": "31005497"}], character="urgent")).json()
    card = next(check for check in answered["checks"] if check["check"] == "card")
    assert (card["outcome"], answered["proposal"]) == ("warn", None)


async def test_earlier_requests_are_seen(client: httpx2.AsyncClient, house: House) -> None:
    await house.ask()
    answered = (await ask(client, items=[{"tuss": "40304361"}])).json()
    duplicate = next(check for check in answered["checks"] if check["check"] == "duplicate")
    assert (duplicate["outcome"], duplicate["tiss_reason"]) == ("warn", "3289")


async def test_a_card_that_nobody_bears(client: httpx2.AsyncClient) -> None:
    answered = await ask(client, card="99990000111122")
    assert (answered.status_code, answered.json()["member_id"], answered.json()["standing"]) == (200, None, "person")


async def test_members_ask_about_themselves_only(client: httpx2.AsyncClient, house: House) -> None:
    about = {"card": None, "member_id": str(house.member)}
    assert (await ask(client, "member", **about)).status_code == 200
    assert (await ask(client, "other", **about)).status_code == 403
    assert (await ask(client, "member")).status_code == 403
    assert (await ask(client, "administrator")).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"card": None}, "prior_auth.whose_eligibility"),
        ({"member_id": str(new_id())}, "prior_auth.whose_eligibility"),
        ({"card": "!?"}, "members.bad_document"),
        ({"on": "1889-12-31"}, "prior_auth.day_impossible"),
        ({"on": "2031-01-01"}, "prior_auth.day_impossible"),
        ({"known_at": "2026-11-22T00:00:00Z"}, "prior_auth.known_in_future"),
        ({"on": "2026-02-30"}, "http.invalid_fields"),
        ({"known_at": "2026-11-20T00:00:00"}, "http.invalid_fields"),
        ({"items": [{"tuss": "4030436"}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "4030436X"}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": 0}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": -3}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": 10**12}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361"}] * 1000}, "http.invalid_fields"),
        ({"character": "whenever"}, "http.invalid_fields"),
        ({"cids": ["A00"] * 21}, "http.invalid_fields"),
        ({"colour": "blue"}, "http.invalid_fields"),
    ],
)
async def test_bad_input_is_a_clear_error(client: httpx2.AsyncClient, wrong: dict[str, Any], code: str) -> None:
    answered = await ask(client, **wrong)
    assert (answered.status_code, answered.json()["code"]) == (422, code)
    assert answered.headers["content-type"] == "application/problem+json"


async def test_the_same_item_twice_is_flagged(client: httpx2.AsyncClient) -> None:
    answered = (await ask(client, items=[{"tuss": "40304361"}, {"tuss": "40304361"}])).json()
    quantity = next(check for check in answered["checks"] if check["check"] == "quantity")
    assert (quantity["outcome"], quantity["tiss_reason"]) == ("warn", "3293")
