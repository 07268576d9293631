"""The types of a model: what a variable may hold, and whether a value is one (DMN 1.3, 7.3.2 and 10.3.2.9)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from austa.modules.prior_auth.domain.dmn.syntax import UnaryTests
from austa.modules.prior_auth.domain.dmn.values import SAID, Kind, Value, kind_of

BUILT_IN = {
    "number": Kind.NUMBER,
    "string": Kind.STRING,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "date and time": Kind.DATE_TIME,
    "dateTime": Kind.DATE_TIME,
    "days and time duration": Kind.DAYS,
    "dayTimeDuration": Kind.DAYS,
    "years and months duration": Kind.MONTHS,
    "yearMonthDuration": Kind.MONTHS,
    "list": Kind.LIST,
    "context": Kind.CONTEXT,
}


@dataclass(frozen=True)
class ItemType:
    """A type. `kind` None means any; `element` is there for collections, `parts` for structures."""

    name: str
    kind: Kind | None = None
    parts: tuple[tuple[str, "ItemType"], ...] = ()
    element: "ItemType | None" = None
    allowed: UnaryTests | None = None
    allows: Callable[[Value], bool] | None = field(default=None, compare=False)

    def part(self, name: str) -> "ItemType | None":
        """The type of a component, None when there is none of that name."""
        return next((found for part, found in self.parts if part == name), None)


ANY = ItemType("Any")


def conforms(value: Value, wanted: ItemType) -> bool:
    """Whether a value is of the type, down to the components and the allowed values. Null is of every type."""
    return why_not(value, wanted) is None


def why_not(value: Value, wanted: ItemType) -> str | None:
    """What a value lacks to be of the type, without the value; None when it is of the type."""
    if value is None:
        return None
    if wanted.element is not None:
        return _why_no_collection(value, wanted, wanted.element)
    if wanted.kind is not None and kind_of(value) is not wanted.kind:
        return f"a {wanted.kind}, not a {kind_of(value)}"
    if wanted.parts and isinstance(value, dict):
        for name, part in wanted.parts:
            lacking = why_not(value.get(name), part)
            if lacking:
                return f"{name}: {lacking}"
    if wanted.allows is not None and not wanted.allows(value):
        return f"one of the allowed values of {wanted.name}"
    return None


def type_said(wanted: ItemType) -> str:
    """In Portuguese, what a value of the type is."""
    if wanted.element is not None:
        return f"uma lista em que cada item seja {type_said(wanted.element)}"
    if wanted.allows is not None:
        return f"um dos valores permitidos de {wanted.name}"
    if wanted.parts:
        return f"{SAID[Kind.CONTEXT]} com {', '.join(name for name, _ in wanted.parts)}, cada um do seu tipo"
    return SAID[wanted.kind] if wanted.kind is not None else f"um valor do tipo {wanted.name}"


def _why_no_collection(value: Value, wanted: ItemType, element: ItemType) -> str | None:
    if not isinstance(value, list):
        return f"a list, not a {kind_of(value)}"
    lacking = next((found for item in value if (found := why_not(item, element))), None)
    if lacking:
        return f"a list in which every item is {lacking}"
    if wanted.allows is not None and not wanted.allows(value):
        return f"one of the allowed values of {wanted.name}"
    return None


def fitted(value: Value, wanted: ItemType) -> tuple[bool, Value]:
    """The value as the type, with the standard's conversions between one item and a list of one item."""
    if conforms(value, wanted):
        return True, value
    if wanted.element is not None and not isinstance(value, list):
        return conforms([value], wanted), [value]
    if wanted.element is None and isinstance(value, list) and len(value) == 1:
        return conforms(value[0], wanted), value[0]
    return False, None
