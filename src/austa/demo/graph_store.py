"""What the stand-in Graph API remembers: messages in both directions, media, webhooks not yet accepted, the wire.

One SQLite file in a folder, so that a killed process finds everything again. The demo's own memory only:
nothing of AUSTA reads it.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from austa.bench.graph.memory import Direction, Sent, StoredMedia, StoredMessage, new_media_id
from austa.bench.graph.webhooks import BusinessNumber, JsonObject, status_webhook, wire_bytes

_SCHEMA = """
create table if not exists message (
    position integer primary key autoincrement,
    revision integer not null,
    id text not null unique,
    number_id text not null,
    phone text not null,
    direction text not null,
    kind text not null,
    content text not null,
    reply_to text,
    at text not null,
    status text not null,
    error text
);
create index if not exists message_by_phone on message (number_id, phone, revision);
create table if not exists media (id text primary key, mime_type text not null, content blob not null);
create table if not exists webhook (
    position integer primary key autoincrement,
    number_id text not null,
    body blob not null,
    queued_at text not null,
    due_at text not null,
    attempts integer not null default 0
);
create table if not exists exchange (
    position integer primary key autoincrement,
    phone text not null,
    at text not null,
    direction text not null,
    kind text not null,
    call text not null,
    headers text not null,
    body text not null
);
create index if not exists exchange_by_phone on exchange (phone, position);
"""

EXCHANGES_KEPT = 40
"""How many of each phone: what its inspector shows."""

_RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


@dataclass(frozen=True)
class QueuedWebhook:
    """A webhook on its way; `body` are the bytes that are signed and sent."""

    position: int
    number_id: str
    body: bytes
    queued_at: datetime
    attempts: int


@dataclass(frozen=True)
class Exchange:
    """What went over the wire for a phone: `in` to AUSTA, `out` of it. `call` is method and path; no secret in it."""

    position: int
    at: datetime
    direction: str
    kind: str
    call: str
    headers: dict[str, str]
    body: JsonObject | None


class GraphStore:
    """The stand-in's memory. Every method is one short transaction and may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        """Opens or creates `folder/graph.sqlite3`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._db = sqlite3.connect(folder / "graph.sqlite3", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_SCHEMA)

        self.queued: Callable[[], None] = _nobody
        """Told whenever webhooks were queued."""

    def close(self) -> None:
        self._db.close()

    def keep_sent(self, number: BusinessNumber, message: Sent, statuses: Sequence[JsonObject]) -> None:
        """What AUSTA sent, with a webhook for each status."""
        self.add_message(
            id=message.id,
            number_id=message.number_id,
            phone=message.phone,
            direction="austa",
            kind=message.kind,
            content=message.content,
            at=message.at,
            webhooks=tuple(wire_bytes(status_webhook(number, [status])) for status in statuses),
            reply_to=message.reply_to,
            status=message.status,
            error=message.error,
        )
        self.queued()

    def mark_read(self, message_id: str, at: datetime) -> bool:
        """AUSTA has read a member's message."""
        message = self.find_message(message_id)
        if message is None or message.direction != "member":
            return False
        self.advance_status(message.id, "read", at)
        return True

    def add_message(
        self,
        *,
        id: str,
        number_id: str,
        phone: str,
        direction: Direction,
        kind: str,
        content: JsonObject,
        at: datetime,
        webhooks: tuple[bytes, ...] = (),
        reply_to: str | None = None,
        status: str = "sent",
        error: JsonObject | None = None,
    ) -> None:
        """Keeps a message and, in the same transaction, queues the webhooks that tell AUSTA of it."""
        row = (id, number_id, phone, direction, kind, json.dumps(content), reply_to, _utc(at), status)
        with self._transaction() as db:
            db.execute(
                "insert into message (revision, id, number_id, phone, direction, kind, content, reply_to, at,"
                " status, error) values ((select coalesce(max(revision), 0) + 1 from message), ?,?,?,?,?,?,?,?,?,?)",
                (*row, json.dumps(error) if error else None),
            )
            self._queue(db, number_id, webhooks, at)

    def advance_status(self, id: str, status: str, at: datetime, webhooks: tuple[bytes, ...] = ()) -> bool:
        """Moves a message's status forward; False, and no webhook, when it already was there or further."""
        with self._transaction() as db:
            row = db.execute("select number_id, status from message where id = ?", (id,)).fetchone()
            if row is None or _RANK[row["status"]] >= _RANK[status]:
                return False
            db.execute(
                "update message set status = ?, revision = (select max(revision) + 1 from message) where id = ?",
                (status, id),
            )
            self._queue(db, row["number_id"], webhooks, at)
            return True

    def find_message(self, id: str) -> StoredMessage | None:
        rows = self._read("select * from message where id = ?", (id,))
        return _message(rows[0]) if rows else None

    def list_messages(self, number_id: str, phone: str, after_revision: int = 0) -> list[StoredMessage]:
        """The conversation in the order of a phone's screen; only what changed after that revision."""
        rows = self._read(
            "select * from message where number_id = ? and phone = ? and revision > ? order by position",
            (number_id, phone, after_revision),
        )
        return [_message(row) for row in rows]

    def last_from_member(self, number_id: str, phone: str) -> datetime | None:
        """When this phone last wrote: the start of the 24 h customer-service window."""
        rows = self._read(
            "select max(at) as at from message where number_id = ? and phone = ? and direction = 'member'",
            (number_id, phone),
        )
        return datetime.fromisoformat(rows[0]["at"]) if rows[0]["at"] else None

    def add_media(self, content: bytes, mime_type: str) -> StoredMedia:
        media = StoredMedia(id=new_media_id(), mime_type=mime_type, content=content)
        with self._transaction() as db:
            db.execute("insert into media values (?,?,?)", (media.id, media.mime_type, media.content))
        return media

    def find_media(self, id: str) -> StoredMedia | None:
        rows = self._read("select * from media where id = ?", (id,))
        return StoredMedia(rows[0]["id"], rows[0]["mime_type"], rows[0]["content"]) if rows else None

    def phone_of_media(self, media_id: str) -> str | None:
        """Whose message carries that file."""
        rows = self._read("select phone from message where json_extract(content, '$.id') = ?", (media_id,))
        return rows[0]["phone"] if rows else None

    def add_exchange(self, phone: str, exchange: Exchange) -> None:
        """Keeps what went over the wire for a phone, and forgets its oldest beyond `EXCHANGES_KEPT`."""
        told = (exchange.direction, exchange.kind, exchange.call)
        row = (phone, _utc(exchange.at), *told, json.dumps(exchange.headers), json.dumps(exchange.body))
        with self._transaction() as db:
            db.execute(
                "insert into exchange (phone, at, direction, kind, call, headers, body) values (?,?,?,?,?,?,?)", row
            )
            db.execute(
                "delete from exchange where phone = :phone and position not in"
                " (select position from exchange where phone = :phone order by position desc limit :kept)",
                {"phone": phone, "kept": EXCHANGES_KEPT},
            )

    def list_exchanges(self, phone: str) -> list[Exchange]:
        """The newest of a phone, oldest first."""
        return [
            _exchange(row) for row in self._read("select * from exchange where phone = ? order by position", (phone,))
        ]

    def list_due_webhooks(self, now: datetime) -> list[QueuedWebhook]:
        rows = self._read("select * from webhook where due_at <= ? order by position", (_utc(now),))
        return [_webhook(row) for row in rows]

    def drop_webhook(self, position: int) -> None:
        with self._transaction() as db:
            db.execute("delete from webhook where position = ?", (position,))

    def postpone_webhook(self, position: int, now: datetime, wait: timedelta) -> None:
        with self._transaction() as db:
            db.execute(
                "update webhook set attempts = attempts + 1, due_at = ? where position = ?",
                (_utc(now + wait), position),
            )

    def _queue(self, db: sqlite3.Connection, number_id: str, webhooks: tuple[bytes, ...], at: datetime) -> None:
        db.executemany(
            "insert into webhook (number_id, body, queued_at, due_at) values (?,?,?,?)",
            [(number_id, body, _utc(at), _utc(at)) for body in webhooks],
        )

    def _read(self, sql: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db, self._lock)


