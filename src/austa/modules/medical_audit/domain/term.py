"""Legal time left, and the place in the queue that follows from it (RN ANS 566/2022 and 623/2024; domain-br 2.5).

Urgency is never stored: it is computed when somebody looks, and `due_window` says the same to a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.medical_audit.api.cases import Urgency
from austa.modules.prior_auth.api.clocks import Stage
from austa.modules.prior_auth.api.requests import Character

PINNED, BY_TERM, AFTER_CARE = 0, 1, 2
"""Places in the queue, first to last: the answer is due at once; a legal term runs; care was given already and a
person reviews it, for which no law sets a term."""

NON_CARE_QUEUE = "manual"

ESCALATED: Mapping[Stage, str] = MappingProxyType(
    {
        "three_quarters": "Prazo legal: três quartos já passaram",
        "last_day": "Prazo legal: hoje é o último dia",
        "immediate": "Urgência ainda sem resposta",
    }
)
"""What a case says when `prior_auth` predicts that its answer comes late."""

SOON_DAYS = 2
"""The next business day and the one after are soon; more is later."""


@dataclass(frozen=True)
class TimeLeft:
    """Legal time left. `business_days` is None where no day is counted: due at once, after care, or closed."""

    urgency: Urgency
    business_days: int | None
    overdue: bool


@dataclass(frozen=True)
class Today:
    """An instant on the operator's wall: what day it is there, and which days count."""

    now: datetime
    zone: ZoneInfo
    calendar: BusinessCalendar

    @property
    def day(self) -> date:
        return local_date(self.now, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant of tomorrow."""
        return self.start_of(self.day + timedelta(days=1))

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def business_days_until(self, at: datetime) -> int:
        return self.calendar.count(self.day, local_date(at, self.zone))


@dataclass(frozen=True)
class DueWindow:
    """Legal terms that end in `since <= due_at < until`; None is no bound."""

    since: datetime | None
    until: datetime | None


def place_of(character: Character, *, post_facto: bool) -> int:
    """Urgent requests stand first while nobody has answered them."""
    if post_facto:
        return AFTER_CARE
    return PINNED if character == "urgent" else BY_TERM


def time_left(due_at: datetime, today: Today, *, place: int, queue: str, closed_at: datetime | None) -> TimeLeft:
    """1 (red) due at once or late, 2 due today or before the next business day, 3 that day or the one after,
    4 later, 5 (blue) nobody's care waits: not a request of care, care was given, or the case is closed."""
    if closed_at is not None:
        return TimeLeft("BLUE", None, overdue=place == BY_TERM and closed_at > due_at)
    if place == AFTER_CARE:
        return TimeLeft("BLUE", None, overdue=False)
    if place == PINNED:
        return TimeLeft("RED", None, overdue=today.now > due_at)
    days = today.business_days_until(due_at)
    if today.now > due_at:
        return TimeLeft("RED", days, overdue=True)
    if days <= 0:
        return TimeLeft("ORANGE", days, overdue=False)
    if queue == NON_CARE_QUEUE:
        return TimeLeft("BLUE", days, overdue=False)
    return TimeLeft("YELLOW" if days <= SOON_DAYS else "GREEN", days, overdue=False)


def due_window(urgency: Urgency, today: Today) -> DueWindow:
    """When the term of an open case with that urgency ends, where one runs. Care and not care share the bounds but
    for blue, which is not care due on the next business day or later."""
    next_day = today.start_of(today.calendar.add(today.day, 1))
    later = today.start_of(today.calendar.add(today.day, SOON_DAYS + 1))
    match urgency:
        case "RED":
            return DueWindow(None, today.now)
        case "ORANGE":
            return DueWindow(today.now, next_day)
        case "YELLOW":
            return DueWindow(next_day, later)
        case "GREEN":
            return DueWindow(later, None)
        case "BLUE":
            return DueWindow(next_day, None)
