"""From which number we write first. A reply always leaves from the number that was written to."""

import hashlib
from collections.abc import Collection, Iterable


def routed(person: bytes, numbers: Iterable[str], stopped: Collection[str]) -> str | None:
    """The same working number for the same person, as long as it works: each person has an order of the numbers of
    their own (rendezvous hashing), so that what a stopped number leaves is spread over the others. None without one."""
    working = [number for number in numbers if number not in stopped]
    return max(working, key=lambda number: hashlib.sha256(person + number.encode()).digest(), default=None)
