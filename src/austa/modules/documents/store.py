"""All SQL of `documents`. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import DocumentId, ProviderId, SubjectId
from austa.modules.documents.api import DocumentClass, Source, Status
from austa.modules.documents.tables import (
    document,
    likeness,
    person_mark,
    same_photo,
    search_token,
    upload,
    upload_chunk,
)


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
    evidence: bytes | None
    """What speaks for or against it, sealed."""
    created_at: datetime
    read_at: datetime | None
    provider_id: ProviderId | None
    """Whose clerk sent it."""
    password: bytes | None = None
    """Of an encrypted PDF that waits to be tried again, sealed."""


@dataclass(frozen=True)
class Reading:
    """What is written when a document was read."""

    document_class: DocumentClass
    class_confidence: float
    handwritten: bool
    pages: Sequence[Mapping[str, int]]
    facts: bytes
    evidence: bytes


@dataclass(frozen=True)
class Same:
    """Earlier documents with the same bytes, and of other people with the same photo."""

    file: tuple[DocumentId, ...] = ()
    photo: tuple[DocumentId, ...] = ()


_ADD_TOKENS = sa.text(
    "insert into documents.search_token (operator_id, token, document_id)"
    " select :operator, token, :id from unnest(:tokens) as found (token)"
).bindparams(
    sa.bindparam("operator", type_=sa.Uuid),
    sa.bindparam("id", type_=sa.Uuid),
    sa.bindparam("tokens", type_=pg.ARRAY(sa.LargeBinary)),
)
_COLUMNS = tuple(column for column in document.c if column.name != "operator_id")
_UPLOAD_COLUMNS = tuple(column for column in upload.c if column.name != "operator_id")


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


async def find_same(tx: Transaction, row: Row) -> Same:
    """Earlier documents with the same bytes, and those that show the same photo; each oldest first."""
    before = sa.tuple_(document.c.created_at, document.c.id) < sa.tuple_(row.created_at, row.id)
    found = sa.union_all(
        sa.select(document.c.id, document.c.created_at, sa.true().label("is_file")).where(
            document.c.content_mark == row.content_mark, before
        ),
        sa.select(document.c.id, document.c.created_at, sa.false())
        .join(same_photo, _belongs(same_photo, same_photo.c.earlier_id))
        .where(same_photo.c.document_id == row.id),
    ).subquery()
    rows = await tx.all(sa.select(found).order_by(found.c.created_at, found.c.id))
    return Same(
        file=tuple(DocumentId(each.id) for each in rows if each.is_file),
        photo=tuple(DocumentId(each.id) for each in rows if not each.is_file),
    )


async def add_likeness(tx: Transaction, document_id: DocumentId, content: bytes, marks: Sequence[bytes]) -> None:
    own = {"operator_id": tx.operator_id, "document_id": document_id}
    await tx.execute(sa.insert(likeness).values(**own, content=content))
    await tx.execute(sa.insert(person_mark), [{**own, "mark": mark} for mark in marks])


async def find_likeness(tx: Transaction, document_id: DocumentId) -> bytes | None:
    """As sealed."""
    found = await tx.one_or_none(sa.select(likeness.c.content).where(likeness.c.document_id == document_id))
    return found.content if found is not None else None


async def replace_likeness(tx: Transaction, document_id: DocumentId, content: bytes) -> None:
    affected(await tx.execute(sa.update(likeness).where(likeness.c.document_id == document_id).values(content=content)))


async def forget_likeness(tx: Transaction, document_id: DocumentId) -> None:
    """With its marks, and with what it was found to be the same as."""
    await tx.execute(sa.delete(likeness).where(likeness.c.document_id == document_id))


async def list_sharing_a_mark(tx: Transaction, row: Row, marks: Sequence[bytes], most: int) -> Sequence[sa.Row[Any]]:
    """Likenesses of other people's papers, with other bytes, that have one of the marks; the newest ones."""
    sharing = sa.select(person_mark.c.document_id).where(person_mark.c.mark.in_(marks))
    return await tx.all(
        sa.select(likeness.c.document_id, likeness.c.content, document.c.subject_id, document.c.created_at)
        .join(document, _belongs(likeness, likeness.c.document_id))
        .where(likeness.c.document_id.in_(sharing))
        .where(document.c.subject_id != row.subject_id, document.c.content_mark != row.content_mark)
        .order_by(document.c.created_at.desc(), document.c.id)
        .limit(most)
    )


async def add_same_photo(tx: Transaction, document_id: DocumentId, earlier_id: DocumentId) -> None:
    values = {"document_id": document_id, "earlier_id": earlier_id}
    await tx.execute(sa.insert(same_photo).values(operator_id=tx.operator_id, **values))


async def replace_tokens(tx: Transaction, document_id: DocumentId, tokens: Sequence[bytes]) -> None:
    """By what a document is found."""
    await tx.execute(sa.delete(search_token).where(search_token.c.document_id == document_id))
    if tokens:
        await tx.execute(_ADD_TOKENS, {"operator": tx.operator_id, "id": document_id, "tokens": tokens})


