"""Personal data never slips out: not by printing, formatting, pickling, copying into JSON or failing."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from austa.kernel.contracts import Contract, Page
from austa.kernel.personal import MASK, REVEAL, Personal, initials

TEXT = "Marina Albuquerque de Teles"


class Person(Contract):
    name: Personal
    nickname: Personal | None = None
    others: tuple[Personal, ...] = ()


PERSON = Person(name=Personal(TEXT), others=(Personal(TEXT),))


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        ascii,
        format,
        lambda it: f"{it}",
        lambda it: f"{it!r}",
        lambda it: f"{it:>40}",
        "%s".__mod__,
        "{}".format,
        lambda it: str([it, {"name": it}]),
        lambda it: str(Person(name=it)),
        lambda it: repr(Person(name=it)),
        lambda it: str(ValueError(it)),
        lambda it: "".join(traceback.format_exception(ValueError(it))),
        lambda it: str(vars(Person(name=it))),
    ],
)
def test_showing_it_shows_a_mask(show: Callable[[Personal], str]) -> None:
    shown = show(Personal(TEXT))
    assert TEXT not in shown
    assert MASK in shown or "\\u2022" in shown


@pytest.mark.parametrize(
    ("write", "refusal"),
    [
        (json.dumps, TypeError),
        (to_json, PydanticSerializationError),
        (pickle.dumps, TypeError),
        (copy.deepcopy, TypeError),
        (lambda it: Person(name=it).model_dump_json(), PydanticSerializationError),
        (lambda it: Person(name=it).model_dump(), PydanticSerializationError),
        (lambda it: Page[Person](items=(Person(name=it),)).model_dump_json(), PydanticSerializationError),
        (lambda it: TypeAdapter(Personal).dump_json(it), PydanticSerializationError),
        (lambda it: to_json({"nested": [Person(name=it)]}), PydanticSerializationError),
    ],
)
def test_writing_it_is_refused(write: Callable[[Personal], object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        write(Personal(TEXT))
    assert TEXT not in str(refused.value)


def test_it_has_no_attribute_that_tells() -> None:
    assert not hasattr(Personal(TEXT), "__dict__")
    with pytest.raises(TypeError):
        iter(Personal(TEXT))  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        Personal(TEXT) + ""  # type: ignore[operator]


def test_only_who_says_so_reveals() -> None:
    assert Personal(TEXT).reveal() == TEXT
    assert json.loads(to_json(PERSON, context=REVEAL)) == PERSON.reveal_json()
    assert PERSON.reveal_json() == {"name": TEXT, "nickname": None, "others": [TEXT]}


@given(st.text())
def test_what_was_revealed_reads_back(text: str) -> None:
    person = Person(name=Personal(text))
    assert Person.model_validate_json(to_json(person, context=REVEAL)) == person


def test_a_wrong_field_does_not_print_the_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Person(name=Personal(TEXT), nickname=7)  # type: ignore[arg-type]
    assert TEXT not in str(refused.value)


def test_equality_is_by_text() -> None:
    assert Personal("a") == Personal("a")
    assert Personal("a") != Personal("b")
    assert Personal("a") != "a"
    assert len({Personal("a"), Personal("a")}) == 1
    assert not Personal("")
    assert Personal("a")


def test_the_schema_says_that_a_field_is_personal() -> None:
    assert Person.model_json_schema()["properties"]["name"]["x-personal"] is True


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Marina Albuquerque de Teles", "M. A. T."),
        ("ângela dos Santos e Silva", "Â. S. S."),
        ("Cher", "C."),
        ("", ""),
        ("  João   da  Cruz ", "J. C."),
    ],
)
def test_a_list_shows_initials(name: str, short: str) -> None:
    assert initials(name) == short
