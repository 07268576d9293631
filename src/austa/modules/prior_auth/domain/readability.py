"""How easily a member reads a text: Flesch's reading ease as fitted to Portuguese by Martins et al.

    248.835 - 1.015 x (words / sentences) - 84.6 x (syllables / words), held between 0 and 100

T. B. F. Martins, C. M. Ghiraldelo, M. das G. V. Nunes, O. N. de Oliveira Jr., "Readability formulas applied to
textbooks in Brazilian Portuguese", Notas do ICMSC-USP 28, 1996. Syllables are counted by vowel groups, a rule of thumb
that takes `história` for four. Numbers are not counted: they are neither short words nor long ones. The web app counts
in the same way (`web/src/lib/readability.ts`); one file of examples tests both.
"""

import math
import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["easy", "fair", "hard"]

EASY, FAIR = 60, 40
"""Lowest scores. Martins et al. call 50 to 75 easy (to the eighth year of school); we ask more of an answer."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SILENT_U = re.compile(r"([qg])u(?=[eiéíê])")
_VOWELS = frozenset("aeiouáàâãéêíóôõúü")


@dataclass(frozen=True)
class Readability:
    """`score` from 0 (hard) to 100 (easy)."""

    score: int
    level: Level


def judge(text: str) -> Readability:
    """The readability of a text; one without words is hard."""
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    if not words:
        return Readability(0, "hard")
    syllables = sum(count_syllables(word) for word in words)
    raw = 248.835 - 1.015 * (len(words) / len(sentences)) - 84.6 * (syllables / len(words))
    score = math.floor(min(100.0, max(0.0, raw)) + 0.5)
    return Readability(score, "easy" if score >= EASY else "fair" if score >= FAIR else "hard")


def count_syllables(word: str) -> int:
    """Vowel groups, where an accented or strong vowel next to another opens a new syllable (`sa-ú-de`, `le-al`)."""
    count, previous = 0, ""
    for letter in _SILENT_U.sub(r"\1", word.lower()):
        if letter in _VOWELS and not _joins(previous, letter):
            count += 1
        previous = letter
    return max(1, count)


def _joins(previous: str, letter: str) -> bool:
    if previous not in _VOWELS:
        return False
    if previous in "ãõ" and letter in "eio":
        return True
    if previous in "íú" or letter in "íú":
        return False
    return letter in "iuü" or (previous in "uü" and letter not in "áéóâêô")
