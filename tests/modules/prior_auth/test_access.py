"""The guarantee of attendance: the term by which care must be had, and who finds a place where nobody attends."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
import sqlalchemy as sa

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import MemberId, ProviderId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.access import AccessWork, AppointmentRecorded, NoAppointmentFound
from austa.modules.prior_auth.domain.access import STEPS, may_take, start_attendance
from austa.modules.prior_auth.service.access import AccessService
from austa.modules.prior_auth.service.vault import Vault
from tests.conftest import TODAY
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.house import CHEMOTHERAPY, House
from tests.modules.prior_auth.seeds import TERMS

NOTHING = NoAppointmentFound(words=Personal("Liguei em três clínicas. Só há vaga em março."))
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest_asyncio.fixture
async def guarantee(house: House, platform: Platform) -> AccessService:
    return AccessService(
        platform.database.for_module("prior_auth"),
        access=platform.access,
        vault=Vault(platform.keys),
        members=house.world.members,
        privacy=FakePrivacy(),
    )


def member(house: House) -> Caller:
    return Caller.member(house.system.operator_id, house.member)


def coordinator(house: House) -> Caller:
    person = house.world.identity.hire("care_coordinator")
    roles = frozenset({"care_coordinator"})
    return Caller(operator_id=house.system.operator_id, kind="staff", id=str(person), roles=roles)


def test_the_term_of_attendance_is_that_of_the_norm() -> None:
    """RN ANS 566/2022, art. 3º, from a Friday: three business days for a laboratory, twenty-one for complex care."""
    asked = datetime(2026, 11, 13, 15, tzinfo=SAO_PAULO)
    days = {}
    for service_class in ("lab", "basic_consult", "specialty_consult", "therapy", "high_complexity"):
        found = start_attendance(service_class, asked, BusinessCalendar(), SAO_PAULO, TERMS)
        assert found is not None
        days[service_class] = found.clock.due_at.astimezone(SAO_PAULO).date()
    assert days == {
        "lab": date(2026, 11, 18),
        "basic_consult": date(2026, 11, 25),  # 20 November is a holiday
        "specialty_consult": date(2026, 12, 4),
        "therapy": date(2026, 11, 30),
        "high_complexity": date(2026, 12, 15),
    }
    assert start_attendance("non_care", asked, BusinessCalendar(), SAO_PAULO, TERMS) is None


def test_urgent_care_is_had_at_once_and_nobody_looks_for_an_appointment() -> None:
    found = start_attendance("urgency", TODAY, BusinessCalendar(), SAO_PAULO, TERMS)
    assert found is not None
    assert (found.clock.due_at, found.watch_at) == (TODAY, None)


def test_the_ladder_only_goes_down() -> None:
    for current, step in product(STEPS, STEPS):
        assert may_take(current, step) == (STEPS.index(step) > STEPS.index(current))


async def test_a_request_tells_by_when_care_must_be_had(house: House) -> None:
    request = await house.see(await house.ask())
    assert request.attendance is not None
    assert request.attendance.business_days == 3
    assert "RN ANS 566/2022" in request.attendance.basis


async def test_who_finds_nobody_has_a_coordinator_who_goes_down_the_ladder(
    house: House, guarantee: AccessService, clock: SetClock
) -> None:
    request_id = await house.ask()
    told = await guarantee.report(member(house), request_id, NOTHING)
    again = await guarantee.report(member(house), request_id, NOTHING)
    assert (told.task_id, told.cause, told.step) == (again.task_id, "reported", "network")
    person = coordinator(house)
    assert [one.task_id for one in await guarantee.list(person)] == [told.task_id]
    view = await guarantee.work(
        person,
        told.task_id,
        AccessWork(act="step", step="outside_network", text=Personal("Nada na rede."), expected_version=again.version),
    )
    assert (view.task.step, str(view.task.taken_by)) == ("outside_network", person.id)
    assert [rung.step for rung in view.ladder if rung.may_take] == ["transport", "reimbursement"]
    assert view.notes[0].text == NOTHING.words
    done = AccessWork(
        act="close",
        outcome="scheduled",
        appointment=AppointmentRecorded(at=clock.now() + timedelta(days=1), provider_id=ProviderId(new_id())),
        expected_version=view.task.version,
    )
    closed = await guarantee.work(person, told.task_id, done)
    assert (closed.task.outcome, len(closed.appointments)) == ("scheduled", 1)
    assert await guarantee.list(person) == ()
    assert [one["cause"] for one in await house.events("access_task_opened")] == ["reported"]


async def test_a_refund_has_thirty_days_from_the_rung_it_came_to(house: House, guarantee: AccessService) -> None:
    told = await guarantee.report(member(house), await house.ask(), NOTHING)
    person = coordinator(house)
    words = Personal("Não há quem atenda.")
    step = AccessWork(act="step", step="reimbursement", text=words, expected_version=told.version)
    view = await guarantee.work(person, told.task_id, step)
    assert view.refund_by == TODAY.date() + timedelta(days=30)
    close = AccessWork(act="close", outcome="reimbursed", text=words, expected_version=view.task.version)
    assert (await guarantee.work(person, told.task_id, close)).task.outcome == "reimbursed"


@pytest.mark.parametrize("known", [False, True])
async def test_a_term_that_nears_without_an_appointment_finds_a_coordinator_before_it_ends(
    house: House, guarantee: AccessService, clock: SetClock, known: bool
) -> None:
    request_id = await house.ask()
    attendance = (await house.see(request_id)).attendance
    assert attendance is not None
    if known:
        await guarantee.record_appointment(member(house), request_id, AppointmentRecorded(at=attendance.due_at))
    clock.advance(attendance.due_at - timedelta(hours=20) - clock.now())
    await house.settle()
    tasks = await guarantee.list(coordinator(house))
    assert [(one.cause, one.days_left) for one in tasks] == ([] if known else [("term_near", 0)])
    clock.advance(timedelta(days=60))
    await house.settle()
    assert (await house.see(request_id)).state == "EXPIRED"


async def test_an_appointment_closes_the_task(house: House, guarantee: AccessService, clock: SetClock) -> None:
    request_id = await house.ask()
    told = await guarantee.report(member(house), request_id, NOTHING)
    when = AppointmentRecorded(at=clock.now() + timedelta(days=2))
    first = await guarantee.record_appointment(member(house), request_id, when)
    assert await guarantee.record_appointment(member(house), request_id, when) == first
    assert (await guarantee.get(coordinator(house), told.task_id)).task.outcome == "scheduled"


async def test_what_a_task_does_not_allow_is_refused(house: House, guarantee: AccessService, clock: SetClock) -> None:
    request_id = await house.ask()
    told = await guarantee.report(member(house), request_id, NOTHING)
    person, words = coordinator(house), Personal("x")

    async def refused(**work: object) -> str:
        with pytest.raises((Invalid, Conflict)) as error:
            await guarantee.work(person, told.task_id, AccessWork.model_validate({"expected_version": 1, **work}))
        return error.value.code

    assert await refused(act="note", expected_version=7) == "prior_auth.stale_version"
    assert await refused(act="note") == "prior_auth.work_incomplete"
    assert await refused(act="step", step="network", text=words) == "prior_auth.step_back"
    assert await refused(act="close", outcome="reimbursed", text=words) == "prior_auth.work_incomplete"
    assert await refused(act="close", outcome="scheduled") == "prior_auth.work_incomplete"
    far = AppointmentRecorded(at=clock.now() + timedelta(days=4000))
    assert await refused(act="close", outcome="scheduled", appointment=far) == "prior_auth.appointment_wrong"
    await guarantee.work(
        person, told.task_id, AccessWork(act="close", outcome="given_up", text=words, expected_version=1)
    )
    assert await refused(act="note", text=words, expected_version=2) == "prior_auth.task_closed"


async def test_only_what_is_authorized_is_attended_and_only_its_people_say_so(
    house: House, guarantee: AccessService
) -> None:
    open_ = await house.ask(**CHEMOTHERAPY)
    with pytest.raises(Conflict) as unauthorized:
        await guarantee.report(member(house), open_, NOTHING)
    assert unauthorized.value.code == "prior_auth.not_authorized"
    stranger = Caller.member(house.system.operator_id, MemberId(new_id()))
    for request_id in (open_, RequestId(new_id())):
        with pytest.raises(NotFound):
            await guarantee.report(stranger, request_id, NOTHING)
    with pytest.raises(Forbidden):
        await guarantee.list(member(house))


async def test_what_was_told_lies_sealed(house: House, guarantee: AccessService, platform: Platform) -> None:
    await guarantee.report(member(house), await house.ask(), NOTHING)
    async with platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        rows = await connection.execute(sa.text("select content from prior_auth.access_note"))
        assert all(b"vaga" not in row[0] for row in rows)
