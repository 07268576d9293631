"""The phone page writes by real webhooks and shows both sides of the conversation."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from austa.demo.graph_store import GraphStore
from tests.demo.conftest import PHONE, SAMPLE, Demo

BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "body": {"text": "Você aceita?"},
        "footer": {"text": "Assistente automático"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "consent:accept", "title": "Aceito"}}]},
    },
}
LIST = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "Para quem é?"},
        "action": {"button": "Escolher", "sections": [{"rows": [{"id": "m:2", "title": "Para meu filho"}]}]},
    },
}


def inbound(demo: Demo) -> list[dict[str, Any]]:
    values = [json.loads(body)["entry"][0]["changes"][0]["value"] for body in demo.inbox.bodies]
    return [message for value in values for message in value.get("messages", [])]


async def test_a_text_arrives_as_a_webhook_with_accents_escaped(demo: Demo) -> None:
    response = await demo.http.post(f"/demo/api/phones/{PHONE}/text", json={"text": "tô com dúvida"})
    await demo.courier.deliver_due()

    assert response.status_code == 201
    assert inbound(demo)[0]["id"] == response.json()["id"]
    assert inbound(demo)[0]["text"] == {"body": "tô com dúvida"}
    assert b"t\\u00f4 com d\\u00favida" in demo.inbox.bodies[0]


async def test_a_photo_arrives_as_a_media_id_whose_bytes_can_be_fetched(demo: Demo) -> None:
    sample = await demo.http.get(f"/demo/api/photos/{SAMPLE}")
    await demo.http.post(
        f"/demo/api/phones/{PHONE}/image",
        files={"file": ("a.jpg", sample.content, "image/jpeg")},
        data={"caption": "o pedido"},
    )
    await demo.courier.deliver_due()

    image = inbound(demo)[0]["image"]
    shown = demo.phone.transcript(PHONE)["messages"][0]
    assert image["caption"] == shown["text"] == "o pedido"
    assert demo.phone.media(image["id"]) == (sample.content, "image/jpeg")
    assert (await demo.http.get(shown["media"]["url"])).content == sample.content


async def test_a_pdf_arrives_as_a_document(demo: Demo) -> None:
    await demo.http.post(
        f"/demo/api/phones/{PHONE}/image", files={"file": ("laudo.pdf", b"%PDF-1.7", "application/pdf")}
    )
    await demo.courier.deliver_due()

    assert inbound(demo)[0]["document"]["filename"] == "laudo.pdf"


async def test_a_tapped_button_arrives_as_a_reply_to_its_message(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    await demo.send(**BUTTONS)
    shown = demo.phone.transcript(PHONE)["messages"][-1]
    assert shown["buttons"] == [{"id": "consent:accept", "title": "Aceito"}]
    assert shown["footer"] == "Assistente automático"

    await demo.http.post(
        f"/demo/api/phones/{PHONE}/button", json={"message_id": shown["id"], "button_id": "consent:accept"}
    )
    await demo.courier.deliver_due()

    reply = inbound(demo)[-1]
    assert reply["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "consent:accept", "title": "Aceito"},
    }
    assert reply["context"]["id"] == shown["id"]
    assert demo.phone.transcript(PHONE)["messages"][-1]["text"] == "Aceito"


async def test_a_chosen_row_arrives_as_a_list_reply(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    await demo.send(**LIST)
    shown = demo.phone.transcript(PHONE)["messages"][-1]

    demo.phone.tap_button(PHONE, shown["id"], "m:2")
    await demo.courier.deliver_due()

    assert shown["list"]["button"] == "Escolher"
    assert inbound(demo)[-1]["interactive"]["list_reply"]["title"] == "Para meu filho"


async def test_the_members_come_with_their_papers_and_something_to_say(demo: Demo) -> None:
    items = (await demo.http.get("/demo/api/members")).json()["items"]

    severino = next(item for item in items if item["phone"] == PHONE)
    assert severino["photos"][0] == {
        "name": SAMPLE,
        "title": "Solicitação de exame",
        "url": f"/demo/api/photos/{SAMPLE}",
        "mime_type": "image/jpeg",
    }
    assert items[0]["says"]


async def test_polling_brings_only_what_changed(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    first = (await demo.http.get(f"/demo/api/phones/{PHONE}/transcript")).json()
    await demo.send(type="text", text={"body": "Olá!"})
    second = (await demo.http.get(f"/demo/api/phones/{PHONE}/transcript?after={first['cursor']}")).json()
    third = (await demo.http.get(f"/demo/api/phones/{PHONE}/transcript?after={second['cursor']}")).json()

    assert [message["text"] for message in second["messages"]] == ["Olá!"]
    assert second["messages"][0]["status"] == "read"
    assert third["messages"] == []


async def test_a_webhook_that_austa_refuses_comes_again(demo: Demo) -> None:
    demo.inbox.answer = 503
    demo.phone.send_text(PHONE, "oi")

    refused = await demo.courier.deliver_due()
    demo.inbox.answer = 200
    demo.clock.advance(timedelta(seconds=2))
    accepted = await demo.courier.deliver_due()

    assert (refused, accepted) == (0, 1)
    assert demo.inbox.bodies[0] == demo.inbox.bodies[1]


async def test_a_running_courier_delivers_without_being_asked(demo: Demo) -> None:
    running = asyncio.create_task(demo.courier.run())
    await asyncio.sleep(0)

    demo.phone.send_text(PHONE, "oi")
    for _ in range(100):
        await asyncio.sleep(0.01)
        if demo.inbox.bodies:
            break

    running.cancel()
    assert len(demo.inbox.bodies) == 1


async def test_everything_is_found_again_after_a_restart(demo: Demo, tmp_path: Path) -> None:
    demo.phone.send_text(PHONE, "oi")

    reopened = GraphStore(tmp_path)

    assert [message.content for message in reopened.list_messages(demo.graph.numbers[0].id, PHONE)] == [{"body": "oi"}]
    assert len(reopened.list_due_webhooks(demo.clock.now())) == 1
    reopened.close()


async def test_bad_input_gets_a_clear_error(demo: Demo) -> None:
    unknown = await demo.http.get("/demo/api/phones/5511900000077/transcript")
    empty = await demo.http.post(f"/demo/api/phones/{PHONE}/text", json={"text": " "})
    not_a_photo = await demo.http.post(
        f"/demo/api/phones/{PHONE}/image", files={"file": ("a.exe", b"MZ", "application/octet-stream")}
    )
    no_button = await demo.http.post(
        f"/demo/api/phones/{PHONE}/button", json={"message_id": "wamid.x", "button_id": "y"}
    )

    assert [r.status_code for r in (unknown, empty, not_a_photo, no_button)] == [404, 422, 422, 404]
    assert unknown.json()["code"] == "demo.phone_not_found"


async def test_a_status_never_goes_back(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    message_id = (await demo.send(type="text", text={"body": "Olá!"})).json()["messages"][0]["id"]
    demo.phone.transcript(PHONE)

    went_back = demo.store.advance_status(message_id, "delivered", demo.clock.now(), (b"{}",))

    assert not went_back
    assert demo.phone.transcript(PHONE)["messages"][-1]["status"] == "read"
