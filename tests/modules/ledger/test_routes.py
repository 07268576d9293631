"""The ledger over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.errors import Unauthenticated
from austa.kernel.ids import OperatorId, new_id
from austa.modules.ledger.domain.note import parse_note
from austa.modules.ledger.domain.offline import verify_file
from austa.modules.ledger.routes import router
from tests.conftest import staff
from tests.modules.ledger.conftest import Log


class Doors:
    """Signs in by name."""

    def __init__(self, callers: dict[str, Caller]) -> None:
        self._callers = callers

    async def authenticate(self, credential: str) -> Caller:
        if credential not in self._callers:
            raise Unauthenticated("test.unknown", "unknown")
        return self._callers[credential]


@pytest_asyncio.fixture
async def http(log: Log) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    handle_errors(app)
    stranger = staff(OperatorId(new_id()), "medical_auditor")
    app.state.authenticator = Doors({"auditor": log.auditor, "stranger": stranger})
    app.include_router(router(log.ledger))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://austa.test", headers={"authorization": "Bearer auditor"}
    ) as client:
        yield client


async def test_a_proof_that_was_downloaded_verifies(log: Log, http: httpx2.AsyncClient) -> None:
    (decision,) = await log.seal_after(1)
    response = await http.get(f"/api/v1/ledger/proofs/{decision.decision_id}")
    assert response.status_code == 200
    key = (await http.get("/api/v1/ledger/checkpoint")).json()["public_key"]
    verdict = verify_file(response.content, key)
    assert verdict.ok, verdict.faults
    assert verdict.key_trusted


async def test_the_checkpoint_is_json_or_the_bare_note(log: Log, http: httpx2.AsyncClient) -> None:
    await log.seal_after(2)
    as_json = await http.get("/api/v1/ledger/checkpoint")
    as_note = await http.get("/api/v1/ledger/checkpoint", headers={"accept": "text/plain"})
    assert as_note.headers["content-type"] == "text/plain; charset=utf-8"
    assert as_json.json()["note"] == as_note.text
    assert parse_note(as_note.text).size == 2


async def test_consistency_between_two_checkpoints(log: Log, http: httpx2.AsyncClient) -> None:
    await log.seal_after(2, 3)
    response = await http.get("/api/v1/ledger/consistency", params={"first": 2, "second": 5})
    assert response.status_code == 200
    assert response.json()["second"]["size"] == 5
    assert (await http.get("/api/v1/ledger/consistency", params={"first": 1, "second": 5})).status_code == 404
    assert (await http.get("/api/v1/ledger/consistency", params={"first": 5, "second": 2})).status_code == 422


async def test_an_entry_that_is_not_sealed_yet_says_sequenced(log: Log, http: httpx2.AsyncClient) -> None:
    (decision,) = await log.decide()
    response = await http.get(f"/api/v1/ledger/proofs/{decision.decision_id}")
    assert response.status_code == 409
    problem = response.json()
    assert problem["code"] == "ledger.not_sealed"
    assert problem["details"] == {"state": "sequenced", "index": 0}


async def test_strangers_unknown_ids_and_the_unsigned_in(log: Log, http: httpx2.AsyncClient) -> None:
    (decision,) = await log.seal_after(1)
    proof = f"/api/v1/ledger/proofs/{decision.decision_id}"
    stranger = {"authorization": "Bearer stranger"}
    assert (await http.get(proof, headers=stranger)).status_code == 404
    assert (await http.get("/api/v1/ledger/checkpoint", headers=stranger)).status_code == 404
    assert (await http.get(f"/api/v1/ledger/proofs/{new_id()}")).status_code == 404
    assert (await http.get("/api/v1/ledger/proofs/nonsense")).status_code == 422
    assert (await http.get(proof, headers={"authorization": "Bearer nobody"})).status_code == 401
