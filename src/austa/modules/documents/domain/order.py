"""In which order a page is read: what stands in one box of a form together, columns that belong together to their end,
tables row by row and cell by cell, a label before the value below it.

A recursive XY-cut (Nagy and Seth 1984) over boxes of lines: a region falls into bands along empty rows, a band into
columns along empty columns. What a plain cut gets wrong is decided before it: ruled boxes are regions of their own
(`PageReading.cells`), a small label above its value and the wrapped rest of a cell stay with what they belong to, and
bands whose sides do not keep step are columns.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from austa.modules.documents.api import Box
from austa.modules.documents.domain.labels import labels_of
from austa.modules.documents.domain.reading import CheckBox, Line, PageReading, fold, squeeze

_SHRUNK = 0.22
"""Share of a line's height that its neighbour's box may reach into it: detectors draw boxes generously."""
_SMALLER = 0.88
"""A label above its value is set smaller than this share of the value's height."""
_TIGHT = 0.75
"""Space, in heights of a line, within which a label stands above its value."""
_WRAPPED = 0.55
"""The same for the rest of a cell that did not fit on its first line."""
_VALLEY = 1.2
"""Width, in heights of a line, of the empty column between two columns of text."""
_ACROSS = 3.0
"""A line of so many usual heights that meets two others is a watermark or a stamp."""
_MOST_MET = 2
_UNSURE_LETTER, _UNSURE_WORD = 0.6, 0.9
_IN_STEP = 0.4
"""Rows whose middles differ by less than this share of a line's height are one row."""
_CELL_SLACK = 0.25
_MOST_SLACK = 0.6
"""Shares of a ruled box's height, and of its line's, that the next box may reach into it: few sheets lie quite flat."""
_NUMBERED = re.compile(r"^\d{1,3} ?[-–.] ?[^\W\d]")
_PROSE_LETTERS = 28
_PROSE_ROWS = 4