async def search_documents(
    tx: Transaction, tokens: Sequence[bytes], provider_id: ProviderId | None, most: int
) -> list[Row]:
    """Read documents that have all of the tokens, newest first; a provider's own alone, where one is given."""
    bearers = (
        sa.select(search_token.c.document_id)
        .where(search_token.c.token.in_(tokens))
        .group_by(search_token.c.document_id)
        .having(sa.func.count() == len(tokens))
    )
    statement = sa.select(*_COLUMNS).where(document.c.id.in_(bearers), document.c.status == "read")
    if provider_id is not None:
        statement = statement.where(document.c.provider_id == provider_id)
    rows = await tx.all(statement.order_by(document.c.created_at.desc(), document.c.id).limit(most))
    return [found for row in rows if (found := _row(row))]


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
                evidence=reading.evidence,
                read_at=tx.now(),
                password=None,
            )
        )
    )


async def await_reading(tx: Transaction, document_id: DocumentId, password: bytes) -> None:
    """A refused document waits for the reader again, with a password."""
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == document_id)
            .values(status="stored", refusal=None, attempts=0, read_at=None, password=password)
        )
    )


async def write_refusal(tx: Transaction, document_id: DocumentId, code: str) -> None:
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == document_id)
            .values(status="refused", refusal=code, read_at=tx.now(), password=None)
        )
    )


async def move_to_subject(
    tx: Transaction,
    row: Row,
    subject: SubjectId,
    filename: bytes | None,
    facts: bytes | None,
    evidence: bytes | None,
) -> None:
    """Put a document under another subject, with its sealed values resealed."""
    affected(
        await tx.execute(
            sa.update(document)
            .where(document.c.id == row.id, document.c.subject_id == row.subject_id, document.c.status == row.status)
            # A password lies under the key that is left behind: it is asked for again.
            .values(subject_id=subject, filename=filename, facts=facts, evidence=evidence, password=None)
        )
    )


@dataclass(frozen=True)
class UploadRow:
    """A file on its way, as it lies in the table; `filename` is sealed."""

    id: UUID
    actor: str
    subject_id: SubjectId
    length: int
    received: int
    chunks: int
    filename: bytes | None
    expires_at: datetime
    document_id: DocumentId | None


async def insert_upload(tx: Transaction, row: UploadRow) -> None:
    values = {column.name: getattr(row, column.name) for column in _UPLOAD_COLUMNS}
    await tx.execute(sa.insert(upload).values(operator_id=tx.operator_id, **values))


async def find_upload(tx: Transaction, upload_id: UUID) -> UploadRow | None:
    found = await tx.one_or_none(sa.select(*_UPLOAD_COLUMNS).where(upload.c.id == upload_id))
    return UploadRow(**cast(dict[str, Any], dict(found._mapping))) if found is not None else None


async def count_unfinished(tx: Transaction, actor: str) -> int:
    """Files that somebody began and that have not come whole."""
    unfinished = sa.select(sa.func.count()).where(upload.c.actor == actor, upload.c.document_id.is_(None))
    return int((await tx.execute(unfinished)).scalar_one())


async def append_chunk(tx: Transaction, row: UploadRow, content: bytes, length: int) -> bool:
    """Put a sealed piece of `length` bytes at the end of what was received; False when somebody else was quicker."""
    grown = await tx.execute(
        sa.update(upload)
        .where(upload.c.id == row.id, upload.c.received == row.received, upload.c.document_id.is_(None))
        .values(received=row.received + length, chunks=upload.c.chunks + 1)
    )
    if grown.rowcount != 1:
        return False
    values = {"upload_id": row.id, "start": row.received, "content": content}
    await tx.execute(sa.insert(upload_chunk).values(operator_id=tx.operator_id, **values))
    return True


async def list_chunks(tx: Transaction, upload_id: UUID) -> list[tuple[int, bytes]]:
    """Where each sealed piece begins, in order."""
    chunks = sa.select(upload_chunk.c.start, upload_chunk.c.content).where(upload_chunk.c.upload_id == upload_id)
    return [(row.start, row.content) for row in await tx.all(chunks.order_by(upload_chunk.c.start))]


async def finish_upload(tx: Transaction, upload_id: UUID, document_id: DocumentId) -> None:
    """It became a document: its pieces go."""
    await tx.execute(sa.update(upload).where(upload.c.id == upload_id).values(document_id=document_id))
    await tx.execute(sa.delete(upload_chunk).where(upload_chunk.c.upload_id == upload_id))


async def delete_upload(tx: Transaction, upload_id: UUID) -> None:
    """With its pieces."""
    await tx.execute(sa.delete(upload).where(upload.c.id == upload_id))


def _belongs(other: sa.Table, document_id: sa.Column[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(document.c.operator_id == other.c.operator_id, document.c.id == document_id)


def _row(found: sa.Row[Any] | None) -> Row | None:
    return Row(**cast(dict[str, Any], dict(found._mapping))) if found is not None else None
