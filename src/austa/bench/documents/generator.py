"""`austa bench documents`: Brazilian papers with their truth, drawn by seed, as scans, photos, bad photos and PDFs.

The same family, seed, day and fonts give the same files.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal
from zlib import crc32

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image as Picture

from austa.bench.documents.blocks import NEXT_PAGE, line
from austa.bench.documents.cases import draw_case
from austa.bench.documents.labels import Label, Quality, write_label
from austa.bench.documents.layouts.held_out.family import HELD_OUT
from austa.bench.documents.layouts.layout import Layout
from austa.bench.documents.layouts.working.family import BUILD
from austa.bench.documents.photo import Camera, Image, photograph
from austa.bench.documents.typesetting import Look, Paper, pdf_of, pixels_of

Family = Literal["build", "held-out"]
FAMILIES: dict[Family, tuple[Layout, ...]] = {"build": BUILD, "held-out": HELD_OUT}
QUALITIES: tuple[Quality, ...] = ("photo", "scan", "pdf", "photo", "scan", "hard", "photo", "pdf")
"""In this order again and again: three photos, two scans, two PDFs and a hard one in eight."""
CARBONS = ("#fbe4ea", "#fdf6cf", "#e3eefb")
_AFTERWARDS = (
    "Este documento foi emitido eletronicamente. Guarde-o com os demais documentos do seu atendimento.",
    "Em caso de dúvida, procure a recepção com um documento de identificação com foto.",
)


@dataclass(frozen=True)
class Drawn:
    """One document: its name without suffix, its file and its label."""

    name: str
    suffix: str
    content: bytes
    label: Label


def write_documents(
    folder: Path, count: int, seed: int, family: Family, today: date, tell: Callable[[str], None]
) -> None:
    """Draw so many documents into a folder, each with its label; `tell` hears of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        drawn = draw_document(number, seed, family, today)
        (folder / f"{drawn.name}{drawn.suffix}").write_bytes(drawn.content)
        write_label(folder / f"{drawn.name}.json", drawn.label)
        tell(f"{number + 1}/{count} {drawn.name}{drawn.suffix}")


def draw_document(number: int, seed: int, family: Family, today: date) -> Drawn:
    """The document of that number. Layouts and qualities take turns, so that each layout meets each quality."""
    rng = np.random.default_rng((seed, number, crc32(family.encode())))
    layouts = FAMILIES[family]
    layout = layouts[number % len(layouts)]
    quality = QUALITIES[(number + number // len(layouts)) % len(QUALITIES)]
    case = draw_case(rng, today)
    paper, look = layout.draw(case), _look_of(layout, rng)
    if quality == "pdf" and look.page == "a4" and rng.random() < 0.2:
        paper = replace(paper, blocks=(*paper.blocks, NEXT_PAGE, *(line(each, gap=14) for each in _AFTERWARDS)))
    suffix, content = _DRAWN[quality](paper, look, rng, case.issued)
    label = Label.model_validate(
        {
            "class": layout.document_class,
            "quality": quality,
            "handwritten": paper.handwritten,
            "text": paper.text,
            "fields": paper.fields,
        }
    )
    return Drawn(f"{number:04d}-{layout.document_class}-{layout.name}-{quality}", suffix, content, label)


def _look_of(layout: Layout, rng: Generator) -> Look:
    """One paper in eight is a carbon copy on tinted paper."""
    if layout.look.page == "card" or layout.look.tint != "#ffffff" or rng.random() > 0.125:
        return layout.look
    return replace(layout.look, tint=str(rng.choice(CARBONS)), ink="#2e2e5e")


def _scanned(paper: Paper, look: Look, rng: Generator, issued: date) -> tuple[str, bytes]:
    """Crooked by up to two degrees, grey or coloured, noisy, with specks; now and then black and white as by fax."""
    dpi = float(rng.choice((150, 200, 200, 300)))
    page = pixels_of(paper, look, dpi)[0]
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), float(rng.uniform(-2, 2)), 1.0)
    turned = cv2.warpAffine(page, turn, page.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(250, 250, 250))
    seen = cv2.GaussianBlur(turned, (0, 0), float(rng.uniform(0.3, 0.8))).astype(np.float32)
    if rng.random() < 0.5:
        seen[:] = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[..., None]
    seen = seen * float(rng.uniform(0.86, 0.97)) + float(rng.uniform(4, 18))
    seen += rng.normal(0, float(rng.uniform(1, 5)), seen.shape[:2]).astype(np.float32)[..., None]
    _speckle(seen, rng)
    scanned = seen.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        scanned = np.where(scanned.mean(axis=2, keepdims=True) > 150, np.uint8(255), np.uint8(0)).repeat(3, axis=2)
        return ".png", _encoded(scanned, "PNG")
    return ".jpg", _encoded(scanned, "JPEG", quality=int(rng.integers(55, 90)))


