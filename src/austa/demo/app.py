"""The demo as the server sees it: its settings, its routes, what runs beside them, and what `serve --demo` prints."""

from collections.abc import Mapping

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from austa.demo.days import first_day
from austa.demo.people import OPERATOR, SIGN_IN_WORD, STAFF, demo_world
from austa.demo.phone_demo import DEMO_NUMBER, PhoneDemo, open_phone_demo
from austa.infra.http import answer
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.modules.notifications.api import VALUES
from austa.modules.notifications.domain import templates
from austa.runtime.api import Beside
from austa.runtime.compose import House

SHARED_WITH_STAND_IN = "demo"
"""Secret, verify token and bearer token between AUSTA and the stand-in Graph API in the same process."""


def environment(settings: Settings) -> dict[str, str]:
    """The settings that point AUSTA at the stand-in Graph API instead of Meta's."""
    return {
        "AUSTA_WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{settings.port}",
        "AUSTA_WHATSAPP_APP_SECRET": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_VERIFY_TOKEN": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_TOKEN": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_NUMBERS": DEMO_NUMBER.id,
    }


def beside(house: House) -> Beside:
    """The phone page's API, the stand-in Graph API, the outbox page, and the courier of webhooks."""
    client = httpx2.AsyncClient()
    phones = _open_phones(house, client)
    pages = _DemoPages(house)
    return Beside(
        routes=[
            Route("/demo/api/sign-ins", pages.sign_ins, methods=["GET"]),
            Route("/demo/api/outbox", pages.outbox, methods=["GET"]),
            *phones.routes(),
        ],
        tasks=[phones.courier.run],
    )


def welcome(address: str) -> str:
    """What `serve --demo` prints once it answers."""
    people = "\n".join(f"  {person.email:<24} {', '.join(person.roles)}" for person in STAFF)
    return (
        f"\nAUSTA answers on {address}\n\n"
        f"Demo sign-ins (password {SIGN_IN_WORD}):\n{people}\n\n"
        f"Phone page: {address}/demo/telefone\n"
        "Everybody here is synthetic. Ctrl-C stops."
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

    async def outbox(self, request: Request) -> Response:
        """Mails and SMS that a real installation would have sent, one-time codes among them."""
        operator_id = await self._house.identity.find_operator(OPERATOR.ans_registration)
        if operator_id is None:
            raise NotFound("demo.not_loaded", "the demo is not loaded yet")
        return answer(await self._house.notifications.list_outbox(Caller.system(operator_id, "demo"), limit=50))
