"""Who pays and who provides: insurer, plan, guide numbers and password; the house of a letterhead and its CNPJ."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

from austa.modules.documents.api import DocumentClass, Field, FieldName
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.classes import is_title
from austa.modules.documents.domain.labels import LabelName
from austa.modules.documents.domain.layout import Layout, Value, part
from austa.modules.documents.domain.names import is_titled
from austa.modules.documents.domain.reading import Line, compact, fold, squeeze

_INSURING = re.compile(
    r"saude|assistencia medica|\bplanos?\b|seguro|seguradora|\bunimed\b|cooperativa|\bamil\b|hapvida|intermedica"
    r"|bradesco|sulamerica|\bcassi\b|\bgeap\b|prevent|operadora|convenio"
)
_SPOKEN_TO = re.compile(r"\W*(?:aos?|as?|para|prezad[oa]s?|ilm[oa]|exm[oa])\b")
"""Whom a letter is written to did not write it."""
_HOUSE = re.compile(
    r"\b(?:clinicas?|hospital|instituto|laboratorios?|centro|diagnosticos?|santa casa|policlinica|unidade|consultorios?"
    r"|maternidade|pronto|ambulatorio|casa de saude|fundacao|imagem|imagens|nucleo|ltda|s/?a|eireli|medicina"
    r"|implantes|materia(?:l|is)|distribuidora|comercio|cirurgica|medical|hospitalar(?:es)?|fisioterapia|lab"
    r"|analises|upa|ubs|grupo|associacao|irmandade|complexo)\b"
)
_SPECIALTY = re.compile(
    r"(?:clinica (?:medica|geral|cirurgica)|(?:\w+ e )?medicina (?:\w+|d[eo] \w+(?: e \w+)?))(?: e \w+)?"
)
_NO_HOUSE = re.compile(
    r"\b(?:paciente|nome|data|exames?|solicit\w+|rua|avenida|av|cep|tel|fone|crm|cnpj|endereco|municipio|secretaria"
    r"|estado"
    r"|prefeitura|ministerio|governo|pagina|via|emissao|assistencia medica|planos?|convenio|laudo|resultado"
    r"|responsavel)\b"
)
_TO_THE_INSURER = re.compile(r"^\W*(?:a|ao|à|para a?)\s+(?:(?:operadora|seguradora|convenio)\s+)?")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]{0,4}\d)[A-Z0-9][A-Z0-9./-]{2,19}(?![A-Za-z0-9])")
_CNPJ = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{2}\.?[A-Z0-9]{3}\.?[A-Z0-9]{3}\s?/?\s?[A-Z0-9]{4}\s?-?\s?\d{2}(?![A-Z0-9])")
_PRINTED_CNPJ = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{2}\.[A-Z0-9]{3}\.[A-Z0-9]{3}/[A-Z0-9]{4}-\d{2}(?![A-Z0-9])")
_MONTH = re.compile(r"(?<![\d/])(0[1-9]|1[0-2])\s?/\s?(20\d{2})(?![\d/])")
_TOP = 0.25
"""Share of the page in which a letterhead stands."""
_PAYER_ON_TOP = 0.2
_SAME_HEIGHT = 0.25
_LONGEST = 70
_WITH_AN_END: frozenset[DocumentClass] = frozenset({"insurance_card", "opme_quote", "identity"})
"""Elsewhere it is the card's end that a form repeats."""
_WITH_PAYER_ON_TOP: frozenset[DocumentClass] = frozenset({"insurance_card", "tiss_guide"})
_WITHOUT_LETTERHEAD: frozenset[DocumentClass] = frozenset({"insurance_card", "tiss_guide", "identity"})


def read_payer_and_provider(layouts: Sequence[Layout], document_class: DocumentClass, today: date) -> list[Field]:
    """At most one field of a name."""
    readers: tuple[Callable[[Layout], Iterable[Field]], ...] = (
        lambda layout: _insurers(layout, document_class),
        _plans,
        _ans_registries,
        lambda layout: _guide_numbers(layout, "guide_number"),
        lambda layout: _guide_numbers(layout, "operator_guide_number"),
        lambda layout: _guide_numbers(layout, "password"),
        lambda layout: _ends(layout, "password_valid_until", today),
        lambda layout: (
            field if document_class in _WITH_AN_END else checks.doubted(field, "of_this_paper")
            for field in _ends(layout, "valid_until", today)
        ),
        lambda layout: _providers(layout, document_class),
        lambda layout: _cnpjs(layout, document_class),
    )
    chosen = (checks.choose([field for layout in layouts for field in read(layout)]) for read in readers)
    found = [field for field in chosen if field]
    # A paper of no known kind may be a bill: who pays there is no insurer, and whose number it is nobody knows.
    return [field for field in found if document_class != "other" or field.name == "provider_name"]


