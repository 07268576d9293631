"""The rules as data (`rules/signals.json`): severity, effect, numbers and tables, each with its source."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Literal

from pydantic import Field, ValidationError

from austa.kernel.contracts import Contract
from austa.modules.fraud.api import Effect, Severity, ThresholdUsed, rules_wrong

Unit = Literal[
    "days", "hours", "minutes", "weeks", "km", "numbers", "receipts", "requests", "families", "percent",
    "centavos", "sigmas", "yes_or_no",
]  # fmt: skip


class Source(Contract):
    """Where a value comes from. What was not checked against a text has no `verified_on`."""

    clause: str
    confidence: Literal["high", "medium", "low"]
    verified_on: date | None


class Threshold(Contract):
    """A number that an operator may change."""

    value: int = Field(ge=0)
    unit: Unit
    source: Source


class RuleSettings(Contract):
    """One rule as set. `effect` `inform` lets an operator watch a rule before it routes anybody."""

    name: str
    severity: Severity
    effect: Effect
    source: Source
    thresholds: dict[str, Threshold] = Field(default_factory=dict)

    def limit(self, name: str) -> int:
        return self.thresholds[name].value

    def used(self) -> tuple[ThresholdUsed, ...]:
        """The numbers as a signal keeps them."""
        return tuple(
            ThresholdUsed(
                name=name,
                value=each.value,
                unit=each.unit,
                source=each.source.clause,
                verified_on=each.source.verified_on,
            )
            for name, each in sorted(self.thresholds.items())
        )


class Group(Contract):
    """Items that one sentence of a table is about. `text` names what they are, in Portuguese."""

    items: frozenset[str] = Field(min_length=1)
    text: str
    source: Source


class Ages(Group):
    """Whole years in which the items make sense."""

    least: int | None
    most: int | None


class Adults(Group):
    """Items for nobody younger."""

    age: int


class Diagnoses(Group):
    """Beginnings of the CID codes that go with the items."""

    cids: tuple[str, ...] = Field(min_length=1)


class PhysicalMaximum(Group):
    """How many a body allows in one request."""

    most: int


class FollowUp(Contract):
    """Diagnoses under which imaging is repeated by nature."""

    cids: tuple[str, ...]
    source: Source


class Editors(Contract):
    """Words in a PDF's producer or creator that name an editor."""

    words: tuple[str, ...]
    source: Source


class Tables(Contract):
    """What rules look up."""

    ages: tuple[Ages, ...]
    adults: tuple[Adults, ...]
    diagnoses: tuple[Diagnoses, ...]
    single_organs: tuple[Group, ...]
    once_a_side: tuple[Group, ...]
    physical_maximum: tuple[PhysicalMaximum, ...]
    follow_up: FollowUp
    editors: Editors


class Rulebook(Contract):
    """The rules as read. `digest` is SHA-256, hex, of the text: signals name it."""

    version: str
    about: str
    digest: str = ""
    rules: dict[str, RuleSettings]
    tables: Tables


def read_rulebook(raw: bytes, expected: Iterable[tuple[str, frozenset[str], tuple[Effect, ...]]]) -> Rulebook:
    """Read the rules. `expected`: each rule's id, the numbers it goes by, and the effects it may have.

    Raises `Invalid` `fraud.rules_wrong` naming the first thing that is wrong.
    """
    try:
        book = Rulebook.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise rules_wrong(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    known = {rule: (names, effects) for rule, names, effects in expected}
    if book.rules.keys() != known.keys():
        raise rules_wrong(f"rules missing or unknown: {', '.join(sorted(book.rules.keys() ^ known.keys()))}")
    for rule, settings in sorted(book.rules.items()):
        names, effects = known[rule]
        if settings.thresholds.keys() != names:
            raise rules_wrong(f"{rule}: its numbers are {', '.join(sorted(names)) or 'none'}")
        if settings.effect not in effects:
            raise rules_wrong(f"{rule}: its effect is one of {', '.join(effects)}")
    return book.model_copy(update={"digest": sha256(raw).hexdigest()})


def group_of(groups: Iterable[Group], tuss: str) -> Group | None:
    """The first group that names the item."""
    return next((group for group in groups if tuss in group.items), None)
