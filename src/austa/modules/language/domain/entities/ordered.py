"""What stands around the name of a procedure: side, number of sessions, contrast, sedation."""

import re
from collections.abc import Sequence

from austa.modules.language.api.entities import ProcedureMatch, ProcedureMention, Side
from austa.modules.language.domain.entities.body import BodyParts
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.moments import NUMBER, number_of
from austa.modules.language.domain.procedures import NamedProcedure

LEAST_CLEAR = 0.6
"""Below this score the first code is no better than a guess: the mention is ambiguous."""

_AROUND = 44
_SESSIONS = re.compile(
    rf"(?<![\d/,.])(?P<n>{NUMBER}) ?(?:x )?(?:sess(?:ao|oes)|aplicac(?:ao|oes)|atendimentos?|unidades?|terapias)\b"
)
_CONTRAST = re.compile(r"\b(?P<no>sem |s/ ?)?(?:(?:com|c/|e com|uso de) ?)?contraste\b")
_SEDATION = re.compile(r"\b(?P<no>sem |s/ ?)?(?:(?:com|c/|sob) ?)?(?:sedacao|anestesia|anestesista)\b")
_EDGE = re.compile(r"[.;!?\n](?!\d)|\+")


def procedure_mention(
    message: Message, named: NamedProcedure, candidates: tuple[ProcedureMatch, ...], parts: BodyParts
) -> ProcedureMention:
    """A mention with what was said around it, up to the end of the sentence or the next item of a list."""
    match = named.match
    start, end = message.chars(match.first, match.last)
    text = message.plain.text
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before = [edge.end() for edge in _EDGE.finditer(text, low, start)]
    after = _EDGE.search(text, end, high)
    begin, stop = before[-1] if before else low, after.start() if after else high
    sessions = _SESSIONS.search(text, begin, stop)
    return ProcedureMention(
        words=message.span(match.first, match.last),
        candidates=candidates,
        ambiguous=named.score < LEAST_CLEAR,
        side=_side(message, match.places, parts),
        quantity=number_of(sessions["n"]) if sessions else None,
        contrast=_said(_CONTRAST.search(text, begin, stop)),
        sedation=_said(_SEDATION.search(text, begin, stop)),
    )


def _said(match: re.Match[str] | None) -> bool | None:
    return None if match is None else match["no"] is None


def _side(message: Message, places: Sequence[int], parts: BodyParts) -> Side | None:
    return parts.side_near(message, places[0], places[-1]) or next(
        (side for place in places if (side := parts.side_near(message, place, place))), None
    )
