"""The webhook: whatever Meta sends is kept before it is answered, and nothing that is not Meta's."""

import json
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from austa.bench.graph.webhooks import sign
from austa.infra import telemetry
from austa.infra.http import handle_errors
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.ids import OperatorId, new_id
from austa.modules.chat.domain.identity import canonical_wa_id
from austa.modules.chat.domain.webhook import read_webhook
from austa.modules.chat.routes.chat import router, stream
from tests.modules.chat.conftest import ME, SECRET, VERIFY, Line

ROOT = Path(__file__).parents[3]
GOLDEN = sorted((ROOT / "tests/golden/whatsapp").glob("*.json"))
REFERENCE = Path(os.environ.get("AUSTA_REFERENCE_DATA", ROOT.parent / "shared/data")) / "whatsapp"
PAYLOADS = [*GOLDEN, *sorted(REFERENCE.glob("*.json"))]


@pytest_asyncio.fixture
async def client(line: Line) -> Any:
    app = FastAPI()
    handle_errors(app)
    app.router.routes.extend(stream(line.chat))
    app.include_router(router(line.chat, line.platform.idempotency))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://austa") as client:
        yield client


async def post(client: httpx2.AsyncClient, number_id: str, raw: bytes, signature: str | None = None) -> httpx2.Response:
    headers = {"x-hub-signature-256": sign(raw, SECRET) if signature is None else signature}
    return await client.post(f"/webhooks/whatsapp/{number_id}", content=raw, headers=headers)


async def rows(line: Line) -> dict[str, int]:
    names = ("message", "other_notice", "channel_identity", "conversation", "attachment")
    return {name: (await line.query(f"select count(*) from chat.{name}"))[0] for name in names}


def for_number(path: Path, number_id: str) -> bytes:
    """The payload's own bytes, but for the number it is for."""
    raw = path.read_bytes()
    named = {c["value"]["metadata"]["phone_number_id"] for c in changes(raw) if "metadata" in c.get("value", {})}
    for name in named:
        raw = raw.replace(f'"{name}"'.encode(), f'"{number_id}"'.encode())
    return raw


def changes(raw: bytes) -> list[Any]:
    return [change for entry in json.loads(raw).get("entry", []) for change in entry.get("changes", [])]


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
async def test_every_payload_is_kept_whole_once_and_worked_off(
    line: Line, client: httpx2.AsyncClient, path: Path
) -> None:
    raw = for_number(path, line.number_id)
    values = [change["value"] for change in changes(raw) if change["field"] == "messages"]
    sent = {message["id"] for value in values for message in value.get("messages", [])}
    # A call that rings is answered like a message, for nobody can take it.
    rang = [call["id"] for c in changes(raw) for call in c["value"].get("calls", []) if call["event"] == "connect"]
    messages = len(sent) + len(rang)
    first = await post(client, line.number_id, raw)
    assert first.status_code == 200
    told = first.json()
    assert told["messages"] == messages
    assert told["messages"] + told["statuses"] + told["others"] > 0
    kept = await rows(line)
    again = await post(client, line.number_id, raw)
    assert again.json()["messages"] + again.json()["statuses"] + again.json()["others"] == 0
    assert await rows(line) == kept
    await line.work()


