"""Medicines by active ingredient or Brazilian brand, and how they are said to be taken."""

import re
from typing import NamedTuple

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import Dose, MedicineMention
from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.entities.moments import NUMBER, number_of
from austa.modules.language.domain.entities.phrases import PhraseBook
from austa.modules.language.domain.normalise import fold_text, fold_word

_SURE, _CUED, _MENDED = 0.97, 0.8, 0.75
_CUE_REACH = 7
_SHORTEST_FOLDED = 3
_DOSE_REACH = 90
_STRENGTH = re.compile(
    r"(?<![\d/,.])(?P<n>\d{1,6}(?:[.,]\d{1,3})?) ?(?P<unit>mg/ml|mg|mcg|ug|ui|ml|gramas?|g|miligramas?|"
    r"microgramas?|unidades|%)(?![a-z])"
)
_BARE_STRENGTH = re.compile(
    r"(?: de)? (?P<n>\d{1,4}(?:[.,]\d{1,2})?)(?![\d/:,.]*\d| ?(?:h\b|x|vez|dia|mes|ano|sem|comp|cap|cp|got|"
    r"reais|conto|em|hora|caixa|uni|a\b|ml|mg|mcg|%|g\b))"
)
_UNITS = {
    "grama": "g", "gramas": "g", "miligrama": "mg", "miligramas": "mg", "microgramas": "mcg", "micrograma": "mcg",
    "ug": "mcg", "unidades": "ui",
}  # fmt: skip
_FORMS = (
    ("comprimido", r"comprimidos?|comp|cps?|cpr|compr"), ("capsula", r"capsulas?|"
        r"caps?"), ("gota", r"gotas?|gts?|gotinhas?"),
    ("jato", r"jatos?|puffs?|bombadas?|borrifadas?|"
        r"jatadas?"), ("ampola", r"ampolas?"), ("sache", r"saches?|envelopes?"),
    ("colher", r"colher(?:es)?(?: de (?:sopa|cha|"
        r"sobremesa))?"), ("adesivo", r"adesivos?"), ("injecao", r"injec(?:ao|oes)"),
    ("ml", r"ml"), ("unidade", r"unidades?"), ("dose", r"doses?"),
)  # fmt: skip
_FORM = "|".join(forms for _, forms in _FORMS)
_AMOUNT = rf"(?P<n>{NUMBER}|mei[oa]|1/2|1/4)(?: e (?P<half>mei[oa]))? ?(?P<form>{_FORM})(?![a-z])"
_AMOUNT_AFTER = re.compile(rf"(?<![\d/,.]){_AMOUNT}")
_AMOUNT_BEFORE = re.compile(rf"(?<![\d/,.]){_AMOUNT}(?: d[eoa])? ?$")
_EVERY = re.compile(
    rf"(?:(?:de|d) )?(?P<n>{NUMBER}) ?(?:h|hs|hrs|horas)? ?(?:em|/|x|por) ?(?P=n) ?(?P<unit>h(?:oras?|rs?|s)?|dias?)\b"
    rf"|(?:a )?cada (?P<m>{NUMBER}) ?(?P<every>h(?:oras?|rs?|s)?|dias?|semanas?|mes(?:es)?)\b"
)
_TIMES = re.compile(
    rf"(?<![\d/,.])(?P<n>{NUMBER}) ?(?:x|vez(?:es)?|comp\w*|caps\w*|cp)? ?(?:ao|por|no|/|a|p) ?(?P<per>dia|"
    rf"semana|mes|d)\b"
    r"|\b(?P<daily>todo (?:santo )?dia|todos os dias|diariamente|diario|1 por dia|uma por dia|antes de dormir|"
    r"ao deitar|"
    r"em jejum|toda manha|toda noite|pela manha|a noite|de manha e (?:de|a) noite|de noite|de manha|por dia)\b"
    r"|\b(?P<weekly>toda semana|por semana|semanal(?:mente)?)\b"
)
_AS_NEEDED = re.compile(
    r"\b(?:se (?:tiver |sentir |eu tiver )?(?:dor|febre|necessario|precisar|doer)|quando (?:doi|doer|precis\w+|"
    r"tenho dor|da dor)|s/n|sos|so na dor)\b"
)
_ROUTES = (
    ("oral", r"via oral|v\.?o\.?|pela boca"), ("sublingual", r"sublingual|embaixo da lingua|debaixo da lingua"),
    ("intravenous", r"na veia|intravenos[oa]|endovenos[oa]|\bev\b|\biv\b"), ("intramuscular", r"intramuscular|"
        r"\bim\b|no musculo|na bunda|no gluteo"),
    ("subcutaneous", r"subcutane[oa]|\bsc\b|na barriga"), ("topical", r"na pele|topic[oa]|pomada|creme|passar"
        r" no|passo no|gel"),
    ("ophthalmic", r"no olho|nos olhos|colirio"), ("nasal", r"no nariz|nasal|spray"
        r" nasal"), ("rectal", r"retal|supositorio"),
    ("vaginal", r"vaginal|na vagina"), ("inhaled", r"inala\w+|nebuliza\w+|bombinha|aerosol|"
        r"aerossol"), ("patch", r"adesivo transdermico|transdermic[oa]"),
)  # fmt: skip
_ROUTE = tuple((name, re.compile(rf"\b(?:{pattern})(?![a-z])")) for name, pattern in _ROUTES)
_END = re.compile(r"[!?;\n]|\.(?!\d)")


