"""The analysis finds what trying every input finds, and each finding's example shows it."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.prior_auth.domain.dmn.analysis import FindingKind, analyse
from austa.modules.prior_auth.domain.dmn.compiler import Mode
from austa.modules.prior_auth.domain.dmn.engine import load_leniently
from austa.modules.prior_auth.domain.dmn.inputs import to_json
from tests.modules.prior_auth.dmn.models import DECISION, a_table_model
from tests.modules.prior_auth.dmn.test_tables import NAMES, ROWS, the_model

EVERY_INPUT = list(product([Decimal(halves) / 2 for halves in range(-2, 19)], "abcd", [True, False]))


def found_in(source: bytes) -> list[tuple[str, tuple[int, ...], dict[str, Any], tuple[int, ...]]]:
    rules = load_leniently(source, Mode.STRICT)
    assert rules.faults == ()
    (table,) = rules.tables.values()
    analysis = analyse(table)
    assert analysis.whole
    return [
        (found.kind.value, found.rules, {name: to_json(value) for name, value in found.example}, found.instead)
        for found in analysis.findings
    ]


def matching(rows: Any, values: tuple[Any, ...]) -> list[int]:
    return [
        number
        for number, row in enumerate(rows, 1)
        if all(cell.passes(value) for cell, value in zip(row[:3], values, strict=True))
    ]


def completed(example: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every input that the example leaves open."""
    known = [[example[name]] if name in example else every for name, every in zip(NAMES, AXES, strict=True)]
    return list(
        product(
            *[
                [Decimal(v) if isinstance(v, str) and n == "n" else v for v in vs]
                for n, vs in zip(NAMES, known, strict=True)
            ]
        )
    )


AXES: list[list[Any]] = [sorted({values[at] for values in EVERY_INPUT}) for at in range(3)]


@given(ROWS)
def test_overlaps_and_gaps_are_those_that_every_input_shows(rows: Any) -> None:
    found = found_in(the_model(rows, "UNIQUE"))
    hits = [matching(rows, values) for values in EVERY_INPUT]
    pairs = {(one, other) for rules in hits for one in rules for other in rules if one < other}
    assert {rules for kind, rules, _, _ in found if kind == "overlap"} == pairs
    assert any(kind == "gap" for kind, *_ in found) is any(not rules for rules in hits)
    for kind, rules, example, _ in found:
        for values in completed(example):
            if kind == "overlap":
                assert set(rules) <= set(matching(rows, values))
            if kind == "gap":
                assert matching(rows, values) == []


@given(ROWS, st.sampled_from(["FIRST", "PRIORITY"]))
def test_a_rule_is_unreachable_when_no_input_reaches_it(rows: Any, policy: str) -> None:
    found = found_in(the_model(rows, policy))
    order = [2, 0, 1, 3]
    reached = set()
    for values in EVERY_INPUT:
        hits = matching(rows, values)
        if hits:
            reached.add(
                hits[0] if policy == "FIRST" else min(hits, key=lambda rule: (order.index(rows[rule - 1][3]), rule))
            )
    unreachable = {rules[0] for kind, rules, _, _ in found if kind == "unreachable"}
    assert unreachable == set(range(1, len(rows) + 1)) - reached


def test_an_author_sees_the_hole_between_17_and_18() -> None:
    assert found_in(a_table_model(["Idade"], [["<= 17", "1"], [">= 18", "2"]], ["number"])) == [
        ("gap", (), {"Idade": "17.5"}, ())
    ]


def test_between_two_days_that_follow_each_other_there_is_no_hole() -> None:
    rows = [['<= date("2024-01-01")', "1"], ['>= date("2024-01-02")', "2"]]
    assert found_in(a_table_model(["Dia"], rows, ["date"])) == []


def test_allowed_values_bound_what_can_come() -> None:
    rows = [['"a"', "1"], ['"b"', "2"]]
    assert found_in(a_table_model(["x"], rows, ["string"], allowed=['"a", "b"'])) == []
    assert found_in(a_table_model(["x"], rows, ["string"])) == [("gap", (), {"x": "outro"}, ())]


def test_a_default_leaves_no_gap() -> None:
    assert found_in(a_table_model(["n"], [["> 1", "1"]], ["number"], defaults=["0"])) == []


