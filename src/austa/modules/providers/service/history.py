"""Keeps every word about providers and professionals, and opens what was known of them at a moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from austa.infra.db import Transaction
from austa.kernel.bitemporal import Version, change, correct, taken_back
from austa.kernel.clock import local_date
from austa.kernel.ids import new_id
from austa.modules.providers import store
from austa.modules.providers.api import NetworkAspect, NewProfessional, NewProvider
from austa.modules.providers.domain import (
    ALWAYS,
    professional_statements,
    provider_statements,
    standing_history,
)
from austa.modules.providers.store import Kept, ProfessionalRow, ProviderRow


@dataclass(frozen=True)
class Told:
    """A provider or professional as sent, and their id."""

    holder_id: UUID
    new: NewProvider | NewProfessional


async def find_words(tx: Transaction, holder_ids: Collection[UUID]) -> dict[UUID, Sequence[Version]]:
    """All that was ever said of those of them that exist, with what processes of the version before wrote."""
    return await _taken_over(tx, await store.find_words(tx, holder_ids))


async def tell(tx: Transaction, told: Sequence[Told]) -> None:
    """Write down what was sent. To be called before the rows themselves are saved."""
    kept = await store.find_words(tx, [each.holder_id for each in told])
    words = await _taken_over(tx, kept)
    closed: list[tuple[UUID, datetime]] = []
    added: list[tuple[UUID, UUID, Version]] = []
    for each in told:
        before = words.get(each.holder_id, ())
        day = each.new.valid_from or (local_date(tx.now()) if before else ALWAYS)
        after = _say(before, each.new, day, tx.now())
        closed += taken_back(kept[each.holder_id].versions if before else (), after)
        added += [(new_id(), each.holder_id, version) for version in after if version.id is None]
    await store.take_back_words(tx, closed)
    await store.add_words(tx, added)


async def _taken_over(tx: Transaction, kept: Mapping[UUID, Kept]) -> dict[UUID, Sequence[Version]]:
    """With what processes of the version before wrote, as known since it was recorded."""
    words: dict[UUID, Sequence[Version]] = {holder_id: each.versions for holder_id, each in kept.items()}
    stale = [holder_id for holder_id, each in kept.items() if each.stale]
    if not stale:
        return words
    standings = await store.find_standings(tx, stale)
    rows: list[ProviderRow | ProfessionalRow] = [
        *await store.find_providers(tx, stale),
        *await store.find_professionals(tx, stale),
    ]
    for row in rows:
        before, at = words[row.id], row.recorded_at
        words[row.id] = _say(before, row, local_date(at) if before else ALWAYS, at)
        if not before and row.id in standings:
            aspect: NetworkAspect = "suspension" if isinstance(row, ProviderRow) else "registration"
            words[row.id] = correct(words[row.id], standing_history(aspect, standings[row.id]), (aspect,), at)
    return words


def _say(
    versions: Sequence[Version],
    told: NewProvider | NewProfessional | ProviderRow | ProfessionalRow,
    day: date,
    moment: datetime,
) -> Sequence[Version]:
    """From that moment on it is believed that from that day on all is as told."""
    if isinstance(told, NewProvider | ProviderRow):
        statements = provider_statements(told, day)
    else:
        statements = professional_statements(told, day)
    for statement in statements:
        versions = change(versions, statement, moment)
    return versions
