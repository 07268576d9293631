"""The properties of dates, times and durations (DMN 1.3, table 65)."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from austa.modules.prior_auth.domain.dmn.values import MONTHS_A_YEAR, Kind, Months, Value, kind_of


def property_of(owner: Value, name: str) -> tuple[bool, Value]:
    """Whether the value has such a property, and it."""
    read = PROPERTIES.get(kind_of(owner), {}).get(name)
    return (False, None) if read is None else (True, read(owner))


def _toward_zero(count: int, size: int) -> Decimal:
    return Decimal(count // size if count >= 0 else -(-count // size))


def _rest(count: int, size: int) -> Decimal:
    return Decimal(count % size if count >= 0 else -(-count % size))


def _seconds(length: dt.timedelta) -> int:
    """Whole seconds towards zero."""
    whole = abs(length).days * 86_400 + abs(length).seconds
    return -whole if length < dt.timedelta() else whole


def _second(clock: dt.time | dt.datetime) -> Decimal:
    return Decimal(clock.second) + Decimal(clock.microsecond).scaleb(-6)


def _zone_name(clock: dt.time | dt.datetime) -> Value:
    zone: str | None = getattr(clock.tzinfo, "key", None)
    return zone


_DAY: Mapping[str, Callable[[Any], Value]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_CLOCK: Mapping[str, Callable[[Any], Value]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": _second,
    "time offset": lambda clock: clock.utcoffset(),
    "timezone": _zone_name,
}
PROPERTIES: Mapping[Kind, Mapping[str, Callable[[Any], Value]]] = {
    Kind.DATE: _DAY,
    Kind.TIME: _CLOCK,
    Kind.DATE_TIME: {**_DAY, **_CLOCK},
    Kind.MONTHS: {
        "years": lambda length: _toward_zero(length.count, MONTHS_A_YEAR),
        "months": lambda length: _rest(length.count, MONTHS_A_YEAR),
    },
    Kind.DAYS: {
        "days": lambda length: _toward_zero(_seconds(length), 86_400),
        "hours": lambda length: _rest(int(_toward_zero(_seconds(length), 3_600)), 24),
        "minutes": lambda length: _rest(int(_toward_zero(_seconds(length), 60)), 60),
        "seconds": lambda length: _rest(_seconds(length), 60),
    },
}


def whole_months_between(start: dt.date, end: dt.date) -> Months:
    """Whole months from one day to the other, negative when it lies before (`years and months duration`)."""
    if end < start:
        return Months(-whole_months_between(end, start).count)
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    return Months(months - (end.day < start.day))
