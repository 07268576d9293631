"""Tables decide as a naive reading of their rows does; what is strict, and what the standard makes null."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn.compiler import Mode
from austa.modules.prior_auth.domain.dmn.engine import Fired, load_leniently, load_rules
from austa.modules.prior_auth.domain.dmn.table import matching_rules
from tests.modules.prior_auth.dmn.models import (
    DECISION,
    a_decision,
    a_knowledge_model,
    a_model,
    a_table,
    a_table_model,
    an_expression,
    an_input,
)

POLICIES = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]


@dataclass(frozen=True)
class Cell:
    """A cell as text and as what it means, written down a second time."""

    text: str
    passes: Callable[[Any], bool]


def number_cells() -> st.SearchStrategy[Cell]:
    ends = st.integers(0, 6)
    pairs = st.tuples(ends, ends).map(sorted).filter(lambda pair: pair[0] < pair[1])
    return st.one_of(
        st.just(Cell("-", lambda value: True)),
        ends.map(lambda end: Cell(f"< {end}", lambda value: value < end)),
        ends.map(lambda end: Cell(f">= {end}", lambda value: value >= end)),
        ends.map(lambda end: Cell(f"{end}, {end + 2}", lambda value: value in {end, end + 2})),
        ends.map(lambda end: Cell(f"not({end})", lambda value: value != end)),
        pairs.map(lambda pair: Cell(f"[{pair[0]}..{pair[1]})", lambda value: pair[0] <= value < pair[1])),
        pairs.map(lambda pair: Cell(f"]{pair[0]}..{pair[1]}]", lambda value: pair[0] < value <= pair[1])),
        pairs.map(lambda pair: Cell(f"not([{pair[0]}..{pair[1]}])", lambda value: not pair[0] <= value <= pair[1])),
    )


def text_cells() -> st.SearchStrategy[Cell]:
    texts = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True)
    return st.one_of(
        st.just(Cell("-", lambda value: True)),
        texts.map(lambda some: Cell(", ".join(f'"{text}"' for text in some), lambda value: value in some)),
        texts.map(
            lambda some: Cell(
                f"not({', '.join(f'{chr(34)}{text}{chr(34)}' for text in some)})", lambda value: value not in some
            )
        ),
    )


def boolean_cells() -> st.SearchStrategy[Cell]:
    return st.sampled_from(
        [Cell("-", lambda value: True), Cell("true", lambda value: value), Cell("false", lambda value: not value)]
    )


ROWS = st.lists(st.tuples(number_cells(), text_cells(), boolean_cells(), st.integers(0, 3)), min_size=1, max_size=7)
INPUTS = st.tuples(st.integers(-2, 18).map(lambda halves: Decimal(halves) / 2), st.sampled_from("abcd"), st.booleans())
NAMES = ("n", "t", "b")
TYPES = ("number", "string", "boolean")


def the_model(rows: list[tuple[Cell, Cell, Cell, int]], policy: str, aggregation: str = "") -> bytes:
    texts = [(one.text, two.text, three.text, str(result)) for one, two, three, result in rows]
    return a_table_model(NAMES, texts, TYPES, policy=policy, aggregation=aggregation, output_values=["2, 0, 1, 3"])


def naively(rows: list[tuple[Cell, Cell, Cell, int]], values: tuple[Any, ...], policy: str) -> Any:
    """The result, or None where strictly there is none."""
    hits = [row[3] for row in rows if all(cell.passes(value) for cell, value in zip(row[:3], values, strict=True))]
    ranked = sorted(hits, key=[2, 0, 1, 3].index)
    match policy:
        case "UNIQUE":
            return hits[0] if len(hits) == 1 else None
        case "ANY":
            return hits[0] if len(set(hits)) == 1 else None
        case "FIRST":
            return hits[0] if hits else None
        case "PRIORITY":
            return ranked[0] if hits else None
        case "OUTPUT ORDER":
            return ranked
        case _:
            return hits


@given(ROWS, INPUTS, st.sampled_from(POLICIES))
def test_a_table_decides_as_its_rows_read_one_by_one(rows: Any, values: Any, policy: str) -> None:
    rules = load_rules(the_model(rows, policy))
    inputs = dict(zip(NAMES, values, strict=True))
    expected = naively(rows, values, policy)
    for _ in range(2):
        if expected is None:
            with pytest.raises(Invalid):
                rules.decide(DECISION, inputs)
        else:
            assert rules.decide(DECISION, inputs) == expected


@given(ROWS, INPUTS)
def test_cells_asked_one_by_one_say_the_same(rows: Any, values: Any) -> None:
    rules = load_rules(the_model(rows, "COLLECT"))
    inputs = dict(zip(NAMES, values, strict=True))
    trace = rules.trace(DECISION, inputs)
    matching = matching_rules(rules.tables[DECISION], trace.scope)
    assert rules.decide(DECISION, inputs) == [rows[rule][3] for rule in matching]


@given(ROWS, st.lists(INPUTS, min_size=1, max_size=3), st.sampled_from(["SUM", "MIN", "MAX", "COUNT"]))
def test_aggregations(rows: Any, many: Any, aggregation: str) -> None:
    rules = load_rules(the_model(rows, "COLLECT", aggregation))
    for values in many:
        hits = naively(rows, values, "COLLECT")
        apply: Any = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}[aggregation]
        expected = apply(hits) if hits or aggregation == "COUNT" else None
        assert rules.decide(DECISION, dict(zip(NAMES, values, strict=True))) == expected


SIMPLE = a_table_model(["n"], [["> 1", '"a"'], ["> 5", '"b"']], ["number"])


def undefined(source: bytes, inputs: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(Invalid) as error:
        load_rules(source).decide(DECISION, inputs)
    assert error.value.code == "prior_auth.decision_undefined"
    return str(error.value.details["reason"]), error.value.message


@pytest.mark.parametrize(
    ("inputs", "reason", "said"),
    [
        ({}, "input_absent", "input n is absent"),
        ({"n": "7"}, "input_mistyped", "should be a number, not a string"),
        ({"n": True}, "input_mistyped", "should be a number, not a boolean"),
        ({"n": 7.0}, "input_mistyped", "float"),
        ({"n": 7}, "rules_overlap", "rules 1, 2 match at once"),
        ({"n": 1}, "no_rule_matched", "no rule matches"),
        ({"n": None}, "no_rule_matched", "no rule matches"),
    ],
)
def test_strictly_a_decision_that_has_no_answer_is_an_error(inputs: dict[str, Any], reason: str, said: str) -> None:
    found, message = undefined(SIMPLE, inputs)
    assert found == reason
    assert said in message


def test_an_error_never_holds_a_value() -> None:
    source = a_table_model(["Nome"], [['"x"', "1"]], ["string"], allowed=['"x", "y"'])
    for inputs in ({"Nome": "Dona Lúcia"}, {"Nome": 529982247}):
        assert "Lúcia" not in undefined(source, inputs)[1]
        assert "529982247" not in undefined(source, inputs)[1]


def test_an_input_may_be_nested_but_not_without_end() -> None:
    body = an_input("x") + a_decision(an_expression("x"), ["x"])
    inner: Any = 1
    for _ in range(2000):
        inner = {"Dona Lúcia": [inner]}
    reason, message = undefined(a_model(body), {"x": inner})
    assert reason == "input_mistyped"
    assert "Lúcia" not in message


def test_null_is_a_value_that_cells_can_name() -> None:
    rows = [["null", '"não informado"'], ["< 18", '"menor"'], [">= 18", '"maior"']]
    rules = load_rules(a_table_model(["idade"], rows, ["number"]))
    assert rules.decide(DECISION, {"idade": None}) == "não informado"
    assert rules.decide(DECISION, {"idade": 17}) == "menor"


def test_null_passes_no_comparison_not_even_a_negated_one() -> None:
    rows = [["not(> 5)", '"até 5"'], ["> 5", '"mais"'], ["not(7)", '"outro que 7"'], ["-", '"resto"']]
    rules = load_rules(a_table_model(["n"], rows, ["number"], policy="FIRST"))
    assert rules.decide(DECISION, {"n": None}) == "outro que 7"
    assert rules.decide(DECISION, {"n": 5}) == "até 5"


def test_by_the_standard_a_value_of_another_kind_is_still_not_null() -> None:
    rows = [["< 5", '"menos"'], ["not(null)", '"algo"'], ["-", '"nada"']]
    rules = load_leniently(a_table_model(["x"], rows, policy="FIRST"), Mode.STANDARD)
    assert [rules.decide(DECISION, {"x": x}) for x in ("texto", None, 9, 1)] == ["algo", "nada", "algo", "menos"]


def test_a_cell_that_names_a_value_of_another_kind_is_an_error() -> None:
    source = a_table_model(["n", "m"], [["> m", "-", "1"], ["-", "-", "2"]], policy="FIRST")
    assert undefined(source, {"n": 1, "m": "x"})[0] == "undefined"
    assert load_rules(source).decide(DECISION, {"n": 1, "m": None}) == 2
    assert load_leniently(source, Mode.STANDARD).decide(DECISION, {"n": 1, "m": "x"}) == 2


def test_a_type_keeps_the_allowed_values_of_the_type_it_is_made_of() -> None:
    body = '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..130]</text></allowedValues>'
    body += '</itemDefinition><itemDefinition name="tAdult"><typeRef>tAge</typeRef><allowedValues><text>&gt;= 18</text>'
    body += "</allowedValues></itemDefinition>" + an_input("n", "tAdult") + a_decision(an_expression("n"), ["n"])
    source = a_model(body)
    assert load_rules(source).decide(DECISION, {"n": 18}) == 18
    assert undefined(source, {"n": 17})[0] == "input_mistyped"
    assert undefined(source, {"n": 131})[0] == "input_mistyped"


def test_by_the_standard_one_item_and_a_list_of_one_are_converted() -> None:
    body = an_input("n", "number") + an_input("l", "list")
    body += '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    body += a_decision(an_expression("n"), ["n"], name="as list", type_ref="tNumbers")
    body += a_decision(an_expression("l"), ["l"], name="as item", type_ref="number")
    rules = load_leniently(a_model(body), Mode.STANDARD)
    assert rules.decide("as list", {"n": 1}) == [1]
    assert rules.decide("as item", {"l": [1]}) == 1
    assert rules.decide("as item", {"l": [1, 2]}) is None


def test_one_and_true_are_not_the_same_value() -> None:
    rules = load_leniently(a_table_model(["x"], [["1", '"um"'], ["-", '"resto"']], policy="FIRST"), Mode.STANDARD)
    assert rules.decide(DECISION, {"x": Decimal(1)}) == "um"
    assert rules.decide(DECISION, {"x": True}) == "resto"
    assert rules.decide(DECISION, {"x": 1}) == "um"


def test_a_default_is_given_where_no_rule_matches() -> None:
    one = a_table_model(["n"], [["> 1", '"a"']], ["number"], defaults=['"padrão"'])
    several = a_table_model(["n"], [["> 1", '"a"']], ["number"], policy="COLLECT", defaults=['"padrão"'])
    assert load_rules(one).decide(DECISION, {"n": 0}) == "padrão"
    assert load_rules(several).decide(DECISION, {"n": 0}) == ["padrão"]


def test_a_result_may_be_computed_and_is_checked() -> None:
    source = a_table_model(["n"], [["-", "n * 2"]], ["number"], output_types=["number"], output_values=["[0..10]"])
    assert load_rules(source).decide(DECISION, {"n": 5}) == 10
    assert undefined(source, {"n": 6})[0] == "result_mistyped"
    assert load_leniently(source, Mode.STANDARD).decide(DECISION, {"n": 6}) is None


def test_a_large_number_keeps_its_digits() -> None:
    source = a_model(an_input("n", "number") + a_decision(an_expression("n + 0.1"), ["n"], type_ref="number"))
    amount = Decimal("123456789012345678901234567890.25")
    assert load_rules(source).decide(DECISION, {"n": amount}) == Decimal("123456789012345678901234567890.35")


def test_a_result_of_several_outputs_is_new_each_time() -> None:
    rules = load_rules(a_table_model(["n"], [["-", "1", "2"]], ["number"], outputs=["x", "y"]))
    first = rules.decide(DECISION, {"n": 1})
    assert isinstance(first, dict)
    first["x"] = None
    assert rules.decide(DECISION, {"n": 1}) == {"x": 1, "y": 2}


def test_a_column_remembers_no_more_than_it_may() -> None:
    rules = load_rules(a_table_model(["n"], [["< 3000", "1"], [">= 3000", "2"]], ["number"]))
    assert [rules.decide(DECISION, {"n": n}) for n in range(6000)] == [1] * 3000 + [2] * 3000


def test_a_decision_can_tell_the_rules_that_made_it() -> None:
    first = a_table(["n"], [["> 1", '"a"'], ["> 2", '"b"'], ["-", '"c"']], "FIRST")
    body = an_input("n", "number") + a_decision(first, ["n"], name="A")
    body += a_decision(a_table(["A"], [['"a", "b"', "1"], ["-", "2"], ['"c"', "3"]], "COLLECT"), decisions=["A"])
    source = a_model(body.replace("<rule>", '<rule id="r">', 1))
    rules = load_rules(source)
    decided = rules.decide_with_rules(DECISION, {"n": 3})
    assert (decided.result, decided.digest) == ([1, 2], rules.digest)
    assert decided.fired == (Fired("A", 1, "r"), Fired(DECISION, 1, ""), Fired(DECISION, 2, ""))
    with pytest.raises(Invalid):
        rules.decide_with_rules(DECISION, {})


def test_a_knowledge_model_may_use_another_one() -> None:
    body = (
        an_input("n", "number")
        + a_knowledge_model("dobro", ["x"], an_expression("x * 2"))
        + a_knowledge_model("quádruplo", ["x"], an_expression("dobro(dobro(x))"), ["dobro"])
        + a_decision(an_expression("quádruplo(n) + 1"), ["n"], knowledge=["quádruplo"])
    )
    assert load_rules(a_model(body)).decide(DECISION, {"n": 3}) == 13


def test_a_decision_over_a_list_asks_whether_a_value_is_in_it() -> None:
    body = an_input("código", "string") + an_input("lista", "list")
    table = a_table(["código"], [["lista", "true"], ["not(lista)", "false"]])
    rules = load_rules(a_model(body + a_decision(table, ["código", "lista"])))
    assert rules.decide(DECISION, {"código": "a", "lista": ["a", "b"]}) is True
    assert rules.decide(DECISION, {"código": "c", "lista": ["a", "b"]}) is False


def test_a_knowledge_model_keeps_to_its_type() -> None:
    known = a_knowledge_model("texto", ["x"], an_expression("x * 2")).replace(
        '<variable name="texto"/>', '<variable name="texto" typeRef="string"/>'
    )
    source = a_model(
        an_input("n", "number") + known + a_decision(an_expression("texto(n)"), ["n"], knowledge=["texto"])
    )
    assert undefined(source, {"n": 3})[0] == "result_mistyped"
    assert load_leniently(source, Mode.STANDARD).decide(DECISION, {"n": 3}) is None


def test_by_the_standard_a_table_without_a_result_is_null_where_it_stands_and_so_is_an_empty_result() -> None:
    overlapping = a_knowledge_model("t", ["x"], a_table(["x"], [["> 1", "1"], ["> 2", "2"], ["< 0", ""]]))
    source = a_model(
        an_input("n", "number") + overlapping + a_decision(an_expression("t(n) = null"), ["n"], knowledge=["t"])
    )
    rules = load_leniently(source, Mode.STANDARD)
    assert [rules.decide(DECISION, {"n": n}) for n in (2, 3, -1)] == [False, True, True]


def test_a_computed_default_keeps_to_the_list_of_values() -> None:
    source = a_table_model(["n"], [["> 1", '"a"']], ["number"], output_values=['"a", "b"'], defaults=["string(n)"])
    assert undefined(source, {"n": 0})[0] == "result_mistyped"
