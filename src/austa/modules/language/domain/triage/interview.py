"""The interview: story and answers in, the next question or the outcome out. A pure function.

It asks the question that could raise the level most, the likelier first; at most five; and stops when none could raise
it, or when somebody must leave now. An answer "não sei" leaves a sign unknown: it never lowers, it is told to the
nurse, and together with worry it brings a person in. Red flags win over everything here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Words
from austa.modules.language.api.language import (
    AdviceKind,
    Button,
    Level,
    RedFlag,
    RedFlags,
    ReplyKind,
    TriageAnswer,
    TriageFinding,
    TriageOutcome,
    TriageQuestion,
    TriageState,
    TriageStep,
)
from austa.modules.language.domain.normalise import Reading
from austa.modules.language.domain.redflags import URGENCY
from austa.modules.language.domain.triage.measures import Measures, measure
from austa.modules.language.domain.triage.protocol import Condition, Presentation, ProtocolData, Sign
from austa.modules.language.domain.triage.story import Statement, StoryReader

MOST_QUESTIONS = 5
MINUTES: dict[Level, int] = {"RED": 0, "ORANGE": 10, "YELLOW": 60, "GREEN": 120, "BLUE": 240}
BUTTONS = (Button(id="yes", title="Sim"), Button(id="no", title="Não"), Button(id="unknown", title="Não sei"))

_LEAVE_NOW = URGENCY["ORANGE"]
_TOO_MUCH_UNKNOWN = 3
_RED_FLAG = "red_flag."
_REPLIES: dict[Level, ReplyKind | AdviceKind] = {
    "RED": "emergency",
    "ORANGE": "urgent",
    "YELLOW": "same_day",
    "GREEN": "within_days",
    "BLUE": "at_home",
}


@dataclass(slots=True)
class _Known:
    """What is known of each sign and complaint: there, not there, or (absent here) unknown."""

    state: dict[str, bool] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        return self.state.get(name, False)


class Interview:
    """A protocol, compiled. `everyday_words` are never taken for a misspelt one."""

    def __init__(self, data: ProtocolData, everyday_words: Iterable[str] = ()) -> None:
        self.version = data.version
        self.signed_by = data.signed_by
        self._data = data
        self._signs = {sign.id: sign for sign in data.signs}
        items: list[Sign | Presentation] = [*data.signs, *data.presentations]
        self._derived = [item for item in items if item.when]
        said = [(item.id, True, text) for item in items for text in item.said]
        well = [(sign.id, False, text) for sign in data.signs for text in sign.well]
        # What each pattern means, in the order of the patterns: which sign, and whether it says so or denies it.
        self._meaning = [(name, says_so) for name, says_so, _ in (*said, *well)]
        patterns = [text for _, _, text in (*said, *well)]
        self._reader = StoryReader(patterns, data.classes, data.groups, everyday_words)

    def step(self, state: TriageState, red_flags: Sequence[RedFlags]) -> TriageStep:
        """The next question or the outcome.

        `red_flags`: what was found in each text told, read with those before it.
        """
        texts = [text.reveal() for text in state.told]
        reading, spoken = self._reader.read(texts)
        answers = {answered.question: answered.answer for answered in state.answers}
        known = self._known(spoken, measure(texts), answers)
        complaints = [complaint for complaint in self._data.presentations if known.has(complaint.id)]
        findings = [
            *_red_flag_findings(red_flags, answers),
            *self._findings(known, complaints, reading, texts),
        ]
        findings.sort(key=lambda finding: -URGENCY[finding.level])
        urgency = URGENCY[findings[0].level] if findings else 0
        ended = urgency >= _LEAVE_NOW or len(state.answers) >= MOST_QUESTIONS
        open_questions = self._open_questions(known, complaints, red_flags, answers, urgency)
        if not ended:
            for question in open_questions:
                if question.id not in answers:
                    return TriageStep(state=state.model_copy(update={"asked": question.id}), question=question)
        unknown = tuple(question.id for question in open_questions)
        outcome = self._outcome(tuple(findings), unknown, known, answers, red_flags)
        return TriageStep(state=state.model_copy(update={"asked": None}), outcome=outcome)

    def _known(self, spoken: dict[int, Statement], measures: Measures, answers: dict[str, TriageAnswer]) -> _Known:
        known = _Known(answered=frozenset(name for name, answer in answers.items() if answer == "yes"))
        for number, statement in spoken.items():
            name, says_so = self._meaning[number]
            there = says_so == (statement.said == "said")
            if statement.said == "denied" and not says_so:
                continue
            if there or name not in known.state:
                known.state[name] = there or known.has(name)
                known.statements[name] = statement if there or name not in known.statements else known.statements[name]
        for name, answer in answers.items():
            if answer != "unknown":
                known.state[name] = answer == "yes" or known.has(name)
        for sign in self._data.signs:
            if any(_holds(condition, known, measures) for condition in sign.never):
                known.state[sign.id] = False
        self._conclude(known, measures)
        return known

    def _conclude(self, known: _Known, measures: Measures) -> None:
        """Signs and complaints that follow from others, until nothing new follows."""
        changed = True
        while changed:
            changed = False
            for item in self._derived:
                if known.has(item.id) or (isinstance(item, Sign) and known.state.get(item.id) is False and item.never):
                    continue
                if any(_holds(condition, known, measures) for condition in item.when):
                    known.state[item.id] = changed = True

    def _findings(
        self, known: _Known, complaints: list[Presentation], reading: Reading, texts: Sequence[str]
    ) -> Iterable[TriageFinding]:
        replaced = {name for complaint in complaints for name in complaint.instead_of}
        levels = {complaint.id: complaint.level for complaint in complaints if complaint.id not in replaced}
        why = {complaint.id: complaint.why for complaint in complaints}
        raising = [complaint.raises if complaint.id not in replaced else _danger(complaint) for complaint in complaints]
        for name, level in _signs_by_level([self._data.always, *raising]):
            if name in replaced and URGENCY[level] < _LEAVE_NOW:
                continue
            if known.has(name) and URGENCY[level] > (URGENCY[levels[name]] if name in levels else 0):
                levels[name] = level
                why[name] = self._signs[name].why
        for name, level in levels.items():
            statement = known.statements.get(name)
            yield TriageFinding(
                sign=name,
                level=level,
                evidence="answer" if name in known.answered else "words",
                words=_words(statement, reading, texts) if statement and statement.said == "said" else (),
                why=why[name],
            )

    def _open_questions(
        self,
        known: _Known,
        complaints: list[Presentation],
        red_flags: Sequence[RedFlags],
        answers: dict[str, TriageAnswer],
        urgency: int,
    ) -> list[TriageQuestion]:
        """Questions whose answer is not known and could raise the level, the best first."""
        asking: dict[str, tuple[int, float, str]] = {}
        for flag in _doubtful(red_flags):
            name = f"{_RED_FLAG}{flag.category}"
            if answers.get(name) in {None, "unknown"}:
                # Danger was named, if only to deny it: it is asked once, before all else (domain-br 8.2).
                questions = self._data.questions_on_red_flags
                asking.setdefault(name, (9, 1.0, questions.get(flag.category, questions["asked_for_help"])))
        groups = [complaint.raises for complaint in complaints] or [self._data.always]
        for name, level in _signs_by_level(groups):
            sign = self._signs[name]
            if name not in known.state and sign.question and URGENCY[level] > urgency:
                worth = (URGENCY[level], sign.prior, sign.question)
                asking[name] = max(asking.get(name, worth), worth)
        ordered = sorted(asking, key=lambda name: (-asking[name][0], -asking[name][1], name))
        return [TriageQuestion(id=name, text=asking[name][2], buttons=BUTTONS) for name in ordered]

    def _outcome(
        self,
        findings: tuple[TriageFinding, ...],
        unknown: tuple[str, ...],
        known: _Known,
        answers: dict[str, TriageAnswer],
        red_flags: Sequence[RedFlags],
    ) -> TriageOutcome:
        level = findings[0].level if findings else None
        flags = max(red_flags, key=lambda found: URGENCY[found.level] if found.level else 0)
        not_known = sum(answer == "unknown" for answer in answers.values())
        worried = any(known.has(name) for name in self._data.worried)
        vulnerable = any(known.has(name) for name in self._data.vulnerable)
        handed = (
            level is None
            or (worried and bool(unknown))
            or (vulnerable and not_known > 0)
            or not_known >= _TOO_MUCH_UNKNOWN
        )
        return TriageOutcome(
            level=level,
            minutes=MINUTES[level] if level else None,
            findings=findings,
            unknown=unknown,
            handed_to_person=handed,
            reply=_reply(level, flags, handed=handed),
            red_flags=flags,
            version=self.version,
        )


def _holds(condition: Condition, known: _Known, measures: Measures) -> bool:
    return all(known.has(name) for name in condition.signs) and all(
        measures.lies_between(name, bounds) for name, bounds in condition.between.items()
    )


def _signs_by_level(groups: Iterable[Mapping[Level, tuple[str, ...]]]) -> Iterable[tuple[str, Level]]:
    return ((name, level) for group in groups for level, names in group.items() for name in names)


def _danger(complaint: Presentation) -> Mapping[Level, tuple[str, ...]]:
    """Of a complaint that a narrower one replaces, the signs for which somebody must leave now."""
    return {level: names for level, names in complaint.raises.items() if URGENCY[level] >= _LEAVE_NOW}


def _doubtful(red_flags: Sequence[RedFlags]) -> list[RedFlag]:
    findings = chain.from_iterable(found.findings for found in red_flags)
    return [flag for flag in findings if flag.reading == "doubtful" and URGENCY[flag.level] >= _LEAVE_NOW]


def _red_flag_findings(red_flags: Sequence[RedFlags], answers: dict[str, TriageAnswer]) -> Iterable[TriageFinding]:
    for at, found in enumerate(red_flags, start=1 - len(red_flags)):
        for flag in found.findings:
            confirmed = answers.get(f"{_RED_FLAG}{flag.category}") == "yes"
            if flag.reading == "stated" or confirmed:
                yield TriageFinding(
                    sign=f"{_RED_FLAG}{flag.rule}",
                    level=flag.level,
                    evidence="red_flag" if flag.reading == "stated" else "answer",
                    # A text was screened with those before it; here its words count back from the newest of all.
                    words=tuple(word.model_copy(update={"message": word.message + at}) for word in flag.words),
                    why=flag.why,
                )


def _reply(level: Level | None, flags: RedFlags, *, handed: bool) -> ReplyKind | AdviceKind:
    if level is None:
        return "nurse"
    if URGENCY[level] >= _LEAVE_NOW:
        stated = flags.reply if flags.level and flags.reply != "ask_once" else None
        return stated or _REPLIES[level]
    return "nurse" if handed else _REPLIES[level]


def _words(statement: Statement, reading: Reading, texts: Sequence[str]) -> tuple[Words, ...]:
    """The stretch of each message between the first and the last word used there."""
    found = []
    for message in sorted({reading.messages[place] for place in statement.places}):
        inside = [place for place in statement.places if reading.messages[place] == message]
        start, end = reading.starts[inside[0]], reading.ends[inside[-1]]
        text = Personal(texts[message - 1][start:end])
        found.append(Words(text=text, start=start, end=end, message=message))
    return tuple(found)
