"""The migrated database is what `tables.py` says, and it keeps modules and tenants apart by itself."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from austa.infra.platform import Platform
from austa.infra.postgres.address import PostgresAddress
from austa.kernel.ids import OperatorId
from austa.runtime.migrate import APP, OWNER
from tests.architecture.tree import MODULES, tables_of

INFRA_SCHEMAS = ["outbox", "keys", "http"]
DIALECT = postgresql.dialect()
REFUSED = asyncpg.InsufficientPrivilegeError


@pytest_asyncio.fixture
async def superuser(postgres: PostgresAddress) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.dsn)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def app(database_url: sa.URL) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's login, which has not said who it is."""
    connection = await asyncpg.connect(database_url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield connection
    await connection.close()


@pytest.mark.parametrize("module", MODULES)
async def test_the_tables_are_as_described(superuser: asyncpg.Connection, module: str) -> None:
    described = [table for table in tables_of(module) if table.schema == module]
    found = await superuser.fetch(
        "select relname as tablename from pg_class"
        " where relnamespace = $1::text::regnamespace and relkind in ('r', 'p') and not relispartition",
        module,
    )
    assert sorted(table.name for table in described) == sorted(row["tablename"] for row in found)


@pytest.mark.parametrize("table", [t for m in MODULES for t in tables_of(m)], ids=lambda table: table.fullname)
async def test_a_table_is_as_described(superuser: asyncpg.Connection, table: sa.Table) -> None:
    assert described_columns(table) == await found_columns(superuser, table)
    assert [column.name for column in table.primary_key] == await found_key(superuser, table)


async def test_every_look_up_table_is_described(superuser: asyncpg.Connection) -> None:
    described = {table.name for module in MODULES for table in tables_of(module) if table.schema == "dispatch"}
    found = await superuser.fetch("select tablename from pg_tables where schemaname = 'dispatch'")
    assert {row["tablename"] for row in found} - {"delivery"} == described


async def test_no_foreign_key_crosses_schemas(superuser: asyncpg.Connection) -> None:
    crossing = await superuser.fetch(
        "select conname from pg_constraint c join pg_class a on a.oid = c.conrelid"
        " join pg_class b on b.oid = c.confrelid where c.contype = 'f' and a.relnamespace <> b.relnamespace"
    )
    assert crossing == []


async def test_every_table_of_a_tenant_is_guarded(superuser: asyncpg.Connection) -> None:
    """Row-level security is on, forced on the owner too, and compares with the transaction's operator."""
    tables = await tables_in(superuser, [*MODULES, *INFRA_SCHEMAS])
    assert len(tables) > 20
    for name in tables:
        row = await superuser.fetchrow(
            "select c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) as owner,"
            " (select attnotnull from pg_attribute where attrelid = c.oid and attname = 'operator_id') as scoped,"
            " array(select pg_get_expr(p.polqual, p.polrelid) from pg_policy p where p.polrelid = c.oid) as rules,"
            " array(select pg_get_expr(p.polwithcheck, p.polrelid) from pg_policy p where p.polrelid = c.oid) as checks"
            " from pg_class c where c.oid = $1::regclass",
            name,
        )
        assert (row["relrowsecurity"], row["relforcerowsecurity"], row["scoped"]) == (True, True, True), name
        assert row["owner"] == OWNER, name
        assert len(row["rules"]) == 1, name
        assert row["rules"] == row["checks"], name
        assert "current_setting('austa.operator_id'" in row["rules"][0], name


async def test_every_lookup_of_a_tenant_has_an_index(superuser: asyncpg.Connection) -> None:
    """Row-level security adds `operator_id = …` to every query, so an index must begin with it."""
    for name in await tables_in(superuser, [*MODULES]):
        first = await superuser.fetch(
            "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
            " where i.indrelid = $1::regclass",
            name,
        )
        assert "operator_id" in {row["attname"] for row in first}, name


async def test_no_role_of_the_application_owns_or_bypasses(superuser: asyncpg.Connection) -> None:
    roles = await superuser.fetch(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit"
        " from pg_roles where rolname like 'austa_%'"
    )
    assert {row["rolname"] for row in roles} >= {APP, OWNER, *(f"austa_{module}" for module in MODULES)}
    for row in roles:
        assert [row[power] for power in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb")] == [False] * 4
        assert row["rolcanlogin"] == (row["rolname"] == APP)
    assert not next(row for row in roles if row["rolname"] == APP)["rolinherit"]
    owners = await superuser.fetch(
        "select distinct pg_get_userbyid(relowner) as name from pg_class"
        " where relnamespace::regnamespace::text = any($1)",
        [*MODULES, *INFRA_SCHEMAS, "dispatch"],
    )
    assert {row["name"] for row in owners} == {OWNER}


async def test_the_login_may_not_become_the_owner(app: asyncpg.Connection) -> None:
    with pytest.raises(REFUSED):
        await app.execute(f"set role {OWNER}")


async def test_the_login_sees_nothing_before_it_says_who_it_is(
    app: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    for name in await tables_in(superuser, [*MODULES, *INFRA_SCHEMAS, "dispatch", "migration"]):
        with pytest.raises(REFUSED):
            await app.execute(f"select 1 from {name}")


@pytest.mark.parametrize("module", MODULES)
async def test_a_module_is_refused_every_other_schema(
    app: asyncpg.Connection, superuser: asyncpg.Connection, module: str
) -> None:
    others = await tables_in(superuser, [*(m for m in MODULES if m != module), "keys", "http", "migration"])
    await app.execute(f"set role austa_{module}")
    for name in others:
        for statement in (f"select 1 from {name}", f"delete from {name}"):
            with pytest.raises(REFUSED):
                await app.execute(statement)


@pytest.mark.parametrize("module", MODULES)
async def test_a_module_may_add_deliveries_and_events_but_change_none(app: asyncpg.Connection, module: str) -> None:
    await app.execute(f"set role austa_{module}")
    for statement in (
        "select 1 from dispatch.delivery",
        "delete from dispatch.delivery",
        "update outbox.event set key = ''",
        "delete from outbox.event",
    ):
        with pytest.raises(REFUSED):
            await app.execute(statement)


async def test_the_dispatcher_sees_no_table_of_a_module(app: asyncpg.Connection, superuser: asyncpg.Connection) -> None:
    names = await tables_in(superuser, [*MODULES, "keys", "http"])
    await app.execute("set role austa_dispatcher")
    for name in names:
        with pytest.raises(REFUSED):
            await app.execute(f"select 1 from {name}")


async def test_a_tenant_sees_only_its_own_rows(platform: Platform, operator_id: OperatorId) -> None:
    other = OperatorId(operator_id.__class__(int=operator_id.int ^ 1))
    insert = sa.text("insert into ledger.head (operator_id, size, edge) values (:operator, 0, ''::bytea)")
    async with platform.database.begin("austa_ledger", operator_id) as connection:
        await connection.execute(insert, {"operator": operator_id})
    count = sa.text("select count(*) from ledger.head where operator_id = :operator")
    for scope, seen in ((operator_id, 1), (other, 0), (None, 0)):
        async with platform.database.begin("austa_ledger", scope) as connection:
            assert await connection.scalar(count, {"operator": operator_id}) == seen
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        async with platform.database.begin("austa_ledger", other) as connection:
            await connection.execute(insert, {"operator": operator_id})


async def tables_in(connection: asyncpg.Connection, schemas: Sequence[str]) -> list[str]:
    rows = await connection.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1) order by 1",
        list(schemas),
    )
    return [row["name"] for row in rows]


def described_columns(table: sa.Table) -> dict[str, tuple[str, bool]]:
    return {c.name: (type_name(c.type.compile(DIALECT)), bool(c.nullable)) for c in table.columns}


async def found_columns(connection: asyncpg.Connection, table: sa.Table) -> dict[str, tuple[str, bool]]:
    rows = await connection.fetch(
        "select attname, format_type(atttypid, atttypmod) as type, attnotnull from pg_attribute"
        " where attrelid = $1::regclass and attnum > 0 and not attisdropped",
        quoted(table),
    )
    return {row["attname"]: (row["type"], not row["attnotnull"]) for row in rows}


async def found_key(connection: asyncpg.Connection, table: sa.Table) -> list[str]:
    rows = await connection.fetch(
        "select a.attname from pg_index i cross join unnest(i.indkey) with ordinality as k(number, place)"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number"
        " where i.indrelid = $1::regclass and i.indisprimary order by k.place",
        quoted(table),
    )
    return [row["attname"] for row in rows]


def quoted(table: sa.Table) -> str:
    return f'"{table.schema}"."{table.name}"'


def type_name(compiled: str) -> str:
    """SQLAlchemy's spelling of a type as PostgreSQL's `format_type` writes it."""
    name = compiled.lower()
    return {"float": "double precision"}.get(name, name)
