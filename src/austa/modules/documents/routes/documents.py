"""HTTP edge of documents: send a file, ask what it says, look at its pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.kernel.ids import DocumentId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.documents.api import Document, Documents, DocumentState, FoundDocument, SubmittedDocument


class Password(Contract):
    """What opens an encrypted PDF."""

    password: Personal


class Looked(Contract):
    """What somebody looks for in papers. It is sent in the body: addresses are logged."""

    query: Personal
    member_id: UUID | None = None


class FoundDocuments(Contract):
    """The papers in which all of it stands, newest first."""

    items: tuple[FoundDocument, ...]


def router(documents: Documents, idempotency: Idempotency) -> APIRouter:
    """Documents under /api/v1/documents."""
    routes = APIRouter(prefix="/api/v1/documents", tags=["documents"])

    @routes.post("", status_code=202, response_model=SubmittedDocument)
    async def submit(
        request: Request,
        caller: SignedIn,
        idempotency_key: IdempotencyKey,
        file: Annotated[UploadFile, File(description="JPEG, PNG, TIFF, HEIC or PDF, at most 25 MB.")],
        member_id: Annotated[UUID | None, Form(description="Whose document it is; staff must say.")] = None,
    ) -> Response:
        """Keep a file; it is read soon after. Ask `GET /documents/{id}`, or wait for `documents.document_read`."""
        content = await file.read()
        subject = subject_of(caller, member_id)
        filename = Personal(file.filename[:255]) if file.filename else None

        async def create() -> Response:
            key = f"{caller.actor}/{idempotency_key}"
            kept = await documents.submit(caller, key, content, "web", subject, filename=filename)
            return answer(kept, 202, {"location": f"/api/v1/documents/{kept.id}"})

        return await idempotency.once(caller, idempotency_key, request, subject.bytes + content, create)

    @routes.post("/search", response_model=FoundDocuments)
    async def search(caller: SignedIn, asked: Annotated[Looked, from_json(Looked)]) -> Response:
        """Look in one member's papers by words, or in all by one code or number; each paper shown is a look at it."""
        subject = SubjectId(asked.member_id) if asked.member_id else None
        return answer(FoundDocuments(items=await documents.search(caller, asked.query, subject)))

    @routes.get("/{document_id}/state", response_model=DocumentState)
    async def state(caller: SignedIn, document_id: UUID) -> Response:
        """How far a document is, for who waits for it; why it is refused, in a sentence for who sent it."""
        return answer(await documents.state(caller, DocumentId(document_id)))

    @routes.post("/{document_id}/password", status_code=202, response_model=SubmittedDocument)
    async def unlock(caller: SignedIn, document_id: UUID, given: Password) -> Response:
        """Give the password of an encrypted PDF, once; it is read soon after and the password forgotten."""
        return answer(await documents.unlock(caller, DocumentId(document_id), given.password), 202)

    @routes.get("/{document_id}", response_model=Document)
    async def get(caller: SignedIn, document_id: UUID) -> Response:
        """A document with its fields, each with its proof."""
        return answer(await documents.get(caller, DocumentId(document_id)))

    @routes.get("/{document_id}/pages/{number}", responses={200: {"content": {"image/jpeg": {}}}})
    async def page(
        caller: SignedIn,
        document_id: UUID,
        number: int,
        width: Annotated[
            int, Query(ge=64, le=2400, description="160 for a list, 1200 for a screen, 2400 for all.")
        ] = 1200,
        covered: Annotated[bool, Query(description="Paint over what names the member.")] = False,
    ) -> Response:
        """A page as JPEG, upright, without metadata, made as wide as it is asked for and kept by nobody."""
        picture = await documents.page_image(caller, DocumentId(document_id), number, width, covered=covered)
        headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
        return Response(picture, 200, headers, "image/jpeg")

    return routes


def subject_of(caller: Caller, member_id: UUID | None) -> SubjectId:
    """Whose paper it is that somebody sends; a member's is their own."""
    if member_id is not None:
        return SubjectId(member_id)
    if caller.kind == "member":
        return SubjectId(UUID(caller.id))
    raise Invalid("documents.member_missing", "say whose document it is: member_id")
