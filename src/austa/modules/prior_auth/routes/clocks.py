"""HTTP edge of legal time: the operator's calendar, and the record of response times."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.modules.prior_auth.api.clocks import (
    CalendarChange,
    CalendarRevision,
    LegalClocks,
    OperatorCalendar,
    ResponseRecord,
)

CSV = "text/csv"


def clocks_router(clocks: LegalClocks, idempotency: Idempotency) -> APIRouter:
    """/api/v1/calendar and /api/v1/response-times."""
    routes = APIRouter(prefix="/api/v1", tags=["legal time"])

    @routes.get("/calendar", response_model=OperatorCalendar)
    async def year(caller: SignedIn, year: Annotated[int, Query(ge=2024, le=2200)]) -> Response:
        """The weekdays of a year on which no term runs, the own list, and who changed what and why."""
        return answer(await clocks.year(caller, year))

    @routes.post("/calendar", response_model=CalendarRevision, status_code=201)
    async def change(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        asked: Annotated[CalendarChange, from_json(CalendarChange)],
    ) -> Response:
        """Change the state and the own list, with the reason. Terms that run already stay as they are."""

        async def first_time() -> Response:
            return answer(await clocks.change(caller, asked), 201)

        return await idempotency.once(caller, key, request, asked, first_time)

    @routes.get("/response-times", response_model=ResponseRecord)
    async def response_times(caller: SignedIn, first_day: date, last_day: date) -> Response:
        """How long answers took, by class of service, of requests received on those days. Nothing about a person."""
        return answer(await clocks.response_times(caller, first_day, last_day))

    @routes.get("/response-times/export", responses={200: {"content": {CSV: {}}}})
    async def export(caller: SignedIn, first_day: date, last_day: date) -> Response:
        """The same as CSV for the regulator."""
        table = await clocks.export_response_times(caller, first_day, last_day)
        name = f"tempos-de-resposta-{first_day}-{last_day}.csv"
        headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
        return Response(table, 200, headers, CSV)

    return routes
