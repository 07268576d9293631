"""An installation with one WhatsApp number, and the stand-in for Meta that it talks to."""

import socket

from austa.bench.conversations.peer import Phones
from austa.bench.graph.limits import PeerLimits
from austa.bench.graph.standin import GraphStandIn
from austa.bench.graph.webhooks import BusinessNumber
from austa.kernel.clock import SystemClock

NUMBER = BusinessNumber()
SHARED = "bench"
"""Secret and tokens between AUSTA and the stand-in of the same machine."""
VERSION = "v23.0"
WEBHOOK_PATH = f"/webhooks/whatsapp/{NUMBER.id}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stand_in_at(port: int, phones: Phones, per_second: int) -> GraphStandIn:
    """Takes what AUSTA sends, up to the number's limit. To be served on that port."""
    return GraphStandIn(
        memory=phones,
        numbers=(NUMBER,),
        token=SHARED,
        app_secret=SHARED,
        url=f"http://127.0.0.1:{port}/{VERSION}",
        clock=SystemClock(),
        limits=PeerLimits(per_second=per_second),
    )


def settings_for(port: int, per_second: int) -> dict[str, str]:
    """AUSTA's variables for a stand-in on that port."""
    return {
        "AUSTA_WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}",
        "AUSTA_WHATSAPP_GRAPH_VERSION": VERSION,
        "AUSTA_WHATSAPP_APP_SECRET": SHARED,
        "AUSTA_WHATSAPP_VERIFY_TOKEN": SHARED,
        "AUSTA_WHATSAPP_TOKEN": SHARED,
        "AUSTA_WHATSAPP_NUMBERS": NUMBER.id,
        "AUSTA_WHATSAPP_MPS": str(per_second),
        "AUSTA_LOG_LEVEL": "warning",
    }
