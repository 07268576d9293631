"""Files of labelled messages, one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid

Row = TypeVar("Row", bound=Contract)


def read_rows(path: Path, row: type[Row]) -> list[Row]:
    """Every line of the file as `row`; empty lines are skipped.

    Errors: `bench.unreadable_file`, `bench.bad_line` (it names the line and the field, never the text),
    `bench.empty_file` (all Invalid).
    """
    rows = [_row(path, number, fields, row) for number, fields in _objects(path)]
    if not rows:
        raise Invalid("bench.empty_file", f"{path.name} holds no line")
    return rows


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("bench.unreadable_file", f"{path.name} cannot be read as UTF-8 text: {error}") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise Invalid("bench.bad_line", f"{path.name}, line {number}: not JSON ({error.msg})") from None


def _row(path: Path, number: int, fields: Any, row: type[Row]) -> Row:
    try:
        return row.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise Invalid("bench.bad_line", f"{path.name}, line {number}: {where}: {first['msg']}") from None
