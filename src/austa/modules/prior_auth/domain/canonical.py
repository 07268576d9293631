"""One text for one value, so that a digest or a signature of the text means the value."""

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for values without floating-point numbers and with ASCII member names.

    Raises ValueError for a floating-point number: its text would depend on the writer.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("a floating-point number has no place in a receipt")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(inner)
