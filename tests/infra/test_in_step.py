"""Calls that come in a rush go together: one transaction, one statement of each kind, and each its own outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from austa.infra.db import Transaction
from austa.infra.in_step import InStep, ask, company
from austa.infra.joint import Last
from austa.infra.platform import Platform
from austa.infra.prepared import Prepared
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid

ECHO = Prepared(sa.select(sa.bindparam("given", type_=sa.Integer).label("said"), sa.func.pg_backend_pid().label("by")))
UP_TO = Prepared(
    sa.select(sa.column("number")).select_from(
        sa.func.generate_series(1, sa.bindparam("given", type_=sa.Integer)).alias("number")
    )
)


A, B, C = (UUID(int=number) for number in range(1, 4))


async def rush(door: InStep, calls: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """All come while somebody is inside."""
    inside = asyncio.Event()

    async def first() -> None:
        await inside.wait()

    waiting = [asyncio.create_task(door.run(None, "first", first))]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(door.run(None, at, call)) for at, call in enumerate(calls)]
    await asyncio.sleep(0)
    inside.set()
    return (await asyncio.gather(*waiting, return_exceptions=True))[1:]


@pytest.fixture
def door() -> InStep:
    return InStep()


async def test_who_comes_alone_goes_alone(door: InStep) -> None:
    async def call() -> bool:
        return company() is None

    assert await door.run(None, "only", call)


async def test_a_rush_shares_one_transaction_and_each_gets_its_own_rows(
    platform: Platform, system: Caller, door: InStep
) -> None:
    database = platform.database.for_module("members")

    async def call(number: int) -> tuple[int, str, list[int]]:
        async with database.transaction(system) as tx:
            transaction = (await tx.execute(sa.text("select pg_current_xact_id()::text"))).scalar_one()
            said = await ECHO.first(tx, given=number)
            assert said is not None
            return said.said, transaction, [row.number for row in await UP_TO.all(tx, given=number)]

    found = await rush(door, [lambda number=number: call(number) for number in (3, 1, 2)])
    assert [(said, rows) for said, _, rows in found] == [(3, [1, 2, 3]), (1, [1]), (2, [1, 2])]
    assert len({transaction for _, transaction, _ in found}) == 1


async def test_a_list_of_each_is_one_list_of_all(platform: Platform, system: Caller, door: InStep) -> None:
    database, lists = platform.database.for_module("members"), [[A, B], [B], [], [C]]
    rows = sa.values(sa.column("id", sa.Uuid), sa.column("at", sa.Integer), name="known").data([(A, 1), (B, 2), (A, 3)])
    some = Prepared(sa.select(rows).where(rows.c.id == sa.any_(sa.bindparam("some", type_=pg.ARRAY(sa.Uuid)))))

    async def call(ids: list[UUID]) -> dict[UUID, list[int]]:
        async with database.transaction(system) as tx:
            return {each: [row.at for row in found] for each, found in (await some.of(tx, ids, "id")).items()}

    found = await rush(door, [lambda ids=ids: call(ids) for ids in lists])
    assert found == [{A: [1, 3], B: [2]}, {B: [2]}, {}, {C: []}]


async def test_who_fails_fails_alone_and_the_others_are_written(
    platform: Platform, system: Caller, door: InStep
) -> None:
    database, written = platform.database.for_module("members"), list[int]()

    async def note(_: AsyncConnection, numbers: Sequence[int]) -> None:
        written.extend(numbers)

    async def call(number: int) -> int:
        async with database.transaction(system, last=Last("note", number, note)) as tx:
            if number == 1:
                raise Invalid("test.wrong", "this one is wrong")
            await ECHO.first(tx, given=number)
        return number

    found = await rush(door, [lambda number=number: call(number) for number in range(3)])
    assert [str(each) for each in found] == ["0", str(found[1]), "2"]
    assert isinstance(found[1], Invalid)
    assert written == [0, 2]


async def test_a_statement_that_fails_for_one_fails_for_nobody_else(
    platform: Platform, system: Caller, door: InStep
) -> None:
    database = platform.database.for_module("members")
    divide = Prepared(sa.select((sa.literal(6) / sa.bindparam("given", type_=sa.Integer)).label("part")))

    async def call(number: int) -> int:
        async with database.transaction(system) as tx:
            row = await divide.first(tx, given=number)
        return int(row.part) if row else 0

    found = await rush(door, [lambda number=number: call(number) for number in (3, 0, 2)])
    assert (found[0], type(found[1]).__name__, found[2]) == (2, "DivisionByZeroError", 3)


async def test_the_same_name_is_not_held_twice_in_one_transaction(
    platform: Platform, system: Caller, door: InStep
) -> None:
    database, holding, most = platform.database.for_module("members"), 0, 0

    async def call(number: int) -> int:
        nonlocal holding, most
        async with database.transaction(system) as tx:
            await tx.lock("test/name")
            holding += 1
            await ECHO.first(tx, given=number)
            most, holding = max(most, holding), holding - 1
        return number

    assert await rush(door, [lambda number=number: call(number) for number in range(3)]) == [0, 1, 2]
    assert most == 1


async def test_one_that_lags_behind_joins_the_transaction_that_is_open(
    platform: Platform, system: Caller, door: InStep
) -> None:
    """Else it would wait for a lock that the others hold, and they for it."""
    database = platform.database.for_module("members")

    async def lock(tx: Transaction, many: Sequence[int]) -> Sequence[None]:
        await tx.execute(sa.text("select pg_advisory_xact_lock(42)"))
        return [None] * len(many)

    async def call(number: int) -> int:
        if number:
            await ask(("lag", number), number, said)
        async with database.transaction(system) as tx:
            await tx.together("lock", number, lock)
            for _ in range(3 - number):
                await ECHO.first(tx, given=number)
        return number

    async with asyncio.timeout(2):
        assert await rush(door, [lambda number=number: call(number) for number in range(3)]) == [0, 1, 2]


async def test_two_of_one_name_take_turns() -> None:
    door, together = InStep(), list[int]()

    async def call() -> None:
        together.append(await ask("here", 1, count))

    await asyncio.gather(*(door.run(None, "same", call) for _ in range(3)))
    assert together == [1, 1, 1]


async def test_those_of_another_operator_go_by_themselves_in_their_turn() -> None:
    door, together = InStep(), list[list[str]]()

    async def call(who: str) -> None:
        met = await ask("here", who, meet)
        if met not in together:
            together.append(met)

    await asyncio.gather(*(door.run(who[0], who, lambda who=who: call(who)) for who in ("a1", "b1", "a2", "b2", "a3")))
    assert together == [["a1", "a2", "a3"], ["b1", "b2"]]


async def meet(many: Sequence[str]) -> Sequence[list[str]]:
    return [[*many]] * len(many)


async def count(many: Sequence[int]) -> Sequence[int]:
    return [len(many)] * len(many)


async def said(many: Sequence[Any]) -> Sequence[Any]:
    await asyncio.sleep(0)
    return [("answer", each) for each in many]


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=5), min_size=2, max_size=6))
def test_everybody_gets_the_answers_to_their_own_questions(ways: list[list[str]]) -> None:
    async def walk(who: int, way: list[str]) -> list[Any]:
        return [await ask(kind, (who, at), said) for at, kind in enumerate(way)]

    async def all_ways() -> list[Any]:
        return await rush(InStep(), [lambda who=who, way=way: walk(who, way) for who, way in enumerate(ways)])

    expected = [[("answer", (who, at)) for at in range(len(way))] for who, way in enumerate(ways)]
    assert asyncio.run(all_ways()) == expected
