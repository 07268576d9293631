"""Rows of lists: medicines with dose and posology, results with unit and reference, materials with their price."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from austa.modules.documents.api import DocumentClass, Field, FieldName, Item
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.grid import QUOTE_TABLES, Column, Row, find_tables
from austa.modules.documents.domain.layout import Layout, part
from austa.modules.documents.domain.reading import Line, digits, fold, joined, squeeze

_UNITS = (
    "% mg/dL g/dL mg/L ug/dL mcg/dL ng/dL ng/mL pg/mL ug/mL mcg/mL ng/L ug/L g/L pg fL mm3 /mm3 /mm³ /uL"
    " milhões/mm3 milhões/mm³ milhoes/mm3 mil/mm3 mil/mm³ milhões/uL x10^3/uL 10^3/uL 10^6/uL 10³/uL 10³/mm³"
    " 10⁶/mm³ céls/mm³ células/mm³ U/L UI/L mUI/L uUI/mL mUI/mL UI/mL UI/dL U/mL mU/L uU/mL mEq/L mmol/L umol/L"
    " nmol/L pmol/L mol/L mL/min mL/min/1,73m2 mL/min/1,73m² mm/h mm/1h mm seg segundos s mg/24h g/24h mg/g"
    " ug/g mcg/g mOsm/kg kU/L INR /campo p/campo mmHg mL dias mg"
)
"""How Brazilian laboratories write units. Readers take I for l and lose µ; a unit is known by what it can only be."""


def _unit_key(text: str) -> str:
    bare = "".join(text.split()).replace("µ", "u").replace("μ", "u").replace("³", "3").replace("²", "2")
    return bare.lower().replace("l", "i").replace("1", "i").replace("|", "i")


_KNOWN_UNITS = {_unit_key(unit): unit for unit in _UNITS.split()}
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_VALUE = re.compile(rf"(?:[<>≤≥]\s?)?(?:{_NUMBER})(?![\d.,])")
_WORDED = re.compile(
    r"(?:nao )?(?:reagente|reativo|detectado|detectavel)|negativ[oa]s?|positiv[oa]s?|ausentes?|presentes?|normal"
    r"|raros?|raras?|indetectavel"
)
_REFERENCE = re.compile(
    rf"(?:{_NUMBER})\s?(?:a|-|–|ate|e)\s?(?:{_NUMBER})|(?:inferior|superior|menor|maior|ate|acima|abaixo|desejavel"
    rf"|otimo|normal|[<>≤≥])"
)
_LAB_TABLES: tuple[frozenset[Column], ...] = (
    frozenset({"analyte", "value"}),
    frozenset({"description", "value", "reference"}),
)
_MEDICINE_TABLES: tuple[frozenset[Column], ...] = (
    frozenset({"medicine", "dose"}),
    frozenset({"medicine", "posology"}),
)
_MEDICINE_COLUMNS: tuple[Column, Column, Column] = ("medicine", "dose", "posology")
_PER = r"(?:\s?/\s?(?:\d+(?:,\d+)?\s?)?(?:ml|g|mg|l|h|hora|dose|gota|comp|cp|caps|jato|d|dia|ampola))"
_AMOUNT_OF = rf"\d+(?:[.,]\d+)*\s?(?:mcg|µg|μg|ug|mg|g|ml|mui|ui|u\.?i\.?|u|%|meq|mmol){_PER}?(?![a-z0-9])"
_DOSE = re.compile(rf"{_AMOUNT_OF}(?:\s?[+/]\s?{_AMOUNT_OF})*")
_ITEM = re.compile(r"^\W*(?:\d{1,2}\s?[-–.)º°]+\s?)?(?:(?:medicament[oa]|medicacao|prescricao|rx)\s?:\s*)?")
_VERB = re.compile(
    r"(?:tom(?:ar|e)|us(?:ar|e)|aplic(?:ar|que)|inger(?:ir|a)|ping(?:ar|ue)|inal(?:ar|e)|instil(?:ar|e)"
    r"|administr(?:ar|e)"
    r"|dar|diluir|mastig(?:ar|ue)|dissolv(?:er|a)|pass(?:ar|e)|coloc(?:ar|que)|injet(?:ar|e)|fazer|bochech(?:ar|e)"
    r"|gargarejar|introduzir|borrif(?:ar|e))\b"
)
_COUNTED = re.compile(
    r"(?:1/2|meio|meia|uma?\b|dois|duas|tres|\d+(?:,\d)?) ?\(?(?:\w+\) )?(?:comp|cp|cap|gota|ml|jato|ampola|dragea"
    r"|sache|aplica|unidade"
    r"|ui\b|puff|colher|medida|inala|borrifa)"
)
_TIMED = re.compile(
    r"\d+ ?/ ?\d+|ao dia|\d ?x\b|vez|a cada|\bmanha|noite|jejum|almoco|jantar|\bdias?\b|\bhoras?\b|\d ?h\b|\bse\b"
    r"|antes|apos|continuo"
)
_LEADING = re.compile(r"^(?:\W|posologia\s?:|modo de usar?\s?:|uso\s?:)+", re.IGNORECASE)
_AFTER_DOSE = re.compile(r"\s*[-–—.·•_]*\s*")
_NO_MEDICINE = re.compile(
    r"\b(?:tomar|usar|aplicar|paciente|data|crm|peso|rua|tel|cid|idade|exame|glic\w+|colesterol|creatinina|altura|hb"
    r"|pressao"
    r"|nodulo|calculo|cisto|com|medindo|resultado|referencia|validade|total|quantidade)\b"
)
_TO_TAKE = re.compile(
    r"\W*(?:medicac|medicament|receita|prescri|uso (?:oral|continuo)|em uso|tratamento (?:domiciliar|proposto))"
)
_MEDICINES_IN: frozenset[DocumentClass] = frozenset({"prescription", "discharge_summary"})


def read_items(layouts: Sequence[Layout], document_class: DocumentClass) -> list[Item]:
    """The rows that papers of that class have, from top to bottom."""
    if document_class in _MEDICINES_IN:
        return [item for layout in layouts for item in _medicines(layout, document_class)]
    if document_class == "lab_report":
        return [item for layout in layouts for item in _results(layout)]
    if document_class == "opme_quote":
        return [item for layout in layouts for item in _materials(layout)]
    return []


def _text(layout: Layout, name: FieldName, line: Line, made: Checks) -> Field:
    text = squeeze(line.text)
    made = made.add("two_readings", checks.agree(text, line.box, layout.page))
    return judge(name, text, text, line, made)


def _medicines(layout: Layout, document_class: DocumentClass) -> Iterable[Item]:
    tables = find_tables(layout, _MEDICINE_TABLES)
    if tables:
        yield from (item for table in tables for row in table.rows for item in _medicine_row(layout, row))
        return
    lines = layout.in_order
    if document_class == "discharge_summary":
        # What was given or measured in hospital has doses too.
        lines = lines[next((at for at, line in enumerate(lines) if _TO_TAKE.match(fold(line.text))), len(lines)) :]
    starts = [(at, found) for at, line in enumerate(lines) if (found := _medicine_in(layout, line))]
    for number, (at, (name, dose)) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        checked = Checks().add("looks_like_a_medicine", _is_medicine_name(name.text))
        parts = [_text(layout, "medicine", name, checked), _exact(layout, "dose", dose, Checks())]
        posology = _posology(layout, lines[at], dose, lines[at + 1 : end])
        yield Item(kind="medicine", parts=(*parts, *posology))


def _medicine_row(layout: Layout, row: Row) -> Iterable[Item]:
    name, dose, posology = (row.cells.get(column) for column in _MEDICINE_COLUMNS)
    within = _medicine_in(layout, name) if name and dose is None else None
    name, dose = within or (name, dose)
    if name is None or dose is None or sum(map(str.isalpha, name.text)) < 3:
        return
    made = Checks().add("one_row", row.sure)
    named = made.add("looks_like_a_medicine", _is_medicine_name(name.text))
    is_dose = made.add("is_a_dose", _DOSE.fullmatch(fold(squeeze(dose.text))) is not None)
    parts = [_text(layout, "medicine", name, named), _exact(layout, "dose", dose, is_dose)]
    if posology:
        text = squeeze(posology.text)
        told = made.add("is_a_posology", _is_one_posology(text))
        told = told.add("two_readings", _agree_words_and_numbers(posology, layout))
        parts.append(judge("posology", text, text, posology, told))
    yield Item(kind="medicine", parts=tuple(parts))


def _medicine_in(layout: Layout, line: Line) -> tuple[Line, Line] | None:
    """Name and dose of a line that begins with them."""
    folded = fold(line.text)
    begin = _ITEM.match(folded)
    match = _DOSE.search(folded)
    if match is None or begin is None or _is_posology(line.text):
        return None
    name, dose = part(line, begin.end(), match.start()), part(line, match.start(), match.end())
    if name is None or dose is None or sum(character.isalpha() for character in name.text) < 3:
        return None
    if (
        layout.label_at_start(line) not in {None, "elsewhere"}
        or ":" in name.text
        or len(name.text.split()) > _MOST_WORDS
    ):
        return None
    if any(map(str.isdecimal, name.text)) or _NO_MEDICINE.search(fold(name.text)) or "," in name.text:
        return None
    return joined([name]), dose


_MOST_WORDS = 6


def _is_medicine_name(text: str) -> bool:
    words = [word.strip("()+/-") for word in text.split()]
    return text[:1].isupper() and all(word.replace("-", "").isalpha() for word in words if word)


def _posology(layout: Layout, line: Line, dose: Line, following: Sequence[Line]) -> Iterable[Field]:
    """How it is taken: behind the dose, or on the next lines; it begins with a verb or a count."""
    folded = fold(line.text)
    end = _DOSE.search(folded)
    behind = _AFTER_DOSE.match(folded, end.end()) if end else None
    own = part(line, behind.end(), len(line.text)) if behind else None
    if own and _is_posology(own.text):
        lines = [joined([own])]
        rest = following
    else:
        first = next((number for number, each in enumerate(following[:3]) if _is_posology(each.text)), None)
        if first is None:
            return
        lines, rest = [following[first]], following[first + 1 :]
    clear = True
    for more in rest[:1]:
        near = more.box.y0 - lines[-1].box.y1 < 0.8 * more.height and abs(more.box.x0 - lines[-1].box.x0) < 0.05
        if near and not layout.label_at_start(more) and not layout.is_foot((more,)) and more.confidence > 0.7:
            if squeeze(more.text)[:1].islower():
                lines.append(more)
            else:
                clear = not _is_posology(more.text) and not (following and more is following[0])
    whole = joined(lines)
    text = squeeze(_LEADING.sub("", whole.text))
    agreed = all(_agree_words_and_numbers(each, layout) for each in lines)
    made = Checks().add("two_readings", agreed).add("ends_clearly", clear and _is_one_posology(text))
    yield judge("posology", text, text, whole, made)


def _is_one_posology(text: str) -> bool:
    """Not two medicines in one sentence."""
    return _is_posology(text) and not re.search(r"\s/\s|:\s|;", text)


def _is_posology(text: str) -> bool:
    """A verb, or a count with its times: "30 comprimidos" alone is how many are sold."""
    bare = _bare(text)
    return _VERB.match(bare) is not None or (_COUNTED.match(bare) is not None and _TIMED.search(bare) is not None)


def _bare(text: str) -> str:
    return fold(_LEADING.sub("", text))


def _agree_words_and_numbers(line: Line, layout: Layout) -> bool:
    numbers = re.findall(r"\d+(?:[.,/]\d+)*", line.text)
    exact = all(checks.agree_exactly(number, line.box, layout.page) for number in numbers)
    return exact and checks.agree_nearly(line.text, line.box, layout.page)


def _exact(layout: Layout, name: FieldName, line: Line, made: Checks, normal: str | None = None) -> Field:
    """A number with what belongs to it: the second reading has the same digits, commas and points."""
    text = squeeze(line.text)
    made = made.add("two_readings", checks.agree_exactly(text, line.box, layout.page))
    return judge(name, text, normal or text, line, made)


def _results(layout: Layout) -> Iterable[Item]:
    tables = find_tables(layout, _LAB_TABLES)
    if tables:
        for table in tables:
            for row in table.rows:
                yield from _result(layout, row)
    else:
        for lines in layout.rows:
            yield from _result_line(layout, lines)


def _result(layout: Layout, row: Row) -> Iterable[Item]:
    analyte, value = row.cells.get("analyte") or row.cells.get("description"), row.cells.get("value")
    if analyte and value:
        unit, reference = row.cells.get("unit"), row.cells.get("reference")
        unit = _without_flag(unit) if unit else None
        yield from _made_result(layout, analyte, _without_flag(value), unit, reference, row.sure)


def _result_line(layout: Layout, row: tuple[Line, ...]) -> Iterable[Item]:
    """`Glicose: 92 mg/dL (70 a 99)`, in one piece or in several; or `Resultado: 92 mg/dL` below the analyte's name."""
    whole = row[0]
    match = _LED_TO.match(whole.text)
    rest = part(whole, match.end(), len(whole.text)) if match else None
    pieces = [each for each in (rest, *row[1:]) if each]
    value = _VALUE.match(pieces[0].text.strip()) if pieces else None
    if match is None or value is None:
        return
    measure = re.match(rf"\s*(?:{_VALUE.pattern})\s*(\S+)", pieces[0].text)
    unit = part(pieces[0], measure.start(1), measure.end(1)) if measure else (pieces[1] if len(pieces) > 1 else None)
    analyte = part(whole, match.start(1), match.end(1))
    told_as_result = _AS_RESULT.fullmatch(fold(match[1])) is not None
    if told_as_result:
        analyte = _name_above(layout, whole)
    elif layout.label_at_start(whole) not in {None, "elsewhere"} or _NO_ANALYTE.search(fold(match[1])):
        return
    if analyte is None or unit is None or _unit_key(unit.text) not in _KNOWN_UNITS:
        return
    last = part(pieces[0], measure.end(1), len(pieces[0].text)) if measure else None
    others = [each for each in (last, *pieces[1:]) if each and each is not unit]
    alone = not any(_VALUE_AND_UNIT.fullmatch(each.text.strip()) for each in others)
    number = part(pieces[0], 0, len(pieces[0].text) - len(pieces[0].text.lstrip()) + value.end())
    reference = _reference_among(layout, others)
    if reference is None and told_as_result and not others:
        below = _next_in_order(layout, whole)
        reference = below if below and _REFERENCE_LABEL.match(below.text) else None
    if number:
        yield from _made_result(layout, analyte, number, unit, reference, sure=alone)


