"""What a reader saw on a page, and how texts are compared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from austa.modules.documents.api import Box

_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Line:
    """A piece of text on one line, as a reader saw it. `confidence` is 0 to 1.

    `clear`: nothing lies on the paper around it (a finger, a coin, another sheet), so it can be whole. `edges`: where
    each of its words begins and ends, in fractions of the page's width; empty where that was not seen. `hand`:
    how likely a pen wrote it, 0 to 1; None where its letters do not say.
    """

    text: str
    box: Box
    confidence: float
    clear: bool = True
    edges: tuple[tuple[float, float], ...] = ()
    hand: float | None = None

    @property
    def height(self) -> float:
        return self.box.y1 - self.box.y0

    @property
    def middle(self) -> float:
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True)
class CheckBox:
    """A box to tick, drawn on the paper. `confidence` that it is ticked, or that it is not, is 0 to 1."""

    box: Box
    ticked: bool
    confidence: float


@dataclass(frozen=True)
class PageReading:
    """One page, read twice by readers whose errors differ: `lines` is the better one, `second` confirms it.

    `cells` are the boxes that rules on the paper enclose, `checks` the boxes to tick.
    """

    number: int
    width: int
    height: int
    lines: tuple[Line, ...]
    second: tuple[Line, ...]
    cells: tuple[Box, ...] = ()
    checks: tuple[CheckBox, ...] = ()

    def second_near(self, box: Box) -> str:
        """What the second reading has on the rows that `box` covers, from left to right."""
        reach = 0.6 * (box.y1 - box.y0)
        near = [line for line in self.second if box.y0 - reach < line.middle < box.y1 + reach]
        return " ".join(line.text for row in rows_of(near) for line in row)

    def second_at(self, box: Box) -> list[Line]:
        """The lines of the second reading that stand on the rows of `box` and over its width, or right beside."""
        reach = 0.6 * (box.y1 - box.y0)
        beside = reach * self.height / self.width
        return [
            line
            for line in self.second
            if box.y0 - reach < line.middle < box.y1 + reach
            and line.box.x0 < box.x1 + beside
            and line.box.x1 > box.x0 - beside
        ]


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def fold(text: str) -> str:
    """Lower case without accents, the same length as `text`, so that positions stay valid."""
    return "".join(map(_fold_character, text))


def compact(text: str) -> str:
    """Letters and digits only, folded: what two readings of one print must share."""
    return "".join(character for character in fold(text) if character.isalnum())


def digits(text: str) -> str:
    """The digits of a text."""
    return "".join(character for character in text if "0" <= character <= "9")


def squeeze(text: str) -> str:
    """White space folded, ends trimmed of separators."""
    return " ".join(text.split()).strip(" :;,-–—_|.•*")


def part_of(line: Line, start: int, end: int) -> Box:
    """The box of a part of a line. Characters count as equally wide: good enough to highlight."""
    width = (line.box.x1 - line.box.x0) / max(len(line.text), 1)
    x0 = line.box.x0 + width * start
    return line.box.model_copy(update={"x0": x0, "x1": max(x0, line.box.x0 + width * end)})


def word_boxes(line: Line) -> tuple[Box, ...]:
    """Where each word of a line stands; where that was not seen, as if all characters were equally wide."""
    if line.edges:
        return tuple(line.box.model_copy(update={"x0": x0, "x1": x1}) for x0, x1 in line.edges)
    return tuple(part_of(line, match.start(), match.end()) for match in _WORD.finditer(line.text))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them (of one page)."""
    every = tuple(boxes)
    return Box(
        page=every[0].page,
        x0=min(box.x0 for box in every),
        y0=min(box.y0 for box in every),
        x1=max(box.x1 for box in every),
        y1=max(box.y1 for box in every),
    )


def joined(lines: Sequence[Line]) -> Line:
    """Lines that belong together as one, as doubtful as the most doubtful of them."""
    return Line(
        text=squeeze(" ".join(line.text for line in lines)),
        box=around(line.box for line in lines),
        confidence=min(line.confidence for line in lines),
        clear=all(line.clear for line in lines),
        hand=max((line.hand for line in lines if line.hand is not None), default=None),
    )


def rows_of(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """Lines that stand on one row, each row from left to right, rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: (each.middle, each.box.x0)):
        row = rows[-1] if rows else None
        if row and abs(line.middle - sum(each.middle for each in row) / len(row)) < 0.5 * min(
            line.height, max(each.height for each in row)
        ):
            row.append(line)
        else:
            rows.append([line])
    return tuple(tuple(sorted(row, key=lambda each: each.box.x0)) for row in rows)


def text_of(lines: Iterable[Line]) -> str:
    """Reading order: rows from top to bottom, one a line."""
    return "\n".join(" ".join(line.text for line in row) for row in rows_of(lines))
