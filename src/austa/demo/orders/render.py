"""Renders the demo's papers: photos (JPEG), scans and born-digital files (PDF). The same seed gives the same bytes."""

from pathlib import Path
from threading import Lock
from zlib import crc32

import numpy as np

from austa.bench.documents.photo import Image, photograph, scan
from austa.demo.orders.ink import BLACK_INK, BLUE, press, signature, stamp
from austa.demo.orders.letterheads import LETTERHEADS
from austa.demo.orders.pages import Parts, parts_of, set_page
from austa.demo.orders.sheet import Sheet
from austa.demo.shapes import DemoPaper, DemoRequest, DemoWorld

SCANNED_KINDS = frozenset({"finding"})


def render_order(world: DemoWorld, request: DemoRequest, seed: int | None = None) -> bytes:
    """The first paper of a request, which is its medical order when it has one."""
    return render_paper(world, request, request.papers[0], seed)


def render_paper(world: DemoWorld, request: DemoRequest, paper: DemoPaper, seed: int | None = None) -> bytes:
    """A JPEG of 1200 x 1600 pixels, or a PDF where the paper's name says so; the name is the usual seed."""
    rng = np.random.default_rng(crc32(paper.name.encode()) if seed is None else seed)
    parts = parts_of(world, request, paper)
    with Sheet(LETTERHEADS[paper.layout].size) as sheet:
        is_file = paper.name.endswith(".pdf")
        by_hand = not is_file or paper.kind in SCANNED_KINDS
        place = set_page(sheet, parts, by_hand=by_hand)
        if not is_file:
            return photograph(_signed(sheet, parts, place, rng, width=1500), rng)
        if by_hand:
            return scan(_signed(sheet, parts, place, rng, width=1240), rng)
        sheet.text(place[0], place[1] + 6, "Assinado eletronicamente", "Helvetica-Oblique", 9, align="center")
        return sheet.pdf_bytes(paper.issued_on)


class PaperShelf:
    """The papers of a world, rendered once and then kept in a folder. PDFium takes one caller at a time."""

    def __init__(self, world: DemoWorld, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._lock = Lock()
        requests = (*world.samples, *world.requests)
        self._papers = {paper.name: (request, paper) for request in requests for paper in request.papers}

    def take(self, name: str) -> bytes:
        """The bytes of a paper. Raises KeyError for a name that is not in the world."""
        request, paper = self._papers[name]
        kept = self._folder / f"{self._world.today.isoformat()}-{name}"
        with self._lock:
            if not kept.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                fresh = kept.with_suffix(".new")
                fresh.write_bytes(render_paper(self._world, request, paper))
                fresh.replace(kept)
            return kept.read_bytes()


def _signed(sheet: Sheet, parts: Parts, place: tuple[float, float], rng: np.random.Generator, width: int) -> Image:
    """The printed page with stamp and signature on it."""
    scale = width / sheet.width
    page = sheet.pixels(scale).copy()
    x, y = place[0] * scale, place[1] * scale
    color = BLUE if rng.random() < 0.6 else BLACK_INK
    hand = np.random.default_rng(crc32(parts.signer.key.encode()))
    signed = signature(hand, round(190 * scale), round(62 * scale))
    if LETTERHEADS[parts.paper.layout].stamped:
        press(page, stamp(parts.signed_as, rng, scale), color, (x + float(rng.uniform(-20, 20)), y + 44 * scale))
        press(page, signed, BLUE, (x + float(rng.uniform(-15, 15)) * scale, y - 8 * scale))
    else:
        press(page, signed, color, (x + float(rng.uniform(-10, 10)) * scale, y - 6 * scale))
    return page
