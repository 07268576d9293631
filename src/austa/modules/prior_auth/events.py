"""What `prior_auth` tells the house: a request came, was routed, pends, was decided, was cancelled."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import CaseId, DecisionId, MemberId, RequestId
from austa.modules.prior_auth.api.boards import BoardStage, BoardTerm
from austa.modules.prior_auth.api.clocks import Stage


class _AboutRequest(Event):
    request_id: RequestId

    def key(self) -> str:
        return str(self.request_id)


class RequestReceived(_AboutRequest):
    """A request was taken and has its protocol; the legal term runs from `asked_at`."""

    TYPE: ClassVar[str] = "prior_auth.request_received.v1"

    member_id: MemberId
    channel: str
    character: Literal["elective", "urgent"]
    protocol: str
    asked_at: datetime
    due_at: datetime


class AssessmentDue(_AboutRequest):
    """Something the assessment waited for arrived: papers, facts, or the reading of a document."""

    TYPE: ClassVar[str] = "prior_auth.assessment_due.v1"

    cause: Literal["documents_added", "document_read", "term_ended"]


class RequestRouted(_AboutRequest):
    """The request needs a person. `routes` are rule ids and reasons as codes, all signals as one `SINAL`; `round`
    counts the times it was routed.

    After an urgent approval `post_facto` is True: the case is reviewed once care was given.
    """

    TYPE: ClassVar[str] = "prior_auth.request_routed.v1"

    queue: Literal["medical", "nurse", "administrative", "manual"]
    routes: tuple[str, ...]
    urgency: Literal["urgent", "elective"]
    due_at: datetime
    round: int
    post_facto: bool = False


class DocumentsRequested(_AboutRequest):
    """One consolidated ask went out. `ask_id` identifies it; what is missing is read by call."""

    TYPE: ClassVar[str] = "prior_auth.documents_requested.v1"

    ask_id: UUID
    missing_count: int
    answer_by: datetime


class PendingTermEnded(_AboutRequest):
    """A timer of our own: the asked papers did not come; a person looks, nobody is denied for it."""

    TYPE: ClassVar[str] = "prior_auth.pending_term_ended.v1"

    ask_id: UUID


class TermNearing(_AboutRequest):
    """A timer of our own: a stage of the legal term is reached."""

    TYPE: ClassVar[str] = "prior_auth.term_nearing.v1"

    stage: Stage


class BreachPredicted(_AboutRequest):
    """An open request will be answered late unless somebody acts. Told once a stage, before the term ends.

    `business_days_left` counts the days after today; 0 is the last day, less is late.
    """

    TYPE: ClassVar[str] = "prior_auth.breach_predicted.v1"

    stage: Stage
    due_at: datetime
    business_days_left: int


class RequestDecided(_AboutRequest):
    """A decision was kept. `digest` is SHA-256, hex, of the canonical receipt: what the ledger commits to.

    `by` is `system` or the principal id of the person who released it. `post_facto`: care was authorized before, as
    urgent, and a person has now reviewed it; there is nothing new to tell the member. `was_routed`: people have or had
    the request before them.
    """

    TYPE: ClassVar[str] = "prior_auth.request_decided.v1"

    decision_id: DecisionId
    case_id: CaseId | None
    outcome: Literal["approve", "approve_in_part", "deny", "administrative_return"]
    by: str
    digest: str
    rules_version: str
    post_facto: bool = False
    was_routed: bool = True


class RequestCancelled(_AboutRequest):
    """The asker gave the request up."""

    TYPE: ClassVar[str] = "prior_auth.request_cancelled.v1"

    reason: str


class ReviewOpened(_AboutRequest):
    """An answer is looked at again, or a complaint to ANS came; the member is told until when the answer comes."""

    TYPE: ClassVar[str] = "prior_auth.review_opened.v1"

    kind: Literal["reanalysis", "complaint"]


class BoardChanged(_AboutRequest):
    """A step of a medical board was taken: `opened`, `received`, `answered`, `picked`, `needed` or `concluded`.

    `step_id` is the key under which `medical_audit` keeps what was written; `digest` is SHA-256, hex, of that as
    canonical JSON: what the ledger commits to.
    """

    TYPE: ClassVar[str] = "prior_auth.board_changed.v1"

    board_id: UUID
    step_id: str
    what: str
    digest: str


class BoardTermNearing(_AboutRequest):
    """A timer of our own: a stage of a term of the medical board is reached."""

    TYPE: ClassVar[str] = "prior_auth.board_term_nearing.v1"

    board_id: UUID
    term: BoardTerm
    stage: BoardStage
    due_at: datetime


class BoardTermWarned(_AboutRequest):
    """A term of an open medical board nears its end, or is over; a person has something to do."""

    TYPE: ClassVar[str] = "prior_auth.board_term_warned.v1"

    board_id: UUID
    term: BoardTerm
    stage: BoardStage
    due_at: datetime


class GuideValidityEnded(_AboutRequest):
    """A timer of our own: the senha's last day is over."""

    TYPE: ClassVar[str] = "prior_auth.guide_validity_ended.v1"

    decision_id: DecisionId


class AttendanceNearing(_AboutRequest):
    """A timer of our own: three quarters of the attendance term are spent; where no appointment is known, a coordinator
    looks for one."""

    TYPE: ClassVar[str] = "prior_auth.attendance_nearing.v1"

    decision_id: DecisionId


class AccessTaskOpened(_AboutRequest):
    """Nobody attends a member in time, or nothing is known of an appointment as the term nears its end."""

    TYPE: ClassVar[str] = "prior_auth.access_task_opened.v1"

    task_id: UUID
    cause: Literal["reported", "term_near"]
    attend_by: datetime
