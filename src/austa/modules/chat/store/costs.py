"""What messages were charged, counted by hour, and the operator's prices. Counting goes straight through the driver: it
is part of the stream of statuses."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.writing import driver_of
from austa.modules.chat.domain.costs import Charge, PriceClass, Told
from austa.modules.chat.tables import charge_count, price


async def add_told(tx: Transaction, told: Mapping[bytes, Told], today: date) -> set[bytes]:
    """Keep what was told of messages that were never heard of; which these are."""
    rows = await driver_of(tx.connection).fetch(_ADD, tx.operator_id, *_columns(told), today)
    return {row["message_index"] for row in rows}


async def lock_told(tx: Transaction, indexes: Collection[bytes]) -> dict[bytes, Told]:
    """What was told of these before."""
    rows = await driver_of(tx.connection).fetch(_LOCK, tx.operator_id, sorted(indexes))
    return {row["message_index"]: _told(row) for row in rows}


async def change_told(tx: Transaction, told: Mapping[bytes, Told]) -> None:
    await driver_of(tx.connection).execute(_CHANGE, tx.operator_id, *_columns(told))


async def count(tx: Transaction, moves: Mapping[Charge, int]) -> None:
    """Move the counts, always in one order, so that two who count wait for each other and do not lock."""
    some = sorted(moves.items(), key=lambda each: repr(each[0]))
    columns = zip(*((c.hour, c.number_id, *_class_cells(c.price_class), messages) for c, messages in some), strict=True)
    await driver_of(tx.connection).execute(_COUNT, tx.operator_id, *([*column] for column in columns))


async def forget_told(tx: Transaction, before: date) -> None:
    """Of what was heard before then Meta speaks no more."""
    statement = "delete from chat.charged_message where operator_id = $1 and seen_on < $2"
    await driver_of(tx.connection).execute(statement, tx.operator_id, before)


async def list_counts(tx: Transaction, since: datetime, until: datetime) -> list[tuple[Charge, int]]:
    """Of the hours from one instant until before another."""
    c = charge_count.c
    rows = await tx.all(sa.select(charge_count).where(c.hour >= since, c.hour < until))
    return [
        (Charge(row.hour, row.number_id, PriceClass(row.category, row.type, row.billable, row.model)), row.messages)
        for row in rows
    ]


async def list_prices(tx: Transaction) -> Sequence[sa.Row[Any]]:
    """Those that count."""
    chosen = sa.select(price).where(price.c.ended_at.is_(None))
    return await tx.all(chosen.order_by(price.c.category, price.c.valid_from.desc(), price.c.id))


async def save_price(tx: Transaction, price_id: UUID, values: dict[str, Any]) -> None:
    saved = insert(price).values(operator_id=tx.operator_id, id=price_id, **values)
    await tx.execute(saved.on_conflict_do_update(index_elements=["operator_id", "id"], set_=values))


async def end_price(tx: Transaction, price_id: UUID, **values: Any) -> None:
    await tx.execute(sa.update(price).where(price.c.id == price_id, price.c.ended_at.is_(None)).values(**values))


def _columns(told: Mapping[bytes, Told]) -> list[list[Any]]:
    rows = [
        (index, each.number_id, each.delivered_at, each.by, *_class_cells(each.price_class))
        for index, each in sorted(told.items())
    ]
    return [[*column] for column in zip(*rows, strict=True)]


def _class_cells(shown: PriceClass | None) -> tuple[str | None, str | None, bool | None, str | None]:
    return (shown.category, shown.type, shown.billable, shown.model) if shown else (None, None, None, None)


def _told(row: Any) -> Told:
    shown = (
        PriceClass(row["category"], row["type"], row["billable"], row["model"]) if row["category"] is not None else None
    )
    return Told(row["number_id"], row["delivered_at"], row["told_by"], shown)


_ADD = """
insert into chat.charged_message
    (operator_id, message_index, number_id, delivered_at, told_by, category, type, billable, model, seen_on)
select $1, g.*, $10
  from unnest($2::bytea[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[])
    as g
on conflict do nothing
returning message_index
"""
_LOCK = """
select message_index, number_id, delivered_at, told_by, category, type, billable, model from chat.charged_message
 where operator_id = $1 and message_index = any($2::bytea[]) order by message_index for update
"""
_CHANGE = """
update chat.charged_message m
   set number_id = g.number_id, delivered_at = g.delivered_at, told_by = g.told_by, category = g.category,
       type = g.type, billable = g.billable, model = g.model
  from unnest($2::bytea[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[])
    as g (message_index, number_id, delivered_at, told_by, category, type, billable, model)
 where m.operator_id = $1 and m.message_index = g.message_index
"""
_COUNT = """
insert into chat.charge_count as c (operator_id, hour, number_id, category, type, billable, model, messages)
select $1, hour, number_id, category, type, billable, model, messages
  from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::integer[])
    as g (hour, number_id, category, type, billable, model, messages)
on conflict (operator_id, hour, number_id, category, type, billable, model)
do update set messages = c.messages + excluded.messages
"""
