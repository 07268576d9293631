"""The HTTP edge, as the Cockpit speaks to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Unauthenticated
from austa.kernel.ids import OperatorId, new_id
from austa.modules.medical_audit.api.cases import CaseLine
from austa.modules.medical_audit.domain.release import UNDO
from austa.modules.medical_audit.routes import router
from tests.conftest import staff
from tests.modules.medical_audit.conftest import Desk, a_denial


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
    app.include_router(router(desk.audit, platform.idempotency))
    app.state.authenticator = Credentials(
        {
            "physician": desk.physician,
            "director": desk.director,
            "nurse": desk.nurse,
            "analyst": desk.analyst,
            "administrator": desk.person("Rita", "administrator"),
            "stranger": staff(OperatorId(new_id()), "technical_director"),
        }
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa", headers=signed("physician")) as client:
        yield client


@pytest_asyncio.fixture
async def line(desk: Desk) -> CaseLine:
    return await desk.route()


def signed(who: str, key: str | None = None) -> dict[str, str]:
    return {"authorization": f"Bearer {who}"} | ({"idempotency-key": key} if key else {})


def a_body(line: CaseLine, **changes: Any) -> dict[str, Any]:
    """A decision as the Cockpit sends it."""
    body: dict[str, Any] = {
        "case_id": str(line.id),
        "outcome": "approve",
        "ground": None,
        "text_to_member": "Seu pedido foi autorizado.",
        "reason_codes": [],
        "legal_basis": None,
        "items": [],
        "missing": [],
        "version": line.version,
    }
    return {**body, **changes}


OPINION = {"kind": "favourable", "text": "A indicação se sustenta.", "evidence": []}


def contact_at(at: str) -> dict[str, Any]:
    return {"with_whom": "requester", "channel": "phone", "at": at, "summary": "Falamos da indicação.", "agreed": True}


def assert_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert response.headers["content-type"] == "application/problem+json"
    return problem


class TestForwarding:
    async def test_a_nurse_hands_on_once_a_key(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        line = await desk.route(desk.request(state="IN_NURSE_REVIEW"), queue="nurse")
        address, body = f"/api/v1/cases/{line.id}/forward", {"reason": "Cabe a um médico.", "version": line.version}
        first = await client.post(address, json=body, headers=signed("nurse", "forward-1"))
        again = await client.post(address, json=body, headers=signed("nurse", "forward-1"))
        assert (first.status_code, first.json()["queue"]) == (200, "medical")
        assert again.json() == first.json()

    async def test_an_analyst_may_not(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        line = await desk.route(desk.request(state="IN_NURSE_REVIEW"), queue="nurse")
        body = {"reason": "Cabe a um médico.", "version": line.version}
        answer = await client.post(
            f"/api/v1/cases/{line.id}/forward", json=body, headers=signed("analyst", "forward-1")
        )
        assert_problem(answer, 403, "access.denied")


class TestReading:
    async def test_the_queue_has_what_a_line_shows(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        response = await client.get("/api/v1/cases")
        assert response.status_code == 200
        (item,) = response.json()["items"]
        assert response.json()["next_cursor"] is None
        assert item["id"] == str(line.id)
        assert item["member"] == {"id": str(line.member.id), "initials": "S. L. D.", "card_end": "4104"}
        assert item["route_reasons"] == [
            {
                "code": "BAI01",
                "label": "fora do baixo risco",
                "text": "Item fora da lista de baixo risco: um médico confere.",
            }
        ]
        assert item["last_event"].keys() == {"type", "at"}
        assert (item["urgency"], item["business_days_left"], item["assigned_to"]) == ("GREEN", 8, None)

    async def test_filters_and_pages_lie_in_the_address(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        for _ in range(3):
            await desk.route()
        first = (await client.get("/api/v1/cases", params={"limit": 2, "urgency": "GREEN", "view": "all"})).json()
        rest = (await client.get("/api/v1/cases", params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
        by_number = await client.get("/api/v1/cases", params={"q": "2026-000002", "assigned": "none"})
        assert [item["number"] for item in by_number.json()["items"]] == ["2026-000002"]

    async def test_counts_have_every_view(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        counts = (await client.get("/api/v1/cases/counts")).json()
        assert counts == {"all": 1, "urgent": 0, "mine": 0, "due_today": 0, "manual": 0, "closed": 0}

    async def test_a_case_shows_personal_data_to_who_may_see_it(
        self, client: httpx2.AsyncClient, line: CaseLine
    ) -> None:
        response = await client.get(f"/api/v1/cases/{line.id}")
        view = response.json()
        assert response.headers["cache-control"] == "no-store"
        assert view["member"]["name"] == "Severino Lopes Damasceno"
        assert view["request"]["cids"] == ["M23.2"]
        assert view["request"]["requester"]["name"] == "Paulo Teixeira"
        assert view.keys() == {
            "case",
            "request",
            "member",
            "provider",
            "opinions",
            "contacts",
            "release",
            "ending",
            "timeline",
            "groundwork",
            "allowed_actions",
        }

    async def test_reason_codes_in_force_come_first(self, client: httpx2.AsyncClient) -> None:
        items = (await client.get("/api/v1/reason-codes")).json()["items"]
        known = {item["code"]: item for item in items}
        assert known["3288"]["in_force"]
        assert known["3288"]["text"].startswith("Procedimento não atende a Diretriz de Utilização (DUT)")
        assert (known["1438"]["in_force"], known["1438"]["valid_until"]) == (False, "2026-06-30")
        standing = [item["in_force"] for item in items]
        assert standing == sorted(standing, reverse=True)


class TestActing:
    async def test_take_a_case(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        address = f"/api/v1/cases/{line.id}/assign"
        taken = await client.post(address, json={"to": "me", "version": line.version})
        assert taken.json()["assigned_to"]["name"] == "Helena Prado"
        assert_problem(
            await client.post(address, json={"to": None, "version": line.version}), 409, "medical_audit.stale_version"
        )

    async def test_document_a_contact_once(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        address = f"/api/v1/cases/{line.id}/contacts"
        body = contact_at("2026-11-21T11:30:00-03:00")
        first, again = [
            await client.post(address, json=body, headers=signed("physician", "contact-1")) for _ in range(2)
        ]
        assert (first.status_code, first.json()["summary"]) == (201, "Falamos da indicação.")
        assert again.json() == first.json()
        assert len((await client.get(f"/api/v1/cases/{line.id}")).json()["contacts"]) == 1

    async def test_write_an_opinion_and_release_a_decision(
        self, client: httpx2.AsyncClient, desk: Desk, line: CaseLine
    ) -> None:
        written = await client.post(
            f"/api/v1/cases/{line.id}/opinion", json=OPINION, headers=signed("physician", "opinion-1")
        )
        assert (written.status_code, written.json()["council"]) == (201, "CRM-SP 104233")
        version = (await client.get(f"/api/v1/cases/{line.id}")).json()["case"]["version"]
        released = await client.post(
            "/api/v1/decisions", json=a_body(line, version=version), headers=signed("physician", "decision-1")
        )
        assert (released.status_code, released.json()["state"]) == (202, "releasing")
        desk.clock.advance(UNDO)
        await desk.work()
        await desk.seal()
        release = (await client.get(f"/api/v1/cases/{line.id}")).json()["release"]
        assert (release["id"], release["state"]) == (released.json()["id"], "sealed")
        assert release.keys() == {
            "id",
            "outcome",
            "ground",
            "text_to_member",
            "reason_codes",
            "legal_basis",
            "missing",
            "released_by",
            "released_at",
            "state",
            "undo_seconds",
            "refusal",
            "lacking",
        }

    async def test_undo_a_release(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        released = await client.post("/api/v1/decisions", json=a_body(line), headers=signed("physician", "decision-1"))
        address = f"/api/v1/decisions/{released.json()['id']}/undo"
        shown = (await client.get(f"/api/v1/cases/{line.id}")).json()
        assert "release:undo" in shown["allowed_actions"]
        by_another = await client.post(address, headers=signed("director"))
        assert_problem(by_another, 403, "medical_audit.not_your_release")
        undone = await client.post(address, headers=signed("physician"))
        assert (undone.status_code, undone.json()["state"]) == (200, "undone")


class TestRefusing:
    async def test_nobody_signed_in(self, client: httpx2.AsyncClient) -> None:
        assert (await client.get("/api/v1/cases", headers=signed("nobody"))).status_code == 401

    async def test_a_role_without_a_part_in_audit(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        for address in ("/api/v1/cases", "/api/v1/cases/counts", f"/api/v1/cases/{line.id}", "/api/v1/reason-codes"):
            assert_problem(await client.get(address, headers=signed("administrator")), 403, "access.denied")

    async def test_another_operators_case(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        case = f"/api/v1/cases/{line.id}"
        code = "medical_audit.no_such_case"
        assert_problem(await client.get(case, headers=signed("stranger")), 404, code)
        assert_problem(
            await client.post(f"{case}/opinion", json=OPINION, headers=signed("stranger", "opinion-1")), 404, code
        )
        assert_problem(
            await client.post("/api/v1/decisions", json=a_body(line), headers=signed("stranger", "decision-1")),
            404,
            code,
        )

    async def test_a_power_one_does_not_have(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        denial = a_body(line, **{**a_denial(), "reason_codes": ["3288"]})
        answer = await client.post("/api/v1/decisions", json=denial, headers=signed("physician", "decision-1"))
        assert_problem(answer, 403, "access.denied")

    async def test_a_decision_that_lacks_its_ground(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        denial = a_body(line, **{**a_denial(), "reason_codes": ["3288"]})
        answer = await client.post("/api/v1/decisions", json=denial, headers=signed("director", "decision-1"))
        problem = assert_problem(answer, 422, "medical_audit.decision_incomplete")
        assert problem["details"] == {"lacking": ["opinion", "requester_contact", "evidence"]}

    async def test_a_second_decision_at_the_same_time(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        await client.post("/api/v1/decisions", json=a_body(line), headers=signed("physician", "decision-1"))
        version = (await client.get(f"/api/v1/cases/{line.id}")).json()["case"]["version"]
        second = a_body(line, version=version)
        answer = await client.post("/api/v1/decisions", json=second, headers=signed("director", "decision-2"))
        assert_problem(answer, 409, "medical_audit.release_under_way")

    async def test_the_same_key_with_another_body(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        await client.post("/api/v1/decisions", json=a_body(line), headers=signed("physician", "decision-1"))
        other = a_body(line, text_to_member="Outro texto.")
        answer = await client.post("/api/v1/decisions", json=other, headers=signed("physician", "decision-1"))
        assert_problem(answer, 422, "http.idempotency_mismatch")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"kind": "maybe", "text": "x", "evidence": []}, "kind"),
            ({"kind": "favourable", "text": "  ", "evidence": []}, "text"),
            ({"kind": "favourable", "text": "x", "evidence": [{"document_id": "x", "page": 0}]}, "evidence"),
            ({"kind": "favourable", "text": "x", "signature": "y"}, "signature"),
        ],
    )
    async def test_fields_that_are_wrong_are_named(
        self, client: httpx2.AsyncClient, line: CaseLine, body: dict[str, Any], field: str
    ) -> None:
        answer = await client.post(
            f"/api/v1/cases/{line.id}/opinion", json=body, headers=signed("physician", "opinion-1")
        )
        problem = assert_problem(answer, 422, "http.invalid_fields")
        assert problem["errors"][0]["field"].startswith(field)

    async def test_what_must_have_a_key_has_one(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        for address, body in (("/api/v1/decisions", a_body(line)), (f"/api/v1/cases/{line.id}/opinion", OPINION)):
            problem = assert_problem(await client.post(address, json=body), 422, "http.invalid_fields")
            assert problem["errors"][0]["field"] == "header.Idempotency-Key"

    async def test_addresses_and_bodies_that_are_none(self, client: httpx2.AsyncClient, line: CaseLine) -> None:
        assert_problem(await client.get("/api/v1/cases/nonsense"), 422, "http.invalid_fields")
        assert_problem(await client.get("/api/v1/cases", params={"cursor": "nonsense"}), 422, "pages.cursor")
        assert_problem(await client.get("/api/v1/cases", params={"view": "nonsense"}), 422, "http.invalid_fields")
        headers = {**signed("physician", "decision-1"), "content-type": "application/json"}
        malformed = await client.post("/api/v1/decisions", content=b"{", headers=headers)
        assert_problem(malformed, 400, "http.malformed_json")


async def test_the_openapi_document_describes_the_bodies(client: httpx2.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    body = paths["/api/v1/decisions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/DecisionAsked"}
