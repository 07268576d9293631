"""Taking over what another system knows: check everything, then write everything or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.csv_tables import CsvTable, problems_of, read_csv, repeated_keys, short_report
from austa.infra.db import ModuleDatabase
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.ids import MemberId, OperatorId, derived_id
from austa.kernel.imports import ImportReport
from austa.modules.fraud import store
from austa.modules.fraud.api import Table
from austa.modules.fraud.domain.money import folded
from austa.modules.fraud.domain.records import (
    SENTENCES,
    Fault,
    Hours,
    Ownership,
    Record,
    Service,
    Stay,
    Use,
    faults_of,
)
from austa.modules.fraud.service.csv_rows import FORMS
from austa.modules.fraud.service.memory import performer_mark
from austa.modules.fraud.tables import admission, attendance, device, opening, owner
from austa.modules.identity.api import Identity
from austa.modules.members.api import Member, Members
from austa.modules.providers.api import Provider, Providers

TABLES: Mapping[Table, sa.Table] = {
    "services": attendance,
    "admissions": admission,
    "owners": owner,
    "openings": opening,
    "devices": device,
}
MICRO = 1_000_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """Whom and what the lines name, by card and by code; None: nobody."""

    zone: ZoneInfo
    members: dict[str, Member | None] = field(default_factory=dict)
    providers: dict[str, Provider | None] = field(default_factory=dict)

    def faults(self, record: Record) -> tuple[Fault, ...]:
        """What is wrong in a line, alone and beside what the operator knows."""
        card, provider = getattr(record, "card", None), getattr(record, "provider", None)
        return (
            *faults_of(record),
            *((("card", "card_unknown"),) if card is not None and self.members[card] is None else ()),
            *((("provider", "provider_unknown"),) if provider is not None and self.providers[provider] is None else ()),
        )


class Importing:
    """The import of one process."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        keys: Keys,
        access: Access,
        members: Members,
        providers: Providers,
        identity: Identity,
    ) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._members = members
        self._providers = providers
        self._identity = identity

    async def import_csv(self, caller: Caller, table: Table, text: str, *, dry_run: bool) -> ImportReport:
        """Write all lines, or, with a problem or for a dry run, none."""
        self._access.check(caller, "signal:import")
        form = FORMS[table]
        sent: CsvTable[Record] = read_csv(text, table, form.required, form.optional, form.make)
        found = await self._look_up(caller, [record for _, record in sent.read])
        faults = [(line, found.faults(record)) for line, record in sent.read]
        sound = [(line, record) for (line, record), (_, wrong) in zip(sent.read, faults, strict=True) if not wrong]
        rows = [(line, self._row(caller.operator_id, record, found)) for line, record in sound]
        target = TABLES[table]
        keys = [(line, store.key_of(target, row)) for line, row in rows]
        column = next(name for name in form.required if name not in {"council", "uf"})
        problems = [
            *sent.problems,
            *problems_of(table, SENTENCES, faults),
            *repeated_keys(table, column, keys),
        ]
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, f"import:{table}")
            known = await store.find_imported(tx, target, [key for _, key in keys])
            changed = [row for _, row in rows if known.get(store.key_of(target, row)) != row]
            if not problems and not dry_run:
                await store.save_imported(tx, target, changed)
        created = sum(store.key_of(target, row) not in known for row in changed)
        return ImportReport(
            dry_run=dry_run,
            lines=sent.lines,
            created=created,
            updated=len(changed) - created,
            unchanged=len(rows) - len(changed),
            problems=short_report(sorted(problems, key=lambda each: each.line)),
        )

    async def _look_up(self, caller: Caller, records: Sequence[Record]) -> Found:
        found = Found(ZoneInfo((await self._identity.get_operator(caller)).time_zone))
        for card in dict.fromkeys(each.card for each in records if isinstance(each, Service | Stay | Use)):
            found.members[card] = await self._member(caller, card)
        for code in dict.fromkeys(each.provider for each in records if isinstance(each, Service | Stay | Hours)):
            found.providers[code] = await self._providers.find_by_code(caller, code)
        return found

    async def _member(self, caller: Caller, card: str) -> Member | None:
        try:
            member_id = await self._members.find_by_document(caller, card)
        except Invalid:
            return None
        return await self._members.get(caller, member_id) if member_id else None

    def _row(self, operator_id: OperatorId, record: Record, found: Found) -> Row:
        match record:
            case Service():
                return self._service(operator_id, record, found)
            case Stay():
                return {
                    "member_id": _member_id(found, record.card),
                    "provider_id": _provider(found, record.provider).id,
                    "since": record.since,
                    "until": record.until,
                }
            case Ownership():
                who = record.performer
                mark = performer_mark(self._keys, operator_id, who.council, who.uf, who.number)
                return {"performer": mark, "supplier": folded(record.supplier)}
            case Hours():
                place = _provider(found, record.provider).id
                return {
                    "provider_id": place,
                    "weekday": record.weekday,
                    "opens": record.opens,
                    "closes": record.closes,
                }
            case Use():
                member = found.members[record.card]
                assert member is not None
                return {
                    "device": self._keys.blind(operator_id, "fraud.device", record.device),
                    "member_id": member.id,
                    "at": _instant(record.day, record.minute, found.zone),
                    "family_id": member.holder_id or member.id,
                    "address": record.address,
                }

    def _service(self, operator_id: OperatorId, record: Service, found: Found) -> Row:
        place, who = _provider(found, record.provider), record.performer
        timed = record.minute is not None and record.minutes is not None
        return {
            "id": derived_id("fraud.bill", operator_id, record.line),
            "source": "bill",
            "request_id": None,
            "member_id": _member_id(found, record.card),
            "performer": performer_mark(self._keys, operator_id, who.council, who.uf, who.number) if who else None,
            "provider_id": place.id,
            "state": place.state,
            "latitude_e6": _micro(place.latitude),
            "longitude_e6": _micro(place.longitude),
            "tuss": record.tuss,
            "laterality": record.laterality,
            "starts_at": _instant(record.day, record.minute or 0, found.zone),
            "minutes": record.minutes if timed else None,
        }


def _member_id(found: Found, card: str) -> MemberId:
    member = found.members[card]
    assert member is not None
    return member.id


def _provider(found: Found, code: str) -> Provider:
    provider = found.providers[code]
    assert provider is not None
    return provider


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone) + timedelta(minutes=minute)


def _micro(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * MICRO)
