"""The life cycle at the door: a request's way through the table of states."""

from itertools import pairwise
from typing import get_args

from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.lifecycle import Lifecycle, LifecycleChoice, LifecycleStep, MovedBy
from austa.modules.prior_auth.api.requests import HistoryEntry, RequestView
from austa.modules.prior_auth.domain.authority import AGAINST
from austa.modules.prior_auth.domain.diagram.bpmn import lifecycle_bpmn
from austa.modules.prior_auth.domain.diagram.graph import NAMES, choices_from, elements_of
from austa.modules.prior_auth.domain.lifecycle import OPEN
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from austa.modules.prior_auth.service.views import ASKER

MOVERS: tuple[MovedBy, ...] = get_args(MovedBy)

DISPUTED = (*AGAINST, "administrative_return")


class LifecycleService:
    """`Lifecycles`."""

    def __init__(self, prior_auth: PriorAuthService) -> None:
        self._prior_auth = prior_auth

    async def lifecycle(self, caller: Caller, request_id: RequestId) -> Lifecycle:
        """See `Lifecycles.lifecycle`."""
        if caller.kind == "member":
            raise Forbidden("prior_auth.staff_only", "the diagram is for staff; members have the status")
        request = await self._prior_auth.get(caller, request_id)
        first, *_ = request.history
        steps = [_step(first, (first.state,))]
        for before, entry in pairwise(request.history):
            steps.append(_step(entry, elements_of(before.state, entry.state, entry.transition)))
        return Lifecycle(
            bpmn=lifecycle_bpmn(),
            state=request.state,
            state_name=NAMES[request.state],
            steps=tuple(steps),
            next=_choices(request),
        )


def _step(entry: HistoryEntry, elements: tuple[str, ...]) -> LifecycleStep:
    return LifecycleStep(
        at=entry.at,
        by=_kind_of(entry.actor),
        text=entry.text,
        state=entry.state,
        state_name=NAMES[entry.state],
        elements=elements,
    )


def _kind_of(actor: str) -> MovedBy:
    """Who asked stands as `member`, be it a member or the clerk of a provider."""
    kind = actor.partition(":")[0]
    if kind == "system":
        return "system"
    return "member" if kind in {"member", "clerk", ASKER} else "staff"


def _choices(request: RequestView) -> tuple[LifecycleChoice, ...]:
    rows = choices_from(
        request.state,
        urgent=request.character == "urgent" or any(e.transition == "approve_urgent" for e in request.history),
        non_care=request.kind == "reimbursement",
        disputed=request.state in OPEN or any(d.outcome in DISPUTED for d in request.decisions[-1:]),
    )
    return tuple(
        LifecycleChoice(
            by=tuple(actor for actor in MOVERS if actor in row.actors),
            text=row.text,
            state=row.target,
            state_name=NAMES[row.target],
        )
        for row in rows
    )
