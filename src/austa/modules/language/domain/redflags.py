"""The red-flag layer: words of an emergency, and how they were said. Deterministic, independent of every model.

Recall comes before precision: a false alarm costs a reply, a missed one a life. Words that are denied, long past,
hypothetical or from a story become `doubtful` (show the number, ask once), except where silence can mean danger:
self-harm, poisoning, violence, pregnancy and small children are never lowered. Everything here can only raise urgency.
"""

import json
from collections.abc import Sequence
from functools import partial
from importlib.resources import files

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.language.api import Category, Level, Reading, RedFlag, RedFlags, ReplyKind, Words
from austa.modules.language.domain import normalise
from austa.modules.language.domain.normalise import fold_word
from austa.modules.language.domain.pattern import Match, PatternSet
from austa.modules.language.domain.spelling import Speller

NEVER_LOWERED: frozenset[Category] = frozenset(
    {"self_harm", "poisoning", "violence", "obstetric", "postpartum", "newborn_child"}
)

URGENCY: dict[Level, int] = {"RED": 5, "ORANGE": 4, "YELLOW": 3, "GREEN": 2, "BLUE": 1}

_REPLY_OF_CATEGORY: dict[Category, ReplyKind] = {
    "self_harm": "self_harm",
    "violence": "violence",
    "poisoning": "poisoning",
}
# What must be said first when several things were said: danger that may read along, then minutes, then the rest.
_REPLY_ORDER: tuple[ReplyKind, ...] = ("violence", "poisoning", "self_harm", "emergency", "urgent", "ask_once")

_MASKED = "\0"
_LOOK_BACK = 9
_SENTENCE = 40


class Rule(Contract):
    """Why urgency is raised. `asks`: alone these words are too little to be sure, so the finding is doubtful.

    `phrases`: patterns, each with a sentence that must trigger it.
    """

    id: str
    category: Category
    level: Level
    why: str
    source: str
    asks: bool = False
    phrases: tuple[tuple[str, str], ...]


class LexiconData(Contract):
    """The lexicon as it lies in `lexicon/`: `shared.json`, and the rules of a category in the file of its name. The
    pattern language is that of `pattern.py`.

    `signed_by` is the physician who answers for it; None until one does. `idioms` are words that mean something else;
    `past` and `unreal` are cues that what follows is not happening now. `everyday_words`: words of
    four letters or more that are never taken for a misspelt one (the most frequent of wordfreq, folded).
    """

    version: str
    signed_by: str | None
    notice: str
    classes: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    idioms: tuple[str, ...]
    past: tuple[str, ...]
    unreal: tuple[str, ...]
    often_misspelt: tuple[str, ...]
    not_misspelt: tuple[str, ...]
    everyday_words: tuple[str, ...]
    rules: tuple[Rule, ...]


def load_lexicon() -> LexiconData:
    """Read the shipped lexicon, its files in the order of their names."""
    folder = files("austa.modules.language.domain").joinpath("lexicon")
    shared = json.loads(folder.joinpath("shared.json").read_bytes())
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".json") and file.name != "shared.json")
    rules = [rule for name in names for rule in json.loads(folder.joinpath(name).read_bytes())["rules"]]
    everyday = folder.joinpath("everyday_words.csv").read_text("utf-8").split()
    return LexiconData.model_validate_json(json.dumps(shared | {"everyday_words": everyday, "rules": rules}))


