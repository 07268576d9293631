"""The benchmark of rules measures what it says, on a twin that decides the same."""

import json

import pytest
from typer.testing import CliRunner

from austa.bench.jdm import jdm_twin
from austa.bench.rules_speed import DECISION, some_requests, table_source
from austa.cli.main import app
from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn.check import check_rules
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.dmn.reader import read_definitions
from tests.modules.prior_auth.dmn.models import a_table_model


def test_the_table_is_whole_and_has_thirty_rules() -> None:
    checked = check_rules(table_source(), None)
    assert checked.sound
    assert [analysis.findings for analysis in checked.analyses] == [()]
    assert len(load_rules(table_source()).tables[DECISION].results) == 30


def test_requests_are_the_same_in_every_run_and_amounts_can_be_new() -> None:
    assert some_requests(50, amounts=10) == some_requests(50, amounts=10)
    amounts = [request["Valor"] for turn in range(3) for request in some_requests(50, amounts=None, turn=turn)]
    assert len(set(amounts)) == 150


def test_the_twin_has_every_rule() -> None:
    graph = jdm_twin(read_definitions(table_source()))
    rules = graph["nodes"][1]["content"]["rules"]
    assert len(rules) == 30
    assert rules[2] == {
        "_id": "2",
        "i0": '"consulta"',
        "i1": "false",
        "i2": "(300..4000]",
        "i3": "< 18",
        "o0": '"pediatra"',
        "o1": "3",
    }


@pytest.mark.parametrize(
    "source",
    [
        a_table_model(["n"], [["not(1)", "1"]], ["number"]),
        a_table_model(["n", "m"], [["> m", "-", "1"]], ["number", "number"]),
        a_table_model(["n"], [["> 1", "n"]], ["number"]),
        a_table_model(["n"], [["> 1", "1"]], ["number"], policy="COLLECT"),
    ],
)
def test_what_the_engines_write_differently_has_no_twin(source: bytes) -> None:
    with pytest.raises(Invalid) as error:
        jdm_twin(read_definitions(source))
    assert error.value.code == "bench.no_twin"


def test_the_command_prints_its_figures() -> None:
    result = CliRunner().invoke(app, ["bench", "dmn", "--requests", "100", "--json"])
    figures = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (figures["rules"], figures["inputs"], figures["requests"]) == (30, 4, 100)
    assert figures["decisions_per_s"] > figures["decisions_per_s_new_amounts"] > 0
    assert figures["zen"] is None or figures["times_zen"] > 1
