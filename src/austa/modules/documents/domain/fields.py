"""Who, when and why: the single facts of a document, each with its proof."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

from austa.modules.documents.api import DocumentClass, Field, FieldName
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.layout import Layout, Paragraph, Value, part
from austa.modules.documents.domain.names import is_titled, judge_name, judge_pieces
from austa.modules.documents.domain.reading import Line, digits, fold, squeeze
from austa.modules.documents.domain.statements import name_places

_DIGIT_RUN = re.compile(r"\d[\d .\-/]{4,30}\d")
_LONG_RUN = re.compile(r"[\dA-Za-z]*\d[\dOoIl .\-/]{5,30}[\dOoIl]")
_CPF = re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")
_CITY_AND_DATE = re.compile(r"^[^\W\d_][\w\s.'-]{2,40}(?:[,/-]\s*[a-z]{2})?\s*,?\s*(?:em\s+)?\d")
_LOWER_HALF = 0.4
_BARE_NUMBER = re.compile(r"\d(?:[ .\-]{0,2}\d){8,19}")
_PRODUCT = re.compile(
    r"plano|nacional|estadual|regional|enfermaria|apartamento|saude|empresa|cobertura|basico|especial|executivo|master"
)
_REGISTRATION = re.compile(r"\bC\.?R\.?M\b|\b(?:CREME\w*|COREN|CREFITO|CRO|CRP|CRN|CRF)\b")
_CODED = re.compile(r"\bCID\b|\b[A-Z]\d{2}\.\d\b")
_OTHER_DATES = re.compile(r"nasc|validade|valid[ao] ate|d\.?n\.?\b|retorno|desde|trauma|cirurgia em")


def read_single_fields(layouts: Sequence[Layout], document_class: DocumentClass, today: date) -> list[Field]:
    """Member, numbers, dates and indication; at most one field of a name."""
    is_card = document_class == "insurance_card"
    readers: tuple[tuple[FieldName, Callable[[Layout], Iterable[Field]]], ...] = (
        ("member_name", lambda layout: [*_member_names(layout), *(_names_on_card(layout) if is_card else ())]),
        ("card_number", lambda layout: [*_card_numbers(layout), *(_numbers_on_card(layout) if is_card else ())]),
        ("cpf", _cpfs),
        ("cns", _cns_numbers),
        ("birth_date", lambda layout: _birth_dates(layout, today)),
        ("indication", _indications),
        ("issue_date", lambda layout: _issue_dates(layout, document_class, today)),
    )
    chosen = (checks.choose([field for layout in layouts for field in read(layout)]) for _, read in readers)
    return [field for field in chosen if field]


def _member_names(layout: Layout) -> Iterable[Field]:
    named = list(layout.values("member_name"))
    for value in named or layout.values("name"):
        # A form's "Nome" may be the physician's; a name beside "Paciente" is the member's, title or not.
        field = None if not named and is_titled(value.text) else judge_name("member_name", layout, value)
        if field:
            yield field
    for start, end in () if named else name_places(layout):
        pieces = layout.piece(start, end)
        for field in [judge_pieces("member_name", layout, pieces)] if pieces else []:
            yield field


def _card_numbers(layout: Layout) -> Iterable[Field]:
    for value in layout.values("card_number"):
        match = _LONG_RUN.search(value.text)
        # Beside a covered number the next thing on the line is often a birth date: eight digits too.
        if match and not checks.dates_in(match[0]):
            number = digits(match[0])
            made = Checks(passed=("label",)).add("length", checks.is_card_number(number))
            made = made.add("digits_only", not any(character.isalpha() for character in match[0]))
            made = made.add("two_readings", checks.agree(match[0], value.box, layout.page))
            yield judge("card_number", squeeze(match[0]), number, value.line, made)


def _numbers_on_card(layout: Layout) -> Iterable[Field]:
    """A card prints its number without a label, alone on a line."""
    labelled = {line.box.y0 for name in ("cns", "cpf", "birth_date") for line in _lines_of(layout, name)}
    for line in layout.page.lines:
        if _BARE_NUMBER.fullmatch(line.text.strip()) and line.box.y0 not in labelled:
            number = digits(line.text)
            made = Checks().add("length", checks.is_card_number(number))
            made = made.add("two_readings", checks.agree(line.text, line.box, layout.page))
            yield judge("card_number", squeeze(line.text), number, line, made)


def _lines_of(layout: Layout, name: Literal["cns", "cpf", "birth_date"]) -> list[Line]:
    return [value.line for value in layout.values(name)]


def _names_on_card(layout: Layout) -> Iterable[Field]:
    """The bearer's name stands right below the number, or above it, without a label."""
    if layout.values("member_name") or layout.values("name"):
        return
    lines = layout.in_order
    at = next((at for at, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line.text.strip())), None)
    below = lines[at + 1] if at is not None and at + 1 < len(lines) else None
    if below and not layout.label_at_start(below) and not _PRODUCT.search(fold(below.text)):
        field = judge_name("member_name", layout, Value(below, explicit=True))
        yield from [field] if field else []


