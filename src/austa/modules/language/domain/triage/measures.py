"""Numbers of a story: age, how long it has lasted, temperature, strength of pain. Nothing is guessed: what is not said
stays None."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from austa.kernel.contracts import Contract
from austa.modules.language.domain.normalise import number_value
from austa.modules.language.domain.triage.protocol import Measure

_UNITS_IN_DAYS = {"minuto": 1 / 1440, "hora": 1 / 24, "dia": 1.0, "semana": 7.0, "mes": 30.0, "ano": 365.0}
_UNITS_IN_YEARS = {"dia": 1 / 365, "semana": 7 / 365, "mes": 1 / 12, "ano": 1.0}

_AMOUNT = r"(\d{1,3}|[a-z]+)(?:\s+e\s+(meia?|pouco))?"
_UNIT = r"(minuto|hora|dia|semana|mes|ano)(?:e?s)?\b(?:\s+e\s+(meio|meia))?"
_ABOUT = r"(?:(?:uns|umas|cerca de|mais de|quase|mais ou menos|ja|pelo menos|so|apenas)\s+){0,2}"

_SPAN = re.compile(rf"\b(ha|a|ah|faz|fazem|tem|por|durante|ja|uns|umas|ultimos|ultimas)\s+{_ABOUT}{_AMOUNT}\s+{_UNIT}")
_AGO = re.compile(rf"\b{_AMOUNT}\s+{_UNIT}\s+(?:atras|seguidos|seguidas|direto|com isso|assim)\b")
_SINCE = re.compile(
    r"\b(?:desde|de)\s+(?:a |o |as |os )?(ontem|anteontem|hoje|cedo|manha|madrugada|agora|meio dia|semana passada|"
    r"mes passado|ano passado|segunda|terca|quarta|quinta|sexta|sabado|domingo)\b|"
    r"\b(ontem|anteontem|antes de ontem|hoje cedo|hoje de manha|essa noite|esta noite|de madrugada)\b"
)
_SINCE_IN_DAYS = {
    "ontem": 1.0, "anteontem": 2.0, "antes de ontem": 2.0, "semana passada": 7.0, "mes passado": 30.0,
    "ano passado": 365.0, "segunda": 4.0, "terca": 4.0, "quarta": 4.0, "quinta": 4.0, "sexta": 4.0, "sabado": 4.0,
    "domingo": 4.0,
}  # fmt: skip
_TODAY = 0.3
_ORDINAL = re.compile(r"\b(primeiro|segundo|terceiro|quarto|quinto|sexto) dia\b")
_ORDINAL_IN_DAYS = {"primeiro": 1.0, "segundo": 2.0, "terceiro": 3.0, "quarto": 4.0, "quinto": 5.0, "sexto": 6.0}

# How long other things last: a medicine, a habit, a marriage, an illness one lives with.
_OTHER_MATTERS = re.compile(
    r"\b(tom[oa]|uso|usa|usando|tomando|operei|operou|operad[oa]|cirurgia|pari|parto|cesarea|ganhei|sou|diagnostic\w*|"
    r"voltei|voltou|viaj\w+|cheguei|mor[oa]|trabalh\w+|fum[oa]|parei|mudei|troquei|casad[oa]|aposent\w+|"
    r"comecei a tomar|colocou|coloquei|nasceu|pilula|diu|hipertens[oa]|diabetic[oa]|atraso|transplant\w*|quimio\w*)\b"
)
_REPEATS = re.compile(r"\b(a cada|de|em|vezes (?:por|ao|na|no))\s*$")
_OF_LIFE = re.compile(r"\s+(?:de (?:vida|idade|nascid)|e pouco de vida|recem)")
_WORDS_BEFORE = 45

_AGE = re.compile(
    rf"\b(?:(tenho|tem|com|de|idade|completou|fez|fiz|faz)\s+)?{_ABOUT}{_AMOUNT}\s+(dia|semana|mes|ano)(?:e?s)?\b"
    rf"(?:\s+e meio)?(\s+de\s+(?:vida|nascid[oa]|idade)|\s+recem)?"
)
_NOT_AN_AGE = re.compile(
    r"\b(ha|faz|fazem|por|durante|desde|uns|umas|a cada|em|ultimos|ultimas|mais de|cerca de|quase|aos|tem)\s*$"
)
_NOT_AN_AGE_AFTER = re.compile(r"^\s*(atras|passad|seguid|que |de (?!vida|nascid|idade)\w+|sem |com isso|depois|antes)")
_CHILD = re.compile(
    r"\b(bebe|nenem|filh[oa]\w*|net[oa]|netinh[oa]|crianca|menin[oa]|nascid[oa]|sobrinh[oa]|gemeos?|pequen[oa]|guri[a]?|"
    r"afilhad[oa]|enteada|enteado)\b"
)
_NEWBORN = re.compile(r"\brecem\W{0,2}nascid[oa]\b|\bbebezinh[oa] recem\b")

_DECIMAL_HEAT = re.compile(r"(?<![\d,./])(3[4-9]|4[0-2])\s?[.,]\s?(\d)\d?(?!\d)")
_WHOLE_HEAT = re.compile(
    r"(?:febre|febrao|temperatura|termometro|quentura|marcou|marcando|deu|chegou|bateu|mediu)\D{0,25}?"
    r"(?<!\d)(3[5-9]|4[0-2])(?:\s?(?:graus|o)?\s?e\s?(meio))?(?![\d,.]?\d)(?!\s*(?:anos|semanas|meses|dias|horas))"
    r"|(?<!\d)(3[5-9]|4[0-2])(?:\s?e\s?(meio))?\s?(?:graus|°|º|de febre)"
)
_SCALE = re.compile(r"\b(?:de |entre )?(?:0|zero|1|um) (?:a|e|ate) (?:10|dez)\b")
_PAIN = re.compile(
    r"\b(10|\d)\s?(?:/|de|em)\s?10\b"
    r"|\b(?:nota|escala|intensidade|nivel)\D{0,15}?(10|\d)\b(?![.,/]?\d)"
    r"|\bdor\s(?:e\s|de\s|esta\s|ta\s|nivel\s)?(10|\d)(?=\s*(?:[,.!;)]|$))"
)


class Measures(Contract):
    """Years of age, days since it began, degrees Celsius and strength of pain 0..10: the worst that was said."""

    age_years: float | None = None
    days: float | None = None
    temperature: float | None = None
    pain: float | None = None

    def lies_between(self, measure: Measure, bounds: tuple[float, float]) -> bool:
        """True when the measure was said and lies between the bounds."""
        value: float | None = getattr(self, measure)
        return value is not None and bounds[0] <= value <= bounds[1]


def measure(texts: Sequence[str]) -> Measures:
    """What the texts say in numbers."""
    plain = [_plain(text) for text in texts]
    return Measures(
        age_years=next((age for text in plain for age in _ages(text)), None),
        days=max((days for text in plain for days in _spans(text)), default=None),
        temperature=max((heat for text in plain for heat in _temperatures(text)), default=None),
        pain=max((pain for text in plain for pain in _pains(text)), default=None),
    )


def _plain(text: str) -> str:
    """Lower case without accents or invisible marks; signs and spaces stay."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(ch for ch in decomposed if unicodedata.category(ch) not in {"Mn", "Me", "Cf"})


