"""All SQL of `documents`. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import DocumentId, ProviderId, SubjectId
from austa.modules.documents.api import DocumentClass, Source, Status
from austa.modules.documents.tables import document


@dataclass(frozen=True)
class Row:
    """A document as it lies in the table; `filename` and `facts` are sealed."""

    id: DocumentId
    key: str
    subject_id: SubjectId
    source: Source
    media_type: str
    size_bytes: int
    content_mark: bytes
    filename: bytes | None
    status: Status
    attempts: int
    refusal: str | None
    document_class: DocumentClass | None
    class_confidence: float
    handwritten: bool
    pages: Sequence[Mapping[str, int]]
    facts: bytes | None
    created_at: datetime
    read_at: datetime | None
    provider_id: ProviderId | None
    """Whose clerk sent it."""


@dataclass(frozen=True)
class Reading:
    """What is written when a document was read."""

    document_class: DocumentClass
    class_confidence: float
    handwritten: bool
    pages: Sequence[Mapping[str, int]]
    facts: bytes


_COLUMNS = tuple(column for column in document.c if column.name != "operator_id")


async def insert_document(tx: Transaction, row: Row) -> bool:
    """False when the key is taken."""
    values = {column.name: getattr(row, column.name) for column in _COLUMNS}
    statement = insert(document).values(operator_id=tx.operator_id, **values)
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def find_by_key(tx: Transaction, key: str) -> Row | None:
    return _row(await tx.one_or_none(sa.select(*_COLUMNS).where(document.c.key == key)))


async def find_document(tx: Transaction, document_id: DocumentId, *, lock: bool = False) -> Row | None:
    statement = sa.select(*_COLUMNS).where(document.c.id == document_id)
    return _row(await tx.one_or_none(statement.with_for_update() if lock else statement))


async def find_documents(tx: Transaction, document_ids: Sequence[DocumentId]) -> list[Row]:
    rows = await tx.all(sa.select(*_COLUMNS).where(document.c.id.in_(document_ids)))
    return [found for row in rows if (found := _row(row))]


async def find_earlier_same(tx: Transaction, row: Row) -> tuple[DocumentId, ...]:
    """Earlier documents with the same bytes, oldest first."""
    same = (
        sa.select(document.c.id)
        .where(document.c.content_mark == row.content_mark)
        .where(sa.tuple_(document.c.created_at, document.c.id) < sa.tuple_(row.created_at, row.id))
        .order_by(document.c.created_at, document.c.id)
    )
    return tuple(DocumentId(found.id) for found in await tx.all(same))


async def start_reading(tx: Transaction, document_id: DocumentId) -> None:
    """Count one more attempt; a document that is already read or refused stays as it is."""
    await tx.execute(
        sa.update(document)
        .where(document.c.id == document_id, document.c.status.in_(("stored", "reading")))
        .values(status="reading", attempts=document.c.attempts + 1)
    )


async def write_reading(tx: Transaction, document_id: DocumentId, reading: Reading) -> None:
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == document_id)
            .values(
                status="read",
                document_class=reading.document_class,
                class_confidence=reading.class_confidence,
                handwritten=reading.handwritten,
                pages=list(reading.pages),
                facts=reading.facts,
                read_at=tx.now(),
            )
        )
    )


async def write_refusal(tx: Transaction, document_id: DocumentId, code: str) -> None:
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == document_id)
            .values(status="refused", refusal=code, read_at=tx.now())
        )
    )


async def move_to_subject(
    tx: Transaction, row: Row, subject: SubjectId, filename: bytes | None, facts: bytes | None
) -> None:
    """Put a document under another subject, with its sealed values resealed."""
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == row.id, document.c.subject_id == row.subject_id)
            .values(subject_id=subject, filename=filename, facts=facts)
        )
    )


def _row(found: sa.Row[Any] | None) -> Row | None:
    return Row(**cast(dict[str, Any], dict(found._mapping))) if found is not None else None
