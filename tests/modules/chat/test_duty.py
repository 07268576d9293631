"""An alert that nobody takes goes to the next on duty, then to who is on call; the member hears of 192 at each step."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid
from austa.kernel.ids import PrincipalId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import TriageTask
from austa.modules.chat.api.duty import DutyGap, EscalationStep, Roster, Shift
from austa.modules.chat.domain import duty as rules
from tests.modules.chat.conftest import Line

CHEST = "tô com um aperto no peito e suando frio"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ALL_DAY = {"starts": time(0), "ends": time(0)}


def shift(name: str, person: PrincipalId | None = None, **fields: object) -> Shift:
    """A nurse's shift."""
    chosen = {"post": "nurse", "person": person or PrincipalId(new_id()), "name": Personal(name), **ALL_DAY, **fields}
    return Shift.model_validate(chosen)


def roster(*shifts: Shift) -> Roster:
    return Roster(shifts=shifts, steps=rules.DEFAULT_STEPS)


def names(found: list[Shift]) -> list[str]:
    return [one.name.reveal() for one in found]


def test_a_night_shift_goes_on_until_the_morning_after() -> None:
    night = roster(shift("Ana", weekday=0, starts=time(19), ends=time(7)))
    at = datetime(2026, 11, 24, 9, 59, tzinfo=UTC)  # Tuesday 06:59 in São Paulo
    assert names(rules.on_duty(night, "nurse", at)) == ["Ana"]
    assert rules.on_duty(night, "nurse", at + timedelta(minutes=1)) == []


def test_an_absence_takes_a_day_out_and_a_day_of_its_own_puts_somebody_in() -> None:
    ana = PrincipalId(new_id())
    kept = roster(
        shift("Ana", ana, weekday=0),
        shift("Ana", ana, day=date(2026, 11, 23), is_absent=True),
        shift("Rui", day=date(2026, 11, 23), starts=time(8), ends=time(18)),
    )
    assert names(rules.on_duty(kept, "nurse", MONDAY)) == ["Rui"]
    assert names(rules.on_duty(kept, "nurse", MONDAY + timedelta(days=7))) == ["Ana"]


