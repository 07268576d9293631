"""A leaf: public canonical JSON that commits to a statement without telling it.

leaf_data  = {"commitment", "event", "id", "kind", "time", "v"}   what the tree hashes and every proof shows
commitment = base64(SHA-256(salt || statement))                   a 32-byte random salt keeps it unguessable
statement  = {"actor", "correlation", "data", "subject"}          what was decided, about what, by whom

Statement and salt together are the *opening*. Without the opening the leaf says that something of a kind was
recorded at an instant, and nothing about anybody: erasing the opening forgets, and breaks no proof.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from austa.kernel.events import Envelope
from austa.kernel.signing import from_base64, to_base64
from austa.modules.ledger.domain.canonical import canonical_json

VERSION = 1
SALT_BYTES = 32

SUBJECT_FIELDS = ("decision_id", "opinion_id", "step_id", "request_id")
"""An entry is about the first of these that its event names, else about the event's key."""

ERASED_KIND = "ledger.opening_erased.v1"
"""The kind of the entry that tells of an erased opening; its subject is the erased entry's id."""


@dataclass(frozen=True)
class Opening:
    """What a commitment hides: the statement's canonical bytes and the salt."""

    salt: bytes
    statement: bytes

    def commitment(self) -> bytes:
        return sha256(self.salt + self.statement).digest()

    def opens(self, commitment: bytes) -> bool:
        """Whether this is what was committed to. A salt of another length would let bytes move between the two."""
        return len(self.salt) == SALT_BYTES and self.commitment() == commitment


@dataclass(frozen=True)
class Leaf:
    """The public part of an entry. `time` is the recorded event's."""

    id: UUID
    source_event_id: UUID
    kind: str
    time: datetime
    commitment: bytes

    def data(self) -> bytes:
        """The canonical bytes that the tree hashes."""
        return canonical_json(
            {
                "commitment": to_base64(self.commitment),
                "event": str(self.source_event_id),
                "id": str(self.id),
                "kind": self.kind,
                "time": self.time.astimezone(UTC).isoformat(timespec="microseconds"),
                "v": VERSION,
            }
        )

    @staticmethod
    def read(data: bytes) -> "Leaf":
        """The leaf with exactly this data. Raises ValueError when no leaf has it."""
        try:
            told = json.loads(data)
            leaf = Leaf(
                id=UUID(told["id"]),
                source_event_id=UUID(told["event"]),
                kind=told["kind"],
                time=datetime.fromisoformat(told["time"]),
                commitment=from_base64(told["commitment"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ValueError("not leaf data") from None
        if leaf.data() != data:
            raise ValueError("leaf data is not canonical")
        return leaf


def subject_of(envelope: Envelope) -> str:
    """What the event is about, as people will look it up."""
    for field in SUBJECT_FIELDS:
        if value := envelope.data.get(field):
            return str(value)
    return envelope.key


def statement_of(envelope: Envelope) -> bytes:
    """The canonical bytes that are committed to. Events hold no personal data, so neither does this."""
    return canonical_json(
        {
            "actor": envelope.actor,
            "correlation": str(envelope.correlation),
            "data": envelope.data,
            "subject": subject_of(envelope),
        }
    )
