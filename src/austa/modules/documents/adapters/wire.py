"""Frames between the worker and its reader process: a JSON head and a body of bytes, both with their length."""

import json
import struct
from typing import Any

HEAD = struct.Struct(">II")
"""Lengths of head and body."""
LARGEST_FRAME = 64 * 1024 * 1024


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    encoded = json.dumps(head, ensure_ascii=False).encode()
    return HEAD.pack(len(encoded), len(body)) + encoded + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """The lengths that a frame's first eight bytes announce. Raises `ValueError` for what cannot be a frame."""
    head, body = HEAD.unpack(prefix)
    if head + body > LARGEST_FRAME:
        raise ValueError("a frame announces more than it may hold")
    return head, body
