"""A model that could not be evaluated, or would never mean anything, is refused with every place named."""

import re
from typing import Any

import pytest

from austa.kernel.errors import Invalid, NotFound
from austa.modules.prior_auth.domain.dmn.engine import load_rules
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


def faults_of(source: bytes) -> list[dict[str, Any]]:
    with pytest.raises(Invalid) as error:
        load_rules(source)
    assert error.value.code == "prior_auth.rules_refused"
    found: Any = error.value.details["faults"]
    return list(found)


def table_fault(rows: list[list[str]], types: tuple[str, ...] = ("number",), **more: Any) -> dict[str, Any]:
    (fault,) = faults_of(a_table_model(["n"], rows, types, **more))
    return fault


def test_a_fault_names_decision_rule_column_text_and_what_was_expected() -> None:
    assert table_fault([["> 1", "1"], ["Alta", "2"]]) == {
        "decision": DECISION,
        "rule": 2,
        "column": "n",
        "text": "Alta",
        "expected": 'um valor ou um nome conhecido (texto vai entre "aspas"; nomes conhecidos: n), no caractere 1',
    }


def test_every_fault_is_told_at_once() -> None:
    faults = faults_of(a_table_model(["n"], [["oops", "1"], [">", "2"], ["> 1", "oops"]], ["number"]))
    assert [(fault["rule"], fault["column"]) for fault in faults] == [(1, "n"), (2, "n"), (3, "result")]


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([['"um"', "1"]], {}, "um número, como a coluna compara"),
        ([["[5..1]", "1"]], {}, "um intervalo que comece pela ponta menor"),
        ([["[5..5)", "1"]], {}, "um intervalo que comece pela ponta menor"),
        ([["7", "1"]], {"allowed": ["1, 2, 3"]}, "um dos valores que a coluna permite"),
        ([["7", "1"]], {"allowed": ["n, 7"]}, "nomes conhecidos: nenhum aqui"),
        ([["> 1", ""]], {}, "um resultado (null onde não há)"),
        ([["> 1", "1/0"]], {}, "uma expressão com resultado"),
        ([["> 1", '"x"']], {"output_types": ["number"]}, "um número"),
        ([["> 1", '"x"']], {"output_values": ['"a", "b"']}, "um dos valores de saída"),
        ([["> 1", '"x"']], {"policy": "PRIORITY"}, "uma lista de valores de saída"),
        ([["> 1", "1"]], {"policy": "MAIS OU MENOS"}, "UNIQUE ou ANY"),
        ([["> 1", "1"]], {"aggregation": "SUM"}, "agregação só com COLLECT"),
        ([["> 1", "1", "2"]], {"outputs": ["a", "b"], "policy": "COLLECT", "aggregation": "SUM"}, "uma só saída"),
        ([["> 1", "1", "2"]], {"outputs": ["a", "a"]}, "um nome diferente para cada saída"),
        ([["> 1", "f(1)"]], {}, "nome conhecido"),
        ([["> 1", "floor(1, 2, 3)"]], {}, "os argumentos de floor: (n) ou (n, scale)"),
        ([["> 1", 'date("2024-13-01")']], {}, "ISO 8601"),
    ],
)
def test_a_table_that_would_mislead_is_refused(rows: list[list[str]], more: dict[str, Any], expected: str) -> None:
    assert expected in table_fault(rows, **more)["expected"]


def test_a_column_without_a_type_compares_one_kind_only() -> None:
    assert "um número, como a coluna compara" in table_fault([["> 1", "1"], ['"x"', "2"]], ())["expected"]