def _nobody() -> None:
    """Nobody listens yet."""


class _Transaction:
    """One writer at a time; commits on leaving, rolls back on an exception."""

    def __init__(self, db: sqlite3.Connection, lock: Lock) -> None:
        self._db = db
        self._lock = lock

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        self._db.execute("begin immediate")
        return self._db

    def __exit__(self, kind: object, *details: object) -> None:
        try:
            self._db.execute("commit" if kind is None else "rollback")
        finally:
            self._lock.release()


def _message(row: sqlite3.Row) -> StoredMessage:
    fields = dict(row)
    fields["content"] = json.loads(row["content"])
    fields["error"] = json.loads(row["error"]) if row["error"] else None
    fields["at"] = datetime.fromisoformat(row["at"])
    return StoredMessage(**fields)


def _exchange(row: sqlite3.Row) -> Exchange:
    at = datetime.fromisoformat(row["at"])
    headers, body = json.loads(row["headers"]), json.loads(row["body"])
    return Exchange(row["position"], at, row["direction"], row["kind"], row["call"], headers, body)


def _webhook(row: sqlite3.Row) -> QueuedWebhook:
    queued_at = datetime.fromisoformat(row["queued_at"])
    return QueuedWebhook(row["position"], row["number_id"], row["body"], queued_at, row["attempts"])


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
