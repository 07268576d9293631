"""What may be kept: the type of a file by its content, never by its name. Only searched, never parsed: files from
strangers are opened in the reader's child alone."""

import re

PDF = "application/pdf"
HEIC = "image/heic"
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    # The norm lets a PDF begin anywhere in its first kilobyte; files that use that are two files in one.
    (b"%PDF-", PDF),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
"""HEVC-coded pictures of ISO/IEC 23008-12, as telephones write them; sequences and AVIF are not among them."""
_WHERE_A_PDF_MAY_BEGIN = 1024
_PAGE_OF_THE_WEB = re.compile(rb"<(?:script|html|!doctype html|\?php|svg)\b", re.IGNORECASE)
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP_SIZE = 22


def media_type_of(content: bytes) -> str | None:
    """The media type that the first bytes show, or None for what we do not read."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return next((media_type for signature, media_type in _SIGNATURES if content.startswith(signature)), None)


def refusal_of(content: bytes, max_bytes: int) -> str | None:
    """Why a file is not kept at all: a code of `documents.api.REFUSALS`, or None."""
    if not content:
        return "documents.empty"
    if len(content) > max_bytes:
        return "documents.too_large"
    media_type = media_type_of(content)
    if media_type is None:
        return "documents.type_not_accepted"
    return "documents.two_in_one" if _is_two_in_one(content, media_type) else None


def _is_two_in_one(content: bytes, media_type: str) -> bool:
    """A file that another program takes for something else: a picture that is a web page, a PDF or an archive, too.

    Telephones add much of their own behind a picture (a film, a second picture): that alone is nothing.
    """
    if _ends_as_zip(content):
        return True
    if media_type == PDF:
        return False
    return b"%PDF-" in content[:_WHERE_A_PDF_MAY_BEGIN] or _PAGE_OF_THE_WEB.search(content) is not None


def _ends_as_zip(content: bytes) -> bool:
    """A zip is found by its end, whose comment reaches exactly to the end of the file (APPNOTE 4.3.16)."""
    start = max(0, len(content) - _END_OF_ZIP_SIZE - 0xFFFF)
    at = content.find(_END_OF_ZIP, start)
    while at != -1:
        comment = int.from_bytes(content[at + 20 : at + _END_OF_ZIP_SIZE], "little")
        if at + _END_OF_ZIP_SIZE + comment == len(content):
            return True
        at = content.find(_END_OF_ZIP, at + 1)
    return False
