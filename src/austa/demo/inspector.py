"""Listens on the wire between AUSTA and the stand-in, for the inspector beside the phone: what was really sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from austa.bench.graph.webhooks import JsonObject, phone_of
from austa.demo.graph_store import Exchange, GraphStore
from austa.kernel.clock import Clock

SIGNATURE = "X-Hub-Signature-256"


@dataclass(frozen=True)
class Inspector:
    """Keeps webhooks as the courier posts them and Graph API calls as AUSTA makes them, each with its phone."""

    store: GraphStore
    clock: Clock

    async def note_webhook(self, request: httpx2.Request) -> None:
        """An event hook of the courier's client; requests that are no webhooks pass unnoted."""
        if SIGNATURE not in request.headers:
            return
        value = json.loads(request.content)["entry"][0]["changes"][0]["value"]
        call = f"{request.method} {request.url.path}"
        for message in value.get("messages", []):
            headers = {"Content-Type": request.headers["content-type"], SIGNATURE: request.headers[SIGNATURE]}
            self._keep(message["from"], "in", message["type"], call, headers, json.loads(request.content))
        for status in value.get("statuses", []):
            told = {name: status[name] for name in ("id", "status", "errors") if name in status}
            headers = {SIGNATURE: request.headers[SIGNATURE]}
            self._keep(status["recipient_id"], "in", f"status: {status['status']}", call, headers, told)

    def listening(self, graph: ASGIApp) -> ASGIApp:
        """The stand-in's application with this inspector before it."""

        async def listened(scope: Scope, receive: Receive, send: Send) -> None:
            body = await self._note_call(scope, receive) if scope["type"] == "http" else None
            await graph(scope, receive if body is None else _again(body, receive), send)

        return listened

    async def _note_call(self, scope: Scope, receive: Receive) -> bytes | None:
        """Notes a call that concerns a phone; returns the body where it had to be read."""
        request = Request(scope, receive)
        raw = await request.body() if "json" in request.headers.get("content-type", "") else None
        body = _json_object(raw) if raw is not None else None
        phone = self._phone_of(request, body)
        if phone is not None:
            kind = "media" if body is None else str(body.get("type") or body.get("status") or "text")
            self._keep(phone, "out", kind, f"{request.method} {request.url.path}", _without_secret(request), body)
        return raw

    def _phone_of(self, request: Request, body: JsonObject | None) -> str | None:
        if body is not None and (recipient := body.get("to") or body.get("recipient")):
            return phone_of(str(recipient))
        if body is not None:
            message = self.store.find_message(str(body.get("message_id")))
            return message.phone if message else None
        return self.store.phone_of_media(request.url.path.removesuffix("/content").rsplit("/", 1)[-1])

    def _keep(
        self, phone: str, direction: str, kind: str, call: str, headers: Mapping[str, str], body: JsonObject | None
    ) -> None:
        self.store.add_exchange(phone, Exchange(0, self.clock.now(), direction, kind, call, dict(headers), body))


def _without_secret(request: Request) -> dict[str, str]:
    shown = {name: request.headers[name] for name in ("content-type", "user-agent") if name in request.headers}
    return {"authorization": "Bearer •••", **shown} if "authorization" in request.headers else shown


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body once more that was read already."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
