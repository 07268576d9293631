"""Opens files from strangers: JPEG, PNG, TIFF and PDF into page images, within limits. Runs in the child only."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

Pixels = NDArray[np.uint8]

MAX_PAGES = 20
MAX_PIXELS = 40_000_000
MAX_JPEG_PIXELS = 220_000_000
"""A JPEG is decoded at a fraction of its size, so cameras of 200 megapixels are welcome."""
LONG_SIDE = 2400
PDF_DPI = 200

# A photo cut off by a bad connection still shows its upper part; what is missing is then read as missing.
ImageFile.LOAD_TRUNCATED_IMAGES = True
Image.MAX_IMAGE_PIXELS = None  # our own limits stand in `_within_limits`


class Refused(Exception):
    """The file cannot be read; the argument is a code of `documents.api.REFUSALS`."""


@dataclass(frozen=True)
class TextPiece:
    """A piece of a PDF's text layer; the box in fractions of the page."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class OpenedPage:
    """A page as pixels (BGR) and, for a PDF that has one, its text layer."""

    pixels: Pixels
    is_photo: bool
    text: tuple[TextPiece, ...] = field(default=())


def open_pages(content: bytes, media_type: str) -> Iterator[OpenedPage]:
    """The pages one after another, so that only one is in memory. Raises `Refused`."""
    if media_type == "application/pdf":
        return _pdf_pages(content)
    return _image_pages(content)


def _image_pages(content: bytes) -> Iterator[OpenedPage]:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "TIFF")) as image:
            for number in range(min(getattr(image, "n_frames", 1), MAX_PAGES)):
                image.seek(number)
                _within_limits(image)
                yield OpenedPage(_pixels(image), is_photo=True)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError):
        # Pillow's decoders raise all of these on damaged files.
        raise Refused("documents.damaged") from None


def _within_limits(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > (MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS):
        raise Refused("documents.too_many_pixels")
    if min(image.size) < 40:
        raise Refused("documents.damaged")


def _pixels(image: Image.Image) -> Pixels:
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    image.load()
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image)
    if "A" in upright.getbands():
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    elif upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256)
    return cv2.cvtColor(np.asarray(upright.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)


def _pdf_pages(content: bytes) -> Iterator[OpenedPage]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) in {pdfium.raw.FPDF_ERR_PASSWORD, pdfium.raw.FPDF_ERR_SECURITY}
        raise Refused("documents.pdf_encrypted" if encrypted else "documents.damaged") from None
    try:
        if len(document) == 0:
            raise Refused("documents.damaged")
        if len(document) > MAX_PAGES:
            raise Refused("documents.too_many_pages")
        for number in range(len(document)):
            yield _pdf_page(document, number)
    except pdfium.PdfiumError:
        raise Refused("documents.damaged") from None
    finally:
        document.close()


def _pdf_page(document: Any, number: int) -> OpenedPage:
    page = document[number]
    try:
        width, height = page.get_size()
        if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
            raise Refused("documents.damaged")
        scale = min(PDF_DPI / 72, LONG_SIDE / max(width, height))
        # Scripts and forms are never run: the document is opened without a form environment.
        pixels = page.render(scale=scale, may_draw_forms=False).to_numpy()
        pieces = tuple(_text_pieces(page, width, height)) if page.get_rotation() == 0 else ()
        return OpenedPage(np.ascontiguousarray(pixels[:, :, :3]), is_photo=False, text=pieces)
    finally:
        page.close()


def _text_pieces(page: Any, width: float, height: float) -> Iterator[TextPiece]:
    layer = page.get_textpage()
    try:
        for index in range(min(layer.count_rects(), 4000)):
            left, bottom, right, top = layer.get_rect(index)
            text = " ".join(layer.get_text_bounded(left, bottom, right, top).split())
            if text:
                yield TextPiece(text, (left / width, 1 - top / height, right / width, 1 - bottom / height))
    finally:
        layer.close()
