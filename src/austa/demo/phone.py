"""A member's phone: writes to AUSTA by real, signed webhooks and shows what AUSTA sent to the stand-in Graph API."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from austa.bench.graph.memory import StoredMessage
from austa.bench.graph.webhooks import (
    BusinessNumber,
    JsonObject,
    Sender,
    message_webhook,
    new_message_id,
    phone_of,
    status_entry,
    status_webhook,
    wire_bytes,
)
from austa.demo.courier import WebhookCourier
from austa.demo.graph_store import Exchange, GraphStore
from austa.kernel.clock import Clock
from austa.kernel.errors import AustaError, Invalid, NotFound

LARGEST_IMAGE = 5 * 1024 * 1024
LARGEST_DOCUMENT = 100 * 1024 * 1024
IMAGE_TYPES = frozenset({"image/jpeg", "image/png"})
DOCUMENT_TYPES = frozenset({"application/pdf"})


@dataclass(frozen=True)
class SamplePhoto:
    """A paper the person has at hand: `name` is its file name, `title` says what it is."""

    name: str
    title: str


@dataclass(frozen=True)
class PhoneOwner:
    """A demo member with a phone; `about` is one line for the tester, `says` are messages worth trying."""

    phone: str
    name: str
    about: str
    says: tuple[str, ...] = ()
    photos: tuple[SamplePhoto, ...] = ()


class PhoneSimulator:
    """The phones of the demo members. `photo(name)` returns a sample paper (JPEG or PDF bytes) or raises KeyError."""

    def __init__(
        self,
        *,
        store: GraphStore,
        courier: WebhookCourier,
        number: BusinessNumber,
        owners: Sequence[PhoneOwner],
        photo: Callable[[str], bytes],
        clock: Clock,
    ) -> None:
        self._store = store
        self._courier = courier
        self._number = number
        self._owners = {owner.phone: owner for owner in owners}
        self._photo = photo
        self._clock = clock

    @property
    def owners(self) -> tuple[PhoneOwner, ...]:
        return tuple(self._owners.values())

    def send_text(self, phone: str, text: str) -> str:
        """Writes to AUSTA; returns the wamid. Delivery is the courier's, at once when it runs."""
        if not text.strip() or len(text) > 4096:
            raise Invalid("demo.text_length", "a message has 1 to 4096 characters")
        return self._write(phone, "text", {"body": text})

    def send_image(self, phone: str, content: bytes, mime_type: str, caption: str = "") -> str:
        """Sends a photo (JPEG, PNG up to 5 MB)."""
        if mime_type not in IMAGE_TYPES or not 0 < len(content) <= LARGEST_IMAGE:
            raise Invalid("demo.image_not_accepted", "a photo is a JPEG or PNG of at most 5 MB", mime_type=mime_type)
        return self._write(
            phone, "image", {**({"caption": caption} if caption else {}), **self._upload(content, mime_type)}
        )

    def send_document(self, phone: str, content: bytes, filename: str, caption: str = "") -> str:
        """Sends a PDF (up to 100 MB)."""
        if not 0 < len(content) <= LARGEST_DOCUMENT:
            raise Invalid("demo.document_not_accepted", "a document has at most 100 MB", size=len(content))
        body = {"filename": filename, **self._upload(content, "application/pdf")}
        return self._write(phone, "document", {**({"caption": caption} if caption else {}), **body})

    def tap_button(self, phone: str, message_id: str, button_id: str) -> str:
        """Taps a reply button or chooses a list row of a message that AUSTA sent to this phone."""
        message = self._store.find_message(message_id)
        if message is None or message.direction != "austa" or message.phone != self._owner(phone).phone:
            raise NotFound("demo.message_not_found", "no such message on this phone")
        for choice in _choices(message):
            if choice["id"] == button_id:
                return self._tap(phone, message, choice)
        raise NotFound("demo.button_not_found", "the message has no such button")

    def transcript(self, phone: str, after: int = 0) -> JsonObject:
        """What the screen shows; `after` is the `cursor` of an earlier answer. Looking marks AUSTA's messages as read.

        `{"phone", "cursor": int, "messages": [{"id", "from": "member"|"austa", "type", "text", "at": ISO instant,
        "status": "sent"|"delivered"|"read"|"failed", "reply_to": id|null, "error": str|null,
        "media": {"url", "mime_type", "filename"}|null, "footer": str|null,
        "buttons": [{"id", "title"}], "link": {"title", "url"}|null,
        "list": {"button", "sections": [{"title", "rows": [{"id", "title", "description"}]}]}|null}],
        "inspector": [{"id", "at", "direction": "in"|"out", "kind", "call", "headers", "body"}]}`, the newest exchanges
        whatever `after`, oldest first.
        A message comes again, same `id`, when its status changes: replace it in place.
        """
        owner = self._owner(phone)
        self._mark_read(owner.phone)
        messages = self._store.list_messages(self._number.id, owner.phone, after)
        cursor = max((message.revision for message in messages), default=after)
        return {
            "phone": owner.phone,
            "cursor": cursor,
            "messages": [_shown(message) for message in messages],
            "inspector": [_inspected(exchange) for exchange in self._store.list_exchanges(owner.phone)],
        }

    def media(self, media_id: str) -> tuple[bytes, str]:
        """Bytes and type of a photo or file in a transcript."""
        media = self._store.find_media(media_id)
        if media is None:
            raise NotFound("demo.media_not_found", "no such file")
        return media.content, media.mime_type

    def sample_photo(self, name: str) -> bytes:
        if all(photo.name != name for owner in self.owners for photo in owner.photos):
            raise NotFound("demo.photo_not_found", "no such sample photo")
        return self._photo(name)

    def _write(self, phone: str, kind: str, content: JsonObject, reply_to: str | None = None) -> str:
        owner = self._owner(phone)
        now = self._clock.now()
        message_id = new_message_id(owner.phone)
        sender = Sender(owner.phone, owner.name)
        webhook = message_webhook(self._number, sender, message_id, now, kind=kind, content=content, reply_to=reply_to)
        self._store.add_message(
            id=message_id,
            number_id=self._number.id,
            phone=owner.phone,
            direction="member",
            kind=kind,
            content=content,
            at=now,
            webhooks=(wire_bytes(webhook),),
            reply_to=reply_to,
        )
        self._courier.nudge()
        return message_id

    def _tap(self, phone: str, message: StoredMessage, choice: JsonObject) -> str:
        if message.kind == "template":
            content = {"payload": choice["id"], "text": choice["title"]}
            return self._write(phone, "button", content, message.id)
        kind = "list_reply" if message.content.get("type") == "list" else "button_reply"
        return self._write(phone, "interactive", {"type": kind, kind: choice}, message.id)

    def _upload(self, content: bytes, mime_type: str) -> JsonObject:
        media = self._store.add_media(content, mime_type)
        return {"mime_type": mime_type, "sha256": media.sha256_base64, "id": media.id}

    def _mark_read(self, phone: str) -> None:
        now = self._clock.now()
        for message in self._store.list_messages(self._number.id, phone):
            if message.direction == "austa" and message.status == "delivered":
                read = status_entry(phone, message.id, now, "read")
                webhook = wire_bytes(status_webhook(self._number, [read]))
                self._store.advance_status(message.id, "read", now, (webhook,))
                self._courier.nudge()

    def _owner(self, phone: str) -> PhoneOwner:
        owner = self._owners.get(phone_of(phone))
        if owner is None:
            raise NotFound("demo.phone_not_found", "no demo member has this phone")
        return owner


