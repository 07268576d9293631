"""The door for the guarantee of attendance (RN ANS 566/2022): care must not only be authorized, it must be had in time.

Where nobody of the network attends a member in time, a coordinator goes down the norm's ladder until somebody does.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import PrincipalId, ProviderId, RequestId
from austa.kernel.personal import Personal

AccessStep = Literal["network", "neighbour", "outside_network", "transport", "reimbursement"]
"""The ladder, top to bottom: the network of the place, a neighbouring municipality, a provider outside the network whom
the operator pays, transport to where care is, refund in full."""
AccessCause = Literal["reported", "term_near"]
AccessOutcome = Literal["scheduled", "reimbursed", "given_up", "not_needed"]
AccessAct = Literal["open", "take", "step", "note", "close"]


LONGEST_NOTE = 4_000
"""Characters of what somebody writes down in passing: two pages."""


def _short(text: Personal) -> Personal:
    if len(text.reveal()) > LONGEST_NOTE:
        raise ValueError(f"at most {LONGEST_NOTE} characters")
    return text


Note = Annotated[Personal, AfterValidator(_short)]
"""What a person wrote down of a call, a try or a wish: at most `LONGEST_NOTE` characters."""


class Appointment(Contract):
    """When and where care is arranged for, or was given. `recorded_by`: who says so, as in a request's history."""

    at: datetime
    provider_id: ProviderId | None
    recorded_at: datetime
    recorded_by: str


class AppointmentRecorded(Contract):
    """A member, a provider or staff says when care is arranged for. A clerk's is at their own provider."""

    at: AwareDatetime
    provider_id: ProviderId | None = None


class NoAppointmentFound(Contract):
    """A member, a provider or staff says that nobody attends in time."""

    words: Note | None = None
    """What was tried, as told."""


class AccessTask(Contract):
    """A task of a coordinator. `days_left`: business days after today until the term ends; less than 0 is late."""

    task_id: UUID
    request_id: RequestId
    protocol: str
    procedure: str
    cause: AccessCause
    opened_at: datetime
    attend_by: datetime
    days_left: int
    step: AccessStep
    taken_by: PrincipalId | None
    outcome: AccessOutcome | None
    version: int


class AccessNote(Contract):
    """One line of a task's history. `by` is a principal id, `member:<id>`, `clerk:<id>` or `system:<role>`."""

    sequence: int
    at: datetime
    by: str
    act: AccessAct
    step: AccessStep
    text: Personal | None


class LadderStep(Contract):
    """One rung: what to do, by which rule, and whether it may be taken now."""

    step: AccessStep
    text: str
    clause: str
    may_take: bool


class AccessTaskView(Contract):
    """A task with whom it is for. `refund_by`: the last day for the refund, where the ladder came to it."""

    task: AccessTask
    member_name: Personal
    phones: tuple[Personal, ...]
    ladder: tuple[LadderStep, ...]
    notes: tuple[AccessNote, ...]
    appointments: tuple[Appointment, ...]
    refund_by: date | None


class AccessWork(Contract):
    """What a coordinator does. `step` needs the rung and what was tried before; `close` the outcome, and for
    `scheduled` when; `note` its text. `expected_version`: of the task as it was seen."""

    act: Literal["take", "step", "note", "close"]
    expected_version: int
    step: AccessStep | None = None
    outcome: AccessOutcome | None = None
    text: Note | None = None
    appointment: AppointmentRecorded | None = None


class AccessGuarantee(Protocol):
    """What the caller may not see is `NotFound`."""

    async def record_appointment(self, caller: Caller, request_id: RequestId, told: AppointmentRecorded) -> Appointment:
        """Write down when care is arranged for; an open task of the request is closed. Idempotent by content.

        Raises `Conflict` `prior_auth.not_authorized` where no guide may be used, `Invalid`
        `prior_auth.appointment_wrong` for a time that cannot be."""
        ...

    async def report(self, caller: Caller, request_id: RequestId, told: NoAppointmentFound) -> AccessTask:
        """Open a task, or add to the one that is open. Raises `Conflict` `prior_auth.not_authorized`."""
        ...

    async def list(self, caller: Caller) -> tuple[AccessTask, ...]:
        """The open tasks, the one whose term ends first at the top; at most 200."""
        ...

    async def get(self, caller: Caller, task_id: UUID) -> AccessTaskView:
        """One task. That it was opened is written down for the member to see. Raises `NotFound`
        `prior_auth.no_such_task`."""
        ...

    async def work(self, caller: Caller, task_id: UUID, work: AccessWork) -> AccessTaskView:
        """Do something about it. Raises `Conflict` `prior_auth.stale_version`, `prior_auth.task_closed`, `Invalid`
        `prior_auth.work_incomplete`, `prior_auth.step_back`."""
        ...
