"""How distressed a message sounds, for one purpose only: to offer a person sooner. It decides nothing else.

Words, shouting and their count; no model, and no judgement of the person. Distress about one's own life is a red flag
and is answered as such, long before this is asked.
"""

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import Distress
from austa.modules.language.domain.normalise import Reading
from austa.modules.language.domain.pattern import PatternSet

_SOME = 1.0
_HIGH = 2.0
_SHOUTED = 0.5
_LETTERS_TO_SHOUT = 15


class _Clue(Contract):
    weight: float
    why: str
    patterns: tuple[str, ...]


class _Data(Contract):
    version: str
    clues: tuple[_Clue, ...]


class DistressRules:
    """The clues, compiled."""

    def __init__(self, json: bytes) -> None:
        data = _Data.model_validate_json(json)
        self._of = [clue for clue in data.clues for _ in clue.patterns]
        self._patterns = PatternSet([p for clue in data.clues for p in clue.patterns], classes={}, groups={})

    def weigh(self, text: str, reading: Reading) -> Distress:
        """`high` when two kinds of clue come together, or despair alone."""
        kinds = {self._of[number].why: self._of[number].weight for number in self._patterns.find(reading.words)}
        score = sum(kinds.values())
        if score and _is_shouted(text):
            score += _SHOUTED * 2 if "!!" in text else _SHOUTED
        return "high" if score >= _HIGH else "some" if score >= _SOME else "none"


def _is_shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return "!!" in text or (len(letters) >= _LETTERS_TO_SHOUT and capitals > 0.7 * len(letters))
