"""Business days in Brazil: weekends and the holidays of the nation, of a state, and of an operator's own list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from austa.kernel.holidays import NATIONAL, STATES, TABLE_VERSION, Holiday, State

SATURDAY = 5

Scope = Literal["national", "state", "own"]


@dataclass(frozen=True)
class DayOff:
    """A weekday on which a term does not run, by which law, and whose it is."""

    day: date
    name: str
    law: str
    scope: Scope


@dataclass(frozen=True)
class BusinessCalendar:
    """The days on which a legal term runs. `revision` counts what an operator changed: its state and its own list."""

    state: State | None = None
    own: tuple[Holiday, ...] = ()
    revision: int = 0
    _years: dict[int, Mapping[date, DayOff]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def id(self) -> str:
        """What is stored with a term: whose holidays, by which table, by which revision of the operator's."""
        place = f"BR-{self.state}" if self.state else "BR"
        return f"{place}/{TABLE_VERSION}" + (f"+{self.revision}" if self.revision else "")

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self._of_year(day.year)

    def add(self, start: date, days: int) -> date:
        """The `days`-th business day after `start`; `start` itself never counts (Código Civil, art. 132)."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            if self.is_business_day(day):
                days -= 1
        return day

    def count(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_business_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def days_off(self, start: date, end: date) -> tuple[DayOff, ...]:
        """The holidays that fall on a weekday after `start` up to and including `end`, in order."""
        years = range(start.year, end.year + 1)
        return tuple(off for year in years for day, off in sorted(self._of_year(year).items()) if start < day <= end)

    def _of_year(self, year: int) -> Mapping[date, DayOff]:
        if year not in self._years:
            self._years[year] = self._build(year)
        return self._years[year]

    def _build(self, year: int) -> Mapping[date, DayOff]:
        of_state = STATES[self.state].holidays if self.state else ()
        of_scope: tuple[tuple[Scope, tuple[Holiday, ...]], ...] = (
            ("own", self.own),
            ("state", of_state),
            ("national", NATIONAL),
        )
        found: dict[date, DayOff] = {}
        for scope, several in of_scope:
            for holiday in several:
                day = holiday.day_in(year)
                if day and day.weekday() < SATURDAY:
                    found[day] = DayOff(day, holiday.name, holiday.law, scope)
        return found
