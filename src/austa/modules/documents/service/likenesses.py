"""Finds papers again that were photographed once and sent by two people."""

from collections.abc import Collection, Sequence

from pydantic import TypeAdapter

from austa.infra.db import Transaction
from austa.infra.keys import Keys
from austa.kernel.errors import NotFound
from austa.kernel.ids import DocumentId, OperatorId, SubjectId
from austa.modules.documents import store
from austa.modules.documents.domain.likeness import MEASURED, PageLikeness, show_one_photo
from austa.modules.documents.service.places import owner_of, place_of
from austa.modules.documents.store import Row

MOST_COMPARED = 200
"""Of the newest papers with that name or number: whoever has a name of thousands has a card of their own."""
_PAGES: TypeAdapter[tuple[PageLikeness, ...]] = TypeAdapter(tuple[PageLikeness, ...])


class Likenesses:
    """By what papers are known again; all of it in the transaction of whoever read or moves them."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def keep(self, tx: Transaction, row: Row, pages: Sequence[PageLikeness], whose: Collection[str]) -> None:
        """Keep by what a document is known, and note which papers of other people show its photo.

        `whose`: what on it says whose it is. Who sends their own paper again does nothing strange, so the same
        subject's papers are not compared.
        """
        if not pages:
            return
        marks = sorted(self._keys.blind(tx.operator_id, "documents.person", each) for each in whose)
        for mark in marks:
            # Of two that are read at the same moment the second waits, and then sees the first.
            await tx.lock(f"documents.person:{tx.operator_id}:{mark.hex()}")
        await store.add_likeness(tx, row.id, await self._seal(tx.operator_id, row.id, row.subject_id, pages), marks)
        others = await store.list_sharing_a_mark(tx, row, marks, MOST_COMPARED)
        await self._keys.find(tx.operator_id, "care", [other.subject_id for other in others])
        for other in others:
            seen = await self._open(tx.operator_id, other.document_id, other.subject_id, other.content)
            if seen is None:
                await store.forget_likeness(tx, other.document_id)
            elif show_one_photo(pages, seen, MEASURED):
                earlier, later = sorted(((other.created_at, other.document_id), (row.created_at, row.id)))
                await store.add_same_photo(tx, later[1], earlier[1])

    async def move(self, tx: Transaction, row: Row, subject: SubjectId) -> None:
        """Seal it under the key of the subject that the document goes to."""
        content = await store.find_likeness(tx, row.id)
        pages = await self._open(tx.operator_id, row.id, row.subject_id, content) if content else None
        if pages:
            await store.replace_likeness(tx, row.id, await self._seal(tx.operator_id, row.id, subject, pages))

    async def _seal(
        self, operator_id: OperatorId, document_id: DocumentId, subject: SubjectId, pages: Sequence[PageLikeness]
    ) -> bytes:
        written = _PAGES.dump_json(tuple(pages))
        return await self._keys.seal(operator_id, owner_of(subject), place_of(document_id, "likeness"), written)

    async def _open(
        self, operator_id: OperatorId, document_id: DocumentId, subject: SubjectId, content: bytes
    ) -> tuple[PageLikeness, ...] | None:
        """None where the key was destroyed: that paper is compared with nothing any more."""
        try:
            opened = await self._keys.open(operator_id, owner_of(subject), place_of(document_id, "likeness"), content)
        except NotFound:
            return None
        return _PAGES.validate_json(opened)