@given(
    weekday=st.integers(0, 6),
    starts=st.integers(0, 1439),
    ends=st.integers(0, 1439),
    minute=st.integers(0, 7 * 1440 - 1),
)
def test_a_gap_is_when_nobody_is_on_duty(weekday: int, starts: int, ends: int, minute: int) -> None:
    hours = {"starts": time(starts // 60, starts % 60), "ends": time(ends // 60, ends % 60)}
    kept = roster(shift("Ana", weekday=weekday, **hours))
    at = datetime(2026, 11, 23, 3, 0, tzinfo=UTC) + timedelta(minutes=minute)  # Monday 00:00 in São Paulo and on
    covered = bool(rules.on_duty(kept, "nurse", at))
    assert covered != any(_holds(gap, minute) for gap in rules.gaps(kept, "nurse"))


def _holds(gap: DutyGap, minute: int) -> bool:
    begins = gap.weekday * 1440 + gap.starts.hour * 60 + gap.starts.minute
    ends = gap.until_weekday * 1440 + gap.ends.hour * 60 + gap.ends.minute
    return begins <= minute < (ends if ends > begins else 7 * 1440)


@dataclass
class Rostered:
    """A line with two nurses and a physician on call, at all hours."""

    line: Line
    ana: Caller
    rui: Caller
    helena: Caller

    async def alert(self) -> TriageTask:
        await self.line.says(CHEST)
        return await self.task()

    async def task(self) -> TriageTask:
        (task,) = await self.line.tasks()
        return task

    async def wait(self) -> TriageTask:
        """Nobody acknowledges until the term has run out."""
        task = await self.task()
        self.line.clock.advance(task.due_at - self.line.clock.now() + timedelta(seconds=1))
        await self.line.work()
        return await self.task()

    def told(self) -> list[str]:
        return [values["name"].reveal() for _, values in self.line.notifications.asked.values() if "level" in values]


def all_week(name: str, caller: Caller, **fields: object) -> list[Shift]:
    return [shift(name, caller.principal_id, weekday=weekday, **fields) for weekday in range(7)]


@pytest_asyncio.fixture
async def rostered(line: Line) -> Rostered:
    put = line.identity.put
    ana = put(line.operator_id, "Ana Luz", "nurse_auditor")
    rui = put(line.operator_id, "Rui Prado", "care_coordinator")
    helena = put(line.operator_id, "Helena Vasques", "technical_director", council="CRM-SP 104233")
    on_call = all_week("Helena Vasques", helena, post="on_call", phone=Personal("+5511900000077"))
    kept = roster(*all_week("Ana Luz", ana), *all_week("Rui Prado", rui), *on_call)
    await line.chat.duty.save(rui, kept, 0)
    return Rostered(line, ana, rui, helena)


async def test_it_goes_to_the_next_on_duty_then_to_who_is_on_call(rostered: Rostered) -> None:
    task = await rostered.alert()
    assert [turn.name.reveal() for turn in task.turns if turn.name] == ["Ana Luz"]
    assert task.due_at - task.opened_at == timedelta(minutes=1)
    task = await rostered.wait()
    assert (task.state, task.turns[-1].post) == ("escalated", "nurse")
    task = await rostered.wait()
    last = task.turns[-1]
    assert last.name is not None
    assert last.phone is not None
    assert (last.post, last.name.reveal(), last.phone.reveal()) == ("on_call", "Helena Vasques", "+5511900000077")
    assert last.was_told
    assert rostered.told() == ["Ana Luz", "Rui Prado", "Helena Vasques"]


async def test_the_member_hears_of_192_once_for_each_turn_that_failed(rostered: Rostered) -> None:
    await rostered.alert()
    before = len(rostered.line.graph.sent)
    for _ in range(3):
        await rostered.wait()
    again = rostered.line.graph.texts()[before:]
    assert len(again) == 3
    assert all("ligue 192 (SAMU)" in text for text in again)
    rostered.line.clock.advance(timedelta(hours=1))
    await rostered.line.work()
    assert len(rostered.line.graph.texts()) == before + 3


async def test_what_was_acknowledged_goes_no_further(rostered: Rostered) -> None:
    task = await rostered.alert()
    await rostered.wait()
    await rostered.line.chat.acknowledge(rostered.rui, task.id)
    before = len(rostered.line.graph.sent)
    rostered.line.clock.advance(timedelta(hours=1))
    await rostered.line.work()
    assert len(rostered.line.graph.sent) == before
    (done,) = (await rostered.line.chat.triage_tasks(rostered.ana, "all", None, 5)).items
    assert (done.state, len(done.turns)) == ("acknowledged", 2)


async def test_who_is_hurt_by_somebody_hears_nothing_unasked(rostered: Rostered) -> None:
    await rostered.line.says("meu marido me bateu e ele vai me matar")
    before = len(rostered.line.graph.sent)
    await rostered.wait()
    assert len(rostered.line.graph.sent) == before


async def test_who_wants_to_die_is_told_188_again(rostered: Rostered) -> None:
    await rostered.line.says("quero me matar")
    before = len(rostered.line.graph.sent)
    await rostered.wait()
    (again,) = rostered.line.graph.texts()[before:]
    assert "188 (CVV)" in again
    assert "192 (SAMU)" in again


async def test_without_a_roster_the_alert_is_everybodys_and_is_told_once(line: Line) -> None:
    await line.says(CHEST)
    (task,) = await line.tasks()
    assert [(turn.number, turn.name) for turn in task.turns] == [(0, None)]
    before = len(line.graph.sent)
    line.clock.advance(timedelta(minutes=10))
    await line.work()
    (task,) = await line.tasks()
    assert (task.state, len(task.turns)) == ("escalated", 1)
    assert "192" in line.graph.texts()[-1]
    assert len(line.graph.sent) == before + 1


async def test_two_do_not_change_the_roster_unknowingly(rostered: Rostered) -> None:
    seen = await rostered.line.chat.duty.roster(rostered.ana)
    assert seen.version == 1
    assert seen.changed_by is not None
    assert [len(now.people) for now in seen.now] == [2, 1]
    assert seen.now[0].gaps == ()
    await rostered.line.chat.duty.save(rostered.helena, seen.roster, 1)
    with pytest.raises(Conflict, match="roster_changed"):
        await rostered.line.chat.duty.save(rostered.rui, seen.roster, 1)
    with pytest.raises(Forbidden):
        await rostered.line.chat.duty.save(rostered.ana, seen.roster, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (shift("Ana"), "shifts.0"),
        (shift("Ana", weekday=0, day=date(2026, 11, 23)), "shifts.0"),
        (shift("Ana", weekday=0, is_absent=True), "shifts.0.is_absent"),
        (shift("Ana", weekday=0, post="on_call"), "shifts.0.phone"),
    ],
)
def test_a_wrong_roster_is_refused_with_its_field(wrong: Shift, field: str) -> None:
    with pytest.raises(Invalid, match="roster_wrong") as refused:
        rules.check_roster(roster(wrong))
    assert refused.value.details["field"] == field


def test_the_first_step_is_a_nurses() -> None:
    with pytest.raises(Invalid, match="roster_wrong"):
        rules.check_roster(Roster(shifts=(), steps=(EscalationStep(post="on_call", red_s=60, orange_s=60),)))


async def test_telephones_of_the_roster_lie_sealed(rostered: Rostered) -> None:
    await rostered.alert()
    await rostered.wait()
    await rostered.wait()
    kept = await rostered.line.query("select body from chat.duty_roster union all select contact from chat.triage_turn")
    assert len(kept) == 4
    assert all(b"900000077" not in bytes(body) for body in kept)
