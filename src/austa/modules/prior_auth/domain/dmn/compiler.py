"""S-FEEL parts into Python closures; nothing is ever evaluated as Python text.

A closure takes the scope (names to values). Where the standard's result is null because something does not fit, strict
closures raise Undefined instead. A unary test never raises for null: null is a value that passes `-`, `null` and a
`not(…)` of other values, and no comparison.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, TypeAlias

from austa.modules.prior_auth.domain.dmn.arithmetic import ARITHMETIC, COMPARISON, negate
from austa.modules.prior_auth.domain.dmn.faults import SyntaxFault, Undefined
from austa.modules.prior_auth.domain.dmn.functions import BUILT_IN, BuiltIn
from austa.modules.prior_auth.domain.dmn.properties import property_of
from austa.modules.prior_auth.domain.dmn.syntax import (
    Call,
    Compared,
    Expression,
    Interval,
    Literal,
    Name,
    Negation,
    Operation,
    Path,
    UnaryTest,
    UnaryTests,
    expression_text,
)
from austa.modules.prior_auth.domain.dmn.values import Value, kind_of

Scope: TypeAlias = dict[str, Value]
Compute: TypeAlias = Callable[[Scope], Value]
Ask: TypeAlias = Callable[[Value, Scope], bool | None]


class Mode(Enum):
    """STRICT is for decisions about people; STANDARD follows the standard's nulls, for the compatibility kit."""

    STRICT = "strict"
    STANDARD = "standard"


@dataclass(frozen=True)
class Invocable:
    """A business knowledge model as a function."""

    parameters: tuple[str, ...]
    body: Compute


@dataclass(frozen=True)
class Setting:
    """What a compilation knows: the mode and the knowledge models in reach."""

    mode: Mode
    invocables: Mapping[str, Invocable]


def compile_expression(node: Expression, setting: Setting) -> Compute:
    """A closure that computes the expression."""
    match node:
        case Literal(value):
            return lambda scope: value
        case Name(name):
            return lambda scope: scope[name]
        case Path(owner, part):
            return _path(compile_expression(owner, setting), part, setting)
        case Negation(operand):
            return _defined(_negation(compile_expression(operand, setting)), node, setting)
        case Operation("and" | "or", left, right):
            return _logic(node.operator, compile_expression(left, setting), compile_expression(right, setting), setting)
        case Operation(operator, left, right):
            return _operation(node, operator, left, right, setting)
        case Call():
            return _call(node, setting)


def compile_tests(tests: UnaryTests, setting: Setting) -> Ask:
    """A closure that says whether a value passes the cell; None is the standard's null and counts as no."""
    asks = tuple(_ask(test, setting) for test in tests.tests)
    if not asks:
        return lambda value, scope: True

    def some(value: Value, scope: Scope) -> bool | None:
        found: bool | None = False
        for ask in asks:
            answer = ask(value, scope)
            if answer:
                return True
            found = None if answer is None else found
        return found

    if not tests.negated:
        return some

    def none(value: Value, scope: Scope) -> bool | None:
        found = some(value, scope)
        return None if found is None else not found

    return none


def _ask(test: UnaryTest, setting: Setting) -> Ask:
    match test:
        case Compared(operator, end):
            return _compared(operator, compile_expression(end, setting), setting)
        case Interval(low, high, low_closed, high_closed):
            above = _compared(">=" if low_closed else ">", compile_expression(low, setting), setting)
            below = _compared("<=" if high_closed else "<", compile_expression(high, setting), setting)

            def between(value: Value, scope: Scope) -> bool | None:
                lower, upper = above(value, scope), below(value, scope)
                if lower is False or upper is False:
                    return False
                return None if lower is None or upper is None else True

            return between


def _compared(operator: str, end: Compute, setting: Setting) -> Ask:
    compare = COMPARISON[operator]
    strict = setting.mode is Mode.STRICT

    def ask(value: Value, scope: Scope) -> bool | None:
        limit = end(scope)
        if isinstance(limit, list) and operator == "=" and not isinstance(value, list):
            # `x in list`: a cell that names a list asks for membership (DMN 1.3, table 53).
            return any(compare(value, item) is True for item in limit)
        answer = compare(value, limit)
        if answer is None and strict and value is not None and limit is not None:
            raise Undefined("undefined", f"a {kind_of(value)} cannot be compared with a {kind_of(limit)}")
        return answer

    return ask


def _path(owner: Compute, part: str, setting: Setting) -> Compute:
    strict = setting.mode is Mode.STRICT

    def read(scope: Scope) -> Value:
        whole = owner(scope)
        if isinstance(whole, dict):
            if part in whole:
                return whole[part]
            has, found = False, None
        elif isinstance(whole, list) and not strict:
            return [item.get(part) if isinstance(item, dict) else None for item in whole]
        else:
            has, found = property_of(whole, part)
        if not has and strict:
            raise Undefined("part_absent", f"a {kind_of(whole)} without a part named {part}")
        return found

    return read


