"""Facts named in a message: numbers that identify, dates, parts of the body and their side."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from austa.kernel.personal import Personal
from austa.modules.language.api import BodyPartMention, DateMention, NumberMention, Side, Words
from austa.modules.language.domain.normalise import Reading, fold_word

_CPF = re.compile(r"(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[-. ]?\d{2}(?!\d)", re.ASCII)
_CODE = re.compile(r"(?<![\d./-])(?:\d{6}|\d{3}[ -]\d{3})(?![\d/-]|[.]\d)", re.ASCII)
_CARD = re.compile(r"(?<![\d.])\d(?:[ .-]?\d){7,19}(?!\d)", re.ASCII)
_TUSS = re.compile(r"(?<!\d)\d{8}(?!\d)|(?<!\d)\d\.\d{2}\.\d{2}\.\d{2}-\d(?!\d)", re.ASCII)
_DATE = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/])", re.ASCII)
_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_WRITTEN_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}}|primeiro)\s+de\s+({'|'.join(_MONTHS)}|marco)(?:\s+de\s+(\d{{4}}))?", re.IGNORECASE
)
_RELATIVE_DATE = re.compile(r"\b(depois de amanh[ãa]|amanh[ãa]|hoje|anteontem|ontem)\b", re.IGNORECASE)
_RELATIVE_DAYS = {"depois de amanha": 2, "amanha": 1, "hoje": 0, "ontem": -1, "anteontem": -2}

_PART_FORMS = {
    "joelho": "joelho joelhos",
    "ombro": "ombro ombros",
    "quadril": "quadril quadris",
    "tornozelo": "tornozelo tornozelos",
    "punho": "punho punhos",
    "cotovelo": "cotovelo cotovelos",
    "mao": "mão mãos",
    "pe": "pé pés",
    "dedo": "dedo dedos",
    "braco": "braço braços",
    "perna": "perna pernas",
    "coxa": "coxa coxas",
    "coluna": "coluna",
    "lombar": "lombar",
    "cervical": "cervical",
    "costas": "costas",
    "pescoco": "pescoço",
    "cabeca": "cabeça crânio",
    "olho": "olho olhos vista",
    "ouvido": "ouvido ouvidos orelha",
    "garganta": "garganta",
    "dente": "dente dentes",
    "peito": "peito tórax",
    "mama": "mama mamas seio seios",
    "barriga": "barriga abdome abdômen",
    "rim": "rim rins",
}
_BODY_PARTS = {fold_word(form): part for part, forms in _PART_FORMS.items() for form in forms.split()}
_SIDES: dict[str, Side] = {
    **dict.fromkeys((fold_word("direito"), fold_word("direita"), "dir"), "right"),
    **dict.fromkeys((fold_word("esquerdo"), fold_word("esquerda"), "esq"), "left"),
    **dict.fromkeys((fold_word("ambos"), fold_word("bilateral"), fold_word("dois"), fold_word("duas")), "both"),
}
_SIDE_REACH = 3


def find_cpfs(text: str) -> tuple[NumberMention, ...]:
    """Eleven digits with right check digits; equal digits are no CPF."""
    found = (_number(text, match) for match in _CPF.finditer(text))
    return tuple(mention for mention in found if is_cpf(mention.value.reveal()))


def find_card_numbers(text: str, taken: Sequence[Words]) -> tuple[NumberMention, ...]:
    """Runs of 8 to 20 digits that are neither a date nor `taken` for something else.

    Operators number cards as they like: no check digit is assumed.
    """
    return tuple(
        _number(text, match)
        for match in _CARD.finditer(text)
        if not _overlaps(match, taken) and not _DATE.fullmatch(match.group())
    )


def find_codes(text: str) -> tuple[NumberMention, ...]:
    """Six digits, as a one-time code is typed."""
    return tuple(_number(text, match) for match in _CODE.finditer(text))


def find_tuss_codes(text: str) -> tuple[Words, ...]:
    """Eight digits that may be a TUSS code."""
    return tuple(_words(text, match) for match in _TUSS.finditer(text))


def find_dates(text: str, today: date | None) -> tuple[DateMention, ...]:
    """Dates in digits, in words and relative to `today`. A day without a year is the nearest to `today`."""
    mentions = [
        DateMention(words=_words(text, match), value=_day(int(match[1]), int(match[2]), match[3], today))
        for match in _DATE.finditer(text)
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12
    ]
    for match in _WRITTEN_DATE.finditer(text):
        day = 1 if match[1].lower() == "primeiro" else int(match[1])
        name = match[2].lower().replace("marco", "março")
        mentions.append(
            DateMention(words=_words(text, match), value=_day(day, _MONTHS.index(name) + 1, match[3], today))
        )
    for match in _RELATIVE_DATE.finditer(text):
        days = _RELATIVE_DAYS[match[1].lower().replace("ã", "a")]
        value = today + timedelta(days=days) if today else None
        mentions.append(DateMention(words=_words(text, match), value=value))
    return tuple(sorted(mentions, key=lambda mention: mention.words.start))


def find_body_parts(text: str, reading: Reading) -> tuple[BodyPartMention, ...]:
    """Parts of the body, with a side said within three words after them or right before."""
    mentions = []
    for place, word in enumerate(reading.words):
        part = _BODY_PARTS.get(word)
        if part is None:
            continue
        near = reading.words[place + 1 : place + 1 + _SIDE_REACH] + reading.words[max(place - 2, 0) : place]
        side = next((_SIDES[other] for other in near if other in _SIDES), None)
        start, end = reading.starts[place], reading.ends[place]
        words = Words(text=Personal(text[start:end]), start=start, end=end)
        mentions.append(BodyPartMention(words=words, part=part, side=side))
    return tuple(mentions)


def is_cpf(digits: str) -> bool:
    """Mod-11 with weights 10..2 and 11..2 (Receita Federal)."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    numbers = [int(digit) for digit in digits]
    for length in (9, 10):
        rest = sum(n * w for n, w in zip(numbers[:length], range(length + 1, 1, -1), strict=True)) * 10 % 11
        if numbers[length] != rest % 10:
            return False
    return True


def _day(day: int, month: int, year: str | None, today: date | None) -> date | None:
    try:
        if year is not None:
            return date(_century(int(year), today) if len(year) == 2 else int(year), month, day)
        if today is None:
            return None
        near = [date(today.year + shift, month, day) for shift in (-1, 0, 1)]
    except ValueError:
        return None
    return min(near, key=lambda value: abs(value - today))


def _century(year: int, today: date | None) -> int:
    """Two digits are of this century unless that lies more than a year ahead (dates of birth)."""
    return 2000 + year if today is None or 2000 + year <= today.year + 1 else 1900 + year


def _number(text: str, match: re.Match[str]) -> NumberMention:
    return NumberMention(words=_words(text, match), value=Personal(re.sub(r"\D", "", match.group())))


def _words(text: str, match: re.Match[str]) -> Words:
    return Words(text=Personal(text[match.start() : match.end()]), start=match.start(), end=match.end())


def _overlaps(match: re.Match[str], taken: Sequence[Words]) -> bool:
    return any(match.start() < words.end and words.start < match.end() for words in taken)
