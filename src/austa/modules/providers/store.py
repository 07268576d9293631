"""All SQL of `providers`. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.kernel.ids import ProfessionalId, ProviderId
from austa.modules.providers.api import Council, ProviderKind
from austa.modules.providers.domain import StandingSince
from austa.modules.providers.tables import professional, provider, provider_specialty, standing


@dataclass(frozen=True)
class ProviderRow:
    """A provider as it lies in the table."""

    id: ProviderId
    code: str
    name: str
    sort_name: str
    kind: ProviderKind
    cnpj: str | None
    cnes: str | None
    city: str
    state: str
    latitude: float | None
    longitude: float | None
    in_network: bool
    suspended: bool
    specialties: Sequence[str]
    is_synthetic: bool
    digest: bytes
    recorded_at: datetime


@dataclass(frozen=True)
class ProfessionalRow:
    """A professional as they lie in the table; `name` is sealed."""

    id: ProfessionalId
    council: Council
    state: str
    number: str
    name: bytes
    specialties: Sequence[str]
    active: bool
    is_synthetic: bool
    digest: bytes
    recorded_at: datetime


_PROVIDER_COLUMNS = tuple(column for column in provider.c if column.name != "operator_id")
_SOME = sa.bindparam("some", type_=pg.ARRAY(sa.Uuid))
_PROVIDERS = Prepared(sa.select(*_PROVIDER_COLUMNS).where(provider.c.id == sa.any_(_SOME)))
_STANDINGS = Prepared(
    sa.select(standing.c.holder_id, standing.c.since, standing.c.good).where(standing.c.holder_id == sa.any_(_SOME))
)
_PROFESSIONAL_COLUMNS = tuple(column for column in professional.c if column.name != "operator_id")


async def lock_imports(tx: Transaction) -> None:
    """One import at a time for an operator: each must see what the other wrote."""
    await tx.execute(
        sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"providers:{tx.operator_id}"}
    )


async def find_provider_digests(tx: Transaction, ids: Collection[ProviderId]) -> dict[ProviderId, bytes]:
    """Those of the providers that exist."""
    return await _digests(tx, provider, ids)


async def find_professional_digests(tx: Transaction, ids: Collection[ProfessionalId]) -> dict[ProfessionalId, bytes]:
    """Those of the professionals that exist."""
    return await _digests(tx, professional, ids)


async def save_providers(
    tx: Transaction, rows: Sequence[ProviderRow], specialties: Mapping[ProviderId, Collection[str]]
) -> None:
    """Insert or replace providers and the specialties they are found by."""
    await _upsert(tx, provider, rows)
    await tx.execute(sa.delete(provider_specialty).where(provider_specialty.c.provider_id == _any(specialties)))
    values = [
        {"operator_id": tx.operator_id, "specialty": specialty, "provider_id": provider_id}
        for provider_id, own in specialties.items()
        for specialty in own
    ]
    if values:
        await tx.execute(sa.insert(provider_specialty), values)


async def save_professionals(tx: Transaction, rows: Sequence[ProfessionalRow]) -> None:
    """Insert or replace."""
    await _upsert(tx, professional, rows)


async def save_standings(tx: Transaction, told: Sequence[tuple[UUID, StandingSince]]) -> None:
    """Write down each word from its day on; told twice for one day, the later word holds."""
    statement = insert(standing)
    statement = statement.on_conflict_do_update(
        index_elements=["operator_id", "holder_id", "since"], set_={"good": statement.excluded.good}
    )
    values = [
        {"operator_id": tx.operator_id, "holder_id": holder_id, "since": each.since, "good": each.good}
        for holder_id, each in told
    ]
    if values:
        await tx.execute(statement, values)


async def find_latest_standings(tx: Transaction, holder_ids: Collection[UUID]) -> dict[UUID, StandingSince]:
    """The last word about each."""
    statement = sa.select(standing.c.holder_id, standing.c.since, standing.c.good)
    rows = await tx.all(statement.where(standing.c.holder_id == _any(holder_ids)).order_by(standing.c.since))
    return {row.holder_id: StandingSince(row.since, row.good) for row in rows}


async def list_standings(tx: Transaction, holder_id: UUID) -> list[StandingSince]:
    """All that was told about one."""
    return (await find_standings(tx, [holder_id])).get(holder_id, [])


async def find_standings(tx: Transaction, holder_ids: Collection[UUID]) -> dict[UUID, list[StandingSince]]:
    """All that was told about some."""
    found = await _STANDINGS.of(tx, holder_ids, "holder_id")
    return {holder: [StandingSince(row.since, row.good) for row in rows] for holder, rows in found.items()}


async def find_providers(tx: Transaction, ids: Collection[ProviderId]) -> list[ProviderRow]:
    """Those of them that exist."""
    found = await _PROVIDERS.of(tx, ids, "id")
    return [provider for rows in found.values() for row in rows if (provider := _provider(row))]


async def find_provider(tx: Transaction, provider_id: ProviderId) -> ProviderRow | None:
    return _provider(await _PROVIDERS.first(tx, some=[provider_id]))


async def find_provider_by_code(tx: Transaction, code: str, cnpj: str) -> ProviderRow | None:
    """By code, else by CNPJ; of several with one CNPJ, one that is in the network."""
    statement = (
        sa.select(*_PROVIDER_COLUMNS)
        .where(sa.or_(provider.c.code == code, provider.c.cnpj == cnpj))
        .order_by((provider.c.code == code).desc(), provider.c.in_network.desc(), provider.c.code)
        .limit(1)
    )
    return _provider(await tx.one_or_none(statement))


async def list_providers(
    tx: Transaction, specialty: str | None, state: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[ProviderRow]:
    """Providers in the network by name."""
    statement = sa.select(*_PROVIDER_COLUMNS).where(provider.c.in_network)
    if specialty is not None:
        having = sa.select(provider_specialty.c.provider_id).where(provider_specialty.c.specialty == specialty)
        statement = statement.where(provider.c.id.in_(having))
    if state is not None:
        statement = statement.where(provider.c.state == state)
    if after is not None:
        statement = statement.where(sa.tuple_(provider.c.sort_name, provider.c.id) > sa.tuple_(*map(sa.literal, after)))
    rows = await tx.all(statement.order_by(provider.c.sort_name, provider.c.id).limit(limit))
    return [found for row in rows if (found := _provider(row))]


async def search_providers(tx: Transaction, name: str, code: str, cnpj: str, limit: int) -> list[ProviderRow]:
    """Providers whose folded name begins so, or that have that code or CNPJ, by name."""
    fits = sa.or_(sa.func.starts_with(provider.c.sort_name, name), provider.c.code == code, provider.c.cnpj == cnpj)
    statement = sa.select(*_PROVIDER_COLUMNS).where(fits)
    rows = await tx.all(statement.order_by(provider.c.sort_name, provider.c.id).limit(limit))
    return [found for row in rows if (found := _provider(row))]


async def find_professional(tx: Transaction, professional_id: ProfessionalId) -> ProfessionalRow | None:
    row = await tx.one_or_none(sa.select(*_PROFESSIONAL_COLUMNS).where(professional.c.id == professional_id))
    return ProfessionalRow(**row._asdict()) if row is not None else None


async def _digests(tx: Transaction, table: sa.Table, ids: Collection[Any]) -> dict[Any, bytes]:
    rows = await tx.all(sa.select(table.c.id, table.c.digest).where(table.c.id == _any(ids)))
    return {row.id: row.digest for row in rows}


async def _upsert(tx: Transaction, table: sa.Table, rows: Sequence[ProviderRow] | Sequence[ProfessionalRow]) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.c if c.name not in ("operator_id", "id")}
    statement = statement.on_conflict_do_update(index_elements=["operator_id", "id"], set_=changed)
    await tx.execute(statement, [{"operator_id": tx.operator_id, **vars(row)} for row in rows])


def _any(ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    return sa.any_(sa.cast(list(ids), pg.ARRAY(sa.Uuid)))


def _provider(row: sa.Row[Any] | None) -> ProviderRow | None:
    return ProviderRow(**row._asdict()) if row is not None else None
