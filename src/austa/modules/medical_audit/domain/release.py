"""Rules of opinions and decisions: what may be done with a case, and on what a decision must rest (domain-br 2.6).

`prior_auth` checks what the law asks for once more before it keeps a decision; here a person hears at once of what
this module knows to lack.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from austa.modules.medical_audit.api.cases import CaseState, ContactWith, DecisionAsked, OpinionKind
from austa.modules.medical_audit.domain.term import AFTER_CARE, NON_CARE_QUEUE, PINNED
from austa.modules.prior_auth.api.requests import AnsweredState, Ground, Outcome, Requester, State

STATE_AFTER_RELEASE: dict[Outcome, CaseState] = {
    "approve": "closed",
    "approve_in_part": "closed",
    "deny": "closed",
    "administrative_return": "closed",
    "request_information": "waiting_information",
}
"""What a case becomes when `prior_auth` has kept the decision."""

GROUND_OF_OUTCOME: dict[Outcome, Ground] = {
    "deny": "clinical",
    "approve_in_part": "clinical",
    "administrative_return": "administrative",
}

SUPPORTING: dict[Outcome, frozenset[OpinionKind]] = {
    "deny": frozenset({"unfavourable"}),
    "approve_in_part": frozenset({"favourable_in_part", "unfavourable"}),
}
"""Decisions against the member, and the newest opinion they must rest on (I2)."""

ANSWERED: frozenset[State] = frozenset(get_args(AnsweredState))

CLINICAL: frozenset[Outcome] = frozenset({"deny", "approve_in_part"})

DIVERGING: frozenset[OpinionKind] = frozenset({"favourable_in_part", "unfavourable"})


UNDO = timedelta(seconds=10)
"""For so long a release waits and can be undone."""

CONFIRMED_BEFOREHAND: frozenset[Outcome] = frozenset({"deny", "approve_in_part", "administrative_return"})
"""Decisions against the member: the person reads once more and confirms; an undo would make pressing light."""


@dataclass(frozen=True)
class OpinionGiven:
    """What a decision must know of an opinion. `by_physician`: of a physician who did not order the care."""

    kind: OpinionKind
    by_physician: bool
    pinned: bool
    """It points to a page of a document."""


def outcomes_for(queue: str, place: int) -> tuple[Outcome, ...]:
    """The decisions such a case can come to, whoever releases them.

    Care that was given is only confirmed. Nothing is asked before urgent care (I3). A refund never enters the
    clinical path; an administrative return never leaves the queues where administrative questions lie.
    """
    if place == AFTER_CARE:
        return ("approve",)
    excluded: set[Outcome] = set()
    if place == PINNED:
        excluded.add("request_information")
    if queue == NON_CARE_QUEUE:
        excluded |= CLINICAL
    elif queue != "administrative":
        excluded.add("administrative_return")
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    return tuple(outcome for outcome in outcomes if outcome not in excluded)


def may_work_on(state: CaseState) -> bool:
    """A case is locked while a decision is on its way."""
    return state in {"open", "waiting_information"}


def may_release(state: CaseState) -> bool:
    """One decision at a time, and none while the request waits for an answer."""
    return state == "open"


def waits_for_people(state: State, place: int) -> bool:
    """Whether an opinion or a decision of people can still come to something. A review after care goes on although the
    request has its guide; nothing goes on for a request that was given up."""
    return state not in ANSWERED or (place == AFTER_CARE and state != "CANCELLED")


def groundwork_lacking(
    outcome: Outcome, opinions: Sequence[OpinionGiven], contacts: Sequence[ContactWith]
) -> tuple[str, ...]:
    """Names of what must be done in the case before such a decision can be released; nothing for one that favours the
    member. `opinions` are oldest first; only the newest one supports, and all evidence counts."""
    if outcome not in SUPPORTING:
        return ()
    lacking = []
    if not opinions or opinions[-1].kind not in SUPPORTING[outcome]:
        lacking.append("opinion")
    elif not any(opinion.by_physician and opinion.kind in DIVERGING for opinion in opinions):
        lacking.append("physician_opinion")
    if "requester" not in contacts:
        lacking.append("requester_contact")
    if not any(opinion.pinned for opinion in opinions):
        lacking.append("evidence")
    return tuple(lacking)


def what_is_lacking(
    asked: DecisionAsked,
    opinions: Sequence[OpinionGiven],
    contacts: Sequence[ContactWith],
    codes_in_force: Collection[str],
) -> tuple[str, ...]:
    """Names of what a decision still needs: the groundwork, and what was filled in."""
    lacking = list(groundwork_lacking(asked.outcome, opinions, contacts))
    if any(code not in codes_in_force for code in asked.reason_codes):
        lacking.append("reason_codes")
    if asked.outcome == "approve_in_part" and not asked.items:
        lacking.append("items")
    if asked.outcome == "request_information" and not any(line.strip() for line in asked.missing):
        lacking.append("missing")
    return tuple(lacking)


def waits(outcome: Outcome) -> bool:
    """Whether a release of that waits `UNDO` before anything leaves."""
    return outcome not in CONFIRMED_BEFOREHAND


def is_requester(registration: tuple[str, str, str] | None, requester: Requester | None) -> bool:
    """Whether that professional (council, UF, number) ordered the care (I7). The same number exists in several
    states, so all three parts identify."""
    if registration is None or requester is None:
        return False
    council, uf, number = registration
    return (council.upper(), uf, number.lstrip("0")) == (
        requester.council.upper(),
        requester.uf,
        requester.number.lstrip("0"),
    )


def case_number(year: int, sequence: int) -> str:
    """`2026-000123`: short enough to say on the telephone."""
    return f"{year}-{sequence:06d}"
