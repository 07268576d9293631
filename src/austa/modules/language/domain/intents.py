"""What a member wants: acts of the dialogue by rules, wishes by the model's probabilities, emergencies first.

Three voices are brought together here, and none is loud enough to silence the one before it: what the red-flag layer
found; short acts ("sim", "obrigada", "quero falar com uma pessoa"), which rules know surely; and the calibrated
probabilities of the intent model. Where the model is missing, weighted words stand in and abstain more.
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
_IN_MANNERS = _POLITE | frozenset(
    fold_text(
        "tudo bem bom muito pela pelo por ajuda atenção aí você vocês como vai gente doutor doutora dona seu meu minha"
        " filha filho amiga amigo querida querido pessoal de"
    ).split()
)
_MANNERS: tuple[Intent, ...] = ("greeting", "thanks")
_CONSENT: tuple[Intent, ...] = ("consent_yes", "consent_no")
_ACTS: tuple[Intent, ...] = ("opt_out", "ask_person", "consent_no", "consent_yes", "thanks", "greeting")
"""What the model was not taught; the first that is said counts."""
_WISHES: tuple[Intent, ...] = ("authorization_request", "authorization_status", "appointment_booking")
"""Remembered beside an emergency, so that nobody must ask twice."""
_URGENT = frozenset({"RED", "ORANGE"})
_CONTRADICTED = 0.05
"""Below this probability of an emergency the model contradicts the rules: then the intent that it read comes first, and
the emergency beside it. The level is never touched. On authors that neither had read, emergencies stay first in 98 %
and the false ones fall to a third."""
_SHORT = 8
"""Words: in longer messages a wish for a person comes after what it is about."""
_SURE = 0.99
"""The confidence shown for what a rule read in so many words; not measured."""
_FEWEST_LETTERS = 4


Readable = Intent | Literal["none"]
"""What the model may read. `none`: an answer, a fragment, small talk: nothing is wanted, so it abstains."""


class Bars(Contract):
    """Probabilities, chosen on authors that the model had not read.

    `enough`: below it the best intent is not named; `also`: a second intent is named too; `emergency`: the second
    reader raises; `doubted`: it raises although the red-flag layer found words of an emergency and doubts them.
    """

    enough: float
    also: float
    emergency: float
    doubted: float


class Scores(Contract):
    """What the intent model makes of a text: calibrated probabilities."""

    intents: tuple[tuple[Readable, float], ...]
    emergency: float


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
        """Supported intents by rules alone, best first; empty is abstention."""
        if (answer := self._bare_answer(reading.words)) and red_flags.level is None:
            return (_sure(_meaning(answer, awaiting)),)
        scores = self._clues(reading)[0]
        if red_flags.level in _URGENT:
            scores["emergency_situation"] = 3.0
            scores["symptom_report"] = scores.get("symptom_report", 0.0) + 1.2
        if names_procedure:
            scores["authorization_request"] = scores.get("authorization_request", 0.0) + _NAMED_PROCEDURE
        return _ranked(scores)

    def weigh(
        self, reading: Reading, red_flags: RedFlags, scores: Scores, bars: Bars, *, awaiting: str | None
    ) -> tuple[IntentGuess, ...]:
        """Supported intents by flags, acts and the model, best first; empty is abstention."""
        if (answer := self._bare_answer(reading.words)) and red_flags.level is None:
            return (_sure(_meaning(answer, awaiting)),)
        clues, left = self._clues(reading)
        wishes = _wishes(scores, bars) if left >= _FEWEST_LETTERS else ()
        if red_flags.level in _URGENT:
            beside = [_sure(intent) for intent in _WISHES if clues.get(intent, 0.0) >= _ENOUGH]
            probability = dict(scores.intents).get("emergency_situation", 1.0)
            if wishes and probability < _CONTRADICTED:
                emergency = IntentGuess(intent="emergency_situation", confidence=round(probability, 3))
                return _once(*wishes, emergency, *beside)
            return _once(_sure("emergency_situation"), *wishes, *beside)
        act = next((act for act in _ACTS if clues.get(act, 0.0) >= _ENOUGH), None)
        if act is None or (act in _CONSENT and awaiting != "consent" and wishes):
            return wishes
        if act in _MANNERS:
            # "Oi, bom dia" before a request is manners, not an intent.
            return wishes or (_sure(act),)
        return _once(_sure(act), *wishes) if len(reading.words) <= _SHORT else _once(*wishes, _sure(act))

    def _clues(self, reading: Reading) -> tuple[dict[Intent, float], int]:
        """The weight of each intent's words, and how many letters are left beside manners."""
        scores: dict[Intent, float] = {}
        manners: set[int] = set()
        for number, conjuncts in self._patterns.find(reading.words).items():
            clue = self._of[number]
            scores[clue.intent] = scores.get(clue.intent, 0.0) + clue.weight
            if clue.intent in _MANNERS:
                manners.update(place for matches in conjuncts for match in matches for place in match.places)
        if "consent_no" in scores:
            # Consent is never read out of a sentence that also refuses.
            scores.pop("consent_yes", None)
        left = [word for at, word in enumerate(reading.words) if at not in manners and word not in _IN_MANNERS]
        return scores, sum(map(len, left))

    def _bare_answer(self, words: Sequence[str]) -> Literal["yes", "no"] | None:
        """A short "sim", "pode", "não quero" is an answer; inside a longer message it is not."""
        content = [word for word in words if word not in _POLITE] or words
        return self._bare.get(" ".join(words)) or self._bare.get(" ".join(content))


def _meaning(answer: Literal["yes", "no"], awaiting: str | None) -> Intent:
    if awaiting == "consent":
        return "consent_yes" if answer == "yes" else "consent_no"
    return answer


def _wishes(scores: Scores, bars: Bars) -> tuple[IntentGuess, ...]:
    """What the model names: the best intent if it is probable enough, then others that are likely meant too."""
    ranked = sorted(scores.intents, key=lambda entry: (-entry[1], entry[0]))
    best, probability = ranked[0]
    if best == "none" or probability < bars.enough:
        return ()
    kept = [ranked[0], *(entry for entry in ranked[1:] if entry[1] >= bars.also)]
    return tuple(IntentGuess(intent=intent, confidence=round(p, 3)) for intent, p in kept if intent != "none")


def _sure(intent: Intent) -> IntentGuess:
    return IntentGuess(intent=intent, confidence=_SURE)


def _once(*guesses: IntentGuess) -> tuple[IntentGuess, ...]:
    """Each intent where it is named first."""
    first = {guess.intent: guess for guess in reversed(guesses)}
    return tuple(first[intent] for intent in dict.fromkeys(guess.intent for guess in guesses))


def _ranked(scores: dict[Intent, float]) -> tuple[IntentGuess, ...]:
    if len(scores) > 1:
        # "Oi, bom dia" before a request is manners, not an intent.
        wanted = {intent: score for intent, score in scores.items() if intent not in _MANNERS}
        scores = wanted if any(score >= _ENOUGH for score in wanted.values()) else scores
    ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
    if not ranked or ranked[0][1] < _ENOUGH:
        return ()
    best = ranked[0][1]
    kept = [(intent, score) for intent, score in ranked if score >= _ENOUGH and score >= _ALSO * best]
    total = sum(score for _, score in kept) + 0.5
    return tuple(IntentGuess(intent=intent, confidence=round(score / total, 3)) for intent, score in kept)
