"""Transactions and the pool beneath them."""

import asyncio
import contextlib

import asyncpg
import pytest
import sqlalchemy as sa

from austa.infra.platform import Platform
from austa.infra.postgres.address import PostgresAddress
from austa.kernel.actors import Caller
from austa.kernel.errors import Unexpected


async def test_a_connection_that_ended_in_the_pool_is_replaced(
    platform: Platform, postgres: PostgresAddress, system: Caller
) -> None:
    database = platform.database.for_module("members")
    async with database.transaction(system) as tx:
        before = (await tx.execute(sa.text("select pg_backend_pid()"))).scalar_one()
    owner = await asyncpg.connect(postgres.dsn)
    await owner.execute("select pg_terminate_backend($1)", before)
    await owner.close()
    await asyncio.sleep(0.1)
    async with database.transaction(system) as tx:
        assert (await tx.execute(sa.text("select pg_backend_pid()"))).scalar_one() != before


async def test_a_transaction_whose_statement_failed_unnoticed_is_not_taken_for_committed(
    platform: Platform, system: Caller
) -> None:
    database = platform.database.for_module("members")

    async def go_on_after_a_failure() -> None:
        async with database.transaction(system) as tx:
            with contextlib.suppress(sa.exc.DBAPIError):
                await tx.execute(sa.text("select 1 / 0"))

    with pytest.raises(Unexpected, match="nothing was written"):
        await go_on_after_a_failure()
    async with database.transaction(system) as tx:
        assert (await tx.execute(sa.text("select 1"))).scalar_one() == 1


async def test_only_a_commit_that_need_not_wait_for_the_disk_does_not(platform: Platform, system: Caller) -> None:
    database, setting = platform.database.for_module("members"), sa.text("show synchronous_commit")
    async with database.transaction(system, waits=False) as tx:
        assert (await tx.execute(setting)).scalar_one() == "off"
    async with database.transaction(system) as tx:
        assert (await tx.execute(setting)).scalar_one() == "on"
