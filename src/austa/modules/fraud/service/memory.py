"""What `fraud` remembers: read before a request is looked at, written after. Only what the request makes matter."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from austa.infra.db import Transaction
from austa.infra.keys import Keys
from austa.kernel.ids import MemberId, OperatorId, ProviderId, RequestId, derived_id
from austa.modules.fraud import store
from austa.modules.fraud.api import Place, RequestFacts, Table
from austa.modules.fraud.domain.picture import (
    Admission,
    Attendance,
    DeviceUse,
    Known,
    Opening,
    ProviderDay,
    SeenFile,
    SeenReceipt,
)
from austa.modules.fraud.domain.rulebook import Rulebook

TABLES: tuple[Table, ...] = get_args(Table)
LONGEST_WORKED = 5000
"""Services of one performer that are looked at: a hundred and more a day for a month."""
THROUGH_DEVICES = ("web", "portal")


def performer_mark(keys: Keys, operator_id: OperatorId, council: str, uf: str, number: str) -> bytes:
    """By which a professional is recognised without being named."""
    return keys.blind(operator_id, "fraud.performer", f"{council.upper()} {uf.upper()} {number.lstrip('0')}")


class Memory:
    """Reads and writes what is remembered, in the transaction of one screening."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def recall(
        self, tx: Transaction, asked: RequestFacts, book: Rulebook, begun: store.Row, before: store.Row | None
    ) -> Known:
        """Everything that the rules may compare this request with. `before`: what was kept of it already."""
        times = [item.scheduled_at for item in asked.items if item.scheduled_at]
        performer = self._performer(tx, asked)
        issuers = self._issuers(tx, asked)
        return Known(
            imported=frozenset(table for table in TABLES if getattr(begun, table)),
            attendances=await self._attendances(
                tx, asked, times, timedelta(minutes=book.rules["R07"].limit("minutes"))
            ),
            operations=await self._operations(tx, asked, book) if begun.services else (),
            admissions=await self._admissions(tx, asked) if begun.admissions and times else (),
            worked=await self._worked(tx, asked, performer, book) if begun.services and performer else (),
            receipts=await self._receipts(tx, asked),
            issuers=issuers,
            seen_files=await self._seen_files(tx, asked),
            supplies=frozenset(await store.list_supplies(tx, performer))
            if begun.owners and performer and asked.materials
            else frozenset(),
            openings=await self._openings(tx, asked) if begun.openings and times else {},
            provider_days=await self._provider_days(tx, asked, book, before),
            devices=await self._devices(tx, asked, book.rules["R29"].limit("hours")) if begun.devices else (),
        )

    async def remember(self, tx: Transaction, asked: RequestFacts) -> None:
        """What later requests are compared with. Names and numbers become marks."""
        member = asked.member
        rows = [
            {
                "id": derived_id("fraud.attendance", asked.request_id, at),
                "member_id": member.member_id,
                "tuss": item.tuss,
                "laterality": item.laterality,
                "starts_at": item.scheduled_at,
                **place.model_dump(),
            }
            for at, item in enumerate(asked.items)
            if item.scheduled_at and (place := item.place or asked.place) and not asked.given.get("telehealth")
        ]
        if rows or asked.items[0].scheduled_at:
            await store.replace_attendances(tx, asked.request_id, rows)
        if asked.refund:
            await store.replace_receipts(tx, asked.request_id, self._receipt_rows(tx, asked))
        await store.add_papers(
            tx,
            [
                {"document_id": each.document_id, "request_id": asked.request_id, "family_id": member.family_id}
                for each in asked.papers
            ],
        )

    def _performer(self, tx: Transaction, asked: RequestFacts) -> bytes | None:
        if asked.requester is None:
            return None
        who = asked.requester.registration
        return performer_mark(self._keys, tx.operator_id, who.council, who.uf, who.number)

    def _issuers(self, tx: Transaction, asked: RequestFacts) -> tuple[bytes, ...]:
        receipts = asked.refund.receipts if asked.refund else ()
        return tuple(
            self._keys.blind(tx.operator_id, "fraud.issuer", " ".join(each.issuer.reveal().casefold().split()))
            for each in receipts
        )

    def _receipt_rows(self, tx: Transaction, asked: RequestFacts) -> list[dict[str, Any]]:
        receipts = asked.refund.receipts if asked.refund else ()
        return [
            {
                "position": at,
                "member_id": asked.member.member_id,
                "family_id": asked.member.family_id,
                "issuer": issuer,
                "number": each.number,
                "issued_on": each.issued_on,
                "amount_centavos": each.amount_centavos,
            }
            for at, (issuer, each) in enumerate(zip(self._issuers(tx, asked), receipts, strict=True))
        ]

    async def _attendances(
        self, tx: Transaction, asked: RequestFacts, times: Sequence[datetime], apart: timedelta
    ) -> tuple[Attendance, ...]:
        if not times:
            return ()
        found = await store.list_attendances(
            tx, asked.member.member_id, min(times) - apart, max(times) + apart, asked.request_id
        )
        return tuple(map(_attendance, found))

    async def _operations(self, tx: Transaction, asked: RequestFacts, book: Rulebook) -> tuple[Attendance, ...]:
        codes = {item.tuss for item in asked.items}
        groups = [g for g in (*book.tables.single_organs, *book.tables.once_a_side) if g.items & codes]
        if not groups:
            return ()
        wanted = frozenset().union(*(group.items for group in groups))
        return tuple(map(_attendance, await store.list_operations(tx, asked.member.member_id, wanted)))

    async def _admissions(self, tx: Transaction, asked: RequestFacts) -> tuple[Admission, ...]:
        return tuple(
            Admission(ProviderId(row.provider_id), row.since, row.until)
            for row in await store.list_admissions(tx, asked.member.member_id)
        )

    async def _worked(
        self, tx: Transaction, asked: RequestFacts, performer: bytes, book: Rulebook
    ) -> tuple[Attendance, ...]:
        days = max(book.rules[rule].limit("looked_back_days") for rule in ("R10", "R11"))
        since = datetime.combine(asked.on - timedelta(days=days), time(0), ZoneInfo(asked.zone))
        return tuple(map(_attendance, await store.list_worked(tx, performer, since, LONGEST_WORKED)))

    async def _receipts(self, tx: Transaction, asked: RequestFacts) -> tuple[SeenReceipt, ...]:
        if asked.refund is None:
            return ()
        days = [each.issued_on for each in asked.refund.receipts]
        since = min(days).replace(day=1)
        until = max(days) + timedelta(days=31)
        found = await store.list_receipts(tx, asked.member.family_id, since, until, asked.request_id)
        return tuple(
            SeenReceipt(
                row.issuer, row.number, row.issued_on, row.amount_centavos, row.member_id == asked.member.member_id
            )
            for row in found
        )

    async def _seen_files(self, tx: Transaction, asked: RequestFacts) -> tuple[SeenFile, ...]:
        alike = {
            earlier: (place, saved_anew)
            for place, paper in enumerate(asked.papers, start=1)
            for saved_anew, found in ((True, paper.same_photo_as), (False, paper.copies_of))
            for earlier in found
        }
        rows = await store.list_papers_of_others(tx, alike, asked.member.family_id) if alike else ()
        return tuple(SeenFile(*alike[row.document_id], RequestId(row.request_id), row.asked_on) for row in rows)

    async def _openings(self, tx: Transaction, asked: RequestFacts) -> dict[ProviderId, tuple[Opening, ...]]:
        places = {place.provider_id for item in asked.items if (place := item.place or asked.place)}
        found: dict[ProviderId, list[Opening]] = defaultdict(list)
        for row in await store.list_openings(tx, places) if places else ():
            found[ProviderId(row.provider_id)].append(Opening(row.weekday, row.opens, row.closes))
        return {provider: tuple(some) for provider, some in found.items()}

    async def _provider_days(
        self, tx: Transaction, asked: RequestFacts, book: Rulebook, before: store.Row | None
    ) -> tuple[ProviderDay, ...]:
        if asked.place is None:
            return ()
        weeks = book.rules["R26"]
        back = max(weeks.limit("days") * (weeks.limit("weeks") + 1), book.rules["R30"].limit("days"))
        rows = await store.list_provider_days(tx, asked.place.provider_id, asked.on - timedelta(days=back))
        return tuple(_without(row, asked.place, before) for row in rows)

    async def _devices(self, tx: Transaction, asked: RequestFacts, hours: int) -> tuple[DeviceUse, ...]:
        if asked.channel not in THROUGH_DEVICES:
            return ()
        now = tx.now()
        rows = await store.list_devices(tx, asked.member.member_id, now - timedelta(hours=hours), now)
        return tuple(DeviceUse(row.device, row.address, MemberId(row.family_id), row.at) for row in rows)


def is_urgent_on_elective(asked: RequestFacts) -> bool:
    """Whether the request calls an elective-only item urgent."""
    return asked.urgent and any(item.traits and item.traits.elective_only for item in asked.items)


def _without(row: store.Row, place: Place, before: store.Row | None) -> ProviderDay:
    """A day of the provider without what this request was counted for already."""
    if before is None or before.provider_id != place.provider_id or before.asked_on != row.day:
        return ProviderDay(row.day, row.requests, row.urgent_on_elective)
    return ProviderDay(row.day, row.requests - 1, row.urgent_on_elective - int(before.urgent_on_elective))


def _attendance(row: store.Row) -> Attendance:
    place = Place(
        provider_id=ProviderId(row.provider_id),
        state=row.state,
        latitude_e6=row.latitude_e6,
        longitude_e6=row.longitude_e6,
    )
    return Attendance(row.source, place, row.tuss, row.starts_at, row.minutes or 0, row.laterality)