def _next_in_order(layout: Layout, line: Line) -> Line | None:
    at = layout.in_order.index(line)
    return layout.in_order[at + 1] if at + 1 < len(layout.in_order) else None


def _reference_among(layout: Layout, pieces: Sequence[Line]) -> Line | None:
    """The one piece that tells a reference; where only its label stands on the row, what is below the label."""
    told = [each for each in pieces if _REFERENCE.search(fold(each.text)) and any(map(str.isdecimal, each.text))]
    if told:
        return told[0] if len(told) == 1 else None
    heads = [each for each in pieces if re.search(r"refer|^v\.?r", fold(each.text))]
    below = layout.line_below(heads[0]) if len(heads) == 1 else None
    return below if below and _REFERENCE.search(fold(below.text)) else None


def _name_above(layout: Layout, result: Line) -> Line | None:
    """The heading that a result stands under: only material and method may stand between them."""
    above = [line for line in layout.in_order if line.middle < result.middle - 0.5 * result.height]
    for line in reversed(above):
        if _BETWEEN.match(fold(line.text)):
            continue
        aligned = abs(line.box.x0 - result.box.x0) < 0.04 and result.box.y0 - line.box.y1 < 6 * line.height
        named = layout.label_at_start(line) is None and _HEADING.fullmatch(line.text.strip())
        return line if aligned and named else None
    return None


