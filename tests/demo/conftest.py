"""A stand-in Graph API, a demo phone, and an AUSTA that writes down every webhook it is sent."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from austa.bench.graph.standin import GraphStandIn
from austa.demo.courier import WebhookCourier
from austa.demo.graph_store import GraphStore
from austa.demo.people import demo_world
from austa.demo.phone import PhoneSimulator
from austa.demo.phone_demo import open_phone_demo
from austa.kernel.clock import SetClock

APP_SECRET = "app-secret"
TOKEN = "graph-token"
PHONE = "5511900000004"
SAMPLE = "04-pedido.jpg"
ORIGIN = "http://austa.test"


@dataclass
class Inbox:
    """The webhooks that arrived: bodies and headers. `answer` is the status code with which it answers."""

    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    answer: int = 200

    async def receive(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.signatures.append(request.headers["x-hub-signature-256"])
        return Response(status_code=self.answer)


@dataclass
class Demo:
    clock: SetClock
    store: GraphStore
    courier: WebhookCourier
    graph: GraphStandIn
    phone: PhoneSimulator
    inbox: Inbox
    http: httpx2.AsyncClient

    async def send(self, **body: object) -> httpx2.Response:
        """A call of `POST /messages` as AUSTA makes it."""
        number_id = self.graph.numbers[0].id
        return await self.http.post(
            f"/v23.0/{number_id}/messages",
            json={"messaging_product": "whatsapp", "to": PHONE, **body},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    clock = SetClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    world = demo_world(clock.at.date())
    paper = tmp_path / "papers" / f"{world.today}-{SAMPLE}"  # rendered before, so that no test waits for it
    paper.parent.mkdir()
    paper.write_bytes(b"\xff\xd8paper")
    inbox = Inbox()
    app = Starlette(routes=[Route("/webhooks/whatsapp/{number_id}", inbox.receive, methods=["POST"])])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as http:
        phones = open_phone_demo(
            tmp_path,
            world,
            origin=ORIGIN,
            version="v23.0",
            token=TOKEN,
            app_secret=APP_SECRET,
            client=http,
            clock=clock,
            templates={"pedido_atualizado": "Há uma atualização no seu pedido {{1}}. Acesse: {{2}}"},
        )
        app.router.routes.extend(phones.routes())
        yield Demo(clock, phones.store, phones.courier, phones.graph, phones.phone, inbox, http)
    phones.store.close()
