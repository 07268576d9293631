"""Reactions: a stored file is read; an upload that did not come whole goes."""

from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import DocumentId
from austa.modules.documents.events import DocumentStored, UploadTermEnded
from austa.modules.documents.service.documents import DocumentService, WasRead, WasRefused
from austa.modules.documents.service.uploads import Uploads


def handlers(documents: DocumentService, uploads: Uploads) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def read(caller: Caller, envelope: Envelope) -> WasRead | WasRefused | None:
        return await documents.read_document(caller, _document(envelope))

    async def record(tx: Transaction, envelope: Envelope, result: WasRead | WasRefused | None) -> None:
        await documents.record_reading(tx, _document(envelope), result)

    async def end_upload(tx: Transaction, envelope: Envelope) -> None:
        await uploads.end_term(tx, UUID(envelope.data["upload_id"]))

    return [
        Work("documents.read", "documents", DocumentStored.TYPE, read, record, lane="slow"),
        Reaction("documents.end_upload", "documents", UploadTermEnded.TYPE, end_upload, lane="later"),
    ]


def _document(envelope: Envelope) -> DocumentId:
    return DocumentId(UUID(envelope.data["document_id"]))
