"""The child: reads requests from standard input, opens files, reads pages, answers. It writes no files.

Run as `python -P -m austa.modules.documents.adapters.reader_process MAX_RESIDENT_MB THREADS MAX_PAGES`. A request is a
frame with `media_type`, the `password` where one was given, and the file; the answer is one frame a page, or `refused`
with a code. A request for the `signatures` of a PDF is answered with one frame for each. It leaves at the end of its
input, and after an answer that left it grown beyond its limit.
"""

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import cv2
import faster_paddle
import numpy as np
from pydantic_core import to_json
from rapidfuzz import fuzz

from austa.infra.child import Frame, serve
from austa.kernel.personal import REVEAL
from austa.modules.documents.adapters import drawn, preparation
from austa.modules.documents.adapters.opening import OpenedPage, Pixels, Refused, open_pages
from austa.modules.documents.adapters.signs import signs_of
from austa.modules.documents.adapters.words import Words
from austa.modules.documents.domain.typography import as_printed

ADDRESS_SPACE = 4 * 1024**3
OPENING_CPU_S = 10.0
"""Of the processor, so that a busy machine refuses nobody. The largest photo that is accepted takes three."""
PAGE_LONG_SIDE = 1800
_UPRIGHT = 0.86
"""Mean confidence of the quick reader above which a page surely stands upright."""
_SAME_TEXT = 85
"""How alike a PDF's text layer and its picture must be for the layer to be believed."""

Line = tuple[str, float, bool, float, float, float, float]
"""Text, confidence, whether nothing lies on the paper around it, and x0, y0, x1, y1 in fractions of the page."""
_EXTENT_OF_GLYPHS = 1.4
"""Height of a line as readers see it, to that of its letters alone, which a text layer tells."""


class Readers:
    """Two recognisers whose errors differ: `careful` gives the text, `quick` finds the orientation and confirms."""

    def __init__(self, threads: int) -> None:
        # A model size is named on purpose: the largest one would be downloaded. Lines are sought on a smaller picture
        # by the careful one, where that costs most; what it does not find there the quick one does, and nobody accepts.
        self._quick = faster_paddle.OcrEngine(model_size="tiny", threads=threads, det_max_side=1600)
        self._careful = faster_paddle.OcrEngine(model_size="small", threads=threads, det_max_side=960)

    def quick(self, image: Pixels) -> list[Line]:
        return _read(self._quick, image)

    def careful(self, image: Pixels) -> list[Line]:
        return _read(self._careful, image)


def main(max_resident_mb: float, threads: int, max_pages: int) -> None:
    """Serve requests until the input ends, or an answer left more memory behind than that."""
    confine()
    # Loaded by the first request: by then nothing that a library prints ends up between two frames.
    serve(answerer(cache(lambda: Readers(threads)), max_pages), has_grown=lambda: resident_mb() > max_resident_mb)


def answerer(load: Callable[[], Readers], max_pages: int) -> Callable[[Frame], Iterator[Frame]]:
    """What turns a request into its answer."""

    def answer(request: Frame) -> Iterator[Frame]:
        try:
            asked = request.head
            if "signatures" in asked:
                yield from _signatures(request)
                return
            pages = _opened_soon(open_pages(request.body, asked["media_type"], max_pages, asked.get("password")))
            for number, page in enumerate(pages, start=1):
                head, picture = read_page(load(), page)
                yield Frame({"page": number, **head}, picture)
        except Refused as refused:
            yield Frame({"refused": str(refused)})

    return answer


def _signatures(request: Frame) -> Iterator[Frame]:
    # Loaded for files that are signed: few are, and it takes a second.
    from austa.modules.documents.adapters.signatures import signatures_of, trusted

    asked, content, certificates = request.head, request.body, []
    for length in asked["certificates"]:
        certificates.append(content[:length])
        content = content[length:]
    at = datetime.fromisoformat(asked["at"])
    with _soon():
        found = signatures_of(content, trusted(certificates), at, asked.get("password"))
    for signature in found:
        yield Frame({}, to_json(signature, context=REVEAL))


def _opened_soon(pages: Iterator[OpenedPage]) -> Iterator[OpenedPage]:
    """The same pages, each opened soon or never."""
    while True:
        with _soon():
            page = next(pages, None)
        if page is None:
            return
        yield page


@contextmanager
def _soon() -> Iterator[None]:
    """What takes too much of the processor ends this process: decoders in C hear no exception. Whoever asked tries
    again, and gives the file up in the end."""
    signal.setitimer(signal.ITIMER_PROF, OPENING_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def confine() -> None:
    """No files, no core dumps, bounded memory: a file from a stranger may try anything. And it steps back: whoever
    waits for an answer goes before whoever waits for a page."""
    os.nice(10)
    limits = [(resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)]
    if sys.platform == "linux":  # macOS knows the limit and refuses to set it
        limits.append((resource.RLIMIT_AS, ADDRESS_SPACE))
    for limit, value in limits:
        _, hard = resource.getrlimit(limit)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))
    cv2.setNumThreads(1)


