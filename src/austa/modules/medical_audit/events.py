"""What `medical_audit` tells the house."""

from typing import ClassVar
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import CaseId, DecisionId, RequestId


class CaseChanged(Event):
    """A case was opened, assigned, worked on or closed: whoever shows it should ask again."""

    TYPE: ClassVar[str] = "medical_audit.case_changed.v1"

    case_id: CaseId
    what: str
    """`opened`, `assigned`, `contacted`, `forwarded`, `escalated`, `opinion`, `checklist`, `releasing`, `undone`,
    `released`, `recorded`, `refused`, `board` or `closed`."""

    def key(self) -> str:
        return str(self.case_id)


class CaseForwarded(Event):
    """A nurse handed a case on to a physician; `prior_auth` is told, and the reason lies with the case."""

    TYPE: ClassVar[str] = "medical_audit.case_forwarded.v1"

    case_id: CaseId
    request_id: RequestId
    forward_id: UUID

    def key(self) -> str:
        return str(self.case_id)


class BoardActTaken(Event):
    """An act of a medical board was written down; `prior_auth` is asked to take the step under `act_id`."""

    TYPE: ClassVar[str] = "medical_audit.board_act_taken.v1"

    case_id: CaseId
    request_id: RequestId
    act_id: UUID

    def key(self) -> str:
        return str(self.case_id)


class OpinionRecorded(Event):
    """A physician or nurse wrote a technical opinion. `digest` is the SHA-256 of its canonical JSON."""

    TYPE: ClassVar[str] = "medical_audit.opinion_recorded.v1"

    case_id: CaseId
    opinion_id: UUID
    request_id: RequestId
    kind: str
    digest: str

    def key(self) -> str:
        return str(self.case_id)


class ReleaseWaitEnded(Event):
    """A timer of our own: nobody undid the release while it could be undone."""

    TYPE: ClassVar[str] = "medical_audit.release_wait_ended.v1"

    case_id: CaseId
    decision_id: DecisionId

    def key(self) -> str:
        return str(self.case_id)


class DecisionReleased(Event):
    """A person with the power released a decision; `prior_auth` is asked to record it under `decision_id`."""

    TYPE: ClassVar[str] = "medical_audit.decision_released.v1"

    case_id: CaseId
    request_id: RequestId
    decision_id: DecisionId
    outcome: str
    digest: str

    def key(self) -> str:
        return str(self.case_id)
