"""A message folded letter by letter, for patterns that need its digits and marks; places lead back to the original."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable

from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Words

# Marks that no eye sees: soft hyphen, combining accents, zero-width, direction and variation marks.
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_DIGIT = re.compile(r"\d")
_FOLDED_RANGES = (range(0x250), range(0x1E00, 0x1F00), range(0xFF01, 0xFF5F))


def _fold(code: int) -> str:
    plain = unicodedata.normalize("NFKD", chr(code))[0].lower()
    return plain if len(plain) == 1 else chr(code)


_FOLDING = {code: _fold(code) for part in _FOLDED_RANGES for code in part} | {
    ord("º"): "º", ord("ª"): "ª", ord("°"): "º", ord("\xa0"): " ", ord("–"): "-", ord("—"): "-", ord("‑"): "-",
}  # fmt: skip


class Plain:
    """`text`: lower case, no accents, nothing unseen; as long as the original where that holds nothing unseen."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._kept: list[int] | None = None
        seen = original
        if _UNSEEN.search(original):
            self._kept = [at for at, character in enumerate(original) if not _UNSEEN.match(character)]
            seen = "".join(original[at] for at in self._kept)
        self.text = seen.translate(_FOLDING)
        self.written = seen
        """The same places with case and accents as written."""
        self.has_digits = _DIGIT.search(self.text) is not None
        """Most messages have none, and need no search for numbers."""

    def place(self, at: int) -> int:
        """Where the character `at` of `text` stands in the original."""
        return at if self._kept is None else self._kept[at]

    def at(self, place: int) -> int:
        """The first character of `text` that stands at `place` of the original or after it."""
        return place if self._kept is None else bisect_left(self._kept, place)

    def words(self, start: int, end: int) -> Words:
        """The original words behind `text[start:end]`, which must not be empty."""
        first, last = self.place(start), self.place(end - 1) + 1
        return Words(text=Personal(self.original[first:last]), start=first, end=last)

    def matched(self, match: re.Match[str], group: int | str = 0) -> Words:
        return self.words(*match.span(group))


class Sought:
    """A pattern over folded text that can match only where one of some words stands: looking for those costs less."""

    def __init__(self, pattern: str, *words: str) -> None:
        self._pattern = re.compile(pattern)
        self._words = words

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        return self._pattern.finditer(text) if any(word in text for word in self._words) else ()


class Taken:
    """Stretches of a text that already mean something."""

    def __init__(self, stretches: Iterable[tuple[int, int]] = ()) -> None:
        self._covered = bytearray()
        for start, end in stretches:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        if end > len(self._covered):
            self._covered.extend(bytes(end - len(self._covered)))
        self._covered[start:end] = b"\x01" * (end - start)

    def overlaps(self, start: int, end: int) -> bool:
        return b"\x01" in self._covered[start:end]