_VALUE_AND_UNIT = re.compile(rf"(?:{_VALUE.pattern})\s*(?:%|[/a-zA-Zµμ]\S*)")
"""Leucocytes are told twice, as a share and as a count."""
_REFERENCE_LABEL = re.compile(
    r"\(?\s*(?:(?:intervalos?|faixas?|limites?|valor(?:es)?) (?:d[eao]s? )?)?"
    r"(?:v\.?\s?r\.?|refer[êe]nci(?:a|ais)|ref\.|normal(?:idade)?)\s?:?\s?",
    re.IGNORECASE,
)
_LABELLING = re.compile(r"referenc|intervalo|faixa|:")
"""Words of a label that was not known for one."""
_LED_TO = re.compile(
    r"\W*([^\W\d_][^:\d]*?(?:\s?[A-Z]?\d{1,2}\b[^:\d]*?)?)\s*(?:[:.…·]{1,}|\s{2,}|-\s|$)[\s.:…·]*(?=[<>\d]|$)"
)
"""A name and what leads from it to its value: a colon, dots, blanks, or the end of the piece."""
_AS_RESULT = re.compile(r"resultado(?: (?:atual|obtido|final))?|valor (?:encontrado|obtido)")
_NO_ANALYTE = re.compile(
    r"\b(?:resultado|valor(?:es)?|referencia|idade|peso|altura|data|paciente|protocolo|pagina|fone|tel|cep|crm|metodo"
    r"|material|amostra|coleta|nota|obs|rua|avenida|total de paginas|anterior)\b"
)
_BETWEEN = re.compile(r"\W*(?:material|metodo|amostra|coleta|tecnica|equipamento)\b")
_HEADING = re.compile(r"[^\W\d_][^:;]{1,60}")


