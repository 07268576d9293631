"""Phrases of a list, found in the words of a message in one pass.

tosse seca        words in order; up to two small words may stand between ("tosse muito seca")
tosse|tossindo    either word
vomit*            any word that begins so
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from austa.modules.language.domain.normalise import fold_text, fold_word

Meaning = TypeVar("Meaning")

_MOST_SKIPPED = 2
_MOST_REMEMBERED = 20_000
SMALL_WORDS = frozenset(
    fold_text(
        "o a os as um uma uns umas de do da dos das no na nos nas em ao e com por para que meu minha meus minhas"
        " seu sua nosso nossa dele dela esse essa este esta muito muita bem mais tão está estou estava ficou ficando"
        " fica super meio toda todo todos todas só aqui ali lado assim demais tá tô agora hoje já ainda me te lhe se"
        " eu ele ela ainda sempre também tipo"
    ).split()
)


class Found(NamedTuple, Generic[Meaning]):
    """A phrase at the words `first` to `last`."""

    first: int
    last: int
    meaning: Meaning


class _Node(Generic[Meaning]):
    __slots__ = ("following", "meaning")

    def __init__(self) -> None:
        self.following: dict[str, _Node[Meaning]] = {}
        self.meaning: Meaning | None = None


class PhraseBook(Generic[Meaning]):
    """Phrases with what they mean. Of two at one place the longer is found; of equal ones, the first listed."""

    def __init__(self, phrases: Iterable[tuple[str, Meaning]]) -> None:
        self._root: _Node[Meaning] = _Node()
        self._vocabulary: set[str] = set()
        self._beginnings: set[str] = set()
        for phrase, meaning in phrases:
            self._add(phrase, meaning)
        self._options: dict[str, tuple[str, ...]] = {}
        self._starts: dict[str, tuple[_Node[Meaning], ...]] = {}

    def vocabulary(self) -> set[str]:
        """Whole words the phrases are made of."""
        return set(self._vocabulary)

    def beginnings(self) -> set[str]:
        """Beginnings of words the phrases are made of."""
        return set(self._beginnings)

    def find(self, words: Sequence[str], breaks: Sequence[bool]) -> list[Found[Meaning]]:
        """Left to right, none inside another. A phrase does not run over the end of a sentence."""
        if len(self._options) > _MOST_REMEMBERED:
            self._options.clear()
            self._starts.clear()
        starts = self._starts
        found = []
        following = 0
        for place, word in enumerate(words):
            if place < following:
                continue
            nodes = starts.get(word)
            if nodes is None:
                options = self._read(word)
                nodes = starts[word] = tuple(
                    self._root.following[option] for option in options if option in self._root.following
                )
            if nodes and (best := self._longest(words, breaks, place, nodes)):
                found.append(best)
                following = best.last + 1
        return found

    def _longest(
        self, words: Sequence[str], breaks: Sequence[bool], first: int, nodes: Sequence[_Node[Meaning]]
    ) -> Found[Meaning] | None:
        best: Found[Meaning] | None = None
        # Each state: what was read, the next word, how many small words were passed over, the last of these.
        states = [(node, first + 1, 0, -1) for node in reversed(nodes)]
        while states:
            node, place, skipped, skipped_at = states.pop()
            if node.meaning is not None and skipped_at != place - 1 and (best is None or place - 1 > best.last):
                best = Found(first, place - 1, node.meaning)
            if not node.following or place == len(words) or breaks[place]:
                continue
            for option in self._read(words[place]):
                if (follower := node.following.get(option)) is not None:
                    states.append((follower, place + 1, skipped, skipped_at))
            if skipped < _MOST_SKIPPED and words[place] in SMALL_WORDS:
                states.append((node, place + 1, skipped + 1, place))
        return best

    def _read(self, word: str) -> tuple[str, ...]:
        options = self._options.get(word)
        if options is None:
            begun = (f"{word[:n]}*" for n in range(2, len(word) + 1) if word[:n] in self._beginnings)
            options = self._options[word] = (*((word,) if word in self._vocabulary else ()), *begun)
        return options

    def _add(self, phrase: str, meaning: Meaning) -> None:
        for path in product(*(slot.split("|") for slot in phrase.split())):
            node = self._root
            for item in path:
                if item.endswith("*"):
                    beginning = fold_word(item[:-1])
                    self._beginnings.add(beginning)
                    node = node.following.setdefault(f"{beginning}*", _Node())
                    continue
                for word in fold_text(item).split():
                    self._vocabulary.add(word)
                    node = node.following.setdefault(word, _Node())
            if node.meaning is None:
                node.meaning = meaning
