"""`austa eval`: what the product makes of labelled messages that anyone brings.

The figures are of the shipped product as it is, red-flag layer and models together, through the door that `chat` uses.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from austa.bench.intervals import Share, share
from austa.bench.vignettes import triage_without_answers
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.kernel.personal import Personal
from austa.modules.language.api.language import Intent, Language, Level, Understanding, UtteranceContext

BATCH = 16
ABSTAINED = "abstained"
DIALOGUE_ACTS: frozenset[Intent] = frozenset(
    {"greeting", "thanks", "ask_person", "opt_out", "yes", "no", "consent_yes", "consent_no"}
)
SPELLINGS = {"out-of-scope": "out_of_scope", "out_of_domain": "out_of_scope", "oos": "out_of_scope"}
LABELS: frozenset[str] = frozenset(get_args(Intent)) - DIALOGUE_ACTS

Gold = Literal["emergency", "non_emergency", "self_care"]
GOLDS: tuple[Gold, ...] = ("self_care", "non_emergency", "emergency")
"""From the least urgent to the most."""


class IntentLine(Contract, extra="ignore"):
    """A line of a file for `austa eval intents`."""

    text: str
    label: str
    tags: tuple[str, ...] = ()


class FlagLine(Contract, extra="ignore"):
    """A line of a file for `austa eval red-flags`."""

    id: str | int
    text_pt: str
    label: Literal["emergency", "not_emergency"]
    category: str


class VignetteLine(Contract, extra="ignore"):
    """A line of a file for `austa eval triage`."""

    id: str | int
    text_pt: str
    gold: Gold


class ClassFigures(Contract):
    """How one intent was read. `n`: messages that have it."""

    n: int
    precision: Share
    recall: Share
    f1: float


class IntentsReport(Contract):
    """`macro_f1`: the mean F1 of the labels in the file. An abstention is wrong; of several intents the first counts.

    `accuracy` has an interval; a macro-F1 has no such simple one.
    """

    n: int
    macro_f1: float
    accuracy: Share
    per_class: dict[str, ClassFigures]
    confusion: dict[str, dict[str, int]]
    abstained: int
    lexicon_version: str
    model_version: str | None


class LayerFigures(Contract):
    """What one of the voices would find alone."""

    sensitivity: Share
    specificity: Share


class CategoryFigures(Contract):
    """Of one category: emergencies found, and others left alone."""

    n: int
    sensitivity: Share
    specificity: Share


class RedFlagsReport(Contract):
    """RED or ORANGE counts as emergency. `missed` and `false_alarms` name lines by their id.

    `layers`: `rules` are the deterministic layer, which answers at once; `second_reader` is what the model raises
    where that layer states nothing, so its shares are of the messages that came to it.
    """

    n: int
    sensitivity: Share
    specificity: Share
    per_category: dict[str, CategoryFigures]
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    layers: dict[str, LayerFigures]
    lexicon_version: str
    model_version: str | None


class TriageReport(Contract):
    """`under_triage`: judged less urgent than gold; `over_triage`: more. Both name their lines by id in `under` and
    `over`."""

    n: int
    accuracy: Share
    under_triage: Share
    over_triage: Share
    emergency_sensitivity: Share
    confusion: dict[str, dict[str, int]]
    under: tuple[str, ...]
    over: tuple[str, ...]
    handed_to_person: int
    lexicon_version: str
    model_version: str | None


def understand_all(language: Language, texts: Sequence[str]) -> list[Understanding]:
    """Each text read alone in the world, in batches."""
    understood: list[Understanding] = []
    for at in range(0, len(texts), BATCH):
        batch = texts[at : at + BATCH]
        understood += language.understand_many([(Personal(text), UtteranceContext()) for text in batch])
    return understood


def evaluate_intents(language: Language, rows: Sequence[IntentLine]) -> IntentsReport:
    """Compare the first intent of each message with its label.

    A file that never uses `authorization_status` counts it as `authorization_request`; acts of the dialogue
    (greeting, thanks, yes, …), which no file labels, count as `general_inquiry`.
    Errors: `bench.unknown_label` (Invalid).
    """
    truth = [_label(row, number) for number, row in enumerate(rows, start=1)]
    understood = understand_all(language, [row.text for row in rows])
    said = [_said(one, "authorization_status" in truth) for one in understood]
    labels = sorted(set(truth))
    pairs = Counter(zip(truth, said, strict=True))
    per_class = {label: _class_figures(label, truth, said) for label in labels}
    return IntentsReport(
        n=len(rows),
        macro_f1=round(sum(figures.f1 for figures in per_class.values()) / len(labels), 4),
        accuracy=share(sum(count for (true, read), count in pairs.items() if true == read), len(rows)),
        per_class=per_class,
        confusion={
            true: {read: pairs[true, read] for read in sorted(set(said)) if pairs[true, read]} for true in labels
        },
        abstained=said.count(ABSTAINED),
        lexicon_version=understood[0].lexicon_version,
        model_version=understood[0].model_version,
    )


def evaluate_red_flags(language: Language, rows: Sequence[FlagLine]) -> RedFlagsReport:
    """Compare RED or ORANGE with the label of each message."""
    texts = [row.text_pt for row in rows]
    understood = understand_all(language, texts)
    raised = [one.red_flags.level in {"RED", "ORANGE"} for one in understood]
    by_rules = [language.screen(Personal(text)).level in {"RED", "ORANGE"} for text in texts]
    rest = [at for at, found in enumerate(by_rules) if not found]
    of_category = {
        category: [at for at, row in enumerate(rows) if row.category == category]
        for category in sorted({row.category for row in rows})
    }
    together = _layer(rows, raised, range(len(rows)))
    return RedFlagsReport(
        n=len(rows),
        sensitivity=together.sensitivity,
        specificity=together.specificity,
        per_category={
            category: CategoryFigures(n=len(places), **_layer(rows, raised, places).model_dump())
            for category, places in of_category.items()
        },
        missed=tuple(str(row.id) for row, found in zip(rows, raised, strict=True) if _is_emergency(row) and not found),
        false_alarms=tuple(
            str(row.id) for row, found in zip(rows, raised, strict=True) if found and not _is_emergency(row)
        ),
        layers={"rules": _layer(rows, by_rules, range(len(rows))), "second_reader": _layer(rows, raised, rest)},
        lexicon_version=understood[0].lexicon_version,
        model_version=understood[0].model_version,
    )


def evaluate_triage(language: Language, rows: Sequence[VignetteLine]) -> TriageReport:
    """Each story is understood and interviewed, with "não sei" as every answer; the more urgent of the two counts.

    RED and ORANGE count as emergency, YELLOW as non_emergency, GREEN and BLUE as self_care. Handed to a person counts
    as its current level, YELLOW if there is none.
    """
    understood = understand_all(language, [row.text_pt for row in rows])
    ends = [triage_without_answers(language, row.text_pt) for row in rows]
    said = [
        _most_urgent(_gold_of(one.red_flags.level, alone="self_care"), _gold_of(level, alone="non_emergency"))
        for one, (level, _) in zip(understood, ends, strict=True)
    ]
    steps = [GOLDS.index(read) - GOLDS.index(row.gold) for row, read in zip(rows, said, strict=True)]
    pairs = Counter(zip((row.gold for row in rows), said, strict=True))
    urgent = [row.gold == "emergency" for row in rows]
    return TriageReport(
        n=len(rows),
        accuracy=share(steps.count(0), len(rows)),
        under_triage=share(sum(step < 0 for step in steps), len(rows)),
        over_triage=share(sum(step > 0 for step in steps), len(rows)),
        emergency_sensitivity=share(pairs["emergency", "emergency"], sum(urgent)),
        confusion={true: {read: pairs[true, read] for read in GOLDS if pairs[true, read]} for true in GOLDS},
        under=tuple(str(row.id) for row, step in zip(rows, steps, strict=True) if step < 0),
        over=tuple(str(row.id) for row, step in zip(rows, steps, strict=True) if step > 0),
        handed_to_person=sum(handed for _, handed in ends),
        lexicon_version=understood[0].lexicon_version,
        model_version=understood[0].model_version,
    )


def _gold_of(level: Level | None, *, alone: Gold) -> Gold:
    """The word of the vignettes for a level; `alone` where there is none."""
    if level is None:
        return alone
    return "emergency" if level in {"RED", "ORANGE"} else "non_emergency" if level == "YELLOW" else "self_care"


def _most_urgent(one: Gold, other: Gold) -> Gold:
    return max(one, other, key=GOLDS.index)


def _label(row: IntentLine, number: int) -> str:
    label = SPELLINGS.get(row.label, row.label)
    if label not in LABELS:
        raise Invalid("bench.unknown_label", f"row {number}: no such intent; known are {', '.join(sorted(LABELS))}")
    return label


def _said(understood: Understanding, statuses_apart: bool) -> str:
    intent = understood.intent
    if intent is None:
        return ABSTAINED
    if intent in DIALOGUE_ACTS:
        return "general_inquiry"
    if intent == "authorization_status" and not statuses_apart:
        return "authorization_request"
    return intent


def _class_figures(label: str, truth: Sequence[str], said: Sequence[str]) -> ClassFigures:
    right = sum(true == read == label for true, read in zip(truth, said, strict=True))
    recall, precision = share(right, truth.count(label)), share(right, said.count(label))
    f1 = 2 * right / (truth.count(label) + said.count(label))
    return ClassFigures(n=truth.count(label), precision=precision, recall=recall, f1=round(f1, 4))


def _layer(rows: Sequence[FlagLine], raised: Sequence[bool], places: Iterable[int]) -> LayerFigures:
    places = list(places)
    urgent = [at for at in places if _is_emergency(rows[at])]
    others = [at for at in places if not _is_emergency(rows[at])]
    return LayerFigures(
        sensitivity=share(sum(raised[at] for at in urgent), len(urgent)),
        specificity=share(sum(not raised[at] for at in others), len(others)),
    )


def _is_emergency(row: FlagLine) -> bool:
    return row.label == "emergency"
