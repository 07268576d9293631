"""The desk of a hospital: ask, answer, follow and cancel what is its own, and nothing of anybody else's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.ids import MemberId, OperatorId, ProviderId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.language.api.language import Terminology
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.requests import RequestFilter
from austa.modules.prior_auth.module import build_desk, build_letters
from austa.modules.prior_auth.routes.requests import router
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import Privacy
from tests.conftest import clerk, staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import House, asked
from tests.modules.prior_auth.test_routes import Credentials, bearing, body

HOSPITAL, CLINIC = ProviderId(new_id()), ProviderId(new_id())


@dataclass
class Desks:
    """The door, with two providers before it."""

    http: httpx2.AsyncClient
    house: House
    people: dict[str, Caller]
    privacy: FakePrivacy

    async def ask(self, who: str = "hospital", key: str = "key-0001", **changes: Any) -> httpx2.Response:
        asked = {**body(self.house), "asked_at": None, "channel": "portal", **changes}
        return await self.http.post("/api/v1/authorizations", json=asked, headers=bearing(who, key))

    async def get(self, who: str, path: str) -> httpx2.Response:
        return await self.http.get(f"/api/v1{path}", headers=bearing(who))

    async def post(self, who: str, path: str, content: dict[str, Any]) -> httpx2.Response:
        return await self.http.post(f"/api/v1{path}", json=content, headers=bearing(who))


@pytest_asyncio.fixture
async def desks(house: House, operator_id: OperatorId) -> AsyncIterator[Desks]:
    app, privacy = FastAPI(), house.world.privacy
    handle_errors(app)
    members = cast(Members, house.world.members)
    app.include_router(router(house.service, house.platform.idempotency))
    _, of_desk = build_desk(
        house.platform,
        house.service,
        members=members,
        terminology=cast(Terminology, house.world.terminology),
    )
    _, of_letters = build_letters(
        house.platform,
        house.service,
        members=members,
        identity=cast(Identity, house.world.identity),
        privacy=cast(Privacy, privacy),
    )
    for one in (*of_desk.routes(), *of_letters.routes()):
        app.include_router(one)
    house.world.members.confirmations |= {(HOSPITAL, house.member), (CLINIC, house.member)}
    people = {
        "hospital": clerk(operator_id, HOSPITAL),
        "colleague": clerk(operator_id, HOSPITAL),
        "clinic": clerk(operator_id, CLINIC),
        "elsewhere": clerk(OperatorId(new_id()), HOSPITAL),
        "auditor": staff(operator_id, "medical_auditor"),
    }
    app.state.authenticator = Credentials(people)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as http:
        yield Desks(http, house, people, privacy)


async def test_who_only_performs_sees_the_guide_and_acts_on_nothing(desks: Desks, house: House) -> None:
    """A member asked, and named where care is to be given."""
    request_id = await house.ask(provider_id=HOSPITAL, indication=Personal("Dor há meses."))
    seen = (await desks.get("hospital", f"/desk/requests/{request_id}")).json()
    request = seen["request"]
    assert request["guides"][0]["standing"] == "valid"
    assert (request["cids"], request["indication"], request["documents"], request["checks"]) == ([], None, [], [])
    assert (seen["may"], seen["letter"]) == ([], False)
    for path, content in (("cancel", {"reason": "asked_by_requester"}), ("documents", {"documents": []})):
        refused = await desks.post("hospital", f"/authorizations/{request_id}/{path}", content)
        assert refused.json()["code"] == "prior_auth.no_such_request"
    assert (await desks.get("hospital", f"/authorizations/{request_id}/letter")).status_code == 404


async def test_a_submission_gets_its_protocol_at_once_and_the_clock_runs_from_it(desks: Desks, house: House) -> None:
    taken = (await desks.ask()).json()
    assert len(taken["protocol"]) == 20
    whole = await house.see(RequestId(taken["request_id"]))
    assert whole.clock.asked_at == house.platform.clock.now()
    assert whole.provider_id == HOSPITAL


async def test_the_answer_is_followed_to_its_guide_and_letter_by_every_clerk_of_the_provider(
    desks: Desks, house: House
) -> None:
    request_id = (await desks.ask()).json()["request_id"]
    await house.settle()
    (line,) = (await desks.get("colleague", "/desk/requests")).json()["items"]
    assert (line["person"]["shown_name"], line["state"], line["answered"]) == ("Marina A. T.", "ISSUED", True)
    seen = (await desks.get("colleague", f"/desk/requests/{request_id}")).json()
    assert seen["request"]["decisions"][0]["guide"]["number"]
    assert (seen["may"], seen["letter"]) == (["cancel"], True)
    letter = await desks.get("colleague", f"/authorizations/{request_id}/letter")
    assert letter.content.startswith(b"%PDF")
    looks = [(actor, what) for actor, _, what in desks.privacy.looks]
    assert looks == [(desks.people["colleague"].actor, "authorization")] * 2


@pytest.mark.parametrize("who", ["clinic", "elsewhere"])
async def test_another_providers_request_does_not_exist(desks: Desks, who: str) -> None:
    request_id = (await desks.ask()).json()["request_id"]
    await desks.house.settle()
    place = f"/authorizations/{request_id}"
    answers = [
        *[await desks.get(who, path) for path in (place, f"{place}/status", f"{place}/letter", f"{place}/letter/text")],
        await desks.get(who, f"/auth/status/{request_id}"),
        await desks.get(who, f"/desk/requests/{request_id}"),
        await desks.post(who, f"{place}/cancel", {"reason": "duplicate"}),
        await desks.post(who, f"{place}/documents", {"documents": [{"kind": "report"}]}),
    ]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(404, "prior_auth.no_such_request")}
    for path in ("/desk/requests", "/authorizations", f"/authorizations?provider_id={HOSPITAL}"):
        assert (await desks.get(who, path)).json()["items"] == []
    assert (await desks.get("auditor", f"{place}/status")).json()["state"] == "ISSUED"


async def test_nothing_of_how_the_operator_came_to_it_is_shown(desks: Desks, house: House) -> None:
    """The same item twice on one day raises a signal (R01) and goes to a physician."""
    await desks.ask()
    request_id = (await desks.ask(key="key-0002")).json()["request_id"]
    await house.settle()
    inside = (await desks.get("auditor", f"/authorizations/{request_id}")).json()
    assert (inside["path"], inside["queue"], len(inside["history"])) == ("AUDIT", "medical", 4)
    for path in (f"/authorizations/{request_id}", f"/desk/requests/{request_id}"):
        told = await desks.get("hospital", path)
        seen = told.json().get("request") or told.json()
        assert (seen["rules"], seen["facts"], seen["checks"], seen["queue"], seen["path"]) == ([], [], [], None, None)
        assert [one["transition"] for one in seen["history"]] == ["receive"]
        assert not {"R01", "AUDIT"} & set(told.text.replace('"', " ").split())
        assert desks.people["hospital"].id not in told.text


async def test_an_ask_is_answered_in_one_go_and_a_stale_page_is_told(desks: Desks, house: House) -> None:
    request_id = (await desks.ask(items=[{"tuss": "41101316", "laterality": "right"}])).json()["request_id"]
    await house.settle()
    seen = (await desks.get("hospital", f"/desk/requests/{request_id}")).json()
    assert (seen["may"], len(seen["request"]["missing"])) == (["answer", "add_papers", "cancel"], 3)
    facts = [{"name": "trauma", "value": True}, {"name": "positive_examination", "value": True}]
    answered = {
        "documents": [{"kind": "report"}],
        "facts": [*facts, {"name": "conservative_care_weeks", "value": 8}],
        "expected_version": seen["request"]["version"],
    }
    place = f"/authorizations/{request_id}"
    assert (await desks.post("hospital", f"{place}/documents", answered)).status_code == 200
    await house.settle()
    assert (await desks.get("hospital", f"{place}/status")).json()["state"] == "ISSUED"
    stale = {"reason": "duplicate", "expected_version": seen["request"]["version"]}
    refused = await desks.post("hospital", f"{place}/cancel", stale)
    assert (refused.status_code, refused.json()["code"]) == (409, "prior_auth.stale_version")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"provider_id": str(CLINIC)}, "prior_auth.not_for_providers"),
        ({"channel": "whatsapp"}, "prior_auth.not_for_providers"),
        ({"court_case": "0000001-02.2026.8.26.0100"}, "prior_auth.court_case_wrong"),
        ({"court_case": "0000001-68.2026.8.26.0100"}, "prior_auth.not_for_providers"),
        ({"regulator_complaint": "123"}, "prior_auth.not_for_providers"),
        ({"member_id": str(new_id())}, "prior_auth.member_not_confirmed"),
        ({"documents": [{"kind": "order", "document_id": str(new_id())}]}, "prior_auth.no_such_paper"),
    ],
)
async def test_a_clerk_asks_for_the_own_provider_and_confirmed_people_only(
    desks: Desks, changes: dict[str, Any], code: str
) -> None:
    refused = await desks.ask(**changes)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_a_paper_of_somebody_else_is_refused_also_later(desks: Desks, house: House) -> None:
    own = house.world.documents.put(subject=house.member)
    foreign = house.world.documents.put()
    assert (await desks.ask(documents=[{"kind": "order", "document_id": str(own)}])).status_code == 201
    request_id = (await desks.ask(key="key-0003", items=[{"tuss": "41101316"}])).json()["request_id"]
    content = {"documents": [{"kind": "report", "document_id": str(foreign)}]}
    refused = await desks.post("hospital", f"/authorizations/{request_id}/documents", content)
    assert (refused.status_code, refused.json()["code"]) == (422, "prior_auth.no_such_paper")


async def test_items_tell_what_they_need_before_anything_has_to_be_asked_for(desks: Desks) -> None:
    told = (await desks.get("hospital", "/desk/needs?tuss=41101316&tuss=99999999")).json()["items"]
    knee, unknown = told
    assert (knee["needs_side"], knee["documents"]) == (True, ["order"])
    assert {"fact": "conservative_care_weeks", "kind": "number", "label": "Semanas de tratamento conservador"} in knee[
        "questions"
    ]
    assert (unknown["known"], unknown["questions"]) == (False, [])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_lists_show_exactly_what_the_policy_allows(
    house: House, operator_id: OperatorId, data: st.DataObject
) -> None:
    """House rule 13: the SQL predicate of lists says the same as Cedar says of each."""
    others = [MemberId(new_id()) for _ in range(2)]
    for one in others:
        house.world.members.facts[one] = a_member(member_id=one)
    owners = st.sampled_from([house.member, *others])
    places = st.sampled_from([None, HOSPITAL, CLINIC])
    for owner, place in data.draw(st.lists(st.tuples(owners, places), min_size=1, max_size=3)):
        await house.service.request(house.system, str(new_id()), asked(owner, provider_id=place))
    for caller in (
        clerk(operator_id, HOSPITAL),
        Caller.member(operator_id, data.draw(owners)),
        staff(operator_id, "medical_auditor"),
    ):
        shown = {one.request_id for one in (await house.service.list(caller, RequestFilter())).items}
        async with house.platform.database.for_module("prior_auth").transaction(house.system) as tx:
            rows = await store.list_requests(tx, RequestFilter(), None, 500)
        allowed = {
            row.id
            for row in rows
            if house.platform.access.allows(
                caller,
                "authorization:read",
                owner=str(row.member_id),
                provider=str(row.provider_id) if row.provider_id else None,
            )
        }
        assert shown == allowed
