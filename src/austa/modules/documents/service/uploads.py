"""Files that come in pieces, over connections that break: what has come stays, sealed, until it is whole or too old."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.errors import Conflict, Invalid, NotFound, TooMany
from austa.kernel.ids import DocumentId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents import store
from austa.modules.documents.api import REFUSALS, Documents
from austa.modules.documents.domain.intake import media_type_of
from austa.modules.documents.events import UploadTermEnded
from austa.modules.documents.service.places import owner_of
from austa.modules.documents.store import UploadRow

LIFE = timedelta(hours=24)
MOST_UNFINISHED = 20
"""Of one person: a provider's clerk sends a handful at a time."""
MOST_CHUNKS = 1000
SURE_OF_TYPE = 16
"""Bytes of a file from which its type is known."""


@dataclass(frozen=True)
class Upload:
    """How far a file on its way has come; `document_id` once it became one."""

    id: UUID
    length: int
    received: int
    expires_at: datetime
    document_id: DocumentId | None


class Uploads:
    """Uploads of all operators. Only who began one sees it."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        keys: Keys,
        access: Access,
        clock: Clock,
        max_bytes: int,
        documents: Documents,
    ) -> None:
        self.max_bytes = max_bytes
        self._database = database
        self._keys = keys
        self._access = access
        self._clock = clock
        self._documents = documents

    async def begin(self, caller: Caller, length: int, subject: SubjectId, filename: Personal | None) -> Upload:
        """Announce a file of `length` bytes.

        Raises `Invalid` `documents.empty` or `documents.too_large`, `TooMany` `documents.too_many_uploads`.
        """
        provider = str(caller.provider_id) if caller.provider_id else None
        self._access.check(caller, "document:submit", owner=str(subject), provider=provider)
        if not 0 < length <= self.max_bytes:
            code = "documents.too_large" if length > 0 else "documents.empty"
            raise Invalid(code, "a file of this size is not accepted", sentence=REFUSALS[code], size=length)
        upload_id = new_id()
        sealed = await self._seal(caller, subject, _filename(upload_id), filename.reveal()) if filename else None
        row = UploadRow(
            id=upload_id,
            actor=caller.actor,
            subject_id=subject,
            length=length,
            received=0,
            chunks=0,
            filename=sealed,
            expires_at=self._clock.now() + LIFE,
            document_id=None,
        )
        async with self._database.transaction(caller) as tx:
            if await store.count_unfinished(tx, caller.actor) >= MOST_UNFINISHED:
                raise TooMany("documents.too_many_uploads", "finish or end the uploads that were begun first")
            await store.insert_upload(tx, row)
            await tx.publish(UploadTermEnded(upload_id=upload_id), not_before=row.expires_at)
        return _told(row)

    async def get(self, caller: Caller, upload_id: UUID) -> Upload:
        """How far it is; one that came whole just before somebody died becomes a document now.

        Raises `NotFound` `documents.no_such_upload`.
        """
        return _told(await self._finished(caller, await self._find(caller, upload_id)))

    async def append(self, caller: Caller, upload_id: UUID, offset: int, content: bytes) -> Upload:
        """Keep the next piece; the last one makes it a document.

        Raises `Conflict` `documents.upload_offset` where it is not the next, `Invalid` with a code of `REFUSALS` as
        soon as the file is known to be useless: then the upload is gone.
        """
        row = await self._find(caller, upload_id)
        if offset != row.received or row.document_id is not None:
            raise _another_offset(row)
        if offset + len(content) > row.length or row.chunks >= MOST_CHUNKS:
            raise Invalid("documents.upload_too_long", "more was sent than was announced, or in too many pieces")
        if offset == 0 and len(content) >= SURE_OF_TYPE and media_type_of(content) is None:
            await self.forget(caller, upload_id)
            code = "documents.type_not_accepted"
            raise Invalid(code, "this file is not accepted", sentence=REFUSALS[code])
        if content:
            sealed = await self._seal(caller, row.subject_id, _chunk(row.id, offset), content)
            async with self._database.transaction(caller) as tx:
                if not await store.append_chunk(tx, row, sealed, len(content)):
                    raise _another_offset(row)
        return _told(await self._finished(caller, replace(row, received=row.received + len(content))))

    async def forget(self, caller: Caller, upload_id: UUID) -> None:
        """End it, with what has come. A document that it became stays."""
        await self._find(caller, upload_id)
        async with self._database.transaction(caller) as tx:
            await store.delete_upload(tx, upload_id)

    async def end_term(self, tx: Transaction, upload_id: UUID) -> None:
        """Its time has ended."""
        await store.delete_upload(tx, upload_id)

    async def _find(self, caller: Caller, upload_id: UUID) -> UploadRow:
        async with self._database.transaction(caller) as tx:
            row = await store.find_upload(tx, upload_id)
        if row is None or row.actor != caller.actor or row.expires_at <= self._clock.now():
            raise NotFound("documents.no_such_upload", "no such upload, or its time has ended")
        return row

    async def _finished(self, caller: Caller, row: UploadRow) -> UploadRow:
        if row.received < row.length or row.document_id is not None:
            return row
        async with self._database.transaction(caller) as tx:
            chunks = await store.list_chunks(tx, row.id)
        if not chunks:
            # Somebody else finished it between two looks.
            return await self._find(caller, row.id)
        content = await self._joined(caller, row, chunks)
        filename = Personal(await self._open_filename(caller, row)) if row.filename else None
        key = f"{caller.actor}/upload/{row.id}"
        try:
            kept = await self._documents.submit(caller, key, content, "web", row.subject_id, filename=filename)
        except Invalid:
            await self.forget(caller, row.id)
            raise
        async with self._database.transaction(caller) as tx:
            await store.finish_upload(tx, row.id, kept.id)
        return replace(row, document_id=kept.id)

    async def _joined(self, caller: Caller, row: UploadRow, chunks: Sequence[tuple[int, bytes]]) -> bytes:
        owner = owner_of(row.subject_id)
        pieces = [
            await self._keys.open(caller.operator_id, owner, _chunk(row.id, start), sealed) for start, sealed in chunks
        ]
        return b"".join(pieces)

    async def _seal(self, caller: Caller, subject: SubjectId, place: str, value: str | bytes) -> bytes:
        return await self._keys.seal(caller.operator_id, owner_of(subject), place, value)

    async def _open_filename(self, caller: Caller, row: UploadRow) -> str:
        assert row.filename is not None
        owner = owner_of(row.subject_id)
        return await self._keys.open_text(caller.operator_id, owner, _filename(row.id), row.filename)


def _told(row: UploadRow) -> Upload:
    return Upload(row.id, row.length, row.received, row.expires_at, row.document_id)


def _another_offset(row: UploadRow) -> Conflict:
    return Conflict("documents.upload_offset", "the upload stands elsewhere; ask where (HEAD)", received=row.received)


def _chunk(upload_id: UUID, start: int) -> str:
    return f"documents.upload_chunk.content:{upload_id}:{start}"


def _filename(upload_id: UUID) -> str:
    return f"documents.upload.filename:{upload_id}"
