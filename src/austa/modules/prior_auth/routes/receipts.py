"""HTTP edge of decision receipts: the signed file, the key to check it by, and the same decision made again."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from austa.infra.http import SignedIn, answer
from austa.kernel.contracts import Contract
from austa.kernel.ids import DecisionId
from austa.modules.prior_auth.api.receipts import Receipts, ReplayResult

HEADERS = {
    "cache-control": "private, no-store",
    "content-disposition": 'attachment; filename="recibo.json"',
    "x-content-type-options": "nosniff",
}


class ReceiptKey(Contract):
    """The operator's key of receipts as a C2SP verifier key (`name+hash+key`)."""

    key: str


def receipts_router(receipts: Receipts) -> APIRouter:
    """Receipts under /api/v1/receipts."""
    routes = APIRouter(prefix="/api/v1/receipts", tags=["receipts"])

    @routes.get("/key", response_model=ReceiptKey)
    async def key(caller: SignedIn) -> Response:
        """The public key that receipts of this operator are signed with."""
        return answer(ReceiptKey(key=await receipts.public_key(caller)))

    @routes.get("/{decision_id}", response_model=dict[str, Any])
    async def export(caller: SignedIn, decision_id: UUID) -> Response:
        """The receipt of a decision, to the byte: canonical JSON, signed. The look at each person is recorded."""
        return Response(await receipts.export(caller, DecisionId(decision_id)), 200, HEADERS, "application/json")

    @routes.get("/{decision_id}/replay", response_model=ReplayResult)
    async def replay(caller: SignedIn, decision_id: UUID) -> Response:
        """Decide again from the receipt and the rules it names, and say what differs."""
        return answer(await receipts.replay(caller, DecisionId(decision_id)))

    return routes
