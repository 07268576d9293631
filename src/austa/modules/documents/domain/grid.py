"""Tables on a page: a row of column heads, and below it rows whose pieces belong to a column by where they stand."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from austa.modules.documents.domain.layout import Layout, part
from austa.modules.documents.domain.reading import Line, fold, joined, rows_of, squeeze

Column = Literal[
    "item",
    "code",
    "description",
    "quantity",
    "unit_price",
    "total",
    "registry",
    "analyte",
    "value",
    "unit",
    "reference",
    "dose",
    "posology",
    "medicine",
    "side",
    "other",
]

# Of several that fit at one place the longest counts. `other` are heads of columns that nobody reads.
_HEADS: tuple[tuple[Column, str], ...] = (
    ("item", r"item|seq\.?|#|n[o0º°]\.?|linha"),
    (
        "code",
        r"(?:cod(?:igo|\.)?)(?: (?:tuss|amb|cbhpm|d[oa] (?:procedimento|exame|servico"
        r"|item)(?: ou item assistencial)?| do))?|tuss",
    ),
    (
        "description",
        r"descricao(?: d[oae]s? (?:procedimentos?|materia(?:l|is)|itens|item|produtos?|servicos?|exames?)"
        r"(?: ou item assistencial)?)?|procedimentos?(?: solicitados?)?|materia(?:l|is)|produtos?|especificacao"
        r"|discriminacao|servicos?|descricao/modelo",
    ),
    (
        "analyte",
        r"exames?(?: solicitados?| realizados?)?|analitos?|parametros?|determinac(?:ao|oes)|dosagens?|analise"
        r"|componentes?|testes?",
    ),
    (
        "value",
        r"resultados?(?: (?:atual|obtido|encontrado))?|valor(?:es)?(?: (?:encontrado|obtido|atual)s?)?|result\.?",
    ),
    ("unit", r"unid(?:ade)?s?\.?|un\.?|und\.?|unidade de medida"),
    (
        "reference",
        r"(?:valor(?:es)? (?:de )?|intervalos? (?:de )?|faixa (?:de )?)?refer(?:encia|encial|enciais|\.)?(?: \w+)?"
        r"|v\.? ?r\.?|valores normais"
        r"|vlr\.? ref\.?(?:erencia)?|ref\.",
    ),
    (
        "quantity",
        r"quant(?:idade|\.)?(?: (?:solicitada|pedida|solic\.))?|q(?:tde|tda|td|t|de)\.?(?: ?solic(?:itada)?\.?)?"
        r"|sessoes",
    ),
    (
        "unit_price",
        r"(?:valor|v[li]r\.?|vl\.?|v\.?|preco|pr\.?) ?(?:unit(?:ario|\.)?|un\.?)(?: \(?r[$s]\)?)?"
        r"|unitario(?: \(?r[$s]\)?)?"
        r"|p\. ?unit\.?",
    ),
    (
        "total",
        r"(?:valor|v[li]r\.?|vl\.?|v\.?|preco|pr\.?) ?tot(?:al|\.)(?: \(?r[$s]\)?)?|total(?: \(?r[$s]\)?)?"
        r"|subtotal(?: \(?r[$s]\)?)?|valor \(?r[$s]\)?",
    ),
    (
        "registry",
        r"(?:n[o0º°]\.? )?(?:(?:reg(?:istro|\.)?)(?: (?:na |n[o0º°]\.? )?)?(?:anvisa|ms)|anvisa)(?: n[o0º°]\.?)?",
    ),
    ("dose", r"dos(?:e|agem)|concentracao|apresentacao"),
    ("posology", r"posologia|modo de usar?|como (?:tomar|usar)|uso|orientacoes|instrucoes"),
    ("medicine", r"medicamentos?|medicac(?:ao|oes)|remedios?|farmacos?"),
    ("side", r"lateralidade|lado"),
    (
        "other",
        r"tabela|tab\.?|marca(?:/modelo)?|fabricante|fornecedor|metodo|data|situacao|status|autorizad[oa]"
        r"|qtde\.? ?aut\.?|aut\."
        r"|desconto|urgencia|observac(?:ao|oes)|obs\.?|anterior(?:es)?|resultado anterior|flag|modelo"
        r"|referencia do fabricante|lote"
        r"|cod(?:igo|\.)? (?:do fabricante|interno)|via|duracao|regiao|grupo|setor|carater|prazo|material biologico"
        r"|amostra"
        r"|duracao do tratamento|quantidade dispensada|horarios?",
    ),
)
_COMPILED = tuple((name, re.compile(rf"(?:{pattern})(?![a-z0-9])")) for name, pattern in _HEADS)
_SECOND_LINE = re.compile(
    r"\(?r[$s]\)?|solic(?:itada|\.)?|aut(?:orizada|\.)?|procedimento|referencia|anvisa|unit(?:ario|\.)?|total"
    r"|assistencial|ou item assistencial|medida|tuss"
)
_SENTENCE = re.compile(r":\s*\S")
_WIDE = 6.0
"""Heights of a line that may lie between two rows of a table."""
_SAME_PLACE = 0.035
"""Share of the page by which a cell's edge or middle may stand off its head's."""


QUOTE_TABLES: tuple[frozenset[Column], ...] = (
    frozenset({"description", "quantity", "total"}),
    frozenset({"description", "unit_price"}),
    frozenset({"description", "registry"}),
)
"""What tells a table of materials with their prices."""


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    column: Column
    line: Line


@dataclass(frozen=True)
class Row:
    """A row of a table: the pieces of each column. `sure`: each piece stands clearly in one column."""

    cells: dict[Column, Line]
    sure: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Heads from left to right and rows from top to bottom. `at`: the number of the layout's row with the heads."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    at: int


def find_tables(layout: Layout, needed: Iterable[frozenset[Column]]) -> list[Table]:
    """Every table whose heads hold one of the needed sets of columns."""
    wanted = tuple(needed)
    headed = [(at, _heads(layout, at)) for at in range(len(layout.rows))]
    starts = [(at, heads) for at, heads in headed if any(each <= {head.column for head in heads} for each in wanted)]
    ends = [at for at, _ in starts[1:]] + [len(layout.rows)]
    return [
        Table(heads, tuple(_body(layout, heads, at, end)), at) for (at, heads), end in zip(starts, ends, strict=False)
    ]


def _heads(layout: Layout, at: int) -> tuple[Head, ...]:
    """The heads of a row; nothing, if the row holds something else too."""
    heads: list[Head] = []
    below = layout.rows[at + 1] if at + 1 < len(layout.rows) and _is_second_line(layout.rows[at + 1]) else ()
    for line in layout.rows[at]:
        more = [each for each in below if _over(each, line)]
        heads.extend(heads_in(joined([line, *more])) or heads_in(line) or [Head("other", line)])
    known = [head for head in heads if head.column != "other"]
    once = len({head.column for head in known}) == len(known)
    return tuple(heads) if once and len(known) >= 2 and len(heads) - len(known) <= len(known) + 1 else ()


def _is_second_line(row: Sequence[Line]) -> bool:
    """A head may run on to a second line: "Valor unit." above "(R$)"."""
    return all(_SECOND_LINE.fullmatch(fold(squeeze(line.text))) for line in row)


def heads_in(line: Line) -> list[Head]:
    """The heads that a piece of text consists of, if it consists of nothing else. Readers join narrow columns."""
    folded = fold(line.text)
    heads: list[Head] = []
    at = 0
    while at < len(folded):
        if not folded[at].isalnum() and folded[at] != "#":
            at += 1
            continue
        number = re.match(r"\d{1,2}\s?[-–.]\s?(?=[a-z])", folded[at:])
        at += number.end() if number else 0
        fits = [(match.end(), name) for name, pattern in _COMPILED if (match := pattern.match(folded, at))]
        if not fits:
            return []
        end, name = max(fits, key=lambda each: each[0])
        piece = part(line, at, end)
        if piece:
            heads.append(Head(name, piece))
        at = end
    return heads


def _body(layout: Layout, heads: tuple[Head, ...], at: int, end: int) -> list[Row]:
    rows: list[list[tuple[Head | None, Line]]] = []
    last = layout.rows[at]
    for row in layout.rows[at + 1 : end]:
        height = max(line.height for line in (*row, *last))
        gap = min(line.box.y0 for line in row) - max(line.box.y1 for line in last)
        if (
            gap > _WIDE * height
            or layout.is_foot(row)
            or _is_total(row)
            or _is_labelled(layout, row)
            or _SENTENCE.search(row[0].text)
        ):
            break
        last = row
        placed = [(_column_of(line, heads), line) for line in row]
        if not rows and _is_second_line(row):
            continue
        rows.append(placed)
    return _whole_rows(layout, rows)


def _is_total(row: Sequence[Line]) -> bool:
    return re.match(r"(?:sub-?\s?)?(?:valor )?total\b", fold(row[0].text)) is not None


def _is_labelled(layout: Layout, row: Sequence[Line]) -> bool:
    """A label with its value below the table ends it. Names of analytes and materials may be glued to a colon."""
    first = layout.label_at_start(row[0])
    return first not in {None, "tuss", "procedures", "elsewhere", "laterality", "quantity", "days_off"}


def _column_of(line: Line, heads: Sequence[Head]) -> Head | None:
    """The head that a piece stands under: by its left edge, its right edge or its middle; None when two are as near."""
    away = sorted(((_distance(line, head.line), number) for number, head in enumerate(heads)), key=lambda each: each[0])
    nearest = away[0]
    if nearest[0] > 3 * _SAME_PLACE and not _over(line, heads[nearest[1]].line):
        return None
    if len(away) > 1 and away[1][0] < nearest[0] + 0.01:
        over = [number for distance, number in away[:2] if _over(line, heads[number].line)]
        return heads[over[0]] if len(over) == 1 else None
    others = [head for number, head in enumerate(heads) if number != nearest[1] and _mostly_over(head.line, line)]
    return None if others else heads[nearest[1]]


def _distance(a: Line, b: Line) -> float:
    middles = abs((a.box.x0 + a.box.x1) - (b.box.x0 + b.box.x1)) / 2
    return min(abs(a.box.x0 - b.box.x0), abs(a.box.x1 - b.box.x1), middles)


def _over(a: Line, b: Line) -> bool:
    return a.box.x0 < b.box.x1 and a.box.x1 > b.box.x0


def _mostly_over(head: Line, line: Line) -> bool:
    """The piece reaches under most of another head too: two cells were read as one."""
    shared = min(head.box.x1, line.box.x1) - max(head.box.x0, line.box.x0)
    return shared > 0.6 * (head.box.x1 - head.box.x0)


def _whole_rows(layout: Layout, rows: Sequence[list[tuple[Head | None, Line]]]) -> list[Row]:
    """Rows with the lines that their cells run on to: those of one column only, right below or above."""
    anchors = [number for number, row in enumerate(rows) if len({head.column for head, _ in row if head}) >= 2]
    pieces: dict[int, list[tuple[Head | None, Line]]] = {number: list(rows[number]) for number in anchors}
    unsure: set[int] = set()
    for number, row in enumerate(rows):
        if number in pieces or not anchors:
            continue
        near = sorted((abs(_middle(rows[anchor]) - _middle(row)), anchor) for anchor in anchors)
        distance, anchor = near[0]
        if not _close(row, rows[anchor]):
            continue
        pieces[anchor].extend(row)
        if len(near) > 1 and near[1][0] < 1.35 * distance:
            unsure.update((anchor, near[1][1]))
    return [_row(layout, pieces[anchor], anchor not in unsure) for anchor in anchors]


def _close(row: Sequence[tuple[Head | None, Line]], anchor: Sequence[tuple[Head | None, Line]]) -> bool:
    """Lines of one cell stand closer than rows do; a cell of two lines may have its row's other cells between them."""
    own = {head.column for head, _ in row if head}
    same = [line for head, line in anchor if head and head.column in own]
    height = max(line.height for _, line in row)
    gaps = [
        max(each.box.y0 - line.box.y1, line.box.y0 - each.box.y1)
        for _, line in row
        for each in (same or [line for _, line in anchor])
    ]
    return min(gaps) < (_IN_A_CELL if same else 0.3) * height


_IN_A_CELL = 0.55


def _middle(row: Sequence[tuple[Head | None, Line]]) -> float:
    return sum(line.middle for _, line in row) / len(row)


def _row(layout: Layout, pieces: Sequence[tuple[Head | None, Line]], sure: bool) -> Row:
    cells: dict[Column, list[Line]] = {}
    for head, line in pieces:
        if head is None:
            sure = False
        else:
            cells.setdefault(head.column, []).append(line)
    return Row(
        cells={column: joined([line for row in rows_of(lines) for line in row]) for column, lines in cells.items()},
        sure=sure,
        lines=tuple(line for _, line in pieces),
    )