class Medicine(Contract):
    ingredients: tuple[str, ...]
    brand: str | None
    needs_cue: bool


class _Data(Contract):
    version: str
    medicines: tuple[tuple[str, str], ...]
    needs_cue: tuple[str, ...]
    cues: str


class _Place(NamedTuple):
    first: int
    last: int
    medicine: Medicine


class Medicines:
    """The list, compiled. A name that is also another word needs a word of taking medicine beside it."""

    def __init__(self, json: bytes) -> None:
        data = _Data.model_validate_json(json)
        cued = frozenset(data.needs_cue)
        listed: list[tuple[str, Medicine]] = []
        for name, brands in data.medicines:
            ingredients = tuple(name.split(" + "))
            if len(ingredients) == 1:
                listed.append((fold_text(name), Medicine(ingredients=ingredients, brand=None, needs_cue=name in cued)))
            listed += [
                (fold_text(brand), Medicine(ingredients=ingredients, brand=brand, needs_cue=brand in cued))
                for brand in brands.split(", ")
                if brand
            ]
        self._book = PhraseBook(listed)
        self._cues = frozenset(fold_word(cue) for cue in data.cues.split("|"))

    def vocabulary(self) -> set[str]:
        return self._book.vocabulary()

    def find(self, message: Message) -> tuple[MedicineMention, ...]:
        """Medicines in order, each with the dose said up to the next one."""
        places = [
            _Place(*found)
            for found in self._book.find(message.words, message.reading.breaks)
            if self._is_meant(message, *found)
        ]
        return tuple(
            self._mention(
                message, place, places[at - 1] if at else None, places[at + 1] if at + 1 < len(places) else None
            )
            for at, place in enumerate(places)
        )

    def _is_meant(self, message: Message, first: int, last: int, medicine: Medicine) -> bool:
        if first == last and len(message.words[first]) < _SHORTEST_FOLDED:
            # Folding says repeated letters once: "AAS" and the article "as" become one word.
            return message.span(first, last).text.reveal().lower() == medicine.brand
        if not medicine.needs_cue:
            return True
        if message.is_mended(first, last):
            return False
        around = (
            *range(first - 1, max(-1, first - 1 - _CUE_REACH), -1),
            *range(last + 1, min(len(message.words), last + 1 + _CUE_REACH)),
        )
        return any(message.reading.words[at] in self._cues for at in around)

    def _mention(
        self, message: Message, place: _Place, previous: _Place | None, following: _Place | None
    ) -> MedicineMention:
        mended = message.is_mended(place.first, place.last)
        return MedicineMention(
            words=message.span(place.first, place.last),
            ingredients=place.medicine.ingredients,
            brand=place.medicine.brand,
            confidence=_MENDED if mended else _CUED if place.medicine.needs_cue else _SURE,
            dose=_dose(message, place, previous, following),
        )