class Lexicon:
    """The versioned data of the layer, compiled."""

    def __init__(self, data: LexiconData) -> None:
        self.version = data.version
        self.signed_by = data.signed_by
        self.rules = data.rules
        self._rule_of = [rule for rule in data.rules for _ in rule.phrases]
        compiled = partial(PatternSet, classes=data.classes, groups=data.groups)
        self._phrases = compiled([pattern for rule in data.rules for pattern, _ in rule.phrases])
        self._idioms = compiled([f"={idiom}" for idiom in data.idioms])
        self._past = compiled(data.past)
        self._unreal = compiled(data.unreal)
        cues = self._idioms.vocabulary() | self._past.vocabulary() | self._unreal.vocabulary()
        self._speller = Speller(
            self._phrases.vocabulary() | {fold_word(word) for word in data.often_misspelt},
            cues | _SCOPE_WORDS | {fold_word(word) for word in data.not_misspelt} | set(data.everyday_words),
            self._phrases.beginnings(),
            _GLUE,
        )

    def screen(self, texts: Sequence[str]) -> RedFlags:
        """Findings in the last text, read together with the ones before it."""
        reading = normalise.read(texts, self._speller)
        words = list(reading.words)
        for match in _matches(self._idioms, words):
            if not any(reading.breaks[match.first + 1 : match.last + 1]):
                for place in match.places:
                    words[place] = _MASKED
        scene = _Scene(reading, words, _matches(self._past, words), _matches(self._unreal, words))
        findings: dict[str, RedFlag] = {}
        for number, conjuncts in self._phrases.find(words).items():
            finding = self._finding(self._rule_of[number], conjuncts, scene, texts)
            if finding and _weight(finding) > _weight(findings.get(finding.rule)):
                findings[finding.rule] = finding
        return _together(tuple(findings.values()), self.version)

    def _finding(
        self, rule: Rule, conjuncts: list[list[Match]], scene: "_Scene", texts: Sequence[str]
    ) -> RedFlag | None:
        newest = scene.reading.messages
        if not any(newest[place] == 0 for matches in conjuncts for match in matches for place in match.places):
            return None
        chosen = []
        lowered = rule.asks
        for matches in conjuncts:
            best = max(matches, key=lambda match: (scene.is_stated(match), newest[match.last]))
            lowered = lowered or not scene.is_stated(best)
            chosen.append(best)
        reading: Reading = "doubtful" if lowered and rule.category not in NEVER_LOWERED else "stated"
        return RedFlag(
            rule=rule.id,
            category=rule.category,
            level=rule.level,
            reading=reading,
            reply=_reply(rule, reading),
            words=tuple(scene.words_at(part, texts) for match in chosen for part in match.parts),
            why=rule.why,
        )


class _Scene:
    """A reading with what was found around its words: time, reality and denial."""

    def __init__(self, reading: normalise.Reading, words: list[str], past: list[Match], unreal: list[Match]) -> None:
        self.reading = reading
        self._words = words
        self._past = past
        self._unreal = unreal

    def is_stated(self, match: Match) -> bool:
        """Said as happening now to someone: not denied, not long past, not hypothetical or from a story."""
        return not (
            any(self._is_denied(part) for part in match.parts) or self._is_past(match) or self._is_unreal(match)
        )

    def words_at(self, places: tuple[int, ...], texts: Sequence[str]) -> Words:
        """The stretch of the message between the first and the last of these words that stand in one message."""
        reading = self.reading
        message = reading.messages[places[-1]]
        inside = [place for place in places if reading.messages[place] == message]
        start, end = reading.starts[inside[0]], reading.ends[inside[-1]]
        return Words(text=Personal(texts[message - 1][start:end]), start=start, end=end, message=message)

    def _is_denied(self, part: tuple[int, ...]) -> bool:
        words = self._words
        used = set(part)
        # "não solta nem gases": a phrase that begins with a denial is not denied by a second one.
        inner = () if words[part[0]] in _NOT_WITH else range(part[0] + 1, part[-1])
        for place in inner:
            if place not in used and words[place] in _NOT_WITH and used & {place + 1, place + 2}:
                # "dor de cabeça mas não no peito": a denial right before words that count.
                return words[place + 1] in _LINKS or place + 1 in used
        return self._denial_stands_before(part[0])

    def _denial_stands_before(self, first: int) -> bool:
        words, reading = self._words, self.reading
        for place in range(first - 1, max(first - 1 - _LOOK_BACK, -1), -1):
            if reading.breaks[place + 1]:
                return False
            word, before = words[place], self._word_before(place)
            between = range(place + 1, first)
            if word in _NOT and all(words[at] in _LINKS and not reading.commas[at] for at in between):
                return True
            if word in _NEITHER:
                return True
            if word == "sem":
                # "sem parar" and "sem conseguir" deny the verb, not what follows it.
                near = first - place <= 3 and not any(reading.commas[place + 1 : first + 1])
                return near and not words[place + 1].endswith(("ar", "er", "ir"))
            if word in _STATES:
                if before in _NOT:
                    return True
                if word != "e":
                    return False
                if not reading.commas[place]:
                    return False
            elif word in _NOT or word in _TURNS or (word == "com" and before not in _STATES):
                return False
        return False

    def _word_before(self, place: int) -> str:
        """The word before, past small ones ("não estou mais com": before "com" is "estou")."""
        place -= 1
        while place > 0 and self._words[place] in _SMALL:
            place -= 1
        return self._words[place] if place >= 0 else ""

    def _is_past(self, match: Match) -> bool:
        return any(
            _distance(cue, match) <= _LOOK_BACK
            and self._in_one_sentence(cue, match)
            and not self._sentence_says(match, _NOW)
            for cue in self._past
        )

    def _is_unreal(self, match: Match) -> bool:
        return any(
            cue.first < match.first
            and match.first - cue.last <= _LOOK_BACK
            and self._in_one_sentence(cue, match)
            and not any(self._words[place] in _HAPPENS for place in range(cue.last + 1, match.last + 1))
            for cue in self._unreal
        )

    def _in_one_sentence(self, one: Match, other: Match) -> bool:
        low, high = min(one.first, other.first), max(one.last, other.last)
        return not any(self.reading.breaks[low + 1 : high + 1])

    def _sentence_says(self, match: Match, wanted: frozenset[str]) -> bool:
        low, high = match.first, match.last
        first, last = max(low - _SENTENCE, 0), min(high + _SENTENCE, len(self._words) - 1)
        while low > first and not self.reading.breaks[low]:
            low -= 1
        while high < last and not self.reading.breaks[high + 1]:
            high += 1
        return any(word in wanted for word in self._words[low : high + 1])


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in words.split())


