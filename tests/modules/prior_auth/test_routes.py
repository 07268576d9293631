"""The HTTP edge: create with an idempotency key, follow, cancel, and the page behind a link."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.errors import Unauthenticated
from austa.kernel.signing import VerifierKey
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.prior_auth.domain.receipt import read_receipt
from austa.modules.prior_auth.module import build_letters, build_receipts
from austa.modules.prior_auth.routes.lifecycle import lifecycle_router
from austa.modules.prior_auth.routes.requests import router
from austa.modules.prior_auth.service.lifecycles import LifecycleService
from austa.modules.privacy.api import Privacy
from tests.conftest import TODAY, staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.world import BIRTH


@dataclass
class Credentials:
    """Whose credential a bearer token is."""

    people: dict[str, Caller]

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self.people:
            raise Unauthenticated("test.unknown", "unknown credential")
        return self.people[credential]


@pytest_asyncio.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    handle_errors(app)
    app.include_router(router(house.service, house.platform.idempotency))
    app.include_router(lifecycle_router(LifecycleService(house.service)))
    _, of_receipts = build_receipts(
        house.platform, members=cast(Members, house.world.members), privacy=cast(Privacy, FakePrivacy())
    )
    app.include_router(*of_receipts.routes())
    _, of_letters = build_letters(
        house.platform,
        house.service,
        members=cast(Members, house.world.members),
        identity=cast(Identity, house.world.identity),
        privacy=cast(Privacy, FakePrivacy()),
    )
    app.include_router(*of_letters.routes())
    operator_id = house.system.operator_id
    app.state.authenticator = Credentials(
        {
            "analyst": staff(operator_id, "authorization_analyst"),
            "administrator": staff(operator_id, "administrator"),
            "member": Caller.member(operator_id, house.member),
        }
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        yield client


def body(house: House, **changes: Any) -> dict[str, Any]:
    return {
        "member_id": str(house.member),
        "channel": "api",
        "asked_at": TODAY.isoformat(),
        "items": [{"tuss": "40304361", "amount": {"centavos": 2600}}],
        "cids": ["Z00.0"],
        "requester": {"name": "Renato Demo", "council": "CRM", "uf": "SP", "number": "900010"},
        "documents": [{"kind": "order"}],
        **changes,
    }


def bearing(who: str, key: str | None = None) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"} | ({"idempotency-key": key} if key else {})


async def create(client: httpx2.AsyncClient, house: House, key: str = "key-0001", **changes: Any) -> httpx2.Response:
    return await client.post("/api/v1/authorizations", json=body(house, **changes), headers=bearing("analyst", key))


async def test_created_request_is_followed_to_its_guide(client: httpx2.AsyncClient, house: House) -> None:
    created = await create(client, house)
    assert created.status_code == 201
    place = created.headers["location"]
    await house.settle()
    whole = (await client.get(place, headers=bearing("analyst"))).json()
    assert whole["state"] == "ISSUED"
    assert whole["cids"] == ["Z00.0"]
    assert len(whole["decisions"][0]["guide"]["senha"]) == 10
    assert [what for _, _, what in house.world.privacy.looks] == ["authorization"]
    told = (await client.get(f"{place}/status", headers=bearing("member"))).json()
    assert told["guide_number"] == whole["decisions"][0]["guide"]["number"]
    page = (await client.get("/api/v1/authorizations?state=ISSUED", headers=bearing("analyst"))).json()
    assert [one["protocol"] for one in page["items"]] == [whole["protocol"]]


async def test_a_request_has_its_way_on_the_diagram(client: httpx2.AsyncClient, house: House) -> None:
    place = (await create(client, house)).headers["location"]
    await house.settle()
    way = (await client.get(f"{place}/lifecycle", headers=bearing("analyst"))).json()
    assert [step["state"] for step in way["steps"]][-2:] == ["APPROVED", "ISSUED"]
    assert way["steps"][-1]["elements"] == ["APPROVED.split", "APPROVED.out", "APPROVED.ISSUED", "ISSUED"]
    assert {"EXPIRED", "CANCELLED"} <= {choice["state"] for choice in way["next"]}
    assert 'id="APPROVED.ISSUED"' in way["bpmn"]
    refused = await client.get(f"{place}/lifecycle", headers=bearing("member"))
    assert refused.json()["code"] == "prior_auth.staff_only"


async def test_a_receipt_is_had_to_the_byte_and_decides_the_same_again(
    client: httpx2.AsyncClient, house: House
) -> None:
    place = (await create(client, house)).headers["location"]
    await house.settle()
    (decision,) = (await client.get(place, headers=bearing("analyst"))).json()["decisions"]
    address = f"/api/v1/receipts/{decision['decision_id']}"
    file = await client.get(address, headers=bearing("analyst"))
    key = (await client.get("/api/v1/receipts/key", headers=bearing("administrator"))).json()["key"]
    receipt = read_receipt(file.content, VerifierKey.parse(key))
    assert receipt.faults == ()
    assert receipt.digest == decision["digest"]
    again = (await client.get(f"{address}/replay", headers=bearing("analyst"))).json()
    assert again == {"identical": True, "differences": [], "notes": []}
    assert (await client.get(address, headers=bearing("administrator"))).status_code == 403


async def test_same_key_creates_once(client: httpx2.AsyncClient, house: House) -> None:
    first, again = await create(client, house), await create(client, house)
    assert first.json() == again.json()
    assert (await create(client, house, cids=[])).status_code == 422


async def test_key_is_required(client: httpx2.AsyncClient, house: House) -> None:
    refused = await client.post("/api/v1/authorizations", json=body(house), headers=bearing("analyst"))
    assert refused.status_code == 422


async def test_wrong_fields_are_named_and_their_values_not_repeated(client: httpx2.AsyncClient, house: House) -> None:
    refused = await create(client, house, items=[{"tuss": "segredo"}])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "items.0.tuss"
    assert "segredo" not in refused.text


async def test_thousand_items_are_refused(client: httpx2.AsyncClient, house: House) -> None:
    assert (await create(client, house, items=[{"tuss": "40304361"}] * 1000)).status_code == 422


async def test_administrator_sees_no_request(client: httpx2.AsyncClient, house: House) -> None:
    place = (await create(client, house)).headers["location"]
    assert (await client.get(place, headers=bearing("administrator"))).status_code == 403
    assert (await client.get(place)).status_code == 401


async def test_member_answers_the_ask_and_cancels(client: httpx2.AsyncClient, house: House) -> None:
    place = (await create(client, house, items=[{"tuss": "41101316", "laterality": "right"}])).headers["location"]
    await house.settle()
    added = await client.post(
        f"{place}/documents",
        json={"facts": [{"name": "trauma", "value": True}]},
        headers=bearing("member"),
    )
    assert added.status_code == 200
    await house.settle()
    status = (await client.get(f"{place}/status", headers=bearing("member"))).json()
    assert (status["state"], len(status["missing"])) == ("PENDING_DOCUMENTS", 2)
    gone = await client.post(f"{place}/cancel", json={"reason": "asked_by_member"}, headers=bearing("member"))
    assert gone.json()["state"] == "CANCELLED"


async def test_link_asks_for_the_date_of_birth_and_then_shows_the_guide(
    client: httpx2.AsyncClient, house: House
) -> None:
    await house.ask()
    (token,) = house.world.identity.links
    assert (await client.get(f"/api/v1/links/{token}")).json() == {"needs": ["birth_date"]}
    wrong = await client.post(f"/api/v1/links/{token}/open", json={"birth_date": "1999-01-01"})
    assert wrong.status_code == 403
    opened = await client.post(f"/api/v1/links/{token}/open", json={"birth_date": BIRTH.isoformat()})
    assert opened.json()["guide_number"] == "20260000000001"
    assert (await client.post("/api/v1/links/nothing/open", json={"birth_date": "1999-01-01"})).status_code == 404


async def test_the_letter_is_a_pdf_for_staff_and_member_and_for_nobody_else(
    client: httpx2.AsyncClient, house: House
) -> None:
    place = f"/api/v1/authorizations/{await house.ask()}/letter"
    for token in ("analyst", "member"):
        answered = await client.get(place, headers={"authorization": f"Bearer {token}"})
        assert answered.headers["content-type"] == "application/pdf"
        assert "no-store" in answered.headers["cache-control"]
        assert answered.content.startswith(b"%PDF")
        text = await client.get(f"{place}/text", headers={"authorization": f"Bearer {token}"})
        assert text.json()["readability_level"] == "easy"
    assert (await client.get(place, headers={"authorization": "Bearer administrator"})).status_code == 403
    assert (await client.get(place)).status_code == 401


async def test_the_letter_behind_a_link_asks_for_the_date_of_birth(client: httpx2.AsyncClient, house: House) -> None:
    await house.ask()
    (token,) = house.world.identity.links
    wrong = await client.post(f"/api/v1/links/{token}/letter", json={"birth_date": "1990-01-01"})
    assert wrong.status_code == 403
    right = await client.post(f"/api/v1/links/{token}/letter", json={"birth_date": BIRTH.isoformat()})
    assert right.content.startswith(b"%PDF")