def _dose(message: Message, place: _Place, previous: _Place | None, following: _Place | None) -> Dose | None:
    text = message.plain.text
    start, begin = message.chars(place.first, place.last)
    stop = message.chars(following.first, following.last)[0] if following else len(text)
    end = _END.search(text, begin, min(stop, begin + _DOSE_REACH))
    stop = end.start() if end else min(stop, begin + _DOSE_REACH)
    floor = message.chars(previous.first, previous.last)[1] if previous else 0
    back = _AMOUNT_BEFORE.search(text, max(floor, start - 32), start)
    strength = _STRENGTH.search(text, begin, stop) or _BARE_STRENGTH.match(text, begin, stop)
    led = _STRENGTH.search(text, max(floor, start - 14), start)
    if strength is None and led and re.fullmatch(r" ?(?:d[eoa] )?", text[led.end() : start]):
        strength = led
    said = [
        strength,
        back or _first(_AMOUNT_AFTER, text, begin, stop, strength),
        every := _EVERY.search(text, begin, stop),
        times := None if every else _TIMES.search(text, begin, stop),
        needed := _AS_NEEDED.search(text, begin, stop),
    ]
    amount = said[1]
    route, where = _route(text, begin, stop)
    spans = sorted(match.span() for match in (*said, where) if match)
    if not spans:
        return None
    return Dose(
        words=tuple(message.plain.words(*_trimmed(text, *span)) for span in spans),
        strength=_strength(strength),
        amount=_amount(amount),
        every_hours=_every(every),
        times_a_day=_times(times),
        as_needed=needed is not None,
        route=route,
    )


def _first(
    pattern: re.Pattern[str], text: str, begin: int, stop: int, other: re.Match[str] | None
) -> re.Match[str] | None:
    """The first match that is not the strength ("50 ml" is not both)."""
    return next(
        (m for m in pattern.finditer(text, begin, stop) if other is None or m.start() != other.start("n")), None
    )


def _strength(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    unit = match["unit"] if "unit" in match.re.groupindex else ""
    return f"{match['n']} {_UNITS.get(unit, unit)}".strip()


def _amount(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    form = next(name for name, forms in _FORMS if re.fullmatch(forms, match["form"]))
    number = match["n"]
    said = {"meio": "1/2", "meia": "1/2"}.get(number, number)
    count = said if "/" in said else str(number_of(said))
    return f"{count}{' 1/2' if match['half'] else ''} {form}"


def _every(match: re.Match[str] | None) -> float | None:
    if match is None:
        return None
    unit = match["unit"] or match["every"]
    return number_of(match["n"] or match["m"]) * {"d": 24.0, "s": 168.0, "m": 720.0}.get(unit[0], 1.0)


def _times(match: re.Match[str] | None) -> float | None:
    if match is None:
        return None
    if match["daily"]:
        return 2.0 if "e" in match["daily"].split() else 1.0
    if match["weekly"]:
        return round(1 / 7, 3)
    return round(number_of(match["n"]) / {"s": 7, "m": 30}.get(match["per"][0], 1), 3)


def _route(text: str, begin: int, stop: int) -> tuple[str | None, re.Match[str] | None]:
    found = [(match.start(), name, match) for name, pattern in _ROUTE if (match := pattern.search(text, begin, stop))]
    _, name, match = min(found, key=lambda item: item[0], default=(0, None, None))
    return name, match


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), start + len(said.rstrip())
