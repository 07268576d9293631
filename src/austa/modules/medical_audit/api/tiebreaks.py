"""The door of the tie-breaker: a physician outside the operator, who reads one board's papers and writes the opinion.

They are of the operator's register, and sign in under the registration that stands there. What they see is what a
second look at the care needs: no name, card, contact, price or signal; pages of papers are shown as they were sent.
The door is open to them while a board waits for their word, and shut when it has it.
"""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import NotFound
from austa.kernel.ids import DocumentId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.boards import MoreNeeded, Need, OpinionGiven
from austa.modules.prior_auth.api.requests import BoardConclusion, DocumentKind, ItemDecision

TiebreakAct = Annotated[MoreNeeded | OpinionGiven, Field(discriminator="kind")]


class TiebreakAsked(Contract):
    """What the tie-breaker says: what more is needed, or the opinion, which they sign by sending it."""

    act: TiebreakAct


class WaitingBoard(Contract):
    """A board that waits for the signed-in physician; `until` is the end of their term. `sent`: a word of theirs is
    being recorded."""

    board_id: UUID
    case_number: str
    procedure: str
    until: datetime | None
    late: bool
    sent: bool


class TiebreakItem(Contract):
    """A line of the request, without its price."""

    position: int
    tuss: str
    description: str
    quantity: int
    laterality: str | None


class TiebreakMaterial(Contract):
    """A special material, without its price."""

    description: str
    quantity: int
    maker: str | None
    anvisa_registration: str | None


class TiebreakPaper(Contract):
    """A paper of the request; `pages` is 0 until it has been read."""

    document_id: DocumentId
    kind: DocumentKind
    pages: int


class Tiebreak(Contract):
    """A board as its tie-breaker sees it. `age` in years on this day; `reasons` and `view` are the auditor's."""

    board: WaitingBoard
    age: int
    sex: Literal["F", "M"] | None
    items: tuple[TiebreakItem, ...]
    materials: tuple[TiebreakMaterial, ...]
    cids: tuple[Personal, ...]
    indication: Personal | None
    reasons: Personal
    view: BoardConclusion
    view_items: tuple[ItemDecision, ...]
    needs: tuple[Need, ...]
    papers: tuple[TiebreakPaper, ...]
    may: tuple[Literal["needed", "concluded"], ...]


class Tiebreaks(Protocol):
    """Boards that wait for the signed-in tie-breaker, of whom each look leaves an access record."""

    async def waiting(self, caller: Caller) -> tuple[WaitingBoard, ...]:
        """Soonest term first; none for who is no longer active in the register. Raises `Forbidden` to others."""
        ...

    async def get(self, caller: Caller, board_id: UUID) -> Tiebreak:
        """One of them. Raises `NotFound` `medical_audit.no_such_board`."""
        ...

    async def page(self, caller: Caller, board_id: UUID, document_id: DocumentId, page: int, width: int) -> bytes:
        """A page of a paper that `get` lists, as JPEG. Raises as `get`, and as `Documents.page_image`."""
        ...

    async def act(self, caller: Caller, board_id: UUID, asked: TiebreakAsked) -> WaitingBoard:
        """Say what more is needed, or sign the opinion. Raises as `get`, `Conflict` `medical_audit.board_act_under_way`
        and as `MedicalAudit.assign`. Whether the board takes it is told by the act's state, on the case page."""
        ...


def no_such_board() -> NotFound:
    return NotFound("medical_audit.no_such_board", "no board waits for this person under that id")
