"""HTTP edge of the guarantee of attendance."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Page
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.access import (
    AccessGuarantee,
    AccessTask,
    AccessTaskView,
    AccessWork,
    Appointment,
    AppointmentRecorded,
    NoAppointmentFound,
)


def access_router(guarantee: AccessGuarantee, idempotency: Idempotency) -> APIRouter:
    """Appointments under /api/v1/authorizations/{id}, tasks under /api/v1/access-tasks."""
    routes = APIRouter(prefix="/api/v1", tags=["attendance"])

    @routes.post("/authorizations/{request_id}/appointments", response_model=Appointment, status_code=201)
    async def appoint(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        told: Annotated[AppointmentRecorded, from_json(AppointmentRecorded)],
    ) -> Response:
        """Say when the authorized care is arranged for."""

        async def first_time() -> Response:
            return answer(await guarantee.record_appointment(caller, RequestId(request_id), told), 201)

        return await idempotency.once(caller, key, request, told, first_time)

    @routes.post("/authorizations/{request_id}/no-appointment", response_model=AccessTask, status_code=202)
    async def report(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        request_id: UUID,
        told: Annotated[NoAppointmentFound, from_json(NoAppointmentFound)],
    ) -> Response:
        """Say that nobody attends in time: a coordinator looks for a place."""

        async def first_time() -> Response:
            return answer(await guarantee.report(caller, RequestId(request_id), told), 202)

        return await idempotency.once(caller, key, request, told, first_time)

    @routes.get("/access-tasks", response_model=Page[AccessTask])
    async def find(caller: SignedIn) -> Response:
        """The open tasks, the one whose term ends first at the top."""
        return answer(Page[AccessTask](items=await guarantee.list(caller)))

    @routes.get("/access-tasks/{task_id}", response_model=AccessTaskView)
    async def get(caller: SignedIn, task_id: UUID) -> Response:
        """One task with whom it is for, its ladder and its notes."""
        return answer(await guarantee.get(caller, task_id))

    @routes.post("/access-tasks/{task_id}/work", response_model=AccessTaskView)
    async def work(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        task_id: UUID,
        done: Annotated[AccessWork, from_json(AccessWork)],
    ) -> Response:
        """Take it, go down the ladder, write a note, or close it."""

        async def first_time() -> Response:
            return answer(await guarantee.work(caller, task_id, done))

        return await idempotency.once(caller, key, request, done, first_time)

    return routes
