"""Everything there is to say about a file of rules before anyone activates it: faults, analysis, example rows."""

from dataclasses import dataclass
from typing import Any

from austa.kernel.errors import AustaError
from austa.modules.prior_auth.domain.dmn.analysis import Analysis, Finding, FindingKind, analyse
from austa.modules.prior_auth.domain.dmn.compiler import Mode
from austa.modules.prior_auth.domain.dmn.engine import load_leniently
from austa.modules.prior_auth.domain.dmn.examples import (
    ExampleOutcome,
    read_examples,
    rules_without_example,
    run_examples,
)
from austa.modules.prior_auth.domain.dmn.faults import Fault, faults_of
from austa.modules.prior_auth.domain.dmn.inputs import to_json
from austa.modules.prior_auth.domain.dmn.values import Value, as_literal


@dataclass(frozen=True)
class Checked:
    """The report on a file. `sound` rules may be activated: they load strictly, nothing overlaps, every example holds.

    Gaps, unreachable rules and rules without an example are for the author to judge.
    """

    digest: str
    faults: tuple[Fault, ...]
    analyses: tuple[Analysis, ...]
    examples: tuple[ExampleOutcome, ...]
    without_example: tuple[tuple[str, int], ...]

    @property
    def sound(self) -> bool:
        """Whether nothing in the file makes a decision fail or differ from its examples."""
        overlaps = any(found.kind is FindingKind.OVERLAP for analysis in self.analyses for found in analysis.findings)
        return not self.faults and not overlaps and not any(outcome.why for outcome in self.examples)

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "sound": self.sound,
            "digest": self.digest,
            "faults": [str(fault) for fault in self.faults],
            "findings": [_finding(found) for analysis in self.analyses for found in analysis.findings],
            "not_judged": [
                {"table": analysis.table, "rule": rule} for analysis in self.analyses for rule in analysis.not_judged
            ],
            "not_searched_to_the_end": [analysis.table for analysis in self.analyses if not analysis.whole],
            "examples": len(self.examples),
            "failed_examples": [
                {"name": outcome.name, "decision": outcome.decision, "why": outcome.why}
                for outcome in self.examples
                if outcome.why
            ],
            "rules_without_example": [{"table": table, "rule": rule} for table, rule in self.without_example],
        }


def check_rules(source: bytes, examples: bytes | None) -> Checked:
    """Check a file and the example rows beside it."""
    try:
        rules = load_leniently(source, Mode.STRICT)
    except AustaError as error:
        return Checked("", faults_of(error), (), (), ())
    analyses = tuple(analyse(table) for table in rules.tables.values())
    faults = list(rules.faults)
    outcomes: list[ExampleOutcome] = []
    bare: list[tuple[str, int]] = []
    if examples is not None:
        try:
            rows = read_examples(examples)
        except AustaError as error:
            faults += faults_of(error)
        else:
            outcomes = run_examples(rules, rows)
            bare = rules_without_example(rules, rows)
    return Checked(rules.digest, tuple(faults), analyses, tuple(outcomes), tuple(bare))


def finding_text(found: Finding) -> str:
    """A finding as a sentence for its author, in Portuguese."""
    given = ", ".join(f"{name} = {_value_said(value)}" for name, value in found.example) or "quaisquer dados"
    rules = " e ".join(str(rule) for rule in found.rules)
    match found.kind:
        case FindingKind.OVERLAP:
            return f"{found.table}: as regras {rules} servem ao mesmo tempo, por exemplo com {given}"
        case FindingKind.GAP:
            return f"{found.table}: nenhuma regra serve para {given}"
        case _:
            taken = " e ".join(str(rule) for rule in found.instead)
            why = f"com {given} valem as regras {taken}" if found.instead else "as suas células não admitem nenhum dado"
            return f"{found.table}: a regra {rules} nunca é alcançada: {why}"


def _value_said(value: Value) -> str:
    return f"“{value}”" if isinstance(value, str) else as_literal(value)


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "table": found.table,
        "rules": list(found.rules),
        "example": {name: to_json(value) for name, value in found.example},
        "instead": list(found.instead),
    }
