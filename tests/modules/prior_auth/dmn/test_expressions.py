"""What an S-FEEL text means, how it is written back, and what is refused with its place."""

import contextlib
import datetime as dt
import time
import zoneinfo
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.prior_auth.domain.dmn.compiler import Mode, Setting, compile_expression
from austa.modules.prior_auth.domain.dmn.faults import SyntaxFault, Undefined
from austa.modules.prior_auth.domain.dmn.item_types import ANY
from austa.modules.prior_auth.domain.dmn.parser import Names, parse_expression, parse_tests
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
    unary_tests_text,
)
from austa.modules.prior_auth.domain.dmn.values import Months, Value, number

NAMES = ("a", "b", "data de nascimento", "a b", "Approved/Declined", "x2")
SCOPE = Names(dict.fromkeys(NAMES, ANY))


def value_of(text: str, mode: Mode = Mode.STANDARD, **scope: Value) -> Value:
    names = Names(dict.fromkeys(scope, ANY))
    return compile_expression(parse_expression(text, names), Setting(mode, {}))(dict(scope))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("date(2024, 2, 29)", dt.date(2024, 2, 29)),
        ('date(date and time("2024-02-29T10:00:00"))', dt.date(2024, 2, 29)),
        ('date and time(date("2024-02-29"), time("10:00:00"))', dt.datetime(2024, 2, 29, 10)),
        ('date and time("2024-02-29")', dt.datetime(2024, 2, 29)),
        ("time(10, 30, 15.5)", dt.time(10, 30, 15, 500000)),
        ('time(hour: 10, minute: 30, second: 0, offset: duration("-PT3H")).time offset', dt.timedelta(hours=-3)),
        ('date and time("2024-07-01T12:00:00@America/Sao_Paulo").timezone', "America/Sao_Paulo"),
        (
            'date and time("2024-07-01T12:00:00@America/Sao_Paulo") = date and time("2024-07-01T15:00:00Z")',
            True,
        ),
        ('date("2024-01-31") + duration("P1M")', dt.date(2024, 2, 29)),
        ('date("2024-03-31") - duration("P1M")', dt.date(2024, 2, 29)),
        ('date("2024-12-31") + duration("P1D")', dt.date(2025, 1, 1)),
        ('date("9999-12-31") + duration("P1D")', None),
        ('duration("P1Y") - duration("P1M")', Months(11)),
        ('duration("P10D") / 4', dt.timedelta(days=2, hours=12)),
        ('years and months duration(date("2024-03-01"), date("2023-12-31"))', Months(-2)),
        ('duration("-P1DT2H").hours', Decimal(-2)),
        ('duration("P1Y8M").months', Decimal(8)),
        ('time("10:00:00") + duration("P999999D")', dt.time(10)),
        ('"a" < "b"', True),
        ('date("2024-01-01") < date("2024-01-02")', True),
        ('time("10:00:00") < time("10:00:00Z")', None),
        ('1 = "1"', None),
        ("null = null", True),
        ("1 != null", True),
        ('number("1.500,25", ".", ",")', Decimal("1500.25")),
        ('number("1e5")', None),
        ('string(date("2024-01-01"))', "2024-01-01"),
        ('string(duration("P1DT2H"))', "P1DT2H"),
        ("string(1.50)", "1.50"),
        ("decimal(1/3, 2)", Decimal("0.33")),
        ("decimal(2.5, 0)", Decimal(2)),
        ("decimal(3.5, 0)", Decimal(4)),
        ("10 ** 6200", None),
        ('contains("autorização", "riza")', True),
        ('upper case("ção")', "ÇÃO"),
        ('min("b", "a")', "a"),
        ('count(1, 2, "x")', Decimal(3)),
        ("modulo(-12, 5)", Decimal(3)),
        ("modulo(12, -5)", Decimal(-3)),
        ("modulo(10 ** 30 + 1, 7)", Decimal(2)),
        ("modulo(10 ** 40, 0.1)", None),
        ('date("2024-01-31") + duration("P99999999999Y")', None),
        ("1.5e3 + 2E-1", Decimal("1500.2")),
        ('"\\uD83D\\uDE91 \\U01F691"', "🚑 🚑"),
        ('string(time("10:00:00.500-03:00"))', "10:00:00.5-03:00"),
        (
            'date and time("2018-11-03T22:00:00@America/Sao_Paulo") + duration("PT4H")',
            dt.datetime(2018, 11, 4, 3, tzinfo=zoneinfo.ZoneInfo("America/Sao_Paulo")),
        ),
        ("-2 ** 2", Decimal(4)),
        ("2 ** 3 ** 2", Decimal(64)),
        ("2 ** -3", Decimal("0.125")),
    ],
)
def test_expressions_of_values(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text", ["1/0", "null + 1", '"a" + 1', '1 = "1"', "1 < null", "sum(1, null)", "not(7)", "true and 7"]
)
def test_strictly_what_has_no_result_is_an_error(text: str) -> None:
    assert value_of(text, Mode.STANDARD) is None
    with pytest.raises(Undefined):
        value_of(text, Mode.STRICT)


