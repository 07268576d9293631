"""Creating and updating providers and professionals: check everything, then write everything or nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from pydantic_core import to_json

from austa.infra.csv_tables import problems_of, repeated_keys, short_report
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import KeyOwner, Keys
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.ids import OperatorId, ProfessionalId, ProviderId, SubjectId, derived_id
from austa.kernel.imports import ImportProblem, ImportReport
from austa.kernel.personal import REVEAL
from austa.modules.providers import store
from austa.modules.providers.api import NewProfessional, NewProvider
from austa.modules.providers.domain import (
    SENTENCES,
    folded,
    professional_faults,
    provider_faults,
    standing_told,
    tidy_professional,
    tidy_provider,
)
from austa.modules.providers.events import ProfessionalSaved, ProviderSaved
from austa.modules.providers.service.history import Told, tell
from austa.modules.providers.store import ProfessionalRow, ProviderRow

CHUNK = 500
"""Professionals sealed at a time."""

PROVIDERS, PROFESSIONALS = "providers", "professionals"


@dataclass(frozen=True)
class Sent:
    """What came in, each with its line; `problems` are those found while reading it."""

    providers: Sequence[tuple[int, NewProvider]]
    professionals: Sequence[tuple[int, NewProfessional]]
    problems: Sequence[ImportProblem] = ()
    lines: int = 0


New = TypeVar("New", NewProvider, NewProfessional)
Id = TypeVar("Id", ProviderId, ProfessionalId)


@dataclass(frozen=True)
class _Line(Generic[New, Id]):
    line: int
    new: New
    id: Id
    digest: bytes


_ProviderLine = _Line[NewProvider, ProviderId]
_ProfessionalLine = _Line[NewProfessional, ProfessionalId]


@dataclass(frozen=True)
class _Checked:
    providers: Sequence[_ProviderLine]
    professionals: Sequence[_ProfessionalLine]
    problems: Sequence[ImportProblem]


def provider_id(operator_id: OperatorId, code: str) -> ProviderId:
    """The id of the provider with that code in the operator's system."""
    return ProviderId(derived_id("providers.provider", operator_id, code))


def professional_id(operator_id: OperatorId, council: str, state: str, number: str) -> ProfessionalId:
    """The id of the professional with that registration, in normal writing."""
    return ProfessionalId(derived_id("providers.professional", operator_id, council, state, number))


def name_owner(professional: ProfessionalId) -> KeyOwner:
    """A professional is a subject under their own id."""
    return KeyOwner(SubjectId(professional), "network")


def name_place(professional: ProfessionalId) -> str:
    """Where the sealed name lies."""
    return f"providers.professional.name:{professional}"


