"""Versions in time: who may do what with one, and which is in force; the sheets lie over each other."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import AustaError
from austa.modules.prior_auth.api.rules import Step
from austa.modules.prior_auth.domain.rule_versions import (
    Done,
    in_force,
    may_activate,
    may_expire,
    may_propose,
    status_of,
)

START = datetime(2026, 11, 1, tzinfo=UTC)
SEED, NEW, OTHER = (UUID(int=number) for number in (1, 2, 3))


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def journal(*lines: tuple[UUID, Step, float, float | None]) -> list[Done]:
    """(version, step, day it takes effect, day it ends); who did it is the version's number."""
    return [
        Done(number, version, step, START, f"person {version.int}", day(begins), None if ends is None else day(ends))
        for number, (version, step, begins, ends) in enumerate(lines, 1)
    ]


PLANTED = journal((SEED, "propose", 0, None), (SEED, "activate", 0, None))


def code_of(error: pytest.ExceptionInfo[AustaError]) -> str:
    return error.value.code


def test_the_one_that_began_last_holds_and_the_one_beneath_returns_when_it_ends() -> None:
    steps = [*PLANTED, *journal((NEW, "propose", 2, None), (NEW, "activate", 5, 8))]
    steps = [Done(n, *list(vars(done).values())[1:]) for n, done in enumerate(steps, 1)]
    assert [in_force(steps, day(number)) for number in (-1, 0, 4.9, 5, 7.9, 8)] == [None, SEED, SEED, NEW, NEW, SEED]
    told = [(status_of(SEED, steps, day(n)), status_of(NEW, steps, day(n))) for n in (4, 6, 9)]
    assert told == [("active", "scheduled"), ("superseded", "active"), ("active", "expired")]


def test_a_draft_is_proposed_before_it_is_put_in_force() -> None:
    with pytest.raises(AustaError) as refused:
        may_activate(NEW, "ana", PLANTED, "bia", day(1), day(1), None)
    assert code_of(refused) == "prior_auth.version_not_ready"
    with pytest.raises(AustaError) as again:
        may_propose(SEED, PLANTED, day(1))
    assert code_of(again) == "prior_auth.version_not_ready"


@pytest.mark.parametrize("actor", ["ana", "person 2"])
def test_neither_who_wrote_nor_who_proposed_puts_it_in_force(actor: str) -> None:
    steps = [*PLANTED, *journal((NEW, "propose", 0, None))]
    with pytest.raises(AustaError) as refused:
        may_activate(NEW, "ana", steps, actor, day(1), day(1), None)
    assert code_of(refused) == "prior_auth.own_rules"
    may_activate(NEW, "ana", steps, "bia", day(1), day(1), None)


@pytest.mark.parametrize(("begins", "ends"), [(0.5, None), (2, 2), (2, 1.5), (5000, None)])
def test_the_past_is_never_changed_and_nothing_ends_before_it_begins(begins: float, ends: float | None) -> None:
    steps = [*PLANTED, *journal((NEW, "propose", 0, None))]
    with pytest.raises(AustaError) as refused:
        may_activate(NEW, "ana", steps, "bia", day(1), day(begins), None if ends is None else day(ends))
    assert code_of(refused) == "prior_auth.moment_wrong"


def test_the_last_one_cannot_be_ended() -> None:
    with pytest.raises(AustaError) as refused:
        may_expire(SEED, PLANTED, day(1), day(1))
    assert code_of(refused) == "prior_auth.nothing_beneath"


def test_what_is_needed_when_a_later_one_ends_cannot_be_ended_either() -> None:
    steps = [*PLANTED, *journal((NEW, "propose", 0, None), (NEW, "propose", 0, None), (NEW, "activate", 1, 9))]
    with pytest.raises(AustaError) as refused:
        may_expire(SEED, steps, day(2), day(3))
    assert code_of(refused) == "prior_auth.nothing_beneath"
    may_expire(NEW, steps, day(2), day(3))


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([SEED, NEW, OTHER]),
        st.sampled_from(["propose", "activate", "expire"]),
        st.integers(0, 6),
        st.none() | st.integers(1, 5),
        st.sampled_from(["ana", "bia", "caio"]),
    ),
    max_size=14,
)


@given(_STEPS)
def test_whatever_people_do_something_is_in_force_and_two_stood_behind_it(
    tried: list[tuple[UUID, Step, int, int | None, str]],
) -> None:
    steps = [Done(n, SEED, step, START, "austa", START, None) for n, step in enumerate(("propose", "activate"), 1)]
    authors = {SEED: "austa", NEW: "ana", OTHER: "bia"}
    for at, (version, step, wait, length, actor) in enumerate(tried):
        now = day(at)
        begins = now + timedelta(days=wait)
        ends = None if length is None or step != "activate" else begins + timedelta(days=length)
        before = [in_force(steps, day(n / 2)) for n in range(2 * at)]
        try:
            match step:
                case "propose":
                    may_propose(version, steps, now)
                case "activate":
                    may_activate(version, authors[version], steps, actor, now, begins, ends)
                case "expire":
                    may_expire(version, steps, now, begins)
        except AustaError:
            continue
        steps.append(Done(len(steps) + 1, version, step, now, actor, begins, ends))
        assert [in_force(steps, day(n / 2)) for n in range(2 * at)] == before
    assert all(in_force(steps, day(n / 2)) is not None for n in range(60))
    for done in steps[2:]:
        if done.step == "activate":
            assert done.by != authors[done.version_id]
            assert done.by not in {
                each.by for each in steps if each.version_id == done.version_id and each.step == "propose"
            }
