"""The medical board (RN ANS 424/2017; domain-br 2.8): when it is admitted, and its terms."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.terms import BOARD_REQUESTER, BOARD_TIEBREAKER, LegalTerms


@dataclass(frozen=True)
class BoardMatter:
    """What admission looks at. `listed`: every item is in the Rol, as far as the coverage pack knows; the three after
    it are what the physician who opens the board declares."""

    urgent: bool
    ordered_by_court: bool
    non_care: bool
    service_class: ServiceClass
    asked_on: date
    listed: bool
    divergence_is_technical: bool
    covered: bool
    registered: bool
    """Materials and medicines have ANVISA's registration and are used as registered."""


def why_not_admitted(
    matter: BoardMatter, today: date, calendar: BusinessCalendar, terms: LegalTerms
) -> tuple[str, ...]:
    """Names of what speaks against a board; empty where it is admitted. It must end, with its two terms, before the
    term of RN 566 to give the care: who would open it later decides without one."""
    against = {
        "urgent": matter.urgent,
        "ordered_by_court": matter.ordered_by_court,
        "non_care": matter.non_care,
        "no_technical_divergence": not matter.divergence_is_technical,
        "not_covered": not (matter.covered and matter.listed),
        "not_registered": not matter.registered,
        "too_late": not _fits(matter, today, calendar, terms),
    }
    return tuple(name for name, holds in against.items() if holds)


def _fits(matter: BoardMatter, today: date, calendar: BusinessCalendar, terms: LegalTerms) -> bool:
    attendance = terms.attendance[matter.service_class]
    if attendance is None:
        return False
    last = calendar.add(matter.asked_on, attendance.days)
    return calendar.add(today, BOARD_REQUESTER.days + BOARD_TIEBREAKER.days) <= last


def requester_term(notified_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when the requester agrees or chooses: counted from the proven receipt of the notice."""
    return _end(notified_at, BOARD_REQUESTER.days, calendar, zone)


def tiebreaker_term(chosen_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when the tie-breaker says what more is needed, or writes the opinion."""
    return _end(chosen_at, BOARD_TIEBREAKER.days, calendar, zone)


def _end(start: datetime, days: int, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    return end_of_day(calendar.add(local_date(start, zone), days), zone)
