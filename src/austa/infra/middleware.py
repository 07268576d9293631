"""Pure ASGI middleware: a body limit, security headers, and one metric and trace a request.

Pure ASGI and not `BaseHTTPMiddleware`, which costs a task a request and breaks streaming.
"""

import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from austa.infra import telemetry
from austa.infra.http import problem

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
        b" connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
    ),
)


class SecurityHeaders:
    """Adds the headers that every answer carries. MUI writes style elements, hence `unsafe-inline` for styles."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SECURITY_HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies over `limit` bytes with 413, by Content-Length at once and by counting for the rest.

    `smaller`: limits of the paths that begin so.
    """

    def __init__(self, app: ASGIApp, limit: int, smaller: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._smaller = smaller or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((less for start, less in self._smaller.items() if scope["path"].startswith(start)), self._limit)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            # What reads the body may turn our error into its own answer (FastAPI: 400); that one is not sent.
            nonlocal started
            if seen <= limit or started:
                started = True
                await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLargeError:
            if started:
                raise
        if seen > limit and not started:
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        shown = f"{limit // 1_048_576} MB" if limit >= 1_048_576 else f"{limit // 1_000} kB"
        detail = f"the body is larger than {shown}"
        await problem(413, "http.too_large", detail, {"connection": "close"})(scope, receive, send)


class Measure:
    """Counts and times every request by its route, never by its path (paths hold ids)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with telemetry.tracer.start_as_current_span(f"HTTP {scope['method']}"):
            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", "other")
                telemetry.HTTP_REQUESTS.labels(scope["method"], route, str(status)).inc()
                telemetry.HTTP_SECONDS.labels(scope["method"], route).observe(time.perf_counter() - began)


class _TooLargeError(Exception):
    pass
