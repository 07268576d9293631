"""The door to a request's place in the life cycle: its way so far, and what may come, on a BPMN diagram."""

from datetime import datetime
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.requests import State

MovedBy = Literal["system", "staff", "member"]


class LifecycleStep(Contract):
    """One move of the request. `text` says what happened, in Portuguese; `elements` are ids in the diagram."""

    at: datetime
    by: MovedBy
    text: str
    state: State
    state_name: str
    elements: tuple[str, ...]


class LifecycleChoice(Contract):
    """One move that may come next, by whom, and to where."""

    by: tuple[MovedBy, ...]
    text: str
    state: State
    state_name: str


class Lifecycle(Contract):
    """A request's way. `bpmn` is the whole diagram, BPMN 2.0 with its picture: ids are the codes of states."""

    bpmn: str
    state: State
    state_name: str
    steps: tuple[LifecycleStep, ...]
    next: tuple[LifecycleChoice, ...]


class Lifecycles(Protocol):
    """Places of one operator's requests in the life cycle, for staff."""

    async def lifecycle(self, caller: Caller, request_id: RequestId) -> Lifecycle:
        """The request's way. Raises `NotFound` `prior_auth.no_such_request`, and `Forbidden` for members."""
        ...
