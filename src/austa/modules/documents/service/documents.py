"""The use cases of `documents`: keep a file, read it, show it, move it under another key."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter

from austa.infra.access import Access
from austa.infra.blobs import Blobs
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from austa.kernel.ids import DocumentId, OperatorId, ProviderId, SubjectId, derived_id
from austa.kernel.personal import REVEAL, Personal
from austa.modules.documents import store
from austa.modules.documents.adapters.clamd import Clamd
from austa.modules.documents.adapters.reader import FileRefused, PageReader, ReadPage
from austa.modules.documents.api import (
    REFUSALS,
    Box,
    Document,
    DocumentState,
    Field,
    FileMarks,
    FoundDocument,
    Item,
    PageInfo,
    PageText,
    Procedure,
    Source,
    SubmittedDocument,
)
from austa.modules.documents.domain.authenticity import is_tampered, weigh
from austa.modules.documents.domain.covering import naming_boxes
from austa.modules.documents.domain.extraction import Extraction, extract
from austa.modules.documents.domain.intake import PDF, media_type_of, refusal_of
from austa.modules.documents.domain.likeness import PageLikeness, likeness_of, names_the_person, person_keys
from austa.modules.documents.domain.marks import marks_of
from austa.modules.documents.events import DocumentRead, DocumentRefused, DocumentStored
from austa.modules.documents.service.evidence import Evidence, EvidenceBook
from austa.modules.documents.service.likenesses import Likenesses
from austa.modules.documents.service.pictures import shown
from austa.modules.documents.service.places import original_of, owner_of, page_of, place_of
from austa.modules.documents.service.search import MOST_FOUND, SearchIndex
from austa.modules.documents.service.texts import Texts
from austa.modules.documents.store import Reading, Row, Same
from austa.modules.language.api.language import Terminology
from austa.modules.privacy.api import AccessReason, Privacy

MAX_ATTEMPTS = 3
"""A file at which the reader dies or hangs that often is refused, so that it cannot hold up others."""
LONGEST_PASSWORD = 127
"""Bytes that a PDF's encryption looks at, at most (ISO 32000-2, 7.6.4.3.3)."""
NARROWEST, WIDEST = 64, 2400
_SEE_OTHERS = frozenset({"staff", "system"})
_AUDIT_ROLES = frozenset({"medical_auditor", "nurse_auditor", "technical_director"})
_Facts = tuple[tuple[Field, ...], tuple[Procedure, ...], tuple[Item, ...]]
_FACTS: TypeAdapter[_Facts | tuple[tuple[Field, ...], tuple[Procedure, ...]]] = TypeAdapter(
    _Facts | tuple[tuple[Field, ...], tuple[Procedure, ...]]
)
"""What was read from a document; before items were read, without them."""


@dataclass(frozen=True)
class WasRead:
    """What the reader and the extraction found, to be recorded; the subject is the one whose key was used."""

    subject: SubjectId
    extraction: Extraction
    pages: tuple[PageInfo, ...]
    lines: tuple[str, ...]
    evidence: Evidence
    likeness: tuple[PageLikeness, ...]
    whose: frozenset[str]


@dataclass(frozen=True)
class WasRefused:
    """Why the file cannot be read."""

    code: str


