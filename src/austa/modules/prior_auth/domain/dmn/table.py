"""A decision table, compiled: a column gives the set of rules that its value passes, the hit policy makes the result.

Sets of rules are the bits of an integer. Columns of constant cells are looked up by region, with a memory of values
seen; cells that name other values are asked only for the rules that are left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from austa.modules.prior_auth.domain.dmn.compiler import Ask, Compute, Mode, Scope, Setting, compile_tests
from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.functions import BUILT_IN
from austa.modules.prior_auth.domain.dmn.item_types import ItemType, why_not
from austa.modules.prior_auth.domain.dmn.model import Aggregation, HitPolicy, TableLogic
from austa.modules.prior_auth.domain.dmn.regions import Regions, is_constant, regions_of
from austa.modules.prior_auth.domain.dmn.syntax import UnaryTests
from austa.modules.prior_auth.domain.dmn.values import KIND_BY_TYPE, Value, equal

MOST_REMEMBERED = 4096
_TYPE_BY_KIND = {kind: python_type for python_type, kind in KIND_BY_TYPE.items()}


@dataclass(frozen=True)
class Column:
    """A column of conditions. `tests` has one cell per rule; `regions` is there when every constant cell compares;
    `variable` is the name it asks, where its expression is just that.
    """

    label: str
    variable: str
    compute: Compute
    type: ItemType
    allowed: UnaryTests | None
    tests: tuple[UnaryTests, ...]
    asks: tuple[Ask, ...]
    regions: Regions | None


@dataclass(frozen=True)
class Output:
    """A column of results: the values it may have, in order of priority (empty: no order given), and the default."""

    name: str
    type: ItemType
    priority: tuple[Value, ...]
    allows: Callable[[Value], bool] | None
    default: Compute | None


@dataclass(frozen=True)
class Table:
    """A compiled table. `owner` is its decision or knowledge model (`owner.entry` inside a boxed context); `results`
    has a closure per rule and output; `match` gives the rules that match as bits, `decide` the result of the whole.
    `lookups` give the rules that a column's value passes; `is_constant` says that they and constant results are all
    there is to it.
    """

    owner: str
    logic: TableLogic
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    results: tuple[tuple[Compute, ...], ...]
    lookups: tuple[Callable[[Value], int], ...]
    match: Callable[[Scope], int]
    decide: Compute
    is_constant: bool


def make_column(
    label: str,
    variable: str,
    compute: Compute,
    input_type: ItemType,
    allowed: UnaryTests | None,
    tests: Sequence[UnaryTests],
    setting: Setting,
) -> Column:
    """A column from its cells."""
    constant = [cell for cell in tests if is_constant(cell)]
    if allowed is not None and is_constant(allowed):
        constant.append(allowed)
    return Column(
        label,
        variable,
        compute,
        input_type,
        allowed,
        tuple(tests),
        tuple(compile_tests(cell, setting) for cell in tests),
        regions_of(constant),
    )


def make_table(
    owner: str,
    logic: TableLogic,
    columns: Sequence[Column],
    outputs: Sequence[Output],
    results: Sequence[tuple[Compute, ...]],
    setting: Setting,
) -> Table:
    """A table from its columns; `results` has a row of closures per rule."""
    lookups = tuple(_lookup(column, setting) for column in columns)
    late = _late_asks(columns)
    match = _hits(columns, lookups, late, len(results))
    conclude = _conclusion(logic, outputs, results, setting)
    constant = not late and _are_constant([compute for row in results for compute in row], outputs)
    return Table(
        owner,
        logic,
        tuple(columns),
        tuple(outputs),
        tuple(results),
        lookups,
        match,
        lambda scope: conclude(match(scope), scope),
        constant,
    )


def rules_in(hits: int) -> Iterator[int]:
    """The rules of a set, from 0, in the order of the table."""
    while hits:
        lowest = hits & -hits
        yield lowest.bit_length() - 1
        hits ^= lowest


def matching_rules(table: Table, scope: Scope) -> list[int]:
    """The rules (from 0) whose every cell passes, each cell asked by itself; the hit policy is not applied.

    Cells that cannot be asked (another kind of value, a name that is not known) do not pass.
    """
    return [rule for rule in range(len(table.results)) if all(passes(column, rule, scope) for column in table.columns)]


def applied_rules(table: Table, scope: Scope) -> list[int]:
    """The rules (from 0) that made the result of a table that has one."""
    matching = list(rules_in(table.match(scope)))
    match table.logic.hit_policy:
        case HitPolicy.FIRST:
            return matching[:1]
        case HitPolicy.PRIORITY:
            key = priority_key(table.outputs)
            return sorted(matching, key=lambda rule: key([made(scope) for made in table.results[rule]]))[:1]
        case _:
            return matching


def passes(column: Column, rule: int, scope: Scope) -> bool:
    """Whether the value of a column passes the cell of a rule (from 0)."""
    try:
        return column.asks[rule](column.compute(scope), scope) is True
    except (Undefined, KeyError):
        return False


def _hits(
    columns: Sequence[Column],
    lookups: Sequence[Callable[[Value], int]],
    late: Mapping[int, Sequence[tuple[int, Ask]]],
    rules: int,
) -> Callable[[Scope], int]:
    """What rules match, as bits."""
    everything = (1 << rules) - 1
    asked = tuple((column.compute, passed) for column, passed in zip(columns, lookups, strict=True))
    if not late:

        def match(scope: Scope) -> int:
            hits = everything
            for compute, passed in asked:
                hits &= passed(compute(scope))
            return hits

        return match

    def match_with_late(scope: Scope) -> int:
        hits = everything
        values = []
        for compute, passed in asked:
            value = compute(scope)
            values.append(value)
            hits &= passed(value)
        for rule in rules_in(hits):
            if not all(ask(values[column], scope) is True for column, ask in late.get(rule, ())):
                hits ^= 1 << rule
        return hits

    return match_with_late


def _are_constant(computes: Sequence[Compute], outputs: Sequence[Output]) -> bool:
    """Whether results need no scope."""
    try:
        for compute in (*computes, *(output.default for output in outputs if output.default is not None)):
            compute({})
    except (KeyError, Undefined):
        return False
    return True


def _late_asks(columns: Sequence[Column]) -> dict[int, list[tuple[int, Ask]]]:
    """For each rule the cells that no look-up answers: those that name other values, and those without regions."""
    late: dict[int, list[tuple[int, Ask]]] = {}
    for at, column in enumerate(columns):
        for rule, cell in enumerate(column.tests):
            if cell.tests and (column.regions is None or not is_constant(cell)):
                late.setdefault(rule, []).append((at, column.asks[rule]))
    return late


def _lookup(column: Column, setting: Setting) -> Callable[[Value], int]:
    """What rules a value passes in this column, as far as constant cells say."""
    everything = (1 << len(column.tests)) - 1
    regions = column.regions
    check = _check_of(column, setting)
    if regions is None:

        def without_regions(value: Value) -> int:
            check(value)
            return everything

        return without_regions
    by_region = _rules_by_region(column, regions)
    unanswered = _rules_where(column, lambda cell: not cell.tests or not is_constant(cell))
    python_type = _TYPE_BY_KIND[regions.kind]
    remembered: dict[Value, int] = {}
    strict = setting.mode is Mode.STRICT
    for_null = unanswered | _rules_passing(column, None)

    def look_up(value: Value) -> int:
        check(value)
        if value is None:
            return for_null
        if not regions.holds(value):
            if strict:
                wanted = ("zoned " if regions.zoned else "") + regions.kind
                raise Undefined("kinds_differ", f"column {column.label} compares with a {wanted} only", column.label)
            return unanswered | _rules_passing(column, value)
        found = by_region[regions.region_of(value)]
        if len(remembered) < MOST_REMEMBERED:
            remembered[value] = found
        return found

    def passed(value: Value) -> int:
        # The exact type first: for Python 1, True and Decimal(1) are the same key.
        if type(value) is python_type:
            found = remembered.get(value)
            if found is not None:
                return found
        return look_up(value)

    return passed


def _rules_by_region(column: Column, regions: Regions) -> list[int]:
    by_region = [0] * regions.count
    for rule, cell in enumerate(column.tests):
        passing = regions.passed_by(cell) if is_constant(cell) else regions.all
        for region in rules_in(passing):
            by_region[region] |= 1 << rule
    return by_region


def _rules_where(column: Column, holds: Callable[[UnaryTests], bool]) -> int:
    return sum(1 << rule for rule, cell in enumerate(column.tests) if holds(cell))


def _rules_passing(column: Column, value: Value) -> int:
    """Rules whose constant cell a value passes, asked one by one."""
    return sum(
        1 << rule
        for rule, cell in enumerate(column.tests)
        if is_constant(cell) and column.asks[rule](value, {}) is True
    )


def _check_of(column: Column, setting: Setting) -> Callable[[Value], None]:
    """Refuse what the head of the column does not allow. Null passes: it is for the cells to say what null means."""
    allows = None
    if column.allowed is not None:
        allowed = compile_tests(column.allowed, Setting(Mode.STANDARD, {}))

        def allows(value: Value) -> bool:
            return allowed(value, {}) is True

    strict = setting.mode is Mode.STRICT

    def check(value: Value) -> None:
        if value is None:
            return
        lacking = why_not(value, column.type) if strict else None
        if lacking is not None:
            raise Undefined("kinds_differ", f"column {column.label} asks for {lacking}", column.label)
        if allows is not None and not allows(value):
            raise Undefined("value_not_allowed", f"column {column.label} does not allow this value", column.label)

    return check


def _conclusion(
    logic: TableLogic,
    outputs: Sequence[Output],
    results: Sequence[tuple[Compute, ...]],
    setting: Setting,
) -> Callable[[int, Scope], Value]:
    strict = setting.mode is Mode.STRICT
    policy = logic.hit_policy
    result_of = _result_of(outputs, results)
    default = _default_of(outputs)
    when_none = default or _nothing(logic, strict)
    if default is not None and policy.gives_a_list and logic.aggregation is None:
        of_one = default

        def when_none(scope: Scope) -> Value:
            return [of_one(scope)]

    def unique(hits: int, scope: Scope) -> Value:
        if hits & (hits - 1):
            rules = ", ".join(str(rule + 1) for rule in rules_in(hits))
            raise Undefined("rules_overlap", f"rules {rules} match at once in a table of policy UNIQUE", rules)
        return result_of(hits.bit_length() - 1, scope)

    def first(hits: int, scope: Scope) -> Value:
        return result_of((hits & -hits).bit_length() - 1, scope)

    def several(hits: int, scope: Scope) -> list[Value]:
        return [result_of(rule, scope) for rule in rules_in(hits)]

    def any_of_equals(hits: int, scope: Scope) -> Value:
        found = several(hits, scope)
        if not all(equal(found[0], other) is True for other in found[1:]):
            rules = ", ".join(str(rule + 1) for rule in rules_in(hits))
            raise Undefined(
                "results_differ", f"rules {rules} match with different results in a table of policy ANY", rules
            )
        return found[0]

    order = priority_key(outputs)

    def by_priority(hits: int, scope: Scope) -> list[Value]:
        return sorted(several(hits, scope), key=lambda result: order(_parts(result)))

    def aggregated(hits: int, scope: Scope) -> Value:
        return _aggregate(several(hits, scope), logic.aggregation, strict)

    conclude: Callable[[int, Scope], Value] = {
        HitPolicy.UNIQUE: unique,
        HitPolicy.FIRST: first,
        HitPolicy.ANY: any_of_equals,
        HitPolicy.PRIORITY: lambda hits, scope: by_priority(hits, scope)[0],
        HitPolicy.OUTPUT_ORDER: by_priority,
        HitPolicy.RULE_ORDER: several,
        HitPolicy.COLLECT: several if logic.aggregation is None else aggregated,
    }[policy]
    return lambda hits, scope: conclude(hits, scope) if hits else when_none(scope)


def _result_of(outputs: Sequence[Output], results: Sequence[tuple[Compute, ...]]) -> Callable[[int, Scope], Value]:
    if len(outputs) == 1:
        only = [row[0] for row in results]
        return lambda rule, scope: only[rule](scope)
    names = [output.name for output in outputs]
    return lambda rule, scope: {name: compute(scope) for name, compute in zip(names, results[rule], strict=True)}


def _default_of(outputs: Sequence[Output]) -> Compute | None:
    """What is decided when no rule matches; outputs without a default are null then."""
    if all(output.default is None for output in outputs):
        return None
    if len(outputs) == 1:
        return outputs[0].default
    named = [(output.name, output.default) for output in outputs]
    return lambda scope: {name: None if compute is None else compute(scope) for name, compute in named}


def _nothing(logic: TableLogic, strict: bool) -> Compute:
    """No rule matched and there is no default. A list is empty then, a count zero; strictly, one result is an error."""
    if logic.aggregation is Aggregation.COUNT:
        return lambda scope: Decimal(0)
    if logic.aggregation is None and logic.hit_policy is HitPolicy.COLLECT:
        return lambda scope: []
    if not strict or logic.aggregation is not None:
        return lambda scope: None
    if logic.hit_policy.gives_a_list:
        return lambda scope: []

    def refuse(scope: Scope) -> Value:
        raise Undefined("no_rule_matched", "no rule matches and the table has no default")

    return refuse


def _parts(result: Value) -> list[Value]:
    return list(result.values()) if isinstance(result, dict) else [result]


def priority_key(outputs: Sequence[Output]) -> Callable[[Sequence[Value]], tuple[int, ...]]:
    """Orders results (a value per output) by the first output's list of values, then the next one's; what is in no list
    comes last.
    """

    def rank(value: Value, priority: tuple[Value, ...]) -> int:
        return next((at for at, listed in enumerate(priority) if equal(value, listed) is True), len(priority))

    return lambda result: tuple(
        rank(value, output.priority) for value, output in zip(result, outputs, strict=True) if output.priority
    )


def _aggregate(found: list[Value], aggregation: Aggregation | None, strict: bool) -> Value:
    if aggregation is Aggregation.COUNT:
        return Decimal(len(found))
    result: Value = BUILT_IN[aggregation.value.lower()].apply(found) if aggregation else None
    if result is None and strict:
        raise Undefined("undefined", "the results that are aggregated are not all of one kind")
    return result
