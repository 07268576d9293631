"""`documents` without files: it keeps what was submitted and says what the test put on the paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Invalid, NotFound
from austa.kernel.ids import DocumentId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import (
    Document,
    Field,
    FieldName,
    FieldStatus,
    Procedure,
    Source,
    SubmittedDocument,
)

READ_AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def read_field(name: FieldName, value: str, status: FieldStatus = "accepted") -> Field:
    """A field as the reader gives it."""
    words = Personal(value)
    return Field(
        name=name, value=words, normal=words, box=None, confidence=0.98, passed=("in_table",), failed=(), status=status
    )


def read_line(tuss: str | None, status: FieldStatus = "accepted", side: str | None = None) -> Procedure:
    """A line of an order; `tuss` None where no code could be made out."""
    return Procedure(
        description=read_field("procedure", "RESSONANCIA MAGNETICA", status),
        tuss=read_field("tuss", tuss, status) if tuss else None,
        laterality=read_field("laterality", side) if side else None,
        quantity=None,
    )


@dataclass
class Paper:
    """What a file turns out to be. `refusal`: it cannot be opened."""

    lines: tuple[Procedure, ...] = ()
    fields: tuple[Field, ...] = ()
    handwritten: bool = False
    refusal: str | None = None


@dataclass
class FakeDocuments:
    """Files by their bytes: `papers` says what each shows; `refuse_at_once` what `submit` refuses."""

    papers: dict[bytes, Paper] = field(default_factory=dict)
    refuse_at_once: dict[bytes, str] = field(default_factory=dict)
    kept: dict[DocumentId, Document] = field(default_factory=dict)
    contents: dict[DocumentId, bytes] = field(default_factory=dict)
    submissions: list[str] = field(default_factory=list)

    async def submit(
        self,
        caller: Caller,
        key: str,
        content: bytes,
        source: Source,
        subject: SubjectId,
        *,
        filename: Personal | None = None,
    ) -> SubmittedDocument:
        self.submissions.append(key)
        if content in self.refuse_at_once:
            raise Invalid(self.refuse_at_once[content], "the first bytes show it")
        document_id = DocumentId(derived_id("fake.document", caller.operator_id, key))
        if document_id in self.kept:
            if self.contents[document_id] != content:
                raise Conflict("documents.key_reused", "the same key with other bytes")
            return SubmittedDocument(id=document_id, status=self.kept[document_id].status, created=False)
        self.contents[document_id] = content
        self.kept[document_id] = Document(
            id=document_id,
            subject=subject,
            requested_by=key,
            source=source,
            media_type="image/jpeg",
            size_bytes=len(content),
            filename=filename,
            status="stored",
            refusal=None,
            document_class=None,
            class_confidence=0.0,
            handwritten=False,
            pages=(),
            fields=(),
            procedures=(),
            duplicate_of=(),
            created_at=READ_AT,
            read_at=None,
        )
        return SubmittedDocument(id=document_id, status="stored", created=True)

    def read(self, document_id: DocumentId) -> Document:
        """Do the reader's work on one file."""
        paper = self.papers.get(self.contents[document_id], Paper())
        read = self.kept[document_id].model_copy(
            update={
                "status": "refused" if paper.refusal else "read",
                "refusal": paper.refusal,
                "document_class": "medical_order",
                "handwritten": paper.handwritten,
                "fields": paper.fields,
                "procedures": paper.lines,
                "read_at": READ_AT,
            }
        )
        self.kept[document_id] = read
        return read

    async def get(self, caller: Caller, document_id: DocumentId) -> Document:
        if document_id not in self.kept:
            raise NotFound("documents.no_such_document", "no such document")
        return self.kept[document_id]

    async def get_many(self, caller: Caller, document_ids: Sequence[DocumentId]) -> tuple[Document, ...]:
        return tuple(self.kept[document_id] for document_id in document_ids if document_id in self.kept)

    async def relink(self, caller: Caller, document_ids: Sequence[DocumentId], subject: SubjectId) -> None:
        for document_id in document_ids:
            self.kept[document_id] = self.kept[document_id].model_copy(update={"subject": subject})
