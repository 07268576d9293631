"""Terms of triage tasks: how soon a nurse must acknowledge (domain-br 8.2, principle 10)."""

from datetime import datetime, timedelta

from austa.modules.language.api import Level, RedFlags

ACKNOWLEDGE_WITHIN: dict[Level, timedelta] = {"RED": timedelta(minutes=1), "ORANGE": timedelta(minutes=5)}

RECENT = timedelta(minutes=5)
"""Messages of the last five minutes are read together: "tô com dor" / "no peito"."""

LATE_AFTER = timedelta(minutes=15)
"""Meta may deliver days late; an older message says so in the reply."""


def task_level(flags: RedFlags) -> Level | None:
    """The level of the nurse task that these findings open, or None. Doubtful findings open none: they are asked."""
    return flags.level if flags.level in ACKNOWLEDGE_WITHIN else None


def due_at(level: Level, opened_at: datetime) -> datetime:
    """By when a nurse must have acknowledged."""
    return opened_at + ACKNOWLEDGE_WITHIN[level]


def is_late(sent_at: datetime, now: datetime) -> bool:
    """Whether the message lay so long that the reply must say so."""
    return now - sent_at > LATE_AFTER
