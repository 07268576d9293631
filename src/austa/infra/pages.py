"""Opaque cursors for lists that are read in order of (sort value, id)."""

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from austa.kernel.errors import Invalid

LARGEST_PAGE = 100
LONGEST_CURSOR = 1_000


def encode_cursor(*values: Any) -> str:
    """A cursor that stands after the row with these sort values (texts, numbers, ISO instants, ids)."""
    return base64.urlsafe_b64encode(json.dumps([str(v) for v in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[str]:
    """The sort values as texts. Raises `Invalid` for a cursor that is not ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != length or not all(_is_plain(value) for value in values):
        raise _not_ours()
    return values


def decode_time_and_id(cursor: str) -> tuple[datetime, UUID]:
    """The place in a list that is sorted by an aware instant and an id. Raises `Invalid`."""
    instant, row_id = decode_cursor(cursor, 2)
    try:
        at, found = datetime.fromisoformat(instant), UUID(row_id)
    except ValueError:
        raise _not_ours() from None
    if at.tzinfo is None:
        raise _not_ours()
    return at, found


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value  # PostgreSQL takes no NUL in a text


def _not_ours() -> Invalid:
    return Invalid("pages.cursor", "this cursor is not one of ours")