_FLAG = re.compile(r"^\s*(?:[HLAB*↑↓+]|alto|baixo)\s+(?=\S)|\s+(?:[HLAB*↑↓+]|alto|baixo)\s*$", re.IGNORECASE)
"""What laboratories print beside a result outside its reference, in a column without a head."""


def _without_flag(line: Line) -> Line:
    flag = _FLAG.search(line.text)
    if flag is None:
        return line
    start, end = (flag.end(), len(line.text)) if flag.start() == 0 else (0, flag.start())
    return replace(part(line, start, end) or line, text=squeeze(line.text[start:end]))


def _made_result(
    layout: Layout, analyte: Line, value: Line, unit: Line | None, reference: Line | None, sure: bool
) -> Iterable[Item]:
    printed = squeeze(value.text)
    number = _VALUE.match(printed)
    worded = _WORDED.fullmatch(fold(printed))
    if number is None and worded is None:
        return
    told = printed[: number.end()] if number else printed
    rest = printed[number.end() :].strip() if number else ""
    if rest and unit is None and _unit_key(rest) in _KNOWN_UNITS:
        unit, rest = part(value, value.text.rfind(rest), len(value.text)), ""
    label = _REFERENCE_LABEL.match(reference.text) if reference else None
    if reference and label:
        reference = part(reference, label.end(), len(reference.text))
    bounds = squeeze(reference.text) if reference else ""
    made = Checks().add("one_row", sure)
    as_number = made.add("alone", not rest).add("fits_reference", not number or _fits(told, bounds))
    as_number = as_number.add("two_readings", checks.agree_exactly(told, value.box, layout.page))
    names = made.add("is_words", sum(map(str.isalpha, analyte.text)) >= 2)
    parts = [_text(layout, "analyte", _trimmed(analyte), names), judge("result", told, told, value, as_number)]
    if unit and (known := _KNOWN_UNITS.get(_unit_key(unit.text))):
        seen = any(_unit_key(known) in _unit_key(each.text) for each in layout.page.second_at(unit.box))
        parts.append(
            judge("unit", squeeze(unit.text), _same_unit(unit.text, known), unit, made.add("two_readings", seen))
        )
    if reference and bounds:
        agreed = all(
            checks.agree_exactly(each, reference.box, layout.page) for each in re.findall(_NUMBER, bounds)
        ) and checks.agree_nearly(bounds, reference.box, layout.page)
        told = fold(bounds)
        is_one = made.add("is_a_reference", _REFERENCE.search(told) is not None and not _LABELLING.search(told))
        parts.append(judge("reference", bounds, bounds, reference, is_one.add("two_readings", agreed)))
    yield Item(kind="lab_value", parts=tuple(parts))


