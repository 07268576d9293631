"""Arithmetic of FEEL values (DMN 1.3, tables 55 to 58). None where the kinds don't fit or the result is none."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from austa.modules.prior_auth.domain.dmn.values import NUMBERS, Months, Value, add_months, equal, is_zoned, less

_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)


def add(left: Value, right: Value) -> Value:
    """`+`: numbers, texts, durations of one kind, and a duration to a day or time."""
    match left, right:
        case Decimal(), Decimal():
            return _finite(NUMBERS.add(left, right))
        case str(), str():
            return left + right
        case Months(), Months():
            return Months(left.count + right.count)
        case dt.timedelta(), dt.timedelta():
            return _within(lambda: left + right)
        case (dt.timedelta() | Months(), dt.date() | dt.time()):
            return _moved(right, left)
        case (dt.date() | dt.time(), dt.timedelta() | Months()):
            return _moved(left, right)
        case _:
            return None


def subtract(left: Value, right: Value) -> Value:
    """`-`: numbers, durations, a duration from a day or time, and the time between two of them."""
    match left, right:
        case Decimal(), Decimal():
            return _finite(NUMBERS.subtract(left, right))
        case Months(), Months():
            return Months(left.count - right.count)
        case dt.timedelta(), dt.timedelta():
            return _within(lambda: left - right)
        case (dt.date() | dt.time(), dt.timedelta() | Months()):
            back = negate(right)
            return _moved(left, back) if isinstance(back, dt.timedelta | Months) else None
        case dt.date(), dt.date():
            return _between(_moment(left, right), _moment(right, left))
        case dt.time(), dt.time():
            day = dt.date(2000, 1, 1)
            return _between(dt.datetime.combine(day, left), dt.datetime.combine(day, right))
        case _:
            return None


def multiply(left: Value, right: Value) -> Value:
    """`*`: numbers, and a duration so many times (whole months towards zero)."""
    match left, right:
        case Decimal(), Decimal():
            return _finite(NUMBERS.multiply(left, right))
        case (Decimal(), Months() | dt.timedelta()):
            return multiply(right, left)
        case Months(), Decimal():
            return _months(NUMBERS.multiply(Decimal(left.count), right))
        case dt.timedelta(), Decimal():
            return _length(NUMBERS.multiply(Decimal(left // _MICROSECOND), right))
        case _:
            return None


def divide(left: Value, right: Value) -> Value:
    """`/`: numbers, a duration into parts, and how often one duration fits another."""
    match left, right:
        case Decimal(), Decimal():
            return _quotient(left, right)
        case Months(), Decimal():
            share = _quotient(Decimal(left.count), right)
            return None if share is None else _months(share)
        case dt.timedelta(), Decimal():
            share = _quotient(Decimal(left // _MICROSECOND), right)
            return None if share is None else _length(share)
        case Months(), Months():
            return _quotient(Decimal(left.count), Decimal(right.count))
        case dt.timedelta(), dt.timedelta():
            return _quotient(Decimal(left // _MICROSECOND), Decimal(right // _MICROSECOND))
        case _:
            return None


def power(left: Value, right: Value) -> Value:
    """`**` of two numbers."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _finite(NUMBERS.power(left, right))
    return None


def negate(operand: Value) -> Value:
    """`-x` of a number or a duration."""
    match operand:
        case Decimal():
            return NUMBERS.minus(operand)
        case Months():
            return Months(-operand.count)
        case dt.timedelta():
            return _within(lambda: -operand)
        case _:
            return None


def at_most(left: Value, right: Value) -> bool | None:
    """`<=`"""
    return _not(less(right, left))


def unequal(left: Value, right: Value) -> bool | None:
    """`!=`"""
    return _not(equal(left, right))


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


ARITHMETIC: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
COMPARISON: Mapping[str, Callable[[Value, Value], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: at_most(right, left),
}


def _finite(found: Decimal) -> Decimal | None:
    return found if found.is_finite() else None


def _quotient(left: Decimal, right: Decimal) -> Decimal | None:
    return None if right == 0 else _finite(NUMBERS.divide(left, right))


def _months(count: Decimal) -> Months | None:
    return Months(int(count)) if count.is_finite() and abs(count) < Decimal(10) ** 12 else None


def _length(microseconds: Decimal) -> dt.timedelta | None:
    if not microseconds.is_finite() or abs(microseconds) > Decimal(10) ** 20:
        return None
    return _within(lambda: dt.timedelta(microseconds=int(microseconds)))


def _within(compute: Callable[[], dt.timedelta]) -> dt.timedelta | None:
    try:
        return compute()
    except OverflowError:
        return None


def _moved(start: dt.date | dt.time, by: dt.timedelta | Months) -> Value:
    """A day stays a day: of the time part only whole days count. A time of day goes round the clock."""
    if isinstance(start, dt.time):
        if isinstance(by, Months):
            return None
        moment = dt.datetime.combine(dt.date(2000, 1, 1), start.replace(tzinfo=None)) + by % _DAY
        return moment.timetz().replace(tzinfo=start.tzinfo)
    if isinstance(by, Months):
        return add_months(start, by.count)
    try:
        if isinstance(start, dt.datetime):
            # Across a change of summer time a duration is a length, not a shift of the clock on the wall.
            return start + by if start.tzinfo is None else (start.astimezone(dt.UTC) + by).astimezone(start.tzinfo)
        return (dt.datetime.combine(start, dt.time()) + by).date()
    except OverflowError:
        return None


def _moment(day: dt.date, other: dt.date) -> dt.datetime:
    """A day as its midnight, in UTC where the other side knows its zone."""
    if isinstance(day, dt.datetime):
        return day
    return dt.datetime.combine(day, dt.time(), dt.UTC if is_zoned(other) else None)


def _between(left: dt.datetime, right: dt.datetime) -> dt.timedelta | None:
    if is_zoned(left) is not is_zoned(right):
        return None
    if left.tzinfo is not None and right.tzinfo is not None:
        return left.astimezone(dt.UTC) - right.astimezone(dt.UTC)
    return left - right
