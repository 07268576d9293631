"""Legal time of an operator: its calendar and what came of its terms."""

from collections.abc import Mapping
from datetime import date

from austa.infra.access import Access
from austa.infra.csv_tables import CsvRow, problems_of, read_csv, repeated_keys, short_report
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.errors import Invalid
from austa.kernel.holidays import STATES, Holiday, State
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.clocks import (
    CalendarChange,
    CalendarRevision,
    FreeDay,
    HolidayImport,
    OperatorCalendar,
    OwnHoliday,
    ResponseRecord,
)
from austa.modules.prior_auth.domain.own_holidays import COLUMNS, SENTENCES, day_text, faults, read_day, read_holiday
from austa.modules.prior_auth.domain.refusals import calendar_changed, holiday_repeated, holiday_wrong
from austa.modules.prior_auth.domain.response_times import as_csv, put_together
from austa.modules.prior_auth.service.names import names_of
from austa.modules.prior_auth.service.watch import watch
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store

TABLE = "feriados"
CHUNK = 500
"""Requests that get their warnings in one transaction."""
IMPORTED, STATE_SET = "Lista importada", "Estado escolhido"
"""Why a calendar changed, where no person wrote it."""


class ClocksService:
    """`LegalClocks`."""

    def __init__(self, database: ModuleDatabase, access: Access, identity: Identity) -> None:
        self._database = database
        self._access = access
        self._identity = identity

    async def calendar(self, caller: Caller) -> BusinessCalendar:
        """See `LegalClocks.calendar`."""
        async with self._database.transaction(caller) as tx:
            return await calendars.load_calendar(tx)

    async def year(self, caller: Caller, year: int) -> OperatorCalendar:
        """See `LegalClocks.year`."""
        self._access.check(caller, "calendar:read")
        async with self._database.transaction(caller) as tx:
            held = await calendars.load_calendar(tx)
            rows, open_terms = await calendars.list_calendar_changes(tx), await calendars.count_open(tx)
        names = await names_of(self._identity, caller, {row.set_by for row in rows})
        off = held.days_off(date(year - 1, 12, 31), date(year, 12, 31))
        return OperatorCalendar(
            calendar_id=held.id,
            year=year,
            state=held.state,
            left_out=STATES[held.state].left_out if held.state else "",
            days=tuple(FreeDay(day=one.day, name=one.name, law=one.law, scope=one.scope) for one in off),
            own=tuple(OwnHoliday(day=day_text(one.when), name=one.name, law=one.law) for one in held.own),
            revisions=tuple(_revision(row, names) for row in rows),
            open_terms=open_terms,
        )

    async def change(self, caller: Caller, change: CalendarChange) -> CalendarRevision:
        """See `LegalClocks.change`."""
        self._access.check(caller, "calendar:change")
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "calendar")
            before = await calendars.load_calendar(tx)
            if change.seen != before.id:
                raise calendar_changed()
            await _keep(tx, before, change.state, _changed(before.own, change), change.reason)
            last, *_ = await calendars.list_calendar_changes(tx)
        return _revision(last, await names_of(self._identity, caller, {last.set_by}))

    async def set_state(self, caller: Caller, state: State | None) -> BusinessCalendar:
        """See `LegalClocks.set_state`."""
        self._access.check(caller, "calendar:change")
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "calendar")
            before = await calendars.load_calendar(tx)
            return await _keep(tx, before, state, before.own, STATE_SET)

    async def response_times(self, caller: Caller, first_day: date, last_day: date) -> ResponseRecord:
        """See `LegalClocks.response_times`."""
        self._access.check(caller, "response_times:read")
        if first_day > last_day:
            raise Invalid("prior_auth.period_wrong", "the period ends before it begins")
        operator = await self._identity.get_operator(caller)
        async with self._database.transaction(caller) as tx:
            calendar = await calendars.load_calendar(tx)
            kept = {each.id: each for each in await calendars.list_calendars(tx)}
            groups = await calendars.group_response_times(tx, first_day, last_day)
            return ResponseRecord(
                first_day=first_day,
                last_day=last_day,
                as_of=tx.now(),
                ans_registry=operator.ans_registry,
                classes=put_together(groups, kept, calendar),
            )

    async def export_response_times(self, caller: Caller, first_day: date, last_day: date) -> str:
        """See `LegalClocks.export_response_times`."""
        return as_csv(await self.response_times(caller, first_day, last_day))

    async def watch_open(self, caller: Caller) -> int:
        """See `LegalClocks.watch_open`."""
        self._access.check(caller, "calendar:change")
        watched = 0
        while True:
            async with self._database.transaction(caller) as tx:
                calendar, rows = await calendars.load_calendar(tx), await store.list_unwatched(tx, CHUNK)
                for row in rows:
                    await watch(tx, row, calendar)
            watched += len(rows)
            if len(rows) < CHUNK:
                return watched

    async def import_holidays(self, caller: Caller, table: str, *, dry_run: bool) -> HolidayImport:
        """See `LegalClocks.import_holidays`."""
        self._access.check(caller, "calendar:change")
        sent = read_csv(table, TABLE, COLUMNS, (), _line)
        problems = [
            *sent.problems,
            *problems_of(TABLE, SENTENCES, ((line, faults(*cells)) for line, cells in sent.read)),
            *repeated_keys(TABLE, "data", ((line, read_day(day)) for line, (_, day, _) in sent.read)),
        ]
        own = tuple(holiday for _, cells in sent.read if (holiday := read_holiday(*cells)))
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "calendar")
            before = await calendars.load_calendar(tx)
            writes = not (dry_run or problems)
            after = await _keep(tx, before, before.state, own, IMPORTED) if writes else before
        return HolidayImport(
            dry_run=dry_run,
            lines=sent.lines,
            added=len(set(own) - set(before.own)),
            removed=len(set(before.own) - set(own)),
            unchanged=len(set(own) & set(before.own)),
            calendar_id=after.id,
            problems=short_report(problems),
        )


def _line(row: CsvRow) -> tuple[str, str, str]:
    return row.required_text("nome"), row.required_text("data"), row.required_text("lei")


def _changed(own: tuple[Holiday, ...], change: CalendarChange) -> tuple[Holiday, ...]:
    """The own list with what goes and what comes; a day stands on it once."""
    days = {holiday.when: holiday for holiday in own}
    for gone in change.remove:
        if days.pop(read_day(gone.day) or "", None) is None:
            raise holiday_wrong(gone.day)
    for new in change.add:
        holiday = read_holiday(new.name.strip(), new.day.strip(), new.law.strip())
        if holiday is None:
            raise holiday_wrong(new.day)
        if days.setdefault(holiday.when, holiday) is not holiday:
            raise holiday_repeated(new.day)
    return tuple(days.values())


def _revision(row: calendars.Row, names: Mapping[str, Personal]) -> CalendarRevision:
    return CalendarRevision(
        revision=row.revision,
        at=row.set_at,
        by=row.set_by,
        by_name=names.get(row.set_by),
        reason=row.reason,
        state=row.state,
        holidays=len(row.own),
    )


async def _keep(
    tx: Transaction, before: BusinessCalendar, state: State | None, own: tuple[Holiday, ...], reason: str
) -> BusinessCalendar:
    """Write the next revision; what is as it was stays the revision it was."""
    if (before.state, set(before.own)) == (state, set(own)):
        return before
    after = BusinessCalendar(state, own, before.revision + 1)
    await calendars.insert_calendar(tx, after, reason)
    return after
