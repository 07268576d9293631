"""Who is on duty for the alerts."""

from datetime import date, datetime, time
from typing import Annotated, Literal, Protocol

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Conflict
from austa.kernel.ids import PrincipalId
from austa.kernel.personal import Personal


class Colleague(Contract):
    """A person of the staff, as a conversation names them."""

    id: PrincipalId
    name: Personal


Post = Literal["nurse", "on_call"]
"""`nurse`: watches the alerts on the screen; `on_call`: is reached by telephone."""


class Shift(Contract):
    """Who has a post when: each week on a weekday (0 is Monday), or on one day. `is_absent`: not on that day.

    A shift that ends when or before it starts ends on the next day. `phone` is E.164.
    """

    post: Post
    person: PrincipalId
    name: Personal
    phone: Personal | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    day: date | None = None
    starts: time
    ends: time
    is_absent: bool = False


class EscalationStep(Contract):
    """Whose turn it is, and how many seconds they have for an emergency and for what is urgent."""

    post: Post
    red_s: Annotated[int, Field(ge=15, le=3600)]
    orange_s: Annotated[int, Field(ge=15, le=3600)]


class Roster(Contract):
    """The duty roster of an operator."""

    shifts: Annotated[tuple[Shift, ...], Field(max_length=500)]
    steps: Annotated[tuple[EscalationStep, ...], Field(min_length=1, max_length=10)]
    time_zone: str = "America/Sao_Paulo"
    """IANA name; set when it is saved."""


class DutyGap(Contract):
    """Hours of a usual week in which nobody has a post."""

    weekday: int
    starts: time
    until_weekday: int
    ends: time


class DutyNow(Contract):
    """Who has a post now, and when in a usual week nobody has."""

    post: Post
    people: tuple[Colleague, ...]
    gaps: tuple[DutyGap, ...]


class DutyRoster(Contract):
    """The roster in force. Version 0: none was written yet, the alerts are everybody's."""

    version: int
    roster: Roster
    now: tuple[DutyNow, ...]
    changed_by: Colleague | None
    changed_at: datetime | None


class Duty(Protocol):
    """The duty roster of the caller's operator."""

    async def roster(self, caller: Caller) -> DutyRoster:
        """The roster in force and who is on duty now (`triage_task:read`)."""
        ...

    async def save(self, caller: Caller, roster: Roster, version: int) -> DutyRoster:
        """A new word of it (`duty:change`); all earlier ones are kept. `version` is the one it changes.

        Raises `Invalid` `chat.roster_wrong` (details: `field`), `Conflict` `chat.roster_changed`.
        """
        ...


def roster_changed() -> Conflict:
    return Conflict("chat.roster_changed", "somebody else changed the roster meanwhile; read it again")
