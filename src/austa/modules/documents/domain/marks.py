"""What the bytes of a PDF say about how it was made. Only searched, never parsed: files from strangers are opened in
the reader's child alone."""

import re

from austa.modules.documents.api import FileMarks

MADE_BY = re.compile(rb"/(?:Producer|Creator)\s*(?:\(((?:[^()\\]|\\.){0,200})\)|<([0-9A-Fa-f\s]{0,800})>)")
MADE_BY_XMP = re.compile(rb"<(?:pdf:Producer|xmp:CreatorTool)>([^<]{0,200})<")
SIGNED_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
KEPT_FOR_LONG = (b"/DSS", b"/DocTimeStamp", b"/ETSI.RFC3161")
"""What is added after a signature so that it can be verified for years (PAdES, ETSI EN 319 142-1): no change."""
PAGE_CONTENT = re.compile(rb"/Type\s*/Page\b|/Contents\b|/Annots\b")
LONGEST = 300


def marks_of(content: bytes) -> FileMarks:
    """Programs that say they made it, and whether something was added after its last signature."""
    return FileMarks(made_by=_made_by(content), changed_after_signature=_changed(content))


def is_signed(content: bytes) -> bool:
    """Whether a PDF has a signature: its range stands in plain bytes, for it is filled in last."""
    return b"/ByteRange" in content


def _made_by(content: bytes) -> str:
    found = [_text(plain or _from_hex(coded)) for plain, coded in MADE_BY.findall(content)]
    found += [name.decode("utf-8", "replace") for name in MADE_BY_XMP.findall(content)]
    return "; ".join(dict.fromkeys(name.strip() for name in found if name.strip()))[:LONGEST]


def _changed(content: bytes) -> bool:
    """Every signature covers the file up to where it ended then: the longest of them tells what came after."""
    ends = [int(start) + int(length) for _, _, start, length in SIGNED_RANGE.findall(content)]
    if not ends or max(ends) > len(content):
        return False
    added = content[max(ends) :].strip()
    explained = any(mark in added for mark in KEPT_FOR_LONG) and not PAGE_CONTENT.search(added)
    return bool(added) and not explained


def _from_hex(coded: bytes) -> bytes:
    digits = b"".join(coded.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _text(name: bytes) -> str:
    return name[2:].decode("utf-16-be", "replace") if name.startswith(b"\xfe\xff") else name.decode("latin-1")
