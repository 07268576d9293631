"""A stand-in for Meta's Graph API: the part of the WhatsApp Cloud API that AUSTA calls, with Meta's shapes and errors.

It keeps what was sent for the phone page, answers with signed status webhooks, and fails when told to.
Nothing leaves the machine. Mounted at the version, `/v23.0`, it answers:

    POST   /{phone_number_id}/messages   send, or mark a message as read
    POST   /{phone_number_id}/media      upload (multipart: messaging_product, type, file)
    GET    /{media_id}                   {messaging_product, url, mime_type, sha256, file_size, id}
    GET    /{media_id}/content           the bytes; the address is valid for five minutes
    POST   /control/failures             {"code": 130429, "times": 2}: the next two sends fail so
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from austa.demo.courier import WebhookCourier
from austa.demo.graph_messages import GraphError, Outbound, delivery_error, read_outbound
from austa.demo.graph_store import GraphStore, StoredMedia
from austa.demo.webhooks import (
    BusinessNumber,
    JsonObject,
    bsuid_of,
    new_message_id,
    phone_of,
    status_webhook,
    wire_bytes,
)
from austa.kernel.clock import Clock

WINDOW = timedelta(hours=24)
MEDIA_URL_LIFE = timedelta(minutes=5)
LARGEST_UPLOAD = 100 * 1024 * 1024


@dataclass
class Failures:
    """Which error the next sends meet. Codes that Meta reports later arrive as a `failed` status, others at once."""

    code: int = 0
    times: int = 0

    def plan(self, code: int, times: int) -> None:
        self.code, self.times = code, times

    def take(self) -> int | None:
        if self.times <= 0:
            return None
        self.times -= 1
        return self.code


@dataclass(frozen=True)
class GraphStandIn:
    """The API over a store. `templates` are the approved ones: name -> text with `{{1}}`, `{{2}}`, …

    `url` is where this app is mounted, e.g. `http://127.0.0.1:8000/v23.0`. With `enforce_window`, free-form messages
    to somebody who has not written for 24 hours are accepted and then fail with 131047, as at Meta.
    """

    store: GraphStore
    courier: WebhookCourier
    number: BusinessNumber
    token: str
    app_secret: str
    url: str
    clock: Clock
    templates: Mapping[str, str] = field(default_factory=dict)
    enforce_window: bool = True
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
        body = await _json_body(request)
        self._check_number(request)
        if body.get("messaging_product") != "whatsapp":
            raise GraphError(100, "(#100) The parameter messaging_product is required.")
        if body.get("status") == "read":
            return self._mark_read(body)
        return self._send(body)

    def _send(self, body: JsonObject) -> Response:
        planned = self.failures.take()
        if planned is not None and not delivery_error(planned):
            raise GraphError(planned)
        message = read_outbound(body, self.templates)
        if message.media_id is not None and self.store.find_media(message.media_id) is None:
            raise GraphError(100, "(#100) Invalid parameter", "The media id does not exist.")
        phone = phone_of(message.recipient)
        error = delivery_error(planned) if planned is not None else self._window_error(phone, message.kind)
        message_id = new_message_id(phone)
        self._keep(message_id, phone, message, error, body.get("biz_opaque_callback_data"))
        self.courier.nudge()
        contact: JsonObject = {"input": message.recipient, "wa_id": phone, "user_id": bsuid_of(phone)}
        if message.recipient.startswith(bsuid_of("")):
            del contact["wa_id"]
        accepted: JsonObject = {"id": message_id}
        if message.kind == "template":
            accepted["message_status"] = "accepted"
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [accepted]})

    def _keep(
        self, message_id: str, phone: str, message: Outbound, error: JsonObject | None, callback_data: str | None
    ) -> None:
        now = self.clock.now()
        category = "utility" if message.kind == "template" else "service"
        statuses = ("failed",) if error else ("sent", "delivered")
        told = [
            status_webhook(
                self.number,
                phone,
                message_id,
                now,
                status,
                category=category,
                error=error,
                callback_data=callback_data,
            )
            for status in statuses
        ]
        self.store.add_message(
            id=message_id,
            number_id=self.number.id,
            phone=phone,
            direction="austa",
            kind=message.kind,
            content=message.content,
            at=now,
            webhooks=tuple(wire_bytes(payload) for payload in told),
            reply_to=message.reply_to,
            status=statuses[-1],
            error=error,
        )

    def _window_error(self, phone: str, kind: str) -> JsonObject | None:
        if kind == "template" or not self.enforce_window:
            return None
        last = self.store.last_from_member(self.number.id, phone)
        is_open = last is not None and self.clock.now() - last < WINDOW
        return None if is_open else delivery_error(131047)

    def _mark_read(self, body: JsonObject) -> Response:
        message = self.store.find_message(str(body.get("message_id")))
        if message is None or message.direction != "member":
            raise GraphError(100, "(#100) Invalid parameter", "The message id does not exist.")
        self.store.advance_status(message.id, "read", self.clock.now())
        return JSONResponse({"success": True})

    async def _upload(self, request: Request) -> Response:
        self._check_number(request)
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
            media = self.store.add_media(content, mime_type)
        return JSONResponse({"id": media.id})

    async def _describe_media(self, request: Request) -> Response:
        media = self._media(request)
        return JSONResponse(
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
        body = await _json_body(request)
        self.failures.plan(int(body["code"]), int(body.get("times", 1)))
        return JSONResponse({"success": True})

    def _media(self, request: Request) -> StoredMedia:
        media_id = request.path_params["media_id"]
        media = self.store.find_media(media_id)
        if media is None:
            raise _missing_object(media_id)
        return media

    def _media_url(self, media_id: str) -> str:
        expires = str(int((self.clock.now() + MEDIA_URL_LIFE).timestamp()))
        return f"{self.url}/{media_id}/content?ext={expires}&hash={self._media_proof(media_id, expires)}"

    def _media_proof(self, media_id: str, expires: str) -> str:
        return hmac.new(self.app_secret.encode(), f"{media_id}:{expires}".encode(), hashlib.sha256).hexdigest()[:32]

    def _check_number(self, request: Request) -> None:
        number_id = request.path_params["number_id"]
        if number_id != self.number.id:
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


async def _json_body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise GraphError(100, "(#100) Invalid parameter", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise GraphError(100, "(#100) Invalid parameter", "The body is not an object.")
    return body


def _missing_object(object_id: str) -> GraphError:
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation.",
    )


def _error_response(error: GraphError) -> Response:
    body = error.body()
    body["fbtrace_id"] = secrets.token_urlsafe(17)
    return JSONResponse({"error": body}, status_code=error.http_status)


async def _unknown_path(request: Request, error: Exception) -> Response:
    return _error_response(GraphError(2500, "Unknown path components: " + request.url.path))
