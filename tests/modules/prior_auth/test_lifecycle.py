"""The table of states: walked exhaustively, and in random histories, against the invariants of domain-br 2.6."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product
from random import Random
from typing import get_args

import pytest

from austa.kernel.errors import Conflict
from austa.modules.prior_auth.api.requests import SHORTEST_MEMBER_TEXT, Path, ReleasedDecision, State
from austa.modules.prior_auth.domain.guards import Actor, Circumstances, GuardName, holds
from austa.modules.prior_auth.domain.lifecycle import (
    BOARD,
    OPEN,
    REVIEWED,
    STATES,
    TRANSITIONS,
    WAITING,
    TransitionName,
    move,
)
from tests.modules.prior_auth.histories import PACK, PEOPLE, History, random_history
from tests.modules.prior_auth.releases import REQUESTER

NAMES: tuple[TransitionName, ...] = get_args(TransitionName)
ACTORS: tuple[Actor, ...] = get_args(Actor)
AGAINST_MEMBER: tuple[State, ...] = ("DENIED", "PARTIALLY_APPROVED")
STARTS: tuple[State, ...] = ("RECEIVED", "EXTENSION_REQUESTED")
FLAGS = tuple(name for name in Circumstances.__dataclass_fields__ if name != "actor")
HISTORIES, MANY_HISTORIES = 1_000, 100_000


def test_every_state_and_transition_has_its_row() -> None:
    assert set(STATES) == set(get_args(State))
    assert set(TRANSITIONS) == set(NAMES)
    assert all(row.name == name and row.text for name, row in TRANSITIONS.items())


def test_tiss_status_is_that_of_the_standard() -> None:
    expected: dict[State, int] = {
        "APPROVED": 1,
        "PARTIALLY_APPROVED": 7,
        "DENIED": 3,
        "CANCELLED": 6,
        "PENDING_DOCUMENTS": 5,
        "BOARD_OPENED": 2,
        "BOARD_TIEBREAKER": 2,
        "BOARD_OPINION": 2,
    }
    assert {state: STATES[state].tiss for state in expected} == expected
    assert STATES["PENDING_JUSTIFICATION"].tiss == 4
    assert all(STATES[state].tiss in {2, 4, 5, None} for state in OPEN)


def test_legal_clock_stops_with_the_conclusive_answer_and_never_before() -> None:
    for row in TRANSITIONS.values():
        assert (row.clock == "answers") == STATES[row.target].answered, row.name


def test_no_member_is_told_that_the_request_is_being_looked_at_as_if_that_were_an_answer() -> None:
    """I6: what is said in every state."""
    for state, meaning in STATES.items():
        assert "em análise" not in meaning.told.lower(), state
        assert "em auditoria" not in meaning.told.lower(), state


# Exhaustively: every state, transition, actor and combination of circumstances


@cache
def circumstances() -> tuple[Circumstances, ...]:
    return tuple(
        Circumstances(actor, **dict(zip(FLAGS, values, strict=True)))
        for actor in ACTORS
        for values in product([False, True], repeat=len(FLAGS))
    )


@cache
def passing(guard: GuardName) -> tuple[Circumstances, ...]:
    """All circumstances that a guard lets pass."""
    return tuple(it for it in circumstances() if holds(guard, it))


@cache
def moves() -> tuple[tuple[State, TransitionName, Circumstances, State], ...]:
    """Everything that can happen at all, from where a request can be; guards were asked in all circumstances."""
    return tuple(_moves())


def _moves() -> Iterator[tuple[State, TransitionName, Circumstances, State]]:
    for state, row in product(STATES, TRANSITIONS.values()):
        for actor in ACTORS:
            found = next((it for it in passing(row.guard) if it.actor == actor), None)
            refused = next((it for it in circumstances() if it.actor == actor and not holds(row.guard, it)), None)
            if refused is not None:
                assert take(state, row.name, refused) is None
            if found is not None and (after := take(state, row.name, found)) is not None:
                yield state, row.name, found, after


def test_every_state_is_reached_from_the_start_and_every_open_one_is_left() -> None:
    reached = set(STARTS)
    while True:
        more = {after for before, _, _, after in moves() if before in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(STATES)
    assert {before for before, _, _, after in moves() if before != after} >= set(OPEN)


def test_in_no_circumstances_the_system_denies_or_reduces() -> None:
    """I1; and no denial without the grounds that a person released."""
    for name in {name for _, name, _, after in moves() if after in AGAINST_MEMBER}:
        assert TRANSITIONS[name].actors == {"staff"}
        assert all(it.grounded for it in passing(TRANSITIONS[name].guard))


def test_in_no_circumstances_an_urgent_request_is_made_to_wait_for_papers() -> None:
    """I3; an answer to a person's question may come back, no question goes out."""
    for name in {name for before, name, _, after in moves() if after in WAITING and before not in WAITING}:
        assert not any(it.urgent for it in passing(TRANSITIONS[name].guard))


def test_in_no_circumstances_a_board_is_opened_for_urgency_an_order_or_a_refund() -> None:
    for name in {name for before, name, _, after in moves() if after in BOARD and before not in BOARD}:
        for it in passing(TRANSITIONS[name].guard):
            assert it.board_admitted
            assert (it.urgent, it.ordered_by_court, it.non_care) == (False, False, False)


