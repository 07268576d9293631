"""Every word of a page with its place and how surely it was read."""

from rapidfuzz import fuzz

from austa.kernel.personal import Personal
from austa.modules.documents.api import PageText, ReadLine, ReadWord
from austa.modules.documents.domain.order import in_reading_order
from austa.modules.documents.domain.reading import Line, PageReading, compact, word_boxes


def page_text(page: PageReading) -> PageText:
    """The lines of a page in reading order, for who shows, searches or covers them."""
    rows = in_reading_order(page)
    return PageText(page=page.number, lines=tuple(_line(line, page) for row in rows for line in row))


def _line(line: Line, page: PageReading) -> ReadLine:
    other = [compact(word) for word in page.second_near(line.box).split()]
    words = tuple(
        ReadWord(text=Personal(word), box=box, confidence=round(line.confidence * _agreement(compact(word), other), 3))
        for word, box in zip(line.text.split(), word_boxes(line), strict=False)
    )
    return ReadLine(text=Personal(line.text), box=line.box, confidence=line.confidence, words=words)


def _agreement(word: str, other: list[str]) -> float:
    """How alike the second reading has it, 0 to 1; words are often glued to their neighbours there."""
    if not word or not other:
        return 1.0 if not word else 0.5
    if word in other:
        return 1.0
    return (
        max(fuzz.ratio(word, each) if len(each) < 2 * len(word) else fuzz.partial_ratio(word, each) for each in other)
        / 100
    )
