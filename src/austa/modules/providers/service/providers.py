"""The use cases of `providers`: find, list, tell standing on a day, import."""

import asyncio
from datetime import date, datetime
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.infra.keys import Keys
from austa.infra.pages import LARGEST_PAGE, decode_cursor, encode_cursor
from austa.kernel.actors import CLERK, Caller
from austa.kernel.clock import Clock
from austa.kernel.contracts import Page
from austa.kernel.errors import Invalid
from austa.kernel.ids import ProfessionalId, ProviderId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity, NewStaff
from austa.modules.providers import store
from austa.modules.providers.api import (
    Clerk,
    LookedUp,
    NetworkWord,
    NewClerk,
    NewProfessional,
    NewProvider,
    PlacedProvider,
    Professional,
    Provider,
    Registration,
    Standing,
    no_such_provider,
)
from austa.modules.providers.domain import (
    believed_at,
    folded,
    normal_cnpj,
    normal_council,
    normal_registration,
    provider_on,
    standing_on,
    word_of,
)
from austa.modules.providers.service.csv_rows import read_sent
from austa.modules.providers.service.history import find_words
from austa.modules.providers.service.importing import Importing, Sent, name_owner, name_place, professional_id
from austa.modules.providers.store import ProfessionalRow, ProviderRow


