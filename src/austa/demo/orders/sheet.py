"""A page to draw on, in points from the top left corner, with the fonts that PDFium carries inside itself.

PDFium's own Helvetica, Times and Courier (and bold and italic forms) need no font files and have all accents of
Portuguese. The same page becomes an image (for a photo) or a PDF.
"""

import ctypes
import hashlib
import io
import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdf
from numpy.typing import NDArray

Color = tuple[int, int, int]
Align = Literal["left", "center", "right"]

A4 = (595.0, 842.0)
A5 = (420.0, 595.0)
BLACK: Color = (24, 24, 28)
GREY: Color = (105, 108, 115)


class Sheet:
    """One page. Close it, or use it in a `with`."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.width, self.height = size
        self._document = pdfium.PdfDocument.new()
        self._page = self._document.new_page(*size)
        self._fonts: dict[str, object] = {}

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *reason: object) -> None:
        for font in self._fonts.values():
            pdf.FPDFFont_Close(font)
        self._page.close()
        self._document.close()

    def text(
        self,
        x: float,
        y: float,
        words: str,
        font: str = "Helvetica",
        size: float = 11,
        *,
        color: Color = BLACK,
        align: Align = "left",
    ) -> float:
        """Writes with the baseline at `y`; `x` is the left end, middle or right end. Returns the width."""
        if not words.strip():
            return 0.0
        text, width = self._text_object(words, font, size)
        start = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        pdf.FPDFPageObj_SetFillColor(text, *color, 255)
        pdf.FPDFPageObj_Transform(text, 1, 0, 0, 1, start, self.height - y)
        pdf.FPDFPage_InsertObject(self._page.raw, text)
        return width

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        words: str,
        font: str = "Helvetica",
        size: float = 11,
        *,
        leading: float = 1.4,
        color: Color = BLACK,
    ) -> float:
        """Writes as many lines as the words need; returns the baseline after the last."""
        for line in self._wrap(words, font, size, width):
            self.text(x, y, line, font, size, color=color)
            y += size * leading
        return y

    def line(self, x0: float, y0: float, x1: float, y1: float, *, color: Color = BLACK, width: float = 0.6) -> None:
        path = pdf.FPDFPageObj_CreateNewPath(x0, self.height - y0)
        pdf.FPDFPath_LineTo(path, x1, self.height - y1)
        self._stroke(path, color, width)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        stroke: Color | None = None,
        fill: Color | None = None,
        line_width: float = 0.6,
    ) -> None:
        """A rectangle whose top left corner is (x, y)."""
        path = pdf.FPDFPageObj_CreateNewRect(x, self.height - y - height, width, height)
        self._paint(path, stroke, fill, line_width)

    def disc(
        self, x: float, y: float, radius: float, *, fill: Color | None = None, stroke: Color | None = None
    ) -> None:
        """A circle around (x, y)."""
        k = 0.5523 * radius
        y = self.height - y
        path = pdf.FPDFPageObj_CreateNewPath(x + radius, y)
        pdf.FPDFPath_BezierTo(path, x + radius, y + k, x + k, y + radius, x, y + radius)
        pdf.FPDFPath_BezierTo(path, x - k, y + radius, x - radius, y + k, x - radius, y)
        pdf.FPDFPath_BezierTo(path, x - radius, y - k, x - k, y - radius, x, y - radius)
        pdf.FPDFPath_BezierTo(path, x + k, y - radius, x + radius, y - k, x + radius, y)
        self._paint(path, stroke, fill, 1.4)

    def width_of(self, words: str, font: str, size: float) -> float:
        text, width = self._text_object(words, font, size)
        pdf.FPDFPageObj_Destroy(text)
        return width

    def pixels(self, scale: float) -> NDArray[np.uint8]:
        """The page as RGB, `scale` pixels a point."""
        pdf.FPDFPage_GenerateContent(self._page.raw)
        return np.asarray(self._page.render(scale=scale).to_pil().convert("RGB"))

    def pdf_bytes(self, created: date) -> bytes:
        """The page as a PDF whose text can be selected, dated noon of that day; the same page gives the same bytes."""
        pdf.FPDFPage_GenerateContent(self._page.raw)
        file = io.BytesIO()
        self._document.save(file)
        dated = re.sub(rb"\(D:\d{14}", f"(D:{created:%Y%m%d}120000".encode(), file.getvalue())
        identity = hashlib.md5(re.sub(rb"/ID\[.*?\]", b"", dated), usedforsecurity=False).hexdigest().upper().encode()
        return re.sub(rb"<[0-9A-F]{32}>", b"<" + identity + b">", dated)

    def _wrap(self, words: str, font: str, size: float, width: float) -> Iterable[str]:
        line = ""
        for word in words.split():
            longer = f"{line} {word}".strip()
            if line and self.width_of(longer, font, size) > width:
                yield line
                line = word
            else:
                line = longer
        yield line

    def _text_object(self, words: str, font: str, size: float) -> tuple[object, float]:
        if font not in self._fonts:
            self._fonts[font] = pdf.FPDFText_LoadStandardFont(self._document.raw, font.encode())
        text = pdf.FPDFPageObj_CreateTextObj(self._document.raw, self._fonts[font], size)
        encoded = (words + "\0").encode("utf-16-le")
        pdf.FPDFText_SetText(text, (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded))
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        pdf.FPDFPageObj_GetBounds(text, left, bottom, right, top)
        return text, right.value

    def _paint(self, path: object, stroke: Color | None, fill: Color | None, width: float) -> None:
        if fill is not None:
            pdf.FPDFPageObj_SetFillColor(path, *fill, 255)
        if stroke is not None:
            pdf.FPDFPageObj_SetStrokeColor(path, *stroke, 255)
            pdf.FPDFPageObj_SetStrokeWidth(path, width)
        mode = pdf.FPDF_FILLMODE_WINDING if fill is not None else pdf.FPDF_FILLMODE_NONE
        pdf.FPDFPath_SetDrawMode(path, mode, stroke is not None)
        pdf.FPDFPage_InsertObject(self._page.raw, path)

    def _stroke(self, path: object, color: Color, width: float) -> None:
        self._paint(path, color, None, width)
