"""Finds the coverage pack: inside the installed package, or in a checkout beside the source."""

from importlib import resources
from pathlib import Path

import austa
from austa.kernel.errors import Unavailable
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack

NAME = "coverage.json"


def load_pack() -> CoveragePack:
    """The seed pack. Raises `Unavailable` `prior_auth.pack_missing` or `prior_auth.pack_wrong`."""
    return read_pack(pack_source())


def pack_source() -> bytes:
    """The seed pack's text. Raises `Unavailable` `prior_auth.pack_missing`."""
    packed = resources.files("austa") / "_rules" / NAME
    if packed.is_file():
        return packed.read_bytes()
    beside = Path(austa.__file__).resolve().parents[2] / "rules" / NAME
    if beside.is_file():
        return beside.read_bytes()
    raise Unavailable("prior_auth.pack_missing", "rules/coverage.json is neither in the package nor in the checkout")
