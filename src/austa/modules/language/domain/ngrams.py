"""Text as the intent model reads it: hashed pieces of words, words and pairs of words.

Kept apart from `normalise.py` on purpose: a trained head fits exactly one way of reading, so a change here needs a
new head, and a new word in the lexicon must not need one.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

BUCKETS = 1 << 17
"""Places of the hash table; two pieces that fall into one share its weight."""

LONGEST = 1500
"""Characters that are read from either end: nobody's wish stands in the middle of 100 kB."""

_PIECES = range(2, 6)
_LONGEST_WORD = 40
_MOST_CHARACTERS = 1 << 12
_START = crc32(b"\n")
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")


def read_end_to_end(text: str) -> str:
    """The text, or its two ends when it is longer than anybody types."""
    return text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]} {text[-LONGEST:]}"


def split_words(text: str) -> list[str]:
    """Words in small letters without accents; no letter stands more than twice in a row; "?" is a word."""
    plain = unicodedata.normalize("NFKD", read_end_to_end(text)).lower().translate(_PLAIN)
    return [_shortened(word) for word in plain.split()]


def hash_pieces(words: Iterable[str]) -> "array[int]":
    """The buckets of pieces of two to five letters, each word between spaces; as often as they occur."""
    buckets = array("q")
    for word in words:
        buckets.extend(_pieces_of(word))
    return buckets


def hash_words(words: Iterable[str]) -> "array[int]":
    """The buckets of words and of pairs of words, as often as they occur."""
    buckets = array("q")
    before: int | None = None
    for word in words:
        encoded = word.encode()
        # The sum of a pair goes on from that of its first word.
        alone = crc32(encoded, _START)
        buckets.append(alone % BUCKETS)
        if before is not None:
            buckets.append(crc32(b" " + encoded, before) % BUCKETS)
        before = alone
    return buckets


class _Plain(dict[int, str]):
    """A table for `str.translate` that learns each character once; it forgets when a text of all characters comes."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MOST_CHARACTERS:
            self.clear()
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(character: str) -> str:
    if character.isalnum():
        return character
    if character == "?":
        return " ? "
    return "" if unicodedata.category(character) in {"Mn", "Me", "Cf"} else " "


_PLAIN = _Plain()


@lru_cache(maxsize=1 << 14)
def _shortened(word: str) -> str:
    return _REPEATS.sub(r"\1\1", word)[:_LONGEST_WORD]


@lru_cache(maxsize=1 << 15)
def _pieces_of(word: str) -> "array[int]":
    spaced = f" {word} "
    return array(
        "q",
        (
            crc32(spaced[start : start + size].encode()) % BUCKETS
            for size in _PIECES
            for start in range(max(len(spaced) - size + 1, 1))
        ),
    )
