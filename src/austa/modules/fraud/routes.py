"""HTTP edge of `fraud`: the signals of a request and the rules in force, for those who may see them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Page
from austa.kernel.ids import RequestId
from austa.modules.fraud.api import (
    Fraud,
    KeptScreening,
    NewVerdict,
    RuleFigures,
    RuleSetVersion,
    SignalRules,
    SignalVerdict,
)


def router(fraud: Fraud, idempotency: Idempotency) -> APIRouter:
    """/api/v1/authorizations/{id}/signals and /api/v1/signal-rules."""
    routes = APIRouter(prefix="/api/v1", tags=["signals"])

    @routes.get("/authorizations/{request_id}/signals", response_model=KeptScreening)
    async def signals(caller: SignedIn, request_id: UUID) -> Response:
        """What the thirty rules found, for whoever may see it. The look is recorded."""
        return answer(await fraud.screening(caller, RequestId(request_id)))

    @routes.post("/authorizations/{request_id}/signals/{rule}/verdict", response_model=SignalVerdict, status_code=201)
    async def judge(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        rule: Annotated[str, Path(pattern=r"^R\d\d$")],
        said: Annotated[NewVerdict, from_json(NewVerdict)],
    ) -> Response:
        """What a person found where the signal pointed. It says whether the rule was right, and decides nothing."""

        async def first_time() -> Response:
            return answer(await fraud.judge(caller, RequestId(request_id), rule, said), 201)

        return await idempotency.once(caller, key, request, said, first_time)

    @routes.get("/signal-rules/figures", response_model=Page[RuleFigures])
    async def figures(caller: SignedIn) -> Response:
        """How often people found each rule right."""
        return answer(Page(items=await fraud.figures(caller), next_cursor=None))

    @routes.get("/signal-rules/versions", response_model=Page[RuleSetVersion])
    async def versions(caller: SignedIn) -> Response:
        """The rules the operator put in force, newest first."""
        return answer(Page(items=await fraud.versions(caller), next_cursor=None))

    @routes.get("/signal-rules", response_model=SignalRules)
    async def rules(caller: SignedIn) -> Response:
        """The rules in force, with their numbers and sources."""
        return answer(await fraud.rules(caller))

    return routes
