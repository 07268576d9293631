"""What every module is built on, in one place, and what a built module gives back to the wiring."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.routing import Route

from austa.infra.access import Access
from austa.infra.blobs import Blobs, open_store
from austa.infra.db import Database
from austa.infra.feed import Feed
from austa.infra.http import Idempotency
from austa.infra.keys import KeyFile, Keys
from austa.infra.outbox import Handler
from austa.infra.settings import Settings
from austa.kernel.clock import Clock

KEY_CONNECTIONS = 3


@dataclass(frozen=True)
class Platform:
    """The technology of one process."""

    settings: Settings
    clock: Clock
    database: Database
    keys: Keys
    blobs: Blobs
    access: Access
    idempotency: Idempotency
    key_database: Database
    feed: Feed

    @staticmethod
    def open(settings: Settings, url: sa.URL, clock: Clock, *, create_keys: bool = False) -> "Platform":
        """Open the platform on a database and the data folder of `settings`.

        Keys have a few connections of their own, so that sealing inside a transaction never waits for the
        connection that this transaction holds.
        """
        database = Database(url, clock, pool_size=settings.database_pool)
        key_database = Database(url, clock, pool_size=KEY_CONNECTIONS)
        keys = Keys(KeyFile(settings.data / "keys", create=create_keys), key_database)
        return Platform(
            settings=settings,
            clock=clock,
            database=database,
            keys=keys,
            blobs=Blobs(open_store(settings.files_url, settings.data / "files"), keys),
            access=Access(),
            idempotency=Idempotency(database, keys, clock),
            key_database=key_database,
            feed=Feed(database),
        )

    async def close(self) -> None:
        await self.database.close()
        await self.key_database.close()


class Runner(Protocol):
    """Work of a module that lies in a table of its own, done in worker processes beside the outbox's deliveries."""

    module: str

    async def run(self) -> None:
        """Work until `stop`."""
        ...

    def stop(self) -> None:
        """Finish what is at work, then let `run` end."""
        ...

    async def drain(self) -> int:
        """Work off all that is due, and return how much."""
        ...


@dataclass(frozen=True)
class Wired:
    """What a module's `build` gives to the wiring beside its service: reactions, HTTP routes, and what to close.

    Routes are made where they are served: making them takes longer than all the rest, and workers and commands serve
    none. `stream`: those of the message stream; they are looked at before all others and served as bare ASGI apps, for
    finding a route among hundreds costs as much as taking a message in.
    """

    handlers: Sequence[Handler] = ()
    runners: Sequence[Runner] = ()
    routes: Callable[[], Sequence[APIRouter]] = tuple
    stream: Callable[[], Sequence[Route]] = tuple
    webhooks: Callable[[], Sequence[APIRouter]] = tuple
    closers: Sequence[Callable[[], Awaitable[None]]] = ()
