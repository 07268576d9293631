"""What must hold for a request to be moved: the guards of the table of states, each with why it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Actor = Literal["system", "staff", "clerk", "tiebreaker", "member"]
GuardName = Literal[
    "always",
    "elective",
    "urgent_or_ordered",
    "allowed_at_once",
    "non_care",
    "care",
    "rules_allow",
    "grounded",
    "validity_over",
    "disputed",
    "ordered",
    "board_admitted",
    "tiebreaker_due",
    "favourable",
]


@dataclass(frozen=True)
class Circumstances:
    """What guards look at. `grounded`: a released decision passed `authority.what_is_lacking`.

    `disputed`: the last answer went against the member, or there is none yet. `board_admitted`: see `domain.board`.
    `tiebreaker_due`: the requester chose one, or let the term pass. `favourable`: the whole request is approved.
    """

    actor: Actor
    urgent: bool = False
    ordered_by_court: bool = False
    non_care: bool = False
    rules_allow: bool = False
    grounded: bool = False
    validity_over: bool = False
    disputed: bool = False
    board_admitted: bool = False
    tiebreaker_due: bool = False
    favourable: bool = False


REFUSALS: Mapping[GuardName, str] = MappingProxyType(
    {
        "always": "",
        "elective": "an urgent request never waits for papers",
        "urgent_or_ordered": "the request is neither urgent nor ordered by a court",
        "allowed_at_once": "the rules do not allow it at once",
        "non_care": "the request is one of care",
        "care": "the request is not one of care",
        "rules_allow": "the rules do not allow it",
        "grounded": "no person released a decision with its grounds",
        "validity_over": "the guide is still valid",
        "disputed": "the whole request was approved: there is nothing to look at again",
        "ordered": "there is no order of a court, or what it orders was approved already",
        "board_admitted": "a medical board is not admitted for this request",
        "tiebreaker_due": "the requester still has time to choose the tie-breaker",
        "favourable": "while a board is open only the whole request may be approved",
    }
)


def holds(guard: GuardName, it: Circumstances) -> bool:
    """Whether a guard lets a request pass in these circumstances."""
    match guard:
        case "always":
            return True
        case "elective":
            return not it.urgent
        case "urgent_or_ordered":
            return it.urgent or it.ordered_by_court
        case "allowed_at_once":
            return it.rules_allow and (it.urgent or it.ordered_by_court)
        case "non_care":
            return it.non_care
        case "care":
            return not it.non_care
        case "rules_allow":
            return it.rules_allow
        case "grounded":
            return it.grounded
        case "validity_over":
            return it.validity_over
        case "disputed":
            return it.disputed
        case "ordered":
            return it.ordered_by_court and it.disputed
        case "board_admitted":
            return it.board_admitted and not it.urgent and not it.ordered_by_court and not it.non_care
        case "tiebreaker_due":
            return it.tiebreaker_due
        case "favourable":
            return it.favourable
