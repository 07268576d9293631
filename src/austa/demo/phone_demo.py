"""Puts the telephones together: stand-in Graph API, courier, simulator and their routes, in one folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
from starlette.routing import BaseRoute, Mount

from austa.bench.graph.standin import GraphStandIn
from austa.demo.courier import WebhookCourier
from austa.demo.graph_store import GraphStore
from austa.demo.inspector import Inspector
from austa.demo.orders.render import PaperShelf
from austa.demo.people import phone_owners
from austa.demo.phone import PhoneSimulator, phone_routes
from austa.demo.places import DEMO_NUMBER
from austa.demo.shapes import DemoWorld
from austa.kernel.clock import Clock


@dataclass(frozen=True)
class PhoneDemo:
    """Add `routes()` to the server and keep `courier.run()` running beside it."""

    store: GraphStore
    courier: WebhookCourier
    graph: GraphStandIn
    phone: PhoneSimulator
    inspector: Inspector
    version: str

    def routes(self) -> list[BaseRoute]:
        """The phone page's API, and the Graph API under its version at the root of the server."""
        return [Mount(f"/{self.version}", self.inspector.listening(self.graph.app())), *phone_routes(self.phone)]


def open_phone_demo(
    folder: Path,
    world: DemoWorld,
    *,
    origin: str,
    version: str,
    token: str,
    app_secret: str,
    client: httpx2.AsyncClient,
    clock: Clock,
    templates: Mapping[str, str],
) -> PhoneDemo:
    """Opens the telephones in a folder.

    `origin` is the server itself (`http://127.0.0.1:8000`), which AUSTA must use as the Graph API's address, with
    `version`, `token` and `app_secret` as in its settings. `client` is the courier's alone; the
    inspector listens on it. `templates` are the operator's: name -> text with `{{1}}`.
    """
    store = GraphStore(folder)
    inspector = Inspector(store, clock)
    client.event_hooks["request"].append(inspector.note_webhook)
    courier = WebhookCourier(store, app_secret, origin + "/webhooks/whatsapp/{number_id}", client, clock)
    store.queued = courier.nudge
    graph = GraphStandIn(
        memory=store,
        numbers=(DEMO_NUMBER,),
        token=token,
        app_secret=app_secret,
        url=f"{origin}/{version}",
        clock=clock,
        templates=templates,
    )
    phone = PhoneSimulator(
        store=store,
        courier=courier,
        number=DEMO_NUMBER,
        owners=phone_owners(world),
        photo=PaperShelf(world, folder / "papers").take,
        clock=clock,
    )
    return PhoneDemo(store, courier, graph, phone, inspector, version)
