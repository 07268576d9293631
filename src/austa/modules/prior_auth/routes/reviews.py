"""HTTP edge of what comes after an answer: reanalysis, complaint, court order, extension."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.requests import DecisionRecord, RequestReceipt, RequestStatus
from austa.modules.prior_auth.api.reviews import (
    ComplaintReceived,
    ExtensionAsked,
    OrderReceived,
    ReanalysisAsked,
    ReviewBook,
    Reviews,
)

Asked = TypeVar("Asked", bound=Contract)


@dataclass(frozen=True)
class Sent:
    """A POST about one request: what it asks for is done once."""

    idempotency: Idempotency
    request: Request
    caller: Caller
    key: str
    request_id: RequestId

    async def once(
        self, do: Callable[[Caller, str, RequestId, Asked], Awaitable[Contract]], asked: Asked, status: int
    ) -> Response:
        async def first_time() -> Response:
            return answer(await do(self.caller, f"{self.caller.actor}:{self.key}", self.request_id, asked), status)

        return await self.idempotency.once(self.caller, self.key, self.request, asked, first_time)


def reviews_router(reviews: Reviews, idempotency: Idempotency) -> APIRouter:
    """Under /api/v1/authorizations/{id}."""
    routes = APIRouter(prefix="/api/v1/authorizations/{request_id}", tags=["authorizations"])

    async def sent(request: Request, caller: SignedIn, key: IdempotencyKey, request_id: UUID) -> Sent:
        return Sent(idempotency, request, caller, key, RequestId(request_id))

    @routes.get("/reviews", response_model=ReviewBook)
    async def book(caller: SignedIn, request_id: UUID) -> Response:
        """What was asked after the answer, and what the caller may start now."""
        return answer(await reviews.book(caller, RequestId(request_id)))

    @routes.post("/reanalysis", response_model=RequestStatus, status_code=202)
    async def reanalyse(
        post: Annotated[Sent, Depends(sent)], asked: Annotated[ReanalysisAsked, from_json(ReanalysisAsked)]
    ) -> Response:
        """Ask the ombudsman to look again at what was denied or reduced: seven business days."""
        return await post.once(reviews.reanalyse, asked, 202)

    @routes.post("/complaint", response_model=RequestStatus, status_code=202)
    async def complain(
        post: Annotated[Sent, Depends(sent)], asked: Annotated[ComplaintReceived, from_json(ComplaintReceived)]
    ) -> Response:
        """Register a complaint that ANS passed on (NIP); a person looks again."""
        return await post.once(reviews.complain, asked, 202)

    @routes.post("/court-order", response_model=DecisionRecord, status_code=201)
    async def obey(
        post: Annotated[Sent, Depends(sent)], asked: Annotated[OrderReceived, from_json(OrderReceived)]
    ) -> Response:
        """Register the order of a court and approve at once."""
        return await post.once(reviews.obey, asked, 201)

    @routes.post("/extend", response_model=RequestReceipt, status_code=201)
    async def extend(
        post: Annotated[Sent, Depends(sent)], asked: Annotated[ExtensionAsked, from_json(ExtensionAsked)]
    ) -> Response:
        """Ask for more of what a guide allowed, as a request of its own that names the guide."""
        return await post.once(reviews.extend, asked, 201)

    return routes
