"""Which processes live: each holds an advisory lock under a number of its own, which ends with its connection.

So whoever finds something begun by a process that is gone, however it died, may take it over at once instead of
waiting for a time to run out. Behind a pooler that shares connections such locks say nothing: then the times do.
"""

from random import SystemRandom

import asyncpg

CLASS = 16725
"""First half of the locks; `outbox.living_processes()` gives the second of all that are held."""


def new_number() -> int:
    """A number that no other process has."""
    return SystemRandom().randrange(1, 2**31)


async def show_life(connection: asyncpg.Connection, number: int) -> None:
    """Hold the number for as long as this connection lives."""
    await connection.execute("select pg_advisory_lock($1, $2)", CLASS, number)
