"""Canonical JSON: fast and slow write one text, and what has no place in a receipt is refused."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.personal import Personal
from austa.modules.prior_auth.domain.canonical import canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(2**62, 2**66) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(VALUES)
def test_the_text_is_what_the_standard_library_writes_sorted(value: Any) -> None:
    expected = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value).decode() == expected


def test_control_characters_are_written_in_their_short_or_small_form() -> None:
    assert canonical("".join(map(chr, range(32))) + '"\\/\x7f\u2028é😀').decode() == (
        '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\\u0010\\u0011'
        "\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f"
        '\\"\\\\/\x7f\u2028é😀"'
    )


@pytest.mark.parametrize("wrong", [1.0, 1e300, float("nan"), float("inf")])
def test_a_number_with_a_point_is_refused(wrong: float) -> None:
    for value in (wrong, [wrong], {"deep": [{"in": (wrong,)}]}):
        with pytest.raises(ValueError, match=r"floating-point|Out of range"):
            canonical(value)


@pytest.mark.parametrize("wrong", [b"bytes", UUID(int=1), {1, 2}, Personal("Marina"), object()])
def test_what_is_not_json_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": wrong})


def test_half_of_a_pair_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical("\ud800")
