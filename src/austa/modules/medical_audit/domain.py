"""Rules of the queue and the case, pure: place by legal time left, and what may be done in which state."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import BRASILIA, local_date
from austa.modules.medical_audit.api import CaseState, OpinionKind, Urgency
from austa.modules.prior_auth.api import Ground, Outcome, Queue

NURSE_QUEUE: Queue = "nurse"

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


@dataclass(frozen=True)
class TimeLeft:
    """Legal time left. `business_days` is None where the answer is due immediately."""

    urgency: Urgency
    business_days: int | None
    overdue: bool


def time_left(
    due_at: datetime,
    now: datetime,
    *,
    urgent: bool,
    non_care: bool = False,
    calendar: BusinessCalendar | None = None,
    zone: ZoneInfo = BRASILIA,
) -> TimeLeft:
    """Place a case by its legal term: 1 urgent or late, 2 due today, 3 next business day or the one after,
    4 later, 5 not care. Days are counted on the operator's wall calendar."""
    if urgent:
        return TimeLeft("RED", None, now > due_at)
    days = (calendar or BusinessCalendar()).count(local_date(now, zone), local_date(due_at, zone))
    if now > due_at:
        return TimeLeft("RED", days, overdue=True)
    if days <= 0:
        return TimeLeft("ORANGE", days, overdue=False)
    if non_care:
        return TimeLeft("BLUE", days, overdue=False)
    return TimeLeft("YELLOW" if days <= 2 else "GREEN", days, overdue=False)


def may_write_opinion(state: CaseState) -> bool:
    """Opinions are written while the decision is not on its way."""
    return state in {"open", "waiting_information"}


def may_release(state: CaseState) -> bool:
    """One decision at a time; a closed case has its answer."""
    return state in {"open", "waiting_information"}


def opinion_supports(outcome: Outcome, opinions: tuple[OpinionKind, ...]) -> bool:
    """A clinical denial or reduction rests on the newest opinion saying so (I2)."""
    if outcome == "deny":
        return bool(opinions) and opinions[-1] == "unfavourable"
    if outcome == "approve_in_part":
        return bool(opinions) and opinions[-1] in {"favourable_in_part", "unfavourable"}
    return True


def case_number(year: int, sequence: int) -> str:
    """`2026-000123`: short enough to say on the telephone."""
    return f"{year}-{sequence:06d}"
