"""The short way to a decision: what values pass in each column is remembered by value, and results by the rules passed.

It serves a table whose columns are inputs of the model and whose results are constant. Whatever is not remembered goes
the long way, which checks everything and raises; only what came out of it is remembered. Memory is bounded, and forgets
all at once when it is full. Values are kept under their exact type: for Python 1, True and Decimal(1) are one key.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.table import Table
from austa.modules.prior_auth.domain.dmn.values import Value

MOST_VALUES = 16_384
MOST_RESULTS = 4_096

Decide: TypeAlias = Callable[[Mapping[str, Any]], Value]
_Known: TypeAlias = dict[type, dict[Any, int]]


def remembering(
    table: Table,
    inputs: tuple[str, ...],
    guards: Mapping[str, Callable[[Mapping[str, Any]], Value]],
    decide: Decide,
) -> Decide | None:
    """The same decision by the short way, or None where there is none. `decide` is the long way."""
    variables = [column.variable for column in table.columns]
    if not table.is_constant or not variables or set(variables) != set(inputs):
        return None
    everything = (1 << len(table.results)) - 1
    known: list[_Known] = [{} for _ in variables]
    columns = tuple(zip(variables, known, strict=True))
    asked = tuple(zip(variables, known, (guards[name] for name in variables), table.lookups, strict=True))
    results: dict[int, Any] = {}
    give = _copying(table)

    def learn(given: Mapping[str, Any]) -> Value:
        passed = everything
        try:
            for name, by_type, guard, look_up in asked:
                value = given[name]
                by_value = by_type.setdefault(type(value), {})
                rules = by_value.get(value)
                if rules is None:
                    rules = look_up(guard(given))
                    _remember(by_value, value, rules, MOST_VALUES)
                passed &= rules
        except (KeyError, TypeError, Undefined):
            return decide(given)
        result = results.get(passed)
        if result is None:
            result = decide(given)
            _remember(results, passed, result, MOST_RESULTS)
        return give(result)

    def recall(given: Mapping[str, Any]) -> Value:
        passed = everything
        try:
            for name, by_type in columns:
                value = given[name]
                passed &= by_type[type(value)][value]
            result = results[passed]
        except (KeyError, TypeError):
            return learn(given)
        return give(result)

    return recall


def _remember(known: dict[Any, Any], key: Any, found: Any, most: int) -> None:
    if len(known) >= most:
        known.clear()
    known[key] = found


def _copying(table: Table) -> Callable[[Any], Value]:
    """How a remembered result is given away: whoever gets it may change it."""
    if table.logic.hit_policy.gives_a_list and table.logic.aggregation is None:
        if len(table.outputs) > 1:
            return lambda results: [dict(result) for result in results]
        return list.copy
    return dict.copy if len(table.outputs) > 1 else _itself


def _itself(result: Value) -> Value:
    return result
