"""Parts of the body and the side that was said with them."""

from collections.abc import Sequence
from typing import NamedTuple

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import BodyPartMention, Side
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.phrases import PhraseBook
from austa.modules.language.domain.normalise import fold_text, fold_word

_SIDE_REACH = 3
_SPLITTERS = frozenset({"e", "ou", "mas"})


class Part(Contract):
    """A part of the body: its name and article in Portuguese, its name in English."""

    name: str
    article: str
    label: str


class FoundPart(NamedTuple):
    first: int
    last: int
    part: Part
    side: Side | None


class _Data(Contract):
    version: str
    parts: tuple[tuple[str, str, str, str], ...]
    not_parts: tuple[str, ...]
    right: tuple[str, ...]
    left: tuple[str, ...]
    both: tuple[str, ...]


class BodyParts:
    """The parts, compiled."""

    def __init__(self, json: bytes) -> None:
        data = _Data.model_validate_json(json)
        parts = {name: Part(name=name, article=article, label=label) for name, article, label, _ in data.parts}
        named: list[tuple[str, Part | None]] = [(words, None) for words in data.not_parts]
        named += [(word, parts[name]) for name, _, _, words in data.parts for word in words.split("|")]
        self._book = PhraseBook(named_parts(named))
        self._sides: dict[str, Side] = {}
        for side, words in (("right", data.right), ("left", data.left), ("both", data.both)):
            self._sides.update((fold_word(word), _SIDES[side]) for word in words if " " not in word)
        self.by_name = parts

    def vocabulary(self) -> set[str]:
        return self._book.vocabulary() | set(self._sides)

    @property
    def side_words(self) -> frozenset[str]:
        return frozenset(self._sides)

    def find(self, message: Message) -> list[FoundPart]:
        """Parts in order, each with the side said within three words after it or right before."""
        return [
            FoundPart(first, last, named[0], self.side_near(message, first, last))
            for first, last, named in self._book.find(message.words, message.reading.breaks)
            if named
        ]

    def side_near(self, message: Message, first: int, last: int) -> Side | None:
        """The side said with the words `first` to `last`: "joelho direito", "joelho E", "os dois joelhos"."""
        words, breaks = message.words, message.reading.breaks
        for place in range(last + 1, min(last + 1 + _SIDE_REACH, len(words))):
            if breaks[place]:
                break
            if (letter := _letter(message, place)) and place == last + 1:
                return letter
            if words[place] in _SPLITTERS:
                break
            if (side := self._sides.get(words[place])) and (side != "both" or words[place] not in {"dois", "duas"}):
                return side
        for place in (first - 1, first - 2):
            if place < 0 or breaks[place + 1]:
                break
            if (side := self._sides.get(words[place])) and (
                side != "both" or place == first - 1 or words[place] == "ambos"
            ):
                return side
        return None


def named_parts(named: Sequence[tuple[str, Part | None]]) -> list[tuple[str, tuple[Part, ...]]]:
    """A phrase that is no part ("em pé") means an empty tuple: it hides the part inside it."""
    return [(fold_text(phrase), (part,) if part else ()) for phrase, part in named]


def mention_parts(message: Message, parts: Sequence[FoundPart]) -> tuple[BodyPartMention, ...]:
    return tuple(
        BodyPartMention(words=message.span(found.first, found.last), part=found.part.name, side=found.side)
        for found in parts
    )


def _letter(message: Message, place: int) -> Side | None:
    """ "joelho E", "olho (D)": a capital by itself, in a text that is not all capitals."""
    start = message.reading.starts[place]
    if message.reading.ends[place] != start + 1:
        return None
    letter = message.plain.original[start]
    around = message.plain.original[max(0, start - 24) : start]
    return _LETTERS.get(letter) if any(character.islower() for character in around) else None


_SIDES: dict[str, Side] = {"right": "right", "left": "left", "both": "both"}
_LETTERS: dict[str, Side] = {"D": "right", "E": "left"}
