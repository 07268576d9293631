"""Wiring of `documents`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.documents.adapters.certificates import read_certificates
from austa.modules.documents.adapters.reader import PageReader
from austa.modules.documents.routes import router
from austa.modules.documents.service.documents import DocumentService
from austa.modules.documents.subscribers import handlers
from austa.modules.language.api.language import Terminology
from austa.modules.privacy.api import Privacy


def build(
    platform: Platform, *, terminology: Terminology, privacy: Privacy, reader: PageReader | None = None
) -> tuple[DocumentService, Wired]:
    """Documents of one process. The reader's child is started by the first page that a worker handles."""
    reader = reader or PageReader(threads=platform.settings.reader_threads, max_pages=platform.settings.max_pages)
    documents = DocumentService(
        platform.database.for_module("documents"),
        keys=platform.keys,
        blobs=platform.blobs,
        access=platform.access,
        clock=platform.clock,
        max_bytes=platform.settings.max_upload_mb * 1024 * 1024,
        terminology=terminology,
        privacy=privacy,
        reader=reader,
        certificates=read_certificates(platform.settings.signature_roots),
    )
    return documents, Wired(
        handlers=handlers(documents),
        routes=lambda: [router(documents, platform.idempotency)],
        closers=[reader.close],
    )
