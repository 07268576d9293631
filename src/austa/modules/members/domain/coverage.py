"""What was true of a contract and a person on a day. Every closing date is the first day it no longer holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from austa.modules.members.api import ContractStatus, WaitingKind, WaitingPeriod

LONGEST_WAITING_DAYS = MappingProxyType[WaitingKind, int]({"urgency": 1, "birth": 300, "other": 180})
"""Lei 9.656/98, art. 12, V."""
LONGEST_RESTRICTION_MONTHS = 24
"""RN ANS 558/2022: partial temporary coverage."""


@dataclass(frozen=True)
class StatusSince:
    """A status and the day from which it was told."""

    since: date
    status: ContractStatus


def status_on(day: date, ended_on: date | None, told: Sequence[StatusSince]) -> ContractStatus:
    """The status of a contract on that day.

    An end date decides alone about cancellation: a contract cancelled as of December was what it was in November,
    whenever we heard of it. Without one, the last status told by that day holds; before the first, the first.
    """
    if ended_on is not None and ended_on <= day:
        return "cancelled"
    history = sorted(told, key=lambda each: each.since)
    if ended_on is not None:
        history = [each for each in history if each.status != "cancelled"]
    if not history:
        return "active"
    earlier = [each for each in history if each.since <= day]
    return (earlier[-1] if earlier else history[0]).status


def coverage_start(contract_started_on: date, joined_on: date) -> date:
    """From when the contract covers that person: a dependant may join years after it began."""
    return max(contract_started_on, joined_on)


def waiting_periods_of(
    contract: tuple[WaitingPeriod, ...], own: tuple[WaitingPeriod, ...] | None
) -> tuple[WaitingPeriod, ...]:
    """A person's own waiting periods, where the operator told any, else those of the contract."""
    return contract if own is None else own


def latest_waiting_end(kind: WaitingKind, start: date) -> date:
    """The latest day on which the law lets that kind of care begin to be covered."""
    return start + timedelta(days=LONGEST_WAITING_DAYS[kind])


def latest_restriction_end(start: date) -> date:
    """The latest day on which a partial temporary coverage may end."""
    year, month = divmod(start.year * 12 + start.month - 1 + LONGEST_RESTRICTION_MONTHS, 12)
    return date(year, month + 1, start.day if start.day <= 28 else _last_day(year, month + 1, start.day))


def _last_day(year: int, month: int, wanted: int) -> int:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(wanted, (first_of_next - timedelta(days=1)).day)