class TestWhoMayPost:
    async def test_a_forged_signature_is_401_counted_and_keeps_nothing(
        self, line: Line, client: httpx2.AsyncClient
    ) -> None:
        counter = telemetry.WEBHOOKS_REFUSED.labels("signature")
        before, raw = counter._value.get(), json.dumps(line.message("text", {"body": "oi"})).encode()
        for forged in ("", "sha256=", "sha256=00", sign(raw, "another secret"), sign(raw + b" ", SECRET), "sha256=é"):
            headers = httpx2.Headers([(b"x-hub-signature-256", forged.encode())])
            answer = await client.post(f"/webhooks/whatsapp/{line.number_id}", content=raw, headers=headers)
            assert answer.status_code == 401
        missing = await client.post(f"/webhooks/whatsapp/{line.number_id}", content=raw)
        assert (missing.status_code, missing.json()["code"]) == (401, "chat.bad_signature")
        assert counter._value.get() == before + 7
        assert (await rows(line))["message"] == 0

    @pytest.mark.parametrize(
        "raw", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 5000, b'{"a":' * 300 + b"1" + b"}" * 300]
    )
    async def test_malformed_json_is_400(self, line: Line, client: httpx2.AsyncClient, raw: bytes) -> None:
        answer = await post(client, line.number_id, raw)
        assert (answer.status_code, answer.json()["code"]) == (400, "http.malformed_json")

    async def test_an_unknown_number_is_404(self, client: httpx2.AsyncClient) -> None:
        assert (await post(client, "12345", b"{}")).status_code == 404

    async def test_a_payload_that_names_another_operators_number_is_refused_whole(
        self, line: Line, client: httpx2.AsyncClient
    ) -> None:
        other = Caller.system(OperatorId(new_id()), "test")
        await line.chat.add_number(other, "other-number")
        mine, theirs = line.message("text", {"body": "oi"}), line.message("text", {"body": "oi"})
        theirs["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "other-number"
        both = mine | {"entry": [*mine["entry"], *theirs["entry"]]}
        answer = await post(client, line.number_id, json.dumps(both).encode())
        assert (answer.status_code, answer.json()["code"]) == (403, "chat.foreign_number")
        assert (await rows(line))["message"] == 0

    async def test_meta_subscribes_with_our_token_only(self, line: Line, client: httpx2.AsyncClient) -> None:
        asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
        path = f"/webhooks/whatsapp/{line.number_id}"
        answer = await client.get(path, params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert (await client.get(path, params=asked | {"hub.verify_token": "x"})).status_code == 403
        assert (await client.get(path, params=asked | {"hub.mode": "x"})).status_code == 403


class TestStatuses:
    async def test_they_never_go_back(self, line: Line) -> None:
        await line.says("oi")
        for status in ("delivered", "sent", "read", "delivered", "failed", "read"):
            await line.echo(0, status)
        assert await line.statuses() == ["read"]

    async def test_repeated_ones_change_nothing(self, line: Line) -> None:
        await line.says("oi")
        assert (await line.echo(0, "delivered")).statuses == 1
        again = await line.echo(0, "delivered")
        assert (again.statuses, again.repeated) == (0, 1)

    async def test_one_that_names_a_message_of_the_member_is_kept_as_odd(self, line: Line) -> None:
        webhook = line.message("text", {"body": "oi"})
        await line.post(webhook)
        wamid = webhook["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
        odd = {"id": wamid, "status": "read", "timestamp": "1794917000", "recipient_id": ME}
        await line.post(line.webhook({"statuses": [odd]}))
        await line.work()
        assert (await rows(line))["other_notice"] == 1


class TestWhoWrites:
    async def test_both_variants_of_the_ninth_digit_are_one_person(self, line: Line) -> None:
        await line.says("oi", sender="5531987654321")
        await line.says("oi", sender="553187654321")
        assert (await rows(line))["channel_identity"] == 1
        assert line.graph.sent[-1]["to"] == "553187654321"

    async def test_a_sender_without_a_phone_is_answered_at_their_user_id(self, line: Line) -> None:
        webhook = line.message("text", {"body": "oi"})
        value = webhook["entry"][0]["changes"][0]["value"]
        del value["messages"][0]["from"]
        value["messages"][0]["from_user_id"] = "BR.1"
        value["contacts"] = [{"user_id": "BR.1"}]
        await line.post(webhook)
        await line.work()
        assert line.graph.sent[0]["recipient"] == "BR.1"
        assert "to" not in line.graph.sent[0]
        assert line.graph.sent[0]["context"]["message_id"] == value["messages"][0]["id"]

    async def test_a_phone_that_comes_with_another_user_id_is_another_person(self, line: Line) -> None:
        await line.is_linked()
        await line.says("oi", from_user_id="BR.1")
        (said,) = await line.says("meu pedido já saiu?", from_user_id="BR.2")
        assert "assistente automática" in said
        assert await line.query("select member_id from chat.channel_identity") == [None, None]

    async def test_a_phone_and_a_user_id_that_were_known_apart_do_not_collide(self, line: Line) -> None:
        await line.says("oi")
        webhook = line.message("text", {"body": "oi"})
        value = webhook["entry"][0]["changes"][0]["value"]
        del value["messages"][0]["from"]
        value["messages"][0]["from_user_id"] = "BR.1"
        value["contacts"] = [{"user_id": "BR.1"}]
        await line.post(webhook)
        assert await line.says("oi", from_user_id="BR.1")
        assert (await rows(line))["channel_identity"] == 2

    async def test_what_was_sent_in_the_future_was_sent_now(self, line: Line) -> None:
        await line.says("oi", timestamp=str(int(line.clock.now().timestamp()) + 3600))
        (sent_at,) = await line.query("select sent_at from chat.message where direction = 'in'")
        assert sent_at == line.clock.now()

    @given(st.integers(11, 99), st.integers(60000000, 99999999))
    def test_canonical_forms_agree(self, area: int, local: int) -> None:
        assert canonical_wa_id(f"55{area}9{local}") == canonical_wa_id(f"55{area}{local}")
        assert canonical_wa_id(canonical_wa_id(f"55{area}9{local}")) == canonical_wa_id(f"55{area}{local}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["entry", "changes", "field", "value", "messages", "statuses", "id", "from", "type", "timestamp", "text",
             "metadata", "phone_number_id", "contacts", "system", "errors", "edit", "message", "user_id"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=40,
)  # fmt: skip


@given(JSON)
def test_no_json_object_breaks_the_reader(body: Any) -> None:
    raw = json.dumps(body).encode()
    if isinstance(body, dict):
        read_webhook(raw, "1")
    else:
        with pytest.raises(Invalid):
            read_webhook(raw, "1")


async def test_what_nobody_types_is_left_out(line: Line) -> None:
    await line.says("oi\x00 \ud83d tudo bem")
    shown = await line.chat.conversation(line.nurse, await line.conversation_id())
    assert shown.messages[0].text is not None
    assert shown.messages[0].text.reveal() == "oi ? tudo bem"


async def test_the_oldest_of_a_batch_is_heard_first(line: Line) -> None:
    first, second = line.message("text", {"body": "aceito"}), line.message("text", {"body": "oi"})
    late, early = (w["entry"][0]["changes"][0]["value"]["messages"][0] for w in (second, first))
    early["text"], late["text"] = {"body": "oi"}, {"body": "aceito"}
    second["entry"][0]["changes"][0]["value"]["messages"] = [late, early]
    await line.post(second)
    await line.work()
    (said,) = line.graph.texts()
    assert said.index("assistente automática") < said.index("Como posso ajudar")
