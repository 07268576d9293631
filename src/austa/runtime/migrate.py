"""Migrations: numbered SQL files a module, each applied once, bottom-up, under an advisory lock.

After a module's files the runner secures its schema: every table belongs to the owner role, has row-level
security enabled and forced on `operator_id`, and its privileges go to the module's role alone. A table without
`operator_id` outside the dispatcher's schema stops the migration.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

import asyncpg
import structlog

from austa.kernel.errors import Conflict, Unexpected

MODULES = (
    "identity",
    "ledger",
    "privacy",
    "providers",
    "members",
    "notifications",
    "language",
    "documents",
    "fraud",
    "prior_auth",
    "medical_audit",
    "chat",
)
"""Bottom-up, as in design.md section 3."""

OWNER = "austa_owner"
APP = "austa_app"
LOCK = 0x41555354  # "AUST"

log = structlog.get_logger()


@dataclass(frozen=True)
class Migration:
    """One SQL file. `hash` is kept with it: a file that changed after it was applied is refused."""

    module: str
    number: int
    name: str
    sql: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known_migrations() -> list[Migration]:
    """All migrations of this version, in the order in which they are applied."""
    found = _in_folder("infra", resources.files("austa.infra") / "migrations")
    for module in MODULES:
        found += _in_folder(module, resources.files(f"austa.modules.{module}") / "migrations")
    return found


async def migrate(dsn: str, app_password: str | None = None) -> int:
    """Bring the database at `dsn` (owner or superuser) up to this version; returns how many files were applied.

    `app_password` is what the login role of the application gets; without it a role that exists keeps its own.
    Raises `Conflict` when an applied file was changed or the database is newer than this version.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await _prepare(connection, app_password)
        return await _apply(connection, known_migrations())
    finally:
        await connection.close()


async def _prepare(connection: asyncpg.Connection, app_password: str | None) -> None:
    for role in (
        OWNER,
        "austa_dispatcher",
        "austa_keys",
        "austa_http",
        *(f"austa_{module}" for module in MODULES),
    ):
        await _ensure_role(connection, role, "nologin")
    await _ensure_role(connection, APP, "login noinherit")
    if app_password is not None:
        await connection.execute(f"alter role {APP} password '{_quoted(app_password)}'")
    await connection.execute(f"grant {OWNER} to current_user")
    await connection.execute("create schema if not exists migration")
    await connection.execute(
        "create table if not exists migration.applied (module text, number integer, name text, hash text,"
        " applied_at timestamptz not null default now(), primary key (module, number))"
    )


async def _ensure_role(connection: asyncpg.Connection, role: str, options: str) -> None:
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        await connection.execute(f"create role {role} {options}")


async def _apply(connection: asyncpg.Connection, known: Sequence[Migration]) -> int:
    rows = await connection.fetch("select module, number, hash from migration.applied")
    applied = {(row["module"], row["number"]): row["hash"] for row in rows}
    unknown = set(applied) - {(m.module, m.number) for m in known}
    if unknown:
        names = ", ".join(f"{module}/{number:04d}" for module, number in sorted(unknown))
        raise Conflict("migrate.newer", f"the database was migrated by a newer AUSTA ({names}); start that version")
    count = 0
    for module in ("infra", *MODULES):
        pending = []
        for migration in (m for m in known if m.module == module):
            kept = applied.get((module, migration.number))
            if kept is None:
                pending.append(migration)
            elif kept != migration.hash:
                raise Conflict("migrate.changed", f"{module}/{migration.name} was changed after it was applied")
        async with connection.transaction():
            await _open_schemas(connection, module)
            for migration in pending:
                await connection.execute(f"set local role {OWNER}")
                await connection.execute(migration.sql)
                await connection.execute("reset role")
                await connection.execute(
                    "insert into migration.applied (module, number, name, hash) values ($1, $2, $3, $4)",
                    module,
                    migration.number,
                    migration.name,
                    migration.hash,
                )
                log.info("migrate.applied", module=module, file=migration.name)
            await _secure(connection, module)
        count += len(pending)
    return count


async def _open_schemas(connection: asyncpg.Connection, module: str) -> None:
    for schema in _schemas(module):
        await connection.execute(f"create schema if not exists {schema} authorization {OWNER}")


async def _secure(connection: asyncpg.Connection, module: str) -> None:
    if module == "infra":
        await _secure_infra(connection)
        return
    role = f"austa_{module}"
    await _secure_tables(connection, module)
    await connection.execute(
        f"grant usage on schema {module} to {role};"
        f"grant select, insert, update, delete on all tables in schema {module} to {role};"
        f"grant usage on all sequences in schema {module} to {role};"
        f"grant usage on schema outbox, dispatch to {role};"
        f"grant select, insert on outbox.event to {role};"
        f"grant insert on dispatch.delivery to {role};"
        f"grant {role} to {APP}"
    )


async def _secure_infra(connection: asyncpg.Connection) -> None:
    for schema in ("outbox", "keys", "http"):
        await _secure_tables(connection, schema)
    await connection.execute(
        "grant usage on schema dispatch, outbox to austa_dispatcher;"
        # Modules add their ids-only look-up tables to this schema in their own migrations.
        f"alter default privileges for role {OWNER} in schema dispatch grant select on tables to austa_dispatcher;"
        "grant select, insert, update, delete on all tables in schema dispatch to austa_dispatcher;"
        "grant select, delete on outbox.event to austa_dispatcher;"
        "grant usage on schema outbox to austa_http;"
        "grant select on outbox.event to austa_http;"
        "grant usage on schema keys to austa_keys;"
        "grant select, insert, update, delete on all tables in schema keys to austa_keys;"
        "grant usage on schema http to austa_http;"
        "grant select, insert, update, delete on all tables in schema http to austa_http;"
        f"grant austa_dispatcher, austa_keys, austa_http to {APP}"
    )


async def _secure_tables(connection: asyncpg.Connection, schema: str) -> None:
    tables = await connection.fetch(
        "select c.relname as name, exists (select 1 from pg_attribute a where a.attrelid = c.oid"
        " and a.attname = 'operator_id' and a.attnotnull) as scoped,"
        " exists (select 1 from pg_policy p where p.polrelid = c.oid) as guarded"
        " from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')",
        schema,
    )
    for table in tables:
        name = f"{schema}.{table['name']}"
        if not table["scoped"]:
            raise Unexpected("migrate.unscoped", f"table {name} has no operator_id (not null)")
        if not table["guarded"]:
            tenant = "operator_id = nullif(current_setting('austa.operator_id', true), '')::uuid"
            await connection.execute(
                f"alter table {name} owner to {OWNER};"
                f"alter table {name} enable row level security;"
                f"alter table {name} force row level security;"
                f"create policy tenant on {name} using ({tenant}) with check ({tenant})"
            )


def _schemas(module: str) -> tuple[str, ...]:
    return ("outbox", "dispatch", "keys", "http") if module == "infra" else (module,)


def _in_folder(module: str, folder: Traversable) -> list[Migration]:
    if not folder.is_dir():
        return []
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [Migration(module, int(f.name[:4]), f.name, f.read_text("utf-8")) for f in files]


def new_password() -> str:
    """A password for the login role, safe in URLs and SQL."""
    return secrets.token_urlsafe(24)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
