"""HTTP edge of coverage packs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Page
from austa.modules.prior_auth.api.coverage import (
    Coverage,
    CoverageActivation,
    CoverageInForce,
    CoverageReport,
    CoverageVersion,
)


def coverage_router(coverage: Coverage, idempotency: Idempotency) -> APIRouter:
    """Packs under /api/v1/coverage, their import under /api/v1/imports/coverage."""
    routes = APIRouter(prefix="/api/v1", tags=["coverage"])

    @routes.get("/coverage", response_model=Page[CoverageVersion])
    async def list_versions(caller: SignedIn) -> Response:
        """Every pack that was taken in, newest first, and which one holds."""
        return answer(Page(items=await coverage.list_versions(caller), next_cursor=None))

    @routes.get("/coverage/in-force", response_model=CoverageInForce)
    async def in_force(caller: SignedIn) -> Response:
        """The pack by which requests are assessed now: the operator's, or the demonstration pack."""
        return answer(await coverage.in_force(caller))

    @routes.get("/coverage/{digest}/source", responses={200: {"content": {"application/json": {}}}})
    async def source(caller: SignedIn, digest: str) -> Response:
        """The text of a pack, byte for byte."""
        return Response(await coverage.source(caller, digest), 200, {"cache-control": "no-store"}, "application/json")

    @routes.post("/imports/coverage", response_model=CoverageReport)
    async def import_pack(
        request: Request,
        caller: SignedIn,
        idempotency_key: IdempotencyKey,
        pack: Annotated[UploadFile, File(description="A coverage pack, JSON in UTF-8.")],
        dry_run: Annotated[bool, Form(description="Check everything, write nothing.")] = True,
    ) -> Response:
        """Check a pack and keep it as a proposal. With a problem nothing is written; the report says which."""
        raw = await pack.read()

        async def first_time() -> Response:
            return answer(await coverage.import_pack(caller, raw, dry_run=dry_run))

        return await idempotency.once(caller, idempotency_key, request, raw + b"%d" % dry_run, first_time)

    @routes.post("/coverage/{version_id}/activate", response_model=CoverageVersion)
    async def activate(
        caller: SignedIn, version_id: UUID, activation: Annotated[CoverageActivation, from_json(CoverageActivation)]
    ) -> Response:
        """Put a pack in force, now or from a moment on; a second person does it."""
        return answer(await coverage.activate(caller, version_id, activation))

    return routes
