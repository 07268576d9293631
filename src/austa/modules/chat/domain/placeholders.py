"""What stands for a person's words in a canned answer; the screen fills it in before anything is sent."""

import re

from austa.kernel.errors import Invalid

KNOWN = frozenset({"nome", "protocolo", "atendente"})
"""The person's first name, the protocol of their newest request, who answers."""

_BRACED = re.compile(r"\{([^{}]*)\}")


def check_placeholders(text: str) -> None:
    """Raises `Invalid` `chat.placeholder_unknown` for one that no screen fills in, or for a brace left open."""
    unknown = sorted(set(_BRACED.findall(text)) - KNOWN)
    if unknown or set("{}") & set(_BRACED.sub("", text)):
        raise Invalid("chat.placeholder_unknown", "known are {nome}, {protocolo} and {atendente}", count=len(unknown))