def _speckle(seen: NDArray[np.float32], rng: Generator) -> None:
    height, width = seen.shape[:2]
    for _ in range(int(rng.integers(0, 60))):
        place = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(seen, place, 1, [float(rng.uniform(60, 160))] * 3, -1)


def _photographed(paper: Paper, look: Look, rng: Generator, issued: date) -> tuple[str, bytes]:
    """As people send it: half through a messenger, one in six sideways or upside down, some with a finger on it."""
    usual = Camera.by(rng)
    camera = replace(
        usual,
        fold=usual.fold and look.page != "card",
        turn=float(rng.uniform(-6, 6)),
        tilt=float(rng.uniform(0.01, 0.06)),
        long_side=int(rng.choice((1600, 2048, 2560))),
        quarters=int(rng.choice((1, 2, 3))) if rng.random() < 0.16 else 0,
        finger=bool(rng.random() < 0.1),
        resent=1600 if rng.random() < 0.5 else 0,
        quality=int(rng.integers(62, 88)),
    )
    return ".jpg", photograph(_flat(paper, look), rng, camera)


def _hard(paper: Paper, look: Look, rng: Generator, issued: date) -> tuple[str, bytes]:
    """Low light, a moved hand, strong perspective, deep shadow, a small picture: what a person would ask to retake."""
    camera = replace(
        Camera.by(rng),
        turn=float(rng.uniform(-14, 14)),
        tilt=float(rng.uniform(0.05, 0.13)),
        fold=look.page != "card",
        shadow=float(rng.uniform(0.3, 0.6)),
        blur=float(rng.uniform(0.8, 1.7)),
        noise=float(rng.uniform(4, 12)),
        dark=float(rng.uniform(0.2, 0.6)),
        smear=int(rng.choice((0, 3, 5))),
        long_side=int(rng.choice((1280, 1600, 2048))),
        quarters=int(rng.choice((0, 0, 1, 2, 3))),
        finger=bool(rng.random() < 0.35),
        resent=int(rng.choice((0, 1280))),
        quality=int(rng.integers(38, 65)),
    )
    return ".jpg", photograph(_flat(paper, look), rng, camera)


def _filed(paper: Paper, look: Look, rng: Generator, issued: date) -> tuple[str, bytes]:
    """A PDF from a system, with its text; one in four is only pictures of pages."""
    if rng.random() < 0.75:
        return ".pdf", pdf_of(paper, look, issued)
    pages = [Picture.fromarray(page) for page in pixels_of(paper, look, 150)]
    file = io.BytesIO()
    made: dict[str, None] = {"creationDate": None, "modDate": None}
    pages[0].save(file, "PDF", resolution=150.0, quality=80, save_all=True, append_images=pages[1:], **made)
    return ".pdf", file.getvalue()


_DRAWN: dict[Quality, Callable[[Paper, Look, Generator, date], tuple[str, bytes]]] = {
    "scan": _scanned,
    "photo": _photographed,
    "hard": _hard,
    "pdf": _filed,
}


def _flat(paper: Paper, look: Look) -> Image:
    return pixels_of(paper, look, 420 if look.page == "card" else 200)[0]


def _encoded(image: Image, kind: Literal["PNG", "JPEG"], **how: int) -> bytes:
    file = io.BytesIO()
    Picture.fromarray(image).save(file, kind, **how)
    return file.getvalue()
