"""What is decided by tables: for each set the decisions it must have, what may come out, and how far it may go.

The seed that AUSTA brings along is the law as we read it. An operator's tables may be stricter or quicker than the
seed, never laxer: that is proved when a version is proposed, for every combination of inputs there is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from austa.kernel.errors import AustaError
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.dmn.compiler import Compute
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.table import Output, Table
from austa.modules.prior_auth.domain.dmn.values import Kind, Value

Ceiling = Callable[[Rules, Rules], Iterator[str]]
"""Where tables go further than the seed may: sentences."""

ACTS = (
    "approve",
    "request_information",
    "route",
    "administrative_return",
    "opinion",
    "nursing_opinion",
    "approve_in_part",
    "deny",
    "open_board",
)
ACTORS = ("system", "authorization_analyst", "nurse_auditor", "medical_auditor", "technical_director")
CLASSES = (
    "urgency",
    "lab",
    "basic_consult",
    "dental",
    "specialty_consult",
    "therapy",
    "other_outpatient",
    "day_hospital",
    "oral_antineoplastic",
    "high_complexity",
    "elective_admission",
    "non_care",
)
POWERS = ("no", "propose", "yes")
"""From the least to the most."""
AUTHORITY = "Alçada"
TERM = "Prazo"


@dataclass(frozen=True)
class Given:
    """An input that decisions of a set may ask for. `values`: all there are, where they can be counted."""

    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A column of results. `permitted`: all that may ever come out; empty where any value of the kind may."""

    kind: Kind
    permitted: tuple[str, ...] = ()
    may_be_null: bool = False


@dataclass(frozen=True)
class DecisionWanted:
    """A decision that a set must have, as one table. `results` by column; a table of one column has it under ""."""

    name: str
    inputs: tuple[str, ...]
    results: Mapping[str, Result]


@dataclass(frozen=True)
class WantedSet:
    """A set of tables."""

    name: RuleSetName
    title: str
    about: str
    inputs: Mapping[str, Given]
    decisions: tuple[DecisionWanted, ...]
    ceiling: Ceiling


def misfits(wanted: WantedSet, rules: Rules, seed: Rules) -> tuple[str, ...]:
    """Why these tables cannot stand for the set: empty where they can."""
    found = [why for decision in wanted.decisions for why in _why_not(wanted, decision, rules)]
    return tuple(found or wanted.ceiling(rules, seed))


def _why_not(wanted: WantedSet, decision: DecisionWanted, rules: Rules) -> Iterator[str]:
    ready = rules.prepared.get(decision.name)
    table = rules.tables.get(decision.name)
    if ready is None or table is None:
        yield f'the decision "{decision.name}" has to be there, as one decision table'
        return
    for name in ready.inputs:
        given = wanted.inputs.get(name) if name in decision.inputs else None
        if given is None:
            yield f'"{decision.name}" asks for "{name}", which is not told to it'
        elif rules.input_types[name].kind not in {None, given.kind}:
            yield f'"{name}" is a {given.kind}'
    if table.logic.hit_policy.gives_a_list:
        yield f'"{decision.name}" gives one result, so its hit policy is UNIQUE, ANY, PRIORITY or FIRST'
    if {output.name for output in table.outputs} != set(decision.results) and len(decision.results) > 1:
        yield f'the results of "{decision.name}" are {", ".join(decision.results)}'
        return
    yield from _results_too_wide(decision, table)


def _results_too_wide(decision: DecisionWanted, table: Table) -> Iterator[str]:
    """What could come out and must not. Results that are computed need a list of values, which decisions keep to."""
    for at, output in enumerate(table.outputs):
        wanted = decision.results[output.name] if len(decision.results) > 1 else next(iter(decision.results.values()))
        head = f'"{decision.name}", column "{output.name or "result"}"'
        results = [row[at] for row in table.results] + ([output.default] if output.default is not None else [])
        for number, compute in enumerate(results, 1):
            known, value = _constant(compute)
            if known and not _is_permitted(value, wanted):
                yield f"{head}, rule {number}: {_said(wanted)}"
            elif not known and not _keeps_to(output, wanted):
                yield f"{head}: a computed result needs a list of values among {', '.join(wanted.permitted)}"


def _keeps_to(output: Output, wanted: Result) -> bool:
    """Whether the column's own list of values, which decisions keep to, is within what is permitted."""
    return not wanted.permitted or (bool(output.priority) and set(output.priority) <= set(wanted.permitted))


def _constant(compute: Compute) -> tuple[bool, Value]:
    try:
        return True, compute({})
    except (KeyError, Undefined):
        return False, None


def _is_permitted(value: Value, wanted: Result) -> bool:
    if value is None:
        return wanted.may_be_null
    if wanted.permitted:
        return value in wanted.permitted
    return isinstance(value, _PYTHON[wanted.kind])


_PYTHON: Mapping[Kind, type] = {Kind.STRING: str, Kind.NUMBER: Decimal, Kind.BOOLEAN: bool}


def _said(wanted: Result) -> str:
    values = f"one of {', '.join(wanted.permitted)}" if wanted.permitted else f"a {wanted.kind}"
    return values + (", or null" if wanted.may_be_null else "")


def _answers(rules: Rules, decision: str, inputs: dict[str, Any]) -> Any:
    """What is decided; the text of why not, where nothing is."""
    try:
        return rules.decide(decision, inputs)
    except AustaError as error:
        return error.message


def _no_more_power(rules: Rules, seed: Rules) -> Iterator[str]:
    for act, role in product(ACTS, ACTORS):
        inputs = {"Ato": act, "Papel": role}
        new, limit = _answers(rules, AUTHORITY, inputs), _answers(seed, AUTHORITY, inputs)
        if not isinstance(new, dict):
            yield f"{act} by {role}: {new}"
        elif POWERS.index(new["Permissão"]) > POWERS.index(limit["Permissão"]):
            yield f"{act} by {role}: at most {limit['Permissão']} ({limit['Motivo']})"


def _no_longer_term(rules: Rules, seed: Rules) -> Iterator[str]:
    for service_class in CLASSES:
        inputs = {"Classe": service_class}
        new, limit = _answers(rules, TERM, inputs), _answers(seed, TERM, inputs)
        if not isinstance(new, Decimal):
            yield f"{service_class}: {new}"
        elif not 0 <= new <= limit or new != int(new):
            yield f"{service_class}: whole business days, at most {limit}"


SETS: Mapping[RuleSetName, WantedSet] = {
    "authority": WantedSet(
        "authority",
        "Alçada",
        "Quem pode fazer o quê: sistema, analista, enfermagem, auditoria médica e direção técnica.",
        {"Ato": Given(Kind.STRING, ACTS), "Papel": Given(Kind.STRING, ACTORS)},
        (
            DecisionWanted(
                AUTHORITY,
                ("Ato", "Papel"),
                {"Permissão": Result(Kind.STRING, POWERS), "Motivo": Result(Kind.STRING)},
            ),
        ),
        _no_more_power,
    ),
    "legal-terms": WantedSet(
        "legal-terms",
        "Prazos legais",
        "Em quantos dias úteis se responde, por classe de serviço (RN ANS 566/2022 e 623/2024).",
        {"Classe": Given(Kind.STRING, CLASSES)},
        (DecisionWanted(TERM, ("Classe",), {"": Result(Kind.NUMBER)}),),
        _no_longer_term,
    ),
}
