"""Under whose key a document lies, and by what names its parts are found."""

from austa.infra.keys import KeyOwner
from austa.kernel.ids import DocumentId, SubjectId
from austa.modules.documents.store import Row


def owner_of(subject: SubjectId) -> KeyOwner:
    """All of a document lies under one key of its subject."""
    return KeyOwner(subject, "care")


def place_of(document_id: DocumentId, column: str) -> str:
    """What a sealed value is bound to."""
    return f"documents.document.{column}:{document_id}"


def original_of(row: Row) -> str:
    """Named by its content too: two files that race for one key do not take each other's place."""
    return f"documents/{row.id}/{row.subject_id}/{row.content_mark.hex()[:24]}"


def page_of(row: Row, number: int) -> str:
    """The picture of a page."""
    return f"documents/{row.id}/{row.subject_id}/page-{number}.jpg"


def text_of(document_id: DocumentId, subject: SubjectId) -> str:
    """The words of all pages."""
    return f"documents/{document_id}/{subject}/text.json"
