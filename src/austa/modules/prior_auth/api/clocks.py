"""The door to legal time: on which days a term runs, how a term was counted, and how long answers took."""

from datetime import date, datetime
from typing import Literal, Protocol

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar, Scope
from austa.kernel.contracts import Contract
from austa.kernel.holidays import State
from austa.kernel.imports import ImportProblem
from austa.kernel.personal import Personal

VisitClass = Literal["lab", "basic_consult", "dental", "specialty_consult", "therapy", "other_outpatient"]
StayClass = Literal["day_hospital", "oral_antineoplastic", "high_complexity", "elective_admission"]
ServiceClass = Literal["urgency", VisitClass, StayClass, "non_care"]
"""Classes of the legal clocks (RN ANS 566/2022 art. 3, RN ANS 623/2024; domain-br 2.5)."""


Stage = Literal["three_quarters", "last_day", "immediate"]
"""When an open request is predicted to be answered late: as the business day begins in which three quarters of its term
are spent, as the last one begins, and, where the answer is due at once, five minutes after it was received."""


class LegalClock(Contract):
    """How the legal term was counted. It never pauses."""

    service_class: ServiceClass
    asked_at: datetime
    due_at: datetime
    business_days: int
    """0 means immediately."""
    calendar_id: str
    """`BR-SP/2026.11+3`: the holidays of the nation and of São Paulo by that table, and the third state of the
    operator's own list, which is kept."""
    zone: str
    basis: str
    """The norms and the holidays that did not count, in Portuguese: for the auditor's screen, and for later."""


class AttendanceClock(Contract):
    """By when care must be had (RN ANS 566/2022), counted from the member's asking and apart from the term of the
    answer. 0 business days is immediately. `basis`: the clause and the holidays that were left out, in Portuguese."""

    due_at: datetime
    business_days: int
    basis: str


class InternalClock(Contract):
    """Business days since the asking, until the answer or today, as the operator plans with them: it stands still while
    papers are awaited. The legal clock does not, and no term of the law is read from this one."""

    with_us_days: int
    awaited_days: int
    """Days that ended while papers were awaited."""
    waiting: bool


class OwnHoliday(Contract):
    """A day of the operator's own list. `day` as people write it: dd/mm (each year), dd/mm/aaaa (once), páscoa+60."""

    day: str = Field(max_length=20)
    name: str = Field(min_length=1, max_length=200)
    law: str = Field(min_length=1, max_length=200)


class FreeDay(Contract):
    """A weekday on which no term runs, by which law, and whose it is."""

    day: date
    name: str
    law: str
    scope: Scope


class CalendarRevision(Contract):
    """A change of the calendar, as it was left: `holidays` is how many own ones there were then."""

    revision: int
    at: datetime
    by: str
    by_name: Personal | None
    reason: str
    state: State | None
    holidays: int


class OperatorCalendar(Contract):
    """A year of an operator. `left_out`: days that a state's laws leave in doubt, which count, and why.

    `open_terms`: requests that wait for an answer; a change moves none of their terms.
    """

    calendar_id: str
    year: int
    state: State | None
    left_out: str
    days: tuple[FreeDay, ...]
    own: tuple[OwnHoliday, ...]
    revisions: tuple[CalendarRevision, ...]
    """Newest first."""
    open_terms: int


class CalendarChange(Contract):
    """What becomes of the calendar that was `seen` (its id): whose state's holidays count, which own ones come and go.
    `reason` is kept with the person who changed it."""

    seen: str
    state: State | None
    add: tuple[OwnHoliday, ...] = Field((), max_length=200)
    remove: tuple[OwnHoliday, ...] = Field((), max_length=200)
    reason: str = Field(min_length=3, max_length=500)


class HolidayImport(Contract):
    """What taking over a list of own holidays did, or, for a dry run, would do. With problems nothing is written."""

    dry_run: bool
    lines: int
    added: int
    removed: int
    unchanged: int
    calendar_id: str
    """Of the calendar that holds now."""
    problems: tuple[ImportProblem, ...]


class ResponseTimes(Contract):
    """What became of the requests of one class. Each request stands in exactly one of the five counts below it.

    An answer is conclusive: approved, in part, or denied. Days are business days from the asking to the first answer,
    by the calendar the term was counted by; minutes are told for what is due at once (`term_days` 0).
    """

    service_class: ServiceClass
    term_days: int
    requests: int
    answered_in_term: int
    answered_late: int
    open_in_term: int
    open_late: int
    given_up: int
    """Cancelled by whoever asked, before an answer."""
    median_days: float | None
    longest_days: int | None
    median_minutes: float | None
    longest_minutes: int | None


class ResponseRecord(Contract):
    """The record of response times for the regulator: counts only, nothing about a person.

    Of the requests received from `first_day` to `last_day`, on the wall of the operator's zone, as it was at `as_of`.
    """

    first_day: date
    last_day: date
    as_of: datetime
    ans_registry: str
    classes: tuple[ResponseTimes, ...]


class LegalClocks(Protocol):
    """Legal time of one operator. A change of its calendar moves no term that was counted before."""

    async def calendar(self, caller: Caller) -> BusinessCalendar:
        """The days on which terms run now: the nation's holidays, the state's, and the operator's own list."""
        ...

    async def year(self, caller: Caller, year: int) -> OperatorCalendar:
        """The calendar as people read it (`calendar:read`), for a year from 2024 on."""
        ...

    async def change(self, caller: Caller, change: CalendarChange) -> CalendarRevision:
        """Change the state and the own list; terms that run already stay as they were counted.

        Raises `Forbidden` without `calendar:change`, `Conflict` `prior_auth.calendar_changed` where it is no longer as
        it was seen, `Invalid` `prior_auth.holiday_wrong`, `prior_auth.holiday_repeated`.
        """
        ...

    async def set_state(self, caller: Caller, state: State | None) -> BusinessCalendar:
        """Count by the holidays of that state too; None is by the nation's alone. Setting it twice changes nothing.

        Raises `Forbidden` without `calendar:change`.
        """
        ...

    async def response_times(self, caller: Caller, first_day: date, last_day: date) -> ResponseRecord:
        """How long answers took, by class of service, both days included; classes without a request are left out.

        Raises `Forbidden` without `response_times:read`, `Invalid` `prior_auth.period_wrong`.
        """
        ...

    async def export_response_times(self, caller: Caller, first_day: date, last_day: date) -> str:
        """The same as CSV for the regulator (`;`, decimal comma, names in Portuguese). Raises as `response_times`."""
        ...

    async def watch_open(self, caller: Caller) -> int:
        """Set the warnings of open requests that have none, as those taken by an older version; how many there were.

        Raises `Forbidden` without `calendar:change`.
        """
        ...

    async def import_holidays(self, caller: Caller, table: str, *, dry_run: bool) -> HolidayImport:
        """Take over the CSV `data;nome;lei` as the operator's whole own list: what is not in it is removed.

        `data`: dd/mm (each year), dd/mm/aaaa or aaaa-mm-dd (once), or páscoa+60, páscoa-47 (days from Easter Sunday).
        Raises `Forbidden` without `calendar:change`.
        """
        ...
