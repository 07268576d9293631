"""HTTP edge: the queue, cases, opinions, contacts and decisions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import CaseId, DecisionId
from austa.modules.medical_audit.api import (
    ApprovalAsked,
    CaseChecklists,
    CaseCounts,
    CaseFilter,
    CaseLine,
    CaseView,
    Checklist,
    ChecklistAsked,
    Checklists,
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
