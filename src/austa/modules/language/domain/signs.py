"""Warning signs that weigh together: a score as nurses keep, for emergencies that nobody wrote a rule for.

Each sign counts once. How mild or old the complaint is counts for the whole message. Everyday matters (papers,
laughter) count against the sentence they stand in, never against another one: a sentence that does not add is left
out, so chatter takes nothing away. Time and vulnerability make danger graver; without any danger they count for
nothing. What a rule found stands apart from the score.
"""

from collections.abc import Mapping, Sequence

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import RedFlag
from austa.modules.language.domain.pattern import Match, PatternSet
from austa.modules.language.domain.scene import Scene


class Sign(Contract):
    """One thing that is said. `points`: above zero for danger, below for everyday matters. `aggravates`: no danger by
    itself. `calms`: tells how grave the complaint is, so it counts for the whole message.

    `phrases`: patterns, each with a sentence that shows the sign.
    """

    id: str
    points: int
    why: str
    aggravates: bool = False
    calms: bool = False
    phrases: tuple[tuple[str, str], ...]


class SignsData(Contract):
    """The score as it lies in `lexicon/warning_signs.json`. From `stated_at` points on the finding is stated, from
    `asks_at` on it is doubtful. A sentence with `everyday_at` points or fewer speaks of everyday matters."""

    source: str
    asks_at: int
    stated_at: int
    everyday_at: int
    signs: tuple[Sign, ...]


Said = Mapping[int, Mapping[Sign, Match]]
"""The number of a sentence -> the signs in it."""


class WarningSigns:
    """The signs, compiled."""

    def __init__(
        self, data: SignsData, classes: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]
    ) -> None:
        self._data = data
        self._sign_of = [sign for sign in data.signs for _ in sign.phrases]
        self._patterns = PatternSet([pattern for sign in data.signs for pattern, _ in sign.phrases], classes, groups)

    def vocabulary(self) -> set[str]:
        """Whole words the signs look for."""
        return self._patterns.vocabulary()

    def beginnings(self) -> set[str]:
        """Beginnings of words the signs look for."""
        return self._patterns.beginnings()

    def read(self, scene: Scene, words: Sequence[str]) -> Said:
        """For each sentence: its signs and where they were said. Danger that is denied or long past is not said."""
        said: dict[int, dict[Sign, Match]] = {}
        for number, conjuncts in self._patterns.find(words).items():
            sign = self._sign_of[number]
            for match in conjuncts[0]:
                # Everyday matters count only where they are said in one breath; danger may be told in pieces.
                inside = scene.sentence_of(match.first) == scene.sentence_of(match.last)
                if inside if sign.points < 0 else scene.is_stated(match):
                    said.setdefault(scene.sentence_of(match.first), {}).setdefault(sign, match)
        return said

    def find(self, said: Said, scene: Scene, texts: Sequence[str]) -> RedFlag | None:
        """The finding of all signs together, None when they are too few or none of them is in the newest message."""
        counted = _count(said)
        score = sum(sign.points for sign in counted)
        shown = [match for sign, match in counted.items() if sign.points > 0]
        if score < self._data.asks_at or not any(scene.reading.messages[match.last] == 0 for match in shown):
            return None
        stated = score >= self._data.stated_at
        return RedFlag(
            rule="several_signs.together",
            category="several_signs",
            level="ORANGE",
            reading="stated" if stated else "doubtful",
            reply="urgent" if stated else "ask_once",
            words=tuple(scene.words_at(match.places, texts) for match in shown),
            why="signs that weigh together: " + ", ".join(sorted(sign.id for sign in counted if sign.points > 0)),
        )

    def is_everyday(self, said: Said, sentence: int) -> bool:
        """True when papers, laughter or mild complaints clearly outweigh all danger that the sentence tells of."""
        return _points(said.get(sentence, {})) <= self._data.everyday_at


def _count(said: Said) -> dict[Sign, Match]:
    """The signs of the sentences that add to the score, the weightiest sentence first."""
    counted = {sign: match for sentence in said.values() for sign, match in sentence.items() if sign.calms}
    for sentence in sorted(said.values(), key=_points, reverse=True):
        new = {sign: match for sign, match in sentence.items() if sign not in counted}
        if _points(new) > 0:
            counted |= new
    return counted if any(sign.points > 0 and not sign.aggravates for sign in counted) else {}


def _points(signs: Mapping[Sign, Match]) -> int:
    return sum(sign.points for sign in signs)
