"""Values from outside: Python objects and JSON into FEEL values, and back into JSON."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.item_types import ANY, ItemType
from austa.modules.prior_auth.domain.dmn.temporal import read_date, read_date_time, read_duration, read_time
from austa.modules.prior_auth.domain.dmn.values import DIGITS, KIND_BY_TYPE, Kind, Value, number, temporal_text

DEEPEST = 50


def feel_value(given: Any, name: str, depth: int = 0) -> Value:
    """A Python object as a FEEL value. Raises Undefined where FEEL has no such value: a float is a rounding already.

    Errors name the input, and no part of it: keys may be anyone's.
    """
    kind = KIND_BY_TYPE.get(type(given))
    if type(given) is int or kind is Kind.NUMBER:
        found = number(given)
        if found is None:
            raise Undefined("input_mistyped", f"the input {name} is no number of 34 digits", name)
        return found
    if kind is Kind.LIST or isinstance(given, tuple):
        return [feel_value(item, name, _deeper(depth, name)) for item in given]
    if kind is Kind.CONTEXT or isinstance(given, Mapping):
        return {str(part): feel_value(item, name, _deeper(depth, name)) for part, item in given.items()}
    if kind is None:
        raise Undefined("input_mistyped", f"the input {name} is a {type(given).__name__}: FEEL has none", name)
    exact: Value = given
    return exact


def from_json(given: Any, wanted: ItemType, name: str, depth: int = 0) -> Value:
    """A JSON value as a FEEL value of the wanted type: dates, times and durations are texts in JSON.

    Read numbers with `parse_float=Decimal`. Raises Undefined where a text is no such date.
    """
    if wanted.element is not None and isinstance(given, list):
        return [from_json(item, wanted.element, name, _deeper(depth, name)) for item in given]
    if isinstance(given, dict):
        deeper = _deeper(depth, name)
        return {part: from_json(item, wanted.part(part) or ANY, name, deeper) for part, item in given.items()}
    if isinstance(given, str) and wanted.kind in _READERS:
        found = _READERS[wanted.kind](given)
        if found is None or KIND_BY_TYPE[type(found)] is not wanted.kind:
            raise Undefined("input_mistyped", f"the input {name} should be a {wanted.kind}", name)
        return found
    return feel_value(given, name, depth)


def _deeper(depth: int, name: str) -> int:
    if depth >= DEEPEST:
        raise Undefined("input_mistyped", f"the input {name} is nested more than {DEEPEST} deep", name)
    return depth + 1


def to_json(value: Value) -> Any:
    """A FEEL value for JSON: whole numbers as int, others as text that loses no digit; dates, durations as ISO 8601."""
    match value:
        case Decimal():
            is_whole = value.adjusted() < DIGITS and value == value.to_integral_value()
            return int(value) if is_whole else format(value, "f")
        case list():
            return [to_json(item) for item in value]
        case dict():
            return {name: to_json(item) for name, item in value.items()}
        case None | bool() | str():
            return value
        case _:
            return temporal_text(value)


_READERS: Mapping[Kind | None, Callable[[str], Value]] = {
    Kind.DATE: read_date,
    Kind.TIME: read_time,
    Kind.DATE_TIME: read_date_time,
    Kind.DAYS: read_duration,
    Kind.MONTHS: read_duration,
}
