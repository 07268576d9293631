"""What a message wants, where it wants several things: clause by clause, in the order they were said."""

import re
from collections.abc import Sequence

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
    language: Language, some: Sequence[tuple[Personal, UtteranceContext]], understood: Sequence[Understanding]
) -> list[tuple[Intent, ...]]:
    """The intents of each message, those that its clauses name first, in their order.

    The model reads one wish a message ("quero saber do meu pedido e marcar consulta"); read apart, each clause names
    its own. Where fewer than two are found, and wherever danger may be meant, the message is taken as a whole. The
    clauses of all of them are read at once.
    """
    found = [tuple(guess.intent for guess in each.intents) for each in understood]
    clauses = [
        (at, (Personal(clause), context))
        for at, (said, context) in enumerate(some)
        if understood[at].red_flags.reply is None and (not found[at] or found[at][0] in _APART)
        for clause in _clauses(said.reveal())
    ]
    read = language.understand_many([clause for _, clause in clauses], facts=False) if clauses else ()
    named: dict[int, list[Intent]] = {}
    for (at, _), each in zip(clauses, read, strict=True):
        best = each.intents[0] if each.intents and each.red_flags.reply is None else None
        if best is not None and best.intent in _APART and best.confidence >= SURE:
            named.setdefault(at, []).append(best.intent)
    for at, apart in named.items():
        if len(set(apart)) >= 2:
            found[at] = tuple(dict.fromkeys((*apart, *found[at])))
    return found


def _clauses(text: str) -> list[str]:
    if len(text.split()) < FEWEST_WORDS:
        return []
    clauses = [part.strip() for part in _BETWEEN.split(text)]
    clauses = [part for part in clauses if len(part.split()) >= 2]
    return clauses if 2 <= len(clauses) <= MOST_CLAUSES else []
