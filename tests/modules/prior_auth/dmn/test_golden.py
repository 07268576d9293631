"""Every feature of level 2, in the format of the standard's compatibility kit."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from austa.cli.main import app
from austa.modules.prior_auth.adapters.rules_files import run_suites
from tests.modules.prior_auth.dmn.models import MODEL_1_3

GOLDEN = Path(__file__).parents[3] / "golden" / "dmn"
SUITES = sorted(folder for folder in GOLDEN.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", SUITES, ids=lambda folder: folder.name)
def test_every_case_of_the_suite_passes(folder: Path) -> None:
    (suite,) = run_suites(folder)
    assert [outcome for outcome in suite.outcomes if outcome.result != "passed"] == []
    assert suite.outcomes


def test_the_command_counts_and_exits_with_zero() -> None:
    result = CliRunner().invoke(app, ["rules", "tck", str(GOLDEN), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["passed"] >= 90
    assert (told["failed"], told["skipped"], told["failures"]) == (0, 0, [])


def test_a_wrong_expectation_is_a_failure_that_says_what_came(tmp_path: Path) -> None:
    source = GOLDEN / "0004-table-unique"
    for file in source.iterdir():
        text = file.read_text("utf-8").replace('"xsd:string">auto<', '"xsd:string">outra coisa<')
        (tmp_path / file.name).write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["rules", "tck", str(tmp_path), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["failed"] == 2
    assert told["failures"][0]["why"] == 'Caminho: expected "outra coisa", got "auto"'


def test_a_model_that_is_missing_or_unreadable_fails_its_cases(tmp_path: Path) -> None:
    cases = (GOLDEN / "0001-input-string" / "0001-input-string-test-01.xml").read_bytes()
    (tmp_path / "cases.xml").write_bytes(cases)
    (missing,) = run_suites(tmp_path)
    assert {outcome.result for outcome in missing.outcomes} == {"failed"}
    (tmp_path / "0001-input-string.dmn").write_text("<html/>")
    (unreadable,) = run_suites(tmp_path)
    assert "DMN 1.2, 1.3, 1.4, 1.5" in unreadable.outcomes[0].why


@pytest.mark.parametrize("namespace", ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", ""])
def test_the_kit_reads_older_models_too(tmp_path: Path, namespace: str) -> None:
    for file in (GOLDEN / "0004-table-unique").iterdir():
        text = file.read_text("utf-8").replace(f'xmlns="{MODEL_1_3}"', f'xmlns="{namespace}"')
        text = text.replace('typeRef="', 'typeRef="feel:').replace("0004-table-unique.dmn", "simple U table.dmn")
        (tmp_path / file.name).write_text(text, "utf-8")
    (suite,) = run_suites(tmp_path)
    assert {outcome.result for outcome in suite.outcomes} == {"passed"}


def test_what_needs_full_feel_is_skipped_by_name(tmp_path: Path) -> None:
    folder = GOLDEN / "0001-input-string"
    for file in folder.iterdir():
        text = file.read_text("utf-8").replace("&quot;Olá, &quot; + Nome completo", "if true then 1 else 2")
        (tmp_path / file.name).write_text(text, "utf-8")
    (suite,) = run_suites(tmp_path)
    assert {outcome.result for outcome in suite.outcomes} == {"skipped"}
    assert "FEEL completo" in suite.outcomes[0].why


def test_an_empty_folder_is_not_a_pass(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["rules", "tck", str(tmp_path)]).exit_code == 1
    assert CliRunner().invoke(app, ["rules", "tck", str(tmp_path / "none")]).exit_code == 1
