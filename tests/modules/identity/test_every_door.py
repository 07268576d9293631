"""Every door that reads, tried by the clerk of a provider: what is the operator's stays shut, at new doors too."""

from typing import Any, get_args

import httpx2
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.infra.platform import Platform
from austa.kernel.actors import TIEBREAKER, Caller
from austa.kernel.ids import OperatorId, ProviderId, new_id
from austa.runtime.compose import House, compose_on
from tests.conftest import TODAY, clerk
from tests.modules.prior_auth.test_routes import Credentials, bearing

OPEN_TO_CLERKS = {
    "/api/v1/authorizations",
    "/api/v1/desk/needs",
    "/api/v1/desk/requests",
    "/api/v1/terminology/procedures",
}
"""Lists that show a clerk what is their provider's, and what codes mean."""
OPEN_TO_ALL = {"/api/v1/links/{token}"}
"""Says the same to everybody about every token."""
OF_THE_SESSION = {"/api/v1/auth/me"}


@pytest_asyncio.fixture
async def whole_house(platform: Platform) -> House:
    """Every module as it is wired."""
    return compose_on(platform)


def calls(app: FastAPI) -> dict[str, str]:
    """The address of every GET door, with what it needs filled in."""
    found = {}
    for path, methods in app.openapi()["paths"].items():
        needed = [one for one in methods.get("get", {}).get("parameters", ()) if one["required"]]
        address = path
        for one in needed:
            if one["in"] == "path":
                address = address.replace("{" + one["name"] + "}", _value(one["schema"]))
        query = "&".join(f"{one['name']}={_value(one['schema'])}" for one in needed if one["in"] == "query")
        if "get" in methods:
            found[path] = f"{address}?{query}"
    return found


def _value(schema: dict[str, Any]) -> str:
    if "const" in schema or "enum" in schema:
        return str(schema.get("const") or schema["enum"][0])
    if schema.get("format") == "uuid":
        return str(new_id())
    if schema.get("format") == "date":
        return f"{TODAY:%Y-%m-%d}"
    return str(schema.get("minimum", 1)) if schema.get("type") == "integer" else "40304361"


async def told(house: House, caller: Caller) -> dict[str, int]:
    """What every door that reads answers to that caller, but those that stay shut (401: of members, where
    nobody signed in)."""
    app = FastAPI()
    handle_errors(app)
    for router in house.routers():
        app.include_router(router)
    app.state.authenticator = Credentials({"caller": caller})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as http:
        statuses = {
            path: (await http.get(address, headers=bearing("caller"))).status_code
            for path, address in calls(app).items()
            if path not in OF_THE_SESSION
        }
    return {path: status for path, status in statuses.items() if status not in {401, 403, 404}}


async def test_no_door_that_reads_is_open_to_a_clerk_but_those_for_clerks(
    whole_house: House, operator_id: OperatorId
) -> None:
    open_doors = await told(whole_house, clerk(operator_id, ProviderId(new_id())))
    assert open_doors == dict.fromkeys(OPEN_TO_CLERKS | OPEN_TO_ALL, 200)


async def test_none_is_open_to_a_tie_breaker_but_the_list_of_boards_that_wait_for_them(
    whole_house: House, operator_id: OperatorId
) -> None:
    roles = frozenset({TIEBREAKER})
    caller = Caller(operator_id=operator_id, kind="tiebreaker", id=str(new_id()), roles=roles)
    assert await told(whole_house, caller) == dict.fromkeys({"/api/v1/tiebreaks"} | OPEN_TO_ALL, 200)


def test_every_kind_of_caller_is_known_here() -> None:
    """A new kind must be tried at every door as well."""
    assert set(get_args(Caller.model_fields["kind"].annotation)) == {"staff", "clerk", "tiebreaker", "member", "system"}
