"""When a message leaves, on which channel, and what becomes of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from austa.modules.notifications.api import Channel, State

Way = Literal["asked", "shown", "missing"]
"""What a channel is here: `asked` to send by event, `shown` on the demo's outbox page instead of sent, or `missing`."""

MORNING = 8
NIGHT = 21
STILL_TALKING = timedelta(minutes=15)
"""So long after their own request a person expects the answer, at night too."""

TRY_AGAIN = timedelta(hours=1)
"""A message without a channel looks for one again this often."""

FOLLOWS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        "scheduled": frozenset({"requested", "waiting", "delivered", "failed"}),
        "waiting": frozenset({"requested", "waiting", "delivered", "failed"}),
        "requested": frozenset({"sent", "delivered", "read", "requested", "waiting", "failed"}),
        "sent": frozenset({"delivered", "read", "requested", "waiting", "failed"}),
        "delivered": frozenset({"read"}),
        "read": frozenset(),
        "failed": frozenset(),
    }
)
"""What may follow what. Reports arrive late and out of order; one that would go back is ignored."""


def send_at(now: datetime, zone: ZoneInfo, *, at_once: bool, requested_at: datetime | None) -> datetime:
    """The instant at which a message may ring. News waits for the morning; an answer to somebody awake does not."""
    if at_once or (requested_at is not None and now - requested_at <= STILL_TALKING):
        return now
    local = now.astimezone(zone)
    if MORNING <= local.hour < NIGHT:
        return now
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if local.hour >= NIGHT:
        # By the wall clock: the night in which clocks change is an hour longer or shorter.
        morning += timedelta(days=1)
    return morning.astimezone(now.tzinfo)


def channels_for(
    allowed: Sequence[Channel], reachable: Collection[Channel], preferred: Channel | None
) -> tuple[Channel, ...]:
    """The channels to try, in order: those the template allows and the person has, the preferred one first."""
    usable = [channel for channel in allowed if channel in reachable]
    return tuple(sorted(usable, key=lambda channel: channel != preferred))


def next_channel(left: Sequence[Channel], ways: Mapping[Channel, Way]) -> tuple[Channel, Way] | None:
    """The first channel left that works here, else the first one, to wait for; None when all were tried."""
    working = next((channel for channel in left if ways[channel] != "missing"), None)
    chosen = working or next(iter(left), None)
    return None if chosen is None else (chosen, ways[chosen])


def may_follow(state: State, told: State) -> bool:
    return told in FOLLOWS[state]


def still_useful(created_at: datetime, useful_for: timedelta, now: datetime) -> bool:
    return now - created_at < useful_for
