"""The red-flag layer: words of an emergency, and how they were said. Deterministic, independent of every model.

Words that are denied, long past, hypothetical, from a film or a form, or told among much that is well become
`doubtful` (show the number, ask once), except where silence can mean danger: self-harm, poisoning and violence are
lowered only by an explicit date long ago or a topic ("palestra sobre"), pregnancy and small children also by a plain
denial of the sign.
Everything here can only raise urgency; what the rules miss is for the readers that come after them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache, partial
from importlib.resources import files
from itertools import accumulate, chain

from austa.kernel.contracts import Contract
from austa.modules.language.api.language import Category, Level, Reading, RedFlag, RedFlags, ReplyKind
from austa.modules.language.domain import normalise
from austa.modules.language.domain.normalise import fold_word
from austa.modules.language.domain.pattern import Match, PatternSet, Search
from austa.modules.language.domain.scene import GLUE_WORDS, MASKED, SCOPE_WORDS, Cues, Scene
from austa.modules.language.domain.signs import Said, SignsData, WarningSigns
from austa.modules.language.domain.spelling import Speller

NEVER_LOWERED: frozenset[Category] = frozenset(
    {"self_harm", "poisoning", "violence", "obstetric", "postpartum", "newborn_child"}
)

NEVER_DENIED: frozenset[Category] = frozenset({"self_harm", "poisoning", "violence"})
"""Of these not even a denial is believed."""

URGENCY: dict[Level, int] = {"RED": 5, "ORANGE": 4, "YELLOW": 3, "GREEN": 2, "BLUE": 1}

_REPLY_OF_CATEGORY: dict[Category, ReplyKind] = {
    "self_harm": "self_harm",
    "violence": "violence",
    "poisoning": "poisoning",
}
# What must be said first when several things were said: danger that may read along, then minutes, then the rest.
_REPLY_ORDER: tuple[ReplyKind, ...] = ("violence", "poisoning", "self_harm", "emergency", "urgent", "ask_once")

_CUES = tuple(field.name for field in fields(Cues))
_NOT_RULES = frozenset({"shared.json", "warning_signs.json"})


class Rule(Contract):
    """Why urgency is raised. `asks`: alone these words are too little to be sure, so the finding is doubtful.

    `passes`: asks when the sentence says that it is over, because then no danger is left (not so a seizure or a palsy).
    `until_months`: asks when the child is said to be older. `certain`: one phrase of it states even in a calm story.
    `background`: the first words make the rest dangerous (treatment of cancer, low immunity), and lately counts as now:
    they are lowered only by what lowers everything, and the sign also by a plain denial.
    `unless`: words that tell of something else here, whatever stands around them ("se matar" is no threat to others).
    `phrases`: patterns, each with a sentence that must trigger it.
    """

    id: str
    category: Category
    level: Level
    why: str
    source: str
    asks: bool = False
    passes: bool = False
    background: bool = False
    certain: bool = False
    until_months: int | None = None
    unless: tuple[str, ...] = ()
    phrases: tuple[tuple[str, str], ...]


class LexiconData(Contract):
    """The lexicon as it lies in `lexicon/`: `shared.json`, and the rules of a category in the file of its name. The
    pattern language is that of `pattern.py`.

    `signed_by` is the physician who answers for it; None until one does. `idioms` are words that mean something else,
    written together; `figures` are the same with words between ("me afogando em papelada"). Cues that words near them
    are not happening now: `past`, `unreal` and `joking`; `long_past`, explicit and a year ago or more (years end two
    before the version's); `topics`, what courses, forms, films, coverage and pets are about; `passed`, it is over.
    `everyday_words`: words of four letters or more that are never taken for a misspelt one (the most frequent of
    wordfreq, folded).
    """

    version: str
    signed_by: str | None
    notice: str
    classes: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    idioms: tuple[str, ...]
    figures: tuple[str, ...]
    past: tuple[str, ...]
    long_past: tuple[str, ...]
    unreal: tuple[str, ...]
    topics: tuple[str, ...]
    joking: tuple[str, ...]
    passed: tuple[str, ...]
    often_misspelt: tuple[str, ...]
    not_misspelt: tuple[str, ...]
    everyday_words: tuple[str, ...]
    rules: tuple[Rule, ...]
    warning_signs: SignsData


@cache
def load_lexicon() -> LexiconData:
    """Read the shipped lexicon, its files in the order of their names."""
    folder = files("austa.modules.language.domain").joinpath("lexicon")
    shared = json.loads(folder.joinpath("shared.json").read_bytes())
    names = sorted({file.name for file in folder.iterdir() if file.name.endswith(".json")} - _NOT_RULES)
    rules = [rule for name in names for rule in json.loads(folder.joinpath(name).read_bytes())["rules"]]
    everyday = folder.joinpath("everyday_words.csv").read_text("utf-8").split()
    signs = json.loads(folder.joinpath("warning_signs.json").read_bytes())
    whole = shared | {"everyday_words": everyday, "rules": rules, "warning_signs": signs}
    return LexiconData.model_validate_json(json.dumps(whole))


class Lexicon:
    """The versioned data of the layer, compiled."""

    def __init__(self, data: LexiconData) -> None:
        self.version = data.version
        self.signed_by = data.signed_by
        self.rules = data.rules
        self._nothing = _together((), data.version)
        self._rule_of = [rule for rule in data.rules for _ in rule.phrases]
        self._unless_of = [rule.id for rule in data.rules for _ in rule.unless]
        self._signs = WarningSigns(data.warning_signs)
        kinds = {
            "phrases": [pattern for rule in data.rules for pattern, _ in rule.phrases],
            "idioms": [f"={idiom}" for idiom in data.idioms],
            "figures": data.figures,
            "signs": self._signs.patterns,
            "unless": [words for rule in data.rules for words in rule.unless],
            **{kind: getattr(data, kind) for kind in _CUES},
        }
        # One set of all, so that the words of a message are looked up once; `_numbers`: where each kind stands in it.
        ends = list(accumulate(map(len, kinds.values()), initial=0))
        self._numbers = {kind: range(*ends[at : at + 2]) for at, kind in enumerate(kinds)}
        self._patterns = PatternSet(list(chain(*kinds.values())), data.classes, data.groups)
        self._speller = Speller(
            self._vocabulary("phrases", "signs") | {fold_word(word) for word in data.often_misspelt},
            self._vocabulary("idioms", *_CUES)
            | SCOPE_WORDS
            | {fold_word(word) for word in data.not_misspelt}
            | set(data.everyday_words),
            self._patterns.beginnings(self._numbers["phrases"]),
            GLUE_WORDS,
        )

    def _vocabulary(self, *kinds: str) -> set[str]:
        return set[str]().union(*(self._patterns.vocabulary(self._numbers[kind]) for kind in kinds))

    def screen(self, texts: Sequence[str]) -> RedFlags:
        """Findings in the last text, read together with the ones before it."""
        reading = normalise.read(texts, self._speller)
        words = list(reading.words)
        search = self._patterns.search(words)
        masked = [
            place
            for match in [*self._matches(search, "idioms"), *self._matches(search, "figures")]
            if not any(reading.breaks[match.first + 1 : match.last + 1])
            for place in match.places
        ]
        if masked:
            for place in masked:
                words[place] = MASKED
            search = search.without(masked)
        found = search.find(self._numbers["phrases"])
        if not found:
            return self._nothing
        scene = Scene(reading, words, Cues(**{kind: self._matches(search, kind) for kind in _CUES}))
        said = cache(lambda: self._signs.read(scene, search.find(self._numbers["signs"])))
        spared = self._spared(search)
        findings: dict[str, RedFlag] = {}
        for number, matched in found.items():
            rule = self._rule_of[number]
            known = findings.get(rule.id)
            if known and known.reading == "stated":
                continue
            conjuncts = [
                [match for match in matches if spared[rule.id].isdisjoint(match.places)] for matches in matched
            ]
            finding = self._finding(rule, conjuncts, scene, said, texts)
            if finding and (not known or finding.reading == "stated"):
                findings[rule.id] = finding
        return _together(tuple(findings.values()), self.version)

    def _spared(self, search: Search) -> defaultdict[str, set[int]]:
        """The places of words that tell of something else, for each rule that knows such words."""
        places: defaultdict[str, set[int]] = defaultdict(set)
        for number, conjuncts in search.find(self._numbers["unless"]).items():
            rule = self._unless_of[number]
            places[rule].update(place for match in conjuncts[0] for place in match.places)
        return places

    def _matches(self, search: Search, kind: str) -> list[Match]:
        """Where something of a kind without conjunctions is said."""
        return [match for conjuncts in search.find(self._numbers[kind]).values() for match in conjuncts[0]]

    def _finding(
        self, rule: Rule, conjuncts: list[list[Match]], scene: Scene, said: Callable[[], Said], texts: Sequence[str]
    ) -> RedFlag | None:
        newest = scene.reading.messages
        conjuncts = [
            [match for match in matches if scene.is_one_thought(match) and not scene.counts_something_else(match)]
            for matches in conjuncts
        ]
        if not all(conjuncts):
            return None
        if not any(newest[place] == 0 for matches in conjuncts for match in matches for place in match.places):
            return None
        chosen = []
        lowered = rule.asks
        for at, matches in enumerate(conjuncts):
            by_how = partial(self._is_lowered, rule, scene=scene, said=said, alone=len(conjuncts) == 1)
            lowers: Callable[[Match], bool] = scene.is_told if rule.background and at == 0 else by_how
            latest_first = sorted(matches, key=lambda match: -newest[match.last])
            best = next((match for match in latest_first if not lowers(match)), None)
            lowered = lowered or best is None
            chosen.append(best or latest_first[0])
        reading: Reading = "doubtful" if lowered else "stated"
        return RedFlag(
            rule=rule.id,
            category=rule.category,
            level=rule.level,
            reading=reading,
            reply=_reply(rule, reading),
            words=tuple(scene.words_at(part, texts) for match in chosen for part in match.parts),
            why=rule.why,
        )

    def _is_lowered(self, rule: Rule, match: Match, scene: Scene, said: Callable[[], Said], *, alone: bool) -> bool:
        """True when these words only ask. What lowers depends on how dangerous silence is. `alone`: they are all that
        the rule looks for."""
        if scene.is_told(match):
            return True
        if rule.category in NEVER_DENIED:
            return False
        if rule.until_months is not None and scene.is_of_a_child_older_than(rule.until_months):
            return True
        if rule.passes and scene.has_passed(match):
            return True
        # A phrase that means nothing else is what was said; other words of a calm story are what may have been meant.
        one_phrase = alone and len(match.parts) == 1
        calm = not (rule.certain and one_phrase) and scene.is_told_calmly(match)
        if rule.category in NEVER_LOWERED or rule.background:
            older = rule.category == "newborn_child" and calm and scene.is_of_somebody_older()
            return older or scene.is_plainly_denied(match)
        if calm or not scene.is_stated(match):
            return True
        return not scene.tells_of_now(match) and all(
            self._signs.is_everyday(said(), scene.sentence_of(place)) for place in match.places
        )


def _reply(rule: Rule, reading: Reading) -> ReplyKind:
    if reading == "doubtful":
        return "ask_once"
    return _REPLY_OF_CATEGORY.get(rule.category, "emergency" if rule.level == "RED" else "urgent")


def _rank(found: RedFlag) -> tuple[bool, int, int, str]:
    """What was stated, the most urgent, and what is answered first, come first: the first names the nurse's task."""
    return found.reading != "stated", -URGENCY[found.level], _REPLY_ORDER.index(found.reply), found.rule


def _together(findings: tuple[RedFlag, ...], version: str) -> RedFlags:
    ordered = tuple(sorted(findings, key=_rank))
    stated = next((finding.level for finding in ordered if finding.reading == "stated"), None)
    replies = {finding.reply for finding in ordered}
    return RedFlags(
        findings=ordered,
        level=stated,
        reply=next((kind for kind in _REPLY_ORDER if kind in replies), None),
        lexicon_version=version,
    )
