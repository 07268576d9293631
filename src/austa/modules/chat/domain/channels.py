"""By which way a conversation goes. The web chat of an operator is a number of its own, that Meta knows nothing of."""

from typing import Literal

from austa.kernel.ids import MemberId, OperatorId
from austa.modules.chat.domain.webhook import Sender

Channel = Literal["whatsapp", "web"]

_WEB = "web:"


def web_number(operator_id: OperatorId) -> str:
    return f"{_WEB}{operator_id}"


def web_sender(member_id: MemberId) -> Sender:
    """A member on their own page: who signed in, and nobody else."""
    return Sender(wa_id=None, user_id=f"member:{member_id}")


def channel_of(number_id: str) -> Channel:
    return "web" if number_id.startswith(_WEB) else "whatsapp"


def is_web(number_id: str) -> bool:
    return channel_of(number_id) == "web"
