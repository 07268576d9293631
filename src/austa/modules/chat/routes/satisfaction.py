"""HTTP edge of how people found the attendance."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from austa.infra.http import SignedIn, answer
from austa.kernel.contracts import Page
from austa.modules.chat.api.satisfaction import Satisfaction, SatisfactionWeek


def router(satisfaction: Satisfaction) -> APIRouter:
    """All under /api/v1/satisfaction."""
    routes = APIRouter(tags=["conversations"], prefix="/api/v1/satisfaction")

    @routes.get("", response_model=Page[SatisfactionWeek])
    async def weeks(caller: SignedIn, weeks: Annotated[int, Query(ge=1, le=104)] = 12) -> Response:
        """How many were asked and what they gave, week by week, newest first. Nothing about a person."""
        return answer(Page[SatisfactionWeek](items=await satisfaction.weeks(caller, weeks)))

    return routes
