"""What a sentence speaks of besides danger: papers, laughter, mild or old complaints, all that goes on as ever.

Points for danger and against it are added within one sentence, each sign once. Where everyday matters clearly outweigh,
words of a rule only ask ("autorização pra mamografia, nódulo no peito"). Another sentence counts for nothing here, so
chatter takes nothing away.
"""

from collections.abc import Mapping

from austa.kernel.contracts import Contract
from austa.modules.language.domain.pattern import Found, Match
from austa.modules.language.domain.scene import Scene


class Sign(Contract):
    """One thing that is said. `points`: above zero for danger, below for everyday matters.

    `phrases`: patterns, each with a sentence that shows the sign.
    """

    id: str
    points: int
    why: str
    phrases: tuple[tuple[str, str], ...]


class SignsData(Contract):
    """The signs as they lie in `lexicon/warning_signs.json`. A sentence with `everyday_at` points or fewer speaks of
    everyday matters."""

    source: str
    everyday_at: int
    signs: tuple[Sign, ...]


Said = Mapping[int, Mapping[Sign, Match]]
"""The number of a sentence -> the signs in it."""


class WarningSigns:
    """What the signs of a sentence add up to. `patterns`: those to look for, in order."""

    def __init__(self, data: SignsData) -> None:
        self._data = data
        self._sign_of = [sign for sign in data.signs for _ in sign.phrases]
        self.patterns = [pattern for sign in data.signs for pattern, _ in sign.phrases]

    def read(self, scene: Scene, found: Found) -> Said:
        """For each sentence: its signs and where they were said. What is denied is not said. `found`: what was found
        of the patterns."""
        said: dict[int, dict[Sign, Match]] = {}
        for number, conjuncts in found.items():
            sign = self._sign_of[number]
            for match in conjuncts[0]:
                # Everyday matters count only where they are said in one breath; danger may be told in pieces.
                inside = scene.sentence_of(match.first) == scene.sentence_of(match.last)
                if inside and not scene.is_denied(match) if sign.points < 0 else scene.is_stated(match):
                    said.setdefault(scene.sentence_of(match.first), {}).setdefault(sign, match)
        return said

    def is_everyday(self, said: Said, sentence: int) -> bool:
        """True when papers, laughter or mild complaints clearly outweigh all danger that the sentence tells of."""
        return _points(said.get(sentence, {})) <= self._data.everyday_at


def _points(signs: Mapping[Sign, Match]) -> int:
    return sum(sign.points for sign in signs)
