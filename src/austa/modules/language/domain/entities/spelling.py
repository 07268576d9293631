"""Words as typed -> words that the lists know: by sound ("omeprazou"), else by a slip or two of the finger.

Short words are never mended, nor words that are known to be something else. A slip never changes the first letter and
never only the end: that is another form of a word, or another word.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from austa.modules.language.domain.spelling import squeeze

_SHORTEST_BY_SOUND = 5
_SHORTEST_BY_SLIP = 6
_SHORTEST_BY_TWO_SLIPS = 9
_LONGEST = 28
_MOST_REMEMBERED = 20_000
_MOST_SEARCHES = 1_500

_SOUNDS = (
    ("ph", "f"), ("sch", "x"), ("ch", "x"), ("sh", "x"), ("que", "ke"), ("qui", "ki"), ("q", "k"), ("gue", "ge"),
    ("gui", "gi"), ("sce", "se"), ("sci", "si"), ("xce", "se"), ("xci", "si"), ("ce", "se"), ("ci", "si"), ("c", "k"),
    ("z", "s"), ("nh", "N"), ("lh", "L"), ("h", ""), ("y", "i"), ("w", "v"), ("j", "g"), ("lt", "ut"), ("mb", "nb"),
    ("mp", "np"), ("mf", "nf"), ("mv", "nv"),
)  # fmt: skip
_ENDS = {"l": "u", "i": "e"}


def sound(word: str) -> str:
    """A key that words share when they sound alike in Brazil."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    if len(word) > 3 and word[-1] in _ENDS:
        word = word[:-1] + _ENDS[word[-1]]
    return squeeze(word)


class Spelling:
    """Mends words towards a vocabulary. `kept` are other words that are right as they are; so is every word that begins
    with one of `beginnings`. Long words of `names` are found over two slips."""

    def __init__(
        self, vocabulary: Iterable[str], kept: Iterable[str], beginnings: Iterable[str], names: Iterable[str]
    ) -> None:
        known = sorted(word for word in set(vocabulary) if word.isalpha() and len(word) >= _SHORTEST_BY_SOUND)
        self._kept = frozenset(kept) | frozenset(known)
        self._beginnings = frozenset(beginnings)
        self._by_sound: dict[str, str] = {}
        self._by_slip: dict[str, list[str]] = {}
        self._buckets: dict[str, list[str]] = {}
        for word in known:
            self._by_sound.setdefault(sound(word), word)
            for short in {word, *_deletions(word)}:
                self._by_slip.setdefault(short, []).append(word)
        for name in sorted(set(names)):
            if len(name) >= _SHORTEST_BY_TWO_SLIPS:
                self._buckets.setdefault(name[0], []).append(name)
        self._remembered: dict[str, str] = {}

    def mend_all(self, words: Sequence[str]) -> list[str]:
        """The words as they were meant. A text of thousands of unknown words is not searched to its end."""
        remembered = self._remembered
        if len(remembered) > _MOST_REMEMBERED:
            remembered.clear()
        searches = 0
        mended = []
        for word in words:
            meant = remembered.get(word)
            if meant is None:
                if searches >= _MOST_SEARCHES:
                    meant = word
                else:
                    searches += 1
                    meant = remembered[word] = self._mend(word)
            mended.append(meant)
        return mended

    def _mend(self, word: str) -> str:
        if (
            not _SHORTEST_BY_SOUND <= len(word) <= _LONGEST
            or word in self._kept
            or not word.isalpha()
            or any(word[:length] in self._beginnings for length in range(3, len(word) + 1))
        ):
            return word
        return self._by_sound.get(sound(word)) or self._one_slip(word) or self._two_slips(word) or word

    def _one_slip(self, word: str) -> str | None:
        if len(word) < _SHORTEST_BY_SLIP:
            return None
        for short in (word, *_deletions(word)):
            for candidate in self._by_slip.get(short, ()):
                if len(candidate) >= _SHORTEST_BY_SLIP and _is_a_slip(word, candidate, 1):
                    return candidate
        return None

    def _two_slips(self, word: str) -> str | None:
        if len(word) < _SHORTEST_BY_TWO_SLIPS:
            return None
        bucket = self._buckets.get(word[0], ())
        found = process.extractOne(word, bucket, scorer=OSA.distance, score_cutoff=2)
        return found[0] if found and _is_a_slip(word, found[0], 2) else None


def _is_a_slip(word: str, meant: str, most: int) -> bool:
    shared = next((at for at, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), len(meant))
    within = 0 < shared < min(len(word), len(meant)) - most
    return within and OSA.distance(word, meant, score_cutoff=most) <= most


def _deletions(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
