"""Facts that modules tell each other, and the envelope they travel in (CloudEvents 1.0, JSON format)."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from austa.kernel.contracts import Contract
from austa.kernel.ids import OperatorId


class Event(Contract):
    """A fact, in the past tense. Fields are only ever added, with a default. No personal data: ids and codes.

    `TYPE` is `<module>.<what_happened>.v<N>`. `key()` orders: events of one key reach a handler one after another.
    """

    TYPE: ClassVar[str]

    def key(self) -> str:
        """What this event is about; a subclass returns the id whose events must stay in order."""
        raise NotImplementedError(self.TYPE)


class Envelope(Contract):
    """A CloudEvents 1.0 envelope as it lies in the outbox.

    `actor` is a principal id, `member:<id>` or `system:<role>`.
    """

    id: UUID
    type: str
    time: datetime
    operator: OperatorId
    actor: str
    correlation: UUID
    causation: UUID | None
    key: str
    data: dict[str, Any]

    def cloud_event(self) -> dict[str, Any]:
        """The envelope as CloudEvents 1.0 JSON, for whoever listens outside."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": f"urn:austa:{self.operator}",
            "type": self.type,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "subject": self.key,
            "actor": self.actor,
            "correlation": str(self.correlation),
            **({"causation": str(self.causation)} if self.causation else {}),
            "data": self.data,
        }
