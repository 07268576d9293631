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

Matching is linear in the message: an index from words to places, and from places to the patterns they could begin. Of
what matches more than 32 times, which no person's message does, the first 16 and the last 16 are kept; so a text made
to be slow (100 kB of the lexicon's own words) takes as long as its words need to be read, about ten microseconds each.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import NamedTuple, TypeVar

from austa.modules.language.domain.normalise import fold_word, number_value

_PHRASE_OPTION = re.compile(r"\|(?=[=%])")
_GAP = 2
_WIDE_GAP = 6
_NEAR = 9
_MOST_MATCHES = 32
_MOST_BEGINNINGS = 1024
_MOST_REMEMBERED = 20_000
_LONG = 200
_T = TypeVar("_T", int, tuple[int, ...], tuple[tuple[int, ...], ...])


class Match(NamedTuple):
    """Places of the words that a pattern used, ascending. `parts`: the places of each stretch of it."""

    places: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


Found = dict[int, list[list[Match]]]
"""For each pattern that matches, by its number: for each of its conjuncts, the matches."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One word of a pattern: what may stand there."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The numbers of slots in order, and how many words may stand before each but the first. `needed`: their bits."""

    slots: tuple[int, ...]
    gaps: tuple[int, ...]
    needed: int


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """Stretches of which any will do. `rarest`: the rarest slot of each; without one of those, none can match."""

    stretches: tuple[_Stretch, ...]
    rarest: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    """A conjunction (&&) of neighbourhoods (&) of choices.

    `needed`: bits of slots that must all occur; `any_of`: of each of these bits, one must. Told apart so, hardly any
    message has to be searched.
    """

    conjuncts: tuple[tuple[_Choice, ...], ...]
    choices: tuple[_Choice, ...]
    needed: int
    any_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """What a word may stand for: slots, as a set and as bits, and those of them that begin a stretch. `patterns`: those
    to look for when it occurs."""

    slots: frozenset[int]
    bits: int
    begins: tuple[int, ...]
    patterns: frozenset[int]


_NOTHING = _Fit(frozenset(), 0, (), frozenset())


class PatternSet:
    """Patterns compiled together. `classes` and `groups` are what `@` and `%` name."""

    def __init__(
        self, patterns: Sequence[str], classes: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]
    ) -> None:
        self._classes = classes
        self._groups = groups
        self._slots: dict[_Slot, int] = {}
        self._commonness: list[float] = []
        self._choices: dict[str, _Choice] = {}
        self._patterns = [self._pattern(text) for text in patterns]
        self._index()

    def vocabulary(self, numbers: range | None = None) -> set[str]:
        """Whole words the patterns look for, all or those of these numbers."""
        return {word for slot in self._slots_of(numbers) for word in slot.words}

    def beginnings(self, numbers: range | None = None) -> set[str]:
        """Beginnings of words the patterns look for, all or those of these numbers."""
        return {beginning for slot in self._slots_of(numbers) for beginning in slot.beginnings}

    def find(self, words: Sequence[str]) -> Found:
        """For each pattern (by its place in the list) that matches: for each of its conjuncts, the matches."""
        return self.search(words).find(range(len(self._patterns)))

    def search(self, words: Sequence[str]) -> "Search":
        """The words indexed once, to be asked for several ranges of the patterns."""
        return Search(self._patterns, [self._fits[word] for word in words])

    def _slots_of(self, numbers: range | None) -> list[_Slot]:
        patterns = [self._patterns[number] for number in numbers] if numbers else self._patterns
        choices = {choice for pattern in patterns for choice in pattern.choices}
        used = {slot for choice in choices for stretch in choice.stretches for slot in stretch.slots}
        return [slot for slot, number in self._slots.items() if number in used]

    def _fit(self, word: str) -> _Fit:
        """What a word may stand for."""
        slots = set(self._slots_of_word.get(word, ()))
        for length in range(2, min(len(word), self._longest_beginning) + 1):
            slots.update(self._slots_of_beginning.get(word[:length], ()))
        if (value := number_value(word)) is not None:
            slots.update(slot for slot, low, high in self._slots_of_numbers if low <= value <= high)
        patterns = {number for slot in slots for number in self._patterns_of.get(slot, ())}
        begins = tuple(slots & self._begins)
        return _Fit(frozenset(slots), _bits(slots), begins, frozenset(patterns)) if slots else _NOTHING

    def _pattern(self, text: str) -> _Pattern:
        conjuncts = tuple(tuple(self._choice(part) for part in near.split(" & ")) for near in text.split(" && "))
        choices = tuple(chain.from_iterable(conjuncts))
        return _Pattern(
            conjuncts=conjuncts,
            choices=choices,
            needed=_either(choice.stretches[0].needed for choice in choices if len(choice.stretches) == 1),
            any_of=tuple(_bits(choice.rarest) for choice in choices if len(choice.stretches) > 1),
        )

    def _choice(self, text: str) -> _Choice:
        if text not in self._choices:
            stretches = tuple(self._alternatives(text))
            rarest = frozenset(min(stretch.slots, key=self._commonness.__getitem__) for stretch in stretches)
            self._choices[text] = _Choice(stretches, rarest)
        return self._choices[text]

    def _alternatives(self, text: str) -> list[_Stretch]:
        options = _PHRASE_OPTION.split(text.strip())
        if len(options) > 1 and not options[0].startswith(("=", "%")) and " " in options[0]:
            raise ValueError(f"phrases are alternatives of single words only: {text}")
        return [stretch for option in options for stretch in self._option(option)]

    def _option(self, text: str) -> list[_Stretch]:
        if not text.startswith("%"):
            return [self._stretch(text)]
        return [stretch for phrase in self._groups[text[1:]] for stretch in self._alternatives(phrase)]

    def _stretch(self, text: str) -> _Stretch:
        gap = 0 if text.startswith("=") else _GAP
        slots: list[int] = []
        gaps: list[int] = []
        wide = False
        for item in text.lstrip("=").split():
            if item == "...":
                wide = True
                continue
            slots.append(self._number(self._slot(item)))
            if len(slots) > 1:
                gaps.append(_WIDE_GAP if wide else gap)
            wide = False
        return _Stretch(slots=tuple(slots), gaps=tuple(gaps), needed=_bits(slots))

    def _number(self, slot: _Slot) -> int:
        if slot not in self._slots:
            self._slots[slot] = len(self._slots)
            self._commonness.append(_commonness(slot))
        return self._slots[slot]

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
        for slot, number in self._slots.items():
            for word in slot.words:
                self._slots_of_word.setdefault(word, []).append(number)
            for beginning in slot.beginnings:
                self._slots_of_beginning.setdefault(beginning, []).append(number)
            self._slots_of_numbers += [(number, low, high) for low, high in slot.ranges]
        self._longest_beginning = max(map(len, self._slots_of_beginning), default=0)
        self._patterns_of: dict[int, list[int]] = {}
        for number, pattern in enumerate(self._patterns):
            for rarest in min((choice.rarest for choice in pattern.choices), key=self._commonness_of):
                self._patterns_of.setdefault(rarest, []).append(number)
        self._begins = {stretch.slots[0] for choice in self._choices.values() for stretch in choice.stretches}
        self._fits = _Fits(self._fit)

    def _commonness_of(self, slots: Iterable[int]) -> float:
        return sum(self._commonness[slot] for slot in slots)


