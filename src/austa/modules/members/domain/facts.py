"""The facts of a member on a day, put together from what was believed at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from austa.kernel.bitemporal import Statement
from austa.kernel.ids import ContractId, MemberId
from austa.modules.members.api import EligibilityFacts, PreexistingRestriction, WaitingPeriod
from austa.modules.members.domain.coverage import coverage_start, status_on, waiting_periods_of
from austa.modules.members.domain.told import ContractAspect, MemberAspect, of_aspect, read_content, statuses_told


@dataclass(frozen=True)
class Known:
    """What was believed at a moment, of any day."""

    at: datetime
    person: Sequence[Statement]
    contract: Sequence[Statement]
    restrictions: tuple[PreexistingRestriction, ...]


def contract_on(person: Sequence[Statement], day: date) -> ContractId | None:
    """On which contract the person was on that day; None when nothing was known of them."""
    place = _holding(person, "place", day)
    return ContractId(UUID(read_content(place)["contract_id"])) if place else None


def facts_on(
    member_id: MemberId, contract_id: ContractId, day: date, known: Known, *, synthetic: bool
) -> EligibilityFacts:
    """What was true on that day."""
    membership, person, card = (_only(known.person, aspect) for aspect in ("membership", "person", "card"))
    place, terms = _content(known.person, "place", day), _content(known.contract, "terms", day)
    term, status = _only(known.contract, "contract"), _holding(known.contract, "status", day)
    joined, own = read_content(membership), read_content(membership)["own_waiting"]
    told = read_content(status) if status else {}
    periods = waiting_periods_of(_periods(known.contract), None if own is None else _periods(known.person))
    return EligibilityFacts(
        member_id=member_id,
        on=day,
        known_at=known.at,
        card_valid_until=card.valid_until and card.valid_until - timedelta(days=1),
        card_end=read_content(card)["card_end"],
        sex=read_content(person)["sex"],
        birth_date=person.valid_from,
        deceased_on=person.valid_until,
        excluded_on=membership.valid_until,
        relation=place["relation"],
        contract_id=contract_id,
        contract_status=status_on(day, term.valid_until, statuses_told(of_aspect(known.contract, "status"))),
        contract_started_on=coverage_start(term.valid_from, membership.valid_from),
        contract_ended_on=term.valid_until,
        status_since=status.valid_from if status else None,
        status_reason=told.get("reason"),
        unpaid_instalments=told.get("unpaid_instalments"),
        default_notified_on=_day(told.get("notified_on")),
        plan_name=terms["plan_name"],
        segmentation=terms["segmentation"],
        coverage_area=terms["coverage_area"],
        coverage_states=tuple(terms["coverage_states"]),
        coverage_cities=tuple(terms.get("coverage_cities", ())),
        waiting_periods=periods,
        waiting_waived=joined["waiting_waived"] or read_content(term)["waiting_waived"],
        restrictions=known.restrictions,
        is_synthetic=synthetic,
    )


def _holding(statements: Sequence[Statement], aspect: ContractAspect | MemberAspect, day: date) -> Statement | None:
    """What held on that day; of days before the first word, the first."""
    told = of_aspect(statements, aspect)
    return next((each for each in told if each.holds_on(day)), told[0] if told else None)


def _content(statements: Sequence[Statement], aspect: ContractAspect | MemberAspect, day: date) -> dict[str, Any]:
    held = _holding(statements, aspect, day)
    return read_content(held) if held else {}


def _only(statements: Sequence[Statement], aspect: ContractAspect | MemberAspect) -> Statement:
    (only,) = of_aspect(statements, aspect)
    return only


def _periods(statements: Sequence[Statement]) -> tuple[WaitingPeriod, ...]:
    return tuple(
        WaitingPeriod(ends_on=each.valid_until, **read_content(each))
        for each in sorted(of_aspect(statements, "waiting"), key=lambda each: read_content(each)["kind"])
        if each.valid_until
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
