"""A JDM twin of a DMN table, for the comparison with zen-engine: the same rules in that engine's own format."""

from typing import Any

from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn.item_types import ANY
from austa.modules.prior_auth.domain.dmn.model import Definitions, HitPolicy, TableLogic
from austa.modules.prior_auth.domain.dmn.parser import Names, parse_expression, parse_tests
from austa.modules.prior_auth.domain.dmn.regions import constant_ends, is_constant
from austa.modules.prior_auth.domain.dmn.syntax import Literal, UnaryTests, expression_text, unary_tests_text
from austa.modules.prior_auth.domain.dmn.values import Kind, kind_of

_SAME_IN_BOTH = {Kind.NUMBER, Kind.STRING, Kind.BOOLEAN}


def jdm_twin(definitions: Definitions) -> dict[str, Any]:
    """The graph of one table over inputs. Raises `bench.no_twin` for what the two engines write differently."""
    tables = [decision.logic for decision in definitions.decisions if isinstance(decision.logic, TableLogic)]
    if len(tables) != 1 or len(definitions.decisions) != 1:
        raise Invalid("bench.no_twin", "a twin is made of one decision table")
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": _content(tables[0], definitions)},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def _content(table: TableLogic, definitions: Definitions) -> dict[str, Any]:
    """Where at most one rule matches, the first one is the one."""
    if table.hit_policy not in {HitPolicy.UNIQUE, HitPolicy.FIRST}:
        raise Invalid("bench.no_twin", f"hit policy {table.hit_policy.value} has no twin")
    inputs = [_field(f"i{at}", clause.expression) for at, clause in enumerate(table.inputs)]
    outputs = [_field(f"o{at}", clause.name) for at, clause in enumerate(table.outputs)]
    names = Names({data.name: ANY for data in definitions.inputs})
    rules = []
    for number, rule in enumerate(table.rules):
        row = {f"i{at}": _cell(parse_tests(text, names)) for at, text in enumerate(rule.conditions)}
        row |= {f"o{at}": _result(text, names) for at, text in enumerate(rule.results)}
        rules.append({"_id": str(number), **row})
    return {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}


def _field(identifier: str, name: str) -> dict[str, str]:
    return {"id": identifier, "name": name, "field": name}


def _cell(tests: UnaryTests) -> str:
    if not tests.tests:
        return ""
    if tests.negated or not is_constant(tests) or {kind_of(end) for end in constant_ends(tests)} - _SAME_IN_BOTH:
        raise Invalid("bench.no_twin", f"the cell {unary_tests_text(tests)} has no twin")
    return unary_tests_text(tests)


def _result(text: str, names: Names) -> str:
    node = parse_expression(text, names)
    if not isinstance(node, Literal) or kind_of(node.value) not in _SAME_IN_BOTH:
        raise Invalid("bench.no_twin", f"the result {text} has no twin")
    return expression_text(node)