class DocumentService:
    """Documents of all operators, each within its own."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        keys: Keys,
        blobs: Blobs,
        access: Access,
        clock: Clock,
        max_bytes: int,
        terminology: Terminology,
        privacy: Privacy,
        reader: PageReader,
        certificates: Sequence[bytes] = (),
        scanner: Clamd | None = None,
    ) -> None:
        """`certificates`: what signatures in PDFs are checked against (PEM or DER). `scanner` looks for viruses."""
        self._database = database
        self._keys = keys
        self._blobs = blobs
        self._access = access
        self._clock = clock
        self._max_bytes = max_bytes
        self._terminology = terminology
        self._privacy = privacy
        self._reader = reader
        self._scanner = scanner
        self._likenesses = Likenesses(keys)
        self._texts = Texts(blobs)
        self._search = SearchIndex(keys)
        self._evidence = EvidenceBook(keys, reader, certificates)

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
        """See `Documents.submit`. The file is safe before its row is written; a crash between leaves no row."""
        self._access.check(caller, "document:submit", owner=str(subject), provider=_provider_of(caller.provider_id))
        code = await asyncio.to_thread(refusal_of, content, self._max_bytes)
        if code:
            raise Invalid(code, "this file is not accepted", sentence=REFUSALS[code], size=len(content))
        row = self._new_row(caller, key, content, source, subject)
        row = replace(row, filename=await self._seal_filename(caller.operator_id, row, filename))
        await self._blobs.put(caller.operator_id, owner_of(subject), original_of(row), content)
        async with self._database.transaction(caller) as tx:
            if await store.insert_document(tx, row):
                someone_waits = source in {"whatsapp", "web"}
                await tx.publish(
                    DocumentStored(document_id=row.id, requested_by=key), priority=1 if someone_waits else 0
                )
                return SubmittedDocument(id=row.id, status="stored", created=True)
            kept = await store.find_by_key(tx, key)
        if kept is None or kept.content_mark != row.content_mark:
            await self._blobs.delete(caller.operator_id, original_of(row))
            raise Conflict("documents.key_reused", "this key was used for another file")
        return SubmittedDocument(id=kept.id, status=kept.status, created=False)

    async def state(self, caller: Caller, document_id: DocumentId) -> DocumentState:
        """See `Documents.state`."""
        row, _ = await self._find(caller, document_id)
        sentence = REFUSALS.get(row.refusal) if row.refusal else None
        return DocumentState(id=row.id, status=row.status, refusal=row.refusal, sentence=sentence)

    async def unlock(self, caller: Caller, document_id: DocumentId, password: Personal) -> SubmittedDocument:
        """See `Documents.unlock`."""
        row, _ = await self._find(caller, document_id)
        self._access.check(caller, "document:submit", owner=str(row.subject_id), provider=_provider_of(row.provider_id))
        if not 0 < len(password.reveal()) <= LONGEST_PASSWORD:
            raise Invalid("documents.password_missing", "give the password of the PDF, of at most 127 characters")
        place = place_of(row.id, "password")
        sealed = await self._keys.seal(caller.operator_id, owner_of(row.subject_id), place, password.reveal())
        async with self._database.transaction(caller) as tx:
            awaited = await store.find_document(tx, document_id, lock=True)
            if awaited is None or awaited.refusal != "documents.pdf_encrypted" or awaited.subject_id != row.subject_id:
                raise Conflict("documents.no_password_awaited", "this document does not wait for a password")
            await store.await_reading(tx, document_id, sealed)
            await tx.publish(DocumentStored(document_id=row.id, requested_by=row.key), priority=1)
        return SubmittedDocument(id=row.id, status="stored", created=False)

    async def get(self, caller: Caller, document_id: DocumentId) -> Document:
        row, same = await self._find(caller, document_id)
        await self._note_look(caller, row)
        return await self._document(caller, row, same)

    async def get_many(self, caller: Caller, document_ids: Sequence[DocumentId]) -> tuple[Document, ...]:
        async with self._database.transaction(caller) as tx:
            rows = {row.id: row for row in await store.find_documents(tx, document_ids)}
            visible = [rows[each] for each in document_ids if each in rows and self._may_read(caller, rows[each])]
            same = [await store.find_same(tx, row) for row in visible]
        for row in visible:
            await self._note_look(caller, row)
        return tuple([await self._document(caller, row, earlier) for row, earlier in zip(visible, same, strict=True)])

    async def reading(self, caller: Caller, document_id: DocumentId) -> tuple[PageText, ...]:
        """See `Documents.reading`."""
        row = await self._find_read(caller, document_id)
        await self._note_look(caller, row)
        return await self._texts.open(caller.operator_id, row)

    async def search(
        self, caller: Caller, query: Personal, subject: SubjectId | None = None
    ) -> tuple[FoundDocument, ...]:
        """See `Documents.search`."""
        if caller.kind == "member":
            subject = subject or SubjectId(UUID(caller.id))
        owner = str(subject) if subject else None
        self._access.check(caller, "document:read", owner=owner, provider=_provider_of(caller.provider_id))
        asked = self._search.asked(caller.operator_id, query, subject)
        async with self._database.transaction(caller) as tx:
            rows = await store.search_documents(tx, asked.tokens, caller.provider_id, MOST_FOUND)
        found = []
        for row in rows:
            if not self._may_read(caller, row):
                continue
            pages = await self._texts.open(caller.operator_id, row)
            if not pages:
                # Its key was destroyed: nobody finds it any more.
                async with self._database.transaction(caller) as tx:
                    await store.replace_tokens(tx, row.id, [])
                continue
            await self._note_look(caller, row)
            found.append(asked.found(row, pages))
        return tuple(found)

    async def page_image(
        self, caller: Caller, document_id: DocumentId, page: int, width: int, *, covered: bool = False
    ) -> bytes:
        """See `Documents.page_image`."""
        row = await self._find_read(caller, document_id)
        if not any(each["number"] == page for each in row.pages):
            raise NotFound("documents.no_such_page", "the document has no such page", page=page)
        picture = await self._blobs.get(caller.operator_id, owner_of(row.subject_id), page_of(row, page))
        await self._note_look(caller, row)
        hidden: list[Box] = []
        if covered:
            fields, *_ = await self._open_facts(caller.operator_id, row)
            texts = {text.page: text for text in await self._texts.open(caller.operator_id, row)}
            hidden = naming_boxes(fields, texts.get(page), page)
        return await asyncio.to_thread(shown, picture, min(max(width, NARROWEST), WIDEST), hidden)

    async def original(self, caller: Caller, document_id: DocumentId) -> bytes:
        row, _ = await self._find(caller, document_id)
        self._access.check(caller, "document:original", owner=str(row.subject_id))
        await self._note_look(caller, row)
        return await self._blobs.get(caller.operator_id, owner_of(row.subject_id), original_of(row))

    async def file_marks(self, caller: Caller, document_id: DocumentId) -> FileMarks | None:
        """See `Documents.file_marks`."""
        row, _ = await self._find(caller, document_id)
        if row.media_type != PDF:
            return None
        content = await self._blobs.get(caller.operator_id, owner_of(row.subject_id), original_of(row))
        await self._note_look(caller, row)
        marks = await asyncio.to_thread(marks_of, content)
        evidence = await self._evidence.open(caller.operator_id, row)
        # What was checked says more than what was searched for.
        checked = [each for each in evidence.signatures if each.integrity != "unreadable"] if evidence else []
        return (
            marks.model_copy(update={"changed_after_signature": any(map(is_tampered, checked))}) if checked else marks
        )

    async def relink(self, caller: Caller, document_ids: Sequence[DocumentId], subject: SubjectId) -> None:
        """See `Documents.relink`. Copies are written first and the old ones removed last."""
        self._access.check(caller, "document:submit", owner=str(subject))
        for document_id in document_ids:
            row, _ = await self._find(caller, document_id)
            if row.subject_id != subject:
                await self._relink_one(caller, row, subject)

    async def read_document(self, caller: Caller, document_id: DocumentId) -> WasRead | WasRefused | None:
        """Read a stored file, outside any transaction. None when it was read or refused before.

        Raises `Unavailable` while the scanner is away, or the reader is busy, died or hung; the caller tries again.
        """
        async with self._database.transaction(caller) as tx:
            row = await store.find_document(tx, document_id)
        if row is None or row.status in {"read", "refused"}:
            return None
        content = await self._blobs.get(caller.operator_id, owner_of(row.subject_id), original_of(row))
        # Before it counts as an attempt: that the scanner is away says nothing about the file.
        if self._scanner is not None and await self._scanner.finds_virus(content):
            return WasRefused("documents.virus")
        async with self._database.transaction(caller) as tx:
            await store.start_reading(tx, document_id)
            row = await store.find_document(tx, document_id)
        if row is None or row.status in {"read", "refused"}:
            return None
        password = await self._open_password(caller.operator_id, row)
        try:
            pages = await self._reader.read(content, row.media_type, password)
        except FileRefused as refused:
            return WasRefused(refused.code)
        except Unavailable as failure:
            if failure.code == "documents.reader_busy" or row.attempts < MAX_ATTEMPTS:
                raise
            return WasRefused("documents.damaged")
        await self._keep_pages(caller.operator_id, row, pages)
        readings = [page.reading for page in pages]
        await self._texts.keep(caller.operator_id, row, readings)
        today = local_date(row.created_at)
        extraction = await asyncio.to_thread(extract, readings, self._terminology, today)
        infos = tuple(PageInfo(number=each.number, width=each.width, height=each.height) for each in readings)
        whose = person_keys(extraction.fields)
        likeness = [likeness_of(page.reading, page.signs) for page in pages if names_the_person(page.reading, whose)]
        evidence = await self._evidence.gather(row, content, password)
        lines = tuple(line.text for each in readings for line in each.lines)
        return WasRead(row.subject_id, extraction, infos, lines, evidence, tuple(likeness), whose)

    async def record_reading(
        self, tx: Transaction, document_id: DocumentId, result: WasRead | WasRefused | None
    ) -> None:
        """Write what `read_document` found and tell the house, in the caller's transaction."""
        row = await store.find_document(tx, document_id, lock=True)
        if row is None or result is None:
            return
        if isinstance(result, WasRefused):
            await store.write_refusal(tx, row.id, result.code)
            await tx.publish(DocumentRefused(document_id=row.id, requested_by=row.key, reason=result.code))
            return
        if row.subject_id != result.subject:
            # Its pages lie under the key of a subject it has just left: read again under the new one.
            raise Conflict("documents.relinked_while_reading", "the document moved to another subject")
        found = result.extraction
        await store.write_reading(
            tx,
            row.id,
            Reading(
                document_class=found.document_class,
                class_confidence=found.class_confidence,
                handwritten=found.handwritten,
                pages=[page.model_dump() for page in result.pages],
                facts=await self._seal_facts(tx.operator_id, row, (found.fields, found.procedures, found.items)),
                evidence=await self._evidence.seal(tx.operator_id, row, result.evidence),
            ),
        )
        await self._likenesses.keep(tx, row, result.likeness, result.whose)
        await self._search.keep(tx, row.id, row.subject_id, result.lines, found.fields, found.procedures)
        await tx.publish(DocumentRead(document_id=row.id, requested_by=row.key, outcome=found.outcome))

    async def close(self) -> None:
        """Let the reader's child go."""
        await self._reader.close()

    def _new_row(self, caller: Caller, key: str, content: bytes, source: Source, subject: SubjectId) -> Row:
        operator_id = caller.operator_id
        media_type = media_type_of(content)
        assert media_type is not None
        return Row(
            id=DocumentId(derived_id("document", operator_id, key)),
            key=key,
            subject_id=subject,
            source=source,
            media_type=media_type,
            size_bytes=len(content),
            content_mark=self._keys.blind(operator_id, "documents.content", hashlib.sha256(content).hexdigest()),
            filename=None,
            status="stored",
            attempts=0,
            refusal=None,
            document_class=None,
            class_confidence=0.0,
            handwritten=False,
            pages=(),
            facts=None,
            evidence=None,
            created_at=self._clock.now(),
            read_at=None,
            provider_id=caller.provider_id,
        )

    async def _find(self, caller: Caller, document_id: DocumentId) -> tuple[Row, Same]:
        async with self._database.transaction(caller) as tx:
            row = await store.find_document(tx, document_id)
            same = await store.find_same(tx, row) if row else Same()
        if row is None or not self._may_read(caller, row):
            raise NotFound("documents.no_such_document", "no such document", id=str(document_id))
        return row, same

    async def _find_read(self, caller: Caller, document_id: DocumentId) -> Row:
        row, _ = await self._find(caller, document_id)
        if row.status != "read":
            raise Conflict("documents.not_read_yet", "its pages are not there yet", status=row.status)
        return row

    def _may_read(self, caller: Caller, row: Row) -> bool:
        return self._access.allows(
            caller, "document:read", owner=str(row.subject_id), provider=_provider_of(row.provider_id)
        )

    async def _note_look(self, caller: Caller, row: Row) -> None:
        """Looks of people at work are written down (LGPD art. 37); the person's own and the system's are not."""
        if caller.at_work:
            why: AccessReason = "medical_audit" if caller.roles & _AUDIT_ROLES else "prior_authorization"
            await self._privacy.record_access(caller, row.subject_id, "document", why, row.id)

    async def _document(self, caller: Caller, row: Row, same: Same) -> Document:
        operator_id = caller.operator_id
        fields, procedures, items = await self._open_facts(operator_id, row)
        filename = await self._open_filename(operator_id, row)
        # That somebody else sent the same paper is no business of a member or a provider.
        sees_others = caller.kind in _SEE_OTHERS
        evidence = await self._evidence.open(operator_id, row) if sees_others else None
        return Document(
            id=row.id,
            subject=row.subject_id,
            requested_by=row.key,
            source=row.source,
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            filename=filename,
            status=row.status,
            refusal=row.refusal,
            document_class=row.document_class,
            class_confidence=row.class_confidence,
            handwritten=row.handwritten,
            pages=tuple(PageInfo(**page) for page in row.pages),
            fields=fields,
            procedures=procedures,
            items=items,
            duplicate_of=same.file if sees_others else (),
            same_photo_as=same.photo if sees_others else (),
            authenticity=weigh(
                fields, evidence.signatures, evidence.made_by, same_file=bool(same.file), same_photo=bool(same.photo)
            )
            if evidence
            else None,
            created_at=row.created_at,
            read_at=row.read_at,
        )

    async def _keep_pages(self, operator_id: OperatorId, row: Row, pages: Sequence[ReadPage]) -> None:
        for page in pages:
            name = page_of(row, page.reading.number)
            await self._blobs.put(operator_id, owner_of(row.subject_id), name, page.picture)

    async def _relink_one(self, caller: Caller, row: Row, subject: SubjectId) -> None:
        operator_id = caller.operator_id
        moved = replace(row, subject_id=subject)
        names = [(original_of(row), original_of(moved))]
        names += [(page_of(row, page["number"]), page_of(moved, page["number"])) for page in row.pages]
        for old, new in names:
            content = await self._blobs.get(operator_id, owner_of(row.subject_id), old)
            await self._blobs.put(operator_id, owner_of(subject), new, content)
        await self._texts.copy(operator_id, row, subject)
        lines = [line.text.reveal() for page in await self._texts.open(operator_id, row) for line in page.lines]
        facts = await self._open_facts(operator_id, row)
        sealed_name = await self._seal_filename(operator_id, moved, await self._open_filename(operator_id, row))
        sealed_facts = await self._seal_facts(operator_id, moved, facts) if row.facts else None
        evidence = await self._evidence.open(operator_id, row)
        sealed_evidence = await self._evidence.seal(operator_id, moved, evidence) if evidence else None
        async with self._database.transaction(caller) as tx:
            await store.move_to_subject(tx, row, subject, sealed_name, sealed_facts, sealed_evidence)
            await self._likenesses.move(tx, row, subject)
            await self._search.keep(tx, row.id, subject, lines, *facts[:2])
        for old, _ in names:
            await self._blobs.delete(operator_id, old)
        await self._texts.forget(operator_id, row)

    async def _seal_facts(self, operator_id: OperatorId, row: Row, facts: _Facts) -> bytes:
        written = _FACTS.dump_json(facts, context=REVEAL)
        return await self._keys.seal(operator_id, owner_of(row.subject_id), place_of(row.id, "facts"), written)

    async def _open_facts(self, operator_id: OperatorId, row: Row) -> _Facts:
        if row.facts is None:
            return (), (), ()
        opened = await self._keys.open(operator_id, owner_of(row.subject_id), place_of(row.id, "facts"), row.facts)
        facts = _FACTS.validate_json(opened)
        return facts if len(facts) == 3 else (*facts, ())

    async def _seal_filename(self, operator_id: OperatorId, row: Row, filename: Personal | None) -> bytes | None:
        if filename is None:
            return None
        place = place_of(row.id, "filename")
        return await self._keys.seal(operator_id, owner_of(row.subject_id), place, filename.reveal())

    async def _open_password(self, operator_id: OperatorId, row: Row) -> Personal | None:
        if row.password is None:
            return None
        place = place_of(row.id, "password")
        return Personal(await self._keys.open_text(operator_id, owner_of(row.subject_id), place, row.password))

    async def _open_filename(self, operator_id: OperatorId, row: Row) -> Personal | None:
        if row.filename is None:
            return None
        place = place_of(row.id, "filename")
        opened = await self._keys.open_text(operator_id, owner_of(row.subject_id), place, row.filename)
        return Personal(opened)


def _provider_of(provider_id: ProviderId | None) -> str | None:
    return str(provider_id) if provider_id else None
