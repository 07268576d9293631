"""Reading a CID-10 table as operators have it: which rows are good, and what is wrong with the others."""

import csv
import io
import re
from collections.abc import Mapping

from austa.modules.language.api.language import ConditionsReport, ImportProblem

# U00-U99 are codes for special purposes, COVID-19 among them.
_CODE = re.compile(r"[A-Z]\d{2}\d?")
_MOST_PROBLEMS = 100


def plain_code(code: str) -> str:
    """`m23.2` -> `M232`: as TISS writes it and as the table is keyed."""
    return re.sub(r"[.\s]", "", code).upper()


def parse_conditions(text: str) -> tuple[dict[str, str], int, list[ImportProblem]]:
    """Good rows by code, the number of rows seen, and the problems by line of the file."""
    header = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    good: dict[str, str] = {}
    problems: list[ImportProblem] = []
    rows = 0
    if not {"codigo", "descricao"} <= {name.strip().lower() for name in reader.fieldnames or ()}:
        return good, rows, [ImportProblem(line=1, reason="missing_column")]
    for raw in reader:
        rows += 1
        row = {(name or "").strip().lower(): value for name, value in raw.items()}
        code, description = plain_code(row["codigo"] or ""), " ".join((row["descricao"] or "").split())
        if not _CODE.fullmatch(code):
            problems.append(ImportProblem(line=reader.line_num, reason="bad_code"))
        elif not description:
            problems.append(ImportProblem(line=reader.line_num, reason="empty_description"))
        elif code in good:
            problems.append(ImportProblem(line=reader.line_num, reason="repeated_code"))
        else:
            good[code] = description
    return good, rows, problems


def compare_conditions(
    now: Mapping[str, str], then: Mapping[str, str], rows: int, problems: list[ImportProblem], *, applied: bool
) -> ConditionsReport:
    """What taking `then` means next to `now`."""
    return ConditionsReport(
        rows=rows,
        accepted=len(then),
        new=sum(code not in now for code in then),
        changed=sum(code in now and now[code] != description for code, description in then.items()),
        problems=tuple(problems[:_MOST_PROBLEMS]),
        applied=applied,
    )
