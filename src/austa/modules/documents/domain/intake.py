"""What may be kept: the type of a file by its content, never by its name."""

PDF = "application/pdf"
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    # The norm lets a PDF begin anywhere in its first kilobyte; files that use that are two files in one.
    (b"%PDF-", PDF),
)


def media_type_of(content: bytes) -> str | None:
    """The media type that the first bytes show, or None for what we do not read."""
    return next((media_type for signature, media_type in _SIGNATURES if content.startswith(signature)), None)


def refusal_of(content: bytes, max_bytes: int) -> str | None:
    """Why a file is not kept at all: a code of `documents.api.REFUSALS`, or None."""
    if not content:
        return "documents.empty"
    if len(content) > max_bytes:
        return "documents.too_large"
    return None if media_type_of(content) else "documents.type_not_accepted"
