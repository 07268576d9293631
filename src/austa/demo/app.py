"""The demo as the api process sees it: its routes and what runs beside them."""

from collections.abc import Mapping

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from austa.demo.days import first_day
from austa.demo.people import OPERATOR, demo_world
from austa.demo.phone_demo import PhoneDemo, open_phone_demo
from austa.demo.places import SHARED_WITH_STAND_IN
from austa.demo.staff import SIGN_IN_WORD, STAFF
from austa.infra.http import answer
from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.modules.notifications.api import VALUES
from austa.modules.notifications.domain import templates
from austa.runtime.api import Beside
from austa.runtime.compose import House

DEMO_MEMBERS = 5
"""As many as a page of a phone shows beneath its form."""


def beside(house: House) -> Beside:
    """The phone page's API, the stand-in Graph API, the outbox page, and the courier of webhooks."""
    # It speaks to ourselves only: no certificates are needed.
    client = httpx2.AsyncClient(verify=False)
    phones = _open_phones(house, client)
    pages = _DemoPages(house)
    return Beside(
        routes=[
            Route("/demo/api/sign-ins", pages.sign_ins, methods=["GET"]),
            Route("/demo/api/member-sign-ins", pages.member_sign_ins, methods=["GET"]),
            Route("/demo/api/outbox", pages.outbox, methods=["GET"]),
            *phones.routes(),
        ],
        tasks=[phones.courier.run],
    )


def _open_phones(house: House, client: httpx2.AsyncClient) -> PhoneDemo:
    settings = house.platform.settings
    folder = settings.data / "demo"
    return open_phone_demo(
        folder,
        demo_world(first_day(folder, house.platform.clock)),
        origin=f"http://127.0.0.1:{settings.port}",
        version=settings.whatsapp_graph_version,
        token=SHARED_WITH_STAND_IN,
        app_secret=SHARED_WITH_STAND_IN,
        client=client,
        clock=house.platform.clock,
        templates=_templates(),
    )


def _templates() -> Mapping[str, str]:
    """The operator's approved templates as Meta knows them: numbered parameters."""
    found = {}
    for code in VALUES:
        version = templates.current_version(code)
        template = templates.get_template(code, version)
        numbered = {name: f"{{{{{number}}}}}" for number, name in enumerate(template.parameters, 1)}
        found[templates.template_name(template, version)] = template.text.format_map(numbered)
    return found


class _DemoPages:
    """Pages of the demo that nobody signs in to."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def sign_ins(self, request: Request) -> Response:
        """Who may be tried, and the one password of the demo."""
        people = [
            {"name": person.name, "email": person.email, "roles": person.roles, "password": SIGN_IN_WORD}
            for person in STAFF
        ]
        return JSONResponse({"items": people})

    async def member_sign_ins(self, request: Request) -> Response:
        """Whom one may be on the members' own page; the code comes to the outbox page."""
        platform = self._house.platform
        world = demo_world(first_day(platform.settings.data / "demo", platform.clock))
        people = [
            {"name": person.name, "number": person.card_number, "birth_date": person.birth_date.isoformat()}
            for person in world.members
            if person.phone is not None
        ]
        return JSONResponse({"items": people[:DEMO_MEMBERS]})

    async def outbox(self, request: Request) -> Response:
        """Mails and SMS that a real installation would have sent, one-time codes among them."""
        operator_id = await self._house.identity.find_operator(OPERATOR.ans_registration)
        if operator_id is None:
            raise NotFound("demo.not_loaded", "the demo is not loaded yet")
        return answer(await self._house.notifications.list_outbox(Caller.system(operator_id, "demo"), limit=50))
