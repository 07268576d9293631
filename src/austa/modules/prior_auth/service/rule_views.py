"""Rows and reports of decision tables as the contracts of the door."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from austa.kernel.errors import AustaError
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.rules import (
    CellChange,
    FailedExample,
    RowChange,
    RuleAt,
    RuleDifference,
    RuleFault,
    RuleFinding,
    RuleReport,
    RuleStep,
    RuleVersion,
    TableChange,
)
from austa.modules.prior_auth.domain.dmn.changes import Cell, changes_between
from austa.modules.prior_auth.domain.dmn.check import check_rules, finding_text
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.dmn.inputs import to_json
from austa.modules.prior_auth.domain.dmn.model import Definitions
from austa.modules.prior_auth.domain.rule_sets import WantedSet, misfits
from austa.modules.prior_auth.domain.rule_versions import Done, sheets, status_of

Row = sa.Row[Any]


def step_of(row: Row) -> Done:
    """A row of the journal."""
    return Done(row.sequence, row.version_id, row.step, row.at, row.by, row.effective_at, row.until)


def version_of(
    row: Row, steps: Sequence[Row], done: Sequence[Done], now: datetime, names: Mapping[str, Personal]
) -> RuleVersion:
    """A version as it stands now. `done`: what was done with versions of its set."""
    own = [step for step in steps if step.version_id == row.id]
    last = next((sheet for sheet in reversed(sheets(done)) if sheet.version_id == row.id), None)
    return RuleVersion(
        id=row.id,
        rule_set=row.rule_set,
        number=row.number,
        digest=row.digest,
        status=status_of(row.id, done, now),
        author=row.author,
        author_name=names.get(row.author),
        created_at=row.created_at,
        note=row.note,
        in_force_from=last.begins if last else None,
        in_force_until=last.ends if last else None,
        steps=tuple(
            RuleStep(
                step=step.step,
                at=step.at,
                by=step.by,
                by_name=names.get(step.by),
                effective_at=step.effective_at,
                until=step.until,
                note=step.note,
            )
            for step in own
        ),
    )


def report_on(wanted: WantedSet, xml: bytes, examples: bytes | None, seed: Rules) -> RuleReport:
    """Everything there is to say about tables for a set."""
    checked = check_rules(xml, examples)
    unfit: tuple[str, ...] = ()
    if checked.sound:
        try:
            unfit = misfits(wanted, load_rules(xml), seed)
        except AustaError as error:
            unfit = (error.message,)
    return RuleReport(
        sound=checked.sound and not unfit,
        digest=checked.digest,
        faults=tuple(
            RuleFault(
                decision=fault.place.decision,
                rule=fault.place.rule,
                column=fault.place.column,
                text=fault.text,
                expected=fault.expected,
            )
            for fault in checked.faults
        ),
        misfits=unfit,
        findings=tuple(
            RuleFinding(
                kind=found.kind.value,
                table=found.table,
                rules=found.rules,
                example={name: to_json(value) for name, value in found.example},
                instead=found.instead,
                text=finding_text(found),
            )
            for analysis in checked.analyses
            for found in analysis.findings
        ),
        not_judged=tuple(
            RuleAt(table=analysis.table, rule=rule) for analysis in checked.analyses for rule in analysis.not_judged
        ),
        not_searched_to_the_end=tuple(analysis.table for analysis in checked.analyses if not analysis.whole),
        examples=len(checked.examples),
        failed_examples=tuple(
            FailedExample(name=outcome.name, decision=outcome.decision, why=outcome.why)
            for outcome in checked.examples
            if outcome.why
        ),
        rules_without_example=tuple(RuleAt(table=table, rule=rule) for table, rule in checked.without_example),
    )


def difference_of(
    before: RuleVersion | None, after: RuleVersion, old: Definitions | None, new: Definitions
) -> RuleDifference:
    """What changed; against nothing, everything is new."""
    empty = Definitions("", "", "", "", (), (), (), ())
    changes = changes_between(old or empty, new)
    return RuleDifference(
        before=before,
        after=after,
        inputs=_cells(changes.inputs),
        tables=tuple(
            TableChange(
                decision=part.name,
                kind=part.kind,
                head=_cells(part.head),
                rows=tuple(
                    RowChange(kind=row.kind, before=row.before, after=row.after, cells=_cells(row.cells))
                    for row in part.rows
                ),
            )
            for part in changes.parts
        ),
    )


def _cells(cells: Sequence[Cell]) -> tuple[CellChange, ...]:
    return tuple(CellChange(column=cell.name, before=cell.before, after=cell.after) for cell in cells)
