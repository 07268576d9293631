"""Since when, for how long, how long ago."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from austa.modules.language.api.entities import When
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.moments import NUMBER, FoundDay, number_of
from austa.modules.language.domain.entities.plain import Sought, Taken

_HOURS = {"min": 1 / 60, "hor": 1.0, "h": 1.0, "dia": 24.0, "noi": 24.0, "sem": 168.0, "mes": 720.0, "ano": 8760.0}
_UNIT = r"(?P<unit>minutos?|min|horas?|hrs?|hs?|dias?|noites?|semanas?|mes(?:es)?|an(?:os?|inhos?))\b"
_LASTING = re.compile(
    rf"\b(?:ha|faz|fazem|tem|a|vai fazer|durante|por|ja|sao|desde)(?: (?:ja|mais de|quase|cerca de|uns|umas|"
    rf"pelo menos|praticamente|bem|so|ha|uma media de))*"
    rf" (?:(?P<n>{NUMBER}) |(?P<half>mei[ao]) |(?P<vague>algum(?:as|as)?|alguns|varios|varias|poucos|poucas|"
    rf"muitos|muitas|uns|umas|bons) )?{_UNIT}"
    rf"(?: e (?P<more>meia|meio)\b)?(?P<ago> atras)?(?! de (?:idade|vida|gravidez|gestacao|gestante))"
    rf"|\b(?:ha|faz|tem|a|ja) (?:muito |um bom |algum |bastante |um )?(?P<time>tempo|tempao)\b"
    rf"|(?<!\d)(?P<bare>{NUMBER}) (?P<bare_unit>dias?|noites?|semanas?|mes(?:es)?|horas?)\b(?P<bare_ago>"
    rf" atras)?(?= (?:que|q|com|seguid|de (?:febre|dor|tosse|intestino|vomito|diarreia|atraso))|\s?[.,!?)]|$| atras)"
)
# The pattern above is slow; it can match only where one of these stands.
_NAMES_A_TIME = re.compile(rf" {_UNIT}|tempo")
_LATER = re.compile(r"\b(?:daqui|dentro|cada|proximos|apos|depois de|em) (?:a |de |ha )?$")
_SINCE = Sought(
    r"\bdesde (?:que (?P<event>\w+ ?\w*)|(?P<what>cedo|hoje cedo|hj cedo|crianca|pequen[oa]|sempre|entao|(?:o|a|"
    r"as|os) (?:\w+ ?){1,4}|(?:de )?(?:manha|tarde|noite|madrugada)|menin[oa]|jovem|bebe))",
    "desde",
)
_BEGAN = re.compile(r"\b(?:desde|comec\w+|inici\w+|aparec\w+|a partir de|surgiu|pegou|peguei)(?: \w+){0,2} ?$")
_PAST_VERB = re.compile(
    r"\b(?:tive|teve|tinha|estava|senti|sentiu|fiquei|ficou|tava|deu|passei|fui|foi|vomitei|vomitou|desmaiei|"
    r"desmaiou|caiu|cai|bateu|bati)\b"
)
_YEAR = Sought(r"\b(?:em|desde) (?P<year>(?:19|20)\d\d)\b(?![/-])", " 19", " 20")


_MOST_WEEKS = 8


class FoundWhen(NamedTuple):
    """A stretch of the folded text that says when."""

    start: int
    end: int
    kind: Literal["since", "lasting", "past"]
    hours: float | None


def find_whens(text: str, days: Sequence[FoundDay], today: date | None) -> list[FoundWhen]:
    """Durations and beginnings in order. `days`: the days found in the text."""
    found: list[FoundWhen] = []
    taken = Taken()
    for match in _LASTING.finditer(text) if _NAMES_A_TIME.search(text) else ():
        if not _LATER.search(text, max(0, match.start() - 14), match.start()) and not _is_gestation(match):
            found.append(FoundWhen(*match.span(), *_lasting(match)))
            taken.add(*match.span())
    for match in _YEAR.finditer(text):
        ago = (today.year - int(match["year"])) * 8760.0 if today else None
        since = match.group().startswith("desde")
        found.append(FoundWhen(*match.span(), "since" if since else "past", ago))
    for day in days:
        if not taken.overlaps(day.start, day.end) and (when := _of_day(text, day, today)):
            found.append(when)
            taken.add(when.start, when.end)
    for match in _SINCE.finditer(text):
        if not taken.overlaps(*match.span()):
            found.append(FoundWhen(*match.span(), "since", None))
    return sorted(found, key=lambda when: when[:2])


def when_near(message: Message, first: int, last: int, whens: Sequence[FoundWhen]) -> When | None:
    """What was said about the time of the words `first` to `last`: the nearest in their sentence, else in the next
    ones when the message holds only one."""
    if not whens:
        return None
    start, end = message.chars(first, last)
    low, high = message.sentence_range(first)
    begin, finish = message.chars(low, high - 1)
    near = [when for when in whens if begin <= when.start < finish]
    if not near and len(whens) == 1 and abs(whens[0].start - end) < 80:
        near = [whens[0]]
    if not near:
        return None
    best = min(near, key=lambda when: max(start - when.end, when.start - end))
    return When(words=message.plain.words(best.start, best.end), kind=best.kind, hours=best.hours)


def _lasting(match: re.Match[str]) -> tuple[Literal["since", "lasting", "past"], float | None]:
    kind: Literal["lasting", "past"] = "past" if match["ago"] or match["bare_ago"] else "lasting"
    if match["time"] or match["vague"]:
        return kind, None
    unit = match["unit"] or match["bare_unit"]
    hours = _HOURS.get(unit[:3]) or _HOURS["h"]
    said = match["n"] or match["bare"]
    if said is None and match["half"] is None:
        return (kind, None) if unit.endswith("s") and unit != "mes" else (kind, hours)
    count = 0.5 if match["half"] else float(number_of(said or "1"))
    return kind, (count + (0.5 if match["more"] else 0.0)) * hours


def _is_gestation(match: re.Match[str]) -> bool:
    """ "22 semanas, sangrando": bare weeks beyond two months are those of a pregnancy."""
    bare = match["bare"]
    return bare is not None and match["bare_unit"].startswith("sem") and number_of(bare) > _MOST_WEEKS


def _of_day(text: str, day: FoundDay, today: date | None) -> FoundWhen | None:
    """ "desde ontem" began then; "ontem tive" was then; "amanhã" says nothing about a complaint."""
    if today is not None and (day.value is None or day.value > today):
        return None
    hours = (today - day.value).days * 24.0 if today and day.value else None
    before = text[max(0, day.start - 24) : day.start]
    if _BEGAN.search(before):
        since = re.search(r"\bdesde (?:a |o |as |os )?$", before)
        start = day.start - (len(before) - since.start()) if since else day.start
        return FoundWhen(start, day.end, "since", hours)
    if text[day.start : day.end] in {"hoje", "hj"}:
        return None
    if _PAST_VERB.search(text, max(0, day.start - 40), day.end + 40):
        return FoundWhen(day.start, day.end, "past", hours)
    return None
