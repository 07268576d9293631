"""Finds the seed of the rules: inside the installed package, or in a checkout beside the source."""

from importlib import resources
from pathlib import Path

import austa
from austa.kernel.errors import Unavailable

NAME = "signals.json"


def rules_source() -> bytes:
    """The seed's text. Raises `Unavailable` `fraud.rules_missing`."""
    packed = resources.files("austa") / "_rules" / NAME
    if packed.is_file():
        return packed.read_bytes()
    beside = Path(austa.__file__).resolve().parents[2] / "rules" / NAME
    if beside.is_file():
        return beside.read_bytes()
    raise Unavailable("fraud.rules_missing", "rules/signals.json is neither in the package nor in the checkout")
