"""Where a page names the member: what is painted over for those who may not know who it is.

Rather a word too many than one too few: a namesake, or a street of that name, is covered too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rapidfuzz.distance import Levenshtein

from austa.modules.documents.api import NAMES_THE_MEMBER, Box, Field, FieldName, PageText, ReadLine
from austa.modules.documents.domain.checks import dates_in, is_cns, is_cpf
from austa.modules.documents.domain.reading import digits, fold
from austa.modules.documents.domain.search import SILENT

LONG = 5
"""Letters from which a name is known though one of them was misread, or though it is glued to its neighbour."""
VERY_LONG = 8
"""From so many, two may be misread."""
SURE_NUMBER = 6
"""Digits from which a number is nobody else's by chance."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NUMBERS: tuple[FieldName, ...] = ("card_number", "cpf", "cns")


def naming_boxes(fields: Sequence[Field], text: PageText | None, page: int) -> list[Box]:
    """The boxes of a page that tell who the member is: fields, and their words wherever else they stand. `text` is None
    for what was read before words were kept: then what stands within sentences still shows."""
    boxes = [field.box for field in fields if field.name in NAMES_THE_MEMBER and field.box and field.box.page == page]
    known = _Known(fields)
    return boxes + [line.words[at].box for line in (text.lines if text else ()) for at in known.places(line)]


class _Known:
    """What is known of who the member is, as words, numbers and a day."""

    def __init__(self, fields: Iterable[Field]) -> None:
        said = [(field.name, each.reveal()) for field in fields for each in (field.value, field.normal) if each]
        self._names = {
            word
            for name, value in said
            if name == "member_name"
            for word in _LETTERS.findall(fold(value))
            if word not in SILENT
        }
        self._numbers = {digits(value) for name, value in said if name in _NUMBERS}
        self._born = {day for name, value in said if name == "birth_date" for day in _days(value)}

    def places(self, line: ReadLine) -> set[int]:
        """Which words of a line tell who it is."""
        words = [word.text.reveal() for word in line.words]
        return {*self._of_names(words), *self._of_numbers(words), *self._of_days(words)}

    def _of_names(self, words: Sequence[str]) -> Iterator[int]:
        for at, word in enumerate(words):
            if any(_is(part, name) for part in _LETTERS.findall(fold(word)) for name in self._names):
                yield at

    def _of_numbers(self, words: Sequence[str]) -> Iterator[int]:
        """Numbers may be parted: `0037 1234` of one word or of several."""
        owners = [at for at, word in enumerate(words) for _ in digits(word)]
        every = digits("".join(words))
        for number in self._numbers:
            start = every.find(number) if len(number) >= SURE_NUMBER else -1
            while start != -1:
                yield from owners[start : start + len(number)]
                start = every.find(number, start + 1)
        for at, word in enumerate(words):
            # Whosever it is: a number of a person does not stand there for nothing.
            if is_cpf(digits(word)) or is_cns(digits(word)):
                yield at

    def _of_days(self, words: Sequence[str]) -> Iterator[int]:
        ends, so_far = [], 0
        for word in words:
            so_far += len(word) + 1
            ends.append(so_far)
        for day, start, end in dates_in(" ".join(words)):
            if day in self._born:
                yield from (at for at, stop in enumerate(ends) if start < stop - 1 and stop - len(words[at]) - 1 < end)


def _is(part: str, name: str) -> bool:
    if part == name:
        return True
    misread = (len(name) >= LONG) + (len(name) >= VERY_LONG)
    near = Levenshtein.distance(part, name, score_cutoff=misread) <= misread
    return near or (len(name) >= LONG and name in part)


def _days(value: str) -> list[date]:
    try:
        return [date.fromisoformat(value)]
    except ValueError:
        return [day for day, _, _ in dates_in(value)]
