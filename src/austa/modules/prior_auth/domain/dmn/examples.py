"""Example rows beside a table: inputs and the result they must give, as JSON, run whenever the rules are checked.

    {"examples": [{"name": "exame simples", "decision": "Alçada", "inputs": {"Valor": 100}, "result": "automática"},
                  {"name": "sem valor", "decision": "Alçada", "inputs": {}, "undefined": "input_absent"}]}

`undefined` expects that the decision cannot be made, for that reason.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from austa.kernel.errors import AustaError, Invalid
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.dmn.faults import Undefined, why_not_made
from austa.modules.prior_auth.domain.dmn.inputs import from_json, to_json
from austa.modules.prior_auth.domain.dmn.item_types import ANY
from austa.modules.prior_auth.domain.dmn.table import matching_rules
from austa.modules.prior_auth.domain.dmn.values import Value, temporal_text

_FIELDS = {"name", "decision", "inputs", "result", "undefined"}


@dataclass(frozen=True)
class Example:
    """One row: `undefined` is a reason, or None where `result` is expected."""

    name: str
    decision: str
    inputs: Mapping[str, Any]
    result: Any
    undefined: str | None


@dataclass(frozen=True)
class ExampleOutcome:
    """How a row went: empty `why` means as expected, else it says in Portuguese what came."""

    name: str
    decision: str
    why: str


def read_examples(source: bytes) -> tuple[Example, ...]:
    """The rows of a file. Raises `prior_auth.examples_unreadable` where it is not as described."""
    try:
        read = json.loads(source, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Invalid("prior_auth.examples_unreadable", f"os exemplos num JSON que se possa ler ({error})") from None
    rows = read.get("examples") if isinstance(read, dict) else None
    if not isinstance(rows, list):
        raise Invalid("prior_auth.examples_unreadable", 'os exemplos como {"examples": […]}')
    return tuple(_example(row, number) for number, row in enumerate(rows, 1))


def run_examples(rules: Rules, examples: tuple[Example, ...]) -> list[ExampleOutcome]:
    """Every row against the rules."""
    return [ExampleOutcome(example.name, example.decision, _why_wrong(rules, example)) for example in examples]


def rules_without_example(rules: Rules, examples: tuple[Example, ...]) -> list[tuple[str, int]]:
    """Rules (table, number from 1) that no example row reaches."""
    reached: set[tuple[str, int]] = set()
    for example in examples:
        if example.decision not in rules.prepared:
            continue
        try:
            trace = rules.trace(example.decision, _inputs(rules, example))
        except Undefined:
            continue
        for name in (*trace.made, trace.stopped_at):
            table = rules.tables.get(name or "")
            if table is not None:
                reached |= {(table.owner, rule + 1) for rule in matching_rules(table, trace.scope)}
    made = [rules.tables[decision.name] for decision in rules.definitions.decisions if decision.name in rules.tables]
    return [
        (table.owner, rule + 1)
        for table in made
        for rule in range(len(table.results))
        if (table.owner, rule + 1) not in reached
    ]


def _example(row: Any, number: int) -> Example:
    if not isinstance(row, dict) or not set(row) <= _FIELDS or ("result" in row) is ("undefined" in row):
        raise Invalid(
            "prior_auth.examples_unreadable",
            f"no exemplo {number}: name, decision, inputs e um só de result e undefined",
        )
    name, decision, inputs = row.get("name"), row.get("decision"), row.get("inputs")
    if not isinstance(name, str) or not isinstance(decision, str) or not isinstance(inputs, dict):
        raise Invalid(
            "prior_auth.examples_unreadable", f"no exemplo {number}: name e decision como texto, inputs como objeto"
        )
    return Example(name, decision, inputs, row.get("result"), row.get("undefined"))


def _inputs(rules: Rules, example: Example) -> dict[str, Value]:
    return {name: from_json(given, rules.input_types.get(name, ANY), name) for name, given in example.inputs.items()}


def _why_wrong(rules: Rules, example: Example) -> str:
    unknown = sorted(set(example.inputs) - set(rules.input_types))
    if unknown:
        return f"o modelo não tem o dado {', '.join(unknown)}"
    try:
        result = rules.decide(example.decision, _inputs(rules, example))
    except Undefined as undefined:
        return _why_undefined(undefined.code, undefined.about, example)
    except AustaError as error:
        about = str(error.details.get("about", ""))
        return _why_undefined(str(error.details.get("reason", error.code)), about, example)
    if example.undefined is not None:
        return f"esperado que nada se decida ({example.undefined}), veio {_shown(to_json(result))}"
    if not _same(result, example.result):
        return f"esperado {_shown(example.result)}, veio {_shown(to_json(result))}"
    return ""


def _why_undefined(code: str, about: str, example: Example) -> str:
    if example.undefined == code:
        return ""
    expected = example.undefined or _shown(example.result)
    return f"esperado {expected}, mas {why_not_made(code, about)} ({code})"


def _same(result: Value, expected: Any) -> bool:
    """A result and its JSON: kinds count, so that the text "1" is not the number 1; dates are texts in JSON."""
    match result:
        case None | bool() | str():
            return type(result) is type(expected) and result == expected
        case Decimal():
            return type(expected) in {int, Decimal} and result == expected
        case list():
            return (
                isinstance(expected, list)
                and len(result) == len(expected)
                and all(_same(*pair) for pair in zip(result, expected, strict=True))
            )
        case dict():
            return (
                isinstance(expected, dict)
                and result.keys() == expected.keys()
                and all(_same(part, expected[name]) for name, part in result.items())
            )
        case _:
            return type(expected) is str and temporal_text(result) == expected


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