def phone_routes(simulator: PhoneSimulator) -> list[Route]:
    """The routes of the phone page. Errors are `{"code", "message"}` with 404 or 422. No sign-in: demo only.

    GET  /demo/api/members                          {"items": [{"phone", "name", "about", "says": [text],
                                                    "photos": [{"name", "title", "url", "mime_type"}]}]}
    GET  /demo/api/phones/{phone}/transcript?after= `PhoneSimulator.transcript`
    POST /demo/api/phones/{phone}/text              {"text"} -> 201 {"id"}
    POST /demo/api/phones/{phone}/image             multipart: file (JPEG, PNG, PDF), caption -> 201 {"id"}
    POST /demo/api/phones/{phone}/button            {"message_id", "button_id"} -> 201 {"id"}
    GET  /demo/api/media/{media_id}                 bytes of a photo or file in a transcript
    GET  /demo/api/photos/{name}                    bytes of a sample paper
    """
    edge = _PhoneEdge(simulator)
    return [
        Route("/demo/api/members", _answer(edge.members), methods=["GET"]),
        Route("/demo/api/phones/{phone}/transcript", _answer(edge.transcript), methods=["GET"]),
        Route("/demo/api/phones/{phone}/text", _answer(edge.text), methods=["POST"]),
        Route("/demo/api/phones/{phone}/image", _answer(edge.image), methods=["POST"]),
        Route("/demo/api/phones/{phone}/button", _answer(edge.button), methods=["POST"]),
        Route("/demo/api/media/{media_id}", _answer(edge.media), methods=["GET"]),
        Route("/demo/api/photos/{name}", _answer(edge.photo), methods=["GET"]),
    ]


