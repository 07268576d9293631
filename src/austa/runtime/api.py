"""The api process: one ASGI app with every module's routes, the live feed, health, metrics and the web app."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI, Response, WebSocket, WebSocketDisconnect
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from austa import __version__
from austa.infra import telemetry
from austa.infra.db import Database
from austa.infra.feed import Feed
from austa.infra.http import SESSION_COOKIE, AnswerUnexpected, answer, handle_errors, problem
from austa.infra.middleware import BodyLimit, Measure, SecurityHeaders
from austa.infra.outbox import DatabaseAway, count_due
from austa.kernel.errors import AustaError
from austa.runtime.compose import House
from austa.runtime.numbers import attach_numbers

API_PREFIXES = ("/api/", "/demo/api/", "/webhooks/")
BODY_SLACK_MB = 1
SMALL_BODIES = {"/api/v1/ai/": 20_000, "/webhooks/": 3_145_728}
"""Bytes, where a body is a message that somebody wrote, and what Meta says a webhook may have (3 MB)."""
WS_UNAUTHENTICATED = 4401
WS_FORBIDDEN = 4403


@dataclass(frozen=True)
class Beside:
    """What a demo adds to the api process: routes before the web app's fall-back, and tasks that run beside it."""

    routes: Sequence[BaseRoute] = ()
    tasks: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()


def create_app(house: House, beside: Beside | None = None) -> FastAPI:
    """The app on a composed house."""
    beside = beside or Beside()
    settings = house.platform.settings
    feed = house.platform.feed

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await attach_numbers(house)
        running = [asyncio.create_task(task()) for task in (feed.run, *beside.tasks)]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await house.close()

    app = _Api(
        [route for stream in house.stream for route in stream()],
        title="AUSTA",
        version=__version__,
        summary="Care and prior authorization for Brazilian health-plan operators.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.authenticator = house.identity
    app.state.member_authenticator = house.sessions
    handle_errors(app)
    for router in house.routers():
        app.include_router(router)
    for pages in house.webhooks:
        for router in pages():
            app.webhooks.include_router(router)
    app.include_router(_operations(house.platform.database))
    app.include_router(_live(house, feed))
    app.router.routes.extend(beside.routes)
    app.router.routes.append(WebMount("/", WebApp(web_folder()), name="web"))
    app.add_middleware(BodyLimit, limit=(settings.max_upload_mb + BODY_SLACK_MB) * 1_048_576, smaller=SMALL_BODIES)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measure)
    return app


class _Api(FastAPI):
    """The message stream's few routes are looked at first, and served past FastAPI: what it does for a request costs
    more than taking a message in. They have the same limits, headers, metrics and answers to faults."""

    def __init__(self, stream: Sequence[Route], **given: Any) -> None:
        super().__init__(**given)
        self._stream = stream
        self._served = Measure(SecurityHeaders(BodyLimit(AnswerUnexpected(_handle), SMALL_BODIES["/webhooks/"])))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            for route in self._stream:
                match, child = route.matches(scope)
                if match is Match.FULL:
                    await self._served({**scope, **child, "route": route}, receive, send)
                    return
        await super().__call__(scope, receive, send)


async def _handle(scope: Scope, receive: Receive, send: Send) -> None:
    await scope["route"].handle(scope, receive, send)


def web_folder() -> Path | None:
    """The built web app: packed into the wheel, or `web/dist` of a checkout; None when it was not built."""
    packed = Path(str(resources.files("austa"))) / "_web"
    checkout = Path(__file__).parents[3] / "web" / "dist"
    return next((folder for folder in (packed, checkout) if (folder / "index.html").is_file()), None)


class WebMount(Mount):
    """Every address but the API's: there an unknown one is no page, and a wrong method is told as such (405)."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"].startswith(API_PREFIXES):
            return Match.NONE, {}
        return super().matches(scope)


class WebApp(StaticFiles):
    """Static files with a fall-back to index.html, so that every address of the app can be shared."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._built = folder is not None

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not self._built or scope["method"] not in {"GET", "HEAD"}:
            return problem(404, "http.404", "nothing is at this address")
        try:
            response = await super().get_response(path, scope)
        except Exception as error:
            if getattr(error, "status_code", 0) != 404 or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        # Built assets carry their hash in the name; the page that names them must be fresh.
        cached = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        response.headers["cache-control"] = cached
        return response


def _operations(database: Database) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/health")
    async def health() -> Response:
        """The process lives."""
        return answer({"status": "ok", "version": __version__})

    @router.get("/ready")
    async def ready() -> Response:
        """The process can serve: the database answers."""
        try:
            async with database.engine.connect() as connection:
                await connection.execute(sa.text("select 1"))
        except (sa.exc.SQLAlchemyError, OSError):
            return problem(503, "runtime.database_away", "the database does not answer", {"retry-after": "2"})
        return answer({"status": "ready", "version": __version__})

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics of this process, and what waits for workers."""
        with contextlib.suppress(*DatabaseAway):
            due = await count_due(database)
            telemetry.DELIVERIES_DUE.clear()
            for handler, waiting in due.items():
                telemetry.DELIVERIES_DUE.labels(handler).set(waiting)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def _live(house: House, feed: Feed) -> APIRouter:
    router = APIRouter()

    @router.websocket("/ws")
    async def live(socket: WebSocket) -> None:
        """The feed of what happened: `{id, type, time, key, data}` each; resume with `?last_event_id=`.

        Events hold ids only; whoever wants more asks the API, which checks.
        """
        await socket.accept()
        origin = socket.headers.get("origin")
        if origin is not None and origin.split("://", 1)[-1] != socket.headers.get("host"):
            return await socket.close(WS_FORBIDDEN, "another site's page")
        try:
            caller = await house.identity.authenticate(_credential(socket))
            if not house.platform.access.allows(caller, "case:read"):
                house.platform.access.check(caller, "conversation:read")
        except AustaError as error:
            return await socket.close(WS_UNAUTHENTICATED, error.code)
        sending = asyncio.create_task(_send(socket, feed, caller.operator_id, _last_event(socket)))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            return None
        finally:
            sending.cancel()

    return router


async def _send(socket: WebSocket, feed: Feed, operator_id: Any, last: UUID | None) -> None:
    async for envelope in feed.follow(operator_id, last):
        await socket.send_json(
            {
                "id": str(envelope.id),
                "type": envelope.type,
                "time": envelope.time.isoformat(),
                "key": envelope.key,
                "data": envelope.data,
            }
        )


def _credential(socket: WebSocket) -> str:
    scheme, _, token = socket.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else socket.cookies.get(SESSION_COOKIE, "")


def _last_event(socket: WebSocket) -> UUID | None:
    try:
        return UUID(socket.query_params["last_event_id"])
    except (KeyError, ValueError):
        return None