def test_a_row_of_another_length_is_refused() -> None:
    source = a_table_model(["n"], [["> 1", "1"]], ["number"]).replace(
        b"<inputEntry><text>&gt; 1</text></inputEntry>", b""
    )
    assert "1 condições e 1 resultados" in faults_of(source)[0]["expected"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (a_decision(an_expression("n + 1")), "nome conhecido"),
        (an_input("n") + a_decision(an_expression("n + 1")), "que “Resposta” requeira “n”"),
        (a_decision(an_expression("1"), ["nenhum"]), "um dado ou uma decisão deste arquivo"),
        (a_decision(an_expression("1"), knowledge=["nenhum"]), "um modelo de conhecimento deste arquivo"),
        (a_decision(an_expression("Resposta + 1"), decisions=[DECISION]), "não dependa de si mesm"),
        (a_decision(""), "uma só tabela de decisão, expressão literal, invocação ou contexto"),
        (a_decision("<relation/>"), "tabela de decisão, expressão literal, invocação ou contexto"),
        (a_decision(an_expression("1"), type_ref="tNada"), "um tipo do FEEL, ou um que o modelo defina"),
        (an_input("and") + a_decision(an_expression("1")), "não seja palavra do FEEL"),
        (an_input("x") + an_input("x") + a_decision(an_expression("1")), "um nome que nada mais no modelo tenha"),
        ('<import namespace="urn:x"/>' + a_decision(an_expression("1")), "sem importar"),
        (
            a_decision('<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'),
            "FEEL como linguagem",
        ),
        (
            a_knowledge_model("f", ["x"], an_expression("f(x)"), ["f"])
            + a_decision(an_expression("f(1)"), knowledge=["f"]),
            "não dependa de si mesm",
        ),
        (
            a_knowledge_model("f", ["x"], an_expression("x")) + a_decision(an_expression("f(1, 2)"), knowledge=["f"]),
            "os argumentos de f: (x)",
        ),
        (
            '<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>' + a_decision(an_expression("1")),
            "não se defina por si mesmo",
        ),
        (
            '<itemDefinition name="t"><typeRef>number</typeRef>'
            "<allowedValues><text>um</text></allowedValues></itemDefinition>",
            "nome conhecido",
        ),
    ],
)
def test_a_model_that_does_not_hang_together_is_refused(body: str, expected: str) -> None:
    assert any(expected in fault["expected"] for fault in faults_of(a_model(body)))


def test_an_unknown_decision_is_not_found() -> None:
    rules = load_rules(a_model(a_decision(an_expression("1"))))
    with pytest.raises(NotFound):
        rules.decide("Outra", {})


def test_the_digest_is_of_the_bytes() -> None:
    source = a_model(a_decision(an_expression("1")))
    assert load_rules(source).digest != load_rules(source + b"\n").digest
    assert load_rules(source).digest == load_rules(bytes(source)).digest


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", "bem formado"),
        (b"<definitions", "bem formado"),
        (b"<definitions/>", "DMN 1.2, 1.3, 1.4, 1.5"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd"/>', "DMN 1.2, 1.3, 1.4, 1.5"),
        (b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>', "nenhum tipo de documento"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "nenhum tipo de documento"),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY a "b">]><d/>'.encode("utf-16"),
            "nenhum tipo de documento",
        ),
        (b"<a>" * 300 + b"</a>" * 300, "200 níveis"),
        (b"<a>" + b" " * (5 * 1024 * 1024) + b"</a>", "no máximo 4 MB"),
    ],
)
def test_what_is_no_safe_model_file_is_refused(source: bytes, expected: str) -> None:
    assert expected in faults_of(source)[0]["expected"]


def test_a_table_in_a_knowledge_model_is_read_too() -> None:
    table = a_table(["x"], [["> 1", '"a"'], ["oops", '"b"']])
    body = a_knowledge_model("f", ["x"], table) + a_decision(an_expression("f(1)"), knowledge=["f"])
    assert [(fault["decision"], fault["rule"]) for fault in faults_of(a_model(body))] == [("f", 2)]


def test_a_prefix_for_the_namespace_changes_nothing() -> None:
    plain = a_table_model(["n"], [["> 1", '"a"'], ["<= 1", '"b"']], ["number"]).decode()
    prefixed = re.sub(r"<(/?)([a-zA-Z])", r"<\1semantic:\2", plain).replace("xmlns=", "xmlns:semantic=")
    assert load_rules(prefixed.encode()).decide(DECISION, {"n": 2}) == "a"


def test_parts_of_other_namespaces_are_left_alone() -> None:
    plain = a_table_model(["n"], [["-", "1"]], ["number"]).decode()
    noise = (
        '<x:decision xmlns:x="urn:x" id="d_Resposta" name="Resposta"/><extensionElements><rule/></extensionElements>'
    )
    assert load_rules(plain.replace("<inputData", noise + "<inputData", 1).encode()).decide(DECISION, {"n": 2}) == 1
