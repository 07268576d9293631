"""When the next checkpoint is due: soon after an append, once for all that came meanwhile."""

from datetime import datetime, timedelta

SEAL_AFTER = timedelta(seconds=2)
"""How long an entry may wait for company before it is sealed; a signature per leaf would prove nothing more."""

GIVE_UP_ON_TIMER = timedelta(minutes=1)
"""A timer this late has been parked or dropped; the next append sets another."""


def seal_due(now: datetime, due_at: datetime | None) -> datetime | None:
    """The instant for which an append must set a timer, None when one is already set (`due_at`)."""
    if due_at is not None and now < due_at + GIVE_UP_ON_TIMER:
        return None
    return now + SEAL_AFTER
