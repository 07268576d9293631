"""Canonical JSON as RFC 8785 writes it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.modules.ledger.domain.canonical import canonical_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # RFC 8785, appendix B.
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e21, "1e+21"),
        (0.000001, "0.000001"),
        (0.00000035, "3.5e-7"),
        (333333333.33333329, "333333333.3333333"),
        (-1.5, "-1.5"),
        (4.5, "4.5"),
        # RFC 8785, 3.2.2 and 3.2.3.
        ('€$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        (
            {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
            '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
        ),
        ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    ],
)
def test_the_examples_of_rfc_8785(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode()


@given(JSON)
def test_canonical_text_reads_back_as_the_value_and_is_its_own_canonical_text(value: object) -> None:
    text = canonical_json(value)
    read = json.loads(text, parse_int=float)
    assert read == value
    assert canonical_json(read) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53 + 1, "\ud800", {1: 2}, b"bytes"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refused:
        canonical_json(value)
    assert refused.value.code == "ledger.not_canonical"
