"""A stand-in for Meta's Graph API: the part of the WhatsApp Cloud API that AUSTA calls, with Meta's shapes and errors.

It keeps what was sent, has statuses told by webhook, enforces the limits that it is given, and fails when told to.
Nothing leaves the machine. Mounted at the version, `/v23.0`, it answers:

    POST   /{phone_number_id}/messages   send, or mark a message as read
    POST   /{phone_number_id}/media      upload (multipart: messaging_product, type, file)
    GET    /{media_id}                   {messaging_product, url, mime_type, sha256, file_size, id}
    GET    /{media_id}/content           the bytes; the address is valid for five minutes
    POST   /control/failures             {"code": 130429, "times": 2}: the next two sends fail so
                                         {"latency_s": 0.5}: every send is answered so late
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from austa.bench.graph.limits import PeerLimits
from austa.bench.graph.memory import Memory, Sent, StoredMedia
from austa.bench.graph.messages import GraphError, Outbound, delivery_error, read_outbound
from austa.bench.graph.webhooks import BusinessNumber, JsonObject, bsuid_of, new_message_id, phone_of, status_entry
from austa.kernel.clock import Clock

WINDOW = timedelta(hours=24)
MEDIA_URL_LIFE = timedelta(minutes=5)
LARGEST_UPLOAD = 100 * 1024 * 1024


@dataclass
class Failures:
    """Which error the next sends meet. Codes that Meta reports later arrive as a `failed` status, others at once."""

    code: int = 0
    times: int = 0
    latency_s: float = 0.0

    def plan(self, code: int, times: int) -> None:
        self.code, self.times = code, times

    def take(self) -> int | None:
        if self.times <= 0:
            return None
        self.times -= 1
        return self.code


@dataclass(frozen=True)
class GraphStandIn:
    """The API over a memory. `templates` are the approved ones: name -> text with `{{1}}`, `{{2}}`, …

    `url` is where this app is mounted, e.g. `http://127.0.0.1:8000/v23.0`. With `enforce_window`, free-form messages
    to somebody who has not written for 24 hours are accepted and then fail with 131047, as at Meta. Without `limits`
    there are none.
    """

    memory: Memory
    numbers: Sequence[BusinessNumber]
    token: str
    app_secret: str
    url: str
    clock: Clock
    templates: Mapping[str, str] = field(default_factory=dict)
    enforce_window: bool = True
    limits: PeerLimits | None = None
    failures: Failures = field(default_factory=Failures)

    def app(self) -> Starlette:
        """The ASGI application; mount it where `url` points."""
        routes = [
            Route("/control/failures", self._guard(self._plan_failures), methods=["POST"]),
            Route("/{number_id}/messages", self._guard(self._messages), methods=["POST"]),
            Route("/{number_id}/media", self._guard(self._upload), methods=["POST"]),
            Route("/{media_id}/content", self._guard(self._download), methods=["GET"]),
            Route("/{media_id}", self._guard(self._describe_media), methods=["GET"]),
        ]
        return Starlette(routes=routes, exception_handlers={404: _unknown_path, 405: _unknown_path})

    async def _messages(self, request: Request) -> Response:
        body = _json_body(await request.body())
        number = self._number(request)
        if body.get("messaging_product") != "whatsapp":
            raise GraphError(100, "(#100) The parameter messaging_product is required.")
        if body.get("status") == "read":
            return self._mark_read(body)
        try:
            return self._send(number, body)
        finally:
            if self.failures.latency_s:
                await asyncio.sleep(self.failures.latency_s)

    def _send(self, number: BusinessNumber, body: JsonObject) -> Response:
        planned = self.failures.take()
        if planned is not None and not delivery_error(planned):
            raise GraphError(planned)
        message = read_outbound(body, self.templates)
        if message.media_id is not None and self.memory.find_media(message.media_id) is None:
            raise GraphError(100, "(#100) Invalid parameter", "The media id does not exist.")
        phone = phone_of(message.recipient)
        is_open = self._window_is_open(number.id, phone)
        met = self._limit(number.id, phone, starts=not is_open)
        error = delivery_error(planned or met or 0)
        if met is not None and error is None:
            raise GraphError(met)
        if error is None and message.kind != "template" and self.enforce_window and not is_open:
            error = delivery_error(131047)
        message_id = new_message_id(phone)
        self._keep(number, message_id, phone, message, error, body.get("biz_opaque_callback_data"))
        contact: JsonObject = {"input": message.recipient, "wa_id": phone, "user_id": bsuid_of(phone)}
        if message.recipient.startswith(bsuid_of("")):
            del contact["wa_id"]
        accepted: JsonObject = {"id": message_id}
        if message.kind == "template":
            accepted["message_status"] = "accepted"
        return _json({"messaging_product": "whatsapp", "contacts": [contact], "messages": [accepted]})

    def _keep(
        self,
        number: BusinessNumber,
        message_id: str,
        phone: str,
        message: Outbound,
        error: JsonObject | None,
        send_id: str | None,
    ) -> None:
        now = self.clock.now()
        category = "utility" if message.kind == "template" else "service"
        statuses = ("failed",) if error else ("sent", "delivered")
        told = [
            status_entry(phone, message_id, now, status, category=category, error=error, callback_data=send_id)
            for status in statuses
        ]
        sent = Sent(
            id=message_id,
            number_id=number.id,
            phone=phone,
            kind=message.kind,
            content=message.content,
            reply_to=message.reply_to,
            at=now,
            status=statuses[-1],
            error=error,
            send_id=send_id,
        )
        self.memory.keep_sent(number, sent, told)

    def _limit(self, number_id: str, phone: str, *, starts: bool) -> int | None:
        if self.limits is None:
            return None
        return self.limits.take(number_id, phone, self.clock.now().timestamp(), starts=starts)

    def _window_is_open(self, number_id: str, phone: str) -> bool:
        last = self.memory.last_from_member(number_id, phone)
        return last is not None and self.clock.now() - last < WINDOW

    def _mark_read(self, body: JsonObject) -> Response:
        if not self.memory.mark_read(str(body.get("message_id")), self.clock.now()):
            raise GraphError(100, "(#100) Invalid parameter", "The message id does not exist.")
        return _json({"success": True})

    async def _upload(self, request: Request) -> Response:
        self._number(request)
        async with request.form() as form:
            file = form.get("file")
            if form.get("messaging_product") != "whatsapp":
                raise GraphError(100, "(#100) The parameter messaging_product is required.")
            if file is None or isinstance(file, str):
                raise GraphError(100, "(#100) The parameter file is required.")
            mime_type = str(form.get("type") or file.content_type or "application/octet-stream")
            content = await file.read()
            if not 0 < len(content) <= LARGEST_UPLOAD:
                raise GraphError(100, "(#100) Invalid parameter", "The file has no size that is accepted.")
            media = self.memory.add_media(content, mime_type)
        return _json({"id": media.id})

    async def _describe_media(self, request: Request) -> Response:
        media = self._media(request)
        return _json(
            {
                "messaging_product": "whatsapp",
                "url": self._media_url(media.id),
                "mime_type": media.mime_type,
                "sha256": media.sha256_hex,
                "file_size": len(media.content),
                "id": media.id,
            }
        )

    async def _download(self, request: Request) -> Response:
        media = self._media(request)
        expires = request.query_params.get("ext", "")
        proof = request.query_params.get("hash", "")
        in_time = expires.isdigit() and int(expires) >= self.clock.now().timestamp()
        if not in_time or not hmac.compare_digest(proof, self._media_proof(media.id, expires)):
            return Response(status_code=404)
        return Response(media.content, media_type=media.mime_type)

    async def _plan_failures(self, request: Request) -> Response:
        body = _json_body(await request.body())
        if "code" in body:
            self.failures.plan(int(body["code"]), int(body.get("times", 1)))
        self.failures.latency_s = float(body.get("latency_s", self.failures.latency_s))
        return _json({"success": True})

    def _media(self, request: Request) -> StoredMedia:
        media_id = request.path_params["media_id"]
        media = self.memory.find_media(media_id)
        if media is None:
            raise _missing_object(media_id)
        return media

    def _media_url(self, media_id: str) -> str:
        expires = str(int((self.clock.now() + MEDIA_URL_LIFE).timestamp()))
        return f"{self.url}/{media_id}/content?ext={expires}&hash={self._media_proof(media_id, expires)}"

    def _media_proof(self, media_id: str, expires: str) -> str:
        return hmac.new(self.app_secret.encode(), f"{media_id}:{expires}".encode(), hashlib.sha256).hexdigest()[:32]

    def _number(self, request: Request) -> BusinessNumber:
        number_id = request.path_params["number_id"]
        for number in self.numbers:
            if number.id == number_id:
                return number
        raise _missing_object(number_id)

    def _guard(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            try:
                if not hmac.compare_digest(given.encode(), self.token.encode()):
                    raise GraphError(190)
                return await endpoint(request)
            except GraphError as error:
                return _error_response(error)

        return guarded


def _json_body(raw: bytes) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise GraphError(100, "(#100) Invalid parameter", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise GraphError(100, "(#100) Invalid parameter", "The body is not an object.")
    return body


def _json(body: JsonObject, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def _missing_object(object_id: str) -> GraphError:
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation.",
    )


def _error_response(error: GraphError) -> Response:
    body = error.body()
    body["fbtrace_id"] = secrets.token_urlsafe(17)
    return _json({"error": body}, error.http_status)


async def _unknown_path(request: Request, error: Exception) -> Response:
    return _error_response(GraphError(2500, "Unknown path components: " + request.url.path))
