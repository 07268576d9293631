"""A column cut into regions in which every cell answers the same: the points its cells name, and the gaps between them.

Region 2k+1 is the k-th point, region 2k the gap before it. What a cell passes is a set of regions, kept as the bits of
an integer. Evaluation looks up a value's region; the analysis walks all of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from austa.modules.prior_auth.domain.dmn.syntax import Compared, Literal, UnaryTests
from austa.modules.prior_auth.domain.dmn.values import ORDERED, Kind, Value, is_zoned, kind_of, less


@dataclass(frozen=True)
class Regions:
    """The regions of values of one kind (of times: all local, or all zoned)."""

    kind: Kind
    zoned: bool
    points: tuple[Any, ...]

    @property
    def count(self) -> int:
        """How many regions there are, gaps before and after all points included."""
        return 2 * len(self.points) + 1

    @property
    def all(self) -> int:
        """Every region a value can lie in; there is nothing beside true and false."""
        if self.kind is Kind.BOOLEAN:
            return sum(1 << (2 * at + 1) for at in range(len(self.points)))
        return (1 << self.count) - 1

    def holds(self, value: Value) -> bool:
        """Whether a value is of these regions' kind."""
        return kind_of(value) is self.kind and is_zoned(value) is self.zoned

    def region_of(self, value: Value) -> int:
        """The region of a value that `holds`."""
        known: Any = value
        at = bisect_left(self.points, known)
        return 2 * at + (at < len(self.points) and self.points[at] == value)

    def passed_by(self, tests: UnaryTests) -> int:
        """The regions whose values pass a cell of constant tests."""
        if not tests.tests:
            return self.all
        found = 0
        for test in tests.tests:
            if isinstance(test, Compared):
                found |= self._compared(test.operator, _constant(test.end))
            else:
                low = self._compared(">=" if test.low_closed else ">", _constant(test.low))
                found |= low & self._compared("<=" if test.high_closed else "<", _constant(test.high))
        return (self.all & ~found) if tests.negated else (self.all & found)

    def _compared(self, operator: str, end: Any) -> int:
        if end is None:
            return self.all if operator == "!=" else 0
        at = 2 * bisect_left(self.points, end) + 1
        point, below = 1 << at, (1 << at) - 1
        everything = (1 << self.count) - 1
        match operator:
            case "=":
                return point
            case "!=":
                return everything & ~point
            case "<":
                return below
            case "<=":
                return below | point
            case ">":
                return everything & ~(below | point)
            case _:
                return everything & ~below


def regions_of(columns: Sequence[UnaryTests]) -> Regions | None:
    """The regions that constant cells make; None when they name nothing, or values that don't compare."""
    ends = [end for tests in columns for end in constant_ends(tests) if end is not None]
    kinds = {(kind_of(end), is_zoned(end)) for end in ends}
    if len(kinds) != 1:
        return None
    (kind, zoned) = kinds.pop()
    if kind is Kind.BOOLEAN:
        return Regions(kind, False, (False, True))
    if kind not in ORDERED:
        return None
    points: list[Value] = []
    for end in sorted(ends, key=cmp_to_key(_order)):
        if not points or points[-1] != end:
            points.append(end)
    return Regions(kind, zoned, tuple(points))


def is_constant(tests: UnaryTests) -> bool:
    """Whether a cell names only values."""
    return all(
        isinstance(end, Literal)
        for test in tests.tests
        for end in ((test.end,) if isinstance(test, Compared) else (test.low, test.high))
    )


def constant_ends(tests: UnaryTests) -> list[Value]:
    """The values that a constant cell names."""
    ends: list[Value] = []
    for test in tests.tests:
        if isinstance(test, Compared):
            ends.append(_constant(test.end))
        else:
            ends += [_constant(test.low), _constant(test.high)]
    return ends


def _constant(end: object) -> Value:
    if not isinstance(end, Literal):
        raise TypeError("the cell is not constant")
    return end.value


def _order(left: Value, right: Value) -> int:
    return -1 if less(left, right) else int(bool(less(right, left)))
