"""HTTP edge of `fraud`: the signals of a request and the rules in force, for those who may see them."""

from uuid import UUID

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer
from austa.kernel.ids import RequestId
from austa.modules.fraud.api import Fraud, KeptScreening, SignalRules


def router(fraud: Fraud) -> APIRouter:
    """/api/v1/authorizations/{id}/signals and /api/v1/signal-rules."""
    routes = APIRouter(prefix="/api/v1", tags=["signals"])

    @routes.get("/authorizations/{request_id}/signals", response_model=KeptScreening)
    async def signals(caller: SignedIn, request_id: UUID) -> Response:
        """What the thirty rules found, for whoever may see it. The look is recorded."""
        return answer(await fraud.screening(caller, RequestId(request_id)))

    @routes.get("/signal-rules", response_model=SignalRules)
    async def rules(caller: SignedIn) -> Response:
        """The rules in force, with their numbers and sources."""
        return answer(await fraud.rules(caller))

    return routes
