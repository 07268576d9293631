"""HTTP edge of eligibility."""

from typing import Annotated

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.modules.prior_auth.api.eligibility import Eligibility, EligibilityAnswer, EligibilityAsked


def eligibility_router(eligibility: Eligibility) -> APIRouter:
    """POST /api/v1/eligibility."""
    routes = APIRouter(prefix="/api/v1", tags=["eligibility"])

    @routes.post("/eligibility", response_model=EligibilityAnswer)
    async def check(caller: SignedIn, asked: Annotated[EligibilityAsked, from_json(EligibilityAsked)]) -> Response:
        """Every administrative check about a person on a day, as known at a moment. It stores and denies nothing."""
        return answer(await eligibility.check(caller, asked))

    return routes
