"""What the ledger tells: an entry took its place, a checkpoint was signed, an opening was erased."""

from typing import ClassVar
from uuid import UUID

from austa.kernel.events import Event


class EntryAppended(Event):
    """A source event has its place in the log. `index` counts from 0."""

    TYPE: ClassVar[str] = "ledger.entry_appended.v1"

    entry_id: UUID
    index: int
    source_event_id: UUID
    kind: str
    subject: str

    def key(self) -> str:
        return self.subject


class SealDue(Event):
    """A timer of the ledger's own: some entries of this log wait for a checkpoint."""

    TYPE: ClassVar[str] = "ledger.seal_due.v1"

    origin: str

    def key(self) -> str:
        return self.origin


class CheckpointSigned(Event):
    """All entries below `size` are sealed. `root` is base64."""

    TYPE: ClassVar[str] = "ledger.checkpoint_signed.v1"

    origin: str
    size: int
    root: str

    def key(self) -> str:
        return self.origin


class OpeningErased(Event):
    """Salt and statement of an entry were erased on purpose. Recorded in the log like a decision."""

    TYPE: ClassVar[str] = "ledger.opening_erased.v1"

    entry_id: UUID

    def key(self) -> str:
        return str(self.entry_id)
