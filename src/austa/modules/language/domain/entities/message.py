"""A message prepared for the finders: its words as meant, its sentences, and the way back to what was written."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Words
from austa.modules.language.domain.entities.plain import Plain
from austa.modules.language.domain.normalise import Reading


@dataclass(slots=True)
class Message:
    """`words[i]` is what the word `reading.words[i]` was meant to be; `sentences[i]` is the number of its sentence."""

    plain: Plain
    reading: Reading
    words: Sequence[str]
    sentences: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.sentences = []
        number = 0
        for starts in self.reading.breaks:
            number += starts
            self.sentences.append(number)

    def span(self, first: int, last: int) -> Words:
        """The original text from the word `first` to the word `last`."""
        start, end = self.reading.starts[first], self.reading.ends[last]
        return Words(text=Personal(self.plain.original[start:end]), start=start, end=end)

    def chars(self, first: int, last: int) -> tuple[int, int]:
        """The same stretch in the folded text."""
        return self.plain.at(self.reading.starts[first]), self.plain.at(self.reading.ends[last] - 1) + 1

    def words_within(self, start: int, end: int) -> tuple[int, int]:
        """The first word of a stretch of the folded text and the first after it."""
        first, last = self.plain.place(start), self.plain.place(end - 1) if end > start else self.plain.place(start)
        return bisect_left(self.reading.starts, first), bisect_right(self.reading.starts, last)

    def is_mended(self, first: int, last: int) -> bool:
        return any(self.words[at] != self.reading.words[at] for at in range(first, last + 1))

    def sentence_range(self, place: int) -> tuple[int, int]:
        """The first word of the sentence of a word, and the first after it."""
        number = self.sentences[place]
        return bisect_left(self.sentences, number), bisect_right(self.sentences, number)


def first_words(reading: Reading, characters: int) -> Reading:
    """The words that end within the first `characters`."""
    count = bisect_right(reading.ends, characters)
    return Reading(
        words=reading.words[:count],
        starts=reading.starts[:count],
        ends=reading.ends[:count],
        messages=reading.messages[:count],
        breaks=reading.breaks[:count],
        commas=reading.commas[:count],
    )
