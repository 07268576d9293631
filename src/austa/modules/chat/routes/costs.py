"""HTTP edge of what messages cost."""

from datetime import date
from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Response

from austa.infra.http import SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import Invalid
from austa.modules.chat.api.costs import CostGroup, CostReport, Costs, Price

CSV = "text/csv"
First = Annotated[date, Query(alias="from")]
Last = Annotated[date, Query(alias="to")]


class PriceAsked(Contract):
    """A price as it shall be."""

    category: str
    currency: str
    micros: int
    source: str
    verified_on: date
    valid_from: date
    valid_until: date | None = None


def router(costs: Costs) -> APIRouter:
    """All under /api/v1/whatsapp."""
    routes = APIRouter(tags=["message costs"], prefix="/api/v1/whatsapp")

    @routes.get("/costs", response_model=CostReport)
    async def report(caller: SignedIn, first_day: First, last_day: Last, by: str = "day") -> Response:
        """What the messages delivered on those days cost, parted by `day`, `number`, `category`, or several of them
        with commas between. Nothing about a person."""
        return answer(await costs.report(caller, first_day, last_day, _groups(by)))

    @routes.get("/costs/export", responses={200: {"content": {CSV: {}}}})
    async def export(caller: SignedIn, first_day: First, last_day: Last) -> Response:
        """The ledger of those days as CSV, with the price used for each class and its source."""
        name = f"custos-whatsapp-{first_day}-{last_day}.csv"
        headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
        return Response(await costs.export(caller, first_day, last_day), 200, headers, CSV)

    @routes.get("/prices", response_model=Page[Price])
    async def prices(caller: SignedIn) -> Response:
        """The operator's prices by category, newest first."""
        return answer(Page[Price](items=await costs.prices(caller)))

    @routes.put("/prices/{price_id}", response_model=Price)
    async def save(caller: SignedIn, price_id: UUID, asked: Annotated[PriceAsked, from_json(PriceAsked)]) -> Response:
        """Enter or correct a price. Doing it twice changes nothing."""
        return answer(await costs.save_price(caller, Price(id=price_id, **asked.model_dump())))

    @routes.delete("/prices/{price_id}", status_code=204)
    async def end(caller: SignedIn, price_id: UUID) -> Response:
        """Count it no more. Doing it twice changes nothing."""
        await costs.end_price(caller, price_id)
        return Response(status_code=204)

    return routes


def _groups(by: str) -> tuple[CostGroup, ...]:
    known: tuple[CostGroup, ...] = get_args(CostGroup)
    asked = {part.strip() for part in by.split(",")} - {""}
    if asked - set(known):
        raise Invalid("chat.cost_group_unknown", "costs are parted by day, number and category", fields=["by"])
    return tuple(group for group in known if group in asked)
