"""All SQL of `fraud`. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.kernel.ids import DocumentId, MemberId, ProviderId, RequestId
from austa.modules.fraud.tables import (
    admission,
    attendance,
    device,
    opening,
    owner,
    paper,
    provider_day,
    receipt,
    rule_set,
    screened,
    verdict,
)

Row = sa.Row[Any]
CHUNK = 500
"""Rows of an import that are read or written at a time."""

_GIVEN = sa.bindparam("given", type_=pg.UUID(as_uuid=True))
_SCREENED = Prepared(sa.select(screened).where(screened.c.request_id == _GIVEN))
_PROVIDER_DAYS = Prepared(
    sa.select(provider_day)
    .where(provider_day.c.provider_id == _GIVEN, provider_day.c.day >= sa.bindparam("since", type_=sa.Date))
    .order_by(provider_day.c.day)
)
_BEGIN = Prepared(
    sa.text(
        "select (select digest from fraud.rule_set order by revision desc limit 1) as digest,"
        " exists (select 1 from fraud.attendance where source = 'bill') as services,"
        " exists (select 1 from fraud.admission) as admissions,"
        " exists (select 1 from fraud.owner) as owners,"
        " exists (select 1 from fraud.opening) as openings,"
        " exists (select 1 from fraud.device) as devices"
    )
)


def _all_of(table: sa.Table) -> dict[str, Any]:
    return {column.name: sa.bindparam(column.name, type_=column.type) for column in table.c}


_NEW_SCREENED = insert(screened).values(_all_of(screened))
_KEEP = Prepared(
    _NEW_SCREENED.on_conflict_do_update(
        index_elements=["operator_id", "request_id"],
        set_={
            column.name: _NEW_SCREENED.excluded[column.name]
            for column in screened.c
            if column.name not in ("operator_id", "request_id", "given_up")
        },
    )
)
_NEW_DAY = insert(provider_day).values(_all_of(provider_day))
_COUNT = Prepared(
    _NEW_DAY.on_conflict_do_update(
        index_elements=["operator_id", "provider_id", "day"],
        set_={
            "requests": provider_day.c.requests + _NEW_DAY.excluded.requests,
            "urgent_on_elective": provider_day.c.urgent_on_elective + _NEW_DAY.excluded.urgent_on_elective,
        },
    )
)


async def begin(tx: Transaction) -> Row:
    """Which rules are in force (None: the seed), and which imported tables hold anything."""
    (found,) = await _BEGIN.all(tx)
    return cast(Row, found)


async def lock_name(tx: Transaction, name: str) -> None:
    """Until the transaction ends nobody else of this operator holds that name."""
    await tx.execute(
        sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"fraud:{tx.operator_id}:{name}"}
    )


async def find_rule_set(tx: Transaction) -> Row | None:
    """The operator's own rules in force."""
    return await tx.one_or_none(sa.select(rule_set).order_by(rule_set.c.revision.desc()).limit(1))


async def add_rule_set(tx: Transaction, revision: int, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(rule_set).values(operator_id=tx.operator_id, revision=revision, **values))


async def list_rule_sets(tx: Transaction) -> Sequence[Row]:
    """The operator's own rules, newest first, without their text."""
    columns = (rule_set.c.revision, rule_set.c.version, rule_set.c.digest, rule_set.c.set_at, rule_set.c.set_by)
    return await tx.all(sa.select(*columns).order_by(rule_set.c.revision.desc()))


async def add_verdict(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(verdict).values(operator_id=tx.operator_id, **values))