def test_what_has_its_answer_opens_again_only_to_be_looked_at_anew_or_to_obey() -> None:
    again = {(name, after) for before, name, _, after in moves() if before not in OPEN and after in OPEN}
    assert {after for _, after in again} == {*REVIEWED, "COURT_ORDER"}
    for name, _ in again:
        assert "system" not in TRANSITIONS[name].actors
        assert all(it.disputed for it in passing(TRANSITIONS[name].guard))


def test_what_a_court_orders_is_only_ever_approved() -> None:
    left = {after for before, _, _, after in moves() if before == "COURT_ORDER"}
    assert left == {"COURT_ORDER", "APPROVED", "CANCELLED"}


def test_every_refusal_says_why() -> None:
    with pytest.raises(Conflict) as refused:
        move("IN_MEDICAL_AUDIT", "release_denial", Circumstances("staff", grounded=True))
    assert refused.value.code == "prior_auth.transition_refused"
    assert refused.value.details["state"] == "IN_MEDICAL_AUDIT"


# In random histories


def test_random_histories_keep_the_invariants() -> None:
    """A failure names its seed."""
    for seed in range(HISTORIES):
        check(random_history(Random(seed)), seed)


@pytest.mark.slow
def test_a_hundred_thousand_histories_keep_the_invariants() -> None:
    for seed in range(HISTORIES, HISTORIES + MANY_HISTORIES):
        check(random_history(Random(seed)), seed)


def test_random_histories_come_to_every_state() -> None:
    """Else they would prove little."""
    visited = {step.after for seed in range(HISTORIES) for step in random_history(Random(seed)).steps}
    assert visited >= set(STATES) - set(STARTS)


def check(history: History, seed: int) -> None:
    """The invariants, said once more and otherwise than in the code."""
    check_guides(history, seed)
    numbers = [step.number for step in history.steps]
    assert numbers == list(range(2, len(numbers) + 2)), (seed, "I5: no gap in the history")
    assert all(one.after == other.before for one, other in pairwise(history.steps)), (seed, "I5: a chain")
    for step in history.steps:
        if step.after in AGAINST_MEMBER:
            assert step.actor == "staff", (seed, "I1")
            assert step.decision is not None, (seed, "I1: only what a person released")
            check_denial(step.decision, seed)
        if history.urgent and step.after in WAITING:
            raise AssertionError((seed, "I3"))
        if step.assessment is not None:
            assert step.assessment.path in get_args(Path), (seed, "I4")
        if step.decision is not None and step.decision.outcome not in {"approve", "request_information"}:
            text = (step.decision.member_text or "").lower()
            assert "em análise" not in text, (seed, "I6")
            assert "em auditoria" not in text, (seed, "I6")
        if step.after == "APPROVED" and step.actor == "system":
            assert step.assessment is not None, (seed, "I8")
            assert step.assessment.pack_digest == PACK.digest, (seed, "I8")
            assert step.assessment.rules, (seed, "I8")
            assert all(rule.version for rule in step.assessment.rules), (seed, "I8")
        if step.name == "follow_board" and step.decision is not None:
            against = step.decision.outcome in {"deny", "approve_in_part"}
            assert not against or history.notified, (seed, "no board against a member who was not told of it")
        if step.after in BOARD:
            assert (history.urgent, history.non_care) == (False, False), (seed, "a board is not for this")


def check_guides(history: History, seed: int) -> None:
    """One guide at most may be used; while its days last, it ends only where it is cancelled or replaced by more."""
    for _, state, valid in history.valid:
        assert len(valid) <= 1, (seed, "two guides")
        assert not valid or state not in {"DENIED", "EXPIRED", "CANCELLED"}, (seed, "a guide of nothing")
    for (_, _, earlier), (today, state, later) in pairwise(history.valid):
        if earlier and earlier[0].valid_until >= today and state not in {"CANCELLED", "EXPIRED"}:
            assert later, (seed, "taken away")
            before, now = earlier[0], later[0]
            assert all(now.allowed[at] >= quantity for at, quantity in before.allowed.items()), (seed, "less")
            assert now is before or now.allowed != before.allowed, (seed, "replaced by the same")


def check_denial(decision: ReleasedDecision, seed: int) -> None:
    """I2 and I7, on the decision that led to a denial or reduction."""
    person = PEOPLE[decision.released_by]
    asked_by = (REQUESTER.council, REQUESTER.uf, int(REQUESTER.number))
    assert (person.council, person.uf, int(person.number or 0)) != asked_by, (seed, "I7: the requester")
    assert decision.released_by not in decision.earlier_reviewers, (seed, "I7: an earlier reviewer")
    assert decision.reason_codes, (seed, "I2: reason code")
    assert len(decision.legal_basis or "") >= 10, (seed, "I2: clause")
    assert len(decision.member_text or "") >= SHORTEST_MEMBER_TEXT, (seed, "I2: text")
    if decision.ground == "administrative":
        assert decision.outcome == "administrative_return", (seed, "I2: never under an administrative cloak")
        return
    assert decision.evidence, (seed, "I2: evidence")
    assert any(contact.with_requester for contact in decision.contacts), (seed, "I2: contact")
    assert any(
        opinion.council == "CRM"
        and opinion.conclusion in {"unfavourable", "favourable_in_part"}
        and (opinion.council, opinion.uf, int(opinion.number)) != asked_by
        for opinion in decision.opinions
    ), (seed, "I2: a physician's opinion")


def take(state: State, name: TransitionName, it: Circumstances) -> State | None:
    try:
        return move(state, name, it).target
    except Conflict:
        return None
