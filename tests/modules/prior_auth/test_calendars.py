"""An operator's calendar at its door: the state, the own list from CSV, and what it does to terms."""

from datetime import date, datetime
from typing import cast

import pytest

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import BRASILIA
from austa.kernel.errors import Conflict, Forbidden, Invalid
from austa.kernel.ids import OperatorId, new_id
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.clocks import CalendarChange, OwnHoliday
from austa.modules.prior_auth.domain.own_holidays import read_day
from austa.modules.prior_auth.module import build_clocks
from austa.modules.prior_auth.service.clocks import ClocksService
from tests.conftest import staff
from tests.fakes.identity import FakeIdentity
from tests.modules.prior_auth.house import CHEMOTHERAPY, House
from tests.modules.prior_auth.seeds import LAW

CITY = """data;nome;lei
25/01;Aniversário de São Paulo;Lei municipal 7.008/1967
páscoa+60;Corpus Christi;Lei municipal 7.008/1967
"""


@pytest.fixture
def clocks(platform: Platform) -> ClocksService:
    return build_clocks(platform, identity=cast(Identity, FakeIdentity()))[0]


async def test_without_a_word_only_the_nations_holidays_count(clocks: ClocksService, system: Caller) -> None:
    calendar = await clocks.calendar(system)
    assert calendar.id == "BR/2026.11"
    assert calendar.is_business_day(date(2027, 7, 9))


async def test_a_state_brings_its_holidays(clocks: ClocksService, system: Caller) -> None:
    assert (await clocks.set_state(system, "SP")).id == "BR-SP/2026.11+1"
    assert (await clocks.set_state(system, "SP")).id == "BR-SP/2026.11+1"
    assert not (await clocks.calendar(system)).is_business_day(date(2027, 7, 9))


async def test_a_list_is_tried_before_it_is_taken_over(clocks: ClocksService, system: Caller) -> None:
    tried = await clocks.import_holidays(system, CITY, dry_run=True)
    assert (tried.added, tried.removed, tried.unchanged, tried.problems) == (2, 0, 0, ())
    assert (await clocks.calendar(system)).own == ()
    taken = await clocks.import_holidays(system, CITY, dry_run=False)
    assert taken.calendar_id == "BR/2026.11+1"
    calendar = await clocks.calendar(system)
    assert not calendar.is_business_day(date(2027, 1, 25))
    assert not calendar.is_business_day(date(2027, 5, 27))


async def test_the_file_is_the_whole_list(clocks: ClocksService, system: Caller) -> None:
    await clocks.import_holidays(system, CITY, dry_run=False)
    again = await clocks.import_holidays(system, CITY, dry_run=False)
    assert (again.added, again.unchanged, again.calendar_id) == (0, 2, "BR/2026.11+1")
    only_one = await clocks.import_holidays(system, "\n".join(CITY.splitlines()[:2]), dry_run=False)
    assert (only_one.removed, only_one.calendar_id) == (1, "BR/2026.11+2")
    assert len((await clocks.calendar(system)).own) == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("31/02;x;Lei 1", "day_wrong"),
        ("amanhã;x;Lei 1", "day_wrong"),
        ("25/13/2027;x;Lei 1", "day_wrong"),
        ("25/01;;Lei 1", "missing"),
        ("25/01;x;", "missing"),
        (f"25/01;{'x' * 201};Lei 1", "too_long"),
        ("25/01;x;Lei 1\n25/1;y;Lei 2", "repeated"),
    ],
)
async def test_a_wrong_line_stops_the_whole_file(clocks: ClocksService, system: Caller, line: str, code: str) -> None:
    report = await clocks.import_holidays(system, f"data;nome;lei\n02/02;Padroeira;Lei 9\n{line}\n", dry_run=False)
    assert [problem.code for problem in report.problems] == [code]
    assert (await clocks.calendar(system)).own == ()


async def test_only_who_administers_changes_the_calendar(clocks: ClocksService, system: Caller) -> None:
    auditor = staff(system.operator_id, "medical_auditor")
    with pytest.raises(Forbidden):
        await clocks.set_state(auditor, "SP")
    with pytest.raises(Forbidden):
        await clocks.import_holidays(auditor, CITY, dry_run=True)


async def test_one_operators_holidays_are_not_anothers(clocks: ClocksService, system: Caller) -> None:
    await clocks.set_state(system, "SP")
    other = Caller.system(OperatorId(new_id()), "test")
    assert (await clocks.calendar(other)).state is None


