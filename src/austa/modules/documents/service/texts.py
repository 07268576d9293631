"""What stands on the pages of a document, word by word: kept with the pages, sealed as they are."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from austa.infra.blobs import Blobs
from austa.kernel.errors import NotFound
from austa.kernel.ids import OperatorId, SubjectId
from austa.kernel.personal import REVEAL
from austa.modules.documents.api import PageText
from austa.modules.documents.domain.reading import PageReading
from austa.modules.documents.domain.words import page_text
from austa.modules.documents.service.places import owner_of, text_of
from austa.modules.documents.store import Row

_PAGES: TypeAdapter[tuple[PageText, ...]] = TypeAdapter(tuple[PageText, ...])


class Texts:
    """Keeps the words of each document under its subject's key."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def keep(self, operator_id: OperatorId, row: Row, readings: Sequence[PageReading]) -> None:
        """Keep what was read, before the document is told to be."""
        written = _PAGES.dump_json(tuple(page_text(each) for each in readings), context=REVEAL)
        await self._blobs.put(operator_id, owner_of(row.subject_id), text_of(row.id, row.subject_id), written)

    async def open(self, operator_id: OperatorId, row: Row) -> tuple[PageText, ...]:
        """Empty for a document that was read before words were kept."""
        written = await self._written(operator_id, row)
        return _PAGES.validate_json(written) if written else ()

    async def copy(self, operator_id: OperatorId, row: Row, subject: SubjectId) -> None:
        """Seal them once more, for the subject that the document goes to."""
        written = await self._written(operator_id, row)
        if written:
            await self._blobs.put(operator_id, owner_of(subject), text_of(row.id, subject), written)

    async def forget(self, operator_id: OperatorId, row: Row) -> None:
        """Those of the subject that the document left."""
        if await self._written(operator_id, row):
            await self._blobs.delete(operator_id, text_of(row.id, row.subject_id))

    async def _written(self, operator_id: OperatorId, row: Row) -> bytes | None:
        try:
            return await self._blobs.get(operator_id, owner_of(row.subject_id), text_of(row.id, row.subject_id))
        except NotFound:
            return None
