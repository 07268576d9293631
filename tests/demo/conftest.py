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
from starlette.routing import Mount, Route

from austa.demo.courier import WebhookCourier
from austa.demo.graph import GraphStandIn
from austa.demo.graph_store import GraphStore
from austa.demo.phone import PhoneOwner, PhoneSimulator, SamplePhoto, phone_routes
from austa.demo.webhooks import BusinessNumber
from austa.kernel.clock import SetClock

APP_SECRET = "app-secret"
TOKEN = "graph-token"
PHONE = "5511900000004"
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
        number_id = self.graph.number.id
        return await self.http.post(
            f"/graph/v23.0/{number_id}/messages",
            json={"messaging_product": "whatsapp", "to": PHONE, **body},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    clock = SetClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    number = BusinessNumber()
    inbox = Inbox()
    store = GraphStore(tmp_path)
    app = Starlette(routes=[Route("/webhooks/whatsapp/{number_id}", inbox.receive, methods=["POST"])])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as http:
        courier = WebhookCourier(store, APP_SECRET, ORIGIN + "/webhooks/whatsapp/{number_id}", http, clock)
        graph = GraphStandIn(
            store=store,
            courier=courier,
            number=number,
            token=TOKEN,
            app_secret=APP_SECRET,
            public_url=ORIGIN + "/graph",
            clock=clock,
            templates={"pedido_atualizado": "Há uma atualização no seu pedido {{1}}. Acesse: {{2}}"},
        )
        owner = PhoneOwner(PHONE, "Severino Lopes Damasceno", "Joelho", photos=(SamplePhoto("a.jpg", "Pedido"),))
        phone = PhoneSimulator(
            store=store,
            courier=courier,
            number=number,
            owners=[owner],
            photo={"a.jpg": b"\xff\xd8paper"}.__getitem__,
            clock=clock,
        )
        app.router.routes.append(Mount("/graph", graph.app()))
        app.router.routes.extend(phone_routes(phone))
        yield Demo(clock, store, courier, graph, phone, inbox, http)
    store.close()
