"""The symptom interview: the assistant asks, a nurse classifies (domain-br 8.1).

Questions about danger come from `language`, the worst first; then for whom, since when and how strong, where it was not
said. Every answer was read by the red-flag layer before it came here. A nurse gets all of it; nobody is told a level.
"""

from austa.modules.chat.domain import texts
from austa.modules.chat.domain.dialogue.states import changed, granted, hand_over, means, wait
from austa.modules.chat.domain.flows import Step
from austa.modules.chat.domain.turn import (
    BeginInterview,
    ContinueInterview,
    DialogueState,
    Heard,
    InterviewStepped,
    RaiseAlarm,
    Turn,
)
from austa.modules.chat.domain.turn import InterviewNotes as Notes
from austa.modules.language.api.language import TriageAnswer

URGENT = {"RED", "ORANGE"}


def begin(state: DialogueState, text: str | None) -> Turn:
    """Begin with what was written; without words, ask for them."""
    if state.interview is not None and state.interview.asked is not None:
        # It was left in the middle: what was told is kept, and asked on with what is said now.
        return Turn(state, (), (ContinueInterview("unknown"),))
    complaint = text or state.notes.told
    if not complaint:
        return Turn(wait(state, "complaint"), (texts.ASK_COMPLAINT,))
    return Turn(state, (), (BeginInterview(complaint),))


def answer(state: DialogueState, heard: Heard) -> Turn | None:
    """What was tapped or written to the open question."""
    if state.awaiting == "complaint":
        return begin(state, heard.text) if heard.button is None else None
    if state.awaiting == "sign":
        given = _tapped(heard)
        return Turn(state, (), (ContinueInterview(given or heard.text or "unknown", typed=given is None),))
    said = texts.INTERVIEW_ANSWERS.get(heard.button or "", heard.text or "")
    field = {"who": "who", "since": "since", "strength": "strength"}[str(state.awaiting)]
    return _ask_next(changed(state, notes=changed(state.notes, **{field: said})))


def stepped(state: DialogueState, step: InterviewStepped) -> Turn:
    """The next question about danger; or, at its end, an alarm, or what a nurse wants to know beside."""
    state = changed(state, interview=step.state)
    if step.question is not None:
        notes = changed(state.notes, asked=(*state.notes.asked, step.question.text))
        return Turn(wait(state, "sign", notes=notes), (texts.about_danger(step.question.text),))
    notes = changed(state.notes, signs=step.signs, level=step.level or "")
    state = changed(state, notes=notes)
    if step.level in URGENT:
        turn = _ended(state)
        return Turn(turn.state, (), (RaiseAlarm(step.level, step.reply, step.signs, step.version), *turn.actions))
    return _ask_next(state)


def _ask_next(state: DialogueState) -> Turn:
    asks: tuple[tuple[Step, texts.Say, str], ...] = (
        ("who", texts.ASK_WHO, state.notes.who),
        ("since", texts.ASK_SINCE, state.notes.since),
        ("strength", texts.ASK_STRENGTH, state.notes.strength),
    )
    for step, question, known in asks:
        if not known:
            return Turn(wait(state, step), (question,))
    return _ended(state)


def _ended(state: DialogueState) -> Turn:
    summary = _summary(state)
    ended = changed(granted(state), interview=None, notes=Notes())
    return hand_over(ended, "symptoms", texts.NURSE_READS, summary)


def _summary(state: DialogueState) -> str:
    """For the nurse, in Portuguese."""
    interview, notes = state.interview, state.notes
    told = [text.reveal() for text in interview.told] if interview else []
    answers = {"yes": "sim", "no": "não", "unknown": "não sabe"}
    given = [answers[each.answer] for each in interview.answers] if interview else []
    lines = [
        "Entrevista de sintomas, feita pela assistente. A enfermeira classifica.",
        *(f"Contou: {text}" for text in told),
        *(f"{name}: {said}" for name, said in _beside(notes) if said),
        *(f"{question} {answer}" for question, answer in zip(notes.asked, given, strict=False)),
        *([f"Sinais reconhecidos: {', '.join(notes.signs)}"] if notes.signs else []),
        *([f"Nível proposto: {texts.LEVELS.get(notes.level, notes.level)}"] if notes.level else []),
    ]
    return "\n".join(lines)[: texts.LONGEST_SUMMARY]


def _beside(notes: Notes) -> tuple[tuple[str, str], ...]:
    return (("Quem", notes.who), ("Desde quando", notes.since), ("Quão forte", notes.strength))


def _tapped(heard: Heard) -> TriageAnswer | None:
    tapped: dict[str | None, TriageAnswer] = {"sign:yes": "yes", "sign:no": "no", "sign:unknown": "unknown"}
    if heard.button in tapped:
        return tapped[heard.button]
    if means(heard, "yes"):
        return "yes"
    return "no" if means(heard, "no") else None
