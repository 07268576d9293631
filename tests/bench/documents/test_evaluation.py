"""`austa eval documents`: the figures in total and by group, every wrong accepted value, and files that break."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from austa.bench.documents.evaluation import evaluate_documents
from austa.bench.documents.labels import read_pairs
from austa.bench.intervals import mean
from austa.kernel.errors import Invalid, Unavailable
from austa.kernel.personal import Personal
from austa.modules.documents.adapters.reader import FileRefused
from austa.modules.documents.api import DocumentClass, Field, PageInfo
from austa.modules.documents.domain.extraction import Extraction
from austa.modules.documents.service.reading import FileReading

TOLD = {"class": "receipt", "quality": "scan", "text": "Recibo", "fields": {"member_name": "Ana Lima"}}


def put(folder: Path, name: str, content: bytes = b"", **told: object) -> None:
    (folder / name).write_bytes(content or name.encode())
    (folder / name).with_suffix(".json").write_text(json.dumps({**TOLD, **told}), "utf-8")


def saying(name: str, *, document_class: DocumentClass = "receipt") -> FileReading:
    field = Field(
        name="member_name",
        value=Personal(name),
        normal=Personal(name),
        box=None,
        confidence=0.99,
        passed=(),
        failed=(),
        status="accepted",
    )
    found = Extraction(document_class, 1.0, False, (field,), (), (), "complete")
    return FileReading("image/jpeg", (PageInfo(number=1, width=9, height=9),), "Recibo", found, None)


async def read(content: bytes) -> FileReading:
    if content == b"broken":
        raise FileRefused("documents.damaged")
    if content == b"slow":
        raise Unavailable("documents.reader_too_slow", "the reader did not answer in time")
    return saying("Ana Lima") if content == b"good.jpg" else saying("Ana Lina")


async def test_figures_in_total_and_by_group(tmp_path: Path) -> None:
    put(tmp_path, "good.jpg")
    put(tmp_path, "wrong.png", quality="photo")
    put(tmp_path, "broken.pdf", b"broken", quality="hard", **{"class": "identity"})
    put(tmp_path, "slow.pdf", b"slow", quality="hard")
    heard: list[str] = []
    report = await evaluate_documents(read_pairs(tmp_path), tmp_path, read, heard.append)
    assert (report.n, report.pages, len(heard)) == (4, 2, 4)
    assert (report.class_accuracy.of, report.class_accuracy.n) == (2, 4)
    assert (report.field_precision.of, report.field_precision.n) == (1, 2)
    assert (report.field_recall.of, report.field_recall.n, report.sent_to_person.of) == (1, 4, 2)
    assert [(each.file, each.field, each.expected, each.got) for each in report.wrong_accepted] == [
        ("wrong.png", "member_name", "Ana Lima", "Ana Lina")
    ]
    assert report.char_accuracy.value == 0.5
    assert {each.file: each.reason for each in report.unread} == {
        "broken.pdf": "documents.damaged",
        "slow.pdf": "documents.reader_too_slow",
    }
    assert {name: figures.n for name, figures in report.by_quality.items()} == {"hard": 2, "photo": 1, "scan": 1}
    assert report.by_class["identity"].class_accuracy.of == 0
    assert report.confusion["receipt"] == {"receipt": 2, "unread": 1}
    assert report.by_field["member_name"].recall.of == 1


@pytest.mark.parametrize(
    ("only", "limit", "names"), [(None, None, ["a.jpg", "b.png"]), ("b*", None, ["b.png"]), (None, 1, ["a.jpg"])]
)
def test_only_some_of_them(tmp_path: Path, only: str | None, limit: int | None, names: Sequence[str]) -> None:
    put(tmp_path, "a.jpg")
    put(tmp_path, "b.png")
    (tmp_path / "index.json").write_text("[]", "utf-8")
    assert [pair.file.name for pair in read_pairs(tmp_path, only, limit)] == list(names)


def test_a_folder_without_documents_and_a_label_that_is_wrong_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no document"):
        read_pairs(tmp_path)
    put(tmp_path, "a.jpg", quality="blurred")
    with pytest.raises(Invalid, match=r"a\.json: quality"):
        read_pairs(tmp_path)


def test_the_interval_of_a_mean_lies_around_it() -> None:
    found = mean([0.9, 1.0, 0.95, 0.5, 1.0, 0.98])
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(0.8883, abs=1e-4)
    assert 0.7 < found.low < 0.8883 < found.high <= 1.0
    assert mean([]).value is None
