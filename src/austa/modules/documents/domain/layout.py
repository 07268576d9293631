"""Where on a page the value of a label stands: behind it, in the next column, or below. No templates."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from austa.modules.documents.api import Box
from austa.modules.documents.domain.labels import Label, LabelName, labels_of
from austa.modules.documents.domain.reading import Line, PageReading, fold, joined, part_of, rows_of, squeeze

GAP_IN_A_LIST = 3.0
"""Space, in heights of a line, that ends a list of items."""
GAP_IN_A_PARAGRAPH = 1.4
"""The same for running text."""
_FOOT = re.compile(
    r"^\W*(?:dra?\.|dr\(a\)|crm|coren|cremes|atenciosamente|grat[oa]\b)"
    r"|^[a-z][a-z .'-]{2,40}(?:[,/-] ?[a-z]{2})? ?, ?(?:em )?\d{1,2} ?(?:de |/)"
)
_HEADING_LETTERS = 7
"""A label of that many letters opens a section without a colon ("Solicito a realização de …")."""


@dataclass(frozen=True)
class Value:
    """The text that belongs to a label. `explicit`: the label was there and plain to see."""

    line: Line
    explicit: bool

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
        return {line: labels_of(line.text) for line in self.page.lines}

    def values(self, name: LabelName) -> list[Value]:
        """Every value that stands at a label of that name, from top to bottom."""
        found: list[Value] = []
        for row_number, row in enumerate(self.rows):
            for position, line in enumerate(row):
                labels = self._labels[line]
                for index, label in enumerate(labels):
                    if label.name == name:
                        end = labels[index + 1].start if index + 1 < len(labels) else len(line.text)
                        value = self._value(row_number, position, label, end)
                        if value:
                            found.append(value)
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

    def _value(self, row_number: int, position: int, label: Label, end: int) -> Value | None:
        row = self.rows[row_number]
        line = row[position]
        own = part(line, label.end, end)
        if own and squeeze(own.text):
            return Value(joined((own,)), label.explicit)
        if end < len(line.text):
            return None
        found = self._beside(row, position) or self._below(row_number, line)
        return Value(joined(found), True) if found else None

    def _beside(self, row: tuple[Line, ...], position: int) -> tuple[Line, ...]:
        following: list[Line] = []
        for line in row[position + 1 :]:
            if self.label_at_start(line):
                break
            following.append(line)
        return tuple(following)

    def _below(self, row_number: int, label_line: Line) -> tuple[Line, ...]:
        following = self.rows[row_number + 1] if row_number + 1 < len(self.rows) else ()
        near = (
            line
            for line in following
            if line.box.x0 < label_line.box.x1
            and line.box.x1 > label_line.box.x0
            and line.box.y0 - label_line.box.y1 < 1.5 * label_line.height
            and not self.label_at_start(line)
        )
        return tuple(near)[:1]


def part(line: Line, start: int, end: int) -> Line | None:
    """A part of a line as a line of its own."""
    text = line.text[start:end]
    return replace(line, text=text, box=part_of(line, start, end)) if text.strip() else None


def _opens_section(label: Label, line: Line) -> bool:
    long = label.end - label.start > _HEADING_LETTERS
    return label.start == 0 and (label.explicit or long)
