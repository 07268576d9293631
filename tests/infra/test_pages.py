"""A cursor is opaque, ours, and never breaks the server."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.pages import decode_cursor, decode_time_and_id, encode_cursor
from austa.kernel.errors import Invalid
from austa.kernel.ids import new_id


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40), max_size=4))
def test_a_cursor_gives_its_values_back(values: list[str]) -> None:
    assert decode_cursor(encode_cursor(*values), len(values)) == values


def test_an_instant_and_an_id_come_back_typed() -> None:
    at, row_id = datetime(2026, 11, 21, 15, tzinfo=UTC), new_id()
    assert decode_time_and_id(encode_cursor(at.isoformat(), row_id)) == (at, row_id)


@given(st.text())
def test_a_text_that_is_no_cursor_is_refused_politely(text: str) -> None:
    with pytest.raises(Invalid, match=r"pages\.cursor"):
        decode_cursor(text, 2)


@given(st.binary())
def test_bytes_that_are_no_cursor_are_refused_politely(raw: bytes) -> None:
    with pytest.raises(Invalid, match=r"pages\.cursor"):
        decode_cursor(base64.urlsafe_b64encode(raw).decode(), 2)


@pytest.mark.parametrize(
    "inside", [b"[" * 60_000, b"[1, 2]", b'["a"]', b'["a", null]', b'{"a": 1}', b'["a", "\\u0000"]', b'"ab"']
)
def test_json_that_is_no_cursor_is_refused_politely(inside: bytes) -> None:
    with pytest.raises(Invalid, match=r"pages\.cursor"):
        decode_cursor(base64.urlsafe_b64encode(inside).decode(), 2)


@pytest.mark.parametrize("values", [("yesterday", new_id()), ("2026-11-21T15:00:00", new_id()), ("2026-11-21", "7")])
def test_a_cursor_of_another_list_is_refused_politely(values: tuple[object, ...]) -> None:
    with pytest.raises(Invalid, match=r"pages\.cursor"):
        decode_time_and_id(encode_cursor(*values))
