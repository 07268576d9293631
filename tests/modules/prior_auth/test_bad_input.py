"""What is impossible is refused with a code; what is only unlikely is taken, and a person looks. Nothing is guessed."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from austa.kernel.ids import RequestId
from tests.conftest import TODAY
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.test_routes import bearing, body, client, create

__all__ = ["client"]

LONG_AGO = (TODAY - timedelta(days=400)).isoformat()
MINUS = {"centavos": -5}
TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked_at": TOMORROW}, "prior_auth.asked_in_future"),
        ({"asked_at": LONG_AGO}, "prior_auth.asked_long_ago"),
        ({"items": [{"tuss": "40304361", "scheduled_at": "2031-01-01T10:00:00Z"}]}, "prior_auth.date_impossible"),
        ({"items": [{"tuss": "40304361", "scheduled_at": "1931-01-01T10:00:00Z"}]}, "prior_auth.date_impossible"),
        ({"items": [{"tuss": "40304361", "amount": {"centavos": -1}}]}, "prior_auth.amount_wrong"),
        ({"items": [{"tuss": "40304361", "amount": {"centavos": 10**12}}]}, "prior_auth.amount_wrong"),
        (
            {"materials": [{"description": "x", "quantity": 1, "unit_price": {"centavos": -5}}]},
            "prior_auth.amount_wrong",
        ),
        ({"cids": ["gripe"]}, "prior_auth.cid_wrong"),
        ({"court_case": "0000001-02.2026.8.26.0100"}, "prior_auth.court_case_wrong"),
        ({"kind": "reimbursement"}, "prior_auth.refund_missing"),
        ({"items": []}, "http.invalid_fields"),
        ({"items": [{"tuss": "4030436"}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": 0}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": 10**6}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "quantity": 1.5}]}, "http.invalid_fields"),
        ({"items": [{"tuss": "40304361", "amount": {"centavos": "1e400"}}]}, "http.invalid_fields"),
        ({"requester": {"name": "R", "council": "CRM", "uf": "XXX", "number": "1"}}, "http.invalid_fields"),
        ({"asked_at": "2026-02-30T10:00:00Z"}, "http.invalid_fields"),
        ({"asked_at": "2026-11-21T10:00:00"}, "http.invalid_fields"),
        ({"surprise": 1}, "http.invalid_fields"),
    ],
)
async def test_the_impossible_is_refused_with_a_code(
    client: httpx2.AsyncClient, house: House, changes: dict[str, Any], code: str
) -> None:
    refused = await create(client, house, **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await client.get("/api/v1/authorizations", headers=bearing("analyst"))).json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"items": [{"tuss": "99999999"}]}, "COD01"),
        ({"items": [{"tuss": "40304361", "quantity": 999}]}, ""),
        ({"items": [{"tuss": "40304361", "amount": {"centavos": 10**11}}]}, ""),
    ],
)
async def test_the_unlikely_goes_to_a_person(
    client: httpx2.AsyncClient, house: House, changes: dict[str, Any], rule: str
) -> None:
    taken = (await create(client, house, **changes)).json()
    await house.settle()
    seen = await house.see(RequestId(taken["request_id"]))
    assert seen.state in {"IN_MEDICAL_AUDIT", "IN_NURSE_REVIEW", "ADMIN_REVIEW"}
    assert [one for one in seen.rules if one.effect == "route" and one.id.startswith(rule)]


async def test_the_same_request_again_under_another_key_is_taken_and_flagged(
    client: httpx2.AsyncClient, house: House
) -> None:
    await create(client, house)
    again = (await create(client, house, key="key-0002")).json()
    await house.settle()
    assert (await house.see(RequestId(again["request_id"]))).queue == "medical"


def many(house: House, *changes: dict[str, Any]) -> dict[str, Any]:
    return {"requests": [{**body(house), **one} for one in changes]}


async def test_each_line_of_many_has_its_own_result(client: httpx2.AsyncClient, house: House) -> None:
    asked = many(house, {}, {"items": [{"tuss": "segredo"}]}, {"cids": ["gripe"]}, {"items": [{"tuss": "40316521"}]})
    told = await client.post("/api/v1/authorizations/bulk", json=asked, headers=bearing("analyst", "many-001"))
    assert told.status_code == 200
    answer = told.json()
    assert (answer["taken"], answer["refused"]) == (2, 2)
    first, wrong_field, wrong_cid, last = answer["results"]
    assert len({first["receipt"]["protocol"], last["receipt"]["protocol"]}) == 2
    assert (wrong_field["problem"]["code"], wrong_field["problem"]["errors"][0]["field"]) == (
        "http.invalid_fields",
        "items.0.tuss",
    )
    assert (wrong_cid["problem"]["code"], wrong_cid["problem"]["details"]) == (
        "prior_auth.cid_wrong",
        {"field": "cids.0"},
    )
    assert "segredo" not in told.text


async def test_many_sent_again_are_taken_once_even_after_a_crash(client: httpx2.AsyncClient, house: House) -> None:
    """A crash after the first line: its request is there, the stored answer is not."""
    analyst = (await create(client, house)).json()
    assert analyst["created"]
    asked = many(house, {}, {"items": [{"tuss": "40316521"}]})
    first = await client.post("/api/v1/authorizations/bulk", json=asked, headers=bearing("analyst", "many-001"))
    async with house.platform.database.begin("austa_http", house.system.operator_id) as connection:
        await connection.exec_driver_sql("delete from http.idempotency where key = 'many-001'")
    again = await client.post("/api/v1/authorizations/bulk", json=asked, headers=bearing("analyst", "many-001"))
    protocols = [[one["receipt"]["protocol"] for one in told.json()["results"]] for told in (first, again)]
    assert protocols[0] == protocols[1]
    assert not any(one["receipt"]["created"] for one in again.json()["results"])


@pytest.mark.parametrize("count", [0, 101, 1000])
async def test_many_are_one_to_a_hundred(client: httpx2.AsyncClient, house: House, count: int) -> None:
    headers = bearing("analyst", "many-001")
    refused = await client.post("/api/v1/authorizations/bulk", json=many(house, *[{}] * count), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "http.invalid_fields")


async def test_lists_are_filtered_and_a_filter_nobody_knows_is_refused(
    client: httpx2.AsyncClient, house: House
) -> None:
    first = (await create(client, house)).json()
    urgent = (await create(client, house, key="key-0002", character="urgent")).json()

    async def found(query: str) -> list[str]:
        page = await client.get(f"/api/v1/authorizations?{query}", headers=bearing("analyst"))
        return [one["protocol"] for one in page.json()["items"]]

    assert await found("character=urgent") == [urgent["protocol"]]
    assert await found(f"protocol={first['protocol']}") == [first["protocol"]]
    assert await found("received_before=2020-01-01T00:00:00Z") == []
    assert set(await found("state=RECEIVED&state=CLOSED&open_only=true")) == {urgent["protocol"], first["protocol"]}
    for wrong in ("stat=RECEIVED", "state=LOST", "cursor=nonsense", "protocol=1"):
        assert (await client.get(f"/api/v1/authorizations?{wrong}", headers=bearing("analyst"))).status_code == 422


async def test_the_short_forms_of_the_specification_are_the_same_doors(
    client: httpx2.AsyncClient, house: House
) -> None:
    taken = await client.post("/api/v1/auth/request", json=body(house), headers=bearing("analyst", "key-0001"))
    assert taken.status_code == 201
    await house.settle()
    request_id = taken.json()["request_id"]
    told = await client.get(f"/api/v1/auth/status/{request_id}", headers=bearing("analyst"))
    assert (told.json()["state"], told.json()["protocol"]) == ("ISSUED", taken.json()["protocol"])
