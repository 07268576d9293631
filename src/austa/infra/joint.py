"""A transaction that several who go in step (`infra.in_step`) have together.

It begins for the first, takes in who comes while it is open, so that none of them ever waits for a lock that another
of them holds, and commits when all are at their end. When one fails nothing of any is written, and each goes alone.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.in_step import Company
from austa.kernel.errors import Conflict

Given = TypeVar("Given")
Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


@dataclass(frozen=True)
class Last(Generic[Given]):
    """The last step of a transaction; steps of one `kind` are carried out once for all who share the transaction."""

    kind: Hashable
    given: Given
    carry_out: Callable[[AsyncConnection, Sequence[Given]], Awaitable[None]]


class Joint:
    """One such transaction. `locked`: the names that are locked in it."""

    def __init__(
        self, company: Company, name: Hashable, began: AbstractAsyncContextManager[Any], connection: AsyncConnection
    ) -> None:
        self.company = company
        self.connection = connection
        self.locked: set[str] = set()
        self._name = name
        self._began = began
        self._members = 0
        self._last: dict[Hashable, list[Last[Any]]] = {}

    @classmethod
    async def join(cls, company: Company, name: Hashable, begin: Begin, last: Last[Any] | None) -> "Joint":
        """The company's transaction of that name; begun where none is open."""

        async def carry_out(givens: Sequence[Last[Any] | None]) -> "Sequence[Joint]":
            joint = company.shared.get(name)
            if not isinstance(joint, cls):
                began = begin()
                joint = company.shared[name] = cls(company, name, began, await began.__aenter__())
            joint._take_in(givens)
            return [joint] * len(givens)

        return await company.ask(("join", name), last, carry_out)

    async def end(self, *, well: bool) -> None:
        """Come to the end, and stay until everybody has. Raises `Conflict` `db.not_alone` where another one failed."""
        await self.company.ask(("end", self._name), well, self._end, needs=lambda: self._members)

    async def abandon(self) -> None:
        """Roll back: the company parted before its end."""
        await self._fail(Conflict("db.not_alone", "those who shared the transaction parted: nothing was written"))

    def _take_in(self, givens: Sequence[Last[Any] | None]) -> None:
        self._members += len(givens)
        for each in givens:
            if each is not None:
                self._last.setdefault(each.kind, []).append(each)

    async def _end(self, all_well: Sequence[bool]) -> Sequence[Exception | None]:
        del self.company.shared[self._name]
        if not all(all_well):
            gone = Conflict("db.not_alone", "another one in the same transaction failed: nothing was written")
            await self._fail(gone)
            return [gone if well else None for well in all_well]
        try:
            for some in self._last.values():
                await some[0].carry_out(self.connection, [each.given for each in some])
        except Exception as error:
            await self._fail(error)
            raise
        await self._began.__aexit__(None, None, None)
        return [None] * len(all_well)

    async def _fail(self, error: Exception) -> None:
        await self._began.__aexit__(type(error), error, None)
