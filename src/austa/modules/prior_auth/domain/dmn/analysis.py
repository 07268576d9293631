"""What is wrong with a table as a whole: rules that overlap, inputs that no rule takes, rules that never count.

The columns span a space of regions; a rule is a box in it. Every finding has an example of inputs. Cells that name
other values cannot be judged here: their rules are told as not judged, and what they might take is no gap. Null is one
more region of a column in which some cell names it, and left out of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.model import HitPolicy
from austa.modules.prior_auth.domain.dmn.regions import Regions, constant_ends, is_constant, regions_of
from austa.modules.prior_auth.domain.dmn.samples import OTHER_TEXT, inhabited, simplest
from austa.modules.prior_auth.domain.dmn.syntax import Compared, UnaryTests
from austa.modules.prior_auth.domain.dmn.table import Column, Table, priority_key, rules_in
from austa.modules.prior_auth.domain.dmn.values import Kind, Value, equal

MOST_FINDINGS = 50
MOST_STEPS = 2_000_000
_SINGLE = {HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST}


class FindingKind(StrEnum):
    """An overlap makes decisions fail; a gap and an unreachable rule are for the author to judge."""

    OVERLAP = "overlap"
    GAP = "gap"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Finding:
    """One thing found: the rules it is about (from 1), and inputs that show it, by the column's expression.

    An input that may be anything is not in the example. Of an unreachable rule the example is an input that it would
    take, and `instead` are the rules that take all of its inputs (none: its cells allow no input at all).
    """

    kind: FindingKind
    table: str
    rules: tuple[int, ...]
    example: tuple[tuple[str, Value], ...]
    instead: tuple[int, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """What was found in a table; `not_judged` are rules with cells that name other values, and `whole` is false when
    the table was too large to be searched to the end.
    """

    table: str
    findings: tuple[Finding, ...]
    not_judged: tuple[int, ...]
    whole: bool


def analyse(table: Table) -> Analysis:
    """Overlaps, gaps and unreachable rules of a table."""
    return _Space(table).analysis()


@dataclass(frozen=True)
class _Axis:
    """An input expression: its regions, which of them is null (0: none), those that values can lie in, for each rule
    those it may take, for each region the rules that may take it, the rules that take null, and those of which more
    cannot be said.
    """

    name: str
    regions: Regions | None
    null: int
    domain: int
    taken: tuple[int, ...]
    takers: tuple[int, ...]
    taking_null: frozenset[int]
    unjudged: frozenset[int]
    other: Value
    """A value where the cells name none but null; null where none is known."""

    def has_sample(self, chosen: int) -> bool:
        return self.regions is not None or chosen == self.null or self.other is not None

    def sample(self, chosen: int) -> Value:
        """The simplest value in these regions."""
        values = chosen & ~self.null
        if not values:
            return None
        return self.other if self.regions is None else simplest(self.regions, values)


class _TooLarge(Exception):
    pass


class _Space:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.axes = [_axis(name, columns) for name, columns in _by_expression(table)]
        self.rules = range(len(table.results))
        self.unjudged = frozenset[int]().union(*(axis.unjudged for axis in self.axes))
        self.judged = [rule for rule in self.rules if rule not in self.unjudged]
        self.steps = 0

    def analysis(self) -> Analysis:
        findings: list[Finding] = []
        whole = True
        try:
            for found in self._all():
                findings.append(found)
                if len(findings) >= MOST_FINDINGS:
                    whole = False
                    break
        except _TooLarge:
            whole = False
        not_judged = tuple(rule + 1 for rule in sorted(self.unjudged))
        return Analysis(self.table.owner, tuple(findings), not_judged, whole)

    def _all(self) -> Iterator[Finding]:
        yield from self._overlaps()
        yield from self._unreachable()
        policy = self.table.logic.hit_policy
        if policy in _SINGLE and all(output.default is None for output in self.table.outputs):
            yield from self._gaps()

    def _overlaps(self) -> Iterator[Finding]:
        policy = self.table.logic.hit_policy
        if policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
            return
        for at, one in enumerate(self.judged):
            for other in self.judged[at + 1 :]:
                self._step()
                if policy is HitPolicy.ANY and self._results_are_equal(one, other):
                    continue
                common = [axis.taken[one] & axis.taken[other] for axis in self.axes]
                if all(common):
                    yield self._finding(FindingKind.OVERLAP, (one, other), common)

    def _unreachable(self) -> Iterator[Finding]:
        for rule in self.judged:
            box = [axis.taken[rule] for axis in self.axes]
            if not all(box):
                if not all(axis.taken[rule] or rule in axis.taking_null for axis in self.axes):
                    yield Finding(FindingKind.UNREACHABLE, self.table.owner, (rule + 1,), ())
                continue
            before = self._counting_before(rule)
            if before and next(self._uncovered(box, before), None) is None:
                needed = self._fewest(box, before)
                finding = self._finding(FindingKind.UNREACHABLE, (rule,), box)
                yield Finding(finding.kind, finding.table, finding.rules, finding.example, tuple(r + 1 for r in needed))

    def _counting_before(self, rule: int) -> list[int]:
        """The rules that win over this one wherever both match."""
        policy = self.table.logic.hit_policy
        if policy is HitPolicy.FIRST:
            return [other for other in self.judged if other < rule]
        if policy is HitPolicy.PRIORITY:
            ranks = {other: self._rank(other) for other in self.judged}
            own = ranks[rule]
            if own is None:
                return []
            return [other for other, rank in ranks.items() if rank is not None and (rank, other) < (own, rule)]
        return []

    def _gaps(self) -> Iterator[Finding]:
        domain = [axis.domain for axis in self.axes]
        if all(domain):
            for box in self._uncovered(domain, self.rules):
                yield self._finding(FindingKind.GAP, (), box)

    def _uncovered(self, box: Sequence[int], rules: Sequence[int]) -> Iterator[list[int]]:
        """Parts of a box that none of the rules takes."""
        safe: set[tuple[int, int]] = set()

        def search(at: int, left: int, path: list[int]) -> Iterator[list[int]]:
            self._step()
            if not left:
                yield path + list(box[at:])
                return
            if at == len(box) or (at, left) in safe:
                return
            takers = self.axes[at].takers
            by_rest: dict[int, int] = {}
            for region in rules_in(box[at]):
                rest = left & takers[region]
                by_rest[rest] = by_rest.get(rest, 0) | 1 << region
            covered = True
            for rest, regions in by_rest.items():
                for found in search(at + 1, rest, [*path, regions]):
                    covered = False
                    yield found
            if covered:
                safe.add((at, left))

        yield from search(0, sum(1 << rule for rule in rules), [])

    def _fewest(self, box: Sequence[int], rules: Sequence[int]) -> list[int]:
        """Of the rules that cover a box together, those that cannot be left out."""
        return min((self._needed(box, rules, order) for order in (rules, rules[::-1])), key=len)

    def _needed(self, box: Sequence[int], rules: Sequence[int], order: Sequence[int]) -> list[int]:
        needed = list(rules)
        for rule in order:
            fewer = [other for other in needed if other != rule]
            if next(self._uncovered(box, fewer), None) is None:
                needed = fewer
        return needed

    def _finding(self, kind: FindingKind, rules: tuple[int, ...], box: Sequence[int]) -> Finding:
        example = tuple(
            (axis.name, axis.sample(regions))
            for axis, regions in zip(self.axes, box, strict=True)
            if axis.has_sample(regions) and (regions != axis.domain or (kind is FindingKind.OVERLAP and axis.regions))
        )
        return Finding(kind, self.table.owner, tuple(rule + 1 for rule in rules), example)

    def _results_are_equal(self, one: int, other: int) -> bool:
        """Whether two rules give the same; results that are computed may."""
        left, right = self._constant_result(one), self._constant_result(other)
        return left is None or right is None or all(equal(*pair) is True for pair in zip(left, right, strict=True))

    def _rank(self, rule: int) -> tuple[int, ...] | None:
        result = self._constant_result(rule)
        return None if result is None else priority_key(self.table.outputs)(result)

    def _constant_result(self, rule: int) -> list[Value] | None:
        try:
            return [compute({}) for compute in self.table.results[rule]]
        except (KeyError, Undefined):
            return None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooLarge


def _by_expression(table: Table) -> list[tuple[str, list[Column]]]:
    """Columns that ask the same expression are one axis."""
    grouped: dict[str, list[Column]] = {}
    for clause, column in zip(table.logic.inputs, table.columns, strict=True):
        grouped.setdefault(" ".join(clause.expression.split()), []).append(column)
    return list(grouped.items())


def _axis(name: str, columns: Sequence[Column]) -> _Axis:
    allowed = [column.allowed for column in columns if column.allowed is not None and is_constant(column.allowed)]
    constant = [cell for column in columns for cell in column.tests if is_constant(cell)]
    regions = regions_of([*constant, *allowed])
    ends = [end for cell in constant for end in constant_ends(cell)]
    only_null = regions is None and all(end is None for end in ends)
    rules = range(len(columns[0].tests))
    unjudged = frozenset(
        rule
        for rule in rules
        for column in columns
        if not is_constant(column.tests[rule]) or (regions is None and not only_null and column.tests[rule].tests)
    )
    taking_null = frozenset(
        rule
        for rule in rules
        if rule not in unjudged and all(column.asks[rule](None, {}) is True for column in columns)
    )
    domain, taken = _boxes(columns, regions, allowed)
    if only_null:
        taken = tuple(
            int(rule in unjudged or all(_takes_a_value(column.tests[rule]) for column in columns)) for rule in rules
        )
    other = _OTHERS.get(columns[0].type.kind) if only_null else None
    count = 1 if regions is None else regions.count
    null = 1 << count if None in ends else 0
    taken = tuple(takes | null if rule in taking_null | unjudged else takes for rule, takes in enumerate(taken))
    return _Axis(name, regions, null, domain | null, taken, _takers(taken, count + 1), taking_null, unjudged, other)


_OTHERS: Mapping[Kind | None, Value] = {Kind.STRING: OTHER_TEXT, Kind.NUMBER: Decimal(1)}


def _takes_a_value(cell: UnaryTests) -> bool:
    """Whether a cell that names null alone, or nothing, takes what is not null."""
    return not cell.tests or any(
        isinstance(test, Compared) and (test.operator == "!=") is not cell.negated for test in cell.tests
    )


def _boxes(
    columns: Sequence[Column], regions: Regions | None, allowed: Sequence[UnaryTests]
) -> tuple[int, tuple[int, ...]]:
    """Where values can lie, and for each rule where it may take them; without null."""
    rules = range(len(columns[0].tests))
    if regions is None:
        return 1, tuple(1 for _ in rules)
    domain = inhabited(regions)
    for cell in allowed:
        domain &= regions.passed_by(cell)
    return domain, tuple(
        domain & _meet(regions, [column.tests[rule] for column in columns if is_constant(column.tests[rule])])
        for rule in rules
    )


def _takers(taken: Sequence[int], regions: int) -> tuple[int, ...]:
    return tuple(sum(1 << rule for rule, takes in enumerate(taken) if takes >> region & 1) for region in range(regions))


def _meet(regions: Regions, cells: Sequence[UnaryTests]) -> int:
    found = regions.all
    for cell in cells:
        found &= regions.passed_by(cell)
    return found
