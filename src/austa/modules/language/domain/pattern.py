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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
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
class _Choice:
    """Stretches of which any will do, and the bits of their rarest slots: without one of those, none can match."""

    stretches: tuple[int, ...]
    rarest: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """What a word may stand for: slots, as a set and as bits, and the patterns to look for when it occurs."""

    slots: frozenset[int]
    bits: int
    patterns: tuple[int, ...]


class PatternSet:
    """Patterns compiled together. `classes` and `groups` are what `@` and `%` name."""

    def __init__(
        self, patterns: Sequence[str], classes: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]
    ) -> None:
        self._classes = classes
        self._groups = groups
        self._slot_ids: dict[_Slot, int] = {}
        self._stretch_ids: dict[_Stretch, int] = {}
        self._choice_ids: dict[tuple[int, ...], int] = {}
        # A pattern is a conjunction (&&) of neighbourhoods (&) of choices.
        self._patterns = [
            [[self._choice(text) for text in near.split(" & ")] for near in pattern.split(" && ")]
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
        fits = {word: fit for word in set(words) if (fit := self._fits[word])}
        candidates = sorted({number for fit in fits.values() for number in fit.patterns})
        if not candidates:
            return {}
        present = 0
        for fit in fits.values():
            present |= fit.bits
        search = _Search(words, fits, present, self._stretches, self._needed, self._choices)
        found: dict[int, list[list[Match]]] = {}
        for number in candidates:
            needed = self._needed_by_pattern[number]
            if needed & present == needed and (conjuncts := search.conjuncts(self._patterns[number])):
                found[number] = conjuncts
        return found

    def _fit(self, word: str) -> _Fit | None:
        """What a word may stand for, None for nothing."""
        slots = set(self._slots_of_word.get(word, ()))
        for length in range(2, min(len(word), self._longest_beginning) + 1):
            slots.update(self._slots_of_beginning.get(word[:length], ()))
        if (value := number_value(word)) is not None:
            slots.update(slot for slot, low, high in self._slots_of_numbers if low <= value <= high)
        patterns = {number for slot in slots for number in self._patterns_of.get(slot, ())}
        return _Fit(frozenset(slots), _bits(slots), tuple(patterns)) if slots else None

    def _choice(self, text: str) -> int:
        stretches = tuple(self._alternatives(text))
        return self._choice_ids.setdefault(stretches, len(self._choice_ids))

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
        for slot, fitting in enumerate(self._slots):
            for word in fitting.words:
                self._slots_of_word.setdefault(word, []).append(slot)
            for beginning in fitting.beginnings:
                self._slots_of_beginning.setdefault(beginning, []).append(slot)
            self._slots_of_numbers += [(slot, low, high) for low, high in fitting.ranges]
        self._longest_beginning = max(map(len, self._slots_of_beginning), default=0)
        commonness = [_commonness(slot) for slot in self._slots]
        rarest = [min(stretch.slots, key=commonness.__getitem__) for stretch in self._stretches]
        self._needed = [_bits(stretch.slots) for stretch in self._stretches]
        self._choices = [_Choice(choice, _bits(rarest[one] for one in choice)) for choice in self._choice_ids]
        self._needed_by_pattern: list[int] = []
        self._patterns_of: dict[int, list[int]] = {}
        for number, pattern in enumerate(self._patterns):
            choices = [self._choices[choice] for near in pattern for choice in near]
            single = [choice.stretches[0] for choice in choices if len(choice.stretches) == 1]
            self._needed_by_pattern.append(_bits(slot for one in single for slot in self._stretches[one].slots))
            slots = min(
                ({rarest[one] for one in choice.stretches} for choice in choices),
                key=lambda slots: sum(commonness[slot] for slot in slots),
            )
            for slot in slots:
                self._patterns_of.setdefault(slot, []).append(number)
        self._fits = _Fits(self._fit)


class _Fits(dict[str, _Fit | None]):
    """What words may stand for; learns each word once, because people use the same ones."""

    def __init__(self, fit: Callable[[str], _Fit | None]) -> None:
        super().__init__()
        self._fit = fit

    def __missing__(self, word: str) -> _Fit | None:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        fit = self[word] = self._fit(word)
        return fit


class _Search:
    """One message: places of slots and matches of choices, worked out when a pattern asks for them, and once."""

    def __init__(
        self,
        words: Sequence[str],
        fits: Mapping[str, _Fit],
        present: int,
        stretches: Sequence[_Stretch],
        needed: Sequence[int],
        choices: Sequence[_Choice],
    ) -> None:
        self._fits = fits
        self._present = present
        self._stretches = stretches
        self._needed = needed
        self._choices = choices
        self._places_of_word: dict[str, list[int]] = {word: [] for word in fits}
        for at, word in enumerate(words):
            if word in fits:
                self._places_of_word[word].append(at)
        self._places: dict[int, list[int]] = {}
        self._found: dict[int, list[tuple[int, ...]]] = {}

    def conjuncts(self, pattern: list[list[int]]) -> list[list[Match]]:
        """For each conjunct of the pattern its matches; nothing when one has none."""
        if not all(self._choices[choice].rarest & self._present for near in pattern for choice in near):
            return []
        if not all(self._matches(choice) for near in pattern for choice in near):
            return []
        conjuncts = [self._near(near) for near in pattern]
        return conjuncts if all(conjuncts) else []

    def _near(self, near: list[int]) -> list[Match]:
        combined: list[tuple[tuple[int, ...], ...]] = [()]
        for choice in near:
            combined = _first_and_last(
                [
                    (*parts, places)
                    for parts in combined
                    for places in self._matches(choice)
                    if all(_close(part, places) for part in parts)
                ]
            )
        return [Match(places=tuple(sorted({p for part in parts for p in part})), parts=parts) for parts in combined]

    def _matches(self, choice: int) -> list[tuple[int, ...]]:
        found = self._found.get(choice)
        if found is None:
            found = self._found[choice] = [
                places
                for stretch in self._choices[choice].stretches
                if self._needed[stretch] & self._present == self._needed[stretch]
                for places in self._sequences(self._stretches[stretch])
            ]
        return found

    def _sequences(self, stretch: _Stretch) -> list[tuple[int, ...]]:
        places = [self._places_of(slot) for slot in stretch.slots]
        found: list[tuple[int, ...]] = []
        for begin in _first_and_last(places[0], _MOST_BEGINNINGS):
            chosen = [begin]
            for options, gap in zip(places[1:], stretch.gaps, strict=True):
                at = bisect_right(options, chosen[-1])
                if at == len(options) or options[at] > chosen[-1] + 1 + gap:
                    break
                chosen.append(options[at])
            else:
                found.append(tuple(chosen))
        return _first_and_last(found)

    def _places_of(self, slot: int) -> list[int]:
        places = self._places.get(slot)
        if places is None:
            words = [self._places_of_word[word] for word, fit in self._fits.items() if slot in fit.slots]
            places = self._places[slot] = words[0] if len(words) == 1 else sorted(chain.from_iterable(words))
        return places


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in set(numbers))


def _commonness(slot: _Slot) -> float:
    """How likely any word fits: short words are common, and so are beginnings and numbers."""
    words = sum(3.0 ** -len(word) for word in slot.words)
    return words + sum(3.0 ** (1 - len(beginning)) for beginning in slot.beginnings) + 0.1 * len(slot.ranges)


def _first_and_last(found: list[_T], most: int = _MOST_MATCHES) -> list[_T]:
    """Bounds the work for a text made to be slow, without losing what is said at its end."""
    return found if len(found) <= most else found[: most // 2] + found[-most // 2 :]


def _close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(one[-1], other[-1]) - min(one[0], other[0]) <= _NEAR and not set(one) & set(other)
