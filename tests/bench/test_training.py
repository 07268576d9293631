"""Training: the same corpus gives the same head, and the shipped head is of the shipped corpus."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest

from austa.bench.intent_training import LABELS, read_corpus, train
from austa.kernel.errors import Invalid
from tests.architecture.tree import ROOT

WORDS = dict(
    zip(LABELS, ["dor", "guia", "saiu", "marcar", "boleto", "desmaiou", "remédio", "futebol", "ok"], strict=True)
)


def write_corpus(folder: Path) -> None:
    (folder / "intents").mkdir(parents=True)
    (folder / "red-flags").mkdir()
    for author in "ab":
        rows = [
            {"text": f"{word} {author} {turn} {word}", "label": label}
            for label, word in WORDS.items()
            for turn in "xyz"
        ]
        (folder / "intents" / f"train-{author}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    flags = [
        {"id": str(at), "text_pt": f"{word} {at}", "label": label, "category": "any"}
        for at in range(6)
        for word, label in (("desmaiou agora", "emergency"), ("boleto", "not_emergency"))
    ]
    (folder / "red-flags" / "development.jsonl").write_text("\n".join(map(json.dumps, flags)))


@pytest.mark.slow
def test_the_same_corpus_gives_the_same_head(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    corpus = read_corpus(tmp_path)
    one, other = train(corpus, "2026.01.01"), train(corpus, "2026.01.01")
    assert one.arrays == other.arrays
    assert one.card == other.card
    assert one.figures["macro_f1"] == 1.0


def test_the_shipped_head_was_trained_on_the_corpus_under_version_control() -> None:
    card = json.loads(files("austa.modules.language.adapters").joinpath("intent_model.json").read_bytes())
    corpora = ROOT / "corpora" / "language"
    now = {name: hashlib.sha256((corpora / name).read_bytes()).hexdigest() for name in card["trained_on"]}
    assert card["trained_on"] == now


def test_a_folder_without_a_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_corpus(tmp_path)
    assert refused.value.code == "bench.no_corpus"
