"""SQL of legal time: the operator's calendar, and how long answers took."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.holidays import Holiday
from austa.modules.prior_auth.domain.lifecycle import ANSWERS, OPEN
from austa.modules.prior_auth.domain.response_times import Group
from austa.modules.prior_auth.domain.terms import IMMEDIATELY
from austa.modules.prior_auth.store import statements
from austa.modules.prior_auth.tables import calendar, change, request

Row = sa.Row[Any]


async def load_calendar(tx: Transaction) -> BusinessCalendar:
    """The operator's calendar as it holds now; the nation's, where nothing was ever set."""
    row = await statements.CALENDAR.first(tx)
    return BusinessCalendar() if row is None else _calendar(row)


async def insert_calendar(tx: Transaction, new: BusinessCalendar, reason: str) -> None:
    own = [{"name": holiday.name, "when": holiday.when, "law": holiday.law} for holiday in new.own]
    await tx.execute(
        sa.insert(calendar).values(
            operator_id=tx.operator_id,
            revision=new.revision,
            state=new.state,
            own=own,
            set_at=tx.now(),
            set_by=tx.caller.actor,
            reason=reason,
        )
    )


async def list_calendars(tx: Transaction) -> Sequence[BusinessCalendar]:
    """Every revision, oldest first."""
    return [_calendar(row) for row in await tx.all(sa.select(calendar).order_by(calendar.c.revision))]


async def list_calendar_changes(tx: Transaction) -> Sequence[Row]:
    """The revisions with who made them, newest first."""
    return await tx.all(sa.select(calendar).order_by(calendar.c.revision.desc()))


async def count_open(tx: Transaction) -> int:
    """Requests that wait for an answer."""
    found = await tx.one_or_none(sa.select(sa.func.count()).where(request.c.state.in_(OPEN)))
    return int(found[0]) if found else 0


def _calendar(row: Row) -> BusinessCalendar:
    return BusinessCalendar(row.state, tuple(Holiday(**holiday) for holiday in row.own), row.revision)


async def group_response_times(tx: Transaction, first_day: date, last_day: date) -> Sequence[Group]:
    """Requests received on those days, by class, fate and days; the day is that of each request's own zone. What was
    opened again counts with the term of its first answer."""
    first = request.c.first_term
    due_at, first_asked_at = (
        sa.func.coalesce(sa.cast(first[name].astext, sa.DateTime(timezone=True)), request.c[name])
        for name in ("due_at", "asked_at")
    )
    business_days = sa.func.coalesce(sa.cast(first["business_days"].astext, sa.Integer), request.c.business_days)
    calendar_id = sa.func.coalesce(first["calendar_id"].astext, request.c.calendar_id)
    ids = (change.c.operator_id == request.c.operator_id, change.c.request_id == request.c.id)
    answer = sa.select(sa.func.min(change.c.at).label("at")).where(*ids, change.c.to_state.in_(ANSWERS)).lateral()
    at_once = business_days == 0
    limit = due_at + sa.case((at_once, IMMEDIATELY), else_=timedelta())
    fate = sa.case(
        (answer.c.at <= limit, "answered_in_term"),
        (answer.c.at.is_not(None), "answered_late"),
        (request.c.state == "CANCELLED", "given_up"),
        (sa.literal(tx.now()) <= limit, "open_in_term"),
        else_="open_late",
    )
    asked_on, answered_on, received_on = (
        sa.cast(sa.func.timezone(request.c.zone, at), sa.Date)
        for at in (first_asked_at, answer.c.at, request.c.received_at)
    )
    minutes = sa.case((at_once, sa.func.ceil(sa.extract("epoch", answer.c.at - first_asked_at) / 60)))
    keys = (
        request.c.service_class,
        business_days.label("term_days"),
        calendar_id.label("calendar_id"),
        fate.label("fate"),
        asked_on.label("asked_on"),
        answered_on.label("answered_on"),
        sa.cast(minutes, sa.Integer).label("minutes"),
    )
    # No zone is a day away from UTC: the index finds the days, the condition beside it takes them exactly.
    margin = timedelta(days=1)
    rows = await tx.all(
        sa.select(*keys, sa.func.count().label("requests"))
        .select_from(request.join(answer, sa.true()))
        .where(
            request.c.received_at >= datetime.combine(first_day, time(), UTC) - margin,
            request.c.received_at < datetime.combine(last_day, time(), UTC) + 2 * margin,
            received_on.between(first_day, last_day),
        )
        .group_by(*(sa.text(str(place)) for place in range(1, len(keys) + 1)))
    )
    return [Group(**row._mapping) for row in rows]
