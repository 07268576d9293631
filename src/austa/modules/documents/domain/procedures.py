"""What is asked for: the lines of an order, by printed code or by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from austa.kernel.personal import Personal
from austa.modules.documents.api import Field, FieldName, Procedure
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.labels import LabelName
from austa.modules.documents.domain.layout import Layout, Value, part
from austa.modules.documents.domain.reading import Line, compact, digits, fold, joined, squeeze
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
_WORD = re.compile(r"[^\W\d_]{3,}")
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}\s?[.)\-–](?!\d)|[-–•·*►>]|\[[xX ]?\])\s*")
_NOT_AN_ITEM = re.compile(
    r"^(?:ao?|para|por|atenciosamente|obrigad[oa]|grat[oa]|a realizacao|(?:os )?seguintes?|abaixo|conforme)\b.{0,25}$"
)


@dataclass(frozen=True)
class _Coded:
    """A code on a row, with the words that belong to it."""

    row: int
    code: Line
    words: Line | None


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
    found = []
    for row_number, row in enumerate(layout.rows):
        for line in row:
            for match in _CODE.finditer(line.text):
                code = part(line, match.start(), match.end())
                if code and _is_a_code(layout, line, digits(code.text), terminology):
                    found.append(_Coded(row_number, code, None))
    return [_procedure(layout, _with_words(layout, item, terminology), terminology) for item in found]


def _is_a_code(layout: Layout, line: Line, code: str, terminology: Terminology) -> bool:
    """Telephones and postal codes have eight digits too: a code is in the table, or stands at its label."""
    labelled = layout.label_at_start(line) == "tuss" or re.search(r"\btuss\b|\bcod", fold(line.text)) is not None
    return labelled or terminology.get_procedure(code) is not None


def _with_words(layout: Layout, item: _Coded, terminology: Terminology) -> _Coded:
    code = digits(item.code.text)
    own = _words_of_row(layout, item.row)
    if own is not None:
        return _Coded(item.row, item.code, _wrapped(layout, item.row, own, 1, terminology))
    neighbours = []
    for row_number, step in ((item.row - 1, -1), (item.row + 1, 1)):
        words = _words_of_row(layout, row_number) if 0 <= row_number < len(layout.rows) else None
        neighbours += [_wrapped(layout, row_number, words, step, terminology)] if words else []
    fitting = [words for words in neighbours if _words_fit(words.text, code, terminology)]
    return _Coded(item.row, item.code, fitting[0] if fitting else None)


def _wrapped(layout: Layout, row_number: int, words: Line, step: int, terminology: Terminology) -> Line:
    """A description with the rows that it runs on to, downwards or upwards: same margin, close, no item of its own."""
    lines = [words]
    at = row_number
    while 0 <= at + step < len(layout.rows) and not (step < 0 and _begins_item(layout.rows[at])):
        at += step
        more = _words_of_row(layout, at)
        if more is None or not _runs_on(layout, lines[-1], more, at, terminology if step > 0 else None):
            break
        lines.append(more)
    return joined(lines[::step])


def _runs_on(layout: Layout, line: Line, more: Line, row_number: int, terminology: Terminology | None) -> bool:
    row = layout.rows[row_number]
    gap = max(line.box.y0, more.box.y0) - min(line.box.y1, more.box.y1)
    if abs(more.box.x0 - line.box.x0) > 0.03 or gap > 0.9 * max(line.height, more.height):
        return False
    if any(_CODE.search(each.text) or layout.label_at_start(each) for each in row) or layout.is_foot(row):
        return False
    return terminology is None or not (_begins_item(row) or _names_one(more.text, terminology))


def _begins_item(row: tuple[Line, ...]) -> bool:
    return _BULLET.match(row[0].text + " ") is not None


def _words_of_row(layout: Layout, row_number: int) -> Line | None:
    """The words of a row without its codes, numbers and label."""
    pieces = []
    for line in layout.rows[row_number]:
        text = _clean(_CODE.sub(" ", layout.free_text(line, _ITEM_LABELS)))
        if sum(character.isalpha() for character in text) >= 3:
            # Words stand behind their bullet: where they begin tells what runs on from them.
            bullet = _BULLET.match(line.text)
            words = part(line, bullet.end(), len(line.text)) if bullet else line
            pieces.append(replace(words or line, text=text))
    return joined(pieces) if pieces else None


def _clean(text: str) -> str:
    text = _BULLET.sub("", text)
    text = re.sub(r"(?i)\b(?:c[óo]d(?:igo|\.)?\s*)?tuss\b\s*[:.]?|\bc[óo]d(?:igo)?\b\.?\s*:?", " ", text)
    text = _TIMES.sub(" ", text)
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
    made = Checks().add("in_table", terminology.get_procedure(code) is not None)
    made = made.add("check_digit", not terminology.has_doubtful_check_digit(code))
    made = made.add("two_readings", checks.agree(item.code.text, item.code.box, layout.page))
    if item.words is None:
        description = checks.missing("procedure")
    else:
        fits = _words_fit(item.words.text, code, terminology)
        made = made.add("description_matches_code", fits)
        description = _description(layout, item.words, Checks().add("description_matches_code", fits))
    row = layout.rows[item.row]
    beside = [item.words, *row] if item.words else list(row)
    return Procedure(
        description=description,
        tuss=judge("tuss", item.code.text, code, item.code, made),
        laterality=_laterality(layout, [*beside, *_labelled_lines(layout, "laterality")]),
        quantity=_quantity(layout, item),
    )


def _description(layout: Layout, words: Line, made: Checks) -> Field:
    made = made.add("two_readings", checks.agree_nearly(words.text, words.box, layout.page))
    return judge("procedure", words.text, words.text, words, made)


def _described(layout: Layout, terminology: Terminology, others_are_coded: bool) -> list[Procedure]:
    """Rows of the order's list that have no code. Words alone never make an accepted code."""
    procedures = []
    for row in _unwrapped(layout.section("procedures")):
        if any(_CODE.search(line.text) for line in row):
            continue
        for words in _items(row, terminology):
            matches = terminology.find_procedures(words.text, limit=1)
            best = matches[0] if matches and matches[0].score >= _FITS else None
            if best is None and (others_are_coded or _NOT_AN_ITEM.match(fold(words.text))):
                continue
            made = Checks(passed=("label",)).add("in_table", best is not None and best.score >= _SURELY_FITS)
            procedures.append(
                Procedure(
                    description=_description(layout, words, made),
                    tuss=_deduced(words, best.procedure.code) if best else None,
                    laterality=_laterality(layout, [words, *_labelled_lines(layout, "laterality")]),
                    quantity=_times(layout, row),
                )
            )
    return procedures


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
