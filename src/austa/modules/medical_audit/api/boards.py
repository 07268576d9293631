"""The door to the people, notices and evidence of a medical board (RN ANS 424/2017).

Each act is committed as an intention and carried down to `prior_auth`, which keeps the states and the legal terms.
"""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Conflict, Invalid
from austa.kernel.ids import CaseId, DocumentId, RequestId
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.cases import Assignee, Words
from austa.modules.members.api import MemberSummary
from austa.modules.prior_auth.api.boards import (
    CANDIDATES,
    AgainstBoard,
    BoardActKind,
    BoardFilter,
    BoardLine,
    BoardView,
    Divergence,
    DivergenceDeclared,
    MoreNeeded,
    NoticeReceived,
    OpinionGiven,
    RequesterAnswered,
    TiebreakerPicked,
)
from austa.modules.prior_auth.api.requests import ItemDecision

CaseAgainstBoard = Literal["opinion", "requester_contact", "agreed", "name_not_active"]
"""What the case lacks for a board: a physician's diverging opinion as the newest, a contact with the requester
(CFM 2.448/2025, art. 5), one that ended without agreement; and a name whose registration is not active."""
WhyNoBoard = AgainstBoard | CaseAgainstBoard
LaterAct = Annotated[
    DivergenceDeclared | NoticeReceived | RequesterAnswered | TiebreakerPicked | MoreNeeded | OpinionGiven,
    Field(discriminator="kind"),
]
ActState = Literal["recording", "recorded", "refused"]


class OpenBoardAsked(Contract):
    """A board as the auditor opens it. The opinion that stands if the requester agrees is the newest of the case;
    where it is favourable in part, `items` say what of each line. `version` is the case's version they saw."""

    divergence: Divergence
    reasons: Words
    member_reasons: Words
    items: tuple[ItemDecision, ...] = Field((), max_length=100)
    tiebreakers: tuple[UUID, ...] = Field(max_length=CANDIDATES)
    version: int


class BoardActAsked(Contract):
    """Any later act of the board."""

    act: LaterAct


class BoardActView(Contract):
    """An act as kept: who pressed, when, what became of it, and its proof. `recording` until `prior_auth` kept it."""

    id: UUID
    kind: BoardActKind
    by: Assignee
    at: datetime
    state: ActState
    refusal: str | None
    """The code with which `prior_auth` refused it."""
    reasons: tuple[str, ...]
    """Why, as names, where it said so."""
    words: Personal | None
    """What was written: reasons, need, opinion, or the note of a proof."""
    by_whom: Personal | None
    document_id: DocumentId | None


class CaseBoard(Contract):
    """The board of a case and what this person may do in it now. `against` is why none can be opened, as far as is
    known before anything is declared; it is empty while a board is open."""

    board: BoardView | None
    acts: tuple[BoardActView, ...]
    may: tuple[BoardActKind, ...]
    against: tuple[WhyNoBoard, ...]


class DeskBoard(Contract):
    """The board as the provider's page shows it: the notice, the terms, and what the clerk may answer now."""

    board: BoardView | None
    may: tuple[BoardActKind, ...]
    waits: bool
    """An answer is on its way."""


class ListedBoard(Contract):
    """A board in the list of all, with its case as staff know it."""

    board: BoardLine
    case_number: str
    member: MemberSummary
    tuss: str
    procedure: str


class CaseBoards(Protocol):
    """Boards of the caller's operator, from the case and from the requester's desk."""

    async def list_boards(
        self, caller: Caller, wanted: BoardFilter, cursor: str | None, limit: int
    ) -> Page[ListedBoard]:
        """All boards as `Boards.list_boards` orders them, for whoever reads cases."""
        ...

    async def of_case(self, caller: Caller, case_id: CaseId) -> CaseBoard:
        """The newest board of a case; leaves an access record. Raises `NotFound` `medical_audit.no_such_case`."""
        ...

    async def open(self, caller: Caller, case_id: CaseId, asked: OpenBoardAsked) -> CaseBoard:
        """Open a board. Raises `Forbidden` without the power or on an own request (I7); `Invalid`
        `medical_audit.board_not_admitted` (details: `against`, each reason named), `medical_audit.no_such_tiebreaker`;
        `Conflict` `medical_audit.stale_version`, `medical_audit.board_act_under_way`, and as `MedicalAudit.assign`.
        """
        ...

    async def act(self, caller: Caller, case_id: CaseId, asked: BoardActAsked) -> CaseBoard:
        """Any later act. Raises `Forbidden`, `Invalid` `medical_audit.no_such_paper` where the proof is no paper of the
        request, `Conflict` as `open`. Whether the board admits it is told by the act's state."""
        ...

    async def of_request(self, caller: Caller, request_id: RequestId) -> DeskBoard:
        """The board about a request that the clerk's provider asked; none to who only performs the care. Raises
        `NotFound` `prior_auth.no_such_request`."""
        ...

    async def answer(self, caller: Caller, request_id: RequestId, asked: BoardActAsked) -> DeskBoard:
        """The requester's answer, or the receipt of the notice, by the clerk. Raises as `act`."""
        ...


def board_not_admitted(against: tuple[str, ...]) -> Invalid:
    return Invalid("medical_audit.board_not_admitted", "a medical board cannot be opened", against=against)


def board_act_under_way() -> Conflict:
    return Conflict("medical_audit.board_act_under_way", "another act of this board is being recorded")


def no_such_paper() -> Invalid:
    return Invalid("medical_audit.no_such_paper", "the proof is not a paper of this request")
