"""TUSS table 22 out of the installed `tiss` package (ANS open data, redistributed verbatim by that package)."""

import json
import mmap
import re
from datetime import date
from importlib.resources import as_file, files

from austa.kernel.errors import Unavailable
from austa.modules.language.domain.procedures import ProcedureRow

# Records are flat objects. Reading 16 MB of 68,000 of them as one JSON value would take some 100 MB; the 5,964 of
# table 22 are picked out of the mapped file one by one.
_RECORD = re.compile(rb"\{[^{}]*\"tabela\": ?\"22\"[^{}]*\}")


def load_procedures() -> tuple[ProcedureRow, ...]:
    """All rows of table 22, also those no longer in force.

    Errors: Unavailable when the package's data changed shape.
    """
    with (
        as_file(files("tiss.tuss").joinpath("_data/tuss.json")) as path,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        rows = tuple(_row(match.group()) for match in _RECORD.finditer(mapped))
    if not rows:
        raise Unavailable("language.tuss_missing", "the tiss package holds no rows of TUSS table 22")
    return rows


def _row(record: bytes) -> ProcedureRow:
    raw = json.loads(record)
    return ProcedureRow(
        code=raw["codigo"],
        description=" ".join(raw["termo"].split()),
        valid_from=_date(raw["vigencia_inicio"]),
        valid_until=_date(raw["vigencia_fim"]),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
