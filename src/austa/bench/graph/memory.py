"""What the stand-in remembers: the port through which it does, and an implementation in memory for load tests."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from austa.bench.graph.webhooks import BusinessNumber, JsonObject

Direction = Literal["member", "austa"]


@dataclass(frozen=True)
class Sent:
    """A message that the stand-in took. `content` is the Graph body of its `kind`, `send_id` our opaque data."""

    id: str
    number_id: str
    phone: str
    kind: str
    content: JsonObject
    reply_to: str | None
    at: datetime
    status: str
    error: JsonObject | None
    send_id: str | None


@dataclass(frozen=True)
class StoredMessage:
    """A message in either direction. `content` is the Graph body of its `kind`; `revision` grows with every change."""

    position: int
    revision: int
    id: str
    number_id: str
    phone: str
    direction: Direction
    kind: str
    content: JsonObject
    reply_to: str | None
    at: datetime
    status: str
    error: JsonObject | None


@dataclass(frozen=True)
class StoredMedia:
    """A file. Webhooks quote its hash in base64, `GET /{media-id}` in hexadecimal, as Meta does."""

    id: str
    mime_type: str
    content: bytes

    @property
    def sha256_hex(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


def new_media_id() -> str:
    """Digits, as Meta's are."""
    return str(9 * 10**14 + secrets.randbelow(10**14))


class Memory(Protocol):
    """What the stand-in asks of its memory."""

    def keep_sent(self, number: BusinessNumber, message: Sent, statuses: Sequence[JsonObject]) -> None:
        """Keep a message that was taken, and tell AUSTA its statuses by webhook, in this order."""

    def mark_read(self, message_id: str, at: datetime) -> bool:
        """AUSTA has read a member's message. False where there is none of that id."""

    def last_from_member(self, number_id: str, phone: str) -> datetime | None:
        """When this phone last wrote: the start of the 24 h customer-service window."""

    def add_media(self, content: bytes, mime_type: str) -> StoredMedia: ...

    def find_media(self, id: str) -> StoredMedia | None: ...


@dataclass
class Records:
    """A memory for load tests: everything in order, nothing on disk. `statuses` wait there for who delivers them."""

    sent: list[Sent] = field(default_factory=list)
    statuses: list[tuple[BusinessNumber, JsonObject]] = field(default_factory=list)
    wrote_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When each phone last wrote to each number."""
    media: dict[str, StoredMedia] = field(default_factory=dict)

    def keep_sent(self, number: BusinessNumber, message: Sent, statuses: Sequence[JsonObject]) -> None:
        self.sent.append(message)
        self.statuses += [(number, status) for status in statuses]

    def mark_read(self, message_id: str, at: datetime) -> bool:
        return True

    def last_from_member(self, number_id: str, phone: str) -> datetime | None:
        return self.wrote_at.get((number_id, phone))

    def add_media(self, content: bytes, mime_type: str) -> StoredMedia:
        media = StoredMedia(new_media_id(), mime_type, content)
        self.media[media.id] = media
        return media

    def find_media(self, id: str) -> StoredMedia | None:
        return self.media.get(id)