@dataclass(frozen=True, eq=False)
class _Item:
    """A piece that stays together while its region is ordered: its lines are in order already.

    `height` is that of one line of it; `ruled`: its box is one drawn on the paper.
    """

    lines: tuple[Line, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    height: float
    ruled: bool = False

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def in_reading_order(page: PageReading) -> tuple[tuple[Line, ...], ...]:
    """The lines of a page as a person reads them, those that stand beside each other in one tuple.

    Check boxes are lines of their own, `[X]` or `[ ]`, before their words.
    """
    printed = [line for line in page.lines if not _is_scrawl(line)]
    usual = median([line.height for line in printed]) if printed else 0.0
    # A watermark lies behind the text and is no part of it.
    behind = [line for line in printed if line.height > _ACROSS * usual and _lies_behind(line, printed)]
    items = [_leaf(line) for line in printed if line not in behind]
    items += [_leaf(_as_line(check)) for check in page.checks]
    ordered = _in_cells(items, sorted(page.cells, key=_area), page.width / page.height)
    return _rows(line for item in ordered for line in item.lines)


def text_of_page(page: PageReading) -> str:
    """Everything that is printed, in reading order, rows below each other."""
    return "\n".join(" ".join(line.text for line in row) for row in in_reading_order(page))


def _is_scrawl(line: Line) -> bool:
    """What readers make of a signature: a short word, unsure, mostly of waves."""
    letters = fold(line.text)
    waves = sum(letter in "mnwuv" for letter in letters)
    if len(letters) <= 2 and line.confidence < _UNSURE_LETTER:
        return not letters.isdigit()
    return " " not in letters and line.confidence < _UNSURE_WORD and waves >= 0.5 * len(letters)


def _lies_behind(line: Line, others: Iterable[Line]) -> bool:
    met = (other for other in others if other is not line and _meet(line.box, other.box))
    return sum(1 for _ in met) >= _MOST_MET


def _meet(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _as_line(check: CheckBox) -> Line:
    return Line("[X]" if check.ticked else "[ ]", check.box, check.confidence)


def _leaf(line: Line) -> _Item:
    return _Item((line,), line.box.x0, line.box.y0, line.box.x1, line.box.y1, line.height)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _in_cells(items: Sequence[_Item], cells: Sequence[Box], wide: float) -> list[_Item]:
    """Order what stands in each ruled box, the smallest first, and then the boxes among the rest."""
    left = list(items)
    for cell in cells:
        inside = [item for item in left if _lies_in(item, cell)]
        if inside:
            lines = tuple(line for item in _ordered(inside, wide) for line in item.lines)
            whole = _Item(lines, cell.x0, cell.y0, cell.x1, cell.y1, median(item.height for item in inside), ruled=True)
            left = [item for item in left if item not in inside]
            left.append(whole)
    return _ordered(left, wide)


def _lies_in(item: _Item, cell: Box) -> bool:
    across = (item.x0 + item.x1) / 2
    return cell.x0 <= across <= cell.x1 and cell.y0 <= item.middle <= cell.y1


def _ordered(items: Sequence[_Item], wide: float) -> list[_Item]:
    """One region. `wide`: its page's width by its height, to compare the two fractions."""
    return _cut(_labels_with_values(_checks_with_words(items, wide), wide), wide)


def _cut(items: Sequence[_Item], wide: float) -> list[_Item]:
    if len(items) < 2:
        return list(items)
    bands = [list(band) for band in _split(items, _down)]
    bands = _wraps_joined(bands)
    if len(bands) > 1:
        ordered: list[_Item] = []
        for section in _sections(bands, wide):
            ordered.extend(_cut_section(section, wide))
        return ordered
    (band,) = bands
    columns = _split(band, _across)
    if len(columns) > 1:
        return [item for column in columns for item in _cut(column, wide)]
    return sorted(band, key=lambda item: (item.middle, item.x0))


def _cut_section(section: "_Section", wide: float) -> list[_Item]:
    if section.valley is None:
        return [item for band in section.bands for item in _cut_band(band, wide)]
    every = [item for band in section.bands for item in band]
    left = [item for item in every if (item.x0 + item.x1) / 2 < section.valley]
    right = [item for item in every if item not in left]
    return [*_cut(left, wide), *_cut(right, wide)]


def _cut_band(band: Sequence[_Item], wide: float) -> list[_Item]:
    columns = _split(band, _across)
    if len(columns) > 1:
        return [item for column in columns for item in _cut(column, wide)]
    return sorted(band, key=lambda item: (item.middle, item.x0))


Extent = Callable[[_Item], tuple[float, float]]


def _down(item: _Item) -> tuple[float, float]:
    slack = min(_CELL_SLACK * (item.y1 - item.y0), _MOST_SLACK * item.height)
    spare = slack if item.ruled else _SHRUNK * item.height
    return item.y0 + spare, max(item.y1 - spare, item.y0 + spare)


def _across(item: _Item) -> tuple[float, float]:
    return item.x0, item.x1


def _split(items: Sequence[_Item], extent: Extent) -> list[list[_Item]]:
    """Groups along an axis with nothing between them, in order."""
    groups: list[list[_Item]] = []
    reach = float("-inf")
    for item in sorted(items, key=extent):
        start, end = extent(item)
        if not groups or start >= reach:
            groups.append([])
        groups[-1].append(item)
        reach = max(reach, end)
    return groups


@dataclass(frozen=True)
class _Section:
    """Bands that are read one after another, or, with a valley, the left side to its end before the right one."""

    bands: Sequence[Sequence[_Item]]
    valley: float | None = None


def _sections(bands: Sequence[Sequence[_Item]], wide: float) -> list[_Section]:
    """The longest runs of bands that have a valley in common and whose sides do not keep step; the rest as it is."""
    sections: list[_Section] = []
    plain: list[Sequence[_Item]] = []
    at = 0
    while at < len(bands):
        run = _column_run(bands[at:], wide)
        if run is None:
            plain.append(bands[at])
            at += 1
            continue
        if plain:
            sections.append(_Section(plain))
            plain = []
        sections.append(run)
        at += len(run.bands)
    return [*sections, _Section(plain)] if plain else sections


def _column_run(bands: Sequence[Sequence[_Item]], wide: float) -> _Section | None:
    longest: _Section | None = None
    for count in range(1, len(bands) + 1):
        run = bands[:count]
        valleys = _valleys([item for band in run for item in band], wide)
        if not valleys and count > 2:
            break
        # Of several the widest one parts the sides.
        start, end = max(valleys, key=lambda each: each[1] - each[0], default=(0.0, 0.0))
        if valleys and _are_columns(run, (start + end) / 2):
            longest = _Section(run, (start + end) / 2)
    return longest


def _valleys(items: Sequence[_Item], wide: float) -> list[tuple[float, float]]:
    columns = _split(items, _across)
    height = median(item.height for item in items)
    gaps = [(max(item.x1 for item in a), min(item.x0 for item in b)) for a, b in pairwise(columns)]
    return [(start, end) for start, end in gaps if (end - start) * wide > _VALLEY * height]


def _are_columns(run: Sequence[Sequence[_Item]], valley: float) -> bool:
    """Whether the two sides of a valley go their own ways: their rows overlap without standing beside each other."""
    every = [item for band in run for item in band]
    left = [item for item in every if (item.x0 + item.x1) / 2 < valley]
    right = [item for item in every if item not in left]
    fewer, more = sorted((_split(left, _down), _split(right, _down)), key=len)
    if len(fewer) < 2:
        return False
    beside = [any(_stand_beside(a, b) for b in more) for a in fewer]
    out_of_step = [any(_overlap(a, b) for b in more) and not level for a, level in zip(fewer, beside, strict=True)]
    if sum(out_of_step) > sum(beside):
        return True
    return len(fewer) >= _PROSE_ROWS and _is_prose(left) and _is_prose(right)


def _stand_beside(one: Sequence[_Item], other: Sequence[_Item]) -> bool:
    height = min(median(item.height for item in each) for each in (one, other))
    return any(abs(a.middle - b.middle) < _IN_STEP * height for a in one for b in other)


def _overlap(one: Sequence[_Item], other: Sequence[_Item]) -> bool:
    return any(a.y0 < b.y1 and b.y0 < a.y1 for a in one for b in other)


def _is_prose(items: Sequence[_Item]) -> bool:
    """Lines of running text that fill their column: most are long, and few say what they are first."""
    long = [item for item in items if len(item.text) >= _PROSE_LETTERS and ":" not in item.text[:25]]
    return len(long) >= 0.7 * len(items)


def _checks_with_words(items: Sequence[_Item], wide: float) -> list[_Item]:
    """Each check box joined with the words to its right."""
    boxes = [item for item in items if item.text in {"[X]", "[ ]"}]
    left = [item for item in items if item not in boxes]
    alone: list[_Item] = []
    for box in boxes:
        beside = [
            item
            for item in left
            if abs(item.middle - box.middle) < 0.7 * item.height
            and -item.height < (item.x0 - box.x1) * wide < 2.5 * item.height
            and item.x1 > box.x1
        ]
        words = min(beside, key=lambda item: item.x0, default=None)
        if words is None:
            alone.append(box)
        else:
            left[left.index(words)] = _joined((box, words), words.height)
    return [*left, *alone]


def _labels_with_values(items: Sequence[_Item], wide: float) -> list[_Item]:
    """Each small label joined with the value right below it."""
    left = list(items)
    for label in sorted(items, key=lambda item: item.y0):
        below = [item for item in left if item is not label and _stands_below(item, label, wide)]
        value = min(below, key=lambda item: item.y0, default=None)
        if label in left and value is not None and _is_label_of(label, value):
            left[left.index(label)] = _joined((label, value), value.height)
            left.remove(value)
    return left


def _stands_below(item: _Item, label: _Item, wide: float) -> bool:
    near = abs(item.x0 - label.x0) * wide < 0.8 * label.height
    centred = abs((item.x0 + item.x1) - (label.x0 + label.x1)) * wide < 0.8 * label.height
    return (near or centred) and -0.3 * label.height < item.y0 - label.y1 < _TIGHT * max(item.height, label.height)


def _is_label_of(label: _Item, value: _Item) -> bool:
    if len(label.lines) > 1 or len(value.lines) > 1 or label.ruled or value.ruled or ":" in label.text:
        return False
    if _NUMBERED.match(value.text) and _NUMBERED.match(label.text):
        return False
    if label.height < _SMALLER * value.height:
        return _NUMBERED.match(label.text) is not None or _is_bare_label(label.text) or label.text.isupper()
    return _NUMBERED.match(label.text) is not None and not _is_bare_label(value.text)


def _is_bare_label(text: str) -> bool:
    found = labels_of(text)
    return bool(found) and found[0].start == 0 and not squeeze(text[found[-1].end :])


def _wraps_joined(bands: Sequence[Sequence[_Item]]) -> list[list[_Item]]:
    """Bands that are only the rest of cells above joined with those."""
    joined: list[list[_Item]] = []
    for band in bands:
        above = joined[-1] if joined else []
        places = [_wrapped_from(item, above) for item in band]
        if len(above) > len(band) > 0 and len(above) > 1 and all(place is not None for place in places):
            for item, place in zip(band, places, strict=True):
                if place is not None:
                    above[above.index(place)] = _joined((place, item), place.height)
        else:
            joined.append(list(band))
    return joined


def _wrapped_from(item: _Item, above: Sequence[_Item]) -> _Item | None:
    """The item in the band above that this one goes on from: under it, close, in the same letters, and no new label."""
    if item.ruled or ":" in item.text[:30] or _NUMBERED.match(item.text) or item.text.startswith("["):
        return None
    for other in above:
        alike = 0.8 < item.height / other.height < 1.25
        shared = min(item.x1, other.x1) - max(item.x0, other.x0)
        under = shared > 0.6 * min(item.x1 - item.x0, other.x1 - other.x0)
        if alike and under and not other.ruled and item.y0 - other.y1 < _WRAPPED * item.height:
            return other
    return None


def _joined(items: Sequence[_Item], height: float) -> _Item:
    return _Item(
        tuple(line for item in items for line in item.lines),
        min(item.x0 for item in items),
        min(item.y0 for item in items),
        max(item.x1 for item in items),
        max(item.y1 for item in items),
        height,
        any(item.ruled for item in items),
    )


def _rows(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """What stands beside the line before it goes on its row."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        beside = last is not None and line.box.x0 > last.box.x0 and _share_a_row(line, last)
        if beside:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(tuple(row) for row in rows)


def _share_a_row(one: Line, other: Line) -> bool:
    return abs(one.middle - other.middle) < 0.6 * max(one.height, other.height)
