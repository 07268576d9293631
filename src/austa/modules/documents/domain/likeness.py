"""Whether two files show one photo that was saved anew. The picture alone would accuse the innocent: two orders on one
form, photographed from one place, are one picture to it. So what was read must agree, too."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from austa.modules.documents.api import NAMES_THE_MEMBER, Field
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.reading import PageReading, compact

_WORDS = re.compile(r"[^\W\d_]{0,2}\d+|[^\W\d_]{3,}")
_LONG = 5
"""Letters from which one word within another is the same one, glued to its neighbour."""


@dataclass(frozen=True)
class Limits:
    """How alike two pages must be. Where the numbers come from: docs/benchmarks/documents.md."""

    signs: int
    """Signs of the picture, of 256, that may differ."""
    least_words: int
    """Words that both must have been read surely: a page of few words is known by none."""
    unread: float
    """Share of one page's sure words that may be missing on the other, which was saved smaller."""
    letters_a_misreading: int
    """A word of so many letters may have one letter otherwise, of twice as many two."""


MEASURED = Limits(signs=40, least_words=15, unread=0.15, letters_a_misreading=7)


@dataclass(frozen=True)
class PageLikeness:
    """By what a page is known again. It is sealed like the fields: the words are the paper's own."""

    signs: str
    """256 signs of the photo, in 64 hex digits."""
    sure: tuple[str, ...] = field(repr=False)
    """Words and numbers, folded, that both readings have and the careful one was sure of; repeated as on the page."""
    doubtful: tuple[str, ...] = field(repr=False)
    """What else either of them saw."""


def likeness_of(page: PageReading, signs: str) -> PageLikeness:
    """What is kept of a page, to know it again."""
    sure: list[str] = []
    seen = [word for line in page.second for word in words_of(line.text)]
    for line in page.lines:
        words = words_of(line.text)
        seen += words
        if line.confidence >= checks.MIN_CONFIDENCE:
            second = compact(page.second_near(line.box))
            sure += [word for word in words if word in second]
    return PageLikeness(signs, tuple(sorted(sure)), tuple(sorted(set(seen) - set(sure))))


def words_of(text: str) -> list[str]:
    """Words of three letters or more, folded, and numbers, of which the signs between are left out (a date, a card).

    Where a reader sees no space between a label and its number, they are two all the same.
    """
    return [word for piece in text.split() for word in _WORDS.findall(compact(piece))]


def person_keys(fields: Iterable[Field]) -> frozenset[str]:
    """What on a paper says whose it is: only papers that share one of these are compared at all."""
    return frozenset(
        f"{found.name} {compact(found.normal.reveal())}"
        for found in fields
        if found.name in NAMES_THE_MEMBER and found.name != "birth_date" and found.normal
    )


def names_the_person(page: PageReading, keys: Iterable[str]) -> bool:
    """Whether a page has one of the keys on it. Others, such as a consent's printed second page, are alike for all."""
    text = compact("".join(line.text for line in page.lines))
    return any(key.partition(" ")[2] in text for key in keys)


def show_one_photo(one: Sequence[PageLikeness], other: Sequence[PageLikeness], limits: Limits) -> bool:
    """Whether a page of one file is a page of the other, saved anew."""
    return any(are_one_photo(a, b, limits) for a in one for b in other)


def are_one_photo(one: PageLikeness, other: PageLikeness, limits: Limits) -> bool:
    """True when picture, numbers and words agree.

    Something may be missing on one of the two, which was saved smaller; but nothing may stand there instead: another
    day, card or code, another name, "direito" for "esquerdo". That is what two papers on one form differ in.
    """
    if _differ(one.signs, other.signs) > limits.signs:
        return False
    if min(len(set(one.sure)), len(set(other.sure))) < limits.least_words:
        return False
    gone, come = _unmatched(one, other, limits), _unmatched(other, one, limits)
    if any(_kind(word) in {_kind(each) for each in come} for word in gone):
        return False
    return len(gone) <= limits.unread * len(one.sure) and len(come) <= limits.unread * len(other.sure)


def _unmatched(one: PageLikeness, other: PageLikeness, limits: Limits) -> list[str]:
    """Words that are sure on one page and do not stand on the other, as often and nearly as written."""
    here, there = Counter(one.sure), Counter((*other.sure, *other.doubtful))
    spare = list((there - here).elements())
    missing = []
    for word in (here - there).elements():
        if _has_digit(word) and word in there:
            continue  # how often a number stands there says nothing
        twin = next((each for each in spare if _are_one_word(word, each, limits)), None)
        if twin is None:
            missing.append(word)
        else:
            spare.remove(twin)
    return missing


def _are_one_word(word: str, seen: str, limits: Limits) -> bool:
    """One and the same, read with a letter otherwise, or glued to its neighbour."""
    short, long = sorted((word, seen), key=len)
    if len(short) >= _LONG and short in long:
        return True
    allowed = len(long) // limits.letters_a_misreading
    return not _has_digit(word + seen) and Levenshtein.distance(word, seen, score_cutoff=allowed) <= allowed


def _kind(word: str) -> str:
    return "number" if _has_digit(word) else "word"


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _differ(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
