"""What a paper states in a sentence or beside one label: amounts, days of leave, conclusions, names in running text."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from austa.modules.documents.api import DocumentClass, Field
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.grid import QUOTE_TABLES, find_tables
from austa.modules.documents.domain.layout import Layout
from austa.modules.documents.domain.reading import joined, squeeze

_DAYS = re.compile(r"(?<![\d/])(\d{1,3})\s?(?:\(\s?([a-z ]+?)\s?\))?\s?dias?\b")
_LEAVE = re.compile(r"afasta|repouso|licenca|dispens|incapa|atividades|ausen")
_FROM = re.compile(
    r"(?:a partir d[eoa]|a contar d[eoa]|com inicio em|desde|iniciando em|inicio:?|no periodo de"
    r"|\bde(?= \d{1,2}/\d{1,2}/\d{2,4} (?:a|ate) ))(?: dia)? ?"
)
_NUMBERS = (
    "zero", "um", "dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "quatorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove", "vinte",
)  # fmt: skip
_PAID = re.compile(r"(?:importancia|quantia|valor|soma) (?:de|total de|liquid\w+ de)\s*")
_REPORTS: frozenset[DocumentClass] = frozenset({"imaging_report", "lab_report"})
_MOST_DAYS = 365
_NEAR = 90
"""Characters around a number of days within which the words say that it is leave."""


def read_statements(layouts: Sequence[Layout], document_class: DocumentClass, today: date) -> list[Field]:
    """At most one field of a name, those that papers of that class have."""
    found: list[Iterable[Field]] = []
    if document_class == "certificate":
        found += [_days_off(layouts), _start_dates(layouts, today)]
    if document_class in _REPORTS:
        found.append(_conclusions(layouts))
    if document_class in {"receipt", "opme_quote"}:
        found.append(_total_amounts(layouts, document_class))
    chosen = (checks.choose(list(fields)) for fields in found)
    return [field for field in chosen if field]


def _days_off(layouts: Sequence[Layout]) -> Iterable[Field]:
    for layout in layouts:
        labelled = [squeeze(value.text) for value in layout.values("days_off")]
        for match in _DAYS.finditer(layout.running):
            around = layout.running[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            lines = layout.piece(match.start(1), match.end(1))
            if not lines or not (_LEAVE.search(around) or any(match[1] in told for told in labelled)):
                continue
            number = int(match[1])
            made = Checks().add("plausible", 0 < number <= _MOST_DAYS).add("words", _same_number(number, match[2]))
            made = made.add("two_readings", checks.agree_exactly(match[1], lines[0].box, layout.page))
            yield judge("days_off", match[1], str(number), lines[0], made)


def _same_number(number: int, words: str | None) -> bool:
    """`8 (oito)`: both say the same. A word that is no number up to twenty says nothing."""
    word = (words or "").removesuffix(" dias").strip()
    return word not in _NUMBERS or _NUMBERS.index(word) == number


def _start_dates(layouts: Sequence[Layout], today: date) -> Iterable[Field]:
    for layout in layouts:
        for match in _FROM.finditer(layout.running):
            day = next(iter(checks.dates_in(layout.running[match.end() : match.end() + 30])), None)
            if day and day[1] <= 1:
                start, end = match.end() + day[1], match.end() + day[2]
                lines = layout.piece(start, end)
                made = Checks(("label",)).add("plausible", abs((day[0] - today).days) <= _MOST_DAYS)
                printed = joined(lines)
                agreed = all(checks.agree(line.text, line.box, layout.page) for line in lines)
                yield judge("start_date", printed.text, day[0].isoformat(), printed, made.add("two_readings", agreed))


def _conclusions(layouts: Sequence[Layout]) -> Iterable[Field]:
    for layout in layouts:
        for found in layout.paragraphs("conclusion", of_lines=True):
            if len(found.line.text) >= 5:
                agreed = all(checks.agree_nearly(line.text, line.box, layout.page) for line in found.lines)
                made = Checks(("label",)).add("two_readings", agreed).add("ends_clearly", found.ends_clearly)
                text = " ".join(" ".join(line.text for line in found.lines).split())
                yield judge("conclusion", text, text, found.line, made)


def _total_amounts(layouts: Sequence[Layout], document_class: DocumentClass) -> Iterable[Field]:
    for layout in layouts:
        in_tables = [
            line.box for table in find_tables(layout, QUOTE_TABLES) for row in table.rows for line in row.lines
        ]
        for value in layout.values("total_amount"):
            if any(value.box.y0 == box.y0 and value.box.x0 == box.x0 for box in in_tables):
                continue
            amounts = checks.amounts_in(value.text)
            for amount, start, end in amounts[:1]:
                printed = value.text[start:end]
                made = Checks(("label",)).add("one_amount", len(amounts) == 1)
                made = made.add("two_readings", checks.agree_exactly(printed, value.box, layout.page))
                yield judge("total_amount", printed, str(amount), value.line, made)
        if document_class == "receipt":
            yield from _paid(layout)


def _paid(layout: Layout) -> Iterable[Field]:
    """A receipt names its amount in a frame and in its sentence: every one on the paper must be the same."""
    text = layout.running
    found = [(amount, start, end) for amount, start, end in checks.amounts_in(text)]
    for amount, start, end in found:
        told = _PAID.search(text[max(0, start - 30) : start]) or re.search(r"r\$\s*$", text[max(0, start - 5) : start])
        for line in layout.piece(start, end)[:1]:
            made = Checks().add("label", bool(told)).add("one_amount", len({each[0] for each in found}) == 1)
            made = made.add("two_readings", checks.agree_exactly(line.text, line.box, layout.page))
            yield judge("total_amount", line.text, str(amount), line, made)


def name_places(layout: Layout) -> Iterable[tuple[int, int]]:
    """Where sentences name the person they are about: `Atesto que …`, `Recebi de …`, `Eu, …`."""
    original = " ".join(line.text for line in layout.in_order)
    for pattern in _NAMING:
        for match in pattern.finditer(layout.running):
            name = _WORDS_OF_A_NAME.match(original, match.end())
            if name and _AFTER_A_NAME.match(layout.running, name.end()):
                yield name.start(), name.end()


_PATIENT = r"(?:[oa]s? ?)?(?:\(?[oa]\)? ?)?(?:paciente|sr\.?\(?a?\)?\.?|sra\.?|senhora?|beneficiari[oa]|menor)?,? ?"
_NAMING = (
    re.compile(rf"\b(?:atest[oa]|declar[oa]|certific[oa]|inform[oa])\b[^.:;]{{0,90}}?\bque,? {_PATIENT}"),
    re.compile(rf"\b(?:recebi(?:emos)?|recebid[oa]) d[eoa] {_PATIENT}"),
    re.compile(r"\beu, ?"),
    re.compile(r"\bencaminho {0}".replace("{0}", _PATIENT)),
)
_WORD = r"[A-ZÀ-ÚÇ][a-zà-úçA-ZÀ-ÚÇ'’-]+"
_WORDS_OF_A_NAME = re.compile(rf"{_WORD}(?: (?:(?:d[aeo]s?|e|von|del) )?{_WORD})+")
_AFTER_A_NAME = re.compile(
    r",|\s*\(?(?:cpf|rg|portador|inscrit|foi|esteve|compareceu|necessit|encontr|deve|nascid|a (?:importancia"
    r"|quantia)|o valor"
    r"|declaro|em acompanhamento|abaixo|brasileir|apresent|realizou|permaneceu|carteir|matricula|\d|esta\b|submet"
    r"|e portador)"
)
"""What follows a name in a sentence. Where a name ends is else unknown."""
