"""What a message wants, where it wants several things: clause by clause, in the order they were said."""

import re

from austa.kernel.personal import Personal
from austa.modules.language.api.language import Intent, Language, Understanding, UtteranceContext

SURE = 0.6
"""A clause alone has less to go by than a message: below this it is not heard apart."""
FEWEST_WORDS = 5
MOST_CLAUSES = 4

_BETWEEN = re.compile(r"[.!?;\n]+|,|\be também\b|\btambém\b|\be\b", re.IGNORECASE)
_APART: frozenset[Intent] = frozenset(
    {
        "authorization_request",
        "authorization_status",
        "appointment_booking",
        "medication_question",
        "general_inquiry",
        "ask_person",
    }
)


def intents_of(
    language: Language, text: str, context: UtteranceContext, understood: Understanding
) -> tuple[Intent, ...]:
    """The intents of a message, those that its clauses name first, in their order.

    The model reads one wish a message ("quero saber do meu pedido e marcar consulta"); read apart, each clause names
    its own. Where fewer than two are found, and wherever danger may be meant, the message is taken as a whole.
    """
    whole = tuple(guess.intent for guess in understood.intents)
    clauses = _clauses(text)
    if len(clauses) < 2 or understood.red_flags.reply is not None or (whole and whole[0] not in _APART):
        return whole
    read = language.understand_many([(Personal(clause), context) for clause in clauses])
    best = [each.intents[0] for each in read if each.intents and each.red_flags.reply is None]
    named = tuple(dict.fromkeys(guess.intent for guess in best if guess.intent in _APART and guess.confidence >= SURE))
    if len(named) < 2:
        return whole
    return (*named, *(intent for intent in whole if intent not in named))


def _clauses(text: str) -> list[str]:
    if len(text.split()) < FEWEST_WORDS:
        return []
    clauses = [part.strip() for part in _BETWEEN.split(text)]
    clauses = [part for part in clauses if len(part.split()) >= 2]
    return clauses if len(clauses) <= MOST_CLAUSES else []
