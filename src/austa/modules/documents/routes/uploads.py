"""HTTP edge of uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload), with creation, expiration, checksum and
termination. Whoever's connection breaks asks how far it came (HEAD) and goes on from there."""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import format_datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from starlette.requests import ClientDisconnect

from austa.infra.http import SignedIn, problem, status_of
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Invalid
from austa.kernel.personal import Personal
from austa.modules.documents.routes.documents import subject_of
from austa.modules.documents.service.uploads import Upload, Uploads

VERSION = "1.0.0"
PIECE = 1024 * 1024
"""Bytes that are kept at once: so much of a request that breaks may be sent again."""
PIECES_TYPE = "application/offset+octet-stream"
CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    # The protocol asks for SHA-1; it finds accidents, not enemies.
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False).digest(),
    "sha256": lambda content: hashlib.sha256(content).digest(),
}
WRONG_CHECKSUM = 460


def router(uploads: Uploads) -> APIRouter:
    """Uploads under /api/v1/uploads."""
    routes = APIRouter(prefix="/api/v1/uploads", tags=["documents"])

    @routes.options("", status_code=204)
    async def abilities() -> Response:
        """What of tus is spoken here."""
        said = {
            "tus-version": VERSION,
            "tus-extension": "creation,expiration,checksum,termination",
            "tus-checksum-algorithm": ",".join(CHECKSUMS),
            "tus-max-size": str(uploads.max_bytes),
        }
        return _told(204, said)

    @routes.post("", status_code=201)
    async def begin(
        request: Request,
        caller: SignedIn,
        upload_length: Annotated[int, Header(description="Bytes of the whole file.")],
        upload_metadata: Annotated[
            str, Header(description="`filename` and, from staff and providers, `member_id`; values in base64.")
        ] = "",
    ) -> Response:
        """Announce a file; its pieces go to the `Location`."""

        async def announce() -> Response:
            said = _metadata(upload_metadata)
            filename = Personal(said["filename"][:255]) if said.get("filename") else None
            subject = subject_of(caller, _uuid(said["member_id"]) if said.get("member_id") else None)
            upload = await uploads.begin(caller, upload_length, subject, filename)
            return _told(201, {"location": f"/api/v1/uploads/{upload.id}", **_state(upload)})

        return await _answer(request, announce)

    @routes.head("/{upload_id}")
    async def ask(request: Request, caller: SignedIn, upload_id: UUID) -> Response:
        """How far it came. `Austa-Document` is the document that it became."""

        async def look() -> Response:
            upload = await uploads.get(caller, upload_id)
            return _told(200, {"upload-length": str(upload.length), **_state(upload)})

        return await _answer(request, look)

    @routes.patch("/{upload_id}", status_code=204)
    async def append(
        request: Request,
        caller: SignedIn,
        upload_id: UUID,
        upload_offset: Annotated[int, Header(ge=0, description="Where this piece begins.")],
        upload_checksum: Annotated[str | None, Header(description="`sha256` or `sha1`, and the digest.")] = None,
    ) -> Response:
        """Send on from there. What arrived of a request that broke is kept, unless it had a checksum."""

        async def receive() -> Response:
            if request.headers.get("content-type") != PIECES_TYPE:
                return _refused(415, "documents.upload_type", f"pieces are sent as {PIECES_TYPE}")
            if upload_checksum is None:
                upload = await _append_as_it_comes(uploads, caller, upload_id, upload_offset, request)
            else:
                content = await request.body()
                if not _is_whole(content, upload_checksum):
                    return _refused(WRONG_CHECKSUM, "documents.checksum_mismatch", "the piece did not arrive whole")
                upload = await uploads.append(caller, upload_id, upload_offset, content)
            return _told(204, _state(upload))

        return await _answer(request, receive)

    @routes.delete("/{upload_id}", status_code=204)
    async def forget(request: Request, caller: SignedIn, upload_id: UUID) -> Response:
        """End it; a document that it became stays."""

        async def end() -> Response:
            await uploads.forget(caller, upload_id)
            return _told(204, {})

        return await _answer(request, end)

    return routes


async def _append_as_it_comes(
    uploads: Uploads, caller: Caller, upload_id: UUID, offset: int, request: Request
) -> Upload:
    upload = None
    async for piece in _pieces(request):
        upload = await uploads.append(caller, upload_id, offset, piece)
        offset += len(piece)
    # Nothing came: whether the place is right is told all the same.
    return upload or await uploads.append(caller, upload_id, offset, b"")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces that are worth keeping; the last one when the connection breaks, too."""
    waiting = bytearray()
    try:
        async for some in request.stream():
            waiting += some
            while len(waiting) >= PIECE:
                yield bytes(waiting[:PIECE])
                del waiting[:PIECE]
    except ClientDisconnect:
        # Nobody hears the answer; what has come is kept.
        pass
    if waiting:
        yield bytes(waiting)


async def _answer(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """Every answer says which tus it speaks, errors too."""
    if request.headers.get("tus-resumable") != VERSION:
        return _refused(412, "documents.upload_version", f"this is tus {VERSION}", {"tus-version": VERSION})
    try:
        return await work()
    except AustaError as error:
        return _refused(status_of(error), error.code, error.message, details=dict(error.details))


def _told(status: int, headers: dict[str, str]) -> Response:
    return Response(None, status, {"tus-resumable": VERSION, "cache-control": "no-store", **headers})


def _refused(status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: object) -> Response:
    return problem(status, code, detail, {"tus-resumable": VERSION, **(headers or {})}, **more)


def _state(upload: Upload) -> dict[str, str]:
    became = {"austa-document": str(upload.document_id)} if upload.document_id else {}
    expires = format_datetime(upload.expires_at, usegmt=True)
    return {"upload-offset": str(upload.received), "upload-expires": expires, **became}


def _metadata(header: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            said[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid("documents.upload_metadata", "Upload-Metadata holds names and base64 values") from None
    return said


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Invalid("documents.upload_metadata", "member_id is an id of a member") from None


def _is_whole(content: bytes, checksum: str) -> bool:
    algorithm, _, digest = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise Invalid("documents.upload_checksum", f"checksums are {', '.join(CHECKSUMS)}")
    return base64.b64encode(CHECKSUMS[algorithm](content)).decode() == digest
