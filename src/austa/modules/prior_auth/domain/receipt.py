"""The decision receipt: one canonical JSON text for a decision, and its digest that the ledger commits to."""

import hashlib
import json
from typing import Any

FORMAT = "austa-decision-receipt/1"


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for values without floating-point numbers and with ASCII member names.

    Raises ValueError for a floating-point number: its text would depend on the writer.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(receipt: bytes) -> str:
    """SHA-256, hex. The receipt holds a random `nonce`, so that nobody can guess its content from the digest."""
    return hashlib.sha256(receipt).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a floating-point number has no place in a receipt")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(inner)
