"""How fast Meta lets us send, as Meta counts: every attempt, when it arrives, refused ones too (domain-br 7.4).

We know when an attempt began and when its answer was here; Meta saw it at some instant between. So an attempt is taken
to have come when that is worst for us: the new one when it begins, earlier ones when they ended. What is counted so
keeps every limit in every window, however long calls take.
"""

from collections import deque
from dataclasses import dataclass, field

SECOND = 1.0


@dataclass(frozen=True)
class PaceLimits:
    """`per_second` of a number in every sliding second. Of a pair (number and member) one message each `pair_seconds`,
    with a burst of `pair_burst`, of which the last `pair_kept` are for emergencies."""

    per_second: int
    pair_burst: int
    pair_seconds: float
    pair_kept: int = 5


@dataclass
class NumberPace:
    """The attempts of one number that its sliding second still counts. Instants are seconds of one clock."""

    per_second: int
    under_way: int = 0
    _ended: deque[float] = field(default_factory=deque)

    @staticmethod
    def taken_over(per_second: int, now: float) -> "NumberPace":
        """Of a number whose last sender died: as if it had sent all that it might until now."""
        return NumberPace(per_second, 0, deque([now] * per_second))

    def free(self, now: float) -> int:
        """How many attempts may begin now."""
        while self._ended and self._ended[0] < now - SECOND:
            self._ended.popleft()
        return max(self.per_second - self.under_way - len(self._ended), 0)

    def begin(self, count: int) -> None:
        self.under_way += count

    def end(self, now: float) -> None:
        """One attempt has its answer, or never will."""
        self.under_way -= 1
        self._ended.append(now)

    def free_at(self, now: float) -> float:
        """When the next may begin, as far as is known."""
        if self.free(now) or not self._ended:
            return now
        return self._ended[0] + SECOND


def pair_begins(limits: PaceLimits, full_at: float, under_way: int, now: float, *, urgent: bool) -> float:
    """The earliest instant at which one more attempt of a pair may begin. `full_at`: when its bucket, with those
    `under_way`, would be full again."""
    burst = limits.pair_burst if urgent else max(limits.pair_burst - limits.pair_kept, 1)
    full_at = max(full_at, now + under_way * limits.pair_seconds)
    return max(now, full_at + limits.pair_seconds - burst * limits.pair_seconds)


def pair_begun(limits: PaceLimits, full_at: float, under_way: int, now: float) -> float:
    """When the bucket would be full again, once an attempt beside `under_way` others begins now."""
    return max(full_at, now + under_way * limits.pair_seconds) + limits.pair_seconds


def pair_ended(limits: PaceLimits, full_at: float, others: int, now: float) -> float:
    """The same, once an attempt has its answer while so many others are under way."""
    return max(full_at, now + (others + 1) * limits.pair_seconds)
