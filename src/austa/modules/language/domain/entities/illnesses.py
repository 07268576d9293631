"""Named illnesses and states -> CID-10: lay and medical names, and codes as they are written."""

import re
from collections.abc import Mapping, Sequence

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import ConditionMention
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.people import Person, bearer_of
from austa.modules.language.domain.entities.phrases import PhraseBook
from austa.modules.language.domain.entities.scope import is_denied

_CODE = re.compile(
    r"(?<![A-Za-z0-9.])(?P<letter>[A-TV-Za-tv-z])(?P<digits>\d{2})(?P<rest>\.?\d)?(?![A-Za-z0-9]|\.\d)", re.ASCII
)
_CUE = re.compile(r"\bcid(?:[ -]?10)?s?\b[^.!?\n]{0,24}$", re.IGNORECASE)
_MENDED = 0.8
_CODED, _DOTTED, _BARE = 0.99, 0.95, 0.8


class _Data(Contract):
    version: str
    names: tuple[tuple[str, float, str], ...]
    not_conditions: tuple[str, ...]


class Illnesses:
    """Names of illnesses, compiled. The confidence of each name is how surely it means that code."""

    def __init__(self, json: bytes) -> None:
        data = _Data.model_validate_json(json)
        listed: list[tuple[str, tuple[tuple[str, float], ...]]] = [(phrase, ()) for phrase in data.not_conditions]
        for code, confidence, words in data.names:
            listed += [(phrase, ((code, confidence),)) for phrase in words.split("|")]
        self.codes = frozenset(code for code, _, _ in data.names)
        self._book = PhraseBook(listed)

    def vocabulary(self) -> set[str]:
        return self._book.vocabulary()

    def find(
        self, message: Message, table: Mapping[str, str], people: Sequence[Person], ordered: frozenset[int]
    ) -> tuple[ConditionMention, ...]:
        """Conditions in order. `table`: descriptions by code; a written code that it lacks counts only after "CID".
        `ordered`: words of procedures: "cirurgia de catarata" asks for one and says no more."""
        found = self._coded(message, table)
        places = self._book.find(message.words, message.reading.breaks)
        covered = {at for place in places for at in range(place.first, place.last + 1)}
        for first, last, named in places:
            if ordered.issuperset(range(first, last + 1)):
                continue
            for code, confidence in named:
                who, _ = bearer_of(message, people, first, last)
                found.append(
                    ConditionMention(
                        words=message.span(first, last),
                        code=code,
                        description=table.get(code),
                        confidence=round(confidence * (_MENDED if message.is_mended(first, last) else 1), 3),
                        negated=is_denied(message, first, last, covered.__contains__),
                        who=who,
                    )
                )
        return tuple(sorted(found, key=lambda mention: mention.words.start))

    def _coded(self, message: Message, table: Mapping[str, str]) -> list[ConditionMention]:
        found = []
        for match in _CODE.finditer(message.plain.written) if message.plain.has_digits else ():
            code = f"{match['letter'].upper()}{match['digits']}{(match['rest'] or '').lstrip('.')}"
            is_announced = _CUE.search(message.plain.written, max(0, match.start() - 34), match.start()) is not None
            is_dotted = (match["rest"] or "").startswith(".")
            known = code in table or code[:3] in table
            if not is_announced and (match["letter"].islower() or len(code) == 3 or not known):
                continue
            found.append(
                ConditionMention(
                    words=message.plain.matched(match),
                    code=code,
                    description=table.get(code),
                    confidence=_CODED if is_announced else _DOTTED if is_dotted else _BARE,
                )
            )
        return found
