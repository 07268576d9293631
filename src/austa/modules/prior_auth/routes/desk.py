"""HTTP edge for the desk of a hospital or clinic."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from austa.infra.http import SignedIn, answer
from austa.kernel.contracts import Page
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.desk import Desk, DeskLine, DeskRequest, ItemNeeds
from austa.modules.prior_auth.routes.requests import ListQuery


def desk_router(desk: Desk) -> APIRouter:
    """The desk of a provider under /api/v1/desk; asking, answering and cancelling are those of everybody."""
    routes = APIRouter(prefix="/api/v1/desk", tags=["desk"])

    @routes.get("/needs", response_model=Page[ItemNeeds])
    async def needs(
        caller: SignedIn,
        tuss: Annotated[tuple[Annotated[str, Field(pattern=r"^\d{8}$")], ...], Query(min_length=1, max_length=100)],
    ) -> Response:
        """What usually comes with these items: papers, side, and the facts that rules read."""
        return answer(Page[ItemNeeds](items=await desk.needs(caller, tuss)))

    @routes.get("/requests", response_model=Page[DeskLine])
    async def find(caller: SignedIn, filters: Annotated[ListQuery, Query()]) -> Response:
        """The provider's requests, newest first."""
        return answer(await desk.list(caller, filters.filter(), filters.cursor))

    @routes.get("/requests/{request_id}", response_model=DeskRequest)
    async def get(caller: SignedIn, request_id: UUID) -> Response:
        """One request with what is missing, what was answered, and what may be done."""
        return answer(await desk.get(caller, RequestId(request_id)))

    return routes
