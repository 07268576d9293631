"""Words as the lexicon knows them."""

import pytest

from austa.modules.language.domain.normalise import fold_text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("num tô conseguindo respirar", "nao estou conseguindo respirar"),
        ("ela num acorda", "ela nao acorda"),
        ("caí num buraco", "cai num buraco"),
        ("tô num hospital", "estou num hospital"),
        ("num", "num"),
    ],
)
def test_num_is_a_denial_before_what_is_done_and_a_place_before_what_is(said: str, meant: str) -> None:
    assert fold_text(said) == meant
