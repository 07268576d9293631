"""Business days in Brazil: national holidays, and state and municipal ones where an operator sets them.

Carnaval and Corpus Christi are optional days off (ponto facultativo), not holidays; whether they count is
a setting of the operator's calendar. 20 November is national since Lei 14.759/2023.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays


@dataclass(frozen=True)
class BusinessCalendar:
    """The days on which a legal term runs. `id` is stored with every term that was counted by it."""

    id: str = "BR"
    state: str | None = None
    extra_holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.extra_holidays and day not in _official(self.state, day.year)

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


@lru_cache(maxsize=256)
def _official(state: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BR", subdiv=state, years=year))
