"""Opens files from strangers: JPEG, PNG, TIFF, HEIC and PDF into page images, within limits. Runs in the child only."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps

from austa.modules.documents.adapters.pdf_scripts import has_program
from austa.modules.documents.domain.intake import HEIC, PDF

Pixels = NDArray[np.uint8]

MAX_PIXELS = 40_000_000
MAX_HEIC_PIXELS = 64_000_000
"""Telephones write 48 megapixels."""
MAX_JPEG_PIXELS = 220_000_000
"""A JPEG is decoded at a fraction of its size, so cameras of 200 megapixels are welcome."""
_MOST_PIXELS = {"JPEG": MAX_JPEG_PIXELS, "MPO": MAX_JPEG_PIXELS, "HEIF": MAX_HEIC_PIXELS}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", HEIC: "HEIF"}
LONG_SIDE = 2400
PDF_DPI = 200

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


def open_pages(content: bytes, media_type: str, max_pages: int, password: str | None = None) -> Iterator[OpenedPage]:
    """The pages one after another, so that only one is in memory. Raises `Refused`."""
    if media_type == PDF:
        return _pdf_pages(content, max_pages, password)
    return _image_pages(content, media_type, max_pages)


def _image_pages(content: bytes, media_type: str, max_pages: int) -> Iterator[OpenedPage]:
    # A photo cut off by a bad connection still shows its upper part; what is missing is then read as missing. Of a HEIC
    # nothing would show but black.
    ImageFile.LOAD_TRUNCATED_IMAGES = media_type != HEIC
    if media_type == HEIC:
        _learn_heic()
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as image:
            if media_type != "image/tiff":
                # What cameras put behind a JPEG or into a HEIC are maps of depth and light, no pages.
                yield _image_page(image)
                return
            if _has_frame(image, max_pages):
                raise Refused("documents.too_many_pages")
            number = 0
            while _has_frame(image, number):
                yield _image_page(image)
                number += 1
    except Refused:
        raise
    except Exception:
        # On damaged files Pillow's decoders raise what they like: among 1,000 there were OSError, SyntaxError,
        # ValueError, TypeError, EOFError, OverflowError and MemoryError.
        raise Refused("documents.damaged") from None


@cache
def _learn_heic() -> None:
    """Pillow learns to open HEIC with the first such file: most processes never see one."""
    import pi_heif

    # Never one of its threads: the child has its own bound on them.
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _has_frame(image: Image.Image, number: int) -> bool:
    """Whether a TIFF has that page, which is then the one in hand. Counting them all may take minutes."""
    try:
        image.seek(number)
    except EOFError:
        return False
    return True


def _image_page(image: Image.Image) -> OpenedPage:
    _within_limits(image)
    return OpenedPage(_pixels(image), is_photo=True)


def _within_limits(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > _MOST_PIXELS.get(image.format or "", MAX_PIXELS):
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


def _pdf_pages(content: bytes, max_pages: int, password: str | None) -> Iterator[OpenedPage]:
    if has_program(content):
        raise Refused("documents.pdf_with_program")
    try:
        document = pdfium.PdfDocument(content, password=password)
    except pdfium.PdfiumError as error:
        # Another way of encrypting than by password is not known to the library.
        encrypted = getattr(error, "err_code", None) in {pdfium.raw.FPDF_ERR_PASSWORD, pdfium.raw.FPDF_ERR_SECURITY}
        refusal = "documents.wrong_password" if password else "documents.pdf_encrypted"
        raise Refused(refusal if encrypted else "documents.damaged") from None
    try:
        if len(document) == 0:
            raise Refused("documents.damaged")
        if len(document) > max_pages:
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
