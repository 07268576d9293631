"""Dates, times and durations from text, strictly as XML Schema writes them (DMN 1.3, 10.3.2.3).

Years 1 to 9999 and microseconds: what does not fit is None, never rounded.
"""

import datetime as dt
import re
import zoneinfo

from austa.modules.prior_auth.domain.dmn.values import MONTHS_A_YEAR, Months

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6})0*)?(?:(Z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([A-Za-z0-9_+\-/]+))?",
    re.ASCII,
)
_DAYS = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6})0*)?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_FARTHEST_OFFSET = dt.timedelta(hours=14)
_LONGEST = 10
_LONGEST_TEXT = 80


def read_date(text: str) -> dt.date | None:
    """`2024-02-29`; None when it is no such day."""
    found = _DATE.fullmatch(text)
    if found is None or not text.isascii():
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def read_time(text: str) -> dt.time | None:
    """`13:45:00`, with `Z`, an offset or `@` and a zone of the IANA database where wanted."""
    found = _TIME.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if found is None:
        return None
    hour, minute, second, fraction, utc, sign, hours, minutes, seconds, zone = found.groups()
    try:
        tz = _zone(utc, sign, hours, minutes, seconds, zone)
        return dt.time(int(hour), int(minute), int(second), int((fraction or "0").ljust(6, "0")), tz)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return None


def read_date_time(text: str) -> dt.datetime | None:
    """`2024-02-29T13:45:00Z`; a date alone means its midnight."""
    day_text, separator, time_text = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    clock = read_time(time_text) if separator else dt.time()
    return None if clock is None else dt.datetime.combine(day, clock)


def read_duration(text: str) -> dt.timedelta | Months | None:
    """`P1Y6M` or `P2DT4H`: years and months never mix with days."""
    if text.endswith(("P", "T")) or len(text) > _LONGEST_TEXT:
        return None
    months = _MONTHS.fullmatch(text)
    if months is not None:
        sign, years, rest = months.groups()
        count = int(years or 0) * MONTHS_A_YEAR + int(rest or 0)
        return Months(-count if sign else count)
    days = _DAYS.fullmatch(text)
    if days is None or any(part and len(part) > _LONGEST for part in days.groups()):
        return None
    sign, day, hour, minute, second, fraction = days.groups()
    try:
        length = dt.timedelta(
            days=int(day or 0),
            hours=int(hour or 0),
            minutes=int(minute or 0),
            seconds=int(second or 0),
            microseconds=int((fraction or "0").ljust(6, "0")),
        )
    except OverflowError:
        return None
    return -length if sign else length


def offset_of(away: dt.timedelta) -> dt.timezone:
    """The fixed zone so far from UTC; ValueError beyond fourteen hours."""
    if abs(away) > _FARTHEST_OFFSET:
        raise ValueError(away)
    return dt.timezone(away)


def _zone(
    utc: str | None, sign: str | None, hours: str | None, minutes: str | None, seconds: str | None, zone: str | None
) -> dt.tzinfo | None:
    if utc:
        return dt.UTC
    if zone:
        return zoneinfo.ZoneInfo(zone)
    if not sign:
        return None
    away = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise ValueError(away)
    return offset_of(-away if sign == "-" else away)