async def list_verdicts(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    """The last word about each rule of a request."""
    chosen = sa.select(verdict).ext(pg.distinct_on(verdict.c.rule)).where(verdict.c.request_id == request_id)
    return await tx.all(chosen.order_by(verdict.c.rule, verdict.c.at.desc(), verdict.c.id.desc()))


async def count_verdicts(tx: Transaction) -> Sequence[Row]:
    """How many requests people judged so, by rule: the last word of each request counts."""
    last = (
        sa.select(verdict.c.rule, verdict.c.verdict)
        .ext(pg.distinct_on(verdict.c.request_id, verdict.c.rule))
        .order_by(verdict.c.request_id, verdict.c.rule, verdict.c.at.desc(), verdict.c.id.desc())
        .subquery()
    )
    return await tx.all(
        sa.select(last.c.rule, last.c.verdict, sa.func.count().label("requests")).group_by(last.c.rule, last.c.verdict)
    )


async def find_screened(tx: Transaction, request_id: RequestId) -> Row | None:
    return await _SCREENED.first(tx, given=request_id)


async def keep_screened(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Insert, or replace what was kept of the same request; whether it was given up stays."""
    await _KEEP.all(tx, **values, operator_id=tx.operator_id, given_up=False)


async def give_up(tx: Transaction, request_id: RequestId) -> None:
    """The request was denied or cancelled."""
    await tx.execute(sa.update(screened).where(screened.c.request_id == request_id).values(given_up=True))


async def replace_attendances(tx: Transaction, request_id: RequestId, rows: Sequence[Mapping[str, Any]]) -> None:
    """What that request schedules."""
    await tx.execute(sa.delete(attendance).where(attendance.c.request_id == request_id))
    await _insert(tx, attendance, [{"source": "request", "request_id": request_id, **row} for row in rows])


async def replace_receipts(tx: Transaction, request_id: RequestId, rows: Sequence[Mapping[str, Any]]) -> None:
    await tx.execute(sa.delete(receipt).where(receipt.c.request_id == request_id))
    await _insert(tx, receipt, [{"request_id": request_id, **row} for row in rows])


async def add_papers(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    await _insert(tx, paper, rows)


async def count_for_provider(tx: Transaction, provider_id: ProviderId, day: date, *, urgent_on_elective: bool) -> None:
    """One more request named that provider. The last statement of its transaction: a large provider has one row a day,
    and everybody waits for it."""
    await tx.together("fraud.count", (provider_id, day, urgent_on_elective), _count)


async def _count(tx: Transaction, counted: Sequence[tuple[ProviderId, date, bool]]) -> Sequence[None]:
    for provider_id, day in sorted({(provider_id, day) for provider_id, day, _ in counted}):
        of_day = [urgent for *which, urgent in counted if which == [provider_id, day]]
        await _COUNT.all(
            tx,
            operator_id=tx.operator_id,
            provider_id=provider_id,
            day=day,
            requests=len(of_day),
            urgent_on_elective=sum(of_day),
        )
    return [None] * len(counted)


async def list_attendances(
    tx: Transaction, member_id: MemberId, since: datetime, until: datetime, but: RequestId
) -> Sequence[Row]:
    """Where the member was or will be between two instants, by other requests that were not given up and by bills."""
    gone = sa.select(screened.c.request_id).where(
        screened.c.operator_id == attendance.c.operator_id,
        screened.c.request_id == attendance.c.request_id,
        screened.c.given_up,
    )
    return await tx.all(
        sa.select(attendance)
        .where(
            attendance.c.member_id == member_id,
            attendance.c.starts_at.between(since, until),
            attendance.c.request_id.is_distinct_from(but),
            sa.or_(attendance.c.source == "request", attendance.c.minutes.is_not(None)),
            ~sa.exists(gone),
        )
        .order_by(attendance.c.starts_at, attendance.c.id)
    )


async def list_operations(tx: Transaction, member_id: MemberId, codes: Collection[str]) -> Sequence[Row]:
    """Performed services of the member among these codes."""
    return await tx.all(
        sa.select(attendance)
        .where(
            attendance.c.member_id == member_id,
            attendance.c.source == "bill",
            attendance.c.tuss == sa.any_(sa.cast(sorted(codes), pg.ARRAY(sa.Text))),
        )
        .order_by(attendance.c.starts_at, attendance.c.id)
    )


async def list_worked(tx: Transaction, performer: bytes, since: datetime, limit: int) -> Sequence[Row]:
    """What somebody performed since then, where the time is known."""
    return await tx.all(
        sa.select(attendance)
        .where(
            attendance.c.performer == performer,
            attendance.c.starts_at >= since,
            attendance.c.source == "bill",
            attendance.c.minutes.is_not(None),
        )
        .order_by(attendance.c.starts_at.desc(), attendance.c.id)
        .limit(limit)
    )


async def list_admissions(tx: Transaction, member_id: MemberId) -> Sequence[Row]:
    return await tx.all(sa.select(admission).where(admission.c.member_id == member_id).order_by(admission.c.since))


async def list_receipts(
    tx: Transaction, family_id: MemberId, since: date, until: date, but: RequestId
) -> Sequence[Row]:
    """The family's receipts of those days in other requests that were not given up."""
    same = sa.and_(screened.c.operator_id == receipt.c.operator_id, screened.c.request_id == receipt.c.request_id)
    return await tx.all(
        sa.select(receipt)
        .join(screened, same)
        .where(
            receipt.c.family_id == family_id,
            receipt.c.issued_on.between(since, until),
            receipt.c.request_id != but,
            ~screened.c.given_up,
        )
        .order_by(receipt.c.issued_on, receipt.c.number, receipt.c.request_id)
    )


async def list_papers_of_others(
    tx: Transaction, documents: Collection[DocumentId], family_id: MemberId
) -> Sequence[Row]:
    """Those of the documents that came with requests of other families, with the request and its day."""
    return await tx.all(
        sa.select(paper.c.document_id, paper.c.request_id, screened.c.asked_on)
        .join(
            screened,
            sa.and_(screened.c.operator_id == paper.c.operator_id, screened.c.request_id == paper.c.request_id),
        )
        .where(
            paper.c.document_id == sa.any_(sa.cast(list(documents), pg.ARRAY(sa.Uuid))), paper.c.family_id != family_id
        )
        .order_by(screened.c.asked_on, paper.c.request_id, paper.c.document_id)
    )


async def list_supplies(tx: Transaction, performer: bytes) -> Sequence[str]:
    """Names, folded, of suppliers that somebody owns."""
    return [row.supplier for row in await tx.all(sa.select(owner.c.supplier).where(owner.c.performer == performer))]


async def list_openings(tx: Transaction, providers: Collection[ProviderId]) -> Sequence[Row]:
    return await tx.all(
        sa.select(opening)
        .where(opening.c.provider_id == sa.any_(sa.cast(list(providers), pg.ARRAY(sa.Uuid))))
        .order_by(opening.c.provider_id, opening.c.weekday, opening.c.opens)
    )


async def list_provider_days(tx: Transaction, provider_id: ProviderId, since: date) -> Sequence[Row]:
    return await _PROVIDER_DAYS.all(tx, given=provider_id, since=since)


async def list_devices(tx: Transaction, member_id: MemberId, since: datetime, until: datetime) -> Sequence[Row]:
    """Uses by others, in that time, of the devices that the member used in it."""
    own = sa.select(device.c.device).where(device.c.member_id == member_id, device.c.at.between(since, until))
    return await tx.all(
        sa.select(device)
        .where(device.c.device.in_(own), device.c.member_id != member_id, device.c.at.between(since, until))
        .order_by(device.c.device, device.c.at, device.c.member_id)
    )


def key_of(table: sa.Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The primary key of a row, without the operator."""
    return tuple(row[column.name] for column in _key(table))


async def find_imported(
    tx: Transaction, table: sa.Table, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows of an imported table by key, without the operator."""
    columns = [column for column in table.c if column.name != "operator_id"]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        for row in await tx.all(sa.select(*columns).where(sa.tuple_(*_key(table)).in_(some))):
            values = dict(row._mapping)
            found[key_of(table, values)] = values
    return found


async def save_imported(tx: Transaction, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of an imported table, or replace those with the same key."""
    statement = insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    upsert = (
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
        if changed
        else statement.on_conflict_do_nothing()
    )
    for start in range(0, len(rows), CHUNK):
        await tx.execute(upsert, [{"operator_id": tx.operator_id, **row} for row in rows[start : start + CHUNK]])


def _key(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.primary_key if column.name != "operator_id"]


async def _insert(tx: Transaction, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        values = [{"operator_id": tx.operator_id, **row} for row in rows]
        await tx.execute(insert(table).on_conflict_do_nothing(), values)
