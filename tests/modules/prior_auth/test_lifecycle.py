"""The table of states: exhaustive walks, and random histories against the invariants of domain-br 2.6."""

from itertools import product
from random import Random
from typing import get_args

import pytest

from austa.kernel.errors import Conflict
from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.lifecycle import (
    OPEN,
    STATES,
    TRANSITIONS,
    WAITING,
    Actor,
    Circumstances,
    TransitionName,
    move,
)

NAMES: tuple[TransitionName, ...] = get_args(TransitionName)
ACTORS: tuple[Actor, ...] = get_args(Actor)
AGAINST_MEMBER: tuple[State, ...] = ("DENIED", "PARTIALLY_APPROVED")
FLAGS = ("urgent", "ordered_by_court", "non_care", "rules_allow", "grounded", "validity_over")
EVERYTHING = [
    Circumstances(actor, **dict(zip(FLAGS, values, strict=True)))
    for actor in ACTORS
    for values in product([False, True], repeat=len(FLAGS))
]


def test_every_state_and_transition_has_its_row() -> None:
    assert set(STATES) == set(get_args(State))
    assert set(TRANSITIONS) == set(NAMES)
    assert all(row.name == name and row.text for name, row in TRANSITIONS.items())


def test_every_state_but_the_first_is_reached_and_every_open_one_is_left() -> None:
    assert {row.target for row in TRANSITIONS.values()} == set(STATES) - {"RECEIVED"}
    assert {state for row in TRANSITIONS.values() for state in row.sources} >= set(OPEN)


def test_tiss_status_is_that_of_the_standard() -> None:
    expected: dict[State, int] = {
        "APPROVED": 1,
        "PARTIALLY_APPROVED": 7,
        "DENIED": 3,
        "CANCELLED": 6,
        "PENDING_DOCUMENTS": 5,
    }
    assert {state: STATES[state].tiss for state in expected} == expected
    assert STATES["PENDING_JUSTIFICATION"].tiss == 4
    assert all(STATES[state].tiss in {2, 4, 5, None} for state in OPEN)


def test_legal_clock_stops_with_the_conclusive_answer_and_never_before() -> None:
    for row in TRANSITIONS.values():
        assert (row.clock == "answers") == STATES[row.target].answered, row.name


@pytest.mark.parametrize("state", STATES)
def test_in_no_circumstances_the_system_denies_or_reduces(state: State) -> None:
    """I1, exhaustively: all states, transitions, actors and circumstances."""
    for name, circumstances in product(NAMES, EVERYTHING):
        row = take(state, name, circumstances)
        if row in AGAINST_MEMBER:
            assert circumstances.actor == "staff"
            assert circumstances.grounded


@pytest.mark.parametrize("state", STATES)
def test_in_no_circumstances_an_urgent_request_waits_for_papers(state: State) -> None:
    """I3, exhaustively."""
    for name, circumstances in product(NAMES, EVERYTHING):
        if circumstances.urgent:
            assert take(state, name, circumstances) not in WAITING


def test_what_has_its_answer_never_opens_again() -> None:
    answered = [state for state in STATES if state not in OPEN]
    for state, name, circumstances in product(answered, NAMES, EVERYTHING):
        assert take(state, name, circumstances) not in OPEN


def test_every_refusal_says_why() -> None:
    with pytest.raises(Conflict) as refused:
        move("IN_MEDICAL_AUDIT", "release_denial", Circumstances("staff", grounded=True))
    assert refused.value.code == "prior_auth.transition_refused"
    assert refused.value.details["state"] == "IN_MEDICAL_AUDIT"


@pytest.mark.parametrize("urgent", [False, True])
def test_random_histories_keep_the_invariants(urgent: bool) -> None:
    """A thousand histories of up to sixty commands each; a failure names its seed."""
    for seed in range(1000):
        walk_at_random(Random(seed), urgent, seed)


def walk_at_random(dice: Random, urgent: bool, seed: int) -> None:
    state: State = "RECEIVED"
    people_touched_it = False
    for _ in range(dice.randrange(60)):
        flags = {flag: dice.random() < 0.5 for flag in FLAGS} | {"urgent": urgent}
        it = Circumstances(dice.choice(ACTORS), **flags)
        after = take(state, dice.choice(NAMES), it)
        if after is None:
            continue
        people_touched_it = people_touched_it or it.actor == "staff"
        if after in AGAINST_MEMBER:
            assert it.actor == "staff", seed
            assert people_touched_it, seed
        assert not (urgent and after in WAITING), seed
        state = after


def take(state: State, name: TransitionName, circumstances: Circumstances) -> State | None:
    try:
        return move(state, name, circumstances).target
    except Conflict:
        return None
