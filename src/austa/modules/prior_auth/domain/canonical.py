"""One text for one value, so that a digest or a signature of the text means the value."""

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for values without floating-point numbers and with ASCII member names.

    Raises ValueError for a floating-point number: its text would depend on the writer.
    """
    text = _WRITER.encode(value)
    _READER.decode(text)
    return text.encode()


def _refuse_float(text: str) -> None:
    raise ValueError("a floating-point number has no place in a receipt")


_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_READER = json.JSONDecoder(parse_float=_refuse_float)
"""Sees every number that was written as one with a fraction or an exponent, at the speed of C."""
