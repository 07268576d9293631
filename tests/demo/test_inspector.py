"""Beside the phone stands what went over the wire: the signed webhook in, the Graph API call out."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from austa.bench.graph.webhooks import sign
from austa.demo.graph_store import EXCHANGES_KEPT, GraphStore
from tests.demo.conftest import APP_SECRET, PHONE, TOKEN, Demo

OTHER_PHONE = "5511900000005"


async def inspector(demo: Demo, phone: str = PHONE) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await demo.http.get(f"/demo/api/phones/{phone}/transcript")).json()["inspector"]
    return entries


async def test_a_message_shows_as_the_signed_webhook_that_austa_got(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "bom dia")
    await demo.courier.deliver_due()

    (entry,) = await inspector(demo)

    assert (entry["direction"], entry["kind"]) == ("in", "text")
    assert entry["call"] == f"POST /webhooks/whatsapp/{demo.graph.numbers[0].id}"
    assert entry["headers"]["X-Hub-Signature-256"] == sign(demo.inbox.bodies[0], APP_SECRET)
    assert entry["body"] == json.loads(demo.inbox.bodies[0])


async def test_an_answer_shows_as_the_call_that_austa_made_without_its_token(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    await demo.send(type="text", text={"body": "Olá!"})

    (entry,) = await inspector(demo)

    assert (entry["direction"], entry["kind"]) == ("out", "text")
    assert entry["call"] == f"POST /v23.0/{demo.graph.numbers[0].id}/messages"
    assert entry["headers"]["authorization"] == "Bearer •••"
    assert entry["body"]["text"] == {"body": "Olá!"}
    assert TOKEN not in json.dumps(entry)


async def test_a_listened_call_still_reaches_the_graph_api(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    answer = await demo.send(type="text", text={"body": "Olá!"})
    assert answer.status_code == 200
    assert demo.phone.transcript(PHONE)["messages"][-1]["text"] == "Olá!"


async def test_delivery_shows_in_short(demo: Demo) -> None:
    demo.phone.send_text(PHONE, "oi")
    sent = await demo.send(type="text", text={"body": "Olá!"})
    await demo.courier.deliver_due()

    statuses = [entry for entry in await inspector(demo) if entry["kind"].startswith("status")]

    assert [entry["kind"] for entry in statuses] == ["status: sent", "status: delivered"]
    assert statuses[0]["body"] == {"id": sent.json()["messages"][0]["id"], "status": "sent"}
    assert list(statuses[0]["headers"]) == ["X-Hub-Signature-256"]


async def test_marking_as_read_and_fetching_a_photo_belong_to_the_phone_of_their_message(demo: Demo) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    message_id = demo.phone.send_image(PHONE, b"\xff\xd8photo", "image/jpeg")
    media = demo.phone.transcript(PHONE)["messages"][0]["media"]["url"].rsplit("/", 1)[-1]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    await demo.http.post(f"/v23.0/{demo.graph.numbers[0].id}/messages", json=read, headers=bearer)
    described = await demo.http.get(f"/v23.0/{media}", headers=bearer)
    fetched = await demo.http.get(described.json()["url"], headers=bearer)

    calls = [(entry["kind"], entry["call"]) for entry in await inspector(demo)]

    assert fetched.content == b"\xff\xd8photo"
    assert calls == [
        ("read", f"POST /v23.0/{demo.graph.numbers[0].id}/messages"),
        ("media", f"GET /v23.0/{media}"),
        ("media", f"GET /v23.0/{media}/content"),
    ]


async def test_a_phone_shows_only_its_own_newest_exchanges_and_finds_them_again(demo: Demo, tmp_path: Path) -> None:
    demo.phone.send_text(OTHER_PHONE, "de outra pessoa")
    for number in range(EXCHANGES_KEPT + 3):
        demo.phone.send_text(PHONE, f"mensagem {number}")
    await demo.courier.deliver_due()

    entries = await inspector(demo)

    texts = [entry["body"]["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] for entry in entries]
    assert texts == [f"mensagem {number}" for number in range(3, EXCHANGES_KEPT + 3)]
    assert len(await inspector(demo, OTHER_PHONE)) == 1
    reopened = GraphStore(tmp_path)
    assert [str(one.position) for one in reopened.list_exchanges(PHONE)] == [entry["id"] for entry in entries]
    reopened.close()


async def test_a_webhook_that_austa_refused_shows_again_at_every_try(demo: Demo) -> None:
    demo.inbox.answer = 503
    demo.phone.send_text(PHONE, "oi")
    await demo.courier.deliver_due()
    demo.clock.advance(timedelta(seconds=2))
    await demo.courier.deliver_due()
    first, second = await inspector(demo)
    assert first["headers"] == second["headers"]