class ProviderService:
    """Networks of all operators, each within its own.

    What has no check of its own is asked by modules that checked what they do with the answer.
    """

    def __init__(
        self, database: ModuleDatabase, *, keys: Keys, access: Access, clock: Clock, identity: Identity
    ) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._identity = identity
        self._importing = Importing(database, keys, clock)

    async def get(self, caller: Caller, provider_id: ProviderId) -> Provider:
        self._access.check(caller, "provider:read", provider=str(provider_id))
        async with self._database.transaction(caller) as tx:
            row = await store.find_provider(tx, provider_id)
        if row is None:
            raise no_such_provider()
        return _provider(row)

    async def find_by_code(self, caller: Caller, code: str) -> Provider | None:
        async with self._database.transaction(caller) as tx:
            row = await store.find_provider_by_code(tx, code.strip(), normal_cnpj(code))
        return _provider(row) if row else None

    async def list(
        self, caller: Caller, specialty: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Page[Provider]:
        self._access.check(caller, "provider:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        after = _place_after(cursor) if cursor else None
        wanted = folded(specialty) if specialty else None
        async with self._database.transaction(caller) as tx:
            found = await store.list_providers(tx, wanted, state.upper() if state else None, after, limit + 1)
        shown = found[:limit]
        return Page(
            items=tuple(_provider(row) for row in shown),
            next_cursor=encode_cursor(shown[-1].sort_name, shown[-1].id) if len(found) > limit else None,
        )

    async def search(self, caller: Caller, words: str, limit: int) -> tuple[Provider, ...]:
        self._access.check(caller, "provider:read")
        async with self._database.transaction(caller) as tx:
            found = await store.search_providers(tx, folded(words), words.strip(), normal_cnpj(words), limit)
        return tuple(_provider(row) for row in found)

    async def invite_clerk(self, caller: Caller, provider_id: ProviderId, clerk: NewClerk) -> Clerk:
        """See `Providers.invite_clerk`. Nothing of ours changes: who may sign in is kept by `identity` alone."""
        self._access.check(caller, "staff:invite")
        provider = await self.get(caller, provider_id)
        invited = NewStaff(email=clerk.email, name=clerk.name, roles=frozenset({CLERK}), provider_id=provider.id)
        person = (await self._identity.invite(caller, invited)).principal
        return Clerk(id=person.id, name=person.name, email=person.email, active=person.active)

    async def find_professional(self, caller: Caller, council: str, state: str, number: str) -> Professional | None:
        wanted = _registered(caller, council, state, number)
        async with self._database.transaction(caller) as tx:
            rows = await store.find_professionals(tx, [wanted])
        return await self._professional(caller, rows[0]) if rows else None

    async def requester_standing(
        self, caller: Caller, council: str, state: str, number: str, on: date, known_at: datetime | None = None
    ) -> Standing:
        return await self._standing(caller, _registered(caller, council, state, number), on, known_at)

    async def provider_standing(
        self, caller: Caller, provider_id: ProviderId, on: date, known_at: datetime | None = None
    ) -> Standing:
        return await self._standing(caller, provider_id, on, known_at)

    async def look_up(
        self,
        caller: Caller,
        requester: Registration | None,
        providers: frozenset[ProviderId],
        on: date,
        known_at: datetime | None = None,
    ) -> LookedUp:
        """See `Providers.look_up`."""
        for provider_id in providers:
            self._access.check(caller, "provider:read", provider=str(provider_id))
        holder = _registered(caller, *requester) if requester else None
        async with self._database.transaction(caller) as tx:
            rows = await store.find_providers(tx, providers) if providers else []
            words = await find_words(tx, {*providers, *((holder,) if holder else ())})
        believed = {holder_id: believed_at(versions, known_at) for holder_id, versions in words.items()}
        placed = [
            PlacedProvider(
                provider=provider_on(on, _provider(row), believed[row.id]), standing=standing_on(on, believed[row.id])
            )
            for row in rows
        ]
        return LookedUp(
            requester=standing_on(on, believed.get(holder, ())) if holder else None,
            providers=tuple(each for each in placed if each.standing.known),
        )

    async def told(self, caller: Caller, provider_id: ProviderId) -> tuple[NetworkWord, ...]:
        """See `Providers.told`."""
        self._access.check(caller, "provider:read")
        async with self._database.transaction(caller) as tx:
            words = (await find_words(tx, [provider_id])).get(provider_id)
        if words is None:
            raise no_such_provider()
        return tuple(word_of(each) for each in sorted(words, key=lambda each: each.known_from, reverse=True))

    async def save(
        self, caller: Caller, providers: tuple[NewProvider, ...], professionals: tuple[NewProfessional, ...]
    ) -> ImportReport:
        """See `Providers.save`. Lines in the report count as if both had come as files with a header."""
        self._access.check(caller, "provider:import")
        some, others = list(enumerate(providers, start=2)), list(enumerate(professionals, start=2))
        return await self._importing.save(caller, Sent(some, others, (), len(some) + len(others)), dry_run=False)

    async def import_csv(
        self, caller: Caller, providers: str | None, professionals: str | None, *, dry_run: bool
    ) -> ImportReport:
        self._access.check(caller, "provider:import")
        if providers is None and professionals is None:
            raise Invalid("providers.nothing_to_import", "send providers, professionals or both")
        sent = await asyncio.to_thread(read_sent, providers, professionals)
        return await self._importing.save(caller, sent, dry_run=dry_run)

    async def _standing(self, caller: Caller, holder_id: UUID, on: date, known_at: datetime | None) -> Standing:
        async with self._database.transaction(caller) as tx:
            words = await find_words(tx, [holder_id])
        return standing_on(on, believed_at(words.get(holder_id, ()), known_at))

    async def _professional(self, caller: Caller, row: ProfessionalRow) -> Professional:
        name = await self._keys.open_text(caller.operator_id, name_owner(row.id), name_place(row.id), row.name)
        return Professional(
            id=row.id,
            name=Personal(name),
            council=row.council,
            state=row.state,
            number=row.number,
            specialties=tuple(row.specialties),
            active=row.active,
            is_synthetic=row.is_synthetic,
        )


def _registered(caller: Caller, council: str, state: str, number: str) -> ProfessionalId:
    return professional_id(
        caller.operator_id, normal_council(council), state.strip().upper(), normal_registration(number)
    )


def _provider(row: ProviderRow) -> Provider:
    return Provider(
        id=row.id,
        name=row.name,
        kind=row.kind,
        cnpj=row.cnpj,
        cnes=row.cnes,
        city=row.city,
        state=row.state,
        latitude=row.latitude,
        longitude=row.longitude,
        in_network=row.in_network,
        suspended=row.suspended,
        specialties=tuple(row.specialties),
        is_synthetic=row.is_synthetic,
    )


def _place_after(cursor: str) -> tuple[str, UUID]:
    name, provider = decode_cursor(cursor, 2)
    try:
        return name, UUID(provider)
    except ValueError:
        raise Invalid("pages.cursor", "this cursor is not one of ours") from None
