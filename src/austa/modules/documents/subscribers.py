"""Reactions: a stored file is read."""

from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import DocumentId
from austa.modules.documents.events import DocumentStored
from austa.modules.documents.service.documents import DocumentService, WasRead, WasRefused


def handlers(documents: DocumentService) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def read(caller: Caller, envelope: Envelope) -> WasRead | WasRefused | None:
        return await documents.read_document(caller, _document(envelope))

    async def record(tx: Transaction, envelope: Envelope, result: WasRead | WasRefused | None) -> None:
        await documents.record_reading(tx, _document(envelope), result)

    return [Work("documents.read", "documents", DocumentStored.TYPE, read, record, lane="slow")]


def _document(envelope: Envelope) -> DocumentId:
    return DocumentId(UUID(envelope.data["document_id"]))
