"""Migrations: applied once, refused when changed or newer, and no table escapes the tenant's guard."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio

from austa.infra.postgres.address import PostgresAddress
from austa.kernel.errors import Conflict, Unexpected
from austa.kernel.ids import new_id
from austa.runtime.migrate import APP, MODULES, known_migrations, migrate


@pytest_asyncio.fixture
async def empty(postgres: PostgresAddress) -> AsyncIterator[str]:
    """The address of an empty database beside the migrated one."""
    name = f"test_{new_id().hex}"
    superuser = await asyncpg.connect(postgres.dsn)
    await superuser.execute(f"create database {name}")
    yield replace(postgres, database=name).dsn
    await superuser.execute(f"drop database {name} with (force)")
    await superuser.close()


async def run(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_every_file_is_applied_once(empty: str) -> None:
    assert await migrate(empty) == len(known_migrations())
    assert await migrate(empty) == 0


async def test_two_at_once_do_not_meet(empty: str) -> None:
    assert sorted(await asyncio.gather(migrate(empty), migrate(empty))) == [0, len(known_migrations())]


async def test_files_of_a_module_come_bottom_up_and_numbered(empty: str) -> None:
    order = [migration.module for migration in known_migrations()]
    assert order == sorted(order, key=["infra", *MODULES].index)
    for module in set(order):
        numbers = [migration.number for migration in known_migrations() if migration.module == module]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_file_that_changed_after_it_was_applied_is_refused(empty: str) -> None:
    await migrate(empty)
    await run(empty, "update migration.applied set hash = 'another' where module = 'members'")
    with pytest.raises(Conflict, match=r"migrate\.changed.*members"):
        await migrate(empty)


async def test_a_database_of_a_newer_version_is_refused(empty: str) -> None:
    await migrate(empty)
    await run(empty, "insert into migration.applied (module, number, name, hash) values ('chat', 900, 'x', 'x')")
    with pytest.raises(Conflict, match=r"migrate\.newer.*chat/0900"):
        await migrate(empty)


@pytest.mark.parametrize("column", ["", ", operator_id uuid"])
async def test_a_table_without_an_operator_is_refused(empty: str, column: str) -> None:
    await migrate(empty)
    await run(empty, f"create table members.loose (id uuid primary key{column})")
    with pytest.raises(Unexpected, match=r"migrate\.unscoped.*members\.loose"):
        await migrate(empty)


async def test_a_new_table_is_guarded(empty: str) -> None:
    await migrate(empty)
    await run(empty, "create table members.later (operator_id uuid not null)")
    await migrate(empty)
    connection = await asyncpg.connect(empty)
    row = await connection.fetchrow(
        "select relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner)::text as owner"
        " from pg_class where oid = 'members.later'::regclass"
    )
    await connection.close()
    assert tuple(row) == (True, True, "austa_owner")


async def test_the_password_of_the_application_is_set_when_it_is_given(empty: str, postgres: PostgresAddress) -> None:
    """Roles belong to the whole server, so the test puts back what the others use."""
    await migrate(empty, app_password="it's \\ odd")
    connection = await asyncpg.connect(replace(postgres, user=APP, password="it's \\ odd").dsn)
    await connection.close()
    await migrate(empty, app_password="test")
