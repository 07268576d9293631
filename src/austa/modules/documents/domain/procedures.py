"""What is asked for: the lines of an order, by printed code or by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from austa.kernel.personal import Personal
from austa.modules.documents.api import Field, FieldName, Procedure
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.grid import Column, Row, find_tables
from austa.modules.documents.domain.labels import LabelName
from austa.modules.documents.domain.layout import Layout, Value, part
from austa.modules.documents.domain.reading import Line, compact, digits, fold, joined, squeeze
from austa.modules.language.api.entities import Procedure as TussProcedure
from austa.modules.language.api.language import Terminology

_CODE = re.compile(r"(?<![\d.,/-])\d(?:[.\-]?\d){7}(?![\d/])(?![.,-]\d)")
_SAME_WORDS = 70
_FITS = 0.8
"""Score of a terminology match from which words name a procedure, for a person to confirm."""
_SURELY_FITS = 0.9
_ITEM_LABELS: frozenset[LabelName] = frozenset({"tuss", "procedures"})
# fmt: off
_SIDED = (
    "joelho|ombro|quadril|pe|mao|punho|tornozelo|cotovelo|mama|olho|ouvido|rim|perna|braco|coxa|femur|tibia|umero"
    "|antebraco|axila|carotida|ovario|testiculo|face|orbita|membro (?:superior|inferior)"
)
# fmt: on
_RIGHT = re.compile(rf"\bdireit[oa]s?\b|\bdir\.|\bod\b|\b(?:{_SIDED})\s*[-(/]?\s*d\b(?!['’])")
_LEFT = re.compile(rf"\besquerd[oa]s?\b|\besq\.|\boe\b|\b(?:{_SIDED})\s*[-(/]?\s*e\b(?=\s*[).,;]|\s*$)")
_BOTH = re.compile(r"\bbilatera(?:l|is)\b|\bambos\b|\bambas\b|\bao\b$")
_TIMES = re.compile(r"(?<![\w.,])(?:[x×]\s?(\d{1,2})|(\d{1,2})\s?[x×]|(\d{1,2})\s+(?:sess|unidade|aplica))(?![\d.,])")
_FACTOR = re.compile(r"^\s*\d{1,2}\s?[x×]\s+|\s[x×]\s?\d{1,2}\s*$|\(\s?[x×]\s?\d{1,2}\s?\)|\(\d{1,2}\s?[x×]\)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_TICKED = re.compile(r"^\W{0,2}(?:[\[(]\s?[xX✓✔]\s?[\])]|[☒☑✓✔✗✘⊠■▣冈区図])")
_UNTICKED = re.compile(r"^\W{0,2}(?:[\[(]\s{0,3}[\])]|[□☐◻▢○◯⬜口])")
_TICK = re.compile(rf"{_TICKED.pattern}|{_UNTICKED.pattern}")
_SURE_OF_A_TICK = 0.8
_ONE_CELL = 1.2
"""Heights of a line between two pieces of a row from which they are two cells."""
_TABLES: tuple[frozenset[Column], ...] = (frozenset({"code", "description"}), frozenset({"code", "analyte"}))
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}\s?[.)\-–](?!\d)|[-–•·*►>☒☑✓✔✗✘⊠■▣冈区図□☐◻▢]|[\[(][xX✓✔ ]?[\])])\s*")
_NOT_AN_ITEM = re.compile(
    r"^(?:ao?|para|por|atenciosamente|obrigad[oa]|grat[oa]|a realizacao|(?:os )?seguintes?|abaixo|conforme)\b.{0,25}$"
)


@dataclass(frozen=True)
class _Coded:
    """A code on a row, with the words and the number that belong to it. `sure`: it is plain that they do."""

    row: int
    code: Line
    words: Line | None
    count: Line | None = None
    sure: bool = True


def read_procedures(layouts: Sequence[Layout], terminology: Terminology) -> list[Procedure]:
    """The procedures of all pages in reading order; those with a printed code, and those in words only."""
    coded = [item for layout in layouts for item in _coded(layout, terminology)]
    described = [item for layout in layouts for item in _described(layout, terminology, bool(coded))]
    whole = []
    for item in coded:
        words = _find_words(item, described, terminology) if item.description.value is None else None
        described = [each for each in described if each is not words]
        whole.append(_joined(item, words) if words else item)
    known = {item.tuss.normal for item in whole if item.tuss}
    used = [compact(item.description.value.reveal()) for item in whole if item.description.value]
    loose = [
        item
        for item in described
        if (item.tuss is None or item.tuss.normal not in known) and not _is_part_of_one(item, used)
    ]
    # Words that fit none of the codes: a code that stands alone may have been meant for them.
    return [_doubted(item) if loose and item.description.value is None else item for item in whole] + loose


def _is_part_of_one(item: Procedure, used: Sequence[str]) -> bool:
    words = compact(item.description.value.reveal()) if item.description.value else ""
    return any(words in each for each in used)


def _find_words(item: Procedure, described: Sequence[Procedure], terminology: Terminology) -> Procedure | None:
    """The words, printed elsewhere on the form, that name this code."""
    code = item.tuss.normal.reveal() if item.tuss and item.tuss.normal else ""
    return next(
        (
            each
            for each in described
            if each.description.value and _words_fit(each.description.value.reveal(), code, terminology)
        ),
        None,
    )


def _joined(item: Procedure, words: Procedure) -> Procedure:
    return item.model_copy(update={"description": words.description, "laterality": words.laterality or item.laterality})


def _doubted(item: Procedure) -> Procedure:
    doubtful = checks.doubted(item.tuss, "description_matches_code") if item.tuss else None
    return item.model_copy(update={"tuss": doubtful})


def _coded(layout: Layout, terminology: Terminology) -> list[Procedure]:
    in_tables = {line: row for table in find_tables(layout, _TABLES) for row in table.rows for line in row.lines}
    found = []
    for row_number, row in enumerate(layout.rows):
        for line in row:
            for match in _CODE.finditer(line.text):
                code = part(line, match.start(), match.end())
                if code and _is_a_code(layout, line, digits(code.text), terminology):
                    of_table = in_tables.get(line)
                    item = _Coded(row_number, code, None)
                    if of_table and "code" in of_table.cells and _WORD.search(_words_in(of_table)):
                        found.append(_of_table(item, of_table))
                    else:
                        found.append(_with_words(layout, item, terminology))
    return [_procedure(layout, item, terminology) for item in found]


def _words_in(row: Row) -> str:
    words = row.cells.get("description") or row.cells.get("analyte")
    return words.text if words else ""


def _of_table(item: _Coded, row: Row) -> _Coded:
    words = row.cells.get("description") or row.cells["analyte"]
    words = replace(words, text=_clean(words.text))
    return replace(item, words=words, count=row.cells.get("quantity"), sure=row.sure)


def _is_a_code(layout: Layout, line: Line, code: str, terminology: Terminology) -> bool:
    """Telephones and postal codes have eight digits too: a code is in the table, or stands at its label."""
    labelled = layout.label_at_start(line) == "tuss" or re.search(r"\btuss\b|\bcod", fold(line.text)) is not None
    return labelled or terminology.get_procedure(code) is not None


def _with_words(layout: Layout, item: _Coded, terminology: Terminology) -> _Coded:
    code = digits(item.code.text)
    own = _words_beside(layout, item.row, item.code)
    if own is not None:
        return replace(item, words=_wrapped(layout, own, 1, terminology))
    neighbours = []
    for row_number, step in ((item.row - 1, -1), (item.row + 1, 1)):
        words = _words_beside(layout, row_number, item.code) if 0 <= row_number < len(layout.rows) else None
        neighbours += [_wrapped(layout, words, step, terminology)] if words else []
    fitting = [words for words in neighbours if _words_fit(words.text, code, terminology)]
    return replace(item, words=fitting[0] if fitting else None)


def _wrapped(layout: Layout, words: Line, step: int, terminology: Terminology) -> Line:
    """A description with the lines that it runs on to, downwards or upwards: same margin, close, no item of its own."""
    lines = [words]
    while True:
        more = _next_words(layout, lines[-1], step)
        if more is None or (step < 0 and _BULLET.match(lines[-1].text + " ")):
            break
        if step > 0 and (_BULLET.match(more.text + " ") or _names_one(more.text, terminology)):
            break
        lines.append(more)
    return joined([replace(line, text=_BULLET.sub("", line.text)) for line in lines[::step]])


def _next_words(layout: Layout, words: Line, step: int) -> Line | None:
    """The words right below or above, on a row without code or label, at the same margin."""
    for row in layout.rows:
        for line in row:
            near = line.box.y0 - words.box.y1 if step > 0 else words.box.y0 - line.box.y1
            if abs(_behind_bullet(line) - words.box.x0) > 0.03 or not -0.5 * words.height < near < 0.9 * words.height:
                continue
            if (line.middle - words.middle) * step <= 0.5 * words.height:
                continue
            if any(_CODE.search(each.text) or layout.label_at_start(each) for each in row) or layout.is_foot(row):
                return None
            text = _clean(layout.free_text(line, _ITEM_LABELS))
            # Its bullet tells that nothing above belongs to it.
            text = f"- {text}" if step < 0 and _BULLET.match(line.text + " ") else text
            return replace(line, text=text) if sum(character.isalpha() for character in text) >= 3 else None
    return None


def _behind_bullet(line: Line) -> float:
    bullet = _BULLET.match(line.text)
    words = part(line, bullet.end(), len(line.text)) if bullet else line
    return words.box.x0 if words else line.box.x0


def _begins_item(row: tuple[Line, ...]) -> bool:
    return _BULLET.match(row[0].text + " ") is not None


def _words_beside(layout: Layout, row_number: int, code: Line) -> Line | None:
    """The words of a row that stand at the code, without codes, numbers and label: those of other columns do not."""
    row = layout.rows[row_number]
    pieces = []
    for line in row:
        text = _clean(_CODE.sub(" ", layout.free_text(line, _ITEM_LABELS)))
        if sum(character.isalpha() for character in text) >= 3:
            # Words stand behind their bullet: where they begin tells what runs on from them.
            pieces.append(replace(line, text=text, box=line.box.model_copy(update={"x0": _behind_bullet(line)})))
    if not pieces:
        return None
    right = [piece for piece in pieces if piece.box.x1 > code.box.x0]
    cell = [right[0] if right else pieces[-1]]
    for piece in right[1:]:
        if layout.gap_between(cell[-1], piece) > _ONE_CELL:
            break
        cell.append(piece)
    return joined(cell)


def _clean(text: str) -> str:
    text = _BULLET.sub("", text)
    text = re.sub(r"(?i)\b(?:c[óo]d(?:igo|\.)?\s*)?tuss\b\s*[:.]?|\bc[óo]d(?:igo)?\b\.?\s*:?", " ", text)
    text = _FACTOR.sub(" ", text)
    return squeeze(re.sub(r"\(\s*\)|^\s*\d{1,2}\s+(?=\D)|\s+\d{1,2}\s*$", " ", text).replace("()", ""))


def _words_fit(words: str, code: str, terminology: Terminology) -> bool:
    """True when the words name that code: as the table writes it, or as the terminology understands them."""
    official = terminology.get_procedure(code)
    if official is None:
        return False
    # One word of many, the end of a wrapped line say, is not yet a name.
    if len(_WORD.findall(words)) > 1 and fuzz.token_set_ratio(fold(words), fold(official.description)) >= _SAME_WORDS:
        return True
    matches = terminology.find_procedures(words, limit=8)
    return any(match.procedure.code == code and match.score >= _FITS for match in matches)


def _procedure(layout: Layout, item: _Coded, terminology: Terminology) -> Procedure:
    code = digits(item.code.text)
    official = terminology.get_procedure(code)
    made = Checks().add("in_table", official is not None)
    made = made.add("check_digit", not terminology.has_doubtful_check_digit(code))
    made = made.add("two_readings", checks.agree(item.code.text, item.code.box, layout.page))
    made = made.add("one_row", item.sure)
    if item.words is None:
        description = checks.missing("procedure")
    else:
        fits = _words_fit(item.words.text, code, terminology)
        made = made.add("description_matches_code", fits)
        whole = Checks().add("description_matches_code", fits).add("one_row", item.sure)
        description = _description(layout, item.words, whole)
    row = layout.rows[item.row]
    beside = [item.words, *row] if item.words else list(row)
    return Procedure(
        description=description,
        tuss=judge("tuss", item.code.text, code, item.code, made),
        laterality=_not_of_the_name(_laterality(layout, [*beside, *_labelled_lines(layout, "laterality")]), official),
        quantity=_quantity(layout, item),
    )


def _description(layout: Layout, words: Line, made: Checks) -> Field:
    made = made.add("two_readings", checks.agree_nearly(words.text, words.box, layout.page))
    made = made.add("own_column", _ENDS_IN_A_LABEL.search(fold(words.text)) is None)
    return judge("procedure", words.text, words.text, words, made)


_ENDS_IN_A_LABEL = re.compile(r"\s(?:qtde?|quantidade|quant|cod(?:igo)?|lado|lateralidade|valor|cid|tuss|sessoes)\W*$")
"""What stands over the next column, or before its value."""


def _not_of_the_name(side: Field | None, official: TussProcedure | None) -> Field | None:
    """Where the table's own words hold the side ("mamografia bilateral"), it may be no choice of the requester's."""
    if side and side.normal and official and side.normal.reveal()[:6] in fold(official.description):
        return checks.doubted(side, "part_of_the_name")
    return side


def _described(layout: Layout, terminology: Terminology, others_are_coded: bool) -> list[Procedure]:
    """Rows of the order's list that have no code. Words alone never make an accepted code."""
    rows = [row for row in _unwrapped(layout.section("procedures")) if not _holds_code(row)]
    boxed = any(_is_ticked(layout, line) is not None for row in rows for line in row)
    # Side by side they may be a list to choose from, whose boxes the reader did not see.
    columns = any(len(_cells(layout, row)) > 1 for row in rows)
    procedures = []
    for row in rows:
        for cell in _cells(layout, row):
            items = _items(cell, terminology)
            for words in items:
                matches = terminology.find_procedures(words.text, limit=1)
                best = matches[0] if matches and matches[0].score >= _FITS else None
                if best is None and (others_are_coded or _NOT_AN_ITEM.match(fold(words.text))):
                    continue
                side = _laterality(layout, [words, *_labelled_lines(layout, "laterality")])
                made = Checks(passed=("label",)).add("in_table", best is not None and best.score >= _SURELY_FITS)
                # "Colesterol total e frações" is one examination, "TC de tórax e abdome" may be two.
                made = made.add("one_item", len(items) == 1 or ";" in joined(cell).text)
                made = made.add("chosen", _is_ticked(layout, cell[0]) is True if boxed else not columns)
                procedures.append(
                    Procedure(
                        description=_description(layout, words, made),
                        tuss=_deduced(words, best.procedure.code) if best else None,
                        laterality=_surely(made, _not_of_the_name(side, best.procedure if best else None)),
                        quantity=_surely(made, _times(layout, cell)),
                    )
                )
    return procedures


