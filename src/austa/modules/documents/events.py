"""What `documents` tells the house."""

from typing import ClassVar, Literal
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import DocumentId


class DocumentStored(Event):
    """A file is kept and waits to be read."""

    TYPE: ClassVar[str] = "documents.document_stored.v1"

    document_id: DocumentId
    requested_by: str

    def key(self) -> str:
        return str(self.document_id)


class DocumentRead(Event):
    """A file was read. `requested_by` is the key that `submit` was given."""

    TYPE: ClassVar[str] = "documents.document_read.v1"

    document_id: DocumentId
    requested_by: str
    outcome: Literal["complete", "confirm", "person"]
    """`complete`: all that its class needs is accepted. `confirm`: some field must be confirmed.
    `person`: somebody has to look (handwriting, illegible, or not recognised)."""

    def key(self) -> str:
        return str(self.document_id)


class DocumentRefused(Event):
    """A file cannot be read; `reason` is a code of `documents.api.REFUSALS`."""

    TYPE: ClassVar[str] = "documents.document_refused.v1"

    document_id: DocumentId
    requested_by: str
    reason: str

    def key(self) -> str:
        return str(self.document_id)


class UploadTermEnded(Event):
    """A timer of our own: a file that was begun has had its time to come whole."""

    TYPE: ClassVar[str] = "documents.upload_term_ended.v1"

    upload_id: UUID

    def key(self) -> str:
        return str(self.upload_id)
