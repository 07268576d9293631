"""argon2id with OWASP's second set of parameters (m=47104 KiB, t=1, p=1), never on the event loop."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MEMORY_KIB = 47104
AT_ONCE = 4
"""Each computation holds 46 MiB: more at once would let a burst of sign-ins eat the machine."""

NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$iDMm0+ZVFtEhtR/a0/a/Wg$miy3tuyinzEp7UXc/ZqmRpnmTgQWaOrG3p6L/6Wl4XU"
"""Stands in for the hash of an account that does not exist, so that refusing it takes as long. Nothing opens it."""


class Passwords:
    """Hashes and verifies in threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1),))
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """About 70 ms of CPU."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """False for `stored` None, after the same work."""
        async with self._slots:
            right = await asyncio.to_thread(self._hasher.verify, password, stored or NOBODY)
        return right and stored is not None
