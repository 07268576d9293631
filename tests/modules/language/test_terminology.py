"""TUSS and CID-10: what is found, what is only a warning, what an operator may import."""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from austa.kernel.clock import SetClock
from austa.kernel.errors import Invalid
from austa.modules.language.service import LanguageService

CLOCK = SetClock(datetime(2026, 11, 21, 15, tzinfo=UTC))
REFERENCE = Path(os.environ.get("AUSTA_REFERENCE_DATA", Path(__file__).parents[4] / "shared" / "data"))

DEMO_PROCEDURES = (
    "40304361", "40302040", "40316521", "40302733", "40901122", "41101316", "30306027", "31005497", "31309054",
    "31002390", "30715016", "30715024", "40708128", "20104294", "50000470", "30912032", "40316149", "40316130",
    "10101012", "40202038", "41101227", "30602122",
)  # fmt: skip
DEMO_CONDITIONS = (
    "Z00.0", "E11.9", "R10.4", "M23.2", "H25.1", "K80.2", "K81.0", "O82", "E66.0", "M43.1", "M54.5", "C34.1",
    "C50.9", "F84.0", "I25.1", "N40", "K29.5", "M51.1", "N62",
)  # fmt: skip


@pytest.mark.parametrize("code", DEMO_PROCEDURES)
def test_the_procedures_of_the_demo_requests_are_in_the_table(language: LanguageService, code: str) -> None:
    procedure = language.get_procedure(code)
    assert procedure is not None
    assert procedure.in_force


@pytest.mark.parametrize("code", DEMO_CONDITIONS)
def test_the_conditions_of_the_demo_requests_are_shipped(language: LanguageService, code: str) -> None:
    condition = language.get_condition(code)
    assert condition is not None
    assert condition.dotted == code


def test_a_code_is_found_however_it_is_written(language: LanguageService) -> None:
    assert language.get_procedure("4.11.01.31-6") == language.get_procedure("41101316")
    assert language.get_condition("m23.2") == language.get_condition("M232")
    assert language.get_procedure("99999999") is None
    assert language.get_condition("X99.9") is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ressonância do joelho", "41101316"),
        ("ressonancia magnetica joelho direito", "41101316"),
        ("RM de ombro", "41101316"),
        ("rm coluna lombar", "41101227"),
        ("hemograma completo", "40304361"),
        ("ultrassom de abdome", "40901122"),
        ("ultrassom da barriga", "40901122"),
        ("tomografia de tórax", "41001079"),
        ("cirurgia de catarata", "30306027"),
        ("tirar a vesícula", "31005497"),
        ("cesariana", "31309054"),
        ("hemoglobina glicada", "40302733"),
        ("PET dedicado oncológico", "40708128"),
        ("angioplastia de múltiplos vasos com stent", "30912032"),
        ("endoscopia digestiva alta", "40201120"),
        ("artrodesse de columa com instrumentacao", "30715016"),
    ],
)
def test_words_of_people_and_of_doctors_find_the_procedure(language: LanguageService, words: str, code: str) -> None:
    assert code in [match.procedure.code for match in language.find_procedures(words, limit=3)]


def test_words_that_name_nothing_find_nothing(language: LanguageService) -> None:
    assert language.find_procedures("abacaxi voador", limit=5) == ()
    assert language.find_procedures("", limit=5) == ()


def test_scores_fall_and_the_limit_holds(language: LanguageService) -> None:
    scores = [match.score for match in language.find_procedures("tomografia", limit=4)]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_a_wrong_last_digit_is_doubtful(language: LanguageService) -> None:
    assert not language.has_doubtful_check_digit("30726034")
    assert not language.has_doubtful_check_digit("41101316")
    assert language.has_doubtful_check_digit("41101317")
    assert language.has_doubtful_check_digit("4110131")


def test_the_index_is_light() -> None:
    before = psutil.Process().memory_info().rss
    LanguageService(CLOCK).find_procedures("ressonância", limit=1)
    assert psutil.Process().memory_info().rss - before < 60_000_000


def test_an_import_is_rehearsed_before_it_is_done(tmp_path: Path) -> None:
    table = tmp_path / "kept" / "cid.csv"
    language = LanguageService(CLOCK, conditions_file=table)
    upload = tmp_path / "full.csv"
    upload.write_text(
        "codigo;descricao\nM23.2;Menisco rompido\nX59;Exposição a fatores não especificados\n"
        ";vazio\nM232;de novo\nA00;\n",
        encoding="latin-1",
    )

    rehearsed = language.import_conditions(upload)
    assert (rehearsed.rows, rehearsed.accepted, rehearsed.new, rehearsed.changed) == (5, 2, 1, 1)
    assert [(problem.line, problem.reason) for problem in rehearsed.problems] == [
        (4, "bad_code"),
        (5, "repeated_code"),
        (6, "empty_description"),
    ]
    assert not rehearsed.applied
    assert not table.exists()
    assert language.get_condition("X59") is None

    assert language.import_conditions(upload, apply=True).applied
    for now in (language, LanguageService(CLOCK, conditions_file=table)):
        condition = now.get_condition("X59")
        assert condition is not None
        assert condition.description == "Exposição a fatores não especificados"


def test_a_file_without_the_columns_changes_nothing(tmp_path: Path) -> None:
    upload = tmp_path / "wrong.csv"
    upload.write_text("code,name\nA00,Cólera\n", encoding="utf-8")
    report = LanguageService(CLOCK, conditions_file=tmp_path / "cid.csv").import_conditions(upload, apply=True)
    assert not report.applied
    assert report.problems[0].reason == "missing_column"


def test_an_import_needs_a_readable_file_and_a_place(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"language\.conditions_file_unreadable"):
        LanguageService(CLOCK).import_conditions(tmp_path / "nowhere.csv")
    upload = tmp_path / "good.csv"
    upload.write_text("codigo,descricao\nA00,Cólera\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"language\.no_place_for_conditions"):
        LanguageService(CLOCK).import_conditions(upload, apply=True)


def test_procedures_agree_with_the_published_table(language: LanguageService) -> None:
    published = REFERENCE / "tuss" / "tuss22_procedimentos_202511.csv"
    if not published.exists():
        pytest.skip(f"no reference data at {REFERENCE}: the published TUSS table is not compared")
    with published.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [row["codigo"] for row in rows if language.get_procedure(row["codigo"]) is None]
    # The package and the published file are of different months: a handful of codes may come or go.
    assert len(missing) <= 5
    doubtful = sum(language.has_doubtful_check_digit(row["codigo"]) for row in rows)
    assert doubtful / len(rows) < 0.02


def test_shipped_conditions_are_codes_of_the_published_table(tmp_path: Path) -> None:
    published = REFERENCE / "cid10" / "cid10_pt.csv"
    if not published.exists():
        pytest.skip(f"no reference data at {REFERENCE}: the published CID-10 table is not compared")
    language = LanguageService(CLOCK, conditions_file=tmp_path / "cid.csv")
    report = language.import_conditions(published, apply=True)
    assert report.applied
    assert report.accepted > 10_000
    # U07.1 (COVID-19) came after the published table.
    missing = [code for code in DEMO_CONDITIONS if language.get_condition(code) is None]
    assert missing == []