def _cpfs(layout: Layout) -> Iterable[Field]:
    labelled = [_numbered("cpf", layout, value, checks.is_cpf) for value in layout.values("cpf")]
    for field in labelled:
        if field:
            yield checks.doubted(field, "label") if _physicians(layout, field) else field
    if not any(labelled):
        for line in layout.page.lines:
            for match in _CPF.finditer(line.text):
                piece = part(line, match.start(), match.end())
                if piece:
                    value = Value(piece, explicit=False)
                    field = _numbered("cpf", layout, value, checks.is_cpf)
                    # Without its label it may be the physician's.
                    yield from [checks.doubted(field, "label")] if field else []


def _physicians(layout: Layout, field: Field) -> bool:
    """A number beside a registration is the physician's own."""
    box = field.box
    near = [line for line in layout.page.lines if box and abs(line.middle - (box.y0 + box.y1) / 2) < 0.6 * line.height]
    return any(_REGISTRATION.search(line.text) for line in near)


def _cns_numbers(layout: Layout) -> Iterable[Field]:
    fields = (_numbered("cns", layout, value, checks.is_cns) for value in layout.values("cns"))
    return [field for field in fields if field]


def _numbered(name: FieldName, layout: Layout, value: Value, is_right: Callable[[str], bool]) -> Field | None:
    match = _DIGIT_RUN.search(value.text)
    if match is None:
        return None
    number = digits(match[0])
    made = Checks().add("check_digit", is_right(number))
    made = made.add("two_readings", checks.agree(match[0], value.box, layout.page))
    return judge(name, match[0], number, value.line, made)


def _birth_dates(layout: Layout, today: date) -> Iterable[Field]:
    for value in layout.values("birth_date"):
        for day, start, end in checks.dates_in(value.text)[:1]:
            printed = squeeze(value.text[start:end])
            made = Checks(passed=("label",)).add("plausible", checks.is_plausible_birth(day, today))
            made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
            yield judge("birth_date", printed, day.isoformat(), value.line, made)


def _issue_dates(layout: Layout, document_class: DocumentClass, today: date) -> Iterable[Field]:
    # An identity card holds for decades; an older order is asked about.
    oldest = date(1900, 1, 1) if document_class == "identity" else today - checks.MAX_AGE
    strong: list[Field] = []
    weak: list[Field] = []
    for value in layout.values("issue_date"):
        strong.extend(_issued(layout, value, oldest, today, labelled=True))
    for line in layout.page.lines:
        folded = fold(line.text)
        if layout.label_at_start(line) == "issue_date" or _OTHER_DATES.search(folded):
            continue
        value = Value(line, explicit=False)
        if layout.label_at_start(line) is None and _names_city_and_date(line.text):
            strong.extend(_issued(layout, value, oldest, today, labelled=True))
        else:
            weak.extend(_issued(layout, value, oldest, today, labelled=False))
    if not strong and len({field.normal for field in weak}) == 1:
        strong.extend(_dates_alone(layout, oldest, today))
    return strong or weak


def _dates_alone(layout: Layout, oldest: date, today: date) -> Iterable[Field]:
    """A date on a line of its own in the lower half, as it stands above a signature, where it is the only one."""
    headed = [layout.line_below(line) for line in layout.page.lines if layout.label_at_start(line)]
    for line in layout.page.lines:
        found = checks.dates_in(line.text)
        alone = len(found) == 1 and squeeze(line.text) == squeeze(line.text[found[0][1] : found[0][2]])
        if alone and line.middle > _LOWER_HALF and line not in headed:
            yield from _issued(layout, Value(line, explicit=False), oldest, today, labelled=True)


def _names_city_and_date(text: str) -> bool:
    """`Feira de Santana, 10 de novembro de 2026`: words of a place begin with capitals, those of a sentence do not."""
    match = _CITY_AND_DATE.match(fold(text))
    words = re.findall(r"\b(?!d[aeo]s?\b|em\b)[^\W\d_]{2,}", text[: match.end()]) if match else []
    return bool(words) and all(word[0].isupper() for word in words)


def _issued(layout: Layout, value: Value, oldest: date, today: date, labelled: bool) -> Iterable[Field]:
    for day, start, end in checks.dates_in(value.text):
        printed = squeeze(value.text[start:end])
        made = Checks().add("label", labelled).add("plausible", oldest <= day <= today)
        made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
        yield judge("issue_date", printed, day.isoformat(), value.line, made)


def _indications(layout: Layout) -> Iterable[Field]:
    names: tuple[Literal["indication", "diagnosis"], ...] = ("indication", "diagnosis")
    # A diagnosis is offered for confirmation only where no reason is printed.
    told = next((name for name in names if layout.paragraphs(name)), None)
    for name in (told,) if told else ():
        for found in layout.paragraphs(name):
            whole = found.line
            if len(whole.text) >= 3:
                made = Checks(passed=("label",)).add("two_readings", _agreed(layout, found))
                made = made.add("ends_clearly", found.ends_clearly and ":" not in whole.text)
                # A diagnosis may be all that is said for an examination, or may not be meant as its reason.
                made = made.add("is_a_reason", name == "indication" and not _CODED.search(whole.text))
                yield judge("indication", whole.text, whole.text, whole, made)


def _agreed(layout: Layout, found: Paragraph) -> bool:
    return all(checks.agree_nearly(line.text, line.box, layout.page) for line in found.lines)
