"""A file of another version is written as 1.3 with the same meaning; diagram, comments and texts stay."""

from pathlib import Path

import pytest

from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.dmn.reader import read_definitions
from austa.modules.prior_auth.domain.dmn.writer import DIAGRAM_NAMESPACE, as_dmn_1_3
from austa.modules.prior_auth.domain.dmn.xml import read_xml
from tests.modules.prior_auth.dmn.models import (
    DECISION,
    a_decision,
    a_knowledge_model,
    a_model,
    an_expression,
    an_input,
)

GOLDEN = Path(__file__).parents[3] / "golden" / "dmn"
OF_1_5 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


@pytest.mark.parametrize("model", sorted(GOLDEN.rglob("*.dmn")), ids=lambda model: model.stem)
def test_every_golden_model_keeps_its_meaning(model: Path) -> None:
    before, after = read_definitions(model.read_bytes()), read_definitions(as_dmn_1_3(model.read_bytes()))
    assert after.version == "1.3"
    assert (after.inputs, after.decisions, after.types) == (before.inputs, before.decisions, before.types)
    assert after.knowledge_models == before.knowledge_models


def test_writing_twice_changes_nothing() -> None:
    once = as_dmn_1_3(a_model(an_input("n") + a_decision(an_expression("n"), ["n"]), OF_1_5))
    assert as_dmn_1_3(once) == once


def test_only_names_of_namespaces_change() -> None:
    body = f'<!-- "{OF_1_5}" -->' + a_decision(an_expression(f'"{OF_1_5}"'))
    written = as_dmn_1_3(a_model(body, OF_1_5))
    assert written.count(OF_1_5.encode()) == 2
    assert load_rules(written).decide(DECISION, {}) == OF_1_5


def test_a_diagram_that_is_there_is_kept() -> None:
    old = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
    diagram = f'<d:DMNDI xmlns:d="{old}"><d:DMNDiagram id="meu"/></d:DMNDI>'
    written = as_dmn_1_3(a_model(a_decision(an_expression("1")) + diagram, OF_1_5))
    (kept,) = [child for child in read_xml(written).children if child.name == "DMNDI"]
    assert kept.namespace == DIAGRAM_NAMESPACE
    assert [child.get("id") for child in kept.children] == ["meu"]


def test_a_model_without_a_diagram_gets_one_with_every_part() -> None:
    body = an_input("n") + a_knowledge_model("f", ["x"], an_expression("x"))
    body += a_decision(an_expression("f(n)"), ["n"], knowledge=["f"], name="A")
    body += a_decision(an_expression("A"), decisions=["A"]).replace(
        "<informationRequirement>", '<informationRequirement id="r">'
    )
    (diagram,) = [child for child in read_xml(as_dmn_1_3(a_model(body))).children if child.name == "DMNDI"]
    parts = diagram.children[0].children
    assert [part.get("dmnElementRef") for part in parts] == ["i_n", "k_f", "d_A", f"d_{DECISION}", "r"]
    height = {part.get("dmnElementRef"): int(part.children[0].get("y")) for part in parts[:4]}
    assert height[f"d_{DECISION}"] < height["d_A"] < height["i_n"] == height["k_f"]


def test_another_encoding_becomes_utf_8() -> None:
    text = a_model(a_decision(an_expression('"ção"')), OF_1_5).decode()
    for source in (
        text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        text.replace("UTF-8", "UTF-16").encode("utf-16"),
    ):
        assert load_rules(as_dmn_1_3(source)).decide(DECISION, {}) == "ção"


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(Invalid):
        as_dmn_1_3(b"<html/>")