def _insurers(layout: Layout, document_class: DocumentClass) -> Iterable[Field]:
    yield from _named(layout, "insurer", "insurer")
    yield from (field for fields in _plans_of_insurers(layout) for field in fields if field.name == "insurer")
    for row in layout.rows:
        to = _TO_THE_INSURER.match(fold(row[0].text))
        whom = part(row[0], to.end(), len(row[0].text)) if to else None
        if whom and len(row) == 1 and _INSURING.search(fold(whom.text)):
            yield from _text_field(layout, "insurer", Value(whom, explicit=True))
    if document_class in _WITH_PAYER_ON_TOP:
        for head in layout.page.lines:
            on_top = head.middle < _PAYER_ON_TOP and not layout.label_at_start(head)
            if on_top and _INSURING.search(fold(head.text)) and not is_title(head.text):
                yield from _text_field(layout, "insurer", Value(head, explicit=True))


def _plans(layout: Layout) -> Iterable[Field]:
    both = list(_plans_of_insurers(layout))
    yield from (field for fields in both for field in fields if field.name == "plan")
    if not both:
        for field in _named(layout, "plan", "plan"):
            # Quotes and bills name the insurer behind "Plano".
            insurer = field.value is not None and _INSURING.search(fold(field.value.reveal()))
            yield checks.doubted(field, "is_a_plan") if insurer else field


def _plans_of_insurers(layout: Layout) -> Iterable[list[Field]]:
    """`Plano: Vida Plena Saúde - Executivo Nacional` names both."""
    for value in layout.values("plan"):
        match = re.fullmatch(r"([^\d–|/:-]{4,40}) [-–|/] ([^–|/:-]{3,40})", squeeze(value.text))
        if match and _INSURING.search(fold(match[1])) and not _INSURING.search(fold(match[2])):
            start = value.text.index(match[1])
            pieces = (
                ("insurer", part(value.line, start, start + len(match[1]))),
                ("plan", part(value.line, value.text.index(match[2]), len(value.text))),
            )
            yield [
                field
                for name, piece in pieces
                if piece
                for field in _text_field(
                    layout, "insurer" if name == "insurer" else "plan", Value(piece, value.explicit)
                )
            ]


def _named(layout: Layout, name: FieldName, label: LabelName) -> Iterable[Field]:
    for value in layout.values(label):
        yield from _text_field(layout, name, value)


def _text_field(layout: Layout, name: FieldName, value: Value) -> Iterable[Field]:
    """A name of a house, a company or a product: text on one line whose end is plain."""
    text = squeeze(value.text)
    if sum(character.isalpha() for character in text) < 3 or _nothing_told(text):
        return
    # "Plano: Vida Saúde - Executivo" tells two facts.
    one_fact = not re.search(r"\s[-–/|]\s|[:;]", text) and len(text) <= _LONGEST
    made = Checks(("label",) if value.explicit else (), () if value.explicit else ("label",))
    made = made.add("one_fact", one_fact).add("one_place", value.alone)
    below = layout.line_below(value.line)
    other = below is not None and (is_title(below.text) or _NO_HOUSE.search(fold(below.text)) is not None)
    made = made.add("whole", other or not layout.runs_on(value.line))
    made = made.add("two_readings", checks.agree(text, value.box, layout.page))
    yield judge(name, text, text, value.line, made)


def _nothing_told(text: str) -> bool:
    return compact(text) in {"particular", "naoinformado", "naoseaplica", "na", "sim", "nao", "nenhum"}


def _ans_registries(layout: Layout) -> Iterable[Field]:
    for value in layout.values("ans_registry"):
        match = re.match(r"\D{0,4}(\d{2}\.?\d{3}-?\d)(?!\d)", value.text)
        if match:
            number = "".join(filter(str.isdecimal, match[1]))
            made = Checks(("label",)).add("two_readings", checks.agree_exactly(match[1], value.box, layout.page))
            yield judge("ans_registry", match[1], number, value.line, made)


