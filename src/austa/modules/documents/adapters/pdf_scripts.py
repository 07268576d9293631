"""Finds programs inside a PDF. Runs in the child only: compressed parts are opened for it."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n")
_END = b"endstream"
_HEAD = 600
"""Bytes before a stream in which its dictionary stands."""
_LARGEST_PART = 8 * 1024 * 1024
_MOST = 64 * 1024 * 1024
"""Of objects packed into streams. Whoever packs more hides something."""


def _name(word: str) -> bytes:
    """A PDF name, of which any letter may be written as its number (ISO 32000-1, 7.3.5)."""
    return b"/" + b"".join(rb"(?:%b|#%02x|#%02X)" % (bytes([each]), each, each) for each in word.encode())


_PROGRAM = re.compile(rb"(?:%b|%b|%b)(?=[\s/<>\[\]()%%]|$)" % (_name("JavaScript"), _name("JS"), _name("Launch")))
_OBJECTS = re.compile(_name("ObjStm"))


def has_program(content: bytes) -> bool:
    """Whether the PDF can run a script or start a program, in plain objects or in packed ones."""
    unpacked = 0
    for part in _parts(content):
        unpacked += len(part)
        if _PROGRAM.search(part):
            return True
    return unpacked > _MOST + len(content)


def _parts(content: bytes) -> Iterator[bytes]:
    """What stands outside of streams, and the objects inside of packed ones; not pictures, whose bytes mean nothing."""
    position = unpacked = 0
    while (stream := _STREAM.search(content, position)) is not None:
        yield content[position : stream.start()]
        end = content.find(_END, stream.end())
        end = len(content) if end == -1 else end
        if unpacked <= _MOST and _OBJECTS.search(content, max(position, stream.start() - _HEAD), stream.start()):
            inside = _inflated(content[stream.end() : end])
            unpacked += len(inside)
            yield inside
        position = end + len(_END)
    yield content[position:]


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST_PART)
    except zlib.error:
        return b""
