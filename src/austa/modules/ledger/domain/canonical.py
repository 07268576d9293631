"""Canonical JSON (RFC 8785): one text for one value, so that a hash of it means the value."""

import json
import math
from decimal import Decimal
from typing import Any

from austa.kernel.errors import Invalid

LARGEST_EXACT = 2**53
"""Beyond this a reader that holds numbers as doubles (as RFC 8785 does) would see another number."""


def canonical_json(value: Any) -> bytes:
    """The value as UTF-8 without spaces, members sorted by UTF-16 units, numbers as ECMAScript writes them.

    Raises Invalid `ledger.not_canonical` for what RFC 8785 cannot write: NaN, huge integers, lone surrogates.
    """
    try:
        return _text(value).encode()
    except UnicodeEncodeError:
        raise _not_canonical("a text holds half of a surrogate pair") from None


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) <= LARGEST_EXACT:
            return str(value)
        case float() if math.isfinite(value):
            return _number(value)
        case dict() if all(isinstance(name, str) for name in value):
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_text, value)) + "]"
    raise _not_canonical("a value has no canonical form")


def _number(value: float) -> str:
    """ECMAScript's Number::toString: the same shortest digits as Python's, laid out in another way."""
    if value == 0:
        return "0"
    shortest = Decimal(repr(abs(value))).normalize().as_tuple()
    digits = "".join(map(str, shortest.digits))
    point = len(digits) + int(shortest.exponent)
    sign = "-" if value < 0 else ""
    if 0 < point <= 21:
        whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
        return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{sign}{mantissa}e{point - 1:+d}"


def _not_canonical(why: str) -> Invalid:
    return Invalid("ledger.not_canonical", why)
