"""What speaks for or against a paper: gathered when it is read, kept sealed with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from austa.infra.keys import Keys
from austa.kernel.errors import Unavailable
from austa.kernel.ids import OperatorId
from austa.kernel.personal import REVEAL, Personal
from austa.modules.documents.adapters.reader import PageReader
from austa.modules.documents.api import Signature
from austa.modules.documents.domain.authenticity import UNREADABLE
from austa.modules.documents.domain.intake import PDF
from austa.modules.documents.domain.marks import is_signed, marks_of
from austa.modules.documents.service.places import owner_of, place_of
from austa.modules.documents.store import Row


@dataclass(frozen=True)
class Evidence:
    """The signatures inside a file, and the programs that say they made it."""

    signatures: tuple[Signature, ...] = ()
    made_by: str = ""


class EvidenceBook:
    """Gathers evidence, seals and opens it."""

    def __init__(self, keys: Keys, reader: PageReader, certificates: Sequence[bytes]) -> None:
        self._keys = keys
        self._reader = reader
        self._certificates = certificates

    async def gather(self, row: Row, content: bytes, password: Personal | None) -> Evidence:
        """What a file says of itself. Raises `Unavailable` while the reader is busy; one that dies over a signature
        leaves it unreadable, for its pages were read."""
        if row.media_type != PDF:
            return Evidence()
        made_by = (await asyncio.to_thread(marks_of, content)).made_by
        if not is_signed(content):
            return Evidence(made_by=made_by)
        try:
            signatures = await self._reader.signatures(content, self._certificates, row.created_at, password)
        except Unavailable as failure:
            if failure.code == "documents.reader_busy":
                raise
            signatures = (UNREADABLE,)
        return Evidence(signatures, made_by)

    async def seal(self, operator_id: OperatorId, row: Row, evidence: Evidence) -> bytes:
        """Under the key of the document's subject."""
        written = _EVIDENCE.dump_json(evidence, context=REVEAL)
        return await self._keys.seal(operator_id, owner_of(row.subject_id), place_of(row.id, "evidence"), written)

    async def open(self, operator_id: OperatorId, row: Row) -> Evidence | None:
        """None for what was read before evidence was kept, or was not read."""
        if row.evidence is None:
            return None
        place = place_of(row.id, "evidence")
        opened = await self._keys.open(operator_id, owner_of(row.subject_id), place, row.evidence)
        return _EVIDENCE.validate_json(opened)


_EVIDENCE = TypeAdapter(Evidence)
