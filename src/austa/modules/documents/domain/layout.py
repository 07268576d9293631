"""Where on a page the value of a label stands: behind it, in the next column, or below. No templates."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from austa.modules.documents.api import Box
from austa.modules.documents.domain.labels import Label, LabelName, is_numbered_cell, labels_of
from austa.modules.documents.domain.reading import Line, PageReading, fold, joined, part_of, rows_of, squeeze

GAP_IN_A_LIST = 3.0
"""Space, in heights of a line, that ends a list of items."""
GAP_IN_A_PARAGRAPH = 1.4
"""The same for running text."""
_GAP_BELOW = 1.5
_OF_GLYPHS = 1.4
_GAP_IN_A_CELL = 1.2
_A_NUMBERED_FORM = 4
_A_SCRIBBLE = 0.7
"""Confidence below which a line may be a signature."""
_RAGGED = 0.14
"""Share of the page by which a line that was broken may end before the widest one."""
_FOOT = re.compile(
    r"^\W*(?:dra?\.|dr\(a\)|crm|coren|cremes|atenciosamente|grat[oa]\b)"
    r"|^[a-z][a-z .'-]{2,40}(?:[,/-] ?[a-z]{2})? ?, ?(?:em )?\d{1,2} ?(?:de |/)"
)
_HEADING_LETTERS = 7
"""A label of that many letters opens a section without a colon ("Solicito a realização de …")."""


@dataclass(frozen=True)
class Value:
    """The text that belongs to a label. `explicit`: the label was there and plain to see; `alone`: nothing else, beside
    it or below, could be meant."""

    line: Line
    explicit: bool
    alone: bool = True

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def box(self) -> Box:
        return self.line.box


class Layout:
    """A page as rows of lines, with its labels found."""

    def __init__(self, page: PageReading) -> None:
        self.page = page
        self.rows = rows_of(page.lines)

    @cached_property
    def _labels(self) -> dict[Line, tuple[Label, ...]]:
        found = {line: labels_of(line.text) for line in self.page.lines}
        numbered = [line for line in self.page.lines if is_numbered_cell(line.text)]
        if sum(bool(found[line]) for line in numbered) >= _A_NUMBERED_FORM:
            # Such a form numbers every label: what has a number is one, whether we know it or not.
            unknown = {line for line in numbered if not found[line]}
            found |= {line: (Label("elsewhere", 0, len(line.text), explicit=True),) for line in unknown}
        return found

    def values(self, name: LabelName) -> list[Value]:
        """Every value that stands at a label of that name, from top to bottom."""
        found: list[Value] = []
        for row_number, row in enumerate(self.rows):
            for position, line in enumerate(row):
                labels = self._labels[line]
                for index, label in enumerate(labels):
                    if label.name == name:
                        end = labels[index + 1].start if index + 1 < len(labels) else len(line.text)
                        found.extend(self._values(row_number, position, label, end))
        return found

    def section(self, name: LabelName, gap: float = GAP_IN_A_LIST) -> list[tuple[Line, ...]]:
        """The rows at and below each label of that name, up to the next label or a wide gap."""
        rows: list[tuple[Line, ...]] = []
        for row_number, row in enumerate(self.rows):
            for line in row:
                label = next((each for each in self._labels[line] if each.name == name), None)
                if label and _opens_section(label, line):
                    own = self._rest_of_row(row, line, label)
                    rows.extend([own] if own else [])
                    rows.extend(self._rows_until_label(row_number, gap))
        return list(dict.fromkeys(rows))

    def label_at_start(self, line: Line) -> LabelName | None:
        """The label that a line begins with."""
        return next((label.name for label in self._labels[line] if label.start == 0), None)

    @cached_property
    def _extent(self) -> float:
        """A text layer tells the height of its letters alone, a reader that of the line."""
        return _OF_GLYPHS if all(line.confidence == 1.0 for line in self.page.lines) else 1.0

    @cached_property
    def in_order(self) -> list[Line]:
        """Lines from top to bottom, those of a row from left to right."""
        return [line for row in self.rows for line in row]

    @cached_property
    def running(self) -> str:
        """The whole page as one text, folded; `piece` tells where a part of it stands."""
        return fold(" ".join(line.text for line, _ in self._spans))

    @cached_property
    def _spans(self) -> list[tuple[Line, int]]:
        spans, at = [], 0
        for line in self.in_order:
            spans.append((line, at))
            at += len(line.text) + 1
        return spans

    def piece(self, start: int, end: int) -> list[Line]:
        """The parts of lines that the running text has from `start` to `end`."""
        found = (
            part(line, max(0, start - at), min(len(line.text), end - at))
            for line, at in self._spans
            if start < at + len(line.text) and end > at
        )
        return [each for each in found if each]

    def is_foot(self, row: tuple[Line, ...]) -> bool:
        """True for place and date, and for who signed."""
        return _FOOT.match(fold(row[0].text)) is not None

    def free_text(self, line: Line, allowed: frozenset[LabelName]) -> str:
        """The text of a line that belongs to no label, or to one of the allowed ones; the labels left out."""
        labels = self._labels[line]
        pieces = [line.text[: labels[0].start] if labels else line.text]
        for index, label in enumerate(labels):
            end = labels[index + 1].start if index + 1 < len(labels) else len(line.text)
            if label.name in allowed:
                pieces.append(line.text[label.end : end])
        return squeeze(" ".join(pieces))

    def _rest_of_row(self, row: tuple[Line, ...], line: Line, label: Label) -> tuple[Line, ...]:
        rest = part(line, label.end, len(line.text))
        beside = [each for each in row if each.box.x0 > line.box.x0 and each is not line]
        free = [each for each in beside if self.label_at_start(each) is None]
        return tuple(each for each in (rest, *free) if each and squeeze(each.text))

    def _rows_until_label(self, row_number: int, widest: float) -> list[tuple[Line, ...]]:
        taken: list[tuple[Line, ...]] = []
        previous = self.rows[row_number]
        for row in self.rows[row_number + 1 :]:
            height = max(line.height for line in (*row, *previous))
            gap = min(line.box.y0 for line in row) - max(line.box.y1 for line in previous)
            # A code may open a line of a list; any other label ends it.
            ends = self.label_at_start(row[0]) not in {None, "tuss", "procedures"}
            if ends or gap > widest * height or self.is_foot(row):
                break
            if not all(self._is_bare_label(line) for line in row):
                taken.append(row)
            previous = row
        return taken

    def _is_bare_label(self, line: Line) -> bool:
        labels = self._labels[line]
        return bool(labels) and labels[0].start == 0 and not squeeze(line.text[labels[-1].end :])

    def paragraphs(self, name: LabelName, *, of_lines: bool = False) -> list["Paragraph"]:
        """The text at each label of that name, from its first line to a gap, a label or a signature.

        Running text ends where a line is not full; `of_lines`: every line may be a sentence of its own.
        """
        values = (value for value in self.values(name) if value.explicit and value.alone)
        return [self._paragraph(value.line, of_lines) for value in values]

    def _paragraph(self, first: Line, of_lines: bool) -> "Paragraph":
        lines = [self._as_printed(first)]
        widest = max(line.box.x1 for line in self.page.lines)
        while True:
            more = self._next_line(lines[0], lines[-1])
            if more is None or self.label_at_start(more) or self.is_foot((more,)) or more.confidence < _A_SCRIBBLE:
                return Paragraph(joined(lines), tuple(lines), ends_clearly=True)
            full = of_lines or lines[-1].box.x1 > widest - _RAGGED or squeeze(more.text)[:1].islower()
            ends = lines[-1].text.rstrip().endswith((".", "!", "?"))
            if ends and not full:
                return Paragraph(joined(lines), tuple(lines), ends_clearly=more.box.x0 > first.box.x0 + 0.03)
            if not full:
                return Paragraph(joined(lines), tuple(lines), ends_clearly=False)
            lines.append(more)

    def _as_printed(self, value: Line) -> Line:
        """The same with the full stop and the bullet that its line has."""
        for line in self.page.lines:
            at = line.text.find(value.text) if line.box.y0 == value.box.y0 and line.box.x1 == value.box.x1 else -1
            if at >= 0:
                return replace(value, text=line.text[0 if not any(map(str.isalnum, line.text[:at])) else at :])
        return value

    def _next_line(self, first: Line, last: Line) -> Line | None:
        """The line right below, in the same column."""
        below = [
            line
            for line in self.page.lines
            if line.box.y0 > last.middle and _overlap(line.box, first.box) and line is not last
        ]
        nearest = min(below, key=lambda line: line.box.y0, default=None)
        if nearest is None or nearest.box.y0 - last.box.y1 > GAP_IN_A_PARAGRAPH * self._extent * last.height:
            return None
        return nearest

    def _values(self, row_number: int, position: int, label: Label, end: int) -> list[Value]:
        row = self.rows[row_number]
        line = row[position]
        own = part(line, label.end, end)
        if own and squeeze(own.text):
            return [Value(joined((own,)), label.explicit)]
        if end < len(line.text):
            return []
        beside, below = self._beside(row, position), self.cell_of(self.line_below(line))
        if line.text.rstrip().endswith(":") or self._heads_a_form(row):
            places = [(beside if line.text.rstrip().endswith(":") else ()) or below or beside]
        else:
            places = [beside, below]
        found = [joined(lines) for lines in places if lines]
        return [Value(each, True, alone=len(found) == 1) for each in found]

    def _heads_a_form(self, row: tuple[Line, ...]) -> bool:
        """A row of labels only: their values stand below."""
        return len(row) > 1 and all(self._is_bare_label(line) for line in row)

    def _beside(self, row: tuple[Line, ...], position: int) -> tuple[Line, ...]:
        """What stands to the right, up to a label or a wide gap."""
        following: list[Line] = []
        for line in row[position + 1 :]:
            if self.label_at_start(line) or (following and self.gap_between(following[-1], line) > _GAP_IN_A_CELL):
                break
            following.append(line)
        return tuple(following)

    def cell_of(self, first: Line | None) -> tuple[Line, ...]:
        """A piece of text with the pieces right behind it: readers split lines at commas and wide blanks."""
        cell: list[Line] = []
        row = next((row for row in self.rows if first in row), ())
        for line in row[row.index(first) :] if first else ():
            if cell and (self.label_at_start(line) or self.gap_between(cell[-1], line) > _GAP_IN_A_CELL):
                break
            cell.append(line)
        return tuple(cell)

    def gap_between(self, left: Line, right: Line) -> float:
        """Room between two pieces of a row, in heights of a line."""
        height = max(left.height, right.height) * self.page.height / self.page.width
        return (right.box.x0 - left.box.x1) / height

    def line_below(self, line: Line) -> Line | None:
        """What stands right below, if it is no label; rows of a crooked photo do not matter."""
        near = [
            each
            for each in self.page.lines
            if each.box.y0 > line.middle
            and _overlap(each.box, line.box)
            and each.box.y0 - line.box.y1 < _GAP_BELOW * self._extent * max(line.height, 0.7 * each.height)
        ]
        nearest = min(near, key=lambda each: each.box.y0, default=None)
        return nearest if nearest and not self.label_at_start(nearest) else None

    def runs_on(self, line: Line) -> bool:
        """Something of the same size stands right below at the same margin: the line may be half of what is printed."""
        below = self.line_below(line)
        if below is None or below.box.y0 - line.box.y1 > 0.4 * line.height:
            return False
        row = next(row for row in self.rows if below in row)
        if self.label_at_start(row[0]):
            return False
        alike = abs(below.box.x0 - line.box.x0) < 0.015 and abs(below.height - line.height) < 0.2 * line.height
        return alike and not any(map(str.isdecimal, below.text))


@dataclass(frozen=True)
class Paragraph:
    """Running text as one line and as its lines. `ends_clearly`: nothing stands below that might belong to it."""

    line: Line
    lines: tuple[Line, ...]
    ends_clearly: bool


def _overlap(a: Box, b: Box) -> bool:
    return a.x0 < b.x1 and a.x1 > b.x0


def part(line: Line, start: int, end: int) -> Line | None:
    """A part of a line as a line of its own."""
    text = line.text[start:end]
    return replace(line, text=text, box=part_of(line, start, end)) if text.strip() else None


def _opens_section(label: Label, line: Line) -> bool:
    long = label.end - label.start > _HEADING_LETTERS
    return label.start == 0 and (label.explicit or long)
