"""`austa eval` on files that anyone brings: the figures, the keys, and what is said of bad files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from austa.bench.corpora import read_rows
from austa.bench.evaluation import FlagLine, IntentLine
from austa.bench.intervals import share
from austa.cli.main import app
from austa.kernel.errors import Invalid

INTENTS = [
    {"text": "já saiu a minha autorização?", "label": "authorization_request"},
    {"text": "quero marcar consulta com pediatra", "label": "appointment_booking", "tags": ["short"]},
    {"text": "bom dia", "label": "general_inquiry"},
    {"text": "asdf qwer", "label": "symptom_report"},
    {"text": "me conta uma piada", "label": "out-of-scope", "note": "fields that we do not know are ignored"},
]
FLAGS = [
    {"id": "1", "text_pt": "vó deu um ramo, a boca entortou", "label": "emergency", "category": "stroke"},
    {"id": 2, "text_pt": "segunda via do boleto", "label": "not_emergency", "category": "none"},
    {"id": "3", "text_pt": "obrigada", "label": "emergency", "category": "stroke"},
]


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def evaluated(kind: str, file: Path) -> dict[str, object]:
    result = CliRunner().invoke(app, ["eval", kind, str(file), "--json"])
    assert result.exit_code == 0, result.output
    report: dict[str, object] = json.loads(result.stdout)
    return report


@pytest.mark.parametrize(
    ("of", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (98, 100, 0.93, 0.9945), (10, 10, 0.7225, 1.0)],
)
def test_wilson_intervals_as_published(of: int, n: int, low: float, high: float) -> None:
    found = share(of, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(0, 0).value is None


def test_intents_of_a_file_with_the_six_classes_alone(tmp_path: Path) -> None:
    report = evaluated("intents", written(tmp_path / "f.jsonl", INTENTS))
    assert {"n", "macro_f1", "per_class", "confusion", "abstained"} <= set(report)
    assert (report["n"], report["abstained"]) == (5, 1)
    assert report["confusion"] == {
        "appointment_booking": {"appointment_booking": 1},
        "authorization_request": {"authorization_request": 1},
        "general_inquiry": {"general_inquiry": 1},
        "out_of_scope": {"out_of_scope": 1},
        "symptom_report": {"abstained": 1},
    }
    assert report["macro_f1"] == 0.8


def test_a_status_is_a_class_of_its_own_where_the_file_has_it(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [INTENTS[0], {**INTENTS[0], "label": "authorization_status"}]
    report = evaluated("intents", written(tmp_path / "f.jsonl", rows))
    assert report["confusion"] == {
        "authorization_request": {"authorization_status": 1},
        "authorization_status": {"authorization_status": 1},
    }


def test_red_flags_are_counted_and_named_by_id(tmp_path: Path) -> None:
    report = evaluated("red-flags", written(tmp_path / "f.jsonl", FLAGS))
    assert {"n", "sensitivity", "specificity", "per_category", "missed", "false_alarms"} <= set(report)
    assert (report["missed"], report["false_alarms"]) == (["3"], [])
    assert report["sensitivity"] == {"value": 0.5, "low": 0.0945, "high": 0.9055, "of": 1, "n": 2}
    layers = report["layers"]
    assert isinstance(layers, dict)
    assert set(layers) == {"rules", "second_reader"}
    assert layers["second_reader"]["sensitivity"]["n"] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bench.empty_file"),
        (b"\xff\xfe", "bench.unreadable_file"),
        (b"not json", "bench.bad_line"),
        (b'{"text": 1, "label": "x"}', "bench.bad_line"),
        (b'{"label": "symptom_report"}', "bench.bad_line"),
        (b"[]", "bench.bad_line"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "f.jsonl").write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read_rows(tmp_path / "f.jsonl", IntentLine)
    assert refused.value.code == code


def test_a_bad_line_is_told_without_its_text(tmp_path: Path) -> None:
    written(tmp_path / "f.jsonl", [FLAGS[0], {**FLAGS[1], "label": "perhaps", "text_pt": "minha doença"}])
    with pytest.raises(Invalid, match="line 2: label") as refused:
        read_rows(tmp_path / "f.jsonl", FlagLine)
    assert "doença" not in str(refused.value)


def test_an_unknown_intent_ends_with_a_sentence_and_one(tmp_path: Path) -> None:
    file = written(tmp_path / "f.jsonl", [{"text": "oi", "label": "weather"}])
    result = CliRunner().invoke(app, ["eval", "intents", str(file)])
    assert result.exit_code == 1
    assert "bench.unknown_label" in result.stderr


def test_triage_takes_the_story_through_the_interview(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "v1", "text_pt": "Meu pai está com a boca torta e a fala enrolada há meia hora.", "gold": "emergency"},
        {"id": "v2", "text_pt": "Meu pai está com a boca torta e a fala enrolada há meia hora.", "gold": "self_care"},
    ]
    report = evaluated("triage", written(tmp_path / "f.jsonl", rows))
    assert {"n", "accuracy", "under_triage", "over_triage", "emergency_sensitivity", "confusion"} <= set(report)
    assert report["confusion"] == {"emergency": {"emergency": 1}, "non_emergency": {}, "self_care": {"emergency": 1}}
    assert (report["under"], report["over"]) == ([], ["v2"])
