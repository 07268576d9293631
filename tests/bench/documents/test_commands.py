"""`austa documents read`, `austa eval documents`, `austa bench documents` at the command line."""

import json
from pathlib import Path

from typer.testing import CliRunner

from austa.bench.documents.labels import Label, write_label
from austa.cli.main import app


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


def test_a_file_that_is_no_document_is_refused_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("olá", "utf-8")
    code, _, said = run("documents", "read", str(tmp_path / "note.txt"))
    assert code == 1
    assert "Não abrimos esse tipo de arquivo" in said
    assert "[documents.type_not_accepted]" in said


def test_a_folder_is_read_with_progress_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture at all")
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "labels.json").write_text("{}", "utf-8")
    code, printed, told = run("documents", "read", str(tmp_path), "--json")
    told_of = [json.loads(line) for line in printed.splitlines()]
    assert code == 1
    assert [(each["file"], each["refused"]) for each in told_of] == [
        ("broken.jpg", "documents.type_not_accepted"),
        ("empty.pdf", "documents.empty"),
    ]
    assert all(each["sentence"] for each in told_of)
    assert "1/2 broken.jpg" in told
    assert "0 read, 2 not" in told


def test_a_file_that_cannot_be_read_counts(tmp_path: Path) -> None:
    told_of = {"class": "receipt", "quality": "photo", "text": "Recibo", "fields": {"total_amount": 120.5}}
    write_label(tmp_path / "paper.json", Label.model_validate(told_of))
    (tmp_path / "paper.jpg").write_bytes(b"no picture at all")
    code, printed, told = run("eval", "documents", str(tmp_path), "--json")
    report = json.loads(printed)
    assert (code, report["n"], report["pages"]) == (0, 1, 0)
    assert report["unread"] == [{"file": "paper.jpg", "reason": "documents.type_not_accepted"}]
    assert (report["field_recall"]["of"], report["field_recall"]["n"]) == (0, 1)
    assert "1/1 paper.jpg" in told


def test_a_set_that_does_not_exist_is_named(tmp_path: Path) -> None:
    code, _, said = run("bench", "documents", str(tmp_path), "--set", "all")
    assert code == 2
    assert "build, held-out" in said