@pytest.mark.parametrize(
    ("text", "value"), [("null = null", True), ("a = null", True), ("a != 1", True), ("not(a)", None)]
)
def test_strictly_null_is_still_a_value(text: str, value: Value) -> None:
    assert value_of(text, Mode.STRICT, a=None) == value


def test_the_left_side_can_guard_the_right_one() -> None:
    assert value_of("a != null and a > 5", Mode.STRICT, a=None) is False
    assert value_of("a = null or a > 5", Mode.STRICT, a=None) is True


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("data  de\nnascimento", "data de nascimento"),
        ("a b", "a b"),
        ("Approved/Declined", "Approved/Declined"),
        ("x2", "x2"),
    ],
)
def test_a_name_may_hold_spaces_and_signs(text: str, name: str) -> None:
    assert parse_expression(text, SCOPE) == Name(name)


def test_the_longest_known_name_wins() -> None:
    assert parse_expression("a b - a", SCOPE) == Operation("-", Name("a b"), Name("a"))
    assert parse_expression("a-b", SCOPE) == Operation("-", Name("a"), Name("b"))


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("Alta", 0, "nome conhecido"),
        ("abc", 0, "nome conhecido"),
        ("1 +", 3, "um valor"),
        ("(1", 2, "')'"),
        ('"aberto', 0, "aspas"),
        ("1 2", 2, "um operador"),
        ("5x", 1, "operador depois do número"),
        ("a < 1 < 2", 6, "um operador"),
        ('date("2024-02-30")', 0, "ISO 8601"),
        ('@"amanhã"', 1, "ISO 8601"),
        ('time("10:00:00+10:60")', 0, "ISO 8601"),
        ('time("10:00:00+14:01")', 0, "ISO 8601"),
        ('time("10:00:00@Lua/Cratera")', 0, "ISO 8601"),
        ('time("24:00:00")', 0, "ISO 8601"),
        ('date and time("2024-01-01T10:00:00.1234567")', 0, "ISO 8601"),
        ('duration("P1Y2D")', 0, "ISO 8601"),
        ('duration("PT")', 0, "ISO 8601"),
        ('"\\q"', 0, "escapes"),
        ("if a then 1 else 2", 0, "FEEL completo"),
        ("[1, 2]", 0, "FEEL completo"),
        ("today()", 5, "'today' é do FEEL completo"),
        ("? > 5", 0, "FEEL completo"),
        ("a[1]", 1, "operador"),
        ("a in (1, 2)", 2, "FEEL completo"),
        ("date(1, 2", 9, "','"),
        ("__import__('os')", 0, "nome conhecido"),
        ("a; b", 1, "um operador"),
        ("(" * 100 + "1" + ")" * 100, 60, "níveis"),
        ("-" * 100 + "a", 61, "sinais"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, at: int, expected: str) -> None:
    with pytest.raises(SyntaxFault) as refusal:
        parse_expression(text, SCOPE)
    assert refusal.value.at == at
    assert expected in refusal.value.expected


