"""HTTP edge of the ledger: the newest checkpoint and proofs that verify offline."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from austa.infra.http import SignedIn, answer
from austa.modules.ledger.api import Checkpoint, ConsistencyBundle, Ledger, ProofBundle

SIZE = Query(ge=1, description="Number of leaves that a checkpoint covers.")


def router(ledger: Ledger) -> APIRouter:
    """The ledger under /api/v1/ledger."""
    routes = APIRouter(prefix="/api/v1/ledger", tags=["ledger"])

    @routes.get(
        "/checkpoint",
        response_model=Checkpoint,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def checkpoint(caller: SignedIn, accept: Annotated[str, Header()] = "*/*") -> Response:
        """The newest signed tree head: JSON, or with `Accept: text/plain` the bare C2SP signed note."""
        newest = await ledger.checkpoint(caller)
        if accept.partition(",")[0].partition(";")[0].strip() == "text/plain":
            return Response(newest.note, 200, {"cache-control": "no-store"}, "text/plain; charset=utf-8")
        return answer(newest)

    @routes.get("/proofs/{reference}", response_model=ProofBundle)
    async def proof(caller: SignedIn, reference: UUID) -> Response:
        """Inclusion of an entry, named by its id, its source event's id or its decision's id.

        409 `ledger.not_sealed` (details: state `sequenced`, index) until a checkpoint covers it, about two seconds.
        """
        return answer(await ledger.prove(caller, reference))

    @routes.get("/consistency", response_model=ConsistencyBundle)
    async def consistency(caller: SignedIn, first: Annotated[int, SIZE], second: Annotated[int, SIZE]) -> Response:
        """That the log at the `second` checkpoint only added to the log at the `first`."""
        return answer(await ledger.prove_consistency(caller, first, second))

    return routes
