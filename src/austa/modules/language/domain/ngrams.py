"""Text as the intent model reads it: counts of hashed pieces of words, words and pairs of words.

Kept apart from `normalise.py` on purpose: a trained head fits exactly one way of reading, so a change here needs a
new head, and a new word in the lexicon must not need one.
"""

import unicodedata
from collections import Counter
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


def read_end_to_end(text: str) -> str:
    """The text, or its two ends when it is longer than anybody types."""
    return text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]} {text[-LONGEST:]}"


def split_words(text: str) -> list[str]:
    """Words in small letters without accents; no letter stands more than twice in a row; "?" is a word."""
    plain: list[str] = []
    for character in unicodedata.normalize("NFKD", read_end_to_end(text)).lower():
        if character.isalnum():
            if plain[-2:] != [character, character] or character.isdigit():
                plain.append(character)
        elif character == "?":
            plain += (" ", "?", " ")
        elif unicodedata.category(character) not in {"Mn", "Me", "Cf"}:
            plain.append(" ")
    return [word[:_LONGEST_WORD] for word in "".join(plain).split()]


def count_pieces(words: Iterable[str]) -> Counter[int]:
    """Pieces of two to five letters, each word between spaces, by their bucket."""
    counts: Counter[int] = Counter()
    for word in words:
        counts.update(_pieces_of(word))
    return counts


def count_words(words: list[str]) -> Counter[int]:
    """Words and pairs of words, by their bucket."""
    counts = Counter(_bucket(f"\n{word}") for word in words)
    counts.update(_bucket(f"\n{one} {other}") for one, other in pairwise(words))
    return counts


@lru_cache(maxsize=1 << 15)
def _pieces_of(word: str) -> tuple[int, ...]:
    spaced = f" {word} "
    return tuple(
        _bucket(spaced[start : start + size]) for size in _PIECES for start in range(max(len(spaced) - size + 1, 1))
    )


def _bucket(piece: str) -> int:
    return crc32(piece.encode()) % BUCKETS
