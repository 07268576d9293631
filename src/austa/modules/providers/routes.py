"""HTTP edge of `providers`: the network, one provider, import."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from austa.infra.csv_tables import decode_csv
from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Page
from austa.kernel.ids import ProviderId
from austa.kernel.imports import ImportReport
from austa.modules.providers.api import Clerk, NetworkWord, NewClerk, Provider, Providers


def routers(providers: Providers, idempotency: Idempotency) -> list[APIRouter]:
    """/api/v1/providers with their clerks, and /api/v1/imports/providers."""
    return [_network(providers), _clerks(providers, idempotency), _imports(providers, idempotency)]


def _network(providers: Providers) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/providers", tags=["providers"])

    @routes.get("", response_model=Page[Provider])
    async def list_providers(
        caller: SignedIn,
        specialty: Annotated[str | None, Query(max_length=120, description="Accents and case do not matter.")] = None,
        state: Annotated[str | None, Query(pattern="^[A-Za-z]{2}$")] = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """Providers in the network, by name."""
        return answer(await providers.list(caller, specialty, state, cursor, limit))

    @routes.get("/search", response_model=Page[Provider])
    async def search(
        caller: SignedIn,
        q: Annotated[str, Query(min_length=2, max_length=120, description="Start of the name, code or CNPJ.")],
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Response:
        """Providers in the network or not, to choose one."""
        return answer(Page[Provider](items=await providers.search(caller, q, limit)))

    @routes.get("/{provider_id}", response_model=Provider)
    async def get(caller: SignedIn, provider_id: UUID) -> Response:
        """One provider, in the network or not."""
        return answer(await providers.get(caller, ProviderId(provider_id)))

    @routes.get("/{provider_id}/history", response_model=Page[NetworkWord])
    async def history(caller: SignedIn, provider_id: UUID) -> Response:
        """All that was ever told of the provider: on which days it holds, and when it was believed.

        The newest word first. For staff; not for the provider itself.
        """
        return answer(Page(items=await providers.told(caller, ProviderId(provider_id)), next_cursor=None))

    return routes


def _clerks(providers: Providers, idempotency: Idempotency) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/providers", tags=["providers"])

    @routes.post("/{provider_id}/clerks", response_model=Clerk, status_code=201)
    async def invite(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        provider_id: UUID,
        clerk: Annotated[NewClerk, from_json(NewClerk)],
    ) -> Response:
        """Invite a person of that hospital or clinic; the link goes to their mailbox only, never into this answer."""

        async def create() -> Response:
            return answer(await providers.invite_clerk(caller, ProviderId(provider_id), clerk), 201)

        return await idempotency.once(caller, key, request, clerk, create)

    return routes


def _imports(providers: Providers, idempotency: Idempotency) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/imports", tags=["imports"])

    @routes.post("/providers", response_model=ImportReport)
    async def import_providers(
        request: Request,
        caller: SignedIn,
        idempotency_key: IdempotencyKey,
        providers_file: Annotated[UploadFile | None, File(alias="providers", description="CSV of providers.")] = None,
        professionals: Annotated[UploadFile | None, File(description="CSV of professionals.")] = None,
        dry_run: Annotated[bool, Form(description="Check everything, write nothing.")] = True,
    ) -> Response:
        """Create or update providers and professionals. With a problem nothing is written; the report says which."""
        files = [await file.read() if file else None for file in (providers_file, professionals)]
        body = b"".join(b"-" if file is None else b"%d:" % len(file) + file for file in files) + b"%d" % dry_run

        async def create() -> Response:
            texts = [None if file is None else decode_csv(file) for file in files]
            return answer(await providers.import_csv(caller, texts[0], texts[1], dry_run=dry_run))

        return await idempotency.once(caller, idempotency_key, request, body, create)

    return routes
