"""A value from a region of a column, as simple as one can be found: what an author reads as an example."""

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from austa.modules.prior_auth.domain.dmn.regions import Regions
from austa.modules.prior_auth.domain.dmn.values import NUMBERS, Kind, Months, Value

OTHER_TEXT = "outro"
_SECOND = dt.timedelta(seconds=1)
_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
_ONE = Decimal(1)


def sample_of(regions: Regions, region: int) -> Value:
    """A value that lies in the region; None when none can (no day lies between two days that follow each other)."""
    at, is_point = divmod(region, 2)
    if is_point:
        point: Value = regions.points[at]
        return point
    low = regions.points[at - 1] if at > 0 else None
    high = regions.points[at] if at < len(regions.points) else None
    return next((value for value in _between(regions.kind, low, high) if regions.region_of(value) == region), None)


def inhabited(regions: Regions) -> int:
    """The regions that some value lies in."""
    return sum(
        1 << region for region in range(regions.count) if regions.all >> region & 1 and _has_sample(regions, region)
    )


def simplest(regions: Regions, chosen: int) -> Value:
    """A sample of one of the chosen regions: a point where there is one, else a gap."""
    if regions.kind is Kind.STRING and chosen >> regions.region_of(OTHER_TEXT) & 1:
        points = [region for region in range(1, regions.count, 2) if chosen >> region & 1]
        return sample_of(regions, points[0]) if points else OTHER_TEXT
    order = [*range(1, regions.count, 2), *range(0, regions.count, 2)]
    found = (sample_of(regions, region) for region in order if chosen >> region & 1)
    return next((value for value in found if value is not None), None)


def _has_sample(regions: Regions, region: int) -> bool:
    return sample_of(regions, region) is not None


def _between(kind: Kind, low: Any, high: Any) -> Iterator[Value]:
    """Candidates above `low` and below `high` (either may be missing), simplest first."""
    match kind:
        case Kind.NUMBER:
            yield from _numbers(low, high)
        case Kind.STRING:
            yield from _texts(low)
        case Kind.MONTHS:
            yield Months(high.count - 1) if low is None else Months(low.count + 1)
        case Kind.DATE:
            yield from _moved(low, high, _DAY)
        case Kind.TIME:
            yield from _clocks(low, high)
        case _:
            for step in (_DAY, _SECOND, _MICROSECOND):
                yield from _moved(low, high, step)


def _numbers(low: Decimal | None, high: Decimal | None) -> Iterator[Value]:
    if low is None and high is not None:
        yield NUMBERS.subtract(high.to_integral_value(ROUND_CEILING), _ONE)
    elif low is not None:
        yield NUMBERS.add(low.to_integral_value(ROUND_FLOOR), _ONE)
        if high is not None:
            yield NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))


def _texts(low: str | None) -> Iterator[Value]:
    yield OTHER_TEXT
    if low is None:
        yield ""
    else:
        yield low + " "
        yield low + "\0"


def _moved(low: Any, high: Any, step: dt.timedelta) -> Iterator[Value]:
    try:
        yield high - step if low is None else low + step
    except OverflowError:
        return


def _clocks(low: dt.time | None, high: dt.time | None) -> Iterator[Value]:
    """A time that goes round midnight lies in another region, and is no candidate there."""
    start = low or high
    if start is None:
        return
    zone = start.tzinfo
    day = dt.datetime.combine(dt.date(2000, 1, 1), start.replace(tzinfo=None))
    for step in (_SECOND, _MICROSECOND):
        moved = day + step if low is not None else day - step
        yield moved.time().replace(tzinfo=zone)