async def test_a_term_says_what_made_it_longer_and_stays_when_the_calendar_changes(
    house: House, clocks: ClocksService
) -> None:
    asked_at = datetime(2026, 11, 19, 10, tzinfo=BRASILIA)
    await clocks.import_holidays(house.system, "data;nome;lei\n23/11;Padroeira;Lei municipal 9/1990\n", dry_run=False)
    before = (await house.see(await house.ask(asked_at=asked_at))).clock
    assert before.due_at.astimezone(BRASILIA).date() == date(2026, 11, 26)
    assert before.calendar_id == "BR/2026.11+1"
    assert before.basis == (
        "3 dias úteis: o menor entre responder em 5 (RN ANS 623/2024) e atender em 3 (RN ANS 566/2022, art. 3º, X)."
        " Não contam: 20/11/2026 (Dia Nacional de Zumbi e da Consciência Negra, Lei 14.759/2023);"
        f" 23/11/2026 (Padroeira, Lei municipal 9/1990). Tabela de prazos 1 ({LAW.digest[:12]})."
    )
    await clocks.import_holidays(house.system, "data;nome;lei\n", dry_run=False)
    after = (await house.see(await house.ask("key-2", asked_at=asked_at))).clock
    assert after.due_at.astimezone(BRASILIA).date() == date(2026, 11, 25)
    assert (await house.see(await house.ask(asked_at=asked_at))).clock == before


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("25/01", "01-25"),
        ("5/1", "01-05"),
        ("25/01/2027", "2027-01-25"),
        ("2027-01-25", "2027-01-25"),
        ("páscoa+60", "easter+60"),
        ("PASCOA - 47", "easter-47"),
        ("páscoa", None),
        ("", None),
    ],
)
def test_days_as_operators_write_them(text: str, when: str | None) -> None:
    assert read_day(text) == when


class TestByAPerson:
    """The calendar page: one person, with a reason that is kept."""

    FEAST = OwnHoliday(day="25/01", name="Aniversário de São Paulo", law="Lei municipal 7.008/1967")

    def change(self, seen: str, **changes: object) -> CalendarChange:
        return CalendarChange.model_validate({"seen": seen, "state": None, "reason": "Decreto de 2026", **changes})

    async def test_adds_and_removes_days_and_each_change_names_who_and_why(
        self, clocks: ClocksService, system: Caller
    ) -> None:
        admin = staff(system.operator_id, "administrator")
        first = await clocks.change(admin, self.change("BR/2026.11", state="SP", add=(self.FEAST,)))
        assert (first.revision, first.by, first.reason) == (1, admin.actor, "Decreto de 2026")
        shown = await clocks.year(staff(system.operator_id, "nurse_auditor"), 2027)
        assert (shown.calendar_id, shown.state, shown.own) == ("BR-SP/2026.11+1", "SP", (self.FEAST,))
        scopes = {one.day: one.scope for one in shown.days}
        assert [scopes[day] for day in (date(2027, 1, 25), date(2027, 7, 9), date(2027, 9, 7))] == [
            "own",
            "state",
            "national",
        ]
        await clocks.change(admin, self.change(shown.calendar_id, state="SP", remove=(self.FEAST,), reason="Revogado"))
        after = await clocks.year(admin, 2027)
        assert (after.own, [one.reason for one in after.revisions]) == ((), ["Revogado", "Decreto de 2026"])

    async def test_what_changed_meanwhile_is_not_overwritten(self, clocks: ClocksService, system: Caller) -> None:
        admin = staff(system.operator_id, "administrator")
        await clocks.change(admin, self.change("BR/2026.11", state="RJ"))
        with pytest.raises(Conflict) as refused:
            await clocks.change(admin, self.change("BR/2026.11", state="SP"))
        assert refused.value.code == "prior_auth.calendar_changed"

    async def test_an_impossible_or_repeated_day_is_refused(self, clocks: ClocksService, system: Caller) -> None:
        admin = staff(system.operator_id, "administrator")
        wrong = self.FEAST.model_copy(update={"day": "31/02"})
        for add, code in (((wrong,), "holiday_wrong"), ((self.FEAST, self.FEAST), "holiday_repeated")):
            with pytest.raises(Invalid) as refused:
                await clocks.change(admin, self.change("BR/2026.11", add=add))
            assert refused.value.code == f"prior_auth.{code}"
        with pytest.raises(Forbidden):
            await clocks.change(staff(system.operator_id, "medical_auditor"), self.change("BR/2026.11", state="SP"))

    async def test_open_terms_are_counted_and_stay(self, house: House, clocks: ClocksService) -> None:
        request_id = await house.ask(**CHEMOTHERAPY)
        admin, before = staff(house.system.operator_id, "administrator"), await house.see(request_id)
        assert (await clocks.year(admin, 2026)).open_terms == 1
        every_day = tuple(OwnHoliday(day=f"{day:02}/12/2026", name="Festa", law="Lei 1") for day in range(1, 29))
        await clocks.change(admin, self.change("BR/2026.11", add=every_day))
        assert (await house.see(request_id)).due_at == before.due_at
