"""Wiring of `documents`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.documents.adapters.certificates import read_certificates
from austa.modules.documents.adapters.clamd import Clamd
from austa.modules.documents.adapters.reader import PageReader
from austa.modules.documents.routes.documents import router as document_router
from austa.modules.documents.routes.uploads import router as upload_router
from austa.modules.documents.service.documents import DocumentService
from austa.modules.documents.service.uploads import Uploads
from austa.modules.documents.subscribers import handlers
from austa.modules.language.api.language import Terminology
from austa.modules.privacy.api import Privacy


def build(
    platform: Platform, *, terminology: Terminology, privacy: Privacy, reader: PageReader | None = None
) -> tuple[DocumentService, Wired]:
    """Documents of one process. The reader's child is started by the first page that a worker handles."""
    reader = reader or PageReader(threads=platform.settings.reader_threads, max_pages=platform.settings.max_pages)
    database, max_bytes = platform.database.for_module("documents"), platform.settings.max_upload_mb * 1024 * 1024
    documents = DocumentService(
        database,
        keys=platform.keys,
        blobs=platform.blobs,
        access=platform.access,
        clock=platform.clock,
        max_bytes=max_bytes,
        terminology=terminology,
        privacy=privacy,
        reader=reader,
        certificates=read_certificates(platform.settings.signature_roots),
        scanner=Clamd(platform.settings.clamd) if platform.settings.clamd else None,
    )
    uploads = Uploads(
        database,
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        max_bytes=max_bytes,
        documents=documents,
    )
    return documents, Wired(
        handlers=handlers(documents, uploads),
        routes=lambda: [document_router(documents, platform.idempotency), upload_router(uploads)],
        closers=[reader.close],
    )
