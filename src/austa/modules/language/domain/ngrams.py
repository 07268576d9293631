"""Text as the intent model reads it: hashed pieces of words, words and pairs of words.

Kept apart from `normalise.py` on purpose: a trained head fits exactly one way of reading, so a change here needs a
new head, and a new word in the lexicon must not need one.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

BUCKETS = 1 << 17
"""Places of the hash table; two pieces that fall into one share its weight."""

LONGEST = 1500
"""Characters that are read from either end: nobody's wish stands in the middle of 100 kB."""

_PIECES = range(2, 6)
_LONGEST_WORD = 40
_REPEATS = re.compile(r"([^\W\d_])\1{2,}")


def read_end_to_end(text: str) -> str:
    """The text, or its two ends when it is longer than anybody types."""
    return text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]} {text[-LONGEST:]}"


def split_words(text: str) -> list[str]:
    """Words in small letters without accents; no letter stands more than twice in a row; "?" is a word."""
    plain = "".join(map(_plain, unicodedata.normalize("NFKD", read_end_to_end(text)).lower()))
    return [word[:_LONGEST_WORD] for word in _REPEATS.sub(r"\1\1", plain).split()]


def hash_pieces(words: Iterable[str]) -> list[int]:
    """The buckets of pieces of two to five letters, each word between spaces; as often as they occur."""
    return [bucket for word in words for bucket in _pieces_of(word)]


def hash_words(words: list[str]) -> list[int]:
    """The buckets of words and of pairs of words, as often as they occur."""
    return [_bucket(f"\n{word}") for word in words] + [_bucket(f"\n{one} {other}") for one, other in pairwise(words)]


@lru_cache(maxsize=1 << 12)
def _plain(character: str) -> str:
    if character.isalnum():
        return character
    if character == "?":
        return " ? "
    return "" if unicodedata.category(character) in {"Mn", "Me", "Cf"} else " "


@lru_cache(maxsize=1 << 15)
def _pieces_of(word: str) -> tuple[int, ...]:
    spaced = f" {word} "
    return tuple(
        _bucket(spaced[start : start + size]) for size in _PIECES for start in range(max(len(spaced) - size + 1, 1))
    )


def _bucket(piece: str) -> int:
    return crc32(piece.encode()) % BUCKETS
