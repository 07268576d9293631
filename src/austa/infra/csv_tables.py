"""Tables that operators send as CSV: any usual encoding and delimiter, every problem named by line and column.

A problem never repeats the value it is about: reports are shown, mailed and kept. Nor is an unknown heading
repeated, for where the heading line is missing the first person's data stands there.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from austa.kernel.imports import ImportProblem

LARGEST_TABLE = 200_000
"""Lines; a longer table is sent in parts."""
LARGEST_REPORT = 1000
"""Problems in a report; beyond, one more says how many there are."""
LIST_SEPARATOR = "|"

_DELIMITERS = ";,\t"
LARGEST_CELL = 10_000
"""Characters; more is a quote that was never closed."""
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
_LOST = "\ufffd"
"""Stands for a byte that is no sign in the file's encoding."""
_UTF8_LETTER = re.compile(rb"[\xc3][\x80-\xbf]")
"""An accented letter in UTF-8. In Latin-1 these two bytes are Ã and a sign that follows no Ã."""
_DAY_LONG = 24 * 60
_SENTENCES = {
    "missing": "Falta preencher este campo.",
    "date_wrong": "A data deve ser dd/mm/aaaa ou aaaa-mm-dd.",
    "time_wrong": "A hora deve ser hh:mm.",
    "choice_wrong": "O valor não é um dos aceitos neste campo.",
    "number_wrong": "O valor não é um número.",
    "unreadable": "Há um caractere que não é de texto.",
    "too_many_cells": "A linha tem mais campos que o cabeçalho.",
    "column_missing": "Falta esta coluna no cabeçalho.",
    "column_unknown": "O cabeçalho tem uma coluna que não conhecemos.",
    "column_repeated": "Esta coluna aparece duas vezes no cabeçalho.",
    "not_csv": "A partir desta linha o arquivo não pôde ser lido: confira as aspas.",
    "too_long": f"O campo passa de {LARGEST_CELL} caracteres: confira as aspas.",
    "encoding_mixed": "O arquivo mistura codificações a partir desta linha: grave-o de novo como UTF-8.",
    "repeated": "Esta linha repete uma anterior do mesmo arquivo.",
    "empty": "O arquivo está vazio.",
    "too_many_lines": f"O arquivo passa de {LARGEST_TABLE} linhas: envie em partes.",
}
_YES_NO = {"sim": True, "s": True, "1": True, "true": True, "não": False, "nao": False, "n": False, "0": False}
_YES_NO |= {"false": False, "": False}

Choice = TypeVar("Choice")
Value = TypeVar("Value")


@dataclass
class CsvRow:
    """One line being read. A getter that finds its cell wrong notes a problem and returns a stand-in.

    Look at `wrong` after the last getter: a row with a problem must not be used. `line` counts from 1 with the header.
    """

    table: str
    line: int
    cells: Mapping[str, str]
    problems: list[ImportProblem]
    wrong: bool = False

    def has(self, column: str) -> bool:
        """Whether the table has that column at all."""
        return column in self.cells

    def text(self, column: str) -> str | None:
        """The trimmed cell; None when it is empty or the table has no such column."""
        return self.cells.get(column, "") or None

    def required_text(self, column: str) -> str:
        """The trimmed cell, which must not be empty."""
        text = self.text(column)
        if text is None:
            self.note(column, "missing")
        return text or ""

    def day(self, column: str) -> date | None:
        """A date as dd/mm/aaaa or ISO 8601; None when the cell is empty."""
        text = self.text(column)
        if text is None:
            return None
        day = _read_date(text)
        if day is None:
            self.note(column, "date_wrong")
        return day

    def required_day(self, column: str) -> date:
        """A date, which must be there."""
        if self.text(column) is None:
            self.note(column, "missing")
        return self.day(column) or date.min

    def minute(self, column: str) -> int | None:
        """A time of day as hh:mm, 24:00 too, in minutes after midnight; None when the cell is empty."""
        text = self.text(column)
        if text is None:
            return None
        found = _CLOCK.fullmatch(text)
        minute = int(found[1]) * 60 + int(found[2]) if found else _DAY_LONG + 1
        if minute > _DAY_LONG:
            self.note(column, "time_wrong")
            return None
        return minute

    def choice(self, column: str, words: Mapping[str, Choice]) -> Choice:
        """What the cell's word (compared in lower case) means; an empty cell is the word ''."""
        word = (self.text(column) or "").lower()
        if word not in words:
            self.note(column, "choice_wrong" if word else "missing")
            return next(iter(words.values()))
        return words[word]

    def optional_choice(self, column: str, words: Mapping[str, Choice]) -> Choice | None:
        """The same, where the cell may be empty."""
        return self.choice(column, words) if self.text(column) else None

    def whole(self, column: str) -> int | None:
        """A whole number of at most nine digits; None when the cell is empty."""
        text = self.text(column)
        if text is not None and re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is None:
            self.note(column, "number_wrong")
            return None
        return None if text is None else int(text)

    def yes(self, column: str) -> bool:
        """sim or não; empty is não."""
        return self.choice(column, _YES_NO)

    def number(self, column: str) -> float | None:
        """A number with point or comma; None when the cell is empty."""
        text = self.text(column)
        if text is None:
            return None
        if re.fullmatch(r"-?\d{1,12}([.,]\d{1,12})?", text, re.ASCII) is None:
            self.note(column, "number_wrong")
            return None
        return float(text.replace(",", "."))

    def list(self, column: str) -> tuple[str, ...]:
        """The trimmed parts of a cell between `|`, empty ones left out."""
        return tuple(part.strip() for part in (self.text(column) or "").split(LIST_SEPARATOR) if part.strip())

    def note(self, column: str, code: str) -> None:
        """Note one of this reader's problems with a cell."""
        self.wrong = True
        self.problems.append(_problem(self.table, self.line, column, code))


