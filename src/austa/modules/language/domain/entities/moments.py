"""Days and times of day as people write them: in digits, in words, and seen from today."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import NamedTuple

from austa.modules.language.api.entities import DateMention, DayPart, TimeMention
from austa.modules.language.domain.entities.plain import Plain, Sought, Taken

_DATE = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/]|[.-]\d)", re.ASCII)
_ISO = re.compile(r"(?<![\d/-])((?:19|20)\d{2})-(\d{2})-(\d{2})(?![\d-])", re.ASCII)
_MONTHS = {
    "janeiro": 1, "jan": 1, "fevereiro": 2, "fev": 2, "marco": 3, "mar": 3, "abril": 4, "abr": 4, "maio": 5, "mai": 5,
    "junho": 6, "jun": 6, "julho": 7, "jul": 7, "agosto": 8, "ago": 8, "setembro": 9, "set": 9, "outubro": 10,
    "out": 10, "novembro": 11, "nov": 11, "dezembro": 12, "dez": 12,
}  # fmt: skip
_FULL_MONTHS = "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
_WRITTEN_DATE = re.compile(
    rf"(?<![\d/])(\d{{1,2}}|primeiro)[oº]? (?:de )?({_FULL_MONTHS}|(?<=de )(?:{'|'.join(_MONTHS)}))\b"
    rf"(?:,? (?:de |do ano de )?(\d{{4}}))?"
)
_MONTH_ONLY = Sought(
    rf"\b(?:em|de|desde|ate|para|pra|no mes de) ({_FULL_MONTHS})\b(?:,? de (\d{{4}}))?", *_FULL_MONTHS.split("|")
)
_WEEKDAYS = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "domingo": 6}
# "segunda via", "quinta sessão": an ordinal, not a day.
_ORDINAL_OF = (
    "via|vez|vezes|opiniao|dose|doses|sessao|parte|fase|tentativa|etapa|linha|consulta|gravidez|gestacao|cirurgia|mao|"
    "opcao|parcela|mensalidade|pessoa|solicitacao|negativa|guia|semana|injecao|ligacao|reclamacao|crise|queda|cesarea|"
    "fatura|cobranca|filha|ordem|categoria|serie|ressonancia|avaliacao|aplicacao|colocada|classe|copia"
)
_WEEKDAY = Sought(
    rf"\b(?P<before>(?:nest[ea]|est[ea]|nessa|essa|proxim[oa]|prox) )?(?P<day>{'|'.join(_WEEKDAYS)})s?"
    rf"(?P<feira>[ -]?feira)?\b(?! (?:{_ORDINAL_OF})\b)"
    r"(?P<after> (?:que vem|q vem|passad[oa]|retrasad[oa]|proxim[oa]|agora|da semana que vem))?",
    *_WEEKDAYS,
)
_RELATIVE_DAYS = {
    "depois de amanha": 2, "dps de amanha": 2, "amanha": 1, "amnha": 1, "amanh": 1, "hoje": 0, "hj": 0, "ontem": -1,
    "onte": -1, "ontm": -1, "anteontem": -2, "antes de ontem": -2, "antiontem": -2, "antontem": -2,
}  # fmt: skip
_RELATIVE = Sought(
    rf"\b(?:{'|'.join(sorted(_RELATIVE_DAYS, key=len, reverse=True))})\b", "hoje", "hj", "ont", "aman", "amnh"
)
_DAY_OF_MONTH = re.compile(
    r"\bdia (?P<day>\d{1,2}|primeiro)[oº]?(?![\d/:.,-]*\d)(?! de (?:janeiro|fev|mar|abr|maio|ju|ago|set|out|nov|dez))"
    r"(?: (?:do|deste|desse|d[oe]) (?P<of>mes que vem|proximo mes|mes passado|corrente|mes|mesmo mes))?",
    re.ASCII,
)
_NUMBER_WORDS = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13, "quatorze": 14, "catorze": 14, "quinze": 15,
    "dezesseis": 16, "dezessete": 17, "dezoito": 18, "dezenove": 19, "vinte": 20, "trinta": 30, "quarenta": 40,
    "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100,
}  # fmt: skip
NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})"
"""A small number in digits or in a word, as a piece of a pattern over folded text."""
_SPANS = {"dia": 1, "semana": 7, "mes": 30, "ano": 365}
_SHIFTED = Sought(
    rf"\b(?:(?P<ahead>daqui (?:a |ha |uns )?|dentro de |de hoje a )(?P<n>{NUMBER}) (?P<unit>dia|semana|mes|"
    rf"ano)(?:s|es)?\b"
    rf"|(?:(?:ha|a|faz) )?(?P<m>{NUMBER}) (?P<back>dia|semana|mes|ano)(?:s|es)? atras\b)",
    "atras",
    "daqui",
    "dentro",
    "de hoje",
)
_PERIOD = Sought(
    r"\b(?:(?P<unit>mes|semana|ano) (?P<after>que vem|q vem|passad[oa]|retrasad[oa]|seguinte)"
    r"|(?P<before>proxim[oa]|prox|est[ea]|nest[ea]|ess[ea]|ness[ea]) (?P<same>mes|semana|ano)"
    r"|(?P<weekend>fi(?:m|nal) de semana|fds)(?P<which> que vem| passado)?)\b",
    "mes",
    "semana",
    "ano",
    "fds",
)
_DAY_PARTS: dict[str, DayPart] = {"madrugada": "dawn", "manha": "morning", "tarde": "afternoon", "noite": "night"}
_PART_WORDS = (
    r"(?:de|da|pela|a|na|d|hoje|ontem|amanha) (?P<{0}>madrugada|manha|tarde|noite)"
    r"(?:zinha)?\b(?! (?:demais|para|pra))"
)
_CLOCK = re.compile(
    r"(?<![\d:/,.])(?:\b(?:as|a|das|ate|desde as|pelas|umas|la pelas) )?"
    r"(?P<hour>[01]?\d|2[0-4])(?: ?(?::|h|hs|hrs|hr)(?P<minute>[0-5]\d)(?!\d)(?: ?(?:h|hs|hrs|min)\b)?| ?(?:hs|"
    r"hrs|hr|h)(?![a-z0-9])|"
    r"(?= (?:da|de) (?:madrugada|manha|tarde|noite)\b))"
    r"(?P<half> e meia\b)?(?: (?:da|de) (?P<part>madrugada|manha|tarde|noite)\b)?",
    re.ASCII,
)
_HOUR_WORDS = "uma|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze"
_SPOKEN_CLOCK = re.compile(
    rf"\b(?<!tomo )(?<!toma )(?<!todas )(?:as|das|ate as|pelas|la pelas) (?P<hour>{_HOUR_WORDS}|"
    rf"\d{{1,2}}(?![\d/:]))(?: horas?)?(?!"
    rf" (?:vezes|dias|"
    r"semanas|meses|anos|pessoas|cirurgias|guias|sessoes|coisas|consultas|maos|pernas|vacinas|duas|primeiras|"
    r"ultimas|noites|horas atras)\b)"
    r"(?P<half> e meia)?(?: (?:da|de) (?P<part>madrugada|manha|tarde|noite)\b)?"
)
_NOON = Sought(r"\b(?:ao |a |de )?(?P<noon>meio[ -]dia|meia[ -]noite)(?P<half> e meia)?\b", "meio", "meia")
_PART = Sought(
    r"(?<!bom )\b" + _PART_WORDS.format("part") + r"|\b(?P<late>tarde da noite|fim da tarde|final da tarde)\b",
    *_DAY_PARTS,
)
_MEASURE = re.compile(
    r"\b(?:press\w*|pa|nota|dor|escala|nivel|intensidade|visao|aval\w*|art\w*)[ :]*(?:de |em |esta |e |ta |deu )?$"
)
# "de 8h em 8h", "há 3h": how often and how long, not when.
_EVERY = re.compile(r" ?(?:em|/|x)? ?\d{0,2} ?(?:h|hrs|hs|horas)\b")
_LENGTH = re.compile(r"\b(?:ha|faz|de|por|durante|tem|cada|em|umas|uns|apos|a cada|dia) ?$")
_GREETING = re.compile(r"\b(?:boa|bom|otima|uma) $")


class FoundDay(NamedTuple):
    """A day or a stretch of days, and its place in the folded text."""

    start: int
    end: int
    value: date | None
    until: date | None


def looks_like_a_date(text: str) -> bool:
    """True for `12/03/2026`, `12.03.26` and the like."""
    match = _DATE.fullmatch(text) or _ISO.fullmatch(text)
    return match is not None


def number_of(text: str) -> int:
    """The number that `NUMBER` matched."""
    return int(text) if text.isdigit() else _NUMBER_WORDS[text]


def find_days(plain: Plain, today: date | None) -> list[FoundDay]:
    """Days of a text in order. A day without a year or month is the nearest to `today`; weekdays are the next.

    `value` is None where the text alone does not say which day; `until` is the last day of a stretch ("mês que vem").
    """
    found: list[FoundDay] = []
    taken = Taken()
    for day in _days(plain, today):
        if not taken.overlaps(day.start, day.end):
            found.append(day)
            taken.add(day.start, day.end)
    return sorted(found)


def find_dates(plain: Plain, days: list[FoundDay]) -> tuple[DateMention, ...]:
    return tuple(DateMention(words=plain.words(day.start, day.end), value=day.value, until=day.until) for day in days)


def find_times(plain: Plain) -> tuple[TimeMention, ...]:
    """Times of day: "17h30", "às dez", "meio-dia", "de manhã"."""
    found: list[tuple[int, int, time | None, DayPart | None]] = []
    taken = Taken()
    for start, end, value, part in _times(plain):
        if end > start and not taken.overlaps(start, end):
            found.append((start, end, value, part))
            taken.add(start, end)
    return tuple(
        TimeMention(words=plain.words(start, end), value=value, part=part)
        for start, end, value, part in sorted(found, key=lambda item: item[:2])
    )


def _days(plain: Plain, today: date | None) -> Iterator[FoundDay]:
    text = plain.text
    for match in _ISO.finditer(text) if plain.has_digits else ():
        yield FoundDay(*match.span(), _date(int(match[1]), int(match[2]), int(match[3])), None)
    for match in _DATE.finditer(text) if plain.has_digits else ():
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12 and not _is_measure(text, match):
            yield FoundDay(*match.span(), _day(int(match[1]), int(match[2]), match[3], today), None)
    for match in _WRITTEN_DATE.finditer(text) if plain.has_digits or "primeiro" in text else ():
        day = 1 if match[1] == "primeiro" else int(match[1])
        yield FoundDay(*match.span(), _day(day, _MONTHS[match[2]], match[3], today), None)
    for match in _RELATIVE.finditer(text):
        yield FoundDay(*match.span(), _shift(today, _RELATIVE_DAYS[match.group()]), None)
    for match in _SHIFTED.finditer(text):
        ahead = match["ahead"] is not None
        count = number_of(match["n"] if ahead else match["m"]) * _SPANS[match["unit"] if ahead else match["back"]]
        yield FoundDay(*match.span(), _shift(today, count if ahead else -count), None)
    for match in _DAY_OF_MONTH.finditer(text):
        yield FoundDay(*match.span(), _day_of_month(match, today), None)
    for match in _PERIOD.finditer(text):
        yield FoundDay(*match.span(), *_period(match, today))
    for match in _WEEKDAY.finditer(text):
        if (
            match["day"] in {"sabado", "domingo"}
            or match["feira"]
            or match["before"]
            or match["after"]
            or _is_a_day(text, match)
        ):
            yield FoundDay(*match.span(), _weekday(match, text, today), None)
    for match in _MONTH_ONLY.finditer(text):
        yield FoundDay(match.start(1), match.end(), *_month(_MONTHS[match[1]], match[2], today))


def _is_measure(text: str, match: re.Match[str]) -> bool:
    """ "12/8" of blood pressure, "8/10" of a pain, "1.5 mg", "2-3 vezes", "8/8h": not days."""
    if match[3] is not None:
        return False
    before, after = text[max(0, match.start() - 22) : match.start()], text[match.end() : match.end() + 12]
    separator = text[match.end(1)]
    if separator != "/":
        # "2.5", "10-12": only a full "12.03.2026" is a date with these marks, unless a day was announced.
        return re.search(r"\b(?:dia|em|data)[ :]*$", before) is None
    if re.match(r" ?(?:h\b|hs|hrs|horas|mg|ml|mmhg|comp|de dor|da dose)", after):
        return True
    return _MEASURE.search(before) is not None


def _is_a_day(text: str, match: re.Match[str]) -> bool:
    """ "segunda às dez", "até sexta", "p quinta": a weekday without "feira" needs something beside it."""
    before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 16]
    return (
        re.search(
            r"(?:^|\b(?:na|nas|ate|desde|para|pra|p|pro|de|e|em|toda|todas as|as|dia|menos|ou|so|essa|a|q|que|"
            r"marcad[oa]|quero|tem|serve|consulta|retorno)|[,.(:-]) ?$",
            before,
        )
        is not None
        and re.search(r"\b(?:pela|em|por) a $", before) is None
    ) or re.match(r" ?(?:$|[,.?!)]|(?:as|de manha|a tarde|a noite|cedo|ou|e|ate|que|q)\b)", after) is not None


def _weekday(match: re.Match[str], text: str, today: date | None) -> date | None:
    if today is None:
        return None
    ahead = (_WEEKDAYS[match["day"]] - today.weekday()) % 7 or 7
    after = match["after"] or ""
    if "passad" in after or "retrasad" in after:
        return today + timedelta(days=ahead - (14 if "retrasad" in after else 7))
    if re.search(r"\bdesde (?:a |o )?$", text[max(0, match.start() - 10) : match.start()]):
        return today + timedelta(days=ahead - 7)
    if "semana que vem" in after:
        return today + timedelta(days=7 - today.weekday() + _WEEKDAYS[match["day"]])
    return today + timedelta(days=ahead)


def _day_of_month(match: re.Match[str], today: date | None) -> date | None:
    day = 1 if match["day"] == "primeiro" else int(match["day"])
    if today is None or not 1 <= day <= 31:
        return None
    of = match["of"] or ""
    months = (1,) if "que vem" in of or "proximo" in of else (-1,) if "passado" in of else (0,) if of else (-1, 0, 1)
    near = [value for shift in months if (value := _in_month(today, shift, day))]
    return min(near, key=lambda value: abs(value - today), default=None)


def _in_month(today: date, shift: int, day: int) -> date | None:
    months = today.year * 12 + today.month - 1 + shift
    return _date(months // 12, months % 12 + 1, day)


def _period(match: re.Match[str], today: date | None) -> tuple[date | None, date | None]:
    if today is None:
        return None, None
    said = f"{match['after'] or ''}{match['before'] or ''}{match['which'] or ''}"
    shift = 1 if re.search("vem|prox|seguinte", said) else -2 if "retrasad" in said else -1 if "passad" in said else 0
    unit = match["unit"] or match["same"]
    if unit == "mes":
        first = _in_month(today, shift, 1)
        return (first, first.replace(day=monthrange(first.year, first.month)[1])) if first else (None, None)
    if unit == "ano":
        return _date(today.year + shift, 1, 1), _date(today.year + shift, 12, 31)
    monday = _shift(today, 7 * shift - today.weekday())
    begin = _shift(monday, 5) if match["weekend"] else monday
    return begin, _shift(monday, 6)


def _month(month: int, year: str | None, today: date | None) -> tuple[date | None, date | None]:
    first = _day(1, month, year, today)
    return first, first.replace(day=monthrange(first.year, month)[1]) if first else None


def _times(plain: Plain) -> Iterator[tuple[int, int, time | None, DayPart | None]]:
    text = plain.text
    for match in _NOON.finditer(text):
        hour = 12 if match["noon"].endswith("dia") else 0
        yield *match.span(), time(hour, 30 if match["half"] else 0), None
    for match in _CLOCK.finditer(text) if plain.has_digits else ():
        if not _EVERY.match(text, match.end()) and not _LENGTH.search(text[max(0, match.start() - 9) : match.start()]):
            yield (
                *match.span(),
                _hour(match["hour"], match["minute"], match["half"], match["part"]),
                _part(match["part"]),
            )
    for match in _SPOKEN_CLOCK.finditer(text):
        yield *match.span(), _hour(match["hour"], None, match["half"], match["part"]), _part(match["part"])
    for match in _PART.finditer(text):
        if match["late"]:
            yield *match.span(), None, "night" if match["late"] == "tarde da noite" else "afternoon"
        elif not _GREETING.search(text[max(0, match.start() - 6) : match.start()]):
            yield *match.span(), None, _DAY_PARTS[match["part"]]


def _hour(hour: str, minute: str | None, half: str | None, part: str | None) -> time | None:
    value = number_of(hour)
    if part in {"tarde", "noite"} and value < 12:
        value += 12
    if value > 24:
        return None
    return time(value % 24, int(minute) if minute else 30 if half else 0)


def _part(word: str | None) -> DayPart | None:
    return _DAY_PARTS[word] if word else None


def _day(day: int, month: int, year: str | None, today: date | None) -> date | None:
    if year is not None:
        return _date(_century(int(year), today) if len(year) == 2 else int(year), month, day)
    if today is None:
        return None
    near = [value for shift in (-1, 0, 1) if (value := _date(today.year + shift, month, day))]
    return min(near, key=lambda value: abs(value - today), default=None)


def _century(year: int, today: date | None) -> int:
    """Two digits are of this century unless that lies more than a year ahead (dates of birth)."""
    return 2000 + year if today is None or 2000 + year <= today.year + 1 else 1900 + year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shift(day: date | None, days: int) -> date | None:
    try:
        return day + timedelta(days=days) if day else None
    except OverflowError:
        return None
