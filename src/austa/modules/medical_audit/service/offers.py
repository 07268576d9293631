"""What a case still offers to a person, and what ended it where it offers nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.modules.medical_audit.api.cases import CaseEnding, ContactWith, EndedBy, Groundwork
from austa.modules.medical_audit.domain.release import (
    CLINICAL,
    OpinionGiven,
    groundwork_lacking,
    is_requester,
    may_release,
    may_work_on,
    outcomes_for,
    waits_for_people,
)
from austa.modules.medical_audit.service.people import People
from austa.modules.prior_auth.api.requests import DecisionView, RequestView

Row = sa.Row[Any]


def allowed_actions(
    access: Access, caller: Caller, row: Row, request: RequestView, people: People, newest: Row | None
) -> tuple[str, ...]:
    """What the buttons may offer; every act is checked again when it comes."""
    may = access.allows
    own = is_requester(people.registration(caller.principal_id), request.requester)
    waits = waits_for_people(request.state, row.place)
    found = []
    if waits and may_work_on(row.state):
        found += [action for action in ("case:assign", "case:contact") if may(caller, action)]
        if may(caller, "opinion:write", queue=row.queue, own_request=own):
            found.append("opinion:write")
    if waits and may_release(row.state):
        if may(caller, "case:forward", queue=row.queue):
            found.append("case:forward")
        found += [
            f"decision:{outcome}"
            for outcome in outcomes_for(row.queue, row.place)
            if may(caller, "decision:release", queue=row.queue, outcome=outcome, own_request=own)
        ]
    if newest and newest.state == "releasing" and newest.released_by == caller.principal_id:
        found.append("release:undo")
    found += [action for action in ("ledger:read", "signal:read") if may(caller, action, queue=row.queue)]
    return tuple(found)


def groundwork_of(
    row: Row, request: RequestView, opinions: Sequence[OpinionGiven], contacts: Sequence[ContactWith]
) -> tuple[Groundwork, ...]:
    """What is still to be done before a decision against the member, where this case can come to one."""
    if not may_work_on(row.state) or not waits_for_people(request.state, row.place):
        return ()
    return tuple(
        Groundwork(outcome=outcome, lacking=groundwork_lacking(outcome, opinions, contacts))
        for outcome in outcomes_for(row.queue, row.place)
        if outcome in CLINICAL
    )


def ending_of(row: Row, request: RequestView, people: People, newest: Row | None) -> CaseEnding | None:
    """What ended the request, where it was not this case's own decision."""
    if waits_for_people(request.state, row.place):
        return None
    if request.state == "CANCELLED":
        last = next(change for change in reversed(request.history) if change.state == "CANCELLED")
        return CaseEnding(
            by="cancellation",
            person=people.actor(last.actor),
            at=last.at,
            decision_id=None,
            outcome=None,
            digest=None,
        )
    decision = next((kept for kept in reversed(request.decisions) if kept.outcome != "request_information"), None)
    if decision is None or (newest and newest.id == decision.decision_id):
        return None
    return CaseEnding(
        by=_who_ended(request, decision),
        person=None if decision.by == "system" else people.name(UUID(decision.by)).name,
        at=decision.at,
        decision_id=decision.decision_id,
        outcome=decision.outcome,
        digest=decision.digest,
    )


def _who_ended(request: RequestView, decision: DecisionView) -> EndedBy:
    if decision.by == "system":
        return "rule"
    return "order" if request.reopened == "order" else "person"
