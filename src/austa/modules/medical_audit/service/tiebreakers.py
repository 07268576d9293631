"""The register of tie-breakers at the door: read for who opens a board, kept by import."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.csv_tables import CsvRow, problems_of, read_csv, repeated_keys, short_report
from austa.infra.db import ModuleDatabase
from austa.infra.keys import KeyOwner, Keys
from austa.kernel.actors import TIEBREAKER, Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import OperatorId, SubjectId, derived_id
from austa.kernel.imports import ImportProblem, ImportReport
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilRegistration, Identity, NewStaff
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.tiebreakers import (
    NewTiebreaker,
    Tiebreaker,
    TiebreakerInvited,
    not_in_register,
    tiebreaker_unreachable,
)
from austa.modules.medical_audit.service.sealed import canonical

TABLE = "desempatadores"
COLUMNS = ("name", "uf", "number", "specialties", "city", "active")
OPTIONAL = ("email", "phone")
LONGEST_TEXT = 120
SENTENCES = {
    "state_unknown": "Esta UF não existe.",
    "number_wrong": "O número no CRM deve ter até 15 algarismos.",
    "too_long": "O texto é longo demais.",
}
_STATES = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO"
STATES = frozenset(_STATES.split())
Row = sa.Row[Any]
Line = tuple[int, NewTiebreaker]


class _Person(Contract):
    """What is about the person, as it lies under their key."""

    name: Personal
    email: Personal | None
    phone: Personal | None


class TiebreakerService:
    """`Tiebreakers`."""

    def __init__(self, database: ModuleDatabase, access: Access, keys: Keys, identity: Identity) -> None:
        self._identity = identity
        self._database = database
        self._access = access
        self._keys = keys

    async def list(self, caller: Caller, specialty: str | None = None) -> tuple[Tiebreaker, ...]:
        """See `Tiebreakers.list`."""
        self._access.check(caller, "tiebreaker:read")
        async with self._database.transaction(caller) as tx:
            rows = await store.list_tiebreakers(tx)
        wanted = _folded(specialty or "")
        found = [await self.open(row) for row in rows if not wanted or wanted in map(_folded, row.specialties)]
        return tuple(sorted(found, key=lambda one: (not one.active, _folded(one.name.reveal()))))

    async def save(self, caller: Caller, listed: tuple[NewTiebreaker, ...]) -> ImportReport:
        """See `Tiebreakers.save`."""
        self._access.check(caller, "tiebreaker:import")
        return await self._save(caller, list(enumerate(listed, start=1)), (), len(listed), dry_run=False)

    async def invite(self, caller: Caller, tiebreaker_id: UUID) -> TiebreakerInvited:
        """See `Tiebreakers.invite`. Nothing of ours changes: who may sign in is kept by `identity` alone."""
        self._access.check(caller, "tiebreaker:invite")
        one = await self._get(caller, tiebreaker_id)
        if one.email is None or not one.active:
            raise tiebreaker_unreachable()
        staff = NewStaff(
            email=one.email,
            name=one.name,
            roles=frozenset({TIEBREAKER}),
            council=CouncilRegistration(council="CRM", uf=one.uf, number=Personal(one.number)),
        )
        # Who runs a board invites its tie-breaker, and nobody else of the operator's: that power is not theirs.
        ourselves = Caller.system(caller.operator_id, "medical_audit", caller.causation, caller.correlation)
        started = await self._identity.invite(ourselves, staff)
        return TiebreakerInvited(email=started.principal.email, expires_at=started.expires_at)

    async def end(self, caller: Caller, tiebreaker_id: UUID) -> Tiebreaker:
        """See `Tiebreakers.end`."""
        self._access.check(caller, "tiebreaker:import")
        ended = (await self._get(caller, tiebreaker_id)).model_copy(update={"active": False})
        listed = {name: getattr(ended, name) for name in NewTiebreaker.model_fields}
        await self.save(caller, (NewTiebreaker(**listed),))
        return ended

    async def import_csv(self, caller: Caller, table: str, *, dry_run: bool) -> ImportReport:
        """See `Tiebreakers.import_csv`."""
        self._access.check(caller, "tiebreaker:import")
        sent = read_csv(table, TABLE, COLUMNS, OPTIONAL, _read)
        return await self._save(caller, sent.read, sent.problems, sent.lines, dry_run=dry_run)

    async def open(self, row: Row) -> Tiebreaker:
        """A row of the register, opened."""
        owner = KeyOwner(subject_of(row.operator_id, row.uf, row.number), "network")
        person = _Person.read(await self._keys.open_text(row.operator_id, owner, _place(row.id), row.person))
        return Tiebreaker(
            id=row.id,
            name=person.name,
            uf=row.uf,
            number=row.number,
            specialties=tuple(row.specialties),
            city=row.city,
            email=person.email,
            phone=person.phone,
            active=row.active,
        )

    async def _get(self, caller: Caller, tiebreaker_id: UUID) -> Tiebreaker:
        async with self._database.transaction(caller) as tx:
            row = next((each for each in await store.list_tiebreakers(tx) if each.id == tiebreaker_id), None)
        if row is None:
            raise not_in_register()
        return await self.open(row)

    async def _save(
        self, caller: Caller, read: Sequence[Line], found: Sequence[ImportProblem], lines: int, *, dry_run: bool
    ) -> ImportReport:
        operator_id = caller.operator_id
        people = [(line, tiebreaker_id(operator_id, one), one) for line, one in read]
        problems = [
            *found,
            *problems_of(TABLE, SENTENCES, ((line, _faults(one)) for line, one in read)),
            *repeated_keys(TABLE, "number", ((line, key) for line, key, _ in people)),
        ]
        purpose = "medical_audit.tiebreaker"
        digests = {key: self._keys.blind(operator_id, purpose, canonical(one)) for _, key, one in people}
        writes = not (dry_run or problems)
        if writes:
            subjects = [subject_of(operator_id, one.uf, one.number) for _, one in read]
            await self._keys.prepare(operator_id, "network", subjects)
        async with self._database.transaction(caller) as tx:
            await store.lock_tiebreakers(tx)
            known = {row.id: row.digest for row in await store.list_tiebreakers(tx)}
            changed = [(key, one) for _, key, one in people if known.get(key) != digests[key]]
            for key, one in changed if writes else ():
                person = _Person(name=one.name, email=one.email, phone=one.phone)
                owner = KeyOwner(subject_of(operator_id, one.uf, one.number), "network")
                values = {
                    "id": key,
                    "uf": one.uf,
                    "number": one.number,
                    "specialties": list(one.specialties),
                    "city": one.city,
                    "active": one.active,
                    "person": await self._keys.seal(operator_id, owner, _place(key), canonical(person)),
                    "digest": digests[key],
                    "recorded_at": tx.now(),
                }
                await store.save_tiebreaker(tx, values)
        created = sum(key not in known for key, _ in changed)
        return ImportReport(
            dry_run=dry_run,
            lines=lines,
            created=created,
            updated=len(changed) - created,
            unchanged=len(people) - len(changed),
            problems=short_report(sorted(problems, key=lambda each: each.line)),
        )


def tiebreaker_id(operator_id: OperatorId, one: NewTiebreaker) -> UUID:
    """The id of the physician with that registration."""
    return derived_id("medical_audit.tiebreaker", operator_id, one.uf, one.number)


def subject_of(operator_id: OperatorId, uf: str, number: str) -> SubjectId:
    """A professional is one subject whatever module knows them: by registration."""
    return SubjectId(derived_id("professional", operator_id, "CRM", uf, number))


def _place(key: UUID) -> str:
    return f"medical_audit.tiebreaker.person:{key}"


def _read(row: CsvRow) -> NewTiebreaker:
    email, phone = row.text("email"), row.text("phone")
    return NewTiebreaker(
        name=Personal(" ".join(row.required_text("name").split())),
        uf=row.required_text("uf").upper(),
        number=re.sub(r"[\s./-]", "", row.required_text("number")).lstrip("0"),
        specialties=row.list("specialties"),
        city=row.required_text("city"),
        email=Personal(email) if email else None,
        phone=Personal(phone) if phone else None,
        active=row.yes("active"),
    )


def _faults(one: NewTiebreaker) -> Iterator[tuple[str, str]]:
    if one.uf not in STATES:
        yield ("uf", "state_unknown")
    if re.fullmatch(r"[0-9]{1,15}", one.number) is None:
        yield ("number", "number_wrong")
    for column, texts in (("name", (one.name.reveal(),)), ("specialties", one.specialties), ("city", (one.city,))):
        if any(len(text) > LONGEST_TEXT for text in texts):
            yield (column, "too_long")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
