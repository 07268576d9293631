"""Input that nobody should send, made from a door's own OpenAPI document: nearly right, wrong, or absurd."""

import json
from random import Random
from typing import Any

ABSURD: tuple[Any, ...] = (
    None,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 100_000,
    "١٢٣٤٥٦٧٨",
    "４０３０４３６１",
    "40304361\n",
    "'; drop table request; --",
    "2026-02-30",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "00000000-0000-0000-0000-000000000000",
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    float("nan"),
    True,
    [],
    {},
    [[[[]]]],
    {"centavos": 10**30},
)
RAW: tuple[bytes, ...] = (
    b"",
    b"{",
    b"null",
    b'"' + b"x" * 1_000_000,
    b"[" * 5_000,
    b'{"a":' * 2_000,
    b"\xff\xfe{}",
    b'{"member_id": "\\ud800"}',
    b'{"items": [], "items": [1]}',
)
Schema = dict[str, Any]


def strange_body(schema: Schema, whole: Schema, dice: Random) -> bytes:
    """JSON text for a body of that schema; seldom no JSON at all."""
    if dice.random() < 0.1:
        return dice.choice(RAW)
    return json.dumps(strange(schema, whole, dice, 0)).encode()


def strange(schema: Schema, whole: Schema, dice: Random, depth: int) -> Any:
    """A value of that schema, now and then something absurd in its place."""
    if dice.random() < 0.12:
        return dice.choice(ABSURD)
    if "$ref" in schema:
        return strange(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], whole, dice, depth)
    if "anyOf" in schema or "oneOf" in schema:
        return strange(dice.choice(schema.get("anyOf") or schema["oneOf"]), whole, dice, depth)
    if "const" in schema or "enum" in schema:
        return dice.choice([schema["const"]] if "const" in schema else schema["enum"])
    match schema.get("type"):
        case "object":
            named = schema.get("properties", {})
            asked = [name for name in named if name in schema.get("required", ()) or dice.random() < 0.5]
            extra = {"surprise": 1} if dice.random() < 0.05 else {}
            return {name: strange(named[name], whole, dice, depth + 1) for name in asked} | extra
        case "array" if depth < 6:
            count = 1_000 if dice.random() < 0.02 else dice.randrange(3)
            return [strange(schema.get("items", {}), whole, dice, depth + 1)] * count
        case "integer" | "number":
            return dice.choice((1, 2, schema.get("minimum", 0), schema.get("maximum", 10)))
        case "boolean":
            return dice.random() < 0.5
        case "string":
            return _text(schema, dice)
    return None


def _text(schema: Schema, dice: Random) -> str:
    match schema.get("format"):
        case "uuid":
            return f"{dice.getrandbits(128):032x}"
        case "date-time":
            return dice.choice(("2026-11-21T10:00:00Z", "1900-01-01T00:00:00Z", "2400-01-01T00:00:00-12:00"))
        case "date":
            return dice.choice(("2026-11-21", "1900-02-28", "2400-02-29"))
    return dice.choice(("40304361", "SP", "CRM", "Z00.0", "0001234-03.2026.8.26.0100", "texto", "20260000000001"))
