"""What a member wants, by weighted words. It abstains when the words do not carry a guess.

The confidence is how much the rules support a guess (their weight, and its distance from the next one), not a
measured probability; no accuracy is claimed.
"""

from collections.abc import Sequence
from typing import Literal

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import Intent, IntentGuess, RedFlags
from austa.modules.language.domain.normalise import Reading, fold_text
from austa.modules.language.domain.pattern import PatternSet

_ENOUGH = 1.0
_ALSO = 0.55
_NAMED_PROCEDURE = 1.0
_POLITE = frozenset(fold_text("por favor obrigado obrigada moça moço senhora senhor eu").split())
_GREETING_ONLY: tuple[Intent, ...] = ("greeting", "thanks")


class _Clue(Contract):
    intent: Intent
    weight: float
    patterns: tuple[str, ...]


class _Data(Contract):
    version: str
    clues: tuple[_Clue, ...]
    bare: dict[Literal["yes", "no"], tuple[str, ...]]


class IntentRules:
    """The clues, compiled."""

    def __init__(self, json: bytes) -> None:
        data = _Data.model_validate_json(json)
        self.version = data.version
        self._of = [clue for clue in data.clues for _ in clue.patterns]
        self._patterns = PatternSet([p for clue in data.clues for p in clue.patterns], classes={}, groups={})
        self._bare = {fold_text(words): answer for answer, said in data.bare.items() for words in said}

    def guess(
        self, reading: Reading, red_flags: RedFlags, *, names_procedure: bool, awaiting: str | None
    ) -> tuple[IntentGuess, ...]:
        """Supported intents, best first; empty is abstention."""
        scores: dict[Intent, float] = {}
        if red_flags.level in {"RED", "ORANGE"}:
            scores["emergency_situation"] = 3.0
            scores["symptom_report"] = 1.2
        for number in self._patterns.find(reading.words):
            clue = self._of[number]
            scores[clue.intent] = scores.get(clue.intent, 0.0) + clue.weight
        if names_procedure:
            scores["authorization_request"] = scores.get("authorization_request", 0.0) + _NAMED_PROCEDURE
        if "consent_no" in scores:
            # Consent is never read out of a sentence that also refuses.
            scores.pop("consent_yes", None)
        if (answer := self._bare_answer(reading.words)) and red_flags.level is None:
            scores = {_meaning(answer, awaiting): 2.0}
        return _ranked(scores)

    def _bare_answer(self, words: Sequence[str]) -> Literal["yes", "no"] | None:
        """A short "sim", "pode", "não quero" is an answer; inside a longer message it is not."""
        content = [word for word in words if word not in _POLITE] or words
        return self._bare.get(" ".join(words)) or self._bare.get(" ".join(content))


def _meaning(answer: Literal["yes", "no"], awaiting: str | None) -> Intent:
    if awaiting == "consent":
        return "consent_yes" if answer == "yes" else "consent_no"
    return answer


def _ranked(scores: dict[Intent, float]) -> tuple[IntentGuess, ...]:
    if len(scores) > 1:
        # "Oi, bom dia" before a request is manners, not an intent.
        wanted = {intent: score for intent, score in scores.items() if intent not in _GREETING_ONLY}
        scores = wanted if any(score >= _ENOUGH for score in wanted.values()) else scores
    ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
    if not ranked or ranked[0][1] < _ENOUGH:
        return ()
    best = ranked[0][1]
    kept = [(intent, score) for intent, score in ranked if score >= _ENOUGH and score >= _ALSO * best]
    total = sum(score for _, score in kept) + 0.5
    return tuple(IntentGuess(intent=intent, confidence=round(score / total, 3)) for intent, score in kept)
