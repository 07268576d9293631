"""Reads the WhatsApp Cloud API's webhooks into what we keep; tolerant, for Meta adds fields and types unasked.

Anything that is not understood is kept whole as `Other` (or as a message of its own type), never an error: one
odd entry must not lose the batch it came in. Shapes: tests/golden/whatsapp/README.md.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from austa.kernel.errors import Invalid

Json = dict[str, Any]

STATUSES = ("sent", "delivered", "read", "failed")
MEDIA = {"image", "document", "audio", "video", "sticker"}
CHANGES = ("edit", "revoke")
"""Kinds that correct or delete a message sent before."""
ADDRESS_NOTICES = {"user_changed_number", "user_changed_user_id", "customer_identity_changed"}
DEEPEST = 60
"""Meta's own payloads nest about ten deep."""
NUL = rb"\u0000"


@dataclass(frozen=True)
class Sender:
    """Who wrote, as Meta names them. At least one of `wa_id` and `user_id` is set."""

    wa_id: str | None
    user_id: str | None
    name: str | None = None


@dataclass(frozen=True)
class Inbound:
    """One message. `kind` is Meta's type, `text` what the person wrote, tapped or chose, `raw` the entry whole."""

    number_id: str
    wamid: str
    sender: Sender
    sent_at: datetime
    kind: str
    text: str | None
    button_id: str | None
    media_id: str | None
    media_type: str | None
    filename: str | None
    raw: Json = field(repr=False)


@dataclass(frozen=True)
class AddressChange:
    """Phones and user ids that may belong to another person from now on: whoever writes must be verified again."""

    number_id: str
    wa_ids: tuple[str, ...]
    user_ids: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """How far a message of ours got. `send_id` is our own id, which Meta echoes."""

    number_id: str
    wamid: str
    status: str
    at: datetime
    send_id: str | None
    error_code: int | None
    raw: Json = field(repr=False)


@dataclass(frozen=True)
class Other:
    """Anything else Meta tells: template, account, quality and call updates, errors, unknown fields."""

    number_id: str | None
    kind: str
    raw: Json = field(repr=False)


Item = Inbound | AddressChange | Status | Other


@dataclass(frozen=True)
class Batch:
    """A webhook, read. `messages` in the order they were sent; `number_ids` are all numbers that it names."""

    messages: tuple[Inbound, ...]
    changes: tuple[AddressChange, ...]
    statuses: tuple[Status, ...]
    others: tuple[Other, ...]
    number_ids: frozenset[str]


