"""The medical board (RN ANS 424/2017; domain-br 2.8): when it is admitted, its terms, and what may come next in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.boards import (
    CANDIDATES,
    AgainstBoard,
    MoreNeeded,
    NoticeReceived,
    NoticeTo,
    OpinionGiven,
    RequesterAnswered,
    StepFault,
    TieBreaker,
    TiebreakerPicked,
)
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.api.requests import BoardConclusion, ItemDecision, Requester
from austa.modules.prior_auth.domain.authority import ItemAsked, Releaser, is_a_part, is_same_professional
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.terms import BOARD_REQUESTER, BOARD_TIEBREAKER, LegalTerms

CLOCKS_APART = timedelta(minutes=1)
LaterAct = NoticeReceived | RequesterAnswered | TiebreakerPicked | MoreNeeded | OpinionGiven
"""What may be done in a board that is open."""


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
) -> tuple[AgainstBoard, ...]:
    """Names of what speaks against a board; empty where it is admitted. It must end, with its two terms, before the
    term of RN 566 to give the care: who would open it later decides without one."""
    against: dict[AgainstBoard, bool] = {
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
    last = attendance_day(matter.service_class, matter.asked_on, calendar, terms)
    return last is not None and calendar.add(today, BOARD_REQUESTER.days + BOARD_TIEBREAKER.days) <= last


def attendance_day(
    service_class: ServiceClass, asked_on: date, calendar: BusinessCalendar, terms: LegalTerms
) -> date | None:
    """The last day to give the care (RN 566), by when a board has ended; None for what is not care."""
    attendance = terms.attendance[service_class]
    return None if attendance is None else calendar.add(asked_on, attendance.days)


def requester_term(notified_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when the requester agrees or chooses: counted from the proven receipt of the notice."""
    return _end(notified_at, BOARD_REQUESTER.days, calendar, zone)


def tiebreaker_term(chosen_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """Until when the tie-breaker says what more is needed, or writes the opinion."""
    return _end(chosen_at, BOARD_TIEBREAKER.days, calendar, zone)


def _end(start: datetime, days: int, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    return end_of_day(calendar.add(local_date(start, zone), days), zone)


def faults_of_names(
    candidates: Sequence[TieBreaker], requester: Requester | None, auditors: Sequence[Releaser]
) -> tuple[AgainstBoard, ...]:
    """What speaks against the names given: four different physicians, none of whom took part in the divergence."""
    registrations = {(one.council.upper(), one.uf, one.number.lstrip("0")) for one in candidates}
    against: dict[AgainstBoard, bool] = {
        "no_requester": requester is None,
        "not_four_names": len(candidates) != CANDIDATES or any(one.council.upper() != "CRM" for one in candidates),
        "repeated_name": len(registrations) < len(candidates),
        "name_is_requester": requester is not None
        and any(is_same_professional(requester, one.council, one.uf, one.number) for one in candidates),
        "name_is_auditor": any(
            (auditor.council.upper(), auditor.uf, (auditor.number or "").lstrip("0")) in registrations
            for auditor in auditors
            if auditor.council
        ),
    }
    return tuple(name for name, holds in against.items() if holds)


@dataclass(frozen=True)
class Board:
    """What is known of a board where the next act is judged. `received` are the notices proven so far."""

    opened_at: datetime
    received: frozenset[NoticeTo] = frozenset()
    requester_until: datetime | None = None
    chosen_at: datetime | None = None
    needs_told: bool = False

    def lets_the_operator_pick(self, now: datetime) -> bool:
        """The requester was told, which is proven, and has let the term pass."""
        return self.requester_until is not None and now > self.requester_until


def why_refused(act: LaterAct, board: Board, items: Sequence[ItemAsked], now: datetime) -> StepFault | None:
    """Why an act does not fit a board; None where it does. Whether the request's state allows
    it is for the table of states to say."""
    match act:
        case NoticeReceived():
            if act.to in board.received:
                return "receipt_known"
            if act.document_id is None and act.note is None:
                return "proof_missing"
            return _time_fault(act.at, board.opened_at, now)
        case RequesterAnswered():
            if (act.answer == "keeps") != (act.choice is not None):
                return "choice_wrong"
            return _time_fault(act.at, board.opened_at, now)
        case TiebreakerPicked():
            return None if board.lets_the_operator_pick(now) else "term_runs"
        case MoreNeeded():
            return "need_known" if board.needs_told else None
        case OpinionGiven():
            if not conclusion_fits(act.conclusion, act.items, items):
                return "items_wrong"
            return _time_fault(act.written_at, board.chosen_at or board.opened_at, now)


def conclusion_fits(conclusion: BoardConclusion, said: Sequence[ItemDecision], items: Sequence[ItemAsked]) -> bool:
    """Whether the quantities go with the conclusion: a part reduces some line, the whole and nothing name none."""
    return is_a_part(said, items) if conclusion == "favourable_in_part" else not said


def _time_fault(at: datetime, since: datetime, now: datetime) -> StepFault | None:
    if at > now + CLOCKS_APART:
        return "in_future"
    return "too_early" if at < since - CLOCKS_APART else None
