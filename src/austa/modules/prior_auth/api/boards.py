"""The door to the medical board (junta médica, RN ANS 424/2017; domain-br 2.8): its states and its legal terms.

`medical_audit` owns the people, the notices and the evidence of a board and drives it by `take`; here stands what the
law counts by: whether a board is admitted, who was named, when a notice was received, whose term runs, what prevails.
"""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import CaseId, DocumentId, MemberId, PrincipalId, RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.requests import BoardConclusion, BoardState, ItemDecision

CANDIDATES = 4
"""So many names the operator gives for the tie-breaker."""
LONGEST_TEXT = 8000

NoticeTo = Literal["requester", "member"]
ReceiptMeans = Literal["postal_receipt", "signed_protocol", "recorded_call", "read_email", "portal", "other"]
"""What proves that a notice was received: postal receipt (AR), a copy signed for, a recorded call, an e-mail with read
receipt, the provider's page, or another unequivocal proof."""
RequesterAnswer = Literal["agrees", "keeps"]
Need = Literal["documents", "in_person", "exams"]
BoardTerm = Literal["requester", "tiebreaker", "attendance"]
"""Two business days of the requester, two of the tie-breaker, and the term of RN 566 in which the board must end."""
BoardStage = Literal["three_quarters", "last_day", "over"]
AgainstBoard = Literal[
    "urgent",
    "ordered_by_court",
    "non_care",
    "no_technical_divergence",
    "not_covered",
    "not_registered",
    "too_late",
    "not_four_names",
    "repeated_name",
    "name_is_requester",
    "name_is_auditor",
    "no_requester",
]
"""Why a board is not opened. The last five are about the names, and about who would answer."""

StepFault = Literal[
    "receipt_known",
    "proof_missing",
    "choice_wrong",
    "term_runs",
    "need_known",
    "items_wrong",
    "in_future",
    "too_early",
    "no_tiebreaker",
]
"""Why a step does not fit the board: the receipt is proven already, the proof names neither paper nor words, the choice
does not go with the answer, the requester's term still runs, the need was told, the quantities do not go with the
conclusion, it lies in the future or before what it follows upon, no tie-breaker is at work."""


def _words(text: Personal) -> Personal:
    if not 0 < len(text.reveal().strip()) <= LONGEST_TEXT:
        raise ValueError(f"say something, in at most {LONGEST_TEXT} characters")
    return text


Words = Annotated[Personal, AfterValidator(_words)]


class Divergence(Contract):
    """What the physician who opens the board declares: the divergence is technical, the care is covered by Rol or
    contract, and materials and medicines are registered at Anvisa and used as registered."""

    technical: bool
    covered: bool
    registered: bool


class TieBreaker(Contract):
    """A physician named for the tie-break, by registration and specialty."""

    name: Personal
    council: str = Field(pattern=r"^[A-Za-z]{2,8}$")
    uf: str = Field(pattern=r"^[A-Z]{2}$")
    number: str = Field(pattern=r"^\d{1,15}$")
    specialty: str = Field(max_length=120)


class DivergenceDeclared(Contract):
    """An auditor disagrees and will talk with the requester (CFM 2.448/2025, art. 5)."""

    kind: Literal["diverged"] = "diverged"
    reasons: Words


class BoardOpened(Contract):
    """The board as opened. `view` is the auditor's opinion, which stands if the requester agrees; where it is
    favourable in part, `items` say what of each line.

    `reasons` go to the requester, `member_reasons`, in plain words, to the member.
    """

    kind: Literal["opened"] = "opened"
    case_id: CaseId
    divergence: Divergence
    reasons: Words
    member_reasons: Words
    view: Literal["favourable_in_part", "unfavourable"]
    items: tuple[ItemDecision, ...] = ()
    candidates: tuple[TieBreaker, ...] = Field(max_length=CANDIDATES)


class NoticeReceived(Contract):
    """Proof that a notice was received: by whom, when, how, and the paper or the words that show it."""

    kind: Literal["received"] = "received"
    to: NoticeTo
    means: ReceiptMeans
    at: AwareDatetime
    by_whom: Words
    document_id: DocumentId | None = None
    note: Words | None = None


class RequesterAnswered(Contract):
    """The requester agrees with the auditor, or keeps the indication and chooses one of the four names, counted from
    0. `at` is when the answer was given."""

    kind: Literal["answered"] = "answered"
    answer: RequesterAnswer
    choice: int | None = Field(None, ge=0, lt=CANDIDATES)
    at: AwareDatetime
    note: Words | None = None
    document_id: DocumentId | None = None


class TiebreakerPicked(Contract):
    """The requester let the term pass: a person of the operator picks one of the four."""

    kind: Literal["picked"] = "picked"
    choice: int = Field(ge=0, lt=CANDIDATES)


