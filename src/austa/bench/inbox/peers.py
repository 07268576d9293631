"""What the inbox is compared with: each a process of its own, served as AUSTA is, on the same PostgreSQL.

Both answer 200 after the commit. Run as `python -m austa.bench.inbox.peers pywa|bare` with `BENCH_PORT`, `BENCH_DSN`
and `BENCH_SECRET`.
"""

import hashlib
import hmac
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from austa.infra.group_commit import GroupCommit

TABLE = """
create table message (
    wamid text primary key, sender text not null, sent_at timestamptz not null, kind text not null, body text not null)
"""
POOL = 16
MOST_TOGETHER = 100
_INSERT = "insert into message (wamid, sender, sent_at, kind, body) values ($1, $2, $3, $4, $5) on conflict do nothing"
_INSERT_MANY = """
insert into message (wamid, sender, sent_at, kind, body)
select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) on conflict do nothing
"""
Entry = dict[str, Any]


def pywa_app(dsn: str, secret: str) -> ASGIApp:
    """A plain handler on pywa and FastAPI: one row a message, each its own commit.

    pywa's own FastAPI route answers before its handlers have run, and gives them the first message of a webhook only:
    this one waits for them, as pywa's page on custom servers shows, and keeps the other messages, too.
    """
    from pywa_async import WhatsApp
    from pywa_async.handlers import MessageHandler, RawUpdateHandler
    from pywa_async.types import Message, RawUpdate

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await asyncpg.create_pool(dsn, min_size=POOL, max_size=POOL)
        yield

    app = FastAPI(lifespan=lifespan)
    client = WhatsApp(token=secret, app_secret=secret, filter_updates=False)

    async def keep(_: WhatsApp, message: Message) -> None:
        await app.state.pool.execute(_INSERT, *_row(message.raw.value["messages"][0]))

    async def keep_others(_: WhatsApp, update: RawUpdate) -> None:
        for entry in update.value["messages"][1:]:
            await app.state.pool.execute(_INSERT, *_row(entry))

    client.add_handlers(MessageHandler(keep), RawUpdateHandler(keep_others))

    @app.post("/webhooks/whatsapp/{number_id}")
    async def receive(request: Request) -> Response:
        raw = await request.body()
        refused = await client.webhook_update_validator(raw, request.headers.get("x-hub-signature-256"))
        said, status = refused or await client.webhook_update_handler(raw)
        return Response(said, status)

    return app


class BareApp:
    """The least that keeps messages: the signature, the JSON, and one statement for all that come together."""

    def __init__(self, dsn: str, secret: str) -> None:
        self._dsn = dsn
        self._secret = secret.encode()
        self._connection: asyncpg.Connection | None = None
        self._door: GroupCommit[list[Entry], int] = GroupCommit(self._commit, MOST_TOGETHER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self._connection = await asyncpg.connect(self._dsn)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        raw = b""
        more = True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        status = 200 if self._is_signed(scope, raw) else 401
        if status == 200:
            body = msgspec.json.decode(raw)
            changes = [change for entry in body["entry"] for change in entry["changes"]]
            await self._door.write([each for change in changes for each in change["value"].get("messages", ())])
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    def _is_signed(self, scope: Scope, raw: bytes) -> bool:
        given = dict(scope["headers"]).get(b"x-hub-signature-256", b"")
        expected = b"sha256=" + hmac.digest(self._secret, raw, hashlib.sha256).hex().encode()
        return hmac.compare_digest(expected, given)

    async def _commit(self, many: Sequence[list[Entry]]) -> list[int]:
        assert self._connection is not None
        rows = [_row(entry) for entries in many for entry in entries]
        await self._connection.execute(_INSERT_MANY, *(list(column) for column in zip(*rows, strict=True)))
        return [len(entries) for entries in many]


def _row(entry: Entry) -> tuple[str, str, datetime, str, str]:
    sent_at = datetime.fromtimestamp(int(entry["timestamp"]), UTC)
    return entry["id"], entry["from"], sent_at, entry["type"], json.dumps(entry)


def _serve(name: str) -> None:
    dsn, secret = os.environ["BENCH_DSN"], os.environ["BENCH_SECRET"]
    app: ASGIApp = pywa_app(dsn, secret) if name == "pywa" else BareApp(dsn, secret)
    port = int(os.environ["BENCH_PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)


if __name__ == "__main__":
    _serve(sys.argv[1])
