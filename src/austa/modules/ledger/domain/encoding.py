"""Bytes as standard base64 text, refusing any other spelling of the same bytes."""

import base64
import binascii


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text. Raises ValueError for anything `to_base64` would not have written."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if to_base64(raw) != text:
        raise ValueError("not canonical base64")
    return raw
