"""Lines as a person would divide them: readers join columns across a gap, and take a box to tick for a letter."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from austa.modules.documents.domain.reading import CheckBox, Line, around, word_boxes

_BOX_READ = re.compile(r"^[\[(]?(?:[xX×✓✔vV]|[^\w\s]|[□☐☑☒■▢口回田日囗OoD0])[\])]?$")
_GLUED = re.compile(r"^(?:[□☐☑☒■▢口回田囗]+|[X×](?=[A-ZÀ-Ú][a-zà-ú]))\s*")


_COLUMN_GAP = 1.3
"""A space between two words, in heights of their line, from which they stand in two columns."""
_LEAST_GAP = 0.6
_UNUSUAL = 2.5
"""A narrower one does, too, when the line's other spaces are so much narrower still."""
_SPACES_TO_COMPARE = 3


def in_pieces(lines: Iterable[Line], checks: Sequence[CheckBox], wide: float) -> tuple[Line, ...]:
    """The lines, each divided at boxes to tick and at wide gaps, without what was read from a box.

    `wide`: the page's width by its height, to compare the two fractions.
    """
    return tuple(
        piece
        for line in lines
        for whole in _columns(line, wide)
        for piece in _beside_boxes(whole, [each for each in checks if _on(whole, each)])
    )


def _columns(line: Line, wide: float) -> Iterator[Line]:
    words = line.text.split()
    if len(words) != len(line.edges):
        yield line
        return
    spaces = [(after[0] - before[1]) * wide / line.height for before, after in pairwise(line.edges)]
    usual = median(spaces) if len(spaces) >= _SPACES_TO_COMPARE else _COLUMN_GAP
    start = 0
    for at in range(1, len(words) + 1):
        ends = at == len(words)
        if ends or spaces[at - 1] > _COLUMN_GAP or spaces[at - 1] > max(_LEAST_GAP, _UNUSUAL * usual):
            yield line if ends and start == 0 else _part(line, words, range(start, at))
            start = at


def _part(line: Line, words: Sequence[str], numbers: Sequence[int]) -> Line:
    edges = tuple(line.edges[number] for number in numbers)
    box = line.box.model_copy(update={"x0": edges[0][0], "x1": edges[-1][1]})
    return replace(line, text=" ".join(words[number] for number in numbers), box=box, edges=edges)


def _on(line: Line, check: CheckBox) -> bool:
    middle = (check.box.y0 + check.box.y1) / 2
    across = (check.box.x0 + check.box.x1) / 2
    return line.box.y0 < middle < line.box.y1 and line.box.x0 <= across < line.box.x1


def _beside_boxes(line: Line, checks: Sequence[CheckBox]) -> Iterator[Line]:
    if not checks:
        yield line
        return
    boxes, words = word_boxes(line), line.text.split()
    groups: list[list[int]] = [[]]
    passed = 0
    for number, box in enumerate(boxes):
        middle = (box.x0 + box.x1) / 2
        before = sum((check.box.x0 + check.box.x1) / 2 < middle for check in checks)
        inside = any(check.box.x0 <= middle <= check.box.x1 for check in checks)
        if before > passed and groups[-1]:
            groups.append([])
        passed = max(passed, before)
        if not (inside and _BOX_READ.match(words[number])):
            groups[-1].append(number)
    for group in groups:
        if group:
            text = _GLUED.sub("", " ".join(words[number] for number in group))
            edges = tuple((boxes[number].x0, boxes[number].x1) for number in group)
            if text:
                yield replace(line, text=text, box=around(boxes[number] for number in group), edges=edges)
