"""Which guide of a request counts: at most one at any time, and no later answer takes away what it allows.

An answer that is looked at again may allow more: then another guide takes the place of the first, which stays visible
as replaced. Where it allows the same, the first goes on. It never allows less while a guide holds: what was
authorized was told to the member and the provider, who rely on it (CFM 2.448/2025, art. 12, VI).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from austa.modules.prior_auth.api.guides import GuideStanding
from austa.modules.prior_auth.api.requests import Outcome, State
from austa.modules.prior_auth.domain.refusals import guide_still_valid

WITHOUT_GUIDE: tuple[State, ...] = ("DENIED", "EXPIRED", "CANCELLED")
"""Where nothing may be performed any more. While an answer is looked at again, the one before stands."""
GuideStep = Literal["issue", "keep"]
Quantities = Mapping[int, int]
"""How much is allowed of each line, by position."""


@dataclass(frozen=True)
class HeldGuide:
    """The newest guide of a request, while it holds: what was asked, and what of it the guide allows."""

    number: str
    valid_until: date
    asked: Quantities
    allowed: Quantities


def guide_step(held: HeldGuide | None, outcome: Outcome, named: Quantities) -> GuideStep:
    """What a conclusive decision does about the guide. `named`: the quantities of lines that are not approved whole.

    Raises `Invalid` `prior_auth.guide_still_valid` where it allows less than the guide that holds.
    """
    if held is None:
        return "issue"
    approves = outcome in {"approve", "approve_in_part"}
    allowed = {**held.asked, **named} if approves else dict.fromkeys(held.asked, 0)
    if any(allowed[position] < quantity for position, quantity in held.allowed.items()):
        raise guide_still_valid(held.number)
    return "keep" if allowed == held.allowed else "issue"


def holds(state: State, valid_until: date, today: date) -> bool:
    """Whether the newest guide of a request may be used on that day."""
    return state not in WITHOUT_GUIDE and today <= valid_until


def standings(state: State, last_days: Sequence[tuple[date, date]], today: date) -> list[GuideStanding]:
    """Of guides in the order of their issue, each as (day of issue, last day)."""
    replaced_on = [*(issued_on for issued_on, _ in last_days[1:]), None]
    return [
        _standing(state, valid_until, on, today) for (_, valid_until), on in zip(last_days, replaced_on, strict=False)
    ]


def _standing(state: State, valid_until: date, replaced_on: date | None, today: date) -> GuideStanding:
    if replaced_on is not None:
        return "replaced" if replaced_on <= valid_until else "ended"
    if state == "CANCELLED":
        return "cancelled"
    return "valid" if holds(state, valid_until, today) else "ended"
