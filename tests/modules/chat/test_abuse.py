"""Abuse: webhooks that are forged, broken or absurd change nothing, make no fault, and hold nobody up."""

import json

import httpx2
import numpy as np
import pytest

from austa.bench.graph.webhooks import sign
from austa.bench.inbox.abuse import bad, odd
from austa.infra.parked import ParkedDeliveries
from tests.modules.chat.conftest import SECRET, Line
from tests.modules.chat.test_order import everything
from tests.modules.chat.test_webhook import PAYLOADS, client, for_number

__all__ = ["client"]


async def post_bad(line: Line, client: httpx2.AsyncClient, draw: np.random.Generator, honest: bytes) -> None:
    one = bad(honest, SECRET, draw)
    headers = httpx2.Headers([(name.encode(), value.encode()) for name, value in one.headers.items()])
    answer = await client.post(f"/webhooks/whatsapp/{line.number_id}", content=one.raw, headers=headers)
    assert answer.status_code == one.status, (one.kind, one.raw[:200], answer.text[:200])


async def changes_nothing(line: Line, client: httpx2.AsyncClient, draw: np.random.Generator, count: int) -> None:
    honest = json.dumps(line.message("text", {"body": "oi, tudo bem?"})).encode()
    await line.post(json.loads(honest))
    await line.work()
    before = await everything(line)
    for _ in range(count):
        await post_bad(line, client, draw, honest)
    await line.work()
    assert await everything(line) == before


async def makes_no_fault(line: Line, client: httpx2.AsyncClient, draw: np.random.Generator, count: int) -> None:
    for _ in range(count):
        raw = odd(json.loads(for_number(PAYLOADS[int(draw.integers(len(PAYLOADS)))], line.number_id)), draw)
        path = f"/webhooks/whatsapp/{line.number_id}"
        answer = await client.post(path, content=raw, headers={"x-hub-signature-256": sign(raw, SECRET)})
        assert answer.status_code < 500, (raw, answer.text)
    await line.work()
    assert [each.reason for each in await ParkedDeliveries(line.platform.database).list()] == []
    assert await line.says("oi", sender="5511900000077"), "who is honest is answered"


async def test_what_is_bad_changes_nothing(line: Line, client: httpx2.AsyncClient) -> None:
    await changes_nothing(line, client, np.random.default_rng(0), 80)


async def test_what_is_odd_makes_no_fault(line: Line, client: httpx2.AsyncClient) -> None:
    await makes_no_fault(line, client, np.random.default_rng(0), 80)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
async def test_thousands_of_them(line: Line, client: httpx2.AsyncClient, seed: int) -> None:
    await changes_nothing(line, client, np.random.default_rng(seed), 500)
    await makes_no_fault(line, client, np.random.default_rng(seed), 500)
