"""What messages cost: counted from statuses, priced with the operator's own figures."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.modules.chat.api.costs import (
    LONGEST_PERIOD,
    CostGroup,
    CostReport,
    Price,
    period_wrong,
    price_wrong,
)
from austa.modules.chat.domain import costs as domain
from austa.modules.chat.domain.costs import Counted, Told
from austa.modules.chat.store import costs as store
from austa.modules.identity.api import Identity


async def count_charges(tx: Transaction, told: Sequence[tuple[bytes, Told]]) -> None:
    """Count messages of whose delivery statuses tell, each once. `told`: blind message id and what its status tells."""
    new: dict[bytes, Told] = {}
    for index, each in told:
        new[index] = new[index].with_also(each) if index in new else each
    if not new:
        return
    added = await store.add_told(tx, new, tx.now().date())
    before = await store.lock_told(tx, new.keys() - added) if len(added) < len(new) else {}
    now = {index: before[index].with_also(each) if index in before else each for index, each in new.items()}
    changed = {index: now[index] for index in before if now[index] != before[index]}
    if changed:
        await store.change_told(tx, changed)
    moves = domain.moves((before.get(index), now[index]) for index in new)
    if moves:
        await store.count(tx, moves)


class CostService:
    """`Costs`."""

    def __init__(self, database: ModuleDatabase, access: Access, identity: Identity) -> None:
        self._database = database
        self._access = access
        self._identity = identity

    async def report(self, caller: Caller, first_day: date, last_day: date, by: tuple[CostGroup, ...]) -> CostReport:
        zone, counted, prices = await self._counted(caller, first_day, last_day)
        (total,) = domain.together(counted, prices, ()) or [domain.NOTHING]
        return CostReport(
            first_day=first_day,
            last_day=last_day,
            time_zone=zone.key,
            items=tuple(domain.together(counted, prices, by)),
            total=total,
        )

    async def export(self, caller: Caller, first_day: date, last_day: date) -> str:
        _, counted, prices = await self._counted(caller, first_day, last_day)
        return domain.as_csv(counted, prices)

    async def prices(self, caller: Caller) -> tuple[Price, ...]:
        self._access.check(caller, "message_cost:read")
        async with self._database.transaction(caller) as tx:
            return await _prices(tx)

    async def save_price(self, caller: Caller, price: Price) -> Price:
        self._access.check(caller, "message_price:change")
        kept = price.model_copy(update={"source": price.source.strip()})
        if not kept.source or (price.valid_until is not None and price.valid_until < price.valid_from):
            raise price_wrong()
        values = kept.model_dump(exclude={"id"})
        async with self._database.transaction(caller) as tx:
            by = {"changed_by": caller.principal_id, "changed_at": tx.now(), "ended_at": None}
            await store.save_price(tx, price.id, values | by)
        return kept

    async def end_price(self, caller: Caller, price_id: UUID) -> None:
        self._access.check(caller, "message_price:change")
        async with self._database.transaction(caller) as tx:
            now = tx.now()
            await store.end_price(tx, price_id, ended_at=now, changed_at=now, changed_by=caller.principal_id)

    async def _counted(
        self, caller: Caller, first_day: date, last_day: date
    ) -> tuple[ZoneInfo, list[Counted], tuple[Price, ...]]:
        self._access.check(caller, "message_cost:read")
        if not timedelta() <= last_day - first_day <= timedelta(days=LONGEST_PERIOD):
            raise period_wrong()
        zone = ZoneInfo((await self._identity.get_operator(caller)).time_zone)
        since, until = (_begins(day, zone) for day in (first_day, last_day + timedelta(days=1)))
        async with self._database.transaction(caller) as tx:
            counts, prices = await store.list_counts(tx, since, until), await _prices(tx)
        return zone, domain.by_day(counts, zone), prices


async def _prices(tx: Transaction) -> tuple[Price, ...]:
    rows = await store.list_prices(tx)
    return tuple(Price(**{name: getattr(row, name) for name in Price.model_fields}) for row in rows)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
