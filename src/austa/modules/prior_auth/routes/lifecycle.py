"""HTTP edge of the life cycle: the way of a request on a diagram."""

from uuid import UUID

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.lifecycle import Lifecycle, Lifecycles


def lifecycle_router(lifecycles: Lifecycles) -> APIRouter:
    """The way of a request under /api/v1/authorizations."""
    routes = APIRouter(prefix="/api/v1", tags=["authorizations"])

    @routes.get("/authorizations/{request_id}/lifecycle", response_model=Lifecycle)
    async def lifecycle(caller: SignedIn, request_id: UUID) -> Response:
        """The way so far, what may come next, and the whole life cycle as BPMN 2.0."""
        return answer(await lifecycles.lifecycle(caller, RequestId(request_id)))

    return routes
