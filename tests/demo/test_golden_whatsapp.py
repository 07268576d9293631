"""The golden webhook payloads are complete, synthetic, and written as Meta writes them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent.parent / "golden" / "whatsapp"
FILES = sorted(GOLDEN.glob("*.json"))
MESSAGE_TYPES = {
    *(
        "text",
        "image",
        "audio",
        "video",
        "document",
        "sticker",
        "location",
        "contacts",
        "interactive",
        "button",
    ),
    *("reaction", "order", "system", "unsupported", "unknown", "revoke", "edit", "request_welcome"),
}
FIELDS = {
    *("messages", "calls", "message_template_status_update", "account_update", "phone_number_quality_update"),
    *("business_capability_update", "user_id_update"),
}


def changes_of(path: Path) -> list[dict[str, Any]]:
    return [change for entry in json.loads(path.read_bytes())["entry"] for change in entry["changes"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_payload_has_the_envelope_of_a_webhook_and_escapes_what_is_not_ascii(path: Path) -> None:
    raw = path.read_bytes()

    payload = json.loads(raw)

    assert raw.isascii()
    assert payload["object"] == "whatsapp_business_account"
    assert all({"field", "value"} == change.keys() for entry in payload["entry"] for change in entry["changes"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_payload_names_only_demo_phones(path: Path) -> None:
    phones = re.findall(r"(?<!\d)55\d{10,11}(?!\d)", path.read_text())

    assert all(re.fullmatch(r"5511(9?)000000\d\d", phone) for phone in phones)


def test_readme_describes_every_payload() -> None:
    described = set(re.findall(r"^\| `(.+?)` \|", (GOLDEN / "README.md").read_text(), flags=re.MULTILINE))

    assert described == {path.name for path in FILES}


def test_wire_form_says_the_same_as_the_readable_form() -> None:
    for wire in GOLDEN.glob("*.wire.json"):
        readable = GOLDEN / f"{wire.name.removesuffix('.wire.json')}.json"
        assert json.loads(wire.read_bytes()) == json.loads(readable.read_bytes())
        assert b"\\/" in wire.read_bytes()


def test_every_type_of_message_status_and_field_is_there() -> None:
    changes = [change for path in FILES for change in changes_of(path)]
    messages = [message for change in changes for message in change["value"].get("messages", [])]
    statuses = [status for change in changes for status in change["value"].get("statuses", [])]

    assert {message["type"] for message in messages} >= MESSAGE_TYPES
    assert {message["interactive"]["type"] for message in messages if message["type"] == "interactive"} == {
        "button_reply",
        "list_reply",
        "nfm_reply",
    }
    assert {status["status"] for status in statuses} == {"sent", "delivered", "read", "played", "failed"}
    assert {change["field"] for change in changes} >= FIELDS
