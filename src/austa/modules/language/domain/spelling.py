"""Mends slips of the finger and spelling by ear, towards the words that a lexicon looks for, and no others.

A word that people use every day is never taken for another one ("jeito" is not "peito"), so the list of everyday words
guards the lexicon: a longer list means fewer false alarms, never a missed word that was spelt rightly.
"""

import re
from collections.abc import Iterable

from rapidfuzz.distance import OSA

_LONGEST = 24
_SHORTEST_MENDED = 5
_SHORTEST_BY_EAR = 4
_SHORTEST_GLUED = 7
_MOST_GLUED = 5
_REPEATED = re.compile(r"(\D)\1+")

# Sounds that Brazilian spelling writes in several ways; applied in this order to words without accents.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), said)
    for written, said in (
        (r"ch|sh", "x"),
        (r"ph", "f"),
        (r"lh", "li"),
        (r"nh", "ni"),
        (r"h", ""),
        (r"y", "i"),
        (r"w", "v"),
        (r"(?:sc|xc|c)(?=[ei])", "s"),
        (r"qu(?=[ei])|c|q", "k"),
        (r"g(?=[ei])", "j"),
        (r"gu(?=[ei])", "g"),
        (r"z", "s"),
        (r"m(?![aeiou])", "n"),
        (r"^e(?=[nsx])", "i"),
        (r"l(?![aeiou])", "u"),
        (r"a(?:un|n)$", "ao"),
        (r"nd(?=[oa]$)", "n"),
        (r"ou", "o"),
        (r"ei", "e"),
        (r"r$", ""),
        (r"(?<=[^aeiou])e(?=s?$)", "i"),
        (r"(?<=[^aeiou])o(?=s?$)", "u"),
        (r"(.)\1+", r"\1"),
    )
)


class Speller:
    """Finds the word that was meant: by ear, one slip away, or several words written as one.

    Deletion neighbourhoods (as SymSpell keeps them) make a look-up independent of the size of the vocabulary.
    `kept` are real words, never mended; so are words that begin with one of `beginnings`. `small`: words that may stand
    between others in a glued run ("dornopeito").
    """

    def __init__(
        self, vocabulary: Iterable[str], kept: Iterable[str], beginnings: Iterable[str] = (), small: Iterable[str] = ()
    ) -> None:
        self._known = frozenset(vocabulary)
        self._kept = frozenset(kept) | self._known
        self._beginnings = frozenset(beginnings)
        self._lengths = sorted({len(beginning) for beginning in self._beginnings})
        self._small = frozenset(small)
        self._by_ear: dict[str, str] = {}
        self._neighbours: dict[str, list[str]] = {}
        for word in sorted(self._known, key=lambda word: (len(word), word)):
            if len(word) >= _SHORTEST_BY_EAR and word.isalpha():
                self._by_ear.setdefault(sound(word), word)
            if len(word) >= _SHORTEST_MENDED:
                for short in {word, *_deletions(word)}:
                    self._neighbours.setdefault(short, []).append(word)
        self._ear_neighbours: dict[str, list[str]] = {}
        for heard in self._by_ear:
            if len(heard) > _SHORTEST_MENDED:
                for short in {heard, *_deletions(heard)}:
                    self._ear_neighbours.setdefault(short, []).append(heard)

    def mend(self, word: str) -> tuple[str, ...]:
        """The word or words that were meant, or the word itself."""
        if len(word) < _SHORTEST_BY_EAR or word in self._kept:
            return (word,)
        if any(word[:length] in self._beginnings for length in self._lengths):
            return (word,)
        if len(word) > _LONGEST * 2:
            return (word,)
        if len(word) <= _LONGEST and (meant := self._one_word(word)):
            return (meant,)
        return self._unglued(word) or (word,)

    def _one_word(self, word: str) -> str | None:
        heard = sound(word)
        if len(heard) >= _SHORTEST_BY_EAR and heard in self._by_ear:
            return self._by_ear[heard]
        if len(word) >= _SHORTEST_MENDED and (meant := _nearest(word, self._neighbours)):
            return meant
        if len(heard) > _SHORTEST_MENDED and (meant := _nearest(heard, self._ear_neighbours)):
            return self._by_ear[meant]
        return None

    def _unglued(self, word: str) -> tuple[str, ...]:
        """The known words that this run consists of, the fewest that do; at least two of them matter."""
        if len(word) < _SHORTEST_GLUED:
            return ()
        best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(end - _LONGEST, 0), end):
                before, piece = best[start], word[start:end]
                if before is None or len(before) == _MOST_GLUED:
                    continue
                if not (piece in self._small or (len(piece) > 2 and piece in self._known)):
                    continue
                found = best[end]
                if found is None or len(before) + 1 < len(found):
                    best[end] = (*before, piece)
        pieces = best[-1] or ()
        weighty = sum(piece in self._known and len(piece) > 2 for piece in pieces)
        return pieces if weighty > 1 and max(map(len, pieces)) > 3 else ()


def squeeze(word: str) -> str:
    """Repeated letters said once: "passou" -> "pasou". Digits stay."""
    return _REPEATED.sub(r"\1", word)


def sound(word: str) -> str:
    """How a word without accents is heard: words that sound alike give the same text."""
    for written, said in _SOUNDS:
        word = written.sub(said, word)
    return word


def _nearest(word: str, neighbours: dict[str, list[str]]) -> str | None:
    for short in (word, *_deletions(word)):
        for candidate in neighbours.get(short, ()):
            if OSA.distance(word, candidate, score_cutoff=1) <= 1:
                return candidate
    return None


def _deletions(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
