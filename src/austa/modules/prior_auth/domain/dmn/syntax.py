"""The parts of an S-FEEL expression, and how they are written (DMN 1.3, chapter 9.1)."""

from dataclasses import dataclass
from typing import TypeAlias

from austa.modules.prior_auth.domain.dmn.values import Value, as_literal


@dataclass(frozen=True)
class Literal:
    """A value that stands in the text: `18`, `"Alta"`, `true`, `null`, `date("2024-01-31")`."""

    value: Value


@dataclass(frozen=True)
class Name:
    """A variable; the name may hold spaces."""

    name: str


@dataclass(frozen=True)
class Path:
    """A part of a context, or a property of a date, time or duration: `Loan.amount`."""

    owner: "Expression"
    part: str


@dataclass(frozen=True)
class Negation:
    """`-x`"""

    operand: "Expression"


@dataclass(frozen=True)
class Operation:
    """Arithmetic, comparison, `and`, `or`."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Call:
    """A built-in function or a business knowledge model; arguments by position, or all by name."""

    function: str
    arguments: tuple["Expression", ...]
    names: tuple[str, ...] = ()


Expression: TypeAlias = Literal | Name | Path | Negation | Operation | Call


@dataclass(frozen=True)
class Compared:
    """A unary test `< 5`; a bare value means `=`."""

    operator: str
    end: Expression


@dataclass(frozen=True)
class Interval:
    """A unary test `[1..5)`."""

    low: Expression
    high: Expression
    low_closed: bool
    high_closed: bool


UnaryTest: TypeAlias = Compared | Interval


@dataclass(frozen=True)
class UnaryTests:
    """What a cell asks: one of the tests, or none of them; no tests at all is `-`, which anything passes."""

    tests: tuple[UnaryTest, ...] = ()
    negated: bool = False


ANYTHING = UnaryTests()

_PRECEDENCE = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
    "**": 6,
}
_UNARY = 7


def expression_text(node: Expression, around: int = 0) -> str:
    """The expression as S-FEEL, with no more parentheses than it needs."""
    match node:
        case Literal(value):
            text = as_literal(value)
            return f"({text})" if text.startswith("-") and around >= _UNARY else text
        case Name(name):
            return name
        case Path(owner, part):
            return f"{expression_text(owner, _UNARY + 1)}.{part}"
        case Negation(operand):
            # `--1` and `-(1)` read differently from the literal -1, so what is negated is always told apart.
            inner = expression_text(operand, _UNARY)
            return _bracketed("-" + (f"({inner})" if isinstance(operand, Literal) else inner), around > _UNARY)
        case Operation(operator, left, right):
            own = _PRECEDENCE[operator]
            # Comparisons don't chain; everything else groups to the left.
            beside = own + 1 if own == _PRECEDENCE["="] else own
            text = f"{expression_text(left, beside)} {operator} {expression_text(right, own + 1)}"
            return _bracketed(text, own < around)
        case Call(function, arguments, names):
            shown = [expression_text(argument) for argument in arguments]
            if names:
                shown = [f"{name}: {value}" for name, value in zip(names, shown, strict=True)]
            return f"{function}({', '.join(shown)})"


def unary_tests_text(tests: UnaryTests) -> str:
    """A cell as S-FEEL."""
    if not tests.tests:
        return "-"
    text = ", ".join(_test_text(test) for test in tests.tests)
    return f"not({text})" if tests.negated else text


def _test_text(test: UnaryTest) -> str:
    match test:
        case Compared("=", end):
            return expression_text(end, _PRECEDENCE["+"])
        case Compared(operator, end):
            return f"{operator} {expression_text(end, _PRECEDENCE['+'])}"
        case Interval(low, high, low_closed, high_closed):
            ends = f"{expression_text(low, _PRECEDENCE['+'])}..{expression_text(high, _PRECEDENCE['+'])}"
            return ("[" if low_closed else "(") + ends + ("]" if high_closed else ")")


def _bracketed(text: str, needed: bool) -> str:
    return f"({text})" if needed else text
