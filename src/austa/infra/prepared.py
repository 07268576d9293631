"""Statements that are built and compiled once, for what runs many times in every request.

SQLAlchemy Core builds, keys and compiles a statement, and wraps its result, each time anew: several times the work of
sending it. A `Prepared` is written with Core like any other, so it is checked against `tables.py`; what it does each
time is fill in its parameters and hand them to the driver. Use it on the way of a request, nowhere else.
"""

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.infra.writing import driver_of


class Prepared:
    """A statement with `sa.bindparam` where values go. Rows have the columns as attributes, in order."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._text = ""
        self._places: Sequence[str] = ()
        self._fixed: Mapping[str, Any] = {}
        self._row: Callable[..., Any] | None = None

    async def all(self, tx: Transaction, **values: Any) -> list[Any]:
        """Every row."""
        if not self._text:
            self._compile(tx.connection.dialect)
        given = {**self._fixed, **values}
        found = await driver_of(tx.connection).fetch(self._text, *[given[name] for name in self._places])
        if found and self._row is None:
            self._row = _row_of(found[0].keys())
        return [self._row(row) for row in found] if self._row else []

    async def first(self, tx: Transaction, **values: Any) -> Any | None:
        """The only row, or None."""
        found = await self.all(tx, **values)
        return found[0] if found else None

    def _compile(self, dialect: sa.Dialect) -> None:
        compiled = self._statement.compile(dialect=dialect)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._places = getattr(compiled, "positiontup", None) or ()
        self._text = str(compiled)


def _row_of(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes rows of a result with those columns; a second column of one name is reached by its place only."""
    make: Callable[..., Any] = collections.namedtuple
    row = make("row", names, rename=True)
    making: Callable[[Iterable[Any]], Any] = row._make
    return making