def _negation(operand: Compute) -> Compute:
    return lambda scope: negate(operand(scope))


def _operation(node: Expression, operator: str, left: Expression, right: Expression, setting: Setting) -> Compute:
    one, other = compile_expression(left, setting), compile_expression(right, setting)
    apply = ARITHMETIC.get(operator) or COMPARISON[operator]

    def compute(scope: Scope) -> Value:
        return apply(one(scope), other(scope))

    return _defined(compute, node, setting)


def _defined(compute: Compute, node: Expression, setting: Setting) -> Compute:
    """Strictly, arithmetic and comparison have a result or are an error: null would silently match nothing later."""
    if setting.mode is not Mode.STRICT:
        return compute

    def strictly(scope: Scope) -> Value:
        found = compute(scope)
        if found is None:
            _undefined(node)
        return found

    return strictly


def _undefined(node: Expression) -> NoReturn:
    raise Undefined("undefined", f"the expression {expression_text(node)} has no result for these kinds of values")


def _logic(operator: str, left: Compute, right: Compute, setting: Setting) -> Compute:
    """Three-valued: what decides the result wins over null. The right side is not asked when the left decides."""
    decisive = operator == "or"
    strict = setting.mode is Mode.STRICT

    def truth(value: Value) -> bool | None:
        if strict and value is not None and not isinstance(value, bool):
            raise Undefined("undefined", f"'{operator}' needs a boolean, not a {kind_of(value)}")
        return value if isinstance(value, bool) else None

    def compute(scope: Scope) -> Value:
        one = truth(left(scope))
        if one is decisive:
            return decisive
        other = truth(right(scope))
        if other is decisive:
            return decisive
        return None if one is None or other is None else not decisive

    return compute


def _call(node: Call, setting: Setting) -> Compute:
    arguments = tuple(compile_expression(argument, setting) for argument in node.arguments)
    invocable = setting.invocables.get(node.function)
    if invocable is not None:
        return _invocation(node, invocable, arguments)
    return _built_in(node, BUILT_IN[node.function], arguments, setting)


def _invocation(node: Call, invocable: Invocable, arguments: tuple[Compute, ...]) -> Compute:
    parameters = node.names or invocable.parameters
    if len(parameters) != len(arguments) or set(parameters) != set(invocable.parameters):
        wanted = ", ".join(invocable.parameters)
        raise SyntaxFault(expression_text(node), 0, f"os argumentos de {node.function}: ({wanted})")
    bound = tuple(zip(parameters, arguments, strict=True))
    body = invocable.body
    return lambda scope: body({name: argument(scope) for name, argument in bound})


def _built_in(node: Call, function: BuiltIn, arguments: tuple[Compute, ...], setting: Setting) -> Compute:
    ordered = _in_order(node, function, arguments)
    apply = function.apply
    # `min(1, 2, 3)` is `min([1, 2, 3])`; with one argument that is a list, that list.
    gather = function.any_number

    def compute(scope: Scope) -> Value:
        values = [argument(scope) for argument in ordered]
        if gather:
            only = values[0]
            return apply(only if len(values) == 1 and isinstance(only, list) else values)
        return apply(*values)

    if node.function == "not":
        return _negated_truth(ordered[0], setting)
    return _defined(compute, node, setting)


def _negated_truth(operand: Compute, setting: Setting) -> Compute:
    def compute(scope: Scope) -> Value:
        truth = operand(scope)
        if isinstance(truth, bool):
            return not truth
        if truth is not None and setting.mode is Mode.STRICT:
            raise Undefined("undefined", f"'not' needs a boolean, not a {kind_of(truth)}")
        return None

    return compute


def _in_order(node: Call, function: BuiltIn, arguments: tuple[Compute, ...]) -> tuple[Compute, ...]:
    """Arguments as the function takes them; a way to call it that it does not have is a fault of the model."""
    by_name = dict(zip(node.names, arguments, strict=True)) if node.names else {}
    if by_name:
        way = next((way for way in function.ways if set(way) == set(by_name)), None)
        if way is not None and len(by_name) == len(arguments):
            return tuple(by_name[name] for name in way)
    elif (function.any_number and arguments) or len(arguments) in {len(way) for way in function.ways}:
        return arguments
    wanted = " ou ".join(f"({', '.join(way)})" for way in function.ways)
    raise SyntaxFault(expression_text(node), 0, f"os argumentos de {node.function}: {wanted}")
