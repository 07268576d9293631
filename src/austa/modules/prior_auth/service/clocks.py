"""Legal time of an operator: its calendar and what came of its terms."""

from datetime import date

from austa.infra.access import Access
from austa.infra.csv_tables import CsvRow, problems_of, read_csv, repeated_keys, short_report
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.errors import Invalid
from austa.kernel.holidays import Holiday, State
from austa.modules.prior_auth.api.clocks import HolidayImport, ResponseRecord
from austa.modules.prior_auth.domain.own_holidays import COLUMNS, SENTENCES, faults, read_day, read_holiday
from austa.modules.prior_auth.domain.response_times import put_together
from austa.modules.prior_auth.service.watch import watch
from austa.modules.prior_auth.store import requests as store

TABLE = "feriados"
CHUNK = 500
"""Requests that get their warnings in one transaction."""


class ClocksService:
    """`LegalClocks`."""

    def __init__(self, database: ModuleDatabase, access: Access) -> None:
        self._database = database
        self._access = access

    async def calendar(self, caller: Caller) -> BusinessCalendar:
        """See `LegalClocks.calendar`."""
        async with self._database.transaction(caller) as tx:
            return await store.load_calendar(tx)

    async def set_state(self, caller: Caller, state: State | None) -> BusinessCalendar:
        """See `LegalClocks.set_state`."""
        self._access.check(caller, "calendar:change")
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "calendar")
            before = await store.load_calendar(tx)
            return await _keep(tx, before, state, before.own)

    async def response_times(self, caller: Caller, first_day: date, last_day: date) -> ResponseRecord:
        """See `LegalClocks.response_times`."""
        self._access.check(caller, "response_times:read")
        if first_day > last_day:
            raise Invalid("prior_auth.period_wrong", "the period ends before it begins")
        async with self._database.transaction(caller) as tx:
            calendar = await store.load_calendar(tx)
            kept = {each.id: each for each in await store.list_calendars(tx)}
            groups = await store.group_response_times(tx, first_day, last_day)
            return ResponseRecord(
                first_day=first_day,
                last_day=last_day,
                as_of=tx.now(),
                classes=put_together(groups, kept, calendar),
            )

    async def watch_open(self, caller: Caller) -> int:
        """See `LegalClocks.watch_open`."""
        self._access.check(caller, "calendar:change")
        watched = 0
        while True:
            async with self._database.transaction(caller) as tx:
                calendar, rows = await store.load_calendar(tx), await store.list_unwatched(tx, CHUNK)
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
            before = await store.load_calendar(tx)
            writes = not (dry_run or problems)
            after = await _keep(tx, before, before.state, own) if writes else before
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


async def _keep(
    tx: Transaction, before: BusinessCalendar, state: State | None, own: tuple[Holiday, ...]
) -> BusinessCalendar:
    """Write the next revision; what is as it was stays the revision it was."""
    if (before.state, set(before.own)) == (state, set(own)):
        return before
    after = BusinessCalendar(state, own, before.revision + 1)
    await store.insert_calendar(tx, after)
    return after
