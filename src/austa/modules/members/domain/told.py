"""What an operator's system tells of a contract or a person, as statements with their days.

Facts that bear their own dates (a term, a waiting period, a card) are replaced whole when they are told anew. What has
none (plan, area, status, place in the family) holds from the day that is named, or from the day we are told.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from json import dumps, loads
from typing import Any, Literal, Protocol
from uuid import UUID

from austa.kernel.bitemporal import Statement, Version
from austa.kernel.ids import ContractId, MemberId
from austa.modules.members.api import (
    ContractStatus,
    CoverageArea,
    NewContract,
    PreexistingRestriction,
    Relation,
    Segmentation,
    Sex,
    StatusReason,
    Told,
    WaitingPeriod,
    WaitingWaiver,
)
from austa.modules.members.domain.coverage import StatusSince

ContractAspect = Literal["contract", "terms", "status", "waiting"]
MemberAspect = Literal["membership", "person", "card", "place", "waiting", "restriction"]
CONTRACT_DATED: tuple[ContractAspect, ...] = ("contract", "waiting")
MEMBER_DATED: tuple[MemberAspect, ...] = ("membership", "person", "card", "waiting")
"""Aspects that bear their own dates and are replaced whole."""
FIRST_DAY = date.min


class ContractTold(Protocol):
    """What is read of a contract, whether it was sent or lies in the table."""

    @property
    def plan_name(self) -> str: ...
    @property
    def ans_product(self) -> str | None: ...
    @property
    def segmentation(self) -> Segmentation: ...
    @property
    def coverage_area(self) -> CoverageArea: ...
    @property
    def coverage_states(self) -> Sequence[str]: ...
    @property
    def started_on(self) -> date: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def waiting_periods(self) -> tuple[WaitingPeriod, ...]: ...


class MemberTold(Protocol):
    """What is read of a person, whether they were sent or lie in the table."""

    @property
    def birth_date(self) -> date: ...
    @property
    def sex(self) -> Sex: ...
    @property
    def card_valid_until(self) -> date | None: ...
    @property
    def joined_on(self) -> date: ...
    @property
    def excluded_on(self) -> date | None: ...
    @property
    def deceased_on(self) -> date | None: ...
    @property
    def waiting_periods(self) -> tuple[WaitingPeriod, ...] | None: ...
    @property
    def relation(self) -> Relation: ...


def contract_statements(told: ContractTold, waived: WaitingWaiver | None) -> list[Statement]:
    """The term of a contract and its waiting periods."""
    term = _statement("contract", told.started_on, told.ended_on, waiting_waived=waived)
    return [term, *_waiting(told.waiting_periods, told.started_on)]


def terms_from(told: ContractTold, cities: Sequence[str], day: date) -> Statement:
    """Plan, segmentation and area, from that day on."""
    return _statement(
        "terms",
        day,
        None,
        plan_name=told.plan_name,
        ans_product=told.ans_product,
        segmentation=told.segmentation,
        coverage_area=told.coverage_area,
        coverage_states=sorted(told.coverage_states),
        coverage_cities=sorted(cities),
    )


def status_from(told: NewContract, day: date) -> Statement:
    """A status and, for default, what proves it."""
    return _status(told.status, day, None, told.status_reason, told.unpaid_instalments, told.default_notified_on)


def status_history(told: Sequence[StatusSince]) -> list[Statement]:
    """Statuses as the previous version of the tables holds them: each until the next."""
    ends = [each.since for each in told[1:]] + [None]
    return [_status(each.status, each.since, end) for each, end in zip(told, ends, strict=True)]


def statuses_told(statements: Sequence[Statement]) -> list[StatusSince]:
    """Statements of a status as days and words."""
    return [StatusSince(each.valid_from, read_content(each)["status"]) for each in of_aspect(statements, "status")]


def member_statements(told: MemberTold, card_end: str, waived: WaitingWaiver | None) -> list[Statement]:
    """Membership, birth and sex, card and own waiting periods."""
    card_ends = None if told.card_valid_until is None else told.card_valid_until + timedelta(days=1)
    own = None if told.waiting_periods is None else sorted(each.kind for each in told.waiting_periods)
    return [
        _statement("membership", told.joined_on, told.excluded_on, own_waiting=own, waiting_waived=waived),
        _statement("person", told.birth_date, told.deceased_on, sex=told.sex),
        _statement("card", FIRST_DAY, card_ends, card_end=card_end),
        *_waiting(told.waiting_periods or (), told.joined_on),
    ]


def place_from(
    contract_id: ContractId, relation: Relation, holder_id: MemberId | None, guardian_id: MemberId | None, day: date
) -> Statement:
    """On which contract, as what, with whom, from that day on."""
    return _statement(
        "place",
        day,
        None,
        contract_id=str(contract_id),
        relation=relation,
        holder_id=holder_id and str(holder_id),
        guardian_id=guardian_id and str(guardian_id),
    )


def restriction_statement(restriction: PreexistingRestriction, joined_on: date, mark: str) -> Statement:
    """A restriction. What it says is health data: the statement bears only a mark by which equal ones are known."""
    return Statement("restriction", min(joined_on, restriction.ends_on), restriction.ends_on, mark)


def contracts_of(versions: Iterable[Version]) -> list[ContractId]:
    """Every contract on which the person was ever said to be."""
    places = (read_content(each.statement) for each in versions if each.statement.aspect == "place")
    return list(dict.fromkeys(ContractId(UUID(place["contract_id"])) for place in places))


def told_of(version: Version) -> Told:
    """A word as staff may see it: what a restriction says is not in it."""
    said = version.statement
    content = {} if said.aspect == "restriction" else read_content(said)
    return Told(
        aspect=said.aspect,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        known_from=version.known_from,
        known_until=version.known_until,
        content={name: tuple(value) if isinstance(value, list) else value for name, value in content.items()},
    )


def read_content(statement: Statement) -> dict[str, Any]:
    return dict(loads(statement.content))


def of_aspect(statements: Iterable[Statement], aspect: ContractAspect | MemberAspect) -> list[Statement]:
    """Statements of that aspect in order of their days."""
    return sorted((each for each in statements if each.aspect == aspect), key=lambda each: each.valid_from)


def _status(
    status: ContractStatus,
    day: date,
    until: date | None,
    reason: StatusReason | None = None,
    unpaid: int | None = None,
    notified_on: date | None = None,
) -> Statement:
    return _statement(
        "status",
        day,
        until,
        status=status,
        reason=reason,
        unpaid_instalments=unpaid,
        notified_on=notified_on and notified_on.isoformat(),
    )


def _waiting(periods: Sequence[WaitingPeriod], start: date) -> list[Statement]:
    return [
        _statement("waiting", min(start, each.ends_on), each.ends_on, kind=each.kind, clause=each.clause)
        for each in periods
    ]


def _statement(aspect: ContractAspect | MemberAspect, start: date, end: date | None, **content: Any) -> Statement:
    return Statement(aspect, start, end, dumps(content, sort_keys=True, ensure_ascii=False))
