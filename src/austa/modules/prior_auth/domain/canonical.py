"""One text for one value, so that a digest or a signature of the text means the value."""

import json
from contextlib import suppress
from typing import Any

import msgspec


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for values without floating-point numbers and with ASCII member names.

    Raises ValueError for a floating-point number: its text would depend on the writer.
    """
    with suppress(msgspec.MsgspecError, OverflowError, TypeError, ValueError):
        text = _FAST_WRITER.encode(value)
        # Only what reads back as the same value is sure to be written as the slow way writes it.
        if _READER.decode(text) == value:
            return text
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _refuse_float(text: str) -> None:
    raise ValueError("a floating-point number has no place in a receipt")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        _refuse_float(repr(value))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(inner)


_FAST_WRITER = msgspec.json.Encoder(order="deterministic")
_READER = msgspec.json.Decoder(float_hook=_refuse_float)
