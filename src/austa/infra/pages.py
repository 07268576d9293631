"""Opaque cursors for lists that are read in order of (sort value, id)."""

import base64
import json
from typing import Any

from austa.kernel.errors import Invalid

LARGEST_PAGE = 100


def encode_cursor(*values: Any) -> str:
    """A cursor that stands after the row with these sort values (texts, numbers, ISO instants, ids)."""
    return base64.urlsafe_b64encode(json.dumps([str(v) for v in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[str]:
    """The sort values as texts. Raises `Invalid` for a cursor that is not ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Invalid("pages.cursor", "this cursor is not one of ours")
    return values