@dataclass
class CsvTable(Generic[Value]):
    """What a CSV says: each line that could be read with its number, and the problems of the others.

    `lines` counts both. With a problem in the header nothing was read.
    """

    read: list[tuple[int, Value]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    lines: int = 0


def decode_csv(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), in UTF-16 with its mark, or, failing that, in Latin-1 as
    Windows writes it. What is no sign becomes one that `read_csv` refuses, never another letter."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Names that were UTF-8 must not become "JosÃ©" because of one wrong byte elsewhere.
        return content.decode("utf-8-sig" if _UTF8_LETTER.search(content) else "cp1252", errors="replace")


def read_csv(
    text: str | None, table: str, required: Sequence[str], optional: Sequence[str], make: Callable[[CsvRow], Value]
) -> CsvTable[Value]:
    """Read a CSV whose first line names its columns, in any order; no text is a table without lines.

    Semicolons, commas or tabs; quotes as RFC 4180 has them; blank lines are skipped. `make` turns a row into a
    value, which is dropped when the row noted a problem. `table` stands before columns in problems.
    """
    result: CsvTable[Value] = CsvTable()
    if text is None:
        return result
    text = text.removeprefix("\ufeff")
    if _LOST in text:
        result.problems.append(_problem(table, _line_of(text, text.index(_LOST)), "", "encoding_mixed"))
        return result
    lines = _lines(text)
    first, heading = next(lines, (1, []))
    if heading is None:
        result.problems.append(_problem(table, first, "", "not_csv"))
        return result
    header = [cell.strip().lower() for cell in heading]
    result.problems += _header_problems(table, first, header, required, optional)
    if result.problems:
        return result
    for line, cells in lines:
        if cells is None:
            result.problems.append(_problem(table, line, "", "not_csv"))
        elif result.lines == LARGEST_TABLE:
            result.problems.append(_problem(table, line, "", "too_many_lines"))
            break
        else:
            result.lines += 1
            row = _row(result.problems, table, line, header, cells)
            value = make(row)
            if not row.wrong:
                result.read.append((line, value))
    return result


def problems_of(
    table: str, sentences: Mapping[str, str], faults: Iterable[tuple[int, Iterable[tuple[str, str]]]]
) -> list[ImportProblem]:
    """The report's words for what a module found: by line, columns and codes; `sentences` are the module's."""
    return [
        _in_words(table, line, column, code, sentences[code]) for line, several in faults for column, code in several
    ]


def repeated_keys(table: str, column: str, keys: Iterable[tuple[int, Hashable]]) -> list[ImportProblem]:
    """A problem for each line whose key an earlier line has."""
    seen: set[Hashable] = set()
    problems: list[ImportProblem] = []
    for line, key in keys:
        if key in seen:
            problems.append(_problem(table, line, column, "repeated"))
        seen.add(key)
    return problems


def short_report(problems: Sequence[ImportProblem]) -> tuple[ImportProblem, ...]:
    """The first problems, and, where there are more than a person reads, how many follow."""
    if len(problems) <= LARGEST_REPORT:
        return tuple(problems)
    shown, more = problems[:LARGEST_REPORT], len(problems) - LARGEST_REPORT
    last = ImportProblem(line=shown[-1].line, column="", code="more_problems", problem=f"Há mais {more} problemas.")
    return (*shown, last)


def _lines(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each line that is not blank with the number of its first line: a quoted cell may hold several.

    None instead of cells where the rest cannot be read.
    """
    heading = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        yield first, None


def _line_of(text: str, at: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:at])) + 1


def _header_problems(
    table: str, line: int, header: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> list[ImportProblem]:
    if not any(header):
        return [_problem(table, line, "", "empty")]
    known = {*required, *optional}
    problems = [_problem(table, line, column, "column_missing") for column in required if column not in header]
    problems += [
        _problem(table, line, f"coluna {place}", "column_unknown")
        for place, column in enumerate(header, start=1)
        if column not in known
    ]
    repeated = sorted({column for column in header if column in known and header.count(column) > 1})
    return problems + [_problem(table, line, column, "column_repeated") for column in repeated]


def _row(problems: list[ImportProblem], table: str, line: int, header: Sequence[str], cells: Sequence[str]) -> CsvRow:
    trimmed = [cell.strip() for cell in cells]
    filled = [*trimmed, *[""] * (len(header) - len(trimmed))]
    row = CsvRow(table, line, dict(zip(header, filled, strict=False)), problems)
    if any(trimmed[len(header) :]):
        row.note("", "too_many_cells")
    if not "".join(trimmed).isprintable():
        for column, cell in row.cells.items():
            if not cell.isprintable():
                row.note(column, "unreadable")
    if max(map(len, trimmed), default=0) > LARGEST_CELL:
        for column, cell in row.cells.items():
            if len(cell) > LARGEST_CELL:
                row.note(column, "too_long")
    return row


def _read_date(text: str) -> date | None:
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            day, month, year = map(int, day_first.groups())
            return date(year, month, day)
        return date.fromisoformat(text) if _YEAR_FIRST.fullmatch(text) else None
    except ValueError:
        return None


def _problem(table: str, line: int, column: str, code: str) -> ImportProblem:
    return _in_words(table, line, column, code, _SENTENCES[code])


def _in_words(table: str, line: int, column: str, code: str, sentence: str) -> ImportProblem:
    return ImportProblem(line=line, column=f"{table}.{column}" if column else table, code=code, problem=sentence)
