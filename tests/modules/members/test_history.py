"""What was true of a member on a day, as it was known at a moment; nothing that was once believed is lost."""

import random
from datetime import date, datetime, timedelta

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from austa.infra.postgres.address import PostgresAddress
from austa.kernel.clock import SetClock
from austa.kernel.errors import NotFound
from austa.kernel.ids import MemberId, OperatorId, new_id
from austa.kernel.personal import Personal
from austa.modules.members.api import EligibilityFacts, WaitingPeriod
from tests.modules.members.conftest import Register, code_of
from tests.modules.members.people import CARD, contract, heart, marina, theo

TODAY = date(2026, 11, 21)
LAST_MONTH = date(2026, 10, 21)
STATUSES = ("active", "suspended")


async def facts(register: Register, on: date = TODAY, known_at: datetime | None = None) -> EligibilityFacts:
    return await register.members.eligibility_facts(register.system, await register.find(CARD), on, known_at)


async def owner_does(register: Register, statement: str) -> None:
    """As a process of an older version, or a hand in the database, would."""
    async with register.members._database.transaction(register.system) as tx:
        await tx.execute(sa.text(statement))


class TestCorrections:
    async def test_a_correction_of_the_past_changes_what_we_say_not_what_we_said(
        self, register: Register, clock: SetClock
    ) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        before = clock.now()
        clock.advance(timedelta(days=3))
        right = contract(segmentation="outpatient", valid_from=date(2026, 10, 1))
        await register.members.save(register.system, (right,), ())
        assert (await facts(register, LAST_MONTH)).segmentation == "outpatient"
        assert (await facts(register, date(2026, 9, 30))).segmentation == "outpatient_hospital_obstetrics"
        assert (await facts(register, LAST_MONTH, before)).segmentation == "outpatient_hospital_obstetrics"

    async def test_a_change_without_a_day_holds_from_today(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        await register.members.save(register.system, (contract(coverage_area="state", coverage_states=("SP",)),), ())
        assert (await facts(register)).coverage_states == ("SP",)
        assert (await facts(register, LAST_MONTH)).coverage_area == "national"

    async def test_an_end_told_late_ends_then_and_was_unknown_until_told(
        self, register: Register, clock: SetClock
    ) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        before = clock.now()
        clock.advance(timedelta(days=1))
        await register.members.save(register.system, (contract(ended_on=LAST_MONTH),), ())
        assert (await facts(register)).contract_status == "cancelled"
        assert (await facts(register, TODAY, before)).contract_status == "active"
        assert (await facts(register, LAST_MONTH - timedelta(days=1))).contract_status == "active"

    async def test_a_suspension_for_default_bears_its_proof(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        suspended = contract(
            status="suspended",
            status_reason="default",
            unpaid_instalments=2,
            default_notified_on=date(2026, 10, 1),
            valid_from=date(2026, 11, 1),
        )
        await register.members.save(register.system, (suspended,), ())
        found = await facts(register)
        assert (found.contract_status, found.status_reason, found.status_since) == (
            "suspended", "default", date(2026, 11, 1),
        )  # fmt: skip
        assert (found.unpaid_instalments, found.default_notified_on) == (2, date(2026, 10, 1))
        assert (await facts(register, LAST_MONTH)).contract_status == "active"

    async def test_a_move_to_another_contract_keeps_the_old_one_for_old_days(
        self, register: Register, clock: SetClock
    ) -> None:
        other = contract(number="C-2", plan_name="Essencial", segmentation="outpatient")
        await register.members.save(register.system, (contract(), other), (marina(),))
        await register.members.save(register.system, (), (marina(contract_number="C-2", valid_from=date(2026, 11, 1)),))
        assert (await facts(register)).plan_name == "Essencial"
        assert (await facts(register, LAST_MONTH)).plan_name == "Completo"

    async def test_waiting_periods_and_restrictions_have_both_times(self, register: Register, clock: SetClock) -> None:
        longer = WaitingPeriod(kind="other", ends_on=date(2024, 7, 8), clause="12.3")
        shorter = longer.model_copy(update={"ends_on": date(2024, 3, 1)})
        await register.members.save(
            register.system, (contract(waiting_periods=(longer,)),), (marina(restrictions=(heart(),)),)
        )
        before = clock.now()
        clock.advance(timedelta(days=1))
        await register.members.save(
            register.system, (contract(waiting_periods=(shorter,)),), (marina(restrictions=()),)
        )
        now, then = await facts(register), await facts(register, TODAY, before)
        assert (now.waiting_periods, now.restrictions) == ((shorter,), ())
        assert (then.waiting_periods, then.restrictions) == ((longer,), (heart(),))

    async def test_whoever_is_spared_from_waiting_is_told_why(self, register: Register) -> None:
        person = marina(waiting_periods=(), waiting_waived="portability")
        await register.members.save(register.system, (contract(),), (person,))
        found = await facts(register)
        assert (found.waiting_periods, found.waiting_waived) == ((), "portability")

    async def test_facts_name_both_moments(self, register: Register, clock: SetClock) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        found = await facts(register, LAST_MONTH)
        assert (found.on, found.known_at) == (LAST_MONTH, clock.now())

    async def test_before_anything_was_told_nothing_was_known(self, register: Register, clock: SetClock) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        with pytest.raises(NotFound) as error:
            await facts(register, TODAY, clock.now() - timedelta(seconds=1))
        assert code_of(error) == "members.not_known_then"


class TestKeeping:
    async def test_the_same_again_adds_no_word(self, register: Register, clock: SetClock) -> None:
        for _ in range(3):
            await register.members.save(register.system, (contract(),), (marina(sex="unknown"),))
            await register.members.save(register.system, (contract(),), (marina(),))
            clock.advance(timedelta(hours=1))
        words = await register.members.told(register.system, await register.find(CARD))
        assert {each.aspect for each in words if each.known_until} == {"person"}
        assert len([each for each in words if each.aspect == "terms"]) == 1

    async def test_no_word_is_rewritten_or_deleted(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        for attempt in (
            "update members.version set content = '{}'",
            "update members.version set known_from = now()",
            "delete from members.version",
        ):
            with pytest.raises(DBAPIError, match="never change"):
                await owner_does(register, attempt)

    async def test_health_data_is_sealed_and_not_listed(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(restrictions=(heart(),)),))
        words = await register.members.told(register.system, await register.find(CARD))
        async with register.members._database.transaction(register.system) as tx:
            rows = [str(row) for row in await tx.all(sa.text("select * from members.version"))]
        assert not any(secret in text for secret in ("Cardiopatia", "I25", "Marina", CARD) for text in rows)
        assert [each.content for each in words if each.aspect == "restriction"] == [{}]

    async def test_another_operators_history_does_not_exist(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        stranger = register.system.model_copy(update={"operator_id": OperatorId(new_id())})
        with pytest.raises(NotFound):
            await register.members.told(stranger, await register.find(CARD))
        with pytest.raises(NotFound):
            await register.members.told(register.system, MemberId(new_id()))


class TestTheVersionBefore:
    """Rows that lay there before the migration, or that an older process writes beside us while it is replaced."""

    async def test_what_lay_there_is_known_since_it_was_recorded(
        self, register: Register, clock: SetClock, postgres: PostgresAddress
    ) -> None:
        await self._as_before(register, postgres)
        recorded = clock.now()
        clock.advance(timedelta(days=1))
        found = await facts(register, TODAY, recorded)
        assert (found.contract_status, found.plan_name) == ("active", "Completo")
        assert found.restrictions == (heart(),)
        assert found == (await facts(register)).model_copy(update={"known_at": recorded})

    async def test_the_next_import_keeps_what_was_known_before_it(
        self, register: Register, clock: SetClock, postgres: PostgresAddress
    ) -> None:
        await self._as_before(register, postgres)
        recorded = clock.now()
        clock.advance(timedelta(days=1))
        changed = contract(segmentation="outpatient", valid_from=date(2026, 1, 1))
        await register.members.save(register.system, (changed,), (marina(restrictions=()),))
        then, now = await facts(register, TODAY, recorded), await facts(register)
        assert (then.segmentation, then.restrictions) == ("outpatient_hospital_obstetrics", (heart(),))
        assert (now.segmentation, now.restrictions) == ("outpatient", ())

    async def test_what_an_older_process_writes_meanwhile_is_taken_over(
        self, register: Register, clock: SetClock
    ) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        before = clock.now()
        clock.advance(timedelta(days=1))
        later = clock.now()
        await owner_does(register, f"update members.contract set plan_name = 'Novo', recorded_at = '{later}'")
        statement = "insert into members.contract_status select operator_id, id, '2026-11-22', 'suspended'"
        await owner_does(register, statement + " from members.contract")
        found = await facts(register, TODAY + timedelta(days=1))
        assert (found.plan_name, found.contract_status) == ("Novo", "suspended")
        assert (await facts(register, TODAY + timedelta(days=1), before)).contract_status == "active"
        assert (await facts(register, TODAY)).plan_name == "Completo"

    @staticmethod
    async def _as_before(register: Register, postgres: PostgresAddress) -> None:
        """One member as the tables held them before there was a history."""
        await register.members.save(
            register.system, (contract(),), (marina(restrictions=(heart(),), name=Personal("Marina Teles")),)
        )
        await owner_does(register, "update members.contract set versioned_at = null")
        await owner_does(register, "update members.member set versioned_at = null")
        superuser = await asyncpg.connect(postgres.dsn)
        await superuser.execute("set session_replication_role = replica")  # else the trigger refuses
        await superuser.execute("delete from members.version where operator_id = $1", register.operator_id)
        await superuser.close()


async def test_at_the_door_every_day_at_every_moment_is_what_a_table_of_days_says(
    register: Register, clock: SetClock
) -> None:
    """The naive implementation keeps, for each moment, what each day was said to be."""
    chance, days = random.Random(20261122), [TODAY - timedelta(days=n) for n in range(12)]
    await register.members.save(register.system, (contract(),), (marina(),))
    table: dict[date, tuple[str, str]] = dict.fromkeys(days, ("outpatient_hospital_obstetrics", "active"))
    believed = [(clock.now(), table)]
    for _ in range(10):
        clock.advance(timedelta(hours=1))
        since, said = chance.choice(days), (chance.choice(["outpatient", "reference"]), chance.choice(STATUSES))
        told = contract(valid_from=since, segmentation=said[0], status=said[1])
        await register.members.save(register.system, (told,), ())
        table = {day: said if day >= since else was for day, was in table.items()}
        believed.append((clock.now(), table))
    for moment, known in chance.sample(believed, 6):
        for day in chance.sample(days, 5):
            found = await facts(register, day, moment + timedelta(minutes=30))
            assert (found.segmentation, found.contract_status) == known[day], (day, moment)
