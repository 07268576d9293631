"""Complaints: a word of pain or trouble with the part of the body it is in, or a phrase that names one by itself."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import Severity, Side, SymptomMention
from austa.modules.language.domain.entities.body import BodyParts, FoundPart
from austa.modules.language.domain.entities.durations import FoundWhen, when_near
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.people import Person, bearer_of
from austa.modules.language.domain.entities.phrases import SMALL_WORDS, PhraseBook
from austa.modules.language.domain.entities.scope import is_denied
from austa.modules.language.domain.normalise import fold_word

_PART_AFTER = 6
_PART_BEFORE = 5
_SURE, _MENDED, _VAGUE = 0.92, 0.75, 0.6
# Words that are complaints only as they are usually meant.
_VAGUE_NAMES = frozenset({"sangue", "gases", "frio", "calor", "ferida", "caroco", "mancha", "queda", "sede", "suor"})
_SEVERITIES: dict[Severity, str] = {
    "severe": "forte|fortes|fortíssima|fortíssimo|intensa|intenso|insuportável|horrível|terrível|demais|muita|muito"
    "|absurda|absurdo|grave|pior|desgraçada|danada|danado|sinistra|sinistro|lascada|monstro|monstra|braba|brava|aguda"
    "|violenta|violento|excessivo|excessiva|medonha|piorando|bastante|imensa",
    "moderate": "moderada|moderado|média|médio|razoável|mediana",
    "mild": "leve|leves|fraca|fraco|fraquinha|fraquinho|levinha|levinho|pouco|pouquinho|suportável|pequena|"
    "besta|tiquinho|chatinha",
}
_SEVERITY_OF: dict[str, Severity] = {
    fold_word(word): level for level, words in _SEVERITIES.items() for word in words.split("|")
}
_SMALLER = re.compile(r"(?:dor|febr|tos|tontur|coceir|pontad|colic)\w*inhas?$")
_DEGREES = re.compile(
    r"(?: ?(?:de|em|ta|esta|com|a|deu|chegou a|que chega a|alta|alta de|:|,|\()){0,2} ?(?P<n>3[5-9]|"
    r"4[0-2])(?:[.,](?P<tenths>\d))?(?!\d)(?: ?(?:º ?c?\b|graus?\b|c\b))?"
)
_PAIN = re.compile(
    r"\b(?:nota|nivel|escala|intensidade|grau) (?:de )?(?:dor )?(?P<n>10|\d)(?!\d)|\b(?P<m>10|\d) ?(?:/|de|em|"
    r"num total de) ?10\b"
)
_PAIN_REACH = 60


class Complaint(Contract):
    """`name` in Portuguese without accents, `label` in English, the part of the body when the name implies one."""

    name: str
    label: str
    part: str | None = None


class _Head(Contract):
    """A word of trouble. `words` name a complaint by themselves; those of `with_part` only next to a part."""

    name: str
    label: str
    words: str
    with_part: str


class _Data(Contract):
    version: str
    heads: tuple[_Head, ...]
    links: str
    names: dict[str, str]
    labels: dict[str, str]
    phrases: tuple[tuple[str, str, str | None, str], ...]


class _Meant(NamedTuple):
    """What a phrase of the one book of complaints is."""

    complaint: Complaint | None
    head: _Head | None
    needs_part: bool


class _Place(NamedTuple):
    first: int
    last: int
    complaint: Complaint
    side: Side | None


class Symptoms:
    """The complaints, compiled."""

    def __init__(self, json: bytes, parts: BodyParts) -> None:
        self._data = _Data.model_validate_json(json)
        self._parts = parts
        listed: list[tuple[str, _Meant]] = []
        for name, label, part, words in self._data.phrases:
            complaint = Complaint(name=name, label=label, part=part)
            listed += [(phrase, _Meant(complaint, None, False)) for phrase in _phrases(words)]
        for head in self._data.heads:
            listed += [(phrase, _Meant(None, head, False)) for phrase in _phrases(head.words)]
            listed += [(phrase, _Meant(None, head, True)) for phrase in _phrases(head.with_part)]
        self._book = PhraseBook(listed)
        self._known: dict[str, Complaint] = {}
        self._links = SMALL_WORDS | {fold_word(word) for word in self._data.links.split("|")} | parts.side_words

    def vocabulary(self) -> set[str]:
        return self._book.vocabulary() | set(_SEVERITY_OF) | {word for word in self._links if len(word) > 4}

    def beginnings(self) -> set[str]:
        return self._book.beginnings()

    def find(
        self, message: Message, parts: Sequence[FoundPart], people: Sequence[Person], whens: Sequence[FoundWhen]
    ) -> tuple[SymptomMention, ...]:
        """Complaints in order. `parts`, `people`, `whens`: what was found of these in the message."""
        places = self._places(message, parts)
        covered = {at for place in places for at in range(place.first, place.last + 1)}
        return tuple(self._mention(message, place, covered, people, whens) for place in places)

    def _places(self, message: Message, parts: Sequence[FoundPart]) -> list[_Place]:
        places: list[_Place] = []
        starts = [part.first for part in parts]
        for first, last, meant in self._book.find(message.words, message.reading.breaks):
            if meant.complaint is not None:
                side = self._parts.side_near(message, first, last) if meant.complaint.part else None
                places.append(_Place(first, last, meant.complaint, side))
            elif meant.head is not None:
                places += self._with_parts(message, first, last, meant, parts, starts, places)
        return [place for place in places if place.last >= place.first]

    def _with_parts(
        self, message: Message, first: int, last: int, meant: _Meant,
        parts: Sequence[FoundPart], starts: Sequence[int], places: Sequence[_Place],
    ) -> list[_Place]:  # fmt: skip
        """The word of trouble with the part after it ("dor no joelho"), else the one before ("o joelho dói")."""
        head = meant.head
        assert head is not None
        at = bisect_left(starts, last + 1)
        after_at = at
        after = parts[at] if at < len(parts) and self._linked(message, last, parts[at].first, _PART_AFTER) else None
        at = bisect_left(starts, first)
        before = parts[at - 1] if at and self._linked(message, parts[at - 1].last, first, _PART_BEFORE) else None
        if before and places and places[-1].last >= before.last:
            before = None
        if after and before and first - before.last < after.first - last:
            after = None
        chosen = after or before
        if chosen is None:
            alone = Complaint(name=head.name, label=head.label)
            return [] if meant.needs_part else [_Place(first, last, alone, None)]
        found = [_Place(min(first, chosen.first), max(last, chosen.last), self._named(head, chosen), chosen.side)]
        if after:
            found += self._further(message, head, after_at, parts)
        return found

    def _further(self, message: Message, head: _Head, at: int, parts: Sequence[FoundPart]) -> list[_Place]:
        """ "dor na cabeça e nas costas": the second part has the pain too."""
        if at + 1 >= len(parts):
            return []
        part, other = parts[at], parts[at + 1]
        between = message.words[part.last + 1 : other.first]
        if (
            "e" in between
            and other.first - part.last <= 4
            and all(w in SMALL_WORDS for w in between)
            and not any(message.reading.breaks[part.last + 1 : other.first + 1])
        ):
            following = message.words[other.last + 1 : other.last + 4]
            if not any(self._book.find([word], [True]) for word in following):
                return [_Place(other.first, other.last, self._named(head, other), other.side)]
        return []

    def _linked(self, message: Message, last: int, first: int, reach: int) -> bool:
        between = range(last + 1, first)
        if len(between) > reach or any(message.reading.breaks[last + 1 : first + 1]):
            return False
        return all(message.words[at] in self._links for at in between) and not any(
            message.reading.commas[last + 1 : first + 1]
        )

    def _named(self, head: _Head, found: FoundPart) -> Complaint:
        key = f"{head.name} {found.part.name}"
        complaint = self._known.get(key)
        if complaint is None:
            article = {"o": "no", "a": "na", "as": "nas"}[found.part.article]
            complaint = self._known[key] = Complaint(
                name=self._data.names.get(key, f"{head.name} {article} {found.part.name}"),
                label=self._data.labels.get(key, f"{found.part.label} {head.label}"),
                part=found.part.name,
            )
        return complaint

    def _mention(
        self, message: Message, place: _Place, covered: set[int], people: Sequence[Person], whens: Sequence[FoundWhen]
    ) -> SymptomMention:
        first, last = place.first, place.last
        denied = is_denied(message, first, last, covered.__contains__)
        severity, last = _severity(message, first, last, covered)
        degrees, end = _degrees(message, last) if place.complaint.name == "febre" else (None, None)
        who, age = bearer_of(message, people, first, last)
        confidence = _MENDED if message.is_mended(first, place.last) else _SURE
        words = message.span(first, last)
        if end is not None:
            words = message.plain.words(message.plain.at(words.start), end)
        return SymptomMention(
            words=words,
            name=place.complaint.name,
            label=place.complaint.label,
            confidence=min(confidence, _VAGUE) if place.complaint.name in _VAGUE_NAMES else confidence,
            negated=denied,
            when=when_near(message, first, last, whens),
            severity=severity,
            pain=_pain(message, last),
            degrees=degrees,
            part=place.complaint.part,
            side=place.side,
            who=who,
            age_months=age,
        )


def _phrases(words: str) -> list[str]:
    """ "vomit*|botando sangue": phrases of one list. A star ends a beginning."""
    return [phrase for phrase in words.split("|") if phrase]


def _severity(message: Message, first: int, last: int, covered: set[int]) -> tuple[Severity | None, int]:
    """How bad it is, and the last word that says so when it stands right behind."""
    words, breaks = message.words, message.reading.breaks
    inside = next((_SEVERITY_OF[w] for w in words[first : last + 1] if w in _SEVERITY_OF), None)
    end = last
    for place in range(last + 1, min(last + 4, len(words))):
        if breaks[place] or place in covered or message.reading.commas[place]:
            break
        if level := _SEVERITY_OF.get(words[place]):
            if (
                words[place] in {"muito", "muita"}
                and place + 1 < len(words)
                and words[place + 1] not in _SEVERITY_OF
                and not breaks[place + 1]
                and place > last + 1
            ):
                break
            is_denied = any(word in {"nao", "nem"} for word in words[last + 1 : place])
            if is_denied:
                break
            return level, place
        if words[place] not in SMALL_WORDS:
            break
    for place in range(first - 1, max(-1, first - 3), -1):
        if breaks[place + 1] or place in covered:
            break
        if level := _SEVERITY_OF.get(words[place]):
            return level, end
    if inside is None and any(_SMALLER.match(word) for word in message.reading.words[first : last + 1]):
        return "mild", end
    return inside, end


def _degrees(message: Message, last: int) -> tuple[float | None, int | None]:
    """The temperature right behind "febre", and where it ends in the folded text."""
    match = _DEGREES.match(message.plain.text, message.chars(last, last)[1])
    if match is None:
        return None, None
    return int(match["n"]) + (int(match["tenths"]) / 10 if match["tenths"] else 0.0), match.end()


def _pain(message: Message, last: int) -> int | None:
    start = message.chars(last, last)[1]
    match = _PAIN.search(message.plain.text, start, start + _PAIN_REACH)
    if match is None or re.search(r"[.!?\n]", message.plain.text[start : match.start()]):
        return None
    return int(match["n"] or match["m"])
