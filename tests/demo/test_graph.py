"""The stand-in answers, refuses and calls back as Meta's Graph API does."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.demo.conftest import APP_SECRET, ORIGIN, PHONE, TOKEN, Demo

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
TEXT = {"type": "text", "text": {"body": "Recebi sua mensagem."}}


def buttons(*titles: str) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"b{n}", "title": title}} for n, title in enumerate(titles)]
    body = {"type": "button", "body": {"text": "Você aceita?"}, "action": {"buttons": replies}}
    return {"type": "interactive", "interactive": body}


def statuses(demo: Demo) -> list[dict[str, Any]]:
    values = [json.loads(body)["entry"][0]["changes"][0]["value"] for body in demo.inbox.bodies]
    return [status for value in values for status in value.get("statuses", [])]


async def test_a_sent_text_is_answered_in_metas_shape(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")

    response = await demo.send(**TEXT)

    body = response.json()
    assert response.status_code == 200
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": PHONE, "wa_id": PHONE, "user_id": f"BR.9{PHONE}"}]
    assert body["messages"][0]["id"].startswith("wamid.")


async def test_a_message_to_a_bsuid_reaches_the_same_phone(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")

    response = await demo.send(to=None, recipient=f"BR.9{PHONE}", **TEXT)

    assert response.json()["contacts"] == [{"input": f"BR.9{PHONE}", "user_id": f"BR.9{PHONE}"}]
    assert demo.phone.transcript(PHONE)["messages"][-1]["text"] == "Recebi sua mensagem."


async def test_sent_delivered_and_read_come_back_signed_over_the_bytes(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    await demo.send(**TEXT)
    await demo.courier.deliver_due()
    demo.phone.transcript(PHONE)
    await demo.courier.deliver_due()

    assert [status["status"] for status in statuses(demo)] == ["sent", "delivered", "read"]
    for body, signature in zip(demo.inbox.bodies, demo.inbox.signatures, strict=True):
        assert signature == "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


async def test_a_wrong_token_is_refused_with_code_190(demo: Demo) -> None:
    response = await demo.http.post("/v23.0/900000000000101/messages", json={}, headers={})

    assert response.status_code == 401
    assert response.json()["error"]["code"] == 190
    assert {"message", "type", "code", "fbtrace_id"} <= response.json()["error"].keys()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text"}, 100),
        ({"type": "text", "text": {"body": "a" * 4097}}, 131009),
        ({"type": "text", "text": {"body": " "}}, 131008),
        (buttons("Sim", "Não", "Talvez", "Outra hora"), 131009),
        (buttons("Um título comprido demais"), 131009),
        (buttons("Sim", "Sim"), 131009),
        ({"type": "image", "image": {}}, 131008),
        ({"type": "image", "image": {"id": "1"}}, 100),
        ({"type": "template", "template": {"name": "nada", "language": {"code": "pt_BR"}}}, 132001),
        ({"type": "template", "template": {"name": "pedido_atualizado", "language": {"code": "pt_BR"}}}, 132000),
        ({"type": "hologram", "hologram": {}}, 100),
    ],
)
async def test_what_meta_refuses_is_refused_with_its_code(demo: Demo, body: dict[str, Any], code: int) -> None:
    response = await demo.send(**body)

    assert response.json()["error"]["code"] == code


async def test_a_template_shows_its_text_and_needs_no_open_window(demo: Demo) -> None:
    values = [{"type": "text", "text": "123"}, {"type": "text", "text": "https://austa.test/p/123"}]
    template = {
        "name": "pedido_atualizado",
        "language": {"code": "pt_BR"},
        "components": [{"type": "body", "parameters": values}],
    }

    response = await demo.send(type="template", template=template)

    assert response.json()["messages"][0]["message_status"] == "accepted"
    shown = demo.phone.transcript(PHONE)["messages"][0]
    assert shown["text"] == "Há uma atualização no seu pedido 123. Acesse: https://austa.test/p/123"


async def test_free_text_after_24_hours_is_accepted_and_then_fails(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    demo.clock.advance(timedelta(hours=24))

    response = await demo.send(**TEXT)
    await demo.courier.deliver_due()

    assert response.status_code == 200
    assert [(status["status"], status["errors"][0]["code"]) for status in statuses(demo)] == [("failed", 131047)]


async def test_failures_on_demand_at_once_or_later_and_only_as_often_as_asked(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    await demo.http.post("/v23.0/control/failures", json={"code": 130429, "times": 2}, headers=AUTHORIZED)
    refused = [(await demo.send(**TEXT)).status_code for _ in range(3)]
    demo.graph.failures.plan(131026, 1)
    accepted = await demo.send(**TEXT)
    await demo.courier.deliver_due()

    assert refused == [429, 429, 200]
    assert accepted.status_code == 200
    assert statuses(demo)[-1]["errors"][0]["code"] == 131026


async def test_media_goes_up_and_comes_down_the_same(demo: Demo) -> None:
    upload = await demo.http.post(
        f"/v23.0/{demo.graph.numbers[0].id}/media",
        data={"messaging_product": "whatsapp", "type": "image/jpeg"},
        files={"file": ("p.jpg", b"\xff\xd8bytes", "image/jpeg")},
        headers=AUTHORIZED,
    )
    described = (await demo.http.get(f"/v23.0/{upload.json()['id']}", headers=AUTHORIZED)).json()
    downloaded = await demo.http.get(described["url"], headers=AUTHORIZED)

    assert downloaded.content == b"\xff\xd8bytes"
    assert described["sha256"] == hashlib.sha256(b"\xff\xd8bytes").hexdigest()
    assert described["file_size"] == 7
    assert described["mime_type"] == downloaded.headers["content-type"] == "image/jpeg"


async def test_a_media_address_dies_after_five_minutes_and_needs_the_token(demo: Demo) -> None:
    media = demo.store.add_media(b"x", "image/jpeg")
    url = (await demo.http.get(f"/v23.0/{media.id}", headers=AUTHORIZED)).json()["url"]

    without_token = await demo.http.get(url)
    demo.clock.advance(timedelta(minutes=6))
    too_late = await demo.http.get(url, headers=AUTHORIZED)

    assert (without_token.status_code, too_late.status_code) == (401, 404)
    assert url.startswith(ORIGIN)


async def test_an_unknown_media_id_or_number_is_an_object_that_does_not_exist(demo: Demo) -> None:
    media = await demo.http.get("/v23.0/1", headers=AUTHORIZED)
    number = await demo.http.post("/v23.0/2/messages", json={"messaging_product": "whatsapp"}, headers=AUTHORIZED)

    assert media.json()["error"]["code"] == number.json()["error"]["code"] == 100


async def test_marking_as_read_turns_the_members_ticks_blue(demo: Demo) -> None:
    message_id = demo.phone.send_text(PHONE, "oi")

    response = await demo.send(status="read", message_id=message_id)

    assert response.json() == {"success": True}
    assert demo.phone.transcript(PHONE)["messages"][0]["status"] == "read"
