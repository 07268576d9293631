"""What an import of a table says: the same report for members, providers and code tables."""

from austa.kernel.contracts import Contract


class ImportProblem(Contract):
    """One thing wrong in a CSV. `line` counts from 1 with the header; `problem` is Portuguese, without the value."""

    line: int
    column: str
    code: str
    problem: str


class ImportReport(Contract):
    """What an import did, or, for a dry run, would do. With problems nothing is written."""

    dry_run: bool
    lines: int
    created: int
    updated: int
    unchanged: int
    problems: tuple[ImportProblem, ...]
