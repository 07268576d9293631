"""Events are versioned facts without personal data, and their published shape only ever grows."""

import json
import re
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from austa.kernel.events import Event
from austa.kernel.personal import Personal
from tests.architecture.tree import event_types

EVENTS = event_types()
PAST_TENSE_OR_DUE = re.compile(r"[a-z_]+\.[a-z_]+\.v[1-9][0-9]*")


def test_there_are_events() -> None:
    assert len(EVENTS) > 10


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_a_type_names_its_module_and_version(event: type[Event]) -> None:
    assert PAST_TENSE_OR_DUE.fullmatch(event.TYPE)
    assert event.TYPE.split(".")[0] == event.__module__.split(".")[2]


def test_no_two_events_share_a_type() -> None:
    types = [event.TYPE for event in EVENTS]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_no_event_carries_personal_data(event: type[Event]) -> None:
    assert Personal not in types_within(event)
    assert '"x-personal": true' not in json.dumps(event.model_json_schema())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_an_event_has_a_key_and_survives_the_outbox(event: type[Event]) -> None:
    @settings(max_examples=10, database=None)
    @given(st.builds(event))
    def holds(fact: Event) -> None:
        assert isinstance(fact.key(), str)
        assert event.read(fact.model_dump_json()) == fact
        assert event.read(json.dumps({**json.loads(fact.model_dump_json()), "of a later version": 1})) == fact

    holds()


def types_within(annotation: Any, seen: frozenset[Any] = frozenset()) -> set[Any]:
    """Every type that a contract reaches through its fields."""
    if annotation in seen:
        return set()
    inner = (
        [field.annotation for field in annotation.model_fields.values()]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel)
        else get_args(annotation)
    )
    found = {annotation}
    for part in inner:
        found |= types_within(part, seen | {annotation})
    return found
