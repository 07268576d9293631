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
from austa.kernel.bitemporal import Statement, Version
from austa.kernel.ids import ProfessionalId, ProviderId
from austa.modules.providers.api import Council, ProviderKind
from austa.modules.providers.domain import StandingSince
from austa.modules.providers.tables import professional, provider, provider_specialty, standing, version


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
    versioned_at: datetime | None


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
    versioned_at: datetime | None


_PROVIDER_COLUMNS = tuple(column for column in provider.c if column.name != "operator_id")
_SOME = sa.bindparam("some", type_=pg.ARRAY(sa.Uuid))
_PROVIDERS = Prepared(sa.select(*_PROVIDER_COLUMNS).where(provider.c.id == sa.any_(_SOME)))
_PROFESSIONAL_COLUMNS = tuple(column for column in professional.c if column.name != "operator_id")


def _holders(table: sa.Table) -> sa.Select[Any]:
    """Those of the table, and whether a process of the version before wrote them last."""
    stale = table.c.versioned_at.is_distinct_from(table.c.recorded_at).label("stale")
    return sa.select(table.c.operator_id, table.c.id, stale).where(table.c.id == sa.any_(_SOME))


_HOLDERS = sa.union_all(_holders(provider), _holders(professional)).subquery("holder")
_WORDS = Prepared(
    sa.select(
        _HOLDERS.c.id.label("holder_id"),
        _HOLDERS.c.stale,
        *(column for column in version.c if column.name not in ("operator_id", "about")),
    )
    .join_from(
        _HOLDERS,
        version,
        sa.and_(version.c.operator_id == _HOLDERS.c.operator_id, version.c.about == _HOLDERS.c.id),
        isouter=True,
    )
    .order_by(version.c.known_from, version.c.id)
)


@dataclass(frozen=True)
class Kept:
    """Every word about one provider or professional. `stale`: a process of the version before wrote them last."""

    stale: bool
    versions: Sequence[Version]


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


async def find_standings(tx: Transaction, holder_ids: Collection[UUID]) -> dict[UUID, list[StandingSince]]:
    """What processes of the version before wrote about them, in order of days."""
    statement = sa.select(standing.c.holder_id, standing.c.since, standing.c.good)
    found: dict[UUID, list[StandingSince]] = {}
    for row in await tx.all(statement.where(standing.c.holder_id == _any(holder_ids)).order_by(standing.c.since)):
        found.setdefault(row.holder_id, []).append(StandingSince(row.since, row.good))
    return found


async def find_words(tx: Transaction, holder_ids: Collection[UUID]) -> dict[UUID, Kept]:
    """Every word about those of them that exist, believed still or not, in order of their telling."""
    stale: dict[UUID, bool] = {}
    words: dict[UUID, list[Version]] = {}
    for holder_id, rows in (await _WORDS.of(tx, holder_ids, "holder_id")).items():
        for row in rows:
            stale[holder_id] = row.stale
            own = words.setdefault(holder_id, [])
            if row.id is not None:
                said = Statement(row.aspect, row.valid_from, row.valid_until, row.content)
                own.append(Version(row.id, said, row.known_from, row.known_until))
    return {holder_id: Kept(stale[holder_id], own) for holder_id, own in words.items()}


async def add_words(tx: Transaction, new: Sequence[tuple[UUID, UUID, Version]]) -> None:
    """Each with its id and whom it is about."""
    values = [
        {
            "operator_id": tx.operator_id,
            "id": word_id,
            "about": about,
            **vars(each.statement),
            "known_from": each.known_from,
            "known_until": each.known_until,
        }
        for word_id, about, each in new
    ]
    if values:
        await tx.execute(sa.insert(version), values)


async def take_back_words(tx: Transaction, closed: Sequence[tuple[UUID, datetime]]) -> None:
    """They are believed no longer from that moment on."""
    if closed:
        statement = sa.update(version).where(version.c.id == sa.bindparam("closed_id"))
        statement = statement.values(known_until=sa.bindparam("closed_at"))
        await tx.execute(statement, [{"closed_id": each, "closed_at": at} for each, at in closed])


async def find_providers(tx: Transaction, ids: Collection[UUID]) -> list[ProviderRow]:
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


async def find_professionals(tx: Transaction, ids: Collection[UUID]) -> list[ProfessionalRow]:
    """Those of them that exist."""
    rows = await tx.all(sa.select(*_PROFESSIONAL_COLUMNS).where(professional.c.id == _any(ids)))
    return [ProfessionalRow(**row._asdict()) for row in rows]


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
