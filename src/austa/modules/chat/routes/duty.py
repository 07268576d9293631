"""HTTP edge of the duty roster."""

from typing import Annotated

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.kernel.contracts import Contract
from austa.modules.chat.api.duty import Duty, DutyRoster, Roster


class RosterAsked(Contract):
    """The whole roster as it shall be, and the version that it changes."""

    version: int
    roster: Roster


def router(duty: Duty) -> APIRouter:
    """All under /api/v1/duty-roster."""
    routes = APIRouter(tags=["triage"], prefix="/api/v1/duty-roster")

    @routes.get("", response_model=DutyRoster)
    async def roster(caller: SignedIn) -> Response:
        """Who is on duty when, who is now, and when nobody is."""
        return answer(await duty.roster(caller))

    @routes.put("", response_model=DutyRoster)
    async def save(caller: SignedIn, asked: Annotated[RosterAsked, from_json(RosterAsked)]) -> Response:
        """Change it. 409 where somebody else did meanwhile."""
        return answer(await duty.save(caller, asked.roster, asked.version))

    return routes
