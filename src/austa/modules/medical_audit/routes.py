"""HTTP edge: the queue, cases, opinions, contacts and decisions."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from pydantic import Field

from austa.infra.csv_tables import decode_csv
from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import CaseId, DecisionId, DocumentId, RequestId
from austa.kernel.imports import ImportReport
from austa.modules.medical_audit.api.boards import (
    BoardActAsked,
    CaseBoard,
    CaseBoards,
    DeskBoard,
    ListedBoard,
    OpenBoardAsked,
)
from austa.modules.medical_audit.api.cases import (
    ApprovalAsked,
    CaseCounts,
    CaseFilter,
    CaseLine,
    CaseView,
    Contact,
    ContactAsked,
    DecisionAsked,
    ForwardAsked,
    MedicalAudit,
    Opinion,
    OpinionAsked,
    ReasonCode,
    Release,
    Urgency,
    View,
)
from austa.modules.medical_audit.api.checklists import CaseChecklists, Checklist, ChecklistAsked, Checklists
from austa.modules.medical_audit.api.tiebreakers import Tiebreaker, TiebreakerInvited, Tiebreakers
from austa.modules.medical_audit.api.tiebreaks import Tiebreak, TiebreakAsked, Tiebreaks, WaitingBoard
from austa.modules.prior_auth.api.boards import BoardFilter, WaitsFor


class AssignAsked(Contract):
    """Take a case (`me`) or give it back (null)."""

    to: Literal["me"] | None
    version: int


def router(audit: MedicalAudit, idempotency: Idempotency) -> APIRouter:
    """The Cockpit's routes under /api/v1."""
    routes = APIRouter(prefix="/api/v1", tags=["cases"])

    @routes.get("/cases", response_model=Page[CaseLine])
    async def cases(
        caller: SignedIn,
        view: View = "all",
        urgency: Urgency | None = None,
        assigned: Literal["me", "none"] | None = None,
        q: Annotated[str | None, Field(max_length=60)] = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """The queue: due at once first, then by legal time left."""
        wanted = CaseFilter(view=view, urgency=urgency, assigned=assigned, words=q)
        return answer(await audit.queue(caller, wanted, cursor, limit))

    @routes.get("/cases/counts", response_model=CaseCounts)
    async def counts(caller: SignedIn) -> Response:
        """How many cases each saved view holds."""
        return answer(await audit.counts(caller))

    @routes.get("/cases/{case_id}", response_model=CaseView)
    async def case(caller: SignedIn, case_id: CaseId) -> Response:
        """The whole case."""
        return answer(await audit.get(caller, case_id))

    @routes.post("/cases/{case_id}/assign", response_model=CaseLine)
    async def assign(
        caller: SignedIn, case_id: CaseId, asked: Annotated[AssignAsked, from_json(AssignAsked)]
    ) -> Response:
        """Take the case, or give it back to the queue."""
        return answer(await audit.assign(caller, case_id, to_me=asked.to == "me", version=asked.version))

    @routes.post("/cases/{case_id}/contacts", response_model=Contact, status_code=201)
    async def contact(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[ContactAsked, from_json(ContactAsked)],
    ) -> Response:
        """Document a contact with the requester, the provider or the member."""

        async def create() -> Response:
            return answer(await audit.add_contact(caller, case_id, asked), 201)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.post("/cases/{case_id}/forward", response_model=CaseLine)
    async def forward(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[ForwardAsked, from_json(ForwardAsked)],
    ) -> Response:
        """Hand a case on from the nurse's review to a physician."""

        async def move() -> Response:
            return answer(await audit.forward(caller, case_id, asked))

        return await idempotency.once(caller, key, request, asked, move)

    @routes.post("/cases/{case_id}/opinion", response_model=Opinion, status_code=201)
    async def opinion(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[OpinionAsked, from_json(OpinionAsked)],
    ) -> Response:
        """Write a technical opinion (parecer)."""

        async def create() -> Response:
            return answer(await audit.write_opinion(caller, case_id, asked), 201)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.post("/decisions", response_model=Release, status_code=202)
    async def decide(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        asked: Annotated[DecisionAsked, from_json(DecisionAsked)],
    ) -> Response:
        """Release a decision. 202: it is committed, waits while it can be undone, and is then on its way; the case
        tells when it is recorded and sealed."""

        async def create() -> Response:
            return answer(await audit.release(caller, key, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.post("/decisions/{release_id}/undo", response_model=Release)
    async def undo(caller: SignedIn, release_id: DecisionId) -> Response:
        """Take an own release back while it waits."""
        return answer(await audit.undo(caller, release_id))

    @routes.post("/auth/approve", response_model=Release, status_code=202)
    async def approve(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        asked: Annotated[ApprovalAsked, from_json(ApprovalAsked)],
    ) -> Response:
        """Release an approval by the request's id: a person's act on its case, never a way around it."""

        async def create() -> Response:
            return answer(await audit.approve(caller, key, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.get("/reason-codes", response_model=Page[ReasonCode])
    async def reason_codes(caller: SignedIn) -> Response:
        """Codes of TISS table 38 for a decision that does not approve, those in force today first."""
        return answer(Page[ReasonCode](items=await audit.reason_codes(caller)))

    return routes


def checklist_router(checklists: Checklists, idempotency: Idempotency) -> APIRouter:
    """The ADI 7265 checklists under /api/v1/cases."""
    routes = APIRouter(prefix="/api/v1", tags=["cases"])

    @routes.get("/cases/{case_id}/checklists", response_model=CaseChecklists)
    async def of_case(caller: SignedIn, case_id: CaseId) -> Response:
        """Every item of the case with what physicians found of the five criteria."""
        return answer(await checklists.of_case(caller, case_id))

    @routes.post("/cases/{case_id}/checklists", response_model=Checklist, status_code=201)
    async def write(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[ChecklistAsked, from_json(ChecklistAsked)],
    ) -> Response:
        """Keep a checklist for one item; a physician fills it in, and nothing is computed of it."""

        async def create() -> Response:
            return answer(await checklists.write(caller, case_id, asked), 201)

        return await idempotency.once(caller, key, request, asked, create)

    return routes


def board_router(boards: CaseBoards, tiebreakers: Tiebreakers, idempotency: Idempotency) -> APIRouter:
    """The medical board of a case, on the requester's desk, and the register of who may be named in one."""
    routes = APIRouter(prefix="/api/v1", tags=["boards"])

    @routes.get("/cases/{case_id}/board", response_model=CaseBoard)
    async def of_case(caller: SignedIn, case_id: CaseId) -> Response:
        """The newest medical board of the case, its acts with their proofs, and what may be done now."""
        return answer(await boards.of_case(caller, case_id))

    @routes.post("/cases/{case_id}/board", response_model=CaseBoard, status_code=202)
    async def open_board(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[OpenBoardAsked, from_json(OpenBoardAsked)],
    ) -> Response:
        """Open a medical board with four names for the tie-break (RN ANS 424/2017)."""

        async def create() -> Response:
            return answer(await boards.open(caller, case_id, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.post("/cases/{case_id}/board/acts", response_model=CaseBoard, status_code=202)
    async def act(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        case_id: CaseId,
        asked: Annotated[BoardActAsked, from_json(BoardActAsked)],
    ) -> Response:
        """An act of the board: a proof, an answer, a choice after silence, a need, the tie-breaker's opinion."""

        async def create() -> Response:
            return answer(await boards.act(caller, case_id, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.get("/desk/requests/{request_id}/board", response_model=DeskBoard)
    async def of_request(caller: SignedIn, request_id: RequestId) -> Response:
        """The notice of a medical board to the requester, and what may be answered now."""
        return answer(await boards.of_request(caller, request_id))

    @routes.post("/desk/requests/{request_id}/board/acts", response_model=DeskBoard, status_code=202)
    async def answer_board(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: RequestId,
        asked: Annotated[BoardActAsked, from_json(BoardActAsked)],
    ) -> Response:
        """The requester's answer, or the receipt of the notice, by the page of the provider."""

        async def create() -> Response:
            return answer(await boards.answer(caller, request_id, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    @routes.get("/boards", response_model=Page[ListedBoard])
    async def every_board(
        caller: SignedIn,
        view: Literal["open", "over"] = "open",
        waits_for: WaitsFor | None = None,
        late: bool = False,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """All medical boards: whom each waits for and until when; open ones that must end first on top."""
        wanted = BoardFilter(view=view, waits_for=waits_for, late=late)
        return answer(await boards.list_boards(caller, wanted, cursor, limit))

    @routes.get("/tiebreakers", response_model=Page[Tiebreaker])
    async def register(caller: SignedIn, specialty: Annotated[str | None, Query(max_length=120)] = None) -> Response:
        """Physicians who may be named for the tie-break of a medical board, active ones first."""
        return answer(Page[Tiebreaker](items=await tiebreakers.list(caller, specialty)))

    @routes.post("/tiebreakers/{tiebreaker_id}/end", response_model=Tiebreaker)
    async def end(caller: SignedIn, tiebreaker_id: UUID) -> Response:
        """Nobody can name this physician any more; boards that did go on."""
        return answer(await tiebreakers.end(caller, tiebreaker_id))

    @routes.post("/tiebreakers/{tiebreaker_id}/invitations", response_model=TiebreakerInvited, status_code=201)
    async def invite(request: Request, caller: SignedIn, key: IdempotencyKey, tiebreaker_id: UUID) -> Response:
        """Invite this physician to sign in, by the e-mail of the register; the link goes to their mailbox only."""

        async def create() -> Response:
            return answer(await tiebreakers.invite(caller, tiebreaker_id), 201)

        return await idempotency.once(caller, key, request, str(tiebreaker_id).encode(), create)

    @routes.post("/imports/tiebreakers", response_model=ImportReport)
    async def import_tiebreakers(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        table: Annotated[UploadFile, File(description="CSV of physicians.")],
        dry_run: Annotated[bool, Form(description="Check everything, write nothing.")] = True,
    ) -> Response:
        """Create or update the register. With a problem nothing is written; the report says which."""
        content = await table.read()

        async def create() -> Response:
            return answer(await tiebreakers.import_csv(caller, decode_csv(content), dry_run=dry_run))

        return await idempotency.once(caller, key, request, content + b"%d" % dry_run, create)

    return routes


def tiebreak_router(tiebreaks: Tiebreaks, idempotency: Idempotency) -> APIRouter:
    """What a tie-breaker who signed in may see and say, under /api/v1/tiebreaks."""
    routes = APIRouter(prefix="/api/v1/tiebreaks", tags=["boards"])

    @routes.get("", response_model=Page[WaitingBoard])
    async def waiting(caller: SignedIn) -> Response:
        """The boards that wait for this physician's opinion, soonest term first."""
        return answer(Page[WaitingBoard](items=await tiebreaks.waiting(caller)))

    @routes.get("/{board_id}", response_model=Tiebreak)
    async def get(caller: SignedIn, board_id: UUID) -> Response:
        """One of them, without what a second look at the care does not need."""
        return answer(await tiebreaks.get(caller, board_id))

    @routes.get("/{board_id}/papers/{document_id}/pages/{number}", responses={200: {"content": {"image/jpeg": {}}}})
    async def page(
        caller: SignedIn,
        board_id: UUID,
        document_id: UUID,
        number: int,
        width: Annotated[int, Query(ge=64, le=2400)] = 1200,
    ) -> Response:
        """A page of one of its papers as JPEG, upright, without metadata."""
        picture = await tiebreaks.page(caller, board_id, DocumentId(document_id), number, width)
        headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
        return Response(picture, 200, headers, "image/jpeg")

    @routes.post("/{board_id}/acts", response_model=WaitingBoard, status_code=202)
    async def act(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        board_id: UUID,
        asked: Annotated[TiebreakAsked, from_json(TiebreakAsked)],
    ) -> Response:
        """Say what more is needed, or sign the opinion, which prevails."""

        async def create() -> Response:
            return answer(await tiebreaks.act(caller, board_id, asked), 202)

        return await idempotency.once(caller, key, request, asked, create)

    return routes
