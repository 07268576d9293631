"""What the supervisor must know of the demo: its settings and what it prints. Imports little, for it starts first."""

from austa.bench.graph.webhooks import BusinessNumber
from austa.demo.staff import SIGN_IN_WORD, STAFF
from austa.infra.settings import Settings

DEMO_NUMBER = BusinessNumber()
"""The demo operator's WhatsApp number."""

SHARED_WITH_STAND_IN = "demo"
"""Secret, verify token and bearer token between AUSTA and the stand-in Graph API in the same process."""

LOADED = "The demo is loaded."


def environment(settings: Settings) -> dict[str, str]:
    """The settings that point AUSTA at the stand-in Graph API instead of Meta's."""
    return {
        "AUSTA_WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{settings.port}",
        "AUSTA_WHATSAPP_APP_SECRET": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_VERIFY_TOKEN": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_TOKEN": SHARED_WITH_STAND_IN,
        "AUSTA_WHATSAPP_NUMBERS": DEMO_NUMBER.id,
    }


def welcome(address: str) -> str:
    """What `serve --demo` prints once it answers."""
    people = "\n".join(f"  {person.email:<24} {', '.join(person.roles)}" for person in STAFF)
    return (
        f"\nAUSTA answers on {address}\n\n"
        f"Demo sign-ins (password {SIGN_IN_WORD}):\n{people}\n\n"
        f"Phone page: {address}/demo/telefone\n"
        "The people arrive within seconds, their papers are read in the next minutes. Everybody here is synthetic.\n"
        "Ctrl-C stops.\n"
    )
