"""Example rows, explanations in Portuguese, and the commands over them."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from austa.cli.main import app
from austa.kernel.errors import Invalid
from austa.modules.prior_auth.domain.dmn.check import check_rules
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.dmn.examples import read_examples
from austa.modules.prior_auth.domain.dmn.explain import explain
from tests.modules.prior_auth.dmn.models import (
    DECISION,
    a_decision,
    a_model,
    a_table,
    a_table_model,
    an_expression,
    an_input,
)

RULES = Path(__file__).parents[4] / "rules"
SEEDS = sorted(RULES.glob("*.dmn"))
AGES = a_table_model(["Idade"], [["< 18", '"menor"'], ["[18..60)", '"adulto"'], [">= 60", '"idoso"']], ["number"])


def outcome(result: dict[str, Any], inputs: dict[str, Any], model: bytes = AGES) -> str:
    row = {"name": "linha", "decision": DECISION, "inputs": inputs, **result}
    return check_rules(model, json.dumps({"examples": [row]}).encode()).examples[0].why


def test_an_example_holds_when_result_and_kind_are_the_same() -> None:
    assert outcome({"result": "menor"}, {"Idade": 17}) == ""
    assert outcome({"undefined": "input_absent"}, {}) == ""
    assert outcome({"result": "adulto"}, {"Idade": 17}) == 'esperado "adulto", veio "menor"'
    assert outcome({"result": "menor"}, {}) == 'esperado "menor", mas falta o dado “Idade” (input_absent)'
    assert "esperado que nada se decida" in outcome({"undefined": "input_absent"}, {"Idade": 17})
    assert outcome({"result": "menor"}, {"idade": 17}) == "o modelo não tem o dado idade"


@pytest.mark.parametrize(
    ("cell", "result", "holds"),
    [
        ("1.50", 1.5, True),
        ("1", "1", False),
        ('"1"', 1, False),
        ("true", 1, False),
        ("1", True, False),
        ('date("2024-01-31")', "2024-01-31", True),
    ],
)
def test_results_are_compared_by_kind(cell: str, result: Any, holds: bool) -> None:
    model = a_table_model(["n"], [["-", cell]], ["number"])
    assert (outcome({"result": result}, {"n": 1}, model) == "") is holds


def test_dates_in_examples_are_texts() -> None:
    model = a_table_model(["Dia"], [['< date("2024-01-01")', "1"], ['>= date("2024-01-01")', "2"]], ["date"])
    assert outcome({"result": 1}, {"Dia": "2023-12-31"}, model) == ""
    assert outcome({"undefined": "input_mistyped"}, {"Dia": "31/12/2023"}, model) == ""


def test_rules_that_no_example_reaches_are_told() -> None:
    rows = [{"name": "um", "decision": DECISION, "inputs": {"Idade": 30}, "result": "adulto"}]
    checked = check_rules(AGES, json.dumps({"examples": rows}).encode())
    assert checked.sound
    assert checked.without_example == ((DECISION, 1), (DECISION, 3))


@pytest.mark.parametrize(
    "source",
    [b"[]", b"{", b'{"examples": [1]}', b'{"examples": [{"name": "x", "decision": "y", "inputs": {}}]}', b"\xff"],
)
def test_unreadable_examples_are_a_fault(source: bytes) -> None:
    with pytest.raises(Invalid) as error:
        read_examples(source)
    assert error.value.code == "prior_auth.examples_unreadable"
    assert not check_rules(AGES, source).sound


def sentences(model: bytes, inputs: dict[str, Any], decision: str = DECISION) -> list[str]:
    return list(explain(load_rules(model), decision, inputs).sentences)


def test_an_explanation_says_why_each_rule_was_applied_or_not() -> None:
    assert sentences(AGES, {"Idade": 60}) == [
        "Na tabela “Resposta”, só uma regra pode servir.",
        "A regra 1 não se aplica: Idade é 60, e ela pede menor que 18.",
        "A regra 2 não se aplica: Idade é 60, e ela pede de 18 até 60 (exclusive).",
        "A regra 3 foi aplicada: Idade é 60 (pede no mínimo 60).",
        "Resultado de “Resposta”: “idoso”.",
    ]


def test_an_explanation_gives_the_note_of_the_rule() -> None:
    noted = AGES.replace(b"<rule>", b"<rule><description>Estatuto da Pessoa Idosa.</description>")
    assert sentences(noted, {"Idade": 60})[3].endswith("(pede no mínimo 60). Nota da regra: Estatuto da Pessoa Idosa.")


def test_an_explanation_says_what_is_missing() -> None:
    assert sentences(AGES, {})[-1] == "“Resposta” não pôde ser decidido: falta o dado “Idade”."


def test_an_explanation_of_an_overlap_names_the_rules() -> None:
    model = a_table_model(["n"], [["> 1", "1"], ["> 2", "2"]], ["number"])
    told = explain(load_rules(model), DECISION, {"n": 3})
    assert not told.decided
    assert told.sentences[-1] == "“Resposta” não pôde ser decidido: mais de uma regra serve ao mesmo tempo (1, 2)."


def test_the_first_rule_wins_and_the_others_are_told() -> None:
    model = a_table_model(["n"], [["> 1", "1"], ["> 2", "2"], ["not(7, 9)", "3"]], ["number"], policy="FIRST")
    told = explain(load_rules(model), DECISION, {"n": 9})
    assert told.applied == (1,)
    assert told.sentences[2:4] == (
        "A regra 2 também serve, mas não foi a escolhida: n é 9 (pede maior que 2).",
        "A regra 3 não se aplica: n é 9, e ela pede que não seja 7 ou 9.",
    )


def test_a_decision_that_rests_on_others_is_told_from_the_bottom() -> None:
    body = an_input("Adesão", "date") + an_input("Valor", "number")
    body += a_decision(an_expression('Adesão + duration("P1Y6M")'), ["Adesão"], name="Fim", type_ref="date")
    body += a_decision(
        a_table(["Fim", "Valor"], [['< date("2025-01-01")', "-", "null"]], "COLLECT"), ["Valor"], ["Fim"]
    )
    told = explain(load_rules(a_model(body)), DECISION, {"Adesão": "2024-01-31", "Valor": 1})
    assert not told.decided
    told = explain(load_rules(a_model(body)), DECISION, {"Adesão": dt.date(2024, 1, 31), "Valor": 1})
    assert told.sentences[0] == "“Fim” foi calculado: 31/07/2025."
    assert told.sentences[-1] == "Nenhuma regra serve; “Resposta” fica com o resultado padrão: lista vazia."


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_the_seed_is_sound_and_every_rule_has_an_example(seed: Path) -> None:
    checked = check_rules(seed.read_bytes(), seed.with_suffix(".examples.json").read_bytes())
    assert checked.sound, checked.as_dict()
    assert checked.without_example == ()
    assert [analysis.findings for analysis in checked.analyses if analysis.findings] == []


def test_no_one_but_a_person_may_deny() -> None:
    rules = load_rules((RULES / "authority.dmn").read_bytes())
    for act in ("deny", "approve_in_part"):
        answer = rules.decide("Alçada", {"Ato": act, "Papel": "system"})
        assert isinstance(answer, dict)
        assert answer["Permissão"] == "no"


def test_the_commands_over_files(tmp_path: Path) -> None:
    run = CliRunner()
    model = tmp_path / "idades.dmn"
    model.write_bytes(AGES)
    assert run.invoke(app, ["rules", "check", str(tmp_path)]).exit_code == 0
    row = {"name": "errada", "decision": DECISION, "inputs": {"Idade": 1}, "result": "adulto"}
    (tmp_path / "idades.examples.json").write_text(json.dumps({"examples": [row]}))
    wrong = run.invoke(app, ["rules", "check", str(model), "--json"])
    assert wrong.exit_code == 1
    (report,) = json.loads(wrong.stdout)["files"]
    assert report["failed_examples"] == [
        {"name": "errada", "decision": DECISION, "why": 'esperado "adulto", veio "menor"'}
    ]
    assert report["rules_without_example"] == [{"table": DECISION, "rule": 2}, {"table": DECISION, "rule": 3}]
    told = run.invoke(app, ["rules", "explain", str(model), "--inputs", '{"Idade": 70.5}'])
    assert told.exit_code == 0
    assert "Idade é 70,5" in told.stdout
    for inputs in ("[]", "{", '{"Ano": 1}', '{"Idade": "x"}', "{}"):
        assert run.invoke(app, ["rules", "explain", str(model), "--inputs", inputs]).exit_code == 1
    assert run.invoke(app, ["rules", "check", str(tmp_path / "none")]).exit_code == 1
    model.write_bytes(b"<d")
    assert "falha: modelo: esperado: um XML bem formado" in run.invoke(app, ["rules", "check", str(model)]).stdout


def test_a_report_tells_overlaps_gaps_and_faults(tmp_path: Path) -> None:
    (tmp_path / "a.dmn").write_bytes(a_table_model(["n"], [["> 1", "1"], ["> 2", "2"]], ["number"]))
    (tmp_path / "b.dmn").write_bytes(a_table_model(["n"], [["oops", "1"]], ["number"]))
    result = CliRunner().invoke(app, ["rules", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "sobreposição: Resposta: as regras 1 e 2 servem ao mesmo tempo, por exemplo com n = 3" in result.stdout
    assert "lacuna: Resposta: nenhuma regra serve para n = 1" in result.stdout
    assert "decisão “Resposta”, regra 1, coluna “n”: “oops”; esperado: " in result.stdout
