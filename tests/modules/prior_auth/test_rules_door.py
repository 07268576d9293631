"""Decision tables at the HTTP edge: drafted, checked, compared, put in force by a second person, ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.ids import PrincipalId
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity, Principal
from austa.modules.prior_auth.adapters.rules_files import seed_folder
from austa.modules.prior_auth.module import build_rules
from tests.conftest import staff
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.test_routes import Credentials, bearing

AUTHORITY = (seed_folder() / "authority.dmn").read_text()
TERMS = (seed_folder() / "legal-terms.dmn").read_text()
TERMS_EXAMPLES = (seed_folder() / "legal-terms.examples.json").read_text()
QUICKER = TERMS.replace("<text>3</text>", "<text>2</text>")
BASE = "/api/v1/rules"


@pytest_asyncio.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    handle_errors(app)
    identity = house.world.identity
    _, wired = build_rules(house.platform, identity=cast(Identity, identity))
    app.include_router(*wired.routes())
    operator_id = house.system.operator_id
    people: dict[str, Caller] = {
        "author": staff(operator_id, "medical_auditor"),
        "director": staff(operator_id, "technical_director"),
        "second director": staff(operator_id, "technical_director"),
        "analyst": staff(operator_id, "authorization_analyst"),
        "coordinator": staff(operator_id, "care_coordinator"),
        "member": Caller.member(operator_id, house.member),
    }
    identity.staff[PrincipalId(people["author"].principal_id)] = Principal(
        id=people["author"].principal_id,
        name=Personal("Ana Autora"),
        email=Personal("ana@example.com"),
        roles=frozenset({"medical_auditor"}),
        council=None,
        active=True,
    )
    app.state.authenticator = Credentials(people)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        yield client


async def draft(
    client: httpx2.AsyncClient,
    xml: str,
    examples: str | None = None,
    who: str = "author",
    rule_set: str = "legal-terms",
) -> dict[str, Any]:
    body = {"xml": xml, "examples": examples, "note": "Laboratório em dois dias."}
    key = f"key-{hash((xml, examples, who))}"
    made = await client.post(f"{BASE}/{rule_set}/versions", json=body, headers=bearing(who, key))
    assert made.status_code == 201, made.text
    return cast(dict[str, Any], made.json())


async def do(client: httpx2.AsyncClient, version: dict[str, Any], step: str, who: str, **body: Any) -> httpx2.Response:
    return await client.post(f"{BASE}/versions/{version['id']}/{step}", json=body, headers=bearing(who))


async def get(client: httpx2.AsyncClient, path: str, who: str = "analyst") -> Any:
    found = await client.get(f"{BASE}{path}", headers=bearing(who))
    assert found.status_code == 200, found.text
    return found.json()


async def test_the_seed_is_in_force_from_the_first_look(client: httpx2.AsyncClient) -> None:
    sets = {each["name"]: each for each in (await get(client, ""))["items"]}
    assert {"authority", "legal-terms"} <= set(sets)
    first = sets["legal-terms"]["in_force"]
    assert (first["number"], first["status"], first["author"]) == (1, "active", "austa")
    xml = await client.get(f"{BASE}/versions/{first['id']}/xml", headers=bearing("analyst"))
    assert xml.text == TERMS
    assert await get(client, f"/versions/{first['id']}/examples") == json.loads(TERMS_EXAMPLES)


async def test_a_version_becomes_law_by_two_people_and_the_old_one_returns_when_it_ends(
    client: httpx2.AsyncClient, house: House
) -> None:
    made = await draft(client, QUICKER)
    assert (made["number"], made["status"], made["author_name"]) == (2, "draft", "Ana Autora")
    assert (await do(client, made, "activate", "director")).json()["code"] == "prior_auth.version_not_ready"
    assert (await do(client, made, "propose", "author", note="Pode conferir?")).json()["status"] == "proposed"
    active = (await do(client, made, "activate", "director")).json()
    assert [step["step"] for step in active["steps"]] == ["propose", "activate"]
    now = house.platform.clock.now().isoformat()
    assert (await get(client, f"/legal-terms/in-force?at={now.replace('+00:00', 'Z')}"))["version"]["id"] == made["id"]
    assert [each["status"] for each in (await get(client, "/legal-terms/versions"))["items"]] == [
        "active",
        "superseded",
    ]
    cast(SetClock, house.platform.clock).advance(timedelta(hours=1))
    ended = await do(client, made, "expire", "director", note="Voltar.")
    assert ended.json()["status"] == "expired"
    assert [each["status"] for each in (await get(client, "/legal-terms/versions"))["items"]] == ["expired", "active"]


async def test_nobody_puts_their_own_tables_in_force(client: httpx2.AsyncClient) -> None:
    made = await draft(client, QUICKER, who="director")
    await do(client, made, "propose", "author")
    refused = await do(client, made, "activate", "director")
    assert (refused.status_code, refused.json()["code"]) == (403, "prior_auth.own_rules")
    assert (await do(client, made, "activate", "second director")).status_code == 200


@pytest.mark.parametrize(
    ("who", "step"), [("author", "activate"), ("author", "expire"), ("analyst", "propose"), ("member", "propose")]
)
async def test_a_step_needs_its_power(client: httpx2.AsyncClient, who: str, step: str) -> None:
    made = await draft(client, QUICKER)
    refused = await do(client, made, step, who)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.denied")


async def test_who_has_nothing_to_do_with_requests_reads_no_rules(client: httpx2.AsyncClient) -> None:
    for who in ("member", "coordinator"):
        assert (await client.get(BASE, headers=bearing(who))).status_code == 403


@pytest.mark.parametrize(
    ("rule_set", "xml", "told"),
    [
        (
            "legal-terms",
            TERMS.replace("<text>3</text>", "<text>30</text>").replace("<text>5</text>", "<text>30</text>"),
            "no máximo",
        ),
        ("legal-terms", AUTHORITY, "Prazo"),
        (
            "authority",
            AUTHORITY.replace("&quot;no&quot;</text>", "&quot;yes&quot;</text>"),
            "deny, papel system: no máximo no",
        ),
        (
            "authority",
            AUTHORITY.replace(
                "&quot;propose&quot;, &quot;no&quot;", "&quot;propose&quot;, &quot;no&quot;, &quot;refuse&quot;"
            ).replace("<text>&quot;propose&quot;</text>", "<text>&quot;refuse&quot;</text>"),
            "um de no, propose, yes",
        ),
    ],
    ids=["a longer term", "another set", "more power", "a result nobody knows"],
)
async def test_tables_that_go_further_than_the_law_cannot_be_proposed(
    client: httpx2.AsyncClient, rule_set: str, xml: str, told: str
) -> None:
    made = await draft(client, xml, rule_set=rule_set)
    report = await get(client, f"/versions/{made['id']}/report")
    assert not report["sound"]
    assert told in " ".join(report["misfits"])
    refused = await do(client, made, "propose", "author")
    assert refused.json()["code"] == "prior_auth.rules_unsound"


async def test_a_check_tells_faults_by_place_and_runs_the_examples(client: httpx2.AsyncClient) -> None:
    body = {"xml": TERMS.replace("<text>3</text>", "<text>três</text>"), "examples": TERMS_EXAMPLES}
    report = (await client.post(f"{BASE}/legal-terms/check", json=body, headers=bearing("author"))).json()
    assert {(fault["decision"], fault["rule"], fault["text"]) for fault in report["faults"]} == {
        ("Para atender", 6, "três")
    }
    body = {"xml": QUICKER, "examples": TERMS_EXAMPLES}
    report = (await client.post(f"{BASE}/legal-terms/check", json=body, headers=bearing("author"))).json()
    assert [failed["name"] for failed in report["failed_examples"]] == ["Prazo: lab", "Para atender: lab"]


async def test_the_difference_is_told_rule_by_rule(client: httpx2.AsyncClient) -> None:
    made = await draft(client, QUICKER)
    told = await get(client, f"/versions/{made['id']}/difference")
    assert told["before"]["number"] == 1
    (table,) = told["tables"]
    assert (table["decision"], table["kind"], table["head"]) == ("Para atender", "changed", [])
    (row,) = table["rows"]
    assert (row["kind"], row["before"], row["after"]) == ("changed", 6, 6)
    assert row["cells"] == [{"column": "Dias", "before": "3", "after": "2"}]


async def test_a_question_is_answered_with_its_reasons(client: httpx2.AsyncClient) -> None:
    asked = {"xml": QUICKER, "decision": "Prazo", "inputs": {"Classe": "lab"}}
    told = (await client.post(f"{BASE}/ask", json=asked, headers=bearing("analyst"))).json()
    assert (told["decided"], told["result"]["Dias"]) == (True, 2)
    assert "“Prazo”" in told["sentences"][-1]
    wrong = await client.post(f"{BASE}/ask", json={**asked, "inputs": {"Cor": 1}}, headers=bearing("analyst"))
    assert wrong.json()["code"] == "prior_auth.inputs_wrong"


async def test_the_same_content_again_is_the_same_version_while_it_waits(client: httpx2.AsyncClient) -> None:
    body = {"xml": QUICKER, "note": "Laboratório em dois dias."}
    first = await draft(client, QUICKER)
    await do(client, first, "propose", "author")
    again = await client.post(f"{BASE}/legal-terms/versions", json=body, headers=bearing("author", "key-again"))
    assert again.json()["id"] == first["id"]
    await do(client, first, "expire", "director")
    later = await client.post(f"{BASE}/legal-terms/versions", json=body, headers=bearing("author", "key-later"))
    assert later.json()["number"] == first["number"] + 1


async def test_what_is_no_model_is_not_kept(client: httpx2.AsyncClient) -> None:
    body = {"xml": "<definitions/>"}
    refused = await client.post(f"{BASE}/legal-terms/versions", json=body, headers=bearing("author", "key-none"))
    assert (refused.status_code, refused.json()["code"]) == (422, "prior_auth.rules_refused")


async def test_two_who_press_at_once_put_it_in_force_once(client: httpx2.AsyncClient) -> None:
    made = await draft(client, QUICKER)
    await do(client, made, "propose", "author")
    answers = await asyncio.gather(*(do(client, made, "activate", who) for who in ("director", "second director")))
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_versions_and_steps_never_change(client: httpx2.AsyncClient, house: House) -> None:
    await draft(client, QUICKER)
    for table in ("rule_version", "rule_step"):
        with pytest.raises(sa.exc.DBAPIError, match="never change"):
            async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
                await connection.execute(sa.text(f"update prior_auth.{table} set note = 'x'"))
