"""The ladder of RN ANS 566/2022 for a member whom nobody of the network attends in time, and who may go down it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from types import MappingProxyType
from typing import get_args
from zoneinfo import ZoneInfo

from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.modules.prior_auth.api.access import AccessStep, AccessWork
from austa.modules.prior_auth.api.clocks import AttendanceClock, ServiceClass
from austa.modules.prior_auth.domain.clocks import end_of_day, holidays_sentence
from austa.modules.prior_auth.domain.forecast import THREE_QUARTERS
from austa.modules.prior_auth.domain.refusals import appointment_wrong, step_back, task_closed, work_incomplete
from austa.modules.prior_auth.domain.terms import LegalTerms

REFUND_DAYS = 30
"""RN ANS 566/2022: the refund is in full, within thirty days of the member's asking for it."""
PAST, AHEAD = timedelta(days=60), timedelta(days=366)
"""How far away an appointment may lie and still be no slip of the pen."""
NORM = "RN ANS 566/2022"
LADDER: Mapping[AccessStep, tuple[str, str]] = MappingProxyType(
    {
        "network": ("Procurar vaga na rede do município do beneficiário", f"{NORM}, art. 3º"),
        "neighbour": ("Procurar prestador em município vizinho ou da mesma região de saúde", f"{NORM}, arts. 4º e 5º"),
        "outside_network": ("Contratar prestador fora da rede, pago pela operadora", f"{NORM}, arts. 4º e 5º"),
        "transport": ("Garantir o transporte até o prestador, ida e volta", f"{NORM}, arts. 5º a 7º"),
        "reimbursement": (f"Reembolsar por inteiro, em até {REFUND_DAYS} dias", f"{NORM}, art. 10"),
    }
)
STEPS: tuple[AccessStep, ...] = get_args(AccessStep)


@dataclass(frozen=True)
class Attendance:
    """The term by which care must be had, and from when on a request without an appointment is looked at."""

    clock: AttendanceClock
    watch_at: datetime | None


def start_attendance(
    service_class: ServiceClass, asked_at: datetime, calendar: BusinessCalendar, zone: ZoneInfo, terms: LegalTerms
) -> Attendance | None:
    """The attendance term of a request asked at that instant; None for what is no care. Urgent care is had at once:
    nobody waits for an appointment, so none is looked for."""
    term = terms.attendance[service_class]
    if term is None:
        return None
    asked_on = local_date(asked_at, zone)
    last = calendar.add(asked_on, term.days)
    days = f"{term.days} dias úteis para atender" if term.days else "Atendimento imediato"
    clock = AttendanceClock(
        due_at=end_of_day(last, zone) if term.days else asked_at.astimezone(UTC),
        business_days=term.days,
        basis=" ".join((f"{days} ({term.clause}).", *holidays_sentence(calendar, asked_on, last))),
    )
    nearing = calendar.add(asked_on, ceil(term.days * THREE_QUARTERS))
    return Attendance(clock, datetime.combine(nearing, time(), zone).astimezone(UTC) if term.days else None)


def may_take(current: AccessStep, step: AccessStep) -> bool:
    """The ladder only goes down; a rung that cannot help may be passed over."""
    return STEPS.index(step) > STEPS.index(current)


def check_work(work: AccessWork, current: AccessStep, *, closed: bool) -> None:
    """Refuse what a task does not allow: `Conflict` or `Invalid`, see `AccessGuarantee.work`."""
    if closed:
        raise task_closed()
    said = bool(work.text and work.text.reveal().strip())
    if work.act == "step":
        if work.step is None or not said:
            raise work_incomplete("step, text")
        if not may_take(current, work.step):
            raise step_back(current, work.step)
    if work.act == "note" and not said:
        raise work_incomplete("text")
    if work.act == "close":
        if work.outcome is None or (work.outcome != "scheduled" and not said):
            raise work_incomplete("outcome, text")
        if (work.outcome == "scheduled") != (work.appointment is not None):
            raise work_incomplete("appointment")
        if work.outcome == "reimbursed" and current != "reimbursement":
            raise work_incomplete("step")


def check_appointment(at: datetime, now: datetime) -> None:
    """Raises `Invalid` `prior_auth.appointment_wrong`."""
    if not now - PAST <= at <= now + AHEAD:
        raise appointment_wrong()


def refund_by(reached_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The last day for the refund, counted from when the ladder came to it."""
    return local_date(reached_at, zone) + timedelta(days=REFUND_DAYS) if reached_at else None
