"""Where an installation lives: its data folder, its database, its keys; opened for the length of a command.

The supervisor imports this and must stay small: the house itself is imported where it is opened.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import sqlalchemy as sa

from austa.infra.keys import KeyFile
from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import EmbeddedPostgres, find_running
from austa.infra.processes import make_folder, write_private
from austa.infra.settings import Settings
from austa.runtime.migrate import APP, migrate, new_password

if TYPE_CHECKING:
    from austa.runtime.compose import House


def postgres_folder(data: Path) -> Path:
    """The embedded PostgreSQL's folder inside the data folder."""
    return data / "postgres"


def owner_dsn(settings: Settings, embedded: PostgresAddress | None) -> str:
    """The address that may migrate: the embedded superuser's, or what the settings name."""
    if embedded is not None:
        return embedded.dsn
    url = settings.database_direct_url or settings.database_url
    assert url is not None
    return url.get_secret_value()


async def prepare_database(settings: Settings, embedded: PostgresAddress | None) -> sa.URL:
    """Migrate, make the keys of a new installation, and return the application's own login.

    Its password lies in the data folder (0600). Raises `Unavailable` (`keys.files_missing`) where sealed data is in the
    database and the keys are gone: new ones would open nothing.
    """
    password = _app_password(settings.data)
    dsn = owner_dsn(settings, embedded)
    await migrate(dsn, app_password=password)
    KeyFile(settings.data / "keys", create=not await _has_sealed(dsn))
    return app_url(dsn, password)


def app_url(dsn: str, password: str) -> sa.URL:
    """The same database with the application's login."""
    url = sa.make_url(dsn)
    return url.set(drivername="postgresql+asyncpg", username=APP, password=password)


@contextlib.asynccontextmanager
async def open_house(settings: Settings) -> "AsyncIterator[House]":
    """The whole house for one command: beside a running server, or on its own PostgreSQL where none runs."""
    from austa.runtime.compose import compose

    async with open_database(settings) as embedded:
        url = await prepare_database(settings, embedded)
        house = compose(settings, url)
        try:
            yield house
        finally:
            await house.close()


@contextlib.asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[PostgresAddress | None]:
    """The embedded database, started for this command when it is not running; None where the settings name one."""
    if settings.database_url is not None:
        yield None
        return
    running = find_running(postgres_folder(settings.data))
    if running is not None:
        yield running
        return
    server = EmbeddedPostgres(postgres_folder(settings.data))
    address = await server.start()
    try:
        yield address
    finally:
        await server.stop()


def _app_password(data: Path) -> str:
    path = data / "database.password"
    if not path.exists():
        make_folder(data)
        write_private(path, new_password().encode())
    return path.read_text()


async def _has_sealed(dsn: str) -> bool:
    """Whether anything was ever sealed here. By the table's size: row-level security hides its rows from an owner."""
    connection = await asyncpg.connect(dsn)
    try:
        return bool(await connection.fetchval("select pg_relation_size('keys.data_key') > 0"))
    finally:
        await connection.close()
