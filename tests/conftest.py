"""A real PostgreSQL for the whole run, a migrated database, and a fresh operator for each test."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from sqlalchemy.ext.asyncio import AsyncEngine

from austa.infra.blobs import Blobs, open_store
from austa.infra.db import Database
from austa.infra.feed import Feed
from austa.infra.http import Idempotency
from austa.infra.keys import KeyFile, Keys
from austa.infra.outbox import Dispatcher, Handler, routes_of
from austa.infra.platform import Platform
from austa.infra.postgres.address import PostgresAddress
from austa.infra.postgres.server import EmbeddedPostgres
from austa.infra.settings import Settings
from austa.kernel.actors import CLERK, Caller, Role
from austa.kernel.clock import SetClock
from austa.kernel.ids import OperatorId, ProviderId, new_id
from austa.runtime.migrate import APP, migrate

# A Saturday; the Monday after is a business day everywhere in Brazil.
TODAY = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)

hypothesis_settings.register_profile("austa", deadline=None, max_examples=60)
hypothesis_settings.load_profile("austa")


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A short private folder that an unprivileged PostgreSQL may pass through."""
    with tempfile.TemporaryDirectory(prefix="austa-test-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres(scratch: Path) -> AsyncIterator[PostgresAddress]:
    """The superuser's address of a migrated database, without fsync."""
    server = EmbeddedPostgres(scratch / "postgres", durable=False)
    address = await server.start()
    await migrate(address.dsn, app_password="test")
    yield address
    await server.stop()


@pytest.fixture(scope="session")
def database_url(postgres: PostgresAddress) -> sa.URL:
    """The login of the application: may become any module's role, owns nothing."""
    return sa.make_url(replace(postgres, user=APP, password="test").sqlalchemy_url)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(TODAY)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened(database_url: sa.URL, scratch: Path) -> AsyncIterator[Platform]:
    """The technology on the test database, opened once: connections, and the statements they know, serve all tests."""
    settings = Settings(_env_file=None, data=scratch / "data", demo=True)
    opened = Platform.open(settings, database_url, SetClock(TODAY), create_keys=True)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def platform(opened: Platform, clock: SetClock) -> AsyncIterator[Platform]:
    """The technology of a process that knows nothing yet: no routes, no keys. Its clock is moved by hand."""
    database, key_database = (_anew(each, clock) for each in (opened.database, opened.key_database))
    keys = Keys(KeyFile(opened.settings.data / "keys", create=True), key_database)
    yield replace(
        opened,
        clock=clock,
        database=database,
        keys=keys,
        blobs=Blobs(open_store("", opened.settings.data / "files"), keys),
        idempotency=Idempotency(database, keys, clock),
        key_database=key_database,
        feed=Feed(database),
    )
    for each in (database, key_database):
        if _out(each.engine):
            # Somebody went away with a connection: the next test does not wait for it.
            await each.close()


def _anew(database: Database, clock: SetClock) -> Database:
    """A database of its own on the same connections."""
    fresh = copy(database)
    fresh.clock, fresh.routes, fresh.life = clock, {}, None
    return fresh


def _out(engine: AsyncEngine) -> int:
    """How many connections are in use."""
    assert isinstance(engine.pool, sa.QueuePool)
    return engine.pool.checkedout()


@pytest.fixture
def operator_id() -> OperatorId:
    """A tenant that no other test knows."""
    return OperatorId(new_id())


@pytest.fixture
def system(operator_id: OperatorId) -> Caller:
    return Caller.system(operator_id, "test")


def staff(operator_id: OperatorId, *roles: Role) -> Caller:
    """A staff caller with these roles."""
    return Caller(operator_id=operator_id, kind="staff", id=str(new_id()), roles=frozenset(roles))


def clerk(operator_id: OperatorId, provider_id: ProviderId) -> Caller:
    """A person of that hospital or clinic."""
    roles = frozenset({CLERK})
    return Caller(operator_id=operator_id, kind="clerk", id=str(new_id()), roles=roles, provider_id=provider_id)


async def drain(platform: Platform, handlers: list[Handler], rounds: int = 50) -> int:
    """Run these handlers until nothing is due. Call `deliver` first, or nobody is told anything."""
    total = 0
    dispatcher = Dispatcher(platform.database, handlers)
    for _ in range(rounds):
        handled = await dispatcher.drain()
        total += handled
        if not handled:
            return total
        await asyncio.sleep(0)
    raise AssertionError("handlers never come to rest")


def deliver(platform: Platform, handlers: list[Handler]) -> list[Handler]:
    """Subscribe these handlers, as the wiring does."""
    platform.database.deliver(routes_of(handlers))
    return handlers