def _surely(made: Checks, field: Field | None) -> Field | None:
    """What belongs to a line that nobody may rest on is not rested on either."""
    return checks.doubted(field, made.failed[0]) if field and made.failed else field


def _holds_code(row: tuple[Line, ...]) -> bool:
    return any(_CODE.search(line.text) for line in row)


def _cells(layout: Layout, row: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    """The pieces of a row that stand apart, those with an empty check box left out."""
    cells: list[list[Line]] = []
    for line in row:
        beside = cells and cells[-1][-1].box.x1 <= line.box.x0
        if (
            cells
            and (not beside or layout.gap_between(cells[-1][-1], line) <= _ONE_CELL)
            and _is_ticked(layout, line) is None
        ):
            cells[-1].append(line)
        else:
            cells.append([line])
    worded = [
        tuple(cell) for cell in cells if sum(character.isalpha() for line in cell for character in line.text) >= 3
    ]
    return [cell for cell in worded if _is_ticked(layout, cell[0]) is not False]


def _is_ticked(layout: Layout, line: Line) -> bool | None:
    """Whether the box before a line has a tick; None where there is no box, or none that is plain."""
    if _TICK.search(line.text):
        return _TICKED.search(line.text) is not None
    height = line.height * layout.page.height / layout.page.width
    before = [
        each
        for each in layout.page.checks
        if abs((each.box.y0 + each.box.y1) / 2 - line.middle) < 0.6 * line.height
        and -2.5 * height < each.box.x0 - line.box.x0 < 1.2 * height
    ]
    sure = before and before[-1].confidence >= _SURE_OF_A_TICK
    return before[-1].ticked if sure else None


def _unwrapped(rows: Sequence[tuple[Line, ...]]) -> list[tuple[Line, ...]]:
    """Rows that go on in lower case belong to the row before them."""
    whole: list[tuple[Line, ...]] = []
    for row in rows:
        runs_on = bool(whole) and squeeze(row[0].text)[:1].islower() and not _begins_item(row)
        if runs_on and row[0].box.page == whole[-1][0].box.page:
            whole[-1] = (*whole[-1], *row)
        else:
            whole.append(row)
    return whole


def _deduced(words: Line, code: str) -> Field:
    return Field(
        name="tuss",
        value=None,
        normal=Personal(code),
        box=words.box,
        confidence=words.confidence,
        passed=("in_table",),
        failed=("not_printed",),
        status="confirm",
    )


def _items(row: tuple[Line, ...], terminology: Terminology) -> list[Line]:
    """One row may hold several items: split at semicolons, and at commas where every part is a procedure."""
    whole = joined(row)
    text = whole.text
    pieces = [piece for piece in re.split(r"\s*;\s*", text) if piece]
    if len(pieces) == 1:
        by_comma = [piece for piece in re.split(r"\s*,\s*|\s+e\s+|\s\+\s", text) if piece]
        if len(by_comma) > 1 and all(_names_one(piece, terminology) for piece in by_comma):
            pieces = by_comma
    cleaned = (_clean(piece) for piece in pieces)
    return [replace(whole, text=piece) for piece in cleaned if sum(character.isalpha() for character in piece) >= 3]


def _names_one(words: str, terminology: Terminology) -> bool:
    matches = terminology.find_procedures(words, limit=1)
    return bool(matches) and matches[0].score >= _FITS


def _laterality(layout: Layout, lines: Sequence[Line]) -> Field | None:
    for line in lines:
        folded = fold(line.text)
        right, left, both = _RIGHT.search(folded), _LEFT.search(folded), _BOTH.search(folded)
        match = both or right or left
        if match is None:
            continue
        side = "bilateral" if both or (right and left) else "direito" if right else "esquerdo"
        made = Checks().add("one_side", bool(both) or not (right and left))
        printed = squeeze(line.text[match.start() : match.end()])
        made = made.add("two_readings", checks.agree(printed, line.box, layout.page))
        return judge("laterality", printed, side, line, made)
    return None


def _labelled_lines(layout: Layout, name: FieldName) -> list[Line]:
    values = layout.values("laterality" if name == "laterality" else "quantity")
    return [value.line for value in values]


def _quantity(layout: Layout, item: _Coded) -> Field | None:
    """A number under a column headed Qtde, behind such a label on the row, or written as a factor.

    Where a column says that there is a number and none was read, it is unreadable rather than one.
    """
    row = layout.rows[item.row]
    if item.count:
        match = re.fullmatch(r"0?(\d{1,3})(?:,00?)?", item.count.text.strip())
        if match:
            return _surely(Checks().add("one_row", item.sure), _counted(layout, item.count, match[1]))
    for value in (value for value in layout.values("quantity") if _same_row(value, row)):
        match = re.match(r"\d{1,2}(?!\d)", value.text)
        if match:
            return _counted(layout, value.line, match[0])
    times = _times(layout, row)
    if times:
        return times
    header = _column_head(layout, item.row)
    for line in row:
        text = line.text.strip()
        if text.isdecimal() and len(text) <= 2 and line.box.x0 > item.code.box.x1:
            counted = _counted(layout, line, text)
            headed = header is not None and _under(line, header)
            return counted if headed else checks.doubted(counted, "label")
    return checks.missing("quantity") if header else None


def _column_head(layout: Layout, row_number: int) -> Line | None:
    """The nearest column head above that row that says quantity."""
    above = (line for row in reversed(layout.rows[:row_number]) for line in row)
    return next((line for line in above if layout.label_at_start(line) == "quantity" and not digits(line.text)), None)


def _times(layout: Layout, row: tuple[Line, ...]) -> Field | None:
    for line in row:
        match = _TIMES.search(fold(line.text))
        if match:
            number = next(group for group in match.groups() if group)
            return _counted(layout, line, number)
    return None


def _counted(layout: Layout, line: Line, number: str) -> Field:
    made = Checks().add("plausible", 0 < int(number) <= 60)
    made = made.add("two_readings", checks.agree(number, line.box, layout.page))
    return judge("quantity", number, str(int(number)), line, made)


def _under(line: Line, header: Line) -> bool:
    return header.box.x0 - 0.03 <= (line.box.x0 + line.box.x1) / 2 <= header.box.x1 + 0.03


def _same_row(value: Value, row: tuple[Line, ...]) -> bool:
    middle = (value.box.y0 + value.box.y1) / 2
    return any(line.box.y0 <= middle <= line.box.y1 for line in row)
