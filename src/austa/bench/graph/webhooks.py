"""Builds and signs the webhooks that Meta would send byte for byte in Meta's manner."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JsonObject = dict[str, Any]

BSUID_PREFIX = "BR.9"


@dataclass(frozen=True)
class BusinessNumber:
    """The operator's WhatsApp number: `id` is Meta's phone number id, `display_phone` digits with country code."""

    id: str = "900000000000101"
    display_phone: str = "5511900000099"
    account_id: str = "900000000000001"


@dataclass(frozen=True)
class Sender:
    """A person who writes: `phone` is the wa_id (digits only), `name` the WhatsApp profile name."""

    phone: str
    name: str

    @property
    def user_id(self) -> str:
        return bsuid_of(self.phone)


def sign(raw: bytes, app_secret: str) -> str:
    """The value of `X-Hub-Signature-256` for exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


def wire_bytes(payload: JsonObject) -> bytes:
    """JSON as Meta sends it: compact, slashes escaped, everything beyond ASCII as `\\uXXXX`."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode("ascii")


def new_message_id(phone: str) -> str:
    """A fresh `wamid`, shaped like Meta's (base64 of the phone and 10 random bytes)."""
    opaque = b"\x1d\x04\x18\x0d" + phone.encode() + b"\x15\x02\x00\x12\x18\x14" + secrets.token_hex(10).encode()
    return "wamid." + base64.b64encode(opaque).decode()


def bsuid_of(phone: str) -> str:
    """The business-scoped user id that the stand-in gives a phone; `phone_of` is its inverse."""
    return BSUID_PREFIX + phone


def phone_of(recipient: str) -> str:
    """Digits of a recipient that may be a BSUID, `+55 11 …` or plain digits."""
    if recipient.startswith(BSUID_PREFIX):
        return recipient.removeprefix(BSUID_PREFIX)
    return "".join(character for character in recipient if character.isdigit())


def message_entry(
    sender: Sender, message_id: str, at: datetime, *, kind: str, content: JsonObject, context: JsonObject | None = None
) -> JsonObject:
    """An inbound message of type `kind`, whose body of the same name is `content`."""
    entry: JsonObject = {
        "from": sender.phone,
        "from_user_id": sender.user_id,
        "id": message_id,
        "timestamp": str(int(at.timestamp())),
        "type": kind,
        kind: content,
    }
    if context is not None:
        entry["context"] = context
    return entry


def contact_entry(sender: Sender) -> JsonObject:
    """Who wrote, as the webhook of a message names them."""
    return {"profile": {"name": sender.name}, "wa_id": sender.phone, "user_id": sender.user_id}


def message_webhook(
    number: BusinessNumber,
    sender: Sender,
    message_id: str,
    at: datetime,
    *,
    kind: str,
    content: JsonObject,
    reply_to: str | None = None,
) -> JsonObject:
    """The webhook of one message; `reply_to` is our wamid."""
    context = None if reply_to is None else {"from": number.display_phone, "id": reply_to}
    message = message_entry(sender, message_id, at, kind=kind, content=content, context=context)
    return envelope(number, {"contacts": [contact_entry(sender)], "messages": [message]})


def status_entry(
    phone: str,
    message_id: str,
    at: datetime,
    status: str,
    *,
    category: str = "service",
    error: JsonObject | None = None,
    callback_data: str | None = None,
) -> JsonObject:
    """A delivery status of a message of ours: sent, delivered, read or failed (with `error`).

    `category` is Meta's billing category (service, utility, authentication, marketing).
    """
    entry: JsonObject = {
        "id": message_id,
        "status": status,
        "timestamp": str(int(at.timestamp())),
        "recipient_id": phone,
        "recipient_user_id": bsuid_of(phone),
    }
    if callback_data is not None:
        entry["biz_opaque_callback_data"] = callback_data
    if error is not None:
        entry["errors"] = [error]
    elif status != "read":
        entry["pricing"] = {"billable": True, "pricing_model": "PMP", "category": category, "type": "regular"}
    return entry


def status_webhook(number: BusinessNumber, statuses: Sequence[JsonObject]) -> JsonObject:
    """The webhook that brings these statuses."""
    return envelope(number, {"statuses": list(statuses)})


def envelope(number: BusinessNumber, body: JsonObject) -> JsonObject:
    """A webhook of the field `messages` for that number; `body` has contacts, messages, statuses or errors."""
    metadata = {"display_phone_number": number.display_phone, "phone_number_id": number.id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **body}
    changes = [{"value": value, "field": "messages"}]
    return {"object": "whatsapp_business_account", "entry": [{"id": number.account_id, "changes": changes}]}