def resident_mb() -> float:
    """Memory this process holds now."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize() / 2**20
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def read_page(readers: Readers, page: OpenedPage) -> tuple[dict[str, Any], bytes]:
    """One page as the head of a frame, and its upright picture as JPEG."""
    started = time.monotonic()
    image, second, turns = page.pixels, list[Line](), 0
    if not page.text:
        image = preparation.straighten(preparation.enlarge(preparation.flatten(image) if page.is_photo else image))
        turns = int(preparation.lies_on_its_side(image))
        image = preparation.level(preparation.quarter_turned(image) if turns else image)
        image, second, more = _upright(readers, image)
        turns += more
    lines = readers.careful(preparation.even_light(image) if page.is_photo else image)
    if page.is_photo:
        covered = preparation.Covers(image)
        lines = [
            (text, sure, not covered.lie_at((x0, y0, x1, y1)), x0, y0, x1, y1)
            for text, sure, _, x0, y0, x1, y1 in lines
        ]
    if page.text:
        layer: list[Line] = [(piece.text, 1.0, True, *piece.box) for piece in page.text]
        # A text layer that says something else than the picture is not believed.
        lines, second = (layer, lines) if _say_the_same(layer, lines) else (lines, readers.quick(image))
    words = Words(image)
    head = {
        "width": image.shape[1],
        "height": image.shape[0],
        "lines": lines,
        "second": second,
        "edges": [words.edges(text, place) for text, _, _, *place in lines],
        "hand": [words.by_hand(place) for _, _, _, *place in lines],
        "cells": drawn.ruled_boxes(image),
        "checks": drawn.tick_boxes(image, _line_height(lines, image.shape[0], of_glyphs=bool(page.text))),
        # Of the photo as it came, turned upright: a gallery that saves it anew may turn it.
        "signs": signs_of(np.rot90(page.pixels, turns)),
        "seconds": round(time.monotonic() - started, 3),
    }
    return head, preparation.encode_jpeg(image, PAGE_LONG_SIDE)


def _line_height(lines: list[Line], height: int, *, of_glyphs: bool) -> float:
    """In pixels; a usual one where nothing was read."""
    if not lines:
        return height / 60
    usual = float(np.median([line[6] - line[4] for line in lines])) * height
    return usual * _EXTENT_OF_GLYPHS if of_glyphs else usual


def _upright(readers: Readers, image: Pixels) -> tuple[Pixels, list[Line], int]:
    """The page the right way up, the quick reading that showed it, and by how many quarters it was turned."""
    lines, turns = readers.quick(image), 0
    if _stands_on_its_side(lines, image):
        image, turns = preparation.quarter_turned(image), 1
        lines = readers.quick(image)
    if _sureness(lines) >= _UPRIGHT:
        return image, lines, turns
    turned = preparation.upside_down(image)
    turned_lines = readers.quick(turned)
    if _sureness(turned_lines) > _sureness(lines):
        return turned, turned_lines, turns + 2
    return image, lines, turns


def _stands_on_its_side(lines: list[Line], image: Pixels) -> bool:
    """Readers turn tall crops by themselves, so a sideways page reads well: only its boxes show it."""
    height, width = image.shape[:2]
    tall = sum(len(text) for text, _, _, x0, y0, x1, y1 in lines if (y1 - y0) * height > 1.5 * (x1 - x0) * width)
    return tall > 0.5 * sum(len(text) for text, *_ in lines)


def _sureness(lines: list[Line]) -> float:
    """Mean confidence by length; short scraps count little."""
    weights = [(len(text), confidence) for text, confidence, *_ in lines if len(text) > 2]
    return sum(n * confidence for n, confidence in weights) / max(1, sum(n for n, _ in weights))


def _say_the_same(layer: list[Line], seen: list[Line]) -> bool:
    words = [" ".join(text for text, *_ in lines).casefold() for lines in (layer, seen)]
    return fuzz.token_sort_ratio(words[0], words[1]) >= _SAME_TEXT


def _read(engine: Any, image: Pixels) -> list[Line]:
    height, width = image.shape[:2]
    left, top, right, bottom = preparation.written_part(image)
    encoded = cv2.imencode(".bmp", image[top:bottom, left:right])[1].tobytes()
    lines: list[Line] = []
    for found in engine.ocr(encoded)["bounds"].values():
        (x0, y0), (x1, y1) = found["topLeftCoord"], found["bottomRightCoord"]
        text = as_printed(found["text"])
        if text:
            place = ((left + x0) / width, (top + y0) / height, (left + x1) / width, (top + y1) / height)
            lines.append((text, round(float(found["confidence"]), 4), True, *place))
    return lines


if __name__ == "__main__":
    main(float(sys.argv[1]), min(int(sys.argv[2]), os.cpu_count() or 1), int(sys.argv[3]))