class _PhoneEdge:
    """Parses requests of the phone page and calls the simulator."""

    def __init__(self, simulator: PhoneSimulator) -> None:
        self._simulator = simulator

    async def members(self, request: Request) -> Response:
        return JSONResponse({"items": [_owner_json(owner) for owner in self._simulator.owners]})

    async def transcript(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not after.isdigit():
            raise Invalid("demo.cursor_not_valid", "after must be a cursor of an earlier answer")
        return JSONResponse(self._simulator.transcript(request.path_params["phone"], int(after)))

    async def text(self, request: Request) -> Response:
        body = await _json_object(request)
        return _created(self._simulator.send_text(request.path_params["phone"], str(body.get("text", ""))))

    async def image(self, request: Request) -> Response:
        phone = request.path_params["phone"]
        async with request.form() as form:
            file = form.get("file")
            if file is None or isinstance(file, str):
                raise Invalid("demo.file_missing", "the part 'file' is missing")
            content, mime_type = await file.read(), file.content_type or ""
            filename, caption = file.filename or "documento.pdf", str(form.get("caption") or "")
        if mime_type in DOCUMENT_TYPES:
            return _created(self._simulator.send_document(phone, content, filename, caption))
        return _created(self._simulator.send_image(phone, content, mime_type, caption))

    async def button(self, request: Request) -> Response:
        body = await _json_object(request)
        message_id, button_id = str(body.get("message_id", "")), str(body.get("button_id", ""))
        return _created(self._simulator.tap_button(request.path_params["phone"], message_id, button_id))

    async def media(self, request: Request) -> Response:
        content, mime_type = self._simulator.media(request.path_params["media_id"])
        return Response(content, media_type=mime_type)

    async def photo(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = await asyncio.to_thread(self._simulator.sample_photo, name)
        return Response(content, media_type=_type_of(name), headers={"Cache-Control": "max-age=3600"})


Endpoint = Callable[[Request], Any]


def _answer(endpoint: Endpoint) -> Endpoint:
    async def answered(request: Request) -> Response:
        try:
            response: Response = await endpoint(request)
        except AustaError as error:
            status = 404 if isinstance(error, NotFound) else 422
            return JSONResponse({"code": error.code, "message": error.message}, status_code=status)
        return response

    return answered


async def _json_object(request: Request) -> JsonObject:
    try:
        body = await request.json()
    except ValueError:
        raise Invalid("demo.not_json", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise Invalid("demo.not_json", "the body is not a JSON object")
    return body


def _created(message_id: str) -> Response:
    return JSONResponse({"id": message_id}, status_code=201)


def _owner_json(owner: PhoneOwner) -> JsonObject:
    photos = [
        {
            "name": photo.name,
            "title": photo.title,
            "url": f"/demo/api/photos/{photo.name}",
            "mime_type": _type_of(photo.name),
        }
        for photo in owner.photos
    ]
    return {"phone": owner.phone, "name": owner.name, "about": owner.about, "says": owner.says, "photos": photos}


def _type_of(name: str) -> str:
    return "application/pdf" if name.endswith(".pdf") else "image/jpeg"


def _shown(message: StoredMessage) -> JsonObject:
    content = message.content
    action = content.get("action") or {}
    parameters = action.get("parameters") or {}
    return {
        "id": message.id,
        "from": message.direction,
        "type": message.kind,
        "text": _text_of(message),
        "at": message.at.isoformat(),
        "status": message.status,
        "reply_to": message.reply_to,
        "error": message.error["title"] if message.error else None,
        "media": _media_of(message),
        "footer": (content.get("footer") or {}).get("text"),
        "buttons": _choices(message) if content.get("type") != "list" else [],
        "link": {"title": parameters["display_text"], "url": parameters["url"]} if "url" in parameters else None,
        "list": {"button": action["button"], "sections": action["sections"]} if "sections" in action else None,
    }


def _inspected(exchange: Exchange) -> JsonObject:
    return {
        "id": str(exchange.position),
        "at": exchange.at.isoformat(),
        "direction": exchange.direction,
        "kind": exchange.kind,
        "call": exchange.call,
        "headers": exchange.headers,
        "body": exchange.body,
    }


def _text_of(message: StoredMessage) -> str:
    content = message.content
    match message.kind:
        case "text":
            return str(content["body"])
        case "template":
            return str(content["shown"])
        case "button":
            return str(content["text"])
        case "reaction":
            return str(content.get("emoji", ""))
        case "interactive" if message.direction == "member":
            return str(content[content["type"]]["title"])
        case "interactive":
            header = (content.get("header") or {}).get("text")
            return "\n".join(part for part in (header, content["body"]["text"]) if part)
        case _:
            return str(content.get("caption", ""))


def _media_of(message: StoredMessage) -> JsonObject | None:
    content = message.content
    if "id" in content and message.kind in {"image", "document", "audio", "video", "sticker"}:
        url = f"/demo/api/media/{content['id']}"
    elif "link" in content:
        url = content["link"]
    else:
        return None
    return {"url": url, "mime_type": content.get("mime_type"), "filename": content.get("filename")}


def _choices(message: StoredMessage) -> list[JsonObject]:
    content = message.content
    action = content.get("action") or {}
    if message.kind == "template":
        return [
            {"id": button["parameters"][0]["payload"], "title": button["parameters"][0]["payload"]}
            for button in content.get("components") or []
            if button.get("type") == "button" and button.get("sub_type") == "quick_reply"
        ]
    replies = [dict(button["reply"]) for button in action.get("buttons") or []]
    return replies + [dict(row) for section in action.get("sections") or [] for row in section["rows"]]