def read_webhook(raw: bytes, number_id: str) -> Batch:
    """Read a webhook's body; `number_id` is the number it was posted for, where the body names none.

    Raises `Invalid` `http.malformed_json` for what is not a JSON object, or nests deeper than `DEEPEST`.
    """
    try:
        body = _decode(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid("http.malformed_json", "the body is not a JSON object")
    found = list(_entries(body, number_id))
    messages = [item for item in found if isinstance(item, Inbound)]
    return Batch(
        # One webhook may bring the oldest message last.
        messages=tuple(sorted(messages, key=lambda message: message.sent_at)),
        changes=tuple(item for item in found if isinstance(item, AddressChange)),
        statuses=tuple(item for item in found if isinstance(item, Status)),
        others=tuple(item for item in found if isinstance(item, Other)),
        number_ids=frozenset(item.number_id for item in found if item.number_id),
    )


def changed_message(raw: Json) -> str | None:
    """Meta's id of the message that an edit or a deletion is about."""
    kind = raw.get("type")
    body = raw.get(kind) if kind in CHANGES else None
    return _text(body.get("original_message_id")) if isinstance(body, dict) else None


def precise_kind(raw: Json) -> str:
    """What a message is, as exactly as Meta tells: "unsupported" names what it could not deliver ("edit", "poll")."""
    kind = _text(raw.get("type")) or "unknown"
    body = raw.get(kind)
    inner = _text(body.get("type")) if kind == "unsupported" and isinstance(body, dict) else None
    return f"{kind}_{inner}" if inner else kind


def shared_words(raw: Json) -> str | None:
    """A shared place, person or basket in words for the staff; None for every other kind."""
    kind = raw.get("type")
    if kind == "location" and isinstance(place := raw.get("location"), dict):
        at = f"{place.get('latitude')}, {place.get('longitude')}"
        return "\n".join([*_texts((place.get("name"), place.get("address"))), at])
    if kind == "contacts":
        return "\n".join(map(_contact_words, _dicts(raw.get("contacts")))) or None
    if kind == "order" and isinstance(basket := raw.get("order"), dict):
        return _text(basket.get("text"))
    return None


def _contact_words(card: Json) -> str:
    name = card.get("name")
    named = name.get("formatted_name") if isinstance(name, dict) else None
    return " · ".join(_texts((named, *(phone.get("phone") for phone in _dicts(card.get("phones"))))))


def _decode(raw: bytes) -> Any:
    """The JSON value. Nearly all bodies are shallow and clean, which is seen without walking through them."""
    is_shallow = raw.count(b"{") + raw.count(b"[") <= DEEPEST
    if is_shallow and NUL not in raw:
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError:
            # A lone surrogate, or no JSON at all: the tolerant reader tells.
            pass
    return _clean(json.loads(raw), 0)


def _clean(value: Any, depth: int) -> Any:
    """Without what PostgreSQL and UTF-8 cannot hold (NUL, lone surrogates); nobody types either."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(name, depth): _clean(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    return value


class _Contacts:
    """The contacts that a webhook names beside its messages; by address, for there may be thousands of both."""

    def __init__(self, contacts: list[Json]) -> None:
        self._contacts = contacts
        self._by_wa_id: dict[str, int] = {}
        self._by_user_id: dict[str, int] = {}
        for at, contact in enumerate(contacts):
            for known, name in ((self._by_wa_id, "wa_id"), (self._by_user_id, "user_id")):
                if address := _text(contact.get(name)):
                    known.setdefault(address, at)

    def of(self, wa_id: str | None, user_id: str | None) -> Json:
        """The first that has one of these addresses; where there is but one, that one."""
        found = {self._by_wa_id.get(wa_id or ""), self._by_user_id.get(user_id or "")} - {None}
        if found:
            return self._contacts[min(at for at in found if at is not None)]
        return self._contacts[0] if len(self._contacts) == 1 else {}


def _entries(body: Json, number_id: str) -> Iterator[Item]:
    for entry in _dicts(body.get("entry")):
        for change in _dicts(entry.get("changes")):
            # When it was said, for what is said again in other order, or twice in the same words.
            told = {"time": entry["time"]} if "time" in entry and change.get("field") != "messages" else {}
            yield from _change(change | told, number_id)


def _change(change: Json, posted_for: str) -> Iterator[Item]:
    value = change.get("value")
    name = (_text(change.get("field")) or "unknown")[:60]
    number_id = _number_id(value) or posted_for
    if name == "calls" and isinstance(value, dict):
        contacts = _Contacts(_dicts(value.get("contacts")))
        for call in _dicts(value.get("calls")):
            if call.get("event") == "connect" and call.get("direction") == "USER_INITIATED":
                # Nobody can take it here: who calls is told so, for it may be an emergency.
                yield _message(number_id, {**call, "type": "call"}, contacts) or Other(number_id, name, call)
    if name != "messages" or not isinstance(value, dict):
        yield Other(_number_id(value), name, change)
        yield from _changed_user_ids(number_id, value)
        return
    contacts = _Contacts(_dicts(value.get("contacts")))
    for message in _dicts(value.get("messages")):
        yield _message(number_id, message, contacts) or Other(number_id, "message", message)
        if message.get("type") == "system":
            yield from _changed_address(number_id, message)
    for status in _dicts(value.get("statuses")):
        yield _status(number_id, status) or Other(number_id, "status", status)
    if value.get("errors"):
        yield Other(number_id, "errors", {"errors": value["errors"]})


def _message(number_id: str, message: Json, contacts: _Contacts) -> Inbound | None:
    sender = _sender(message, contacts)
    wamid, sent_at = _text(message.get("id")), _instant(message.get("timestamp"))
    if sender is None or wamid is None or sent_at is None:
        return None
    kind = (_text(message.get("type")) or "unknown")[:40]
    body = message.get(kind)
    body = body if isinstance(body, dict) else {}
    button_id, text = _said(kind, body)
    return Inbound(
        number_id=number_id,
        wamid=wamid,
        sender=sender,
        sent_at=sent_at,
        kind=kind,
        text=text,
        button_id=button_id,
        media_id=_text(body.get("id")) if kind in MEDIA else None,
        media_type=_text(body.get("mime_type")) if kind in MEDIA else None,
        filename=_text(body.get("filename")) if kind == "document" else None,
        raw=message,
    )


def _said(kind: str, body: Json) -> tuple[str | None, str | None]:
    """The button's id, and the words: what was written, tapped, chosen, or the caption of a file."""
    if kind == "text":
        return None, _text(body.get("body"))
    if kind == "button":
        return _text(body.get("payload")), _text(body.get("text"))
    if kind == "edit":
        return _corrected(body.get("message"))
    if kind == "interactive":
        reply = body.get(str(body.get("type")))
        reply = reply if isinstance(reply, dict) else {}
        return _text(reply.get("id")), _text(reply.get("title"))
    return None, _text(body.get("caption"))


def _corrected(message: Any) -> tuple[str | None, str | None]:
    """The words of a message or caption that its sender corrected."""
    kind = message.get("type") if isinstance(message, dict) else None
    body = message.get(kind) if kind in {"text", *MEDIA} else None
    return _said(str(kind), body) if isinstance(body, dict) else (None, None)


def _changed_address(number_id: str, message: Json) -> Iterator[AddressChange]:
    """Old and new addresses alike: a number may have had another owner, or get one."""
    system = message.get("system")
    if not isinstance(system, dict) or system.get("type") not in ADDRESS_NOTICES:
        return
    wa_ids = (message.get("from"), system.get("customer"), system.get("wa_id"))
    user_ids = (message.get("from_user_id"), system.get("previous_user_id"), system.get("user_id"))
    yield AddressChange(number_id, _texts(wa_ids), _texts(user_ids))


def _changed_user_ids(number_id: str, value: Any) -> Iterator[AddressChange]:
    """The field `user_id_update`."""
    for update in _dicts(value.get("user_id_update")) if isinstance(value, dict) else []:
        user_id = update.get("user_id")
        pair = (user_id.get("previous"), user_id.get("current")) if isinstance(user_id, dict) else ()
        yield AddressChange(number_id, _texts((update.get("wa_id"),)), _texts(pair))


def _sender(message: Json, contacts: _Contacts) -> Sender | None:
    wa_id, user_id = _text(message.get("from")), _text(message.get("from_user_id"))
    contact = contacts.of(wa_id, user_id)
    wa_id = wa_id or _text(contact.get("wa_id"))
    user_id = user_id or _text(contact.get("user_id"))
    if not wa_id and not user_id:
        return None
    profile = contact.get("profile")
    return Sender(wa_id, user_id, _text(profile.get("name")) if isinstance(profile, dict) else None)


def _status(number_id: str, status: Json) -> Status | None:
    wamid, name, at = _text(status.get("id")), _text(status.get("status")), _instant(status.get("timestamp"))
    if wamid is None or at is None or name not in STATUSES:
        return None
    errors = _dicts(status.get("errors"))
    code = errors[0].get("code") if errors else None
    return Status(
        number_id=number_id,
        wamid=wamid,
        status=name,
        at=at,
        send_id=_text(status.get("biz_opaque_callback_data")),
        error_code=code if isinstance(code, int) else None,
        raw=status,
    )


def _number_id(value: Any) -> str | None:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else None


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value or None if isinstance(value, str) else None


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str) and value))


def _instant(value: Any) -> datetime | None:
    """Unix seconds as text, or as an integer in older payloads."""
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
