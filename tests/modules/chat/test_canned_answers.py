"""Canned answers, and the staff's routes as the web app calls them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from austa.infra.http import current_caller, handle_errors
from austa.kernel.actors import Caller
from austa.kernel.ids import new_id
from austa.modules.chat.routes.canned_answers import router as canned_answer_router
from austa.modules.chat.routes.duty import router as duty_router
from austa.modules.chat.routes.hand_overs import router as hand_over_router
from austa.modules.chat.service.canned_answers import CannedAnswerService
from tests.modules.chat.conftest import Line

KEY = {"idempotency-key": "one-press-1"}


class Desk:
    """Somebody of the staff at the web app."""

    def __init__(self, line: Line, client: httpx2.AsyncClient) -> None:
        self.line = line
        self.client = client
        self.caller: Caller = line.identity.put(line.operator_id, "Rui Prado", "care_coordinator")

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        return await self.client.request(method, f"/api/v1{path}", json=body, headers={**KEY, **headers})


@pytest_asyncio.fixture
async def desk(line: Line) -> AsyncIterator[Desk]:
    app = FastAPI()
    handle_errors(app)
    answers = CannedAnswerService(line.platform.database.for_module("chat"), line.platform.access)
    app.include_router(canned_answer_router(answers))
    app.include_router(duty_router(line.chat.duty))
    app.include_router(hand_over_router(line.chat.hand_overs, line.platform.idempotency))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        desk = Desk(line, client)
        app.dependency_overrides[current_caller] = lambda: desk.caller
        yield desk


async def test_an_answer_is_made_changed_and_ended(desk: Desk) -> None:
    place = f"/canned-answers/{new_id()}"
    text = "Olá, {nome}. Aqui é {atendente}. Seu protocolo é {protocolo}."
    assert (await desk.ask("PUT", place, {"title": "Saudação", "text": text})).status_code == 200
    await desk.ask("PUT", place, {"title": "Boas-vindas", "text": text})
    (kept,) = (await desk.ask("GET", "/canned-answers")).json()["items"]
    assert (kept["title"], kept["text"]) == ("Boas-vindas", text)
    assert (await desk.ask("DELETE", place)).status_code == 204
    assert (await desk.ask("GET", "/canned-answers")).json()["items"] == []


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("", "Olá.", "chat.title_refused"),
        ("Saudação", " ", "chat.text_refused"),
        ("Saudação", "Olá, {cpf}.", "chat.placeholder_unknown"),
        ("Saudação", "Olá, {nome.", "chat.placeholder_unknown"),
    ],
)
async def test_a_wrong_one_is_refused(desk: Desk, title: str, text: str, code: str) -> None:
    answer = await desk.ask("PUT", f"/canned-answers/{new_id()}", {"title": title, "text": text})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_nurse_uses_them_and_does_not_change_them(desk: Desk) -> None:
    desk.caller = desk.line.identity.put(desk.line.operator_id, "Ana Luz", "nurse_auditor")
    assert (await desk.ask("GET", "/canned-answers")).status_code == 200
    answer = await desk.ask("PUT", f"/canned-answers/{new_id()}", {"title": "Oi", "text": "Oi."})
    assert answer.status_code == 403


async def test_a_conversation_is_taken_noted_and_given_back_over_http(desk: Desk) -> None:
    await desk.line.says("quero falar com atendente")
    (line,) = (await desk.ask("GET", "/hand-overs?view=unassigned")).json()["items"]
    place = f"/hand-overs/{line['conversation_id']}"
    taken = await desk.ask("PUT", f"{place}/holder", {"to": desk.caller.id, "expected": None})
    assert taken.json()["line"]["holder"] == {"id": desk.caller.id, "name": "Rui Prado"}
    stale = await desk.ask("PUT", f"{place}/holder", {"to": desk.caller.id, "expected": None})
    assert (stale.status_code, stale.json()["details"]["holder"]) == (409, desk.caller.id)
    assert (await desk.ask("POST", f"{place}/notes", {"text": "Ligar às 15 h."})).status_code == 201
    assert (await desk.ask("PUT", f"{place}/presence", {"is_typing": True})).json()["items"] == []
    assert len((await desk.ask("GET", f"{place}/messages")).json()["items"]) > 1
    found = await desk.ask("POST", "/hand-overs/search", {"words": "900100000000011"})
    assert found.json()["items"] == []
    given = await desk.ask("POST", f"{place}/give-back")
    assert given.json()["line"]["state"] == "closed"


async def test_the_roster_goes_over_http(desk: Desk) -> None:
    empty = (await desk.ask("GET", "/duty-roster")).json()
    shift = {
        "post": "nurse",
        "person": desk.caller.id,
        "name": "Rui Prado",
        "weekday": 0,
        "starts": "07:00",
        "ends": "19:00",
    }
    asked = {"version": 0, "roster": {**empty["roster"], "shifts": [shift]}}
    saved = (await desk.ask("PUT", "/duty-roster", asked)).json()
    assert (saved["version"], saved["roster"]["shifts"][0]["starts"]) == (1, "07:00:00")
    assert (await desk.ask("PUT", "/duty-roster", asked)).status_code == 409