class Importing:
    """The import of one process."""

    def __init__(self, database: ModuleDatabase, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def save(self, caller: Caller, sent: Sent, *, dry_run: bool) -> ImportReport:
        """Write all of it, or, with a problem or for a dry run, nothing."""
        checked = await asyncio.to_thread(self._check, caller.operator_id, sent, local_date(self._clock.now()))
        async with self._database.transaction(caller) as tx:
            await store.lock_imports(tx)
            known_providers = await store.find_provider_digests(tx, [each.id for each in checked.providers])
            known_people = await store.find_professional_digests(tx, [each.id for each in checked.professionals])
            providers = [each for each in checked.providers if known_providers.get(each.id) != each.digest]
            people = [each for each in checked.professionals if known_people.get(each.id) != each.digest]
            if not checked.problems and not dry_run:
                await self._write_providers(tx, providers)
                await self._write_professionals(tx, people)
                await tx.publish(
                    *(ProviderSaved(provider_id=e.id, created=e.id not in known_providers) for e in providers),
                    *(ProfessionalSaved(professional_id=e.id, created=e.id not in known_people) for e in people),
                )
        created = sum(each.id not in known_providers for each in providers)
        created += sum(each.id not in known_people for each in people)
        changed = len(providers) + len(people)
        return ImportReport(
            dry_run=dry_run,
            lines=sent.lines,
            created=created,
            updated=changed - created,
            unchanged=len(checked.providers) + len(checked.professionals) - changed,
            problems=short_report(sorted(checked.problems, key=lambda each: each.line)),
        )

    def _check(self, operator_id: OperatorId, sent: Sent, today: date) -> _Checked:
        """Tidy and check each line by itself; for a thread, for large files are seconds of work."""
        providers = [self._provider_line(operator_id, line, new) for line, new in sent.providers]
        people = [self._professional_line(operator_id, line, new) for line, new in sent.professionals]
        problems = [
            *sent.problems,
            *problems_of(PROVIDERS, SENTENCES, ((each.line, provider_faults(each.new, today)) for each in providers)),
            *problems_of(
                PROFESSIONALS, SENTENCES, ((each.line, professional_faults(each.new, today)) for each in people)
            ),
            *repeated_keys(PROVIDERS, "code", ((each.line, each.id) for each in providers)),
            *repeated_keys(PROFESSIONALS, "number", ((each.line, each.id) for each in people)),
        ]
        return _Checked(providers, people, problems)

    def _provider_line(self, operator_id: OperatorId, line: int, new: NewProvider) -> _ProviderLine:
        tidy = tidy_provider(new)
        return _Line(line, tidy, provider_id(operator_id, tidy.code), self._digest(operator_id, tidy))

    def _professional_line(self, operator_id: OperatorId, line: int, new: NewProfessional) -> _ProfessionalLine:
        tidy = tidy_professional(new)
        found = professional_id(operator_id, tidy.council, tidy.state, tidy.number)
        return _Line(line, tidy, found, self._digest(operator_id, tidy))

    def _digest(self, operator_id: OperatorId, new: NewProvider | NewProfessional) -> bytes:
        # Without a day it is the line as processes of the version before digest it.
        said = new.model_dump(mode="json", context=REVEAL, exclude=None if new.valid_from else {"valid_from"})
        return self._keys.blind(operator_id, "providers.digest", to_json(said).decode())

    async def _write_providers(self, tx: Transaction, lines: Sequence[_ProviderLine]) -> None:
        await tell(tx, [Told(each.id, each.new) for each in lines])
        rows = [_provider_row(tx, each) for each in lines]
        specialties = {each.id: {folded(text) for text in each.new.specialties} for each in lines}
        await store.save_providers(tx, rows, specialties)
        latest = await store.find_latest_standings(tx, [each.id for each in lines])
        today = local_date(tx.now())
        await store.save_standings(
            tx, [(each.id, standing_told(not each.new.suspended, latest.get(each.id), today)) for each in lines]
        )

    async def _write_professionals(self, tx: Transaction, lines: Sequence[_ProfessionalLine]) -> None:
        await tell(tx, [Told(each.id, each.new) for each in lines])
        for start in range(0, len(lines), CHUNK):
            some = lines[start : start + CHUNK]
            names = await asyncio.gather(*(self._sealed_name(tx.operator_id, each) for each in some))
            rows = [_professional_row(tx, each, name) for each, name in zip(some, names, strict=True)]
            await store.save_professionals(tx, rows)
        latest = await store.find_latest_standings(tx, [each.id for each in lines])
        today = local_date(tx.now())
        await store.save_standings(
            tx, [(each.id, standing_told(each.new.active, latest.get(each.id), today)) for each in lines]
        )

    async def _sealed_name(self, operator_id: OperatorId, each: _ProfessionalLine) -> bytes:
        return await self._keys.seal(operator_id, name_owner(each.id), name_place(each.id), each.new.name.reveal())


def _provider_row(tx: Transaction, each: _ProviderLine) -> ProviderRow:
    new, now = each.new, tx.now()
    return ProviderRow(
        id=each.id,
        code=new.code,
        name=new.name,
        sort_name=folded(new.name),
        kind=new.kind,
        cnpj=new.cnpj,
        cnes=new.cnes,
        city=new.city,
        state=new.state,
        latitude=new.latitude,
        longitude=new.longitude,
        in_network=new.in_network,
        suspended=new.suspended,
        specialties=list(new.specialties),
        is_synthetic=new.is_synthetic,
        digest=each.digest,
        recorded_at=now,
        versioned_at=now,
    )


def _professional_row(tx: Transaction, each: _ProfessionalLine, name: bytes) -> ProfessionalRow:
    new, now = each.new, tx.now()
    return ProfessionalRow(
        id=each.id,
        council=new.council,
        state=new.state,
        number=new.number,
        name=name,
        specialties=list(new.specialties),
        active=new.active,
        is_synthetic=new.is_synthetic,
        digest=each.digest,
        recorded_at=now,
        versioned_at=now,
    )
