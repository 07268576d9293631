"""The built-in functions of this level (DMN 1.3, 10.3.4): conversions, dates, and a few over numbers, texts and lists.

A function is undefined (None) for arguments of other kinds; null is a result only where `not` makes it.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from austa.modules.prior_auth.domain.dmn.arithmetic import add
from austa.modules.prior_auth.domain.dmn.properties import whole_months_between
from austa.modules.prior_auth.domain.dmn.temporal import (
    offset_of,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from austa.modules.prior_auth.domain.dmn.values import (
    DIGITS,
    NUMBERS,
    Value,
    equal,
    feel_text,
    less,
    number,
)


@dataclass(frozen=True)
class BuiltIn:
    """A function: the names of its arguments for each way to call it, and what it does.

    `any_number` takes one list, or the items themselves.
    """

    ways: tuple[tuple[str, ...], ...]
    apply: Callable[..., Value]
    any_number: bool = False


def _date(*arguments: Value) -> Value:
    match arguments:
        case [str(text)]:
            return read_date(text)
        case [dt.datetime() as moment]:
            return moment.date()
        case [dt.date() as day]:
            return day
        case [Decimal() as year, Decimal() as month, Decimal() as day]:
            return _built(lambda: dt.date(_whole(year), _whole(month), _whole(day)))
        case _:
            return None


def _time(*arguments: Value) -> Value:
    match arguments:
        case [str(text)]:
            return read_time(text)
        case [dt.datetime() as moment]:
            return moment.timetz()
        case [dt.time() as clock]:
            return clock
        case [dt.date()]:
            return dt.time(tzinfo=dt.UTC)
        case [Decimal() as hour, Decimal() as minute, Decimal() as second, *zone]:
            return _built(lambda: _clock(hour, minute, second, zone[0] if zone else None))
        case _:
            return None


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: Value) -> dt.time:
    whole, micro = divmod(_whole(second.scaleb(6)), 1_000_000)
    if isinstance(zone, dt.timedelta):
        return dt.time(_whole(hour), _whole(minute), whole, micro, offset_of(zone))
    if zone is not None:
        raise ValueError(zone)
    return dt.time(_whole(hour), _whole(minute), whole, micro)


def _date_time(*arguments: Value) -> Value:
    match arguments:
        case [str(text)]:
            return read_date_time(text)
        case [dt.datetime() as moment]:
            return moment
        case [dt.datetime() as moment, dt.time() as clock]:
            return dt.datetime.combine(moment.date(), clock)
        case [dt.datetime() as moment, str(zone)]:
            return _built(lambda: moment.astimezone(zoneinfo.ZoneInfo(zone)))
        case [dt.date() as day, dt.time() as clock]:
            return dt.datetime.combine(day, clock)
        case _:
            return None


def _duration(text: Value) -> Value:
    return read_duration(text) if isinstance(text, str) else None


def _years_and_months(start: Value, end: Value) -> Value:
    if not isinstance(start, dt.date) or not isinstance(end, dt.date):
        return None
    if isinstance(start, dt.datetime) and isinstance(end, dt.datetime) and less(start, end) is None and start != end:
        return None
    return whole_months_between(_as_day(start), _as_day(end))


def _as_day(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


def _number(text: Value, *separators: Value) -> Value:
    if not isinstance(text, str):
        return None
    if separators:
        group, point = separators
        if group not in {None, " ", ",", "."} or point not in {None, ".", ","} or (group == point and group):
            return None
        text = text.replace(str(group), "") if group else text
        text = text.replace(str(point), ".") if point else text
    digits = text.removeprefix("-")
    if not digits.replace(".", "", 1).isascii() or not digits.replace(".", "", 1).isdigit() or digits.endswith("."):
        return None
    return number(text)


def _string(value: Value) -> Value:
    return None if value is None else feel_text(value)


def _not(truth: Value) -> Value:
    return (not truth) if isinstance(truth, bool) else None


def _rounded(how: str) -> Callable[..., Value]:
    def apply(amount: Value, scale: Value = Decimal(0)) -> Value:
        if not isinstance(amount, Decimal) or not isinstance(scale, Decimal) or scale != scale.to_integral_value():
            return None
        if abs(scale) > DIGITS:
            return None
        context = NUMBERS.copy()
        context.rounding = how
        found = amount.quantize(Decimal(1).scaleb(-int(scale)), context=context)
        return found if found.is_finite() else None

    return apply


def _absolute(amount: Value) -> Value:
    match amount:
        case Decimal():
            return NUMBERS.abs(amount)
        case dt.timedelta():
            return abs(amount)
        case _:
            return None


def _modulo(dividend: Value, divisor: Value) -> Value:
    if not isinstance(dividend, Decimal) or not isinstance(divisor, Decimal) or divisor == 0:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    if not rest.is_finite():
        return None
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) is not (divisor < 0) else rest


def _least(items: Value) -> Value:
    return _extreme(items, less)


def _greatest(items: Value) -> Value:
    return _extreme(items, lambda item, best: less(best, item))


def _extreme(items: Value, is_better: Callable[[Value, Value], bool | None]) -> Value:
    if not isinstance(items, list) or not items:
        return None
    best = items[0]
    for item in items:
        better = is_better(item, best)
        if better is None:
            return None
        best = item if better else best
    return best


def _sum(items: Value) -> Value:
    if not isinstance(items, list) or not items:
        return None
    total: Value = items[0]
    for item in items[1:]:
        total = add(total, item)
    return total if not isinstance(total, str) else None


def _count(items: Value) -> Value:
    return Decimal(len(items)) if isinstance(items, list) else None


def _list_contains(items: Value, element: Value) -> Value:
    return any(equal(item, element) is True for item in items) if isinstance(items, list) else None


def _of_texts(apply: Callable[..., Value]) -> Callable[..., Value]:
    def checked(*texts: Value) -> Value:
        return apply(*texts) if all(isinstance(text, str) for text in texts) else None

    return checked


def _whole(amount: Decimal) -> int:
    if amount != amount.to_integral_value() or abs(amount) > Decimal(10) ** 12:
        raise ValueError(amount)
    return int(amount)


def _built(build: Callable[[], Value]) -> Value:
    try:
        return build()
    except (ValueError, OverflowError, zoneinfo.ZoneInfoNotFoundError):
        return None


BUILT_IN: Mapping[str, BuiltIn] = {
    "date": BuiltIn((("from",), ("year", "month", "day")), _date),
    "time": BuiltIn((("from",), ("hour", "minute", "second"), ("hour", "minute", "second", "offset")), _time),
    "date and time": BuiltIn((("from",), ("date", "time")), _date_time),
    "duration": BuiltIn((("from",),), _duration),
    "years and months duration": BuiltIn((("from", "to"),), _years_and_months),
    "number": BuiltIn((("from",), ("from", "grouping separator", "decimal separator")), _number),
    "string": BuiltIn((("from",),), _string),
    "not": BuiltIn((("negand",),), _not),
    "decimal": BuiltIn((("n", "scale"),), _rounded(ROUND_HALF_EVEN)),
    "floor": BuiltIn((("n",), ("n", "scale")), _rounded(ROUND_FLOOR)),
    "ceiling": BuiltIn((("n",), ("n", "scale")), _rounded(ROUND_CEILING)),
    "abs": BuiltIn((("n",),), _absolute),
    "modulo": BuiltIn((("dividend", "divisor"),), _modulo),
    "min": BuiltIn((("list",),), _least, any_number=True),
    "max": BuiltIn((("list",),), _greatest, any_number=True),
    "sum": BuiltIn((("list",),), _sum, any_number=True),
    "count": BuiltIn((("list",),), _count, any_number=True),
    "list contains": BuiltIn((("list", "element"),), _list_contains),
    "contains": BuiltIn((("string", "match"),), _of_texts(lambda text, match: match in text)),
    "starts with": BuiltIn((("string", "match"),), _of_texts(lambda text, match: text.startswith(match))),
    "ends with": BuiltIn((("string", "match"),), _of_texts(lambda text, match: text.endswith(match))),
    "string length": BuiltIn((("string",),), _of_texts(lambda text: Decimal(len(text)))),
    "upper case": BuiltIn((("string",),), _of_texts(lambda text: text.upper())),
    "lower case": BuiltIn((("string",),), _of_texts(lambda text: text.lower())),
}
BUILT_IN_NAMES = tuple(BUILT_IN)
FULL_FEEL_ONLY = (
    *("after", "all", "any", "append", "before", "coincides", "concatenate", "context", "context merge", "context put"),
    *("day of week", "day of year", "distinct values", "during", "even", "exp", "finished by", "finishes", "flatten"),
    *("get entries", "get value", "includes", "index of", "insert before", "is", "list replace", "log", "matches"),
    *("mean", "median", "meets", "met by", "mode", "month of year", "now", "odd", "overlaps", "overlaps after"),
    *("overlaps before", "product", "range", "remove", "replace", "reverse", "round down", "round half down"),
    *("round half up", "round up", "sort", "split", "sqrt", "started by", "starts", "stddev", "string join"),
    *("substring", "substring after", "substring before", "today", "union", "week of year"),
)
"""Refused by name. `now` and `today` would make a decision that cannot be replayed: the day is an input."""
READERS: Mapping[str, Callable[[str], Value]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_time,
    "duration": read_duration,
}
