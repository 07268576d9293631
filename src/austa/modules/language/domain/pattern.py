"""A small pattern language over words, with gaps, for lexicons that a physician can read and sign.

    dor no peito            words in order; up to two other words may stand between neighbours
    =sem ar                 the same, nothing between
    para ... braço          up to six words between these two
    desmaiou|apagou         either word
    convuls*                any word that begins so
    @dor                    a class of words, named in the lexicon
    #39-42                  a number in that range, in digits or letters
    %gestante               any phrase of a group, named in the lexicon
    febre|=pele quente|%x   a word, or a phrase, or a group: phrases and groups come last
    A & B                   both, in any order, within nine words
    A && B                  both, anywhere in the message and in the last five minutes

Matching is linear in the message: an index from words to places, and from places to the patterns they could begin.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from austa.modules.language.domain.normalise import fold_word, number_value

_PHRASE_OPTION = re.compile(r"\|(?=[=%])")
_GAP = 2
_WIDE_GAP = 6
_NEAR = 9
_MOST_MATCHES = 64
_MOST_BEGINNINGS = 1024
_MOST_REMEMBERED = 20_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Match:
    """Places of the words that a pattern used, ascending. `parts`: the places of each stretch of it."""

    places: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


@dataclass(frozen=True, slots=True)
class _Slot:
    """One word of a pattern: what may stand there."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Slots in order, with the number of words that may stand before each but the first."""

    slots: tuple[int, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """The slots a word fits, as a set and as bits, and the stretches that are looked for when it occurs."""

    slots: frozenset[int]
    mask: int
    anchored: tuple[int, ...]


class PatternSet:
    """Patterns compiled together. `classes` and `groups` are what `@` and `%` name."""

    def __init__(
        self, patterns: Sequence[str], classes: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]
    ) -> None:
        self._classes = classes
        self._groups = groups
        self._slot_ids: dict[_Slot, int] = {}
        self._stretch_ids: dict[_Stretch, int] = {}
        # A pattern is a conjunction (&&) of neighbourhoods (&) of alternatives, each a stretch.
        self._patterns = [
            [[self._alternatives(text) for text in near.split(" & ")] for near in pattern.split(" && ")]
            for pattern in patterns
        ]
        self._slots = list(self._slot_ids)
        self._stretches = list(self._stretch_ids)
        self._index()

    def vocabulary(self) -> set[str]:
        """Whole words the patterns look for."""
        return {word for slot in self._slots for word in slot.words}

    def beginnings(self) -> set[str]:
        """Beginnings of words the patterns look for."""
        return {beginning for slot in self._slots for beginning in slot.beginnings}

    def find(self, words: Sequence[str]) -> dict[int, list[list[Match]]]:
        """For each pattern (by its place in the list) that matches: for each of its conjuncts, the matches."""
        stretches = self._find_stretches(words)
        touched = sorted({number for stretch in stretches for number in self._patterns_of[stretch]})
        found: dict[int, list[list[Match]]] = {}
        for number in touched:
            pattern = self._patterns[number]
            if not any(stretches.keys().isdisjoint(alternatives) for near in pattern for alternatives in near):
                conjuncts = [self._near(near, stretches) for near in pattern]
                if all(conjuncts):
                    found[number] = conjuncts
        return found

    def _near(self, near: list[list[int]], stretches: Mapping[int, list[tuple[int, ...]]]) -> list[Match]:
        combined: list[tuple[tuple[int, ...], ...]] = [()]
        for alternatives in near:
            options = [places for stretch in alternatives for places in stretches.get(stretch, ())]
            combined = _first_and_last(
                [
                    (*parts, places)
                    for parts in combined
                    for places in options
                    if all(_close(part, places) for part in parts)
                ]
            )
        return [Match(places=tuple(sorted({p for part in parts for p in part})), parts=parts) for parts in combined]

    def _find_stretches(self, words: Sequence[str]) -> dict[int, list[tuple[int, ...]]]:
        known = {word: used for word in set(words) if (used := self._slots_named(word)).slots}
        present = 0
        for used in known.values():
            present |= used.mask
        wanted = {
            number
            for used in known.values()
            for number in used.anchored
            if self._needed[number] & present == self._needed[number]
        }
        if not wanted:
            return {}
        places: dict[int, list[int]] = {slot: [] for number in wanted for slot in self._stretches[number].slots}
        for at, word in enumerate(words):
            if word in known:
                for slot in known[word].slots & places.keys():
                    places[slot].append(at)
        found = {number: _sequences(self._stretches[number], places) for number in sorted(wanted)}
        return {number: matches for number, matches in found.items() if matches}

    def _slots_named(self, word: str) -> "_Named":
        """What a word may stand for; remembered, because people use the same words."""
        named = self._named.get(word)
        if named is None:
            slots = set(self._slots_of_word.get(word, ()))
            for length in range(2, min(len(word), self._longest_beginning) + 1):
                slots.update(self._slots_of_beginning.get(word[:length], ()))
            if (value := number_value(word)) is not None:
                slots.update(slot for slot, low, high in self._slots_of_numbers if low <= value <= high)
            named = _Named(
                slots=frozenset(slots),
                mask=sum(1 << slot for slot in slots),
                anchored=tuple(number for slot in sorted(slots) for number in self._anchored.get(slot, ())),
            )
            if len(self._named) >= _MOST_REMEMBERED:
                self._named.clear()
            self._named[word] = named
        return named

    def _alternatives(self, text: str) -> list[int]:
        options = _PHRASE_OPTION.split(text.strip())
        if len(options) > 1 and not options[0].startswith(("=", "%")) and " " in options[0]:
            raise ValueError(f"phrases are alternatives of single words only: {text}")
        return [number for option in options for number in self._option(option)]

    def _option(self, text: str) -> list[int]:
        if not text.startswith("%"):
            return [self._stretch(text)]
        return [number for phrase in self._groups[text[1:]] for number in self._alternatives(phrase)]

    def _stretch(self, text: str) -> int:
        gap = 0 if text.startswith("=") else _GAP
        slots: list[int] = []
        gaps: list[int] = []
        wide = False
        for item in text.lstrip("=").split():
            if item == "...":
                wide = True
                continue
            slot = self._slot(item)
            slots.append(self._slot_ids.setdefault(slot, len(self._slot_ids)))
            if len(slots) > 1:
                gaps.append(_WIDE_GAP if wide else gap)
            wide = False
        stretch = _Stretch(slots=tuple(slots), gaps=tuple(gaps))
        return self._stretch_ids.setdefault(stretch, len(self._stretch_ids))

    def _slot(self, item: str) -> _Slot:
        words: set[str] = set()
        beginnings: set[str] = set()
        ranges: set[tuple[int, int]] = set()
        for option in item.split("|"):
            if option.startswith("@"):
                inner = self._slot("|".join(self._classes[option[1:]]))
                words |= inner.words
                beginnings |= set(inner.beginnings)
                ranges |= set(inner.ranges)
            elif option.startswith("#"):
                low, _, high = option[1:].partition("-")
                ranges.add((int(low), int(high or low)))
            elif option.endswith("*"):
                beginnings.add(fold_word(option[:-1]))
            else:
                words.add(fold_word(option))
        return _Slot(words=frozenset(words), beginnings=tuple(sorted(beginnings)), ranges=tuple(sorted(ranges)))

    def _index(self) -> None:
        self._slots_of_word: dict[str, list[int]] = {}
        self._slots_of_beginning: dict[str, list[int]] = {}
        self._slots_of_numbers: list[tuple[int, int, int]] = []
        for number, slot in enumerate(self._slots):
            for word in slot.words:
                self._slots_of_word.setdefault(word, []).append(number)
            for beginning in slot.beginnings:
                self._slots_of_beginning.setdefault(beginning, []).append(number)
            self._slots_of_numbers += [(number, low, high) for low, high in slot.ranges]
        self._longest_beginning = max(map(len, self._slots_of_beginning), default=0)
        self._patterns_of: list[set[int]] = [set() for _ in self._stretches]
        for number, pattern in enumerate(self._patterns):
            for used in (one for near in pattern for alternatives in near for one in alternatives):
                self._patterns_of[used].add(number)
        self._anchored: dict[int, list[int]] = {}
        for number, stretch in enumerate(self._stretches):
            rarest = min(stretch.slots, key=lambda slot: _commonness(self._slots[slot]))
            self._anchored.setdefault(rarest, []).append(number)
        self._needed = [sum(1 << slot for slot in set(stretch.slots)) for stretch in self._stretches]
        self._named: dict[str, _Named] = {}


def _commonness(slot: _Slot) -> float:
    """How likely any word fits: short words are common, and so are beginnings and numbers."""
    words = sum(3.0 ** -len(word) for word in slot.words)
    return words + sum(3.0 ** (1 - len(beginning)) for beginning in slot.beginnings) + 0.1 * len(slot.ranges)


def _sequences(stretch: _Stretch, places: Mapping[int, list[int]]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for begin in _first_and_last(places[stretch.slots[0]], _MOST_BEGINNINGS):
        chain = [begin]
        for slot, gap in zip(stretch.slots[1:], stretch.gaps, strict=True):
            options = places[slot]
            at = bisect_right(options, chain[-1])
            if at == len(options) or options[at] > chain[-1] + 1 + gap:
                break
            chain.append(options[at])
        else:
            found.append(tuple(chain))
    return _first_and_last(found)


def _first_and_last(found: list[_T], most: int = _MOST_MATCHES) -> list[_T]:
    """Bounds the work for a text made to be slow, without losing what is said at its end."""
    return found if len(found) <= most else found[: most // 2] + found[-most // 2 :]


def _close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(one[-1], other[-1]) - min(one[0], other[0]) <= _NEAR and not set(one) & set(other)
