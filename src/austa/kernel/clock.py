"""Time is an argument. Instants are aware UTC; dates of care are local dates of the operator."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BRASILIA = ZoneInfo("America/Sao_Paulo")


class Clock(Protocol):
    """Tells the time. Services take one; nothing patches it."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put, for tests and for replaying the past."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def local_date(at: datetime, zone: ZoneInfo = BRASILIA) -> date:
    """The date on the wall of that zone at that instant."""
    return at.astimezone(zone).date()
