"""What a message says to the dialogue, and how several that waited together are answered in one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from austa.modules.chat.domain import triage
from austa.modules.chat.domain.choices import is_switch, specialty_in
from austa.modules.chat.domain.flows import Step
from austa.modules.chat.domain.texts import LONGEST_ABOVE_BUTTONS, Say
from austa.modules.chat.domain.turn import Heard
from austa.modules.language.api.language import Intent, RedFlags, Understanding

LONGEST_TEXT = 4096
"""Characters of a message without options (WhatsApp)."""


def heard(
    *,
    kind: str,
    text: str | None,
    transcript: str | None,
    button: str | None,
    sent_at: datetime,
    flags: RedFlags,
    understood: Understanding,
    intents: tuple[Intent, ...],
    has_file: bool,
    awaiting: Step | None = None,
) -> Heard:
    """The message as understood. `text`: what was written or spoken; `flags`: of the layer that answered already."""
    mentions = [mention for mention in understood.entities.procedures if mention.candidates]
    raised = understood.red_flags if flags.level is None and understood.red_flags.level is not None else None
    entities = understood.entities
    # The second reader does not know what we asked: "perto da minha casa" is the answer to a question of ours.
    is_short = not entities.symptoms and len((text or "").split()) <= SHORT
    answers = awaiting in _PLAIN_QUESTIONS and is_short and button is None and flags.reply is None
    return Heard(
        kind=kind if transcript is None else "text",
        text=text,
        button=button,
        sent_at=sent_at,
        intents=tuple(intent for intent in intents if not (answers and intent == "emergency_situation")),
        numbers=tuple(mention.value.reveal() for mention in (*entities.cpfs, *entities.card_numbers)),
        code=entities.codes[0].value.reveal() if entities.codes else None,
        tuss=tuple(match.procedure.code for mention in mentions for match in mention.candidates[:3]),
        named=tuple(mention.candidates[0].procedure.code for mention in mentions if not mention.ambiguous),
        has_file=has_file,
        is_answered=triage.is_answered_here(flags if answers else understood.red_flags, button),
        raised=raised if button is None and not answers else None,
        is_for_other=any(mention.relation != "self" for mention in entities.people),
        is_switch=button is None and flags.reply is None and is_switch(text),
        told_since=next((one.when.words.text.reveal() for one in entities.symptoms if one.when), ""),
        told_strength=next((_STRENGTHS[one.severity] for one in entities.symptoms if one.severity), ""),
        specialty=specialty_in(text),
        is_distressed=understood.distress == "high",
        transcript=transcript,
    )


_PLAIN_QUESTIONS: frozenset[Step | None] = frozenset({"specialty", "place", "time", "for_whom"})
SHORT = 6
_STRENGTHS = {"mild": "Fraco", "moderate": "Médio", "severe": "Forte"}


def gather(replies: Sequence[Sequence[Say]]) -> tuple[Say, ...]:
    """One reply to several messages that waited together: every text once, in order, with the options of the newest
    question, for earlier ones are answered or asked again by then. More than one only where one would be too long."""
    spoken = [reply for reply in replies if reply]
    if len(spoken) <= 1:
        return tuple(spoken[0]) if spoken else ()
    says = [say for reply in spoken for say in reply]
    asking = next((say for say in reversed(says) if say.options), says[-1])
    words = [text for text in dict.fromkeys(say.text for say in says) if text != asking.text]
    longest = LONGEST_ABOVE_BUTTONS if asking.options else LONGEST_TEXT
    whole = "\n\n".join([*words, asking.text])
    if len(whole) <= longest:
        return (replace(asking, text=whole),)
    return (*(Say(each) for each in _packed(words)), asking)


def _packed(words: Sequence[str]) -> list[str]:
    packed: list[str] = []
    for text in words:
        if packed and len(packed[-1]) + 2 + len(text) <= LONGEST_TEXT:
            packed[-1] = f"{packed[-1]}\n\n{text}"
        else:
            packed.append(text)
    return packed
