"""Files that were damaged in every way: each is opened, or refused with a reason, soon and within its memory."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from austa.infra.child import Child, ChildFailed, Frame
from austa.modules.documents.api import REFUSALS
from austa.modules.documents.domain.intake import media_type_of, refusal_of
from tests.fakes.voice import CHILD_PATH
from tests.modules.documents import paper
from tests.modules.documents.test_opening import MB, ORDER_HEIC, tiff
from tests.modules.documents.test_reader import ENCRYPTED, pdf_with_text

FILES = 1000
LONGEST_S = 10
MOST_MB = 1000
SOUND = {
    "jpeg": paper.jpeg(paper.photo(paper.knee_order())[::2, ::2]),
    "png": paper.png(paper.knee_order()[::2, ::2]),
    "tiff": tiff(20, 130, 240),
    "heic": ORDER_HEIC,
    "pdf": pdf_with_text(["Paciente: Severino Lopes Damasceno", "CID: M23.2"], pages=3),
    "encrypted": ENCRYPTED,
}


def flipped(content: bytes, chance: random.Random) -> bytes:
    out = bytearray(content)
    for _ in range(chance.choice((1, 5, 50, 500))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def head_flipped(content: bytes, chance: random.Random) -> bytes:
    """Where sizes and counts stand."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(4, min(200, len(out)))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(out)


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(1, len(content))]


def gone(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 2000) :]


def repeated(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    part = content[start : start + chance.randrange(1, 4000)]
    return content[:start] + part * chance.randint(2, 200) + content[start:]


def noise(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + chance.randbytes(chance.randrange(1, 4000)) + content[start:]


def spliced(content: bytes, chance: random.Random) -> bytes:
    """The first part of one file and the end of another."""
    other = chance.choice(list(SOUND.values()))
    return content[: chance.randrange(12, len(content))] + other[chance.randrange(len(other)) :]


def numbers_grown(content: bytes, chance: random.Random) -> bytes:
    """Written numbers, as a PDF has them, made huge or negative."""
    old = str(chance.randrange(10)).encode()
    return content.replace(b" " + old, b" " + chance.choice((b"-1", b"99999999", b"2147483648", b"0")), 3)


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flipped, head_flipped, cut, gone, repeated, noise, spliced, numbers_grown),
)


def mutated() -> Iterator[tuple[str, bytes]]:
    """The same files each time."""
    chance = random.Random(6)
    for number in range(FILES):
        name, way = chance.choice(list(SOUND)), WAYS[number % len(WAYS)]
        yield f"{number} {name} {way.__name__}", way(SOUND[name], chance)


@pytest.mark.slow
async def test_a_thousand_mutated_files_are_read_or_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    # Before what is there: both packages, and whatever this process was given.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([CHILD_PATH, os.environ.get("PYTHONPATH", "")]))
    child = Child("tests.fakes.opening_child", ["20"], frame_s=60)
    outcomes: Counter[str] = Counter()
    for name, content in mutated():
        code = refusal_of(content, 25 * MB)
        if code is None:
            started = time.monotonic()
            code = await opened(child, content, name)
            assert time.monotonic() - started < LONGEST_S, name
        assert code == "read" or code in REFUSALS, name
        outcomes[code] += 1
    await child.close()
    assert outcomes.total() == FILES
    assert outcomes["read"] > FILES / 4, "mutations that leave nothing to open would prove little"
    assert outcomes["documents.damaged"] > FILES / 20


async def opened(child: Child, content: bytes, name: str) -> str:
    try:
        *pages, measured = await child.ask(Frame({"media_type": media_type_of(content)}, content))
    except ChildFailed as failed:
        pytest.fail(f"{name}: the child {failed.why}")
    assert measured.head["most_mb"] < MOST_MB, name
    return next((frame.head["refused"] for frame in pages if "refused" in frame.head), "read")