@pytest.mark.parametrize("text", ["[1..5", "[1, 5]", "1..5", "<", "not(", "not 5", "- 5 -", "> 5 > 6", ", 5", "5,"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_tests(text, SCOPE)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("", UnaryTests()),
        (" - ", UnaryTests()),
        ("-5", UnaryTests((Compared("=", Literal(Decimal(-5))),))),
        ("]1..a[", UnaryTests((Interval(Literal(Decimal(1)), Name("a"), False, False),))),
        (
            "(1..2], > a b",
            UnaryTests((Interval(Literal(Decimal(1)), Literal(Decimal(2)), False, True), Compared(">", Name("a b")))),
        ),
        ('not("x", null)', UnaryTests((Compared("=", Literal("x")), Compared("=", Literal(None))), negated=True)),
        (
            "(a + 1) * 2",
            UnaryTests(
                (Compared("=", Operation("*", Operation("+", Name("a"), Literal(Decimal(1))), Literal(Decimal(2)))),)
            ),
        ),
    ],
)
def test_cells(text: str, tests: UnaryTests) -> None:
    assert parse_tests(text, SCOPE) == tests


def numbers() -> st.SearchStrategy[Decimal]:
    return st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999)


MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)).flatmap(
    lambda moment: st.sampled_from([moment, moment.replace(tzinfo=dt.UTC)])
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    numbers().map(number),
    st.text(max_size=12),
    st.dates(),
    MOMENTS,
    MOMENTS.map(lambda moment: moment.timetz()),
    st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)),
    st.integers(-9999, 9999).map(Months),
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    VALUES.map(Literal) | st.sampled_from(NAMES).map(Name),
    lambda inner: st.one_of(
        st.builds(
            Operation,
            st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"]),
            inner,
            inner,
        ),
        st.builds(Negation, inner),
        st.builds(Path, st.sampled_from(NAMES).map(Name), st.sampled_from(["valor", "year", "time offset"])),
        st.builds(lambda one, other: Call("modulo", (one, other)), inner, inner),
        st.builds(lambda one: Call("floor", (one,), ("n",)), inner),
    ),
    max_leaves=12,
)
ENDS = st.one_of(
    VALUES.map(Literal), st.builds(Operation, st.sampled_from(["+", "*"]), st.just(Name("a")), VALUES.map(Literal))
)
TESTS: st.SearchStrategy[UnaryTest] = st.one_of(
    st.builds(Compared, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), ENDS),
    st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans()),
)


@given(EXPRESSIONS)
def test_an_expression_written_and_read_again_is_the_same(node: Expression) -> None:
    assert parse_expression(expression_text(node), SCOPE) == node


@pytest.mark.parametrize(
    "text", ["(a = b) = (a < 1)", "-(-a)", "-(1)", "(a - b) - (a - b)", "(a ** b) ** -1", "not(a) and (b or a)"]
)
def test_parentheses_stay_where_they_mean_something(text: str) -> None:
    node = parse_expression(text, SCOPE)
    assert parse_expression(expression_text(node), SCOPE) == node


@given(st.lists(TESTS, max_size=4), st.booleans())
def test_a_cell_written_and_read_again_is_the_same(tests: list[UnaryTest], negated: bool) -> None:
    cell = UnaryTests(tuple(tests), negated and bool(tests))
    assert parse_tests(unary_tests_text(cell), SCOPE) == cell


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_expression, parse_tests):
        with contextlib.suppress(SyntaxFault):
            parse(text, SCOPE)


@given(VALUES, VALUES)
def test_arithmetic_never_fails_by_the_standard(left: Value, right: Value) -> None:
    for operator in ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">="):
        node = Operation(operator, Literal(left), Literal(right))
        compile_expression(node, Setting(Mode.STANDARD, {}))({})


def test_names_that_end_in_numbers_and_span_lines() -> None:
    names = Names(dict.fromkeys(("Base Days", "Extra days case 1", "Extra days case 2", "Extra days"), ANY))
    node = parse_expression("Base Days +\n  max( Extra days case 1, Extra  days case 2 ) + Extra days", names)
    scope: dict[str, Value] = {
        "Base Days": Decimal(22),
        "Extra days case 1": Decimal(5),
        "Extra days case 2": Decimal(2),
        "Extra days": Decimal(3),
    }
    assert compile_expression(node, Setting(Mode.STRICT, {}))(scope) == 30


@pytest.mark.parametrize("text", ["f(" + "a " * 4000, "f(a" + " " * 9000, "a" * 9000, '"' + "\\\\" * 4000, "/*" * 4000])
def test_long_nonsense_is_refused_at_once(text: str) -> None:
    start = time.thread_time()
    with pytest.raises(SyntaxFault):
        parse_expression(text, Names({}, frozenset({"f"})))
    assert time.thread_time() - start < 2
