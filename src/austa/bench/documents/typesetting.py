"""Papers set by Typst, as pixels or as a PDF with its text layer."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import typst
from numpy.typing import NDArray
from PIL import Image as Picture

from austa.bench.documents.blocks import NEXT_PAGE, Block, stack, string, text_of

Size = Literal["a4", "a5", "a5-wide", "card"]
_SIZES: dict[Size, tuple[float, float]] = {
    "a4": (595, 842),
    "a5": (420, 595),
    "a5-wide": (595, 420),
    "card": (340, 214),
}
_FALLBACKS = ("Liberation Sans", "DejaVu Sans", "Libertinus Serif")
"""A machine may lack a font; the last one travels with Typst."""


@dataclass(frozen=True)
class Look:
    """How a paper of one origin looks.

    `stretch`: how wide its letters are in per cent, where the font has such. `tint` is the paper's colour (a copy
    is pink or yellow), `ink` the print's, `watermark` pale words across the page that are not part of its text.
    """

    font: str = "Liberation Sans"
    stretch: int = 100
    size: float = 11.0
    page: Size = "a4"
    margin: float = 42.0
    tint: str = "#ffffff"
    ink: str = "#17171c"
    watermark: str | None = None


@dataclass(frozen=True)
class Paper:
    """One document: its blocks, what a label says of it, and whether its words are written by hand."""

    blocks: Sequence[Block]
    fields: dict[str, Any] = field(default_factory=dict)
    handwritten: bool = False

    @property
    def text(self) -> str:
        """Everything that is printed, in reading order."""
        return text_of(self.blocks)


def pixels_of(paper: Paper, look: Look, ppi: float = 170) -> list[NDArray[np.uint8]]:
    """Its pages as RGB. Errors: `RuntimeError` of Typst for a block that is no Typst."""
    made = _compiler().compile(input=_source(paper, look), format="png", ppi=ppi)
    pages = made if isinstance(made, list) else [made]
    return [np.asarray(Picture.open(io.BytesIO(page)).convert("RGB")) for page in pages if page is not None]


def pdf_of(paper: Paper, look: Look, made_on: date) -> bytes:
    """A PDF whose text can be selected; the same paper gives the same bytes on the same machine."""
    made = _compiler().compile(
        input=_source(paper, look), format="pdf", timestamp=datetime.combine(made_on, time(12), UTC)
    )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=[str(resources.files(__package__) / "fonts")])


def _source(paper: Paper, look: Look) -> bytes:
    width, height = _SIZES[look.page]
    fonts = ", ".join(string(font) for font in dict.fromkeys((look.font, *_FALLBACKS)))
    sheets: list[list[Block]] = [[]]
    for block in paper.blocks:
        if block is NEXT_PAGE:
            sheets.append([])
        else:
            sheets[-1].append(block)
    pages = "\n#pagebreak()\n".join(f"#{stack(each)}" for each in sheets)
    behind = "none"
    if look.watermark:
        pale = f'text({string(look.watermark)}, size: {width / 9:.0f}pt, fill: rgb("#00000014"), weight: "bold")'
        behind = f"rotate(-35deg, {pale})"
    return f"""
#set page(width: {width}pt, height: {height}pt, margin: {look.margin}pt, fill: rgb("{look.tint}"), background: {behind})
#set text(font: ({fonts}), size: {look.size}pt, fill: rgb("{look.ink}"), lang: "pt", hyphenate: false)
#set text(stretch: {look.stretch}%, top-edge: 0.78em, bottom-edge: -0.2em)
#set par(leading: 0.25em)
{pages}
""".encode()
