"""HTTP edge of what comes after an answer: reanalysis, complaint, court order, extension."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.requests import DecisionRecord, RequestReceipt, RequestStatus
from austa.modules.prior_auth.api.reviews import (
    ComplaintReceived,
    ExtensionAsked,
    OrderReceived,
    ReanalysisAsked,
    Reviews,
)


def reviews_router(reviews: Reviews, idempotency: Idempotency) -> APIRouter:
    """Under /api/v1/authorizations/{id}."""
    routes = APIRouter(prefix="/api/v1/authorizations/{request_id}", tags=["authorizations"])

    @routes.post("/reanalysis", response_model=RequestStatus, status_code=202)
    async def reanalyse(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        asked: Annotated[ReanalysisAsked, from_json(ReanalysisAsked)],
    ) -> Response:
        """Ask the ombudsman to look again at what was denied or reduced: seven business days."""

        async def first_time() -> Response:
            return answer(await reviews.reanalyse(caller, f"{caller.actor}:{key}", RequestId(request_id), asked), 202)

        return await idempotency.once(caller, key, request, asked, first_time)

    @routes.post("/complaint", response_model=RequestStatus, status_code=202)
    async def complain(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        received: Annotated[ComplaintReceived, from_json(ComplaintReceived)],
    ) -> Response:
        """Register a complaint that ANS passed on (NIP); a person looks again."""

        async def first_time() -> Response:
            status = await reviews.complain(caller, f"{caller.actor}:{key}", RequestId(request_id), received)
            return answer(status, 202)

        return await idempotency.once(caller, key, request, received, first_time)

    @routes.post("/court-order", response_model=DecisionRecord, status_code=201)
    async def obey(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        order: Annotated[OrderReceived, from_json(OrderReceived)],
    ) -> Response:
        """Register the order of a court and approve at once."""

        async def first_time() -> Response:
            return answer(await reviews.obey(caller, f"{caller.actor}:{key}", RequestId(request_id), order), 201)

        return await idempotency.once(caller, key, request, order, first_time)

    @routes.post("/extend", response_model=RequestReceipt, status_code=201)
    async def extend(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        asked: Annotated[ExtensionAsked, from_json(ExtensionAsked)],
    ) -> Response:
        """Ask for more of what a guide allowed, as a request of its own that names the guide."""

        async def first_time() -> Response:
            receipt = await reviews.extend(caller, f"api:{caller.actor}:{key}", RequestId(request_id), asked)
            return answer(receipt, 201, {"location": f"/api/v1/authorizations/{receipt.request_id}"})

        return await idempotency.once(caller, key, request, asked, first_time)

    return routes
