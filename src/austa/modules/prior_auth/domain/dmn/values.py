"""The values of FEEL and what holds between them: kinds, equality, order and text (DMN 1.3, chapter 10.3.2).

Numbers are IEEE 754 decimals of 34 digits. A list is a Python list, a context a dict, null is None. What the standard
leaves undefined (two kinds that don't compare) is None here; who evaluates strictly makes an error of it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

DIGITS = 34
NUMBERS = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
MONTHS_A_YEAR = 12


@dataclass(frozen=True, order=True, slots=True)
class Months:
    """A years and months duration, in months; negative ones exist."""

    count: int


Value: TypeAlias = (
    bool
    | Decimal
    | str
    | dt.date
    | dt.time
    | dt.datetime
    | dt.timedelta
    | Months
    | list["Value"]
    | dict[str, "Value"]
    | None
)


class Kind(StrEnum):
    """What a value is; the text is the name FEEL has for the type."""

    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    LIST = "list"
    CONTEXT = "context"


ORDERED = frozenset(
    {Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS},
)

KIND_BY_TYPE: Mapping[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    Decimal: Kind.NUMBER,
    str: Kind.STRING,
    dt.date: Kind.DATE,
    dt.time: Kind.TIME,
    dt.datetime: Kind.DATE_TIME,
    dt.timedelta: Kind.DAYS,
    Months: Kind.MONTHS,
    list: Kind.LIST,
    dict: Kind.CONTEXT,
}


SAID: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NULL: "nulo",
        Kind.BOOLEAN: "sim ou não",
        Kind.NUMBER: "um número",
        Kind.STRING: "um texto",
        Kind.DATE: "uma data",
        Kind.TIME: "um horário",
        Kind.DATE_TIME: "uma data com hora",
        Kind.DAYS: "uma duração em dias e horas",
        Kind.MONTHS: "uma duração em anos e meses",
        Kind.LIST: "uma lista",
        Kind.CONTEXT: "um conjunto de dados",
    }
)
"""What a value is, in Portuguese."""


def kind_of(value: Value) -> Kind:
    """The kind of a FEEL value. Exact types only: a bool is no number, a date and time is no date."""
    return KIND_BY_TYPE[type(value)]


def number(value: int | str | Decimal) -> Decimal | None:
    """The number rounded to 34 digits, or None when it is not finite or too large."""
    rounded = NUMBERS.create_decimal(value)
    return rounded if rounded.is_finite() else None


def equal(left: Value, right: Value) -> bool | None:
    """FEEL `=`: null equals only null; None where the kinds differ and the standard says nothing."""
    if left is None or right is None:
        return left is None and right is None
    kind = kind_of(left)
    if kind is not kind_of(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            equal(one, other) is True for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[name], right[name]) is True for name in left)
    if _are_apart(left, right):
        return None
    return left == right


def less(left: Value, right: Value) -> bool | None:
    """FEEL `<`: None unless both are of one ordered kind (a local and a zoned time don't compare)."""
    kind = kind_of(left)
    if kind is not kind_of(right) or kind not in ORDERED or _are_apart(left, right):
        return None
    one: Any = left
    other: Any = right
    return bool(one < other)


def is_zoned(value: Value) -> bool:
    """Whether a time, or date and time, knows its offset from UTC."""
    return isinstance(value, dt.datetime | dt.time) and value.utcoffset() is not None


def _are_apart(left: Value, right: Value) -> bool:
    return is_zoned(left) is not is_zoned(right)


def add_months(day: dt.date, months: int) -> dt.date | None:
    """The same day so many months later, or the last day of a shorter month; None outside the years 1 to 9999."""
    years, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=years, month=month + 1, day=min(day.day, last))
        except (ValueError, OverflowError):
            continue
    return None


def feel_text(value: Value) -> str:
    """A value as FEEL's `string()` writes it; text inside lists and contexts is quoted."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date | dt.time | dt.timedelta | Months):
        return temporal_text(value)
    return as_literal(value)


def as_literal(value: Value) -> str:
    """A value as a FEEL expression that means it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case str():
            return quoted(value)
        case list():
            return "[" + ", ".join(as_literal(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{quoted(name)}: {as_literal(item)}" for name, item in value.items()) + "}"
        case _:
            return f"{_LITERAL[kind_of(value)]}({quoted(temporal_text(value))})"


_LITERAL = {
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATE_TIME: "date and time",
    Kind.DAYS: "duration",
    Kind.MONTHS: "duration",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """A FEEL string literal."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def temporal_text(value: dt.date | dt.time | dt.timedelta | Months) -> str:
    """A date, time, date and time, or duration, as ISO 8601 writes it."""
    match value:
        case Months():
            return _months_text(value.count)
        case dt.timedelta():
            return _days_text(value)
        case dt.datetime() | dt.time():
            return _clock_text(value)
        case _:
            return value.isoformat()


def _clock_text(value: dt.datetime | dt.time) -> str:
    local = value.replace(tzinfo=None).isoformat()
    local = local.rstrip("0") if value.microsecond else local
    zone = getattr(value.tzinfo, "key", None)
    if zone is not None:
        return f"{local}@{zone}"
    offset = (
        value.replace(microsecond=0).isoformat().removeprefix(value.replace(microsecond=0, tzinfo=None).isoformat())
    )
    return local + ("Z" if offset == "+00:00" else offset)


def _months_text(months: int) -> str:
    years, rest = divmod(abs(months), MONTHS_A_YEAR)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (text or "0M")


def _days_text(duration: dt.timedelta) -> str:
    length = abs(duration)
    hours, seconds = divmod(length.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    text = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "")
    return ("-" if duration < dt.timedelta() else "") + "P" + (text or "T0S")
