"""What is remembered is what would be decided anew; kinds are never confused, and results can be changed freely."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn import memory
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from tests.modules.prior_auth.dmn.models import DECISION, a_decision, a_model, a_table, a_table_model, an_input

UNTYPED = a_table_model(["x"], [["1", '"um"'], ["-", '"resto"']], policy="FIRST")


def told(rules: Rules, inputs: dict[str, Any]) -> Any:
    try:
        return rules.decide(DECISION, inputs)
    except Invalid as error:
        return error.details["reason"]


ODD = [
    1,
    0,
    2,
    True,
    False,
    Decimal(1),
    Decimal("1.0"),
    Decimal("NaN"),
    Decimal("sNaN"),
    1.0,
    "1",
    None,
    [1],
    {"a": 1},
    (1,),
]


@given(st.lists(st.sampled_from(ODD), max_size=12))
def test_an_answer_does_not_depend_on_what_was_asked_before(values: list[Any]) -> None:
    used = load_rules(UNTYPED)
    for value in values:
        assert told(used, {"x": value}) == told(load_rules(UNTYPED), {"x": value})


@pytest.mark.parametrize(
    "number",
    [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), 10**6200, 1.0],
    ids=["nan", "infinity", "signal", "huge", "float"],
)
def test_what_is_no_number_is_never_an_input(number: Any) -> None:
    rules = load_rules(a_table_model(["n"], [["> 1", "1"], ["<= 1", "2"]], ["number"]))
    for _ in range(2):
        assert told(rules, {"n": number}) == "input_mistyped"
        assert told(rules, {"n": 5}) == 1


def test_a_number_of_more_digits_is_rounded_before_it_is_compared() -> None:
    rules = load_rules(a_table_model(["n"], [["> 1", "1"], ["<= 1", "2"]], ["number"]))
    for _ in range(2):
        assert told(rules, {"n": Decimal("1." + "0" * 40 + "1")}) == 2


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_lists_and_contexts_are_new_each_time(policy: str) -> None:
    one = load_rules(a_table_model(["n"], [["-", "1"], ["-", "2"]], ["number"], policy=policy))
    several = load_rules(a_table_model(["n"], [["-", "1", "2"]], ["number"], policy=policy, outputs=["a", "b"]))
    for _ in range(3):
        found: Any = one.decide(DECISION, {"n": 1})
        assert found == [1, 2]
        found.append(3)
        contexts: Any = several.decide(DECISION, {"n": 1})
        assert contexts == [{"a": 1, "b": 2}]
        contexts[0]["a"] = None


def test_memory_is_bounded_and_stays_right_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_VALUES", 10)
    rules = load_rules(a_table_model(["n"], [["< 500", "1"], [">= 500", "2"]], ["number"]))
    for _ in range(2):
        assert [rules.decide(DECISION, {"n": n}) for n in range(1000)] == [1] * 500 + [2] * 500


def test_an_input_that_no_column_asks_is_still_checked() -> None:
    body = an_input("n", "number") + an_input("m", "number")
    rules = load_rules(a_model(body + a_decision(a_table(["n"], [["-", "1"]], types=["number"]), ["n", "m"])))
    assert told(rules, {"n": 1, "m": 2}) == 1
    assert told(rules, {"n": 1}) == "input_absent"
    assert told(rules, {"n": 1, "m": "x"}) == "input_mistyped"


def test_computed_results_are_computed_each_time() -> None:
    rules = load_rules(a_table_model(["n"], [["-", "n + 1"]], ["number"]))
    assert [rules.decide(DECISION, {"n": n}) for n in (1, 2, 1)] == [2, 3, 2]