def _same_unit(printed: str, known: str) -> str:
    """The unit with its letters right and its micro sign as printed."""
    return known.replace("u", "µ", 1) if re.match(r"\s*[µμ]", printed) and known.startswith("u") else known


def _trimmed(line: Line) -> Line:
    text = re.sub(r"[\s.:…·_-]+$", "", line.text)
    return part(line, 0, len(text)) or line


def _fits(value: str, reference: str) -> bool:
    """A lost comma or a digit read otherwise makes a result many times what the reference speaks of."""
    numbers = re.findall(_NUMBER, reference)
    places = {len(each.partition(",")[2]) for each in numbers}
    result = re.search(_NUMBER, value)
    if not numbers or result is None:
        return True
    if len(places) == 1 and places != {0} and len(result[0].partition(",")[2]) == 0:
        return False
    bounds = [amount for each in numbers if (amount := _amount(each)) > 0]
    return not bounds or min(bounds) / _TIMES <= _amount(result[0]) <= max(bounds) * _TIMES


_TIMES = 30


def _amount(printed: str) -> Decimal:
    return Decimal(printed.replace(".", "").replace(",", "."))


def _materials(layout: Layout) -> Iterable[Item]:
    for table in find_tables(layout, QUOTE_TABLES):
        for row in table.rows:
            yield from _material(layout, row)