class _Fits(dict[str, _Fit]):
    """What words may stand for; learns each word once, because people use the same ones."""

    def __init__(self, fit: Callable[[str], _Fit]) -> None:
        super().__init__()
        self._fit = fit

    def __missing__(self, word: str) -> _Fit:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        fit = self[word] = self._fit(word)
        return fit


class Search:
    """One text: the matches of a choice are worked out when a pattern asks for them, and once."""

    def __init__(self, patterns: Sequence[_Pattern], fits: list[_Fit]) -> None:
        self._patterns = patterns
        self._fits = fits
        present = 0
        candidates: set[int] = set()
        for fit in fits:
            if fit is not _NOTHING:
                present |= fit.bits
                candidates |= fit.patterns
        self._present = present
        self._candidates = sorted(candidates)
        self._places: dict[int, list[int]] = {}
        if len(fits) > _LONG:
            # Looking through a long text for every slot that it is asked for would cost its length squared.
            for at, fit in enumerate(fits):
                for slot in fit.begins:
                    self._places.setdefault(slot, []).append(at)
        self._matches: dict[_Choice, list[tuple[int, ...]]] = {}

    def without(self, places: Iterable[int]) -> "Search":
        """The same text, its words at these places taken for nothing."""
        fits = list(self._fits)
        for place in places:
            fits[place] = _NOTHING
        return Search(self._patterns, fits)

    def find(self, numbers: range) -> Found:
        """As `PatternSet.find`, for the patterns of these numbers, which count from the first of them."""
        found: Found = {}
        present, candidates = self._present, self._candidates
        for number in candidates[bisect_left(candidates, numbers.start) : bisect_left(candidates, numbers.stop)]:
            pattern = self._patterns[number]
            needed = pattern.needed
            if needed & present == needed and (conjuncts := self._conjuncts(pattern)):
                found[number - numbers.start] = conjuncts
        return found

    def _conjuncts(self, pattern: _Pattern) -> list[list[Match]]:
        """For each conjunct of the pattern its matches; nothing when one has none."""
        for bits in pattern.any_of:
            if not bits & self._present:
                return []
        for choice in pattern.choices:
            if not self._matches_of(choice):
                return []
        conjuncts = [self._near(near) for near in pattern.conjuncts]
        return conjuncts if all(conjuncts) else []

    def _near(self, near: tuple[_Choice, ...]) -> list[Match]:
        combined: list[tuple[tuple[int, ...], ...]]
        combined = [(places,) for places in self._matches_of(near[0])]
        if len(near) == 1:
            return [Match(parts[0], parts) for parts in combined]
        for choice in near[1:]:
            combined = _first_and_last(
                [
                    (*parts, places)
                    for parts in combined
                    for places in self._matches_of(choice)
                    if abs(places[0] - parts[0][0]) <= _NEAR and all(_close(part, places) for part in parts)
                ]
            )
        return [Match(places=tuple(sorted({p for part in parts for p in part})), parts=parts) for parts in combined]

    def _matches_of(self, choice: _Choice) -> list[tuple[int, ...]]:
        found = self._matches.get(choice)
        if found is None:
            present = self._present
            found = []
            for stretch in choice.stretches:
                if stretch.needed & present == stretch.needed:
                    found += self._sequences(stretch)
            found = self._matches[choice] = _first_and_last(found)
        return found

    def _sequences(self, stretch: _Stretch) -> list[tuple[int, ...]]:
        fits = self._fits
        begins = _first_and_last(self._places_of(stretch.slots[0]), _MOST_BEGINNINGS)
        found: list[tuple[int, ...]] = [(begin,) for begin in begins]
        for slot, gap in zip(stretch.slots[1:], stretch.gaps, strict=True):
            longer = []
            for places in found:
                # The nearest word that fits follows.
                after = places[-1] + 1
                for at, fit in enumerate(fits[after : after + gap + 1], after):
                    if slot in fit.slots:
                        longer.append((*places, at))
                        break
            found = longer
        return found

    def _places_of(self, slot: int) -> list[int]:
        places = self._places.get(slot)
        if places is None:
            places = self._places[slot] = [at for at, fit in enumerate(self._fits) if slot in fit.slots]
        return places


def _bits(numbers: Iterable[int]) -> int:
    return _either(1 << number for number in numbers)


def _either(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def _commonness(slot: _Slot) -> float:
    """How likely any word fits: short words are common, and so are beginnings and numbers."""
    words = sum(3.0 ** -len(word) for word in slot.words)
    return words + sum(3.0 ** (1 - len(beginning)) for beginning in slot.beginnings) + 0.1 * len(slot.ranges)


def _first_and_last(found: list[_T], most: int = _MOST_MATCHES) -> list[_T]:
    """Bounds the work for a text made to be slow, without losing what is said at its beginning and its end."""
    if len(found) <= most:
        return found
    found.sort()
    return found[: most // 2] + found[-most // 2 :]


def _close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(one[-1], other[-1]) - min(one[0], other[0]) <= _NEAR and not set(one) & set(other)
