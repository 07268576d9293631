"""Statements that are built and compiled once, for what runs many times in every request.

SQLAlchemy Core builds, keys and compiles a statement, and wraps its result, each time anew: several times the work of
sending it. A `Prepared` is written with Core like any other, so it is checked against `tables.py`; what it does each
time is fill in its parameters and hand them to the driver. Use it on the way of a request, nowhere else.

Those who go in step (`infra.in_step`) and ask for the same send it once: a query for the values of all of them, each
row with the number of who asked; an upsert of all their rows.
"""

import collections
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.infra.writing import driver_of

_TYPE = r"(TIMESTAMP WITH TIME ZONE|[A-Z]+(?:\[\])?)"
_PLACE = re.compile(rf"\$(\d+)(?:::{_TYPE})?")
_VALUES = re.compile(rf" VALUES \((?:\$\d+::{_TYPE}(?:, )?)+\)")
_FOR_MANY = (
    "SELECT given.number, found.* FROM unnest({sent}) WITH ORDINALITY AS given ({names}, number)"
    " CROSS JOIN LATERAL ({each}) AS found"
)
_NEW_ROWS = " SELECT * FROM unnest({sent})"
Values = tuple[Any, ...]


class Prepared:
    """A statement with `sa.bindparam` where values go. Rows have the columns as attributes, in order.

    An insert is of one row whose values are all given; those who go in step MUST insert different rows.
    """

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._text = ""
        self._for_many = ""
        self._places: Sequence[str] = ()
        self._fixed: Mapping[str, Any] = {}
        self._is_query = False
        self._row: Callable[..., Any] | None = None

    async def all(self, tx: Transaction, **values: Any) -> list[Any]:
        """Every row."""
        if not self._text:
            self._compile(tx.connection.dialect)
        given = {**self._fixed, **values}
        return await tx.together(self, tuple(given[name] for name in self._places), self._run)

    async def first(self, tx: Transaction, **values: Any) -> Any | None:
        """The only row, or None."""
        found = await self.all(tx, **values)
        return found[0] if found else None

    async def of(self, tx: Transaction, some: Collection[UUID], by: str) -> dict[UUID, list[Any]]:
        """Of a query whose one value is the list `some`: rows by the id in their column `by`, none for those without.

        Those who go in step get theirs out of one list, so `by` MUST be the column that the list is compared with."""

        async def for_all(tx: Transaction, many: Sequence[Collection[UUID]]) -> Sequence[dict[UUID, list[Any]]]:
            wanted = sorted({each for one in many for each in one})
            found: dict[UUID, list[Any]] = {each: [] for each in wanted}
            for row in await self.all(tx, some=wanted):
                found[getattr(row, by)].append(row)
            return [{each: found[each] for each in one} for one in many]

        return await tx.together((self, by), some, for_all)

    async def _run(self, tx: Transaction, many: Sequence[Values]) -> Sequence[list[Any]]:
        driver, first = driver_of(tx.connection), many[0]
        if self._is_query and all(values == first for values in many):
            rows = self._rows(await driver.fetch(self._text, *first))
            return [rows, *([*rows] for _ in many[1:])]
        if not self._for_many:
            return [self._rows(await driver.fetch(self._text, *values)) for values in many]
        # In one order, whoever asks: rows are locked as they are found.
        order = sorted(range(len(many)), key=lambda at: str(many[at])) if self._is_query else range(len(many))
        columns = [[many[at][place] for at in order] for place in range(len(self._places))]
        found: list[list[Any]] = [[] for _ in many]
        numbered = await driver.fetch(self._for_many, *columns)
        if numbered:
            make = self._made_of([*numbered[0].keys()][1:])
            for number, *row in numbered:
                found[order[number - 1]].append(make(row))
        return found

    def _rows(self, found: Sequence[Any]) -> list[Any]:
        if not found:
            return []
        make = self._made_of(found[0].keys())
        return [make(row) for row in found]

    def _made_of(self, names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
        if self._row is None:
            self._row = _row_of(names)
        return self._row

    def _compile(self, dialect: sa.Dialect) -> None:
        compiled = self._statement.compile(dialect=dialect)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._places = getattr(compiled, "positiontup", None) or ()
        self._is_query = str(compiled).lower().startswith("select")
        self._for_many = self._written_for_many(str(compiled))
        self._text = str(compiled)

    def _written_for_many(self, text: str) -> str:
        """The statement for many values; empty where there can be none."""
        types = {int(number): kind for number, kind in _PLACE.findall(text)}
        wanted = range(1, len(self._places) + 1)
        if not types or sorted(types) != [*wanted] or not all(types.values()) or "[]" in "".join(types.values()):
            return ""
        sent = ", ".join(f"${place}::{types[place]}[]" for place in wanted)
        if self._is_query:
            names = ", ".join(f"p{place}" for place in wanted)
            each = _PLACE.sub(lambda found: f"given.p{found[0][1:]}", text)
            return "" if " LIMIT " in text else _FOR_MANY.format(sent=sent, names=names, each=each)
        values = _VALUES.search(text)
        if values is None or " RETURNING " in text or len(_PLACE.findall(values[0])) != len(types):
            return ""
        if _PLACE.search(text, values.end()) is not None:
            return ""
        return "".join((text[: values.start()], _NEW_ROWS.format(sent=sent), text[values.end() :]))


def _row_of(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes rows of a result with those columns; a second column of one name is reached by its place only."""
    make: Callable[..., Any] = collections.namedtuple
    row = make("row", names, rename=True)
    making: Callable[[Iterable[Any]], Any] = row._make
    return making