def _material(layout: Layout, row: Row) -> Iterable[Item]:
    """Quantity times price is the total: a digit read otherwise shows."""
    description, registry = row.cells.get("description"), row.cells.get("registry")
    if description is None or sum(map(str.isalpha, description.text)) < 3:
        return
    quantity = _count(row.cells.get("quantity"))
    price, total = _price(row.cells.get("unit_price")), _price(row.cells.get("total"))
    made = Checks().add("one_row", row.sure)
    adds_up = quantity is not None and price is not None and total is not None and quantity * price == total
    sums = made.add("adds_up", adds_up)
    parts = [_text(layout, "material", description, made)]
    for name, cell, amount in (
        ("quantity", row.cells.get("quantity"), quantity),
        ("unit_price", row.cells.get("unit_price"), price),
        ("total", row.cells.get("total"), total),
    ):
        if cell and amount is not None:
            parts.append(_number(layout, name, cell, amount, sums))
    if registry and 10 <= len(digits(registry.text)) <= 13 and not re.search(r"[A-Za-z]{3}", registry.text):
        known = made.add("digits_only", not any(map(str.isalpha, registry.text)))
        parts.append(_exact(layout, "anvisa_registry", registry, known, digits(registry.text)))
    yield Item(kind="opme_item", parts=tuple(parts))


def _number(layout: Layout, name: str, cell: Line, amount: Decimal, made: Checks) -> Field:
    printed = re.search(r"[\d.,]*\d", cell.text)
    told = printed[0] if printed else cell.text
    made = made.add("two_readings", checks.agree_exactly(told, cell.box, layout.page))
    field: FieldName = "quantity" if name == "quantity" else "unit_price" if name == "unit_price" else "total"
    return judge(field, told, str(amount), cell, made)


def _count(cell: Line | None) -> Decimal | None:
    match = (
        re.fullmatch(r"\s*(\d{1,3})(?:,00?)?\s*(?:un\.?|und\.?|p[cç]s?\.?|cx\.?)?\s*", cell.text, re.IGNORECASE)
        if cell
        else None
    )
    return Decimal(match[1]) if match else None


def _price(cell: Line | None) -> Decimal | None:
    amounts = checks.amounts_in(cell.text) if cell else []
    return amounts[0][0] if len(amounts) == 1 else None