class MoreNeeded(Contract):
    """The tie-breaker needs documents, to see the member, or exams, before the opinion."""

    kind: Literal["needed"] = "needed"
    needs: tuple[Need, ...] = Field(min_length=1, max_length=3)
    words: Words


class OpinionGiven(Contract):
    """The tie-breaker's opinion, which prevails. `document_id` is the signed paper; only a tie-breaker who signed in
    and writes it with their own hands needs none."""

    kind: Literal["concluded"] = "concluded"
    conclusion: BoardConclusion
    items: tuple[ItemDecision, ...] = ()
    written_at: AwareDatetime
    words: Words
    document_id: DocumentId | None = None


BoardAct = Annotated[
    DivergenceDeclared
    | BoardOpened
    | NoticeReceived
    | RequesterAnswered
    | TiebreakerPicked
    | MoreNeeded
    | OpinionGiven,
    Field(discriminator="kind"),
]
BoardActKind = Literal["diverged", "opened", "received", "answered", "picked", "needed", "concluded"]


class BoardStep(Contract):
    """An act, who did it or wrote it down, and when they pressed."""

    act: BoardAct
    by: PrincipalId
    pressed_at: AwareDatetime


class NoticeState(Contract):
    """A notice of the board and, once proven, when and how it was received."""

    to: NoticeTo
    received_at: datetime | None
    means: ReceiptMeans | None


class BoardView(Contract):
    """A board as it stands. `state` is None once the request has left the board: decided, cancelled, ordered.

    `must_end_by` is the term of RN 566 to give the care; `requester_until` and `tiebreaker_until` are the ends of their
    terms, once they run. `chosen` counts `candidates` from 0.
    """

    board_id: UUID
    request_id: RequestId
    case_id: CaseId
    state: BoardState | None
    opened_at: datetime
    divergence: Divergence
    reasons: Personal
    member_reasons: Personal
    view: BoardConclusion
    view_items: tuple[ItemDecision, ...]
    candidates: tuple[TieBreaker, ...]
    must_end_by: datetime
    notices: tuple[NoticeState, ...]
    requester_until: datetime | None
    answer: RequesterAnswer | None
    answered_at: datetime | None
    chosen: int | None
    chosen_by: Literal["requester", "operator"] | None
    tiebreaker_until: datetime | None
    needs: tuple[Need, ...]
    conclusion: BoardConclusion | None
    conclusion_items: tuple[ItemDecision, ...]
    concluded_at: datetime | None
    by_agreement: bool
    """The requester agreed, so that no tie-breaker was needed."""


WaitsFor = Literal["notice", "requester", "pick", "tiebreaker", "more", "decision"]
"""Whom an open board waits for: our proof that the requester has the notice, the requester's answer, our pick after
silence, the tie-breaker's word, what the tie-breaker asked for, a person's decision after the opinion."""


class BoardFilter(Contract):
    """Narrows the list; `waits_for` and `late` (the term of whom it waits for is over) are of open boards."""

    view: Literal["open", "over"] = "open"
    waits_for: WaitsFor | None = None
    late: bool = False


class BoardLine(Contract):
    """One line of the list of boards. Of one that is over, `state`, `waits_for` and `due_at` are None."""

    board_id: UUID
    request_id: RequestId
    case_id: CaseId
    member_id: MemberId
    state: BoardState | None
    opened_at: datetime
    must_end_by: datetime
    waits_for: WaitsFor | None
    due_at: datetime | None
    late: bool
    tiebreaker: TieBreaker | None
    conclusion: BoardConclusion | None


class Boards(Protocol):
    """Medical boards about requests of the caller's operator."""

    async def list_boards(self, caller: Caller, wanted: BoardFilter, cursor: str | None, limit: int) -> Page[BoardLine]:
        """Open boards, those that must end first on top; or those that are over, newest first. For staff."""
        ...

    async def why_not(self, caller: Caller, request_id: RequestId, divergence: Divergence) -> tuple[AgainstBoard, ...]:
        """What speaks against a board about this request now; empty where one is admitted."""
        ...

    async def waiting_for(self, caller: Caller, council: str, uf: str, number: str) -> tuple[BoardLine, ...]:
        """The boards that wait for the opinion of the physician with that registration, soonest term first. For the
        system, on behalf of that physician."""
        ...

    async def find(self, caller: Caller, request_id: RequestId) -> BoardView | None:
        """The newest board about a request, for staff and for clerks of the provider that asked.

        Raises `NotFound` `prior_auth.no_such_request`.
        """
        ...

    async def take(self, caller: Caller, key: str, request_id: RequestId, step: BoardStep) -> None:
        """Take a step of the board as that person wants, once a key. `caller` is the person, or the system that carries
        what they pressed.

        Raises `Forbidden` without the power or on an own request, `Invalid` `prior_auth.board_not_admitted` (details:
        `against`), `Conflict` `prior_auth.board_step_refused` (details: `against`), `prior_auth.no_board`,
        `prior_auth.transition_refused`.
        """
        ...
