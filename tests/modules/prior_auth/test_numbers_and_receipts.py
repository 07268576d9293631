"""Numbers people read on the telephone, and receipts that read the same everywhere."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Unavailable
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.coverage import read_pack
from austa.modules.prior_auth.domain.lifecycle import STATES
from austa.modules.prior_auth.domain.numbers import SENHA_ALPHABET, guide_number, protocol_number, senha_from
from austa.modules.prior_auth.domain.wording import (
    APPROVED,
    ONE_QUOTE_ASK,
    PAPER_ASKS,
    QUOTES_ASK,
    REQUESTER_ASK,
    SIDE_ASK,
    WHOSE_ASK,
)


def test_protocol_has_20_digits() -> None:
    assert protocol_number("099999", date(2026, 11, 21), 42) == "09999920261121000042"


def test_guide_number_fits_tiss() -> None:
    assert guide_number(2026, 7) == "20260000000007"
    assert len(guide_number(2026, 10**9)) <= 20


@given(st.binary(min_size=32, max_size=32))
def test_senha_has_only_letters_nobody_misreads(randomness: bytes) -> None:
    senha = senha_from(randomness)
    assert len(senha) == 10
    assert set(senha) <= set(SENHA_ALPHABET)
    assert not set(SENHA_ALPHABET) & set("ILO01")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc_", min_size=1), inner),
)


@given(values)
def test_canonical_form_does_not_depend_on_the_order_of_members(value: object) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, float("nan")])
def test_fractions_have_no_canonical_form(value: object) -> None:
    with pytest.raises(ValueError, match="floating-point"):
        canonical(value)


def test_wrong_pack_names_the_field() -> None:
    with pytest.raises(Unavailable, match="version"):
        read_pack(b"{}")


def test_members_are_asked_in_short_plain_sentences() -> None:
    """At most fifteen words a sentence; no code, and no word that names an illness or tells of one."""
    asks = [criterion.ask for item in load_pack().items.values() for criterion in item.criteria]
    asks += [*PAPER_ASKS.values(), REQUESTER_ASK, SIDE_ASK, WHOSE_ASK, QUOTES_ASK, ONE_QUOTE_ASK, APPROVED]
    asks += [meaning.told for meaning in STATES.values()]
    for sentence in (part for ask in asks for part in ask.split(". ")):
        assert len(sentence.split()) <= 15, sentence
        assert not TELLING & set(sentence.lower().strip(".").split()), sentence


TELLING = {"biópsia", "câncer", "tumor", "psicólogo", "obesidade", "joelho", "coluna", "olho", "cid", "fraude"}