_NOT = _folded("não nunca jamais")
_NOT_WITH = _folded("não sem nem")
_LINKS = _folded("no na do da de em nos nas com o a é")
_NEITHER = _folded("nem nega nego negou negando nenhum nenhuma descarta descartou")
# Verbs that say "there is": denied, they deny what follows. Other denied verbs ("não aguento a dor") do not.
_STATES = _folded(
    "tenho tem têm temos tinha tive teve estou está estão estamos estava sinto sente sentiu senti apresento apresenta"
    " há houve havia apareceu foi é era fica ficou são seria ter estar sentir sentindo tendo estive esteve"
)
_TURNS = _folded(
    "mas porém só apenas somente agora hoje porque que entretanto contudo embora daí aí então começou comecei"
    " continua continuo piorou veio e depois"
) - {"e"}
_SMALL = _folded("mais muito muita nada me lhe se também ainda já mto tanto nenhuma assim")
_NOW = _folded(
    "agora hoje novamente novo voltou ainda continua continuo desde piorou piorando piora estou está estamos"
    " direto sempre vez neste nesse instante"
)
_HAPPENS = _folded("estou está estamos estão sinto sentindo começou comecei tenho agora acabou acabei")

_SCOPE_WORDS = _NOT | _NOT_WITH | _LINKS | _NEITHER | _STATES | _TURNS | _SMALL | _NOW | _HAPPENS


# Words that are written onto others in a hurry: "dornopeito", "naoconsigorespirar".
_GLUE = _NOT_WITH | _LINKS | _folded("um uma que se me ele ela eu meu minha muito mais estou está para pra tô tá")


def _matches(patterns: PatternSet, words: Sequence[str]) -> list[Match]:
    return [match for conjuncts in patterns.find(words).values() for match in conjuncts[0]]


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last, 0)


def _reply(rule: Rule, reading: Reading) -> ReplyKind:
    if reading == "doubtful":
        return "ask_once"
    return _REPLY_OF_CATEGORY.get(rule.category, "emergency" if rule.level == "RED" else "urgent")


def _weight(finding: RedFlag | None) -> tuple[bool, int]:
    return (finding.reading == "stated", URGENCY[finding.level]) if finding else (False, 0)


def _together(findings: tuple[RedFlag, ...], version: str) -> RedFlags:
    ordered = tuple(sorted(findings, key=lambda finding: (*(-int(w) for w in _weight(finding)), finding.rule)))
    stated = next((finding.level for finding in ordered if finding.reading == "stated"), None)
    replies = {finding.reply for finding in ordered}
    return RedFlags(
        findings=ordered,
        level=stated,
        reply=next((kind for kind in _REPLY_ORDER if kind in replies), None),
        lexicon_version=version,
    )
