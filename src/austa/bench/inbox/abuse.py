"""Webhooks that nobody should post, and those that Meta never sent yet.

`bad` are refused, or were kept before: they change nothing. `odd` are signed as Meta signs, with a value that does not
belong where it stands: they are kept somehow, and hold nobody up.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from austa.bench.graph.webhooks import sign

MB = 1_048_576
TOO_LARGE = 3 * MB + 1
Headers = dict[str, str]
Some = TypeVar("Some")

ABSURD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 2**64, 10**30, 1e308, float("nan"), float("inf"), "", " ", "\x00", "\ud800", "9" * 5000,
    "-1", "1e9", "99999999999999", "\u202e\u0000", [], {}, [[]], [None, 1, {"id": 1}], {"id": {"id": []}}, ["x"] * 200,
)  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """One such webhook. `status`: what it must be answered with."""

    kind: str
    raw: bytes
    headers: Headers
    status: int


def bad(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    """One of all kinds. `honest`: a webhook that was answered with 200 before."""
    return _one(draw, _KINDS)(honest, secret, draw)


def _forged(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    """Not signed with our secret, over these bytes, as Meta does."""
    right = sign(honest, secret)
    signature = _one(draw, 
        (
            "", "sha256=", "nonsense", "sha256=" + "0" * 64, "sha256=" + "0" * 60_000, "sha1=" + right[7:47],
            right[:-1], "é" * 30, right[7:] + right, sign(honest, "another operator's secret"),
            sign(honest + b" ", secret), sign(b"", secret),
        )
    )  # fmt: skip
    return Bad("forged", honest, {"x-hub-signature-256": signature}, 401)


def _unsigned(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    return Bad("unsigned", honest, {}, 401)


def _changed(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    """The right signature over other bytes."""
    at = int(draw.integers(len(honest)))
    raw = honest[:at] + bytes([honest[at] ^ 1]) + honest[at + 1 :]
    return Bad("changed", raw, _signed(honest, secret), 401)


def _malformed(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    raw = _one(draw, 
        (
            b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"\x00" * 50, honest[: len(honest) // 2], honest + b"}",
            b"\xef\xbb\xbf" + honest, honest.decode().encode("utf-16"), b'{"entry": "\xe7\xe3o"}', b"1" * 5000,
            b'{"entry": ' + b"9" * 100_000 + b"}", b"{'entry': []}", b'{"entry": [],}',
        )
    )  # fmt: skip
    return Bad("malformed", raw, _signed(raw, secret), 400)


def _deep(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    depth = _one(draw, (61, 500, 5_000, 200_000))
    opened, closed = _one(draw, ((b"[", b"]"), (b'{"a":', b"}")))
    raw = b'{"entry":' + opened * depth + b"1" + closed * depth + b"}"
    return Bad("deep", raw, _signed(raw, secret), 400)


def _large(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    raw = b" " * TOO_LARGE
    return Bad("large", raw, _signed(raw, secret), 413)


def _compressed(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    """Meta does not compress; a small body may become a large one."""
    raw = gzip.compress(_one(draw, (honest, b"0" * 5 * MB)))
    return Bad("compressed", raw, _signed(raw, secret) | {"content-encoding": "gzip"}, 400)


def _replayed(honest: bytes, secret: str, draw: np.random.Generator) -> Bad:
    return Bad("replayed", honest, _signed(honest, secret), 200)


_KINDS = (
    *(_forged, _changed, _malformed) * 8, *(_unsigned, _deep, _replayed) * 4, _large, _compressed,
)  # fmt: skip


def odd(honest: dict[str, Any], draw: np.random.Generator) -> bytes:
    """That webhook with one absurd value, or with one name twice."""
    body = deepcopy(honest)
    path = _one(draw, list(_paths(body)))
    place = body
    for step in path[:-1]:
        place = place[step]
    value = _one(draw, ABSURD)
    place[path[-1]] = value
    raw = json.dumps(body)
    if draw.random() < 0.1:
        raw = raw.replace('"value": ', f'"value": {json.dumps(value)}, "value": ', 1)
    return raw.encode()


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place below."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*before, name)
        yield from _paths(inner, (*before, name))


def _signed(raw: bytes, secret: str) -> Headers:
    return {"x-hub-signature-256": sign(raw, secret)}


def _one(draw: np.random.Generator, of: Sequence[Some]) -> Some:
    return of[int(draw.integers(len(of)))]