def _ages(text: str) -> Iterator[float]:
    """Ages in the order of trust: "tenho 41 anos" first, then as they stand."""
    if _NEWBORN.search(text):
        yield 0.02
    found = [match for match in _AGE.finditer(text) if _is_age(match, text)]
    for match in sorted(found, key=lambda match: match[1] != "tenho"):
        amount = _value(match[2])
        if amount is not None:
            yield amount * _UNITS_IN_YEARS[match[4]]


def _is_age(match: re.Match[str], text: str) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if match[5]:
        return True
    if match[4] == "ano":
        said = match[1] in {"tenho", "tem", "de", "com", "idade", "completou", "fez", "fiz"}
        return (said or not _NOT_AN_AGE.search(before)) and match[1] != "faz" and not _NOT_AN_AGE_AFTER.match(after)
    if match[1] is None:
        return re.search(rf"{_CHILD.pattern}\W{{1,3}}(?:\w+\W)?$", before[-30:]) is not None
    about_child = _CHILD.search(before[-40:]) is not None
    return match[1] in {"de", "com", "tem", "fez", "completou"} and about_child and not _lasts(before[-25:])


def _lasts(before: str) -> bool:
    return re.search(r"\b(ha|faz|desde|tosse|febre|dor|diarreia|doente)\b", before) is not None


def _spans(text: str) -> Iterator[float]:
    for match in (*_SPAN.finditer(text), *_AGO.finditer(text)):
        groups = match.groups()[-4:]
        amount, unit, half = _value(groups[0]), groups[2], groups[1] or groups[3]
        about = text[max(match.start() - _WORDS_BEFORE, 0) : match.start()]
        clause = re.split(r"[.!?;\n]", about)[-1]
        if (
            _OF_LIFE.match(text[match.end() :])
            or amount is None
            or _REPEATS.search(about)
            or about.endswith("daqui ")
            or _OTHER_MATTERS.search(clause)
        ):
            continue
        if unit == "ano" and match[0].startswith(("tem", "a ", "ja", "uns", "umas")):
            continue
        yield (amount + (0.5 if half else 0)) * _UNITS_IN_DAYS[unit]
    for match in _SINCE.finditer(text):
        yield _SINCE_IN_DAYS.get(match[1] or match[2], _TODAY)
    for match in _ORDINAL.finditer(text):
        yield _ORDINAL_IN_DAYS[match[1]]


def _temperatures(text: str) -> Iterator[float]:
    for match in _DECIMAL_HEAT.finditer(text):
        yield float(f"{match[1]}.{match[2]}")
    for match in _WHOLE_HEAT.finditer(text):
        yield float(match[1] or match[3]) + (0.5 if match[2] or match[4] else 0)


def _pains(text: str) -> Iterator[float]:
    for match in _PAIN.finditer(_SCALE.sub("", text)):
        yield float(match[1] or match[2] or match[3])


def _value(word: str) -> float | None:
    if word in {"meia", "meio"}:
        return 0.5
    if word in {"alguns", "algumas", "varios", "varias", "poucos", "poucas"}:
        return 3.0
    if word in {"muitos", "muitas"}:
        return 12.0
    value = number_value(word)
    return float(value) if value is not None else None