def test_any_may_overlap_with_equal_results() -> None:
    same = a_table_model(["n"], [["> 1", "1"], ["> 2", "1"], ["<= 1", "2"]], ["number"], policy="ANY")
    other = a_table_model(["n"], [["> 1", "1"], ["> 2", "3"], ["<= 1", "2"]], ["number"], policy="ANY")
    assert found_in(same) == []
    assert found_in(other) == [("overlap", (1, 2), {"n": 3}, ())]


def test_a_shadowed_rule_names_the_rules_that_take_its_place() -> None:
    rows = [["< 5", "1"], [">= 5", "2"], ["[0..9]", "3"], ["-", "4"]]
    assert found_in(a_table_model(["n"], rows, ["number"], policy="FIRST")) == [
        ("unreachable", (3,), {"n": 0}, (1, 2)),
        ("unreachable", (4,), {}, (1, 2)),
    ]


def test_the_same_expression_in_two_columns_is_one_input() -> None:
    source = a_table_model(["n"], [["> 1", "1"], ["<= 1", "2"]], ["number"])
    twice = source.replace(
        b"<output>", b"<input><inputExpression><text>n</text></inputExpression></input><output>"
    ).replace(b"<outputEntry>", b"<inputEntry><text>&lt; 10</text></inputEntry><outputEntry>")
    assert found_in(twice) == [("gap", (), {"n": 10}, ())]


def test_cells_that_name_other_values_are_told_as_not_judged() -> None:
    rules = load_leniently(
        a_table_model(["n", "m"], [["> m", "-", "1"], ["-", "-", "2"]], ["number", "number"]), Mode.STRICT
    )
    analysis = analyse(rules.tables[DECISION])
    assert analysis.not_judged == (1,)
    assert analysis.findings == ()


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("time", 'time("00:00:00")', 'time("23:59:59.999999")'),
        ("date and time", 'date and time("2024-01-01T00:00:00Z")', 'date and time("2024-01-01T00:00:00.000001Z")'),
        ("days and time duration", 'duration("P1D")', 'duration("P2D")'),
        ("years and months duration", 'duration("P1M")', 'duration("P2M")'),
        ("string", '"a"', '"b"'),
    ],
)
def test_every_ordered_kind_has_examples(kind: str, low: str, high: str) -> None:
    source = a_table_model(["x"], [[f"< {low}", "1"], [f"({low}..{high})", "2"], [f"> {high}", "3"]], [kind])
    gaps = [found for found in found_in(source) if found[0] == FindingKind.GAP]
    assert len(gaps) == 1


def test_a_large_table_is_searched_in_bounded_time() -> None:
    rows = [[f"[{at}..{at + 1})", f'"{at % 7}"', str(at)] for at in range(300)]
    rules = load_leniently(a_table_model(["n", "t"], rows, ["number", "string"]), Mode.STRICT)
    analysis = analyse(rules.tables[DECISION])
    assert len(analysis.findings) == 50
    assert not analysis.whole


def test_what_a_rule_with_other_values_might_take_is_no_gap() -> None:
    rows = [["> m", "> 0", "1"], ["-", "< 0", "2"]]
    assert found_in(a_table_model(["n", "m"], rows, ["number", "number"])) == [("gap", (), {"m": 0}, ())]


def test_a_rule_for_null_alone_is_not_unreachable() -> None:
    rows = [["null", "1"], ["< 5", "2"], [">= 5", "3"]]
    assert found_in(a_table_model(["n"], rows, ["number"])) == []


def test_null_is_one_more_input_where_a_cell_names_it() -> None:
    told = [["not(null)", "1"], ["null", "2"], ["-", "3"]]
    assert found_in(a_table_model(["x"], told, ["string"], policy="FIRST")) == [("unreachable", (3,), {}, (1, 2))]
    assert found_in(a_table_model(["x"], told[:1] + told[2:], ["string"], policy="FIRST")) == []
    assert found_in(a_table_model(["x"], [['"a"', "1"], ['not("a")', "2"]], ["string"])) == []
    assert found_in(a_table_model(["n"], [["> 1", "1"], ["<= 1", "2"], ["null, 7", "3"]], ["number"])) == [
        ("overlap", (1, 3), {"n": 7}, ())
    ]
    assert found_in(a_table_model(["n"], [["not(null)", "1"]], ["number"])) == [("gap", (), {"n": None}, ())]
    assert found_in(a_table_model(["n"], [["null", "1"]], ["number"])) == [("gap", (), {"n": 1}, ())]
