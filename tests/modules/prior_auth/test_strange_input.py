"""Whatever comes to a door of `prior_auth` is answered with what is asked or with a problem, never with a fault."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any, cast, get_args
from urllib.parse import quote

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from austa.infra.http import handle_errors
from austa.kernel.actors import CLERK, Caller, Role
from austa.kernel.ids import ProviderId, new_id
from austa.modules.prior_auth.module import (
    build_coverage,
    build_desk,
    build_eligibility,
    build_letters,
    build_receipts,
    build_reviews,
    build_rules,
)
from austa.modules.prior_auth.routes.access import access_router
from austa.modules.prior_auth.routes.lifecycle import lifecycle_router
from austa.modules.prior_auth.routes.requests import router
from austa.modules.prior_auth.service.access import AccessService
from austa.modules.prior_auth.service.lifecycles import LifecycleService
from austa.modules.prior_auth.service.vault import Vault
from tests.conftest import clerk
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.strange import ABSURD, Schema, strange_body
from tests.modules.prior_auth.test_routes import Credentials, bearing

HOSPITAL = ProviderId(new_id())
ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != CLERK)
FAULT = 500
quiet = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@dataclass
class Doors:
    """Every door of the module, its document, and ids that exist."""

    http: httpx2.AsyncClient
    document: Schema
    known: dict[str, str]

    async def knock(self, dice: Random) -> tuple[str, httpx2.Response]:
        """One operation by somebody, with a strange body, strange ids and strange filters."""
        path, method = dice.choice(
            [(path, method) for path, operations in self.document["paths"].items() for method in operations]
        )
        operation = self.document["paths"][path][method]
        address, query = path, {}
        for one in operation.get("parameters", ()):
            odd = str(dice.choice(ABSURD))[:500]
            if one["in"] == "path":
                known = self.known.get(one["name"], str(new_id()))
                value = known if dice.random() < 0.8 else quote(odd, safe="", errors="replace")
                address = address.replace(f"{{{one['name']}}}", value or "x")
            elif one["in"] == "query" and dice.random() < 0.3:
                query[one["name"]] = odd.replace("\ud800", "x")
        headers = bearing(dice.choice(("staff", "member", "clerk")), f"key-{new_id()}")
        content = operation.get("requestBody", {}).get("content", {})
        raw = b""
        if "application/json" in content:
            raw = strange_body(content["application/json"]["schema"], self.document, dice)
            headers["content-type"] = "application/json"
        answer = await self.http.request(method.upper(), address, params=query, content=raw, headers=headers)
        return f"{method} {address} {query} {raw[:600]!r}", answer


@pytest_asyncio.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    platform, world = house.platform, cast(Any, house.world)
    privacy = cast(Any, FakePrivacy())
    app = FastAPI()
    handle_errors(app)
    who = {"members": world.members, "privacy": privacy}
    guarantee = AccessService(
        platform.database.for_module("prior_auth"), access=platform.access, vault=Vault(platform.keys), **who
    )
    wired = (
        build_receipts(platform, **who),
        build_letters(platform, house.service, identity=world.identity, **who),
        build_desk(platform, house.service, members=world.members, terminology=world.terminology),
        build_reviews(platform, house.service, privacy=privacy),
        build_rules(platform, identity=world.identity),
        build_coverage(platform, terminology=world.terminology),
        build_eligibility(
            platform, providers=world.providers, terminology=world.terminology, identity=world.identity, **who
        ),
    )
    routers = [route for _, one in wired for route in one.routes()]
    routers += [
        router(house.service, platform.idempotency),
        lifecycle_router(LifecycleService(house.service)),
        access_router(guarantee, platform.idempotency),
    ]
    for one in routers:
        app.include_router(one)
    operator_id = house.system.operator_id
    person = world.identity.hire(*ROLES)
    app.state.authenticator = Credentials(
        {
            "staff": Caller(operator_id=operator_id, kind="staff", id=str(person), roles=frozenset(ROLES)),
            "member": Caller.member(operator_id, house.member),
            "clerk": clerk(operator_id, HOSPITAL),
        }
    )
    world.members.confirmations.add((HOSPITAL, house.member))
    request = await house.see(await house.ask())
    known = {"request_id": str(request.request_id), "decision_id": str(request.decisions[0].decision_id)}
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://austa") as http:
        yield Doors(http, app.openapi(), known)


async def no_fault(doors: Doors, dice: Random) -> None:
    asked, answer = await doors.knock(dice)
    assert answer.status_code < FAULT, (asked, answer.text[:300])
    if answer.status_code >= httpx2.codes.BAD_REQUEST:
        assert "." in answer.json()["code"], asked


@settings(quiet, max_examples=60)
@given(dice=st.randoms(use_true_random=False))
async def test_no_strange_input_makes_a_fault(doors: Doors, dice: Random) -> None:
    await no_fault(doors, dice)


@pytest.mark.slow
@settings(quiet, max_examples=5_000)
@given(dice=st.randoms(use_true_random=False))
async def test_no_strange_input_makes_a_fault_thousands_of_times(doors: Doors, dice: Random) -> None:
    await no_fault(doors, dice)