def _guide_numbers(
    layout: Layout, name: Literal["guide_number", "operator_guide_number", "password"]
) -> Iterable[Field]:
    for value in layout.values(name):
        match = _NUMBER.search(value.text)
        if match is None or checks.dates_in(match[0]):
            continue
        made = Checks(("label",)).add("alone", squeeze(value.text) == match[0]).add("one_place", value.alone)
        made = made.add("two_readings", checks.agree_exactly(match[0], value.box, layout.page))
        yield judge(name, match[0], match[0].upper(), value.line, made)


def _ends(layout: Layout, name: Literal["valid_until", "password_valid_until"], today: date) -> Iterable[Field]:
    """The last day something holds: of a card, a quote or a password."""
    for value in layout.values(name):
        day = next(iter(checks.dates_in(value.text)), None)
        month = _MONTH.search(value.text)
        if day:
            printed, normal = squeeze(value.text[day[1] : day[2]]), day[0].isoformat()
            plausible = checks.is_plausible_end(day[0], today)
        elif month:
            printed, normal = month[0], f"{month[2]}-{month[1]}"
            plausible = checks.is_plausible_end(date(int(month[2]), int(month[1]), 1), today)
        else:
            continue
        made = Checks(("label",)).add("plausible", plausible).add("one_place", value.alone)
        made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
        yield judge(name, printed, normal, value.line, made)


def _providers(layout: Layout, document_class: DocumentClass) -> Iterable[Field]:
    labelled = [field for value in layout.values("provider_name") for field in _house(layout, value)]
    if labelled or document_class in _WITHOUT_LETTERHEAD:
        yield from labelled
        return
    above = _above_its_cnpj(layout)
    heads = [
        line
        for row in layout.rows[:6]
        for line in row
        if line.middle < _TOP and _may_be_a_house(layout, line) and (_HOUSE.search(fold(line.text)) or line in above)
    ]
    if heads:
        tallest = max(line.height for line in heads)
        # A slogan or a branch may stand below in smaller letters; two of a size are halves of a name, or two houses.
        largest = [line for line in heads if line.height > (1 - _SAME_HEIGHT) * tallest]
        for field in _house(layout, Value(largest[0], explicit=True)):
            yield field if len(largest) == 1 else checks.doubted(field, "one_house")


def _above_its_cnpj(layout: Layout) -> list[Line]:
    """What stands right above a letterhead's CNPJ is the house's name, whatever its words."""
    numbered = [value.line for value in layout.values("provider_cnpj") if value.line.middle < _TOP]
    return [line for line in layout.page.lines if layout.line_below(line) is None and _is_above(line, numbered)]


def _is_above(line: Line, numbered: Sequence[Line]) -> bool:
    return any(
        0 < each.middle - line.middle < 2.2 * max(line.height, each.height) and line.box.x0 < each.box.x1
        for each in numbered
    )


def _may_be_a_house(layout: Layout, line: Line) -> bool:
    folded = fold(line.text)
    worded = sum(character.isalpha() for character in folded) >= 5 and not any(map(str.isdecimal, folded))
    no_other = layout.label_at_start(line) is None and not is_title(line.text) and not is_titled(line.text)
    return worded and no_other and not (_NO_HOUSE.search(folded) or _SPECIALTY.fullmatch(folded))


def _house(layout: Layout, value: Value) -> Iterable[Field]:
    for field in _text_field(layout, "provider_name", value):
        spoken_to = is_titled(value.text) or _SPOKEN_TO.match(fold(value.text))
        yield checks.doubted(field, "is_a_house") if spoken_to else field


def _cnpjs(layout: Layout, document_class: DocumentClass) -> Iterable[Field]:
    found = [field for value in layout.values("provider_cnpj") for field in _cnpj(layout, value, _CNPJ)]
    if document_class == "tiss_guide":
        found += [field for value in layout.values("code_at_operator") for field in _cnpj(layout, value, _CNPJ)]
    yield from found
    if not found:
        for line in layout.page.lines:
            for field in _cnpj(layout, Value(line, explicit=False), _PRINTED_CNPJ):
                # Without its label it may be the insurer's.
                yield checks.doubted(field, "label")


def _cnpj(layout: Layout, value: Value, pattern: re.Pattern[str]) -> Iterable[Field]:
    match = pattern.search(value.text.upper())
    if match:
        number = compact(match[0]).upper()
        made = Checks(("label",) if value.explicit else ()).add("check_digit", checks.is_cnpj(number))
        made = made.add("two_readings", checks.agree(match[0], value.box, layout.page))
        yield judge("provider_cnpj", match[0], number, value.line, made)
