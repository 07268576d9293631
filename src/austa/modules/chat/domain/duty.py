"""Who is on duty when, and who is told next when nobody acknowledges an alert. Hours are those of the operator."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from austa.kernel.errors import Invalid
from austa.modules.chat.api.duty import DutyGap, EscalationStep, Roster, Shift
from austa.modules.language.api.language import Level

DEFAULT_STEPS = (
    EscalationStep(post="nurse", red_s=60, orange_s=300),
    EscalationStep(post="nurse", red_s=60, orange_s=300),
    EscalationStep(post="on_call", red_s=120, orange_s=300),
)
"""The first two terms are those of triage (RED 1 minute, ORANGE 5), the third is for the telephone to ring and for a
person to open a screen. An operator may set others."""

WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: a person of the roster, or (None) all who watch the alerts, and for how long."""

    number: int
    post: str
    shift: Shift | None
    seconds: int


def check_roster(roster: Roster) -> None:
    """Raises `Invalid` `chat.roster_wrong`, which names the entry and what is wrong with it."""
    for place, shift in enumerate(roster.shifts):
        if (shift.weekday is None) == (shift.day is None):
            raise _wrong(f"shifts.{place}", "either a weekday or a day")
        if shift.is_absent and shift.day is None:
            raise _wrong(f"shifts.{place}.is_absent", "only on a day")
        if shift.post == "on_call" and not shift.is_absent and shift.phone is None:
            raise _wrong(f"shifts.{place}.phone", "who is on call needs a phone")
    if not roster.steps or roster.steps[0].post != "nurse":
        raise _wrong("steps", "the first step is a nurse's")


def on_duty(roster: Roster, post: str, at: datetime) -> list[Shift]:
    """Who has that post at that instant, in the roster's order; each person once."""
    local = at.astimezone(ZoneInfo(roster.time_zone)).replace(tzinfo=None)
    found: dict[object, Shift] = {}
    for shift in roster.shifts:
        if shift.post == post and any(
            begins <= local < ends
            for day in (local.date() - timedelta(days=1), local.date())
            for begins, ends in _hours(roster, shift, day)
        ):
            found.setdefault(shift.person, shift)
    return list(found.values())


def next_turn(roster: Roster | None, level: Level, at: datetime, number: int, tried: Collection[object]) -> Turn | None:
    """Whose turn comes after `number` turns (0: the first), given who had one before; None when all had theirs.

    A step whose post nobody has falls to the next step; the first turn is always given, if need be to everybody.
    """
    steps = roster.steps if roster else DEFAULT_STEPS
    for step in steps[number:] or steps[-1:]:
        free = [shift for shift in (on_duty(roster, step.post, at) if roster else []) if shift.person not in tried]
        if free:
            # By the first term somebody must have acknowledged, whoever has the turn.
            return Turn(number, step.post, free[0], _term(step if number else steps[0], level))
    return Turn(0, steps[0].post, None, _term(steps[0], level)) if number == 0 else None


def gaps(roster: Roster, post: str) -> tuple[DutyGap, ...]:
    """The hours of a usual week in which nobody has the post, from Monday on."""
    covered = bytearray(WEEK)
    for shift in roster.shifts:
        if shift.post == post and shift.weekday is not None:
            begin = shift.weekday * 1440 + _minute(shift.starts)
            for minute in range(begin, begin + _length(shift)):
                covered[minute % WEEK] = 1
    return tuple(_uncovered(covered))


def _uncovered(covered: Sequence[int]) -> Iterator[DutyGap]:
    begin: int | None = None
    for minute in range(WEEK + 1):
        free = minute < WEEK and not covered[minute]
        if free and begin is None:
            begin = minute
        elif not free and begin is not None:
            yield DutyGap(
                weekday=begin // 1440, starts=_time(begin), until_weekday=minute // 1440 % 7, ends=_time(minute)
            )
            begin = None


def _hours(roster: Roster, shift: Shift, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The hours of a shift that begins on that day, if it does."""
    if shift.is_absent:
        return
    if shift.day == day or (shift.weekday == day.weekday() and not _is_absent(roster, shift, day)):
        begins = datetime.combine(day, shift.starts)
        yield begins, begins + timedelta(minutes=_length(shift))


def _is_absent(roster: Roster, shift: Shift, day: date) -> bool:
    return any(
        other.is_absent and other.day == day and other.person == shift.person and other.post == shift.post
        for other in roster.shifts
    )


def _length(shift: Shift) -> int:
    """Minutes; a shift that ends when or before it starts ends on the next day."""
    return (_minute(shift.ends) - _minute(shift.starts) - 1) % 1440 + 1


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _term(step: EscalationStep, level: Level) -> int:
    return step.red_s if level == "RED" else step.orange_s


def _wrong(field: str, why: str) -> Invalid:
    return Invalid("chat.roster_wrong", f"{field}: {why}", field=field)
