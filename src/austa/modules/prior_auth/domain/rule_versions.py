"""Versions of decision tables in time: what may be done with one, by whom, and which is in force at a moment.

Activations lie over each other like sheets: the one that began last and has not ended holds. When it ends, the one
beneath it holds again. Two people stand behind each: who wrote or proposed a version never puts it in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from austa.modules.prior_auth.api.rules import RuleStatus, Step
from austa.modules.prior_auth.domain.refusals import (
    moment_wrong,
    nothing_beneath,
    own_rules,
    version_not_ready,
)

SEED_AUTHOR = "austa"
"""Who wrote the tables that AUSTA brings along."""
FURTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Done:
    """One thing done with a version. `sequence` grows with the order in which an operator did them."""

    sequence: int
    version_id: UUID
    step: Step
    at: datetime
    by: str
    effective_at: datetime
    until: datetime | None


@dataclass(frozen=True)
class Sheet:
    """An activation with its end, whether it was given at once or later."""

    version_id: UUID
    sequence: int
    begins: datetime
    ends: datetime | None

    @property
    def is_empty(self) -> bool:
        return self.ends is not None and self.ends <= self.begins

    def holds_at(self, moment: datetime) -> bool:
        return self.begins <= moment and (self.ends is None or moment < self.ends)


def sheets(steps: Sequence[Done]) -> tuple[Sheet, ...]:
    """Every activation among these steps, oldest first; an ending cuts all of its version's that came before it."""
    found = []
    for done in steps:
        if done.step != "activate":
            continue
        endings = [
            later.effective_at
            for later in steps
            if later.step == "expire" and later.version_id == done.version_id and later.sequence > done.sequence
        ]
        ends = min((end for end in (*endings, done.until) if end is not None), default=None)
        found.append(Sheet(done.version_id, done.sequence, done.effective_at, ends))
    return tuple(found)


def in_force(steps: Sequence[Done], moment: datetime) -> UUID | None:
    """The version of a set that holds at a moment, by the steps of all versions of that set."""
    holding = [sheet for sheet in sheets(steps) if sheet.holds_at(moment)]
    return max(holding, key=lambda sheet: (sheet.begins, sheet.sequence)).version_id if holding else None


def status_of(version_id: UUID, steps: Sequence[Done], now: datetime) -> RuleStatus:
    """How a version stands now among those of its set."""
    own = [done.step for done in steps if done.version_id == version_id]
    sheets_of_it = [sheet for sheet in sheets(steps) if sheet.version_id == version_id]
    if all(sheet.is_empty for sheet in sheets_of_it):
        if "expire" in own:
            return "withdrawn"
        return "proposed" if "propose" in own else "draft"
    if in_force(steps, now) == version_id:
        return "active"
    if any(sheet.holds_at(now) for sheet in sheets_of_it):
        return "superseded"
    return "scheduled" if any(now < sheet.begins and not sheet.is_empty for sheet in sheets_of_it) else "expired"


def may_propose(version_id: UUID, steps: Sequence[Done], now: datetime) -> None:
    """Raises `prior_auth.version_not_ready` for what is no draft."""
    status = status_of(version_id, steps, now)
    if status != "draft":
        raise version_not_ready(status, "only a draft can be proposed")


def is_own(version_id: UUID, author: str, steps: Sequence[Done], actor: str) -> bool:
    """Whether this person wrote the version or proposed it."""
    return actor == author or any(
        done.by == actor for done in steps if done.version_id == version_id and done.step == "propose"
    )


def may_activate(
    version_id: UUID,
    author: str,
    steps: Sequence[Done],
    actor: str,
    now: datetime,
    effective_at: datetime,
    until: datetime | None,
) -> None:
    """Raises `prior_auth.own_rules`, `prior_auth.version_not_ready`, `prior_auth.moment_wrong`."""
    status = status_of(version_id, steps, now)
    if status in {"draft", "withdrawn"}:
        raise version_not_ready(status, "a version is proposed before it is put in force")
    if status in {"active", "scheduled"}:
        raise version_not_ready(status, "it is in force, or will be")
    if is_own(version_id, author, steps, actor):
        raise own_rules()
    _insist_on_future(now, effective_at)
    if until is not None and until <= effective_at:
        raise moment_wrong("it would end before it begins")


def may_expire(version_id: UUID, steps: Sequence[Done], now: datetime, effective_at: datetime) -> None:
    """Raises `prior_auth.nothing_beneath`, `prior_auth.version_not_ready`, `prior_auth.moment_wrong`."""
    status = status_of(version_id, steps, now)
    if status in {"expired", "withdrawn"}:
        raise version_not_ready(status, "it has ended already")
    _insist_on_future(now, effective_at)
    mine = [sheet for sheet in sheets(steps) if sheet.version_id == version_id]
    others = [sheet for sheet in sheets(steps) if sheet.version_id != version_id]
    starts = {effective_at, *(each for other in others if (each := other.ends) is not None and each > effective_at)}
    needed = [moment for moment in starts if any(sheet.holds_at(moment) for sheet in mine)]
    if any(not any(other.holds_at(moment) for other in others) for moment in needed):
        raise nothing_beneath()


def _insist_on_future(now: datetime, moment: datetime) -> None:
    """What is past was decided by what was in force then; nobody changes that later."""
    if moment < now:
        raise moment_wrong("it lies in the past")
    if moment > now + FURTHEST:
        raise moment_wrong("it lies more than ten years ahead")
