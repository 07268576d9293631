"""Members at the door: saved, found, shown, and what eligibility may know of them on a day."""

import asyncio
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from austa.demo.identifiers import synthetic_cpf
from austa.infra.keys import KeyOwner
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, Invalid, NotFound
from austa.kernel.ids import MemberId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.members.api import WaitingPeriod
from tests.conftest import staff
from tests.modules.members.conftest import Register, code_of
from tests.modules.members.people import CARD, CPF, contract, heart, marina, theo

TODAY = date(2026, 11, 21)


class TestSave:
    async def test_a_family_is_created_once(self, register: Register) -> None:
        first = await register.members.save(register.system, (contract(),), (marina(), theo()))
        again = await register.members.save(register.system, (contract(),), (marina(), theo()))
        assert (first.created, first.updated, first.unchanged, first.problems) == (3, 0, 0, ())
        assert (again.created, again.updated, again.unchanged) == (0, 0, 3)

    async def test_what_changed_is_updated_under_the_same_id(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        before = await register.find(CARD)
        report = await register.members.save(register.system, (), (marina(name=Personal("Marina Teles")),))
        assert (report.created, report.updated) == (0, 1)
        assert await register.find(CARD) == before
        assert (await register.members.get(register.system, before)).name == Personal("Marina Teles")

    async def test_relatives_are_linked_whatever_the_order(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (theo(), marina()))
        child = await register.members.get(register.system, await register.find(synthetic_cpf(2)))
        assert child.holder_id == child.guardian_id == await register.find(CARD)

    async def test_two_imports_at_once_create_one_person(self, register: Register) -> None:
        saving = [register.members.save(register.system, (contract(),), (marina(),)) for _ in range(4)]
        reports = await asyncio.gather(*saving)
        assert sorted(each.created for each in reports) == [0, 0, 0, 2]

    async def test_with_one_problem_nothing_is_written(self, register: Register) -> None:
        wrong = theo(cpf=Personal("11111111111"), holder_card=Personal("99999999"))
        report = await register.members.save(register.system, (contract(),), (marina(), wrong))
        assert [(each.line, each.column, each.code) for each in report.problems] == [
            (3, "members.cpf", "cpf_wrong"),
            (3, "members.holder_card", "holder_unknown"),
        ]
        assert await register.members.find_by_document(register.system, CARD) is None

    async def test_waiting_periods_longer_than_the_law_are_refused(self, register: Register) -> None:
        too_long = WaitingPeriod(kind="urgency", ends_on=date(2024, 1, 12), clause="1")
        report = await register.members.save(register.system, (contract(waiting_periods=(too_long,)),), ())
        assert [each.code for each in report.problems] == ["waiting_too_long"]

    async def test_who_knows_nothing_of_restrictions_takes_none_away(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(restrictions=(heart(),)),))
        report = await register.members.save(register.system, (), (marina(restrictions=None, sex="unknown"),))
        facts = await register.members.eligibility_facts(register.system, await register.find(CARD), TODAY)
        assert (report.updated, facts.sex, facts.restrictions) == (1, "unknown", (heart(),))

    async def test_tells_the_house_in_ids_only(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        member_id = await register.find(CARD)
        statement = sa.text("select type, envelope->>'data' from outbox.event where operator_id = :o order by position")
        async with register.platform.database.begin("austa_dispatcher", register.operator_id) as connection:
            events = (await connection.execute(statement, {"o": register.operator_id})).all()
        assert [event.type for event in events] == ["members.contract_saved.v1", "members.member_saved.v1"]
        assert str(member_id) in events[1][1]
        assert not any(secret in str(events) for secret in ("Marina", CARD, CPF))


class TestFind:
    async def test_by_card_or_cpf_however_written(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        by_card = await register.find("0037 0000 0000 0001-7")
        by_cpf = await register.find(f"{CPF[:3]}.{CPF[3:6]}.{CPF[6:9]}-{CPF[9:]}")
        assert by_card == by_cpf

    @pytest.mark.parametrize("nobody", [synthetic_cpf(99), "11144477736", "99990000111122"])
    async def test_nobody_has_that_number(self, register: Register, nobody: str) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        assert await register.members.find_by_document(register.system, nobody) is None

    @pytest.mark.parametrize("text", ["", "12", "0" * 21, "oi, tudo bem?"])
    async def test_what_is_no_number_is_refused(self, register: Register, text: str) -> None:
        with pytest.raises(Invalid) as error:
            await register.members.find_by_document(register.system, text)
        assert code_of(error) == "members.bad_document"

    async def test_a_cpf_on_two_cards_is_who_is_covered_today(self, register: Register) -> None:
        left = marina(card_number=Personal("OLD-00001"), excluded_on=date(2025, 1, 1))
        child = theo(cpf=Personal(CPF))
        await register.members.save(register.system, (contract(),), (left, child, marina()))
        assert await register.find(CPF) == await register.find(CARD)


class TestSearch:
    @pytest.mark.parametrize(
        "words",
        ["marina", "TELES MARINA", "albuquerque de teles", CARD, CPF, "(11) 90000-0001", "551100000001"],
    )
    async def test_finds_marina(self, register: Register, words: str) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        page = await register.members.search(register.analyst, words, None, 10)
        assert [(each.initials, each.card_end) for each in page.items] == [("M. A. T.", "0017")]

    @pytest.mark.parametrize("words", ["marina souza", "mari", "0017", synthetic_cpf(5)])
    async def test_does_not_find_marina(self, register: Register, words: str) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        assert (await register.members.search(register.analyst, words, None, 10)).items == ()

    async def test_accents_do_not_matter(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        assert len((await register.members.search(register.analyst, "theo", None, 10)).items) == 1

    async def test_a_changed_name_is_not_found_by_the_old_one(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        await register.members.save(register.system, (), (marina(name=Personal("Marina Prado")),))
        assert (await register.members.search(register.analyst, "albuquerque", None, 10)).items == ()

    async def test_page_after_page_without_gap_or_double(self, register: Register) -> None:
        people = tuple(marina(card_number=Personal(f"CARD{n:05d}"), cpf=None) for n in range(7))
        await register.members.save(register.system, (contract(),), people)
        ends, cursor = [], None
        for _ in range(4):
            page = await register.members.search(register.analyst, "marina teles", cursor, 2)
            ends += [each.card_end for each in page.items]
            cursor = page.next_cursor
        assert ends == [f"000{n}" for n in range(7)]
        assert cursor is None

    @pytest.mark.parametrize("words", ["  ", "de da", "!?"])
    async def test_empty_words_are_refused(self, register: Register, words: str) -> None:
        with pytest.raises(Invalid) as error:
            await register.members.search(register.analyst, words, None, 10)
        assert code_of(error) == "members.search_empty"

    async def test_only_for_who_may_read_members(self, register: Register) -> None:
        with pytest.raises(Forbidden):
            await register.members.search(staff(register.operator_id, "ombudsman"), "marina", None, 10)


class TestGet:
    async def test_shows_the_whole_record_and_writes_the_look_down(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        member_id = await register.find(CARD)
        auditor = staff(register.operator_id, "medical_auditor")
        member = await register.members.get(auditor, member_id)
        assert (member.name, member.cpf, member.phones) == (marina().name, Personal(CPF), marina().phones)
        assert (member.card_end, member.plan_name, member.relation) == ("0017", "Completo", "holder")
        looks = await register.privacy.list_access(register.system, SubjectId(member_id))
        assert [(look.actor, look.what, look.why) for look in looks.items] == [
            (auditor.actor, "member", "medical_audit")
        ]

    async def test_another_operators_member_is_not_found(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        member_id = await register.find(CARD)
        stranger = staff(OperatorId(new_id()), "medical_auditor")
        with pytest.raises(NotFound) as error:
            await register.members.get(stranger, member_id)
        assert code_of(error) == "members.no_such_member"
        with pytest.raises(NotFound):
            await register.members.eligibility_facts(stranger, member_id, TODAY)
        with pytest.raises(NotFound):
            await register.members.subject(stranger, member_id)
        assert await register.members.summaries(stranger, (member_id,)) == {}
        assert await register.members.find_by_document(stranger, CPF) is None
        assert (await register.members.search(stranger, "marina", None, 10)).items == ()

    async def test_a_list_shows_initials_and_card_end(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        ids = (await register.find(CARD), await register.find(synthetic_cpf(2)), MemberId(new_id()))
        summaries = await register.members.summaries(register.analyst, ids)
        assert [(summaries[each].initials, summaries[each].card_end) for each in ids[:2]] == [
            ("M. A. T.", "0017"),
            ("T. A.", "0025"),
        ]
        assert len(summaries) == 2

    async def test_who_was_erased_is_in_no_list_and_disturbs_none(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        gone, kept = await register.find(CARD), await register.find(synthetic_cpf(2))
        await register.platform.keys.destroy(register.operator_id, KeyOwner(SubjectId(gone), "contract"))
        assert set(await register.members.summaries(register.analyst, (gone, kept))) == {kept}
        page = await register.members.search(register.analyst, "albuquerque", None, 10)
        assert [each.id for each in page.items] == [kept]
        with pytest.raises(NotFound):
            await register.members.get(register.analyst, gone)

    async def test_nothing_that_identifies_lies_in_clear(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(restrictions=(heart(),)),))
        async with register.platform.database.begin("austa_members", register.operator_id) as connection:
            rows = [
                str((await connection.execute(sa.text(f"select * from members.{table}"))).all())
                for table in ("member", "search_token")
            ]
        for secret in ("Marina", "marina", CARD, CPF, "900000001", "Cardiopatia", "I25"):
            assert not any(secret in row for row in rows)


class TestEligibilityFacts:
    async def test_what_was_true_on_a_day(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(restrictions=(heart(),)),))
        facts = await register.members.eligibility_facts(register.system, await register.find(CARD), TODAY)
        assert (facts.contract_status, facts.plan_name, facts.sex) == ("active", "Completo", "F")
        assert facts.waiting_periods == contract().waiting_periods
        assert facts.restrictions == (heart(),)
        assert facts.card_valid_until == date(2028, 12, 31)
        assert facts.is_synthetic

    async def test_a_suspension_told_today_says_nothing_of_last_week(self, register: Register, clock: SetClock) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        clock.advance(timedelta(days=10))
        await register.members.save(register.system, (contract(status="suspended"),), ())
        clock.advance(timedelta(days=10))
        await register.members.save(register.system, (contract(),), ())
        assert await self._statuses(register, 0, 9, 10, 19, 20, 30) == [
            "active", "active", "suspended", "suspended", "active", "active",
        ]  # fmt: skip

    async def test_a_contract_is_what_it_was_until_the_day_it_ends(self, register: Register) -> None:
        ended = contract(status="cancelled", ended_on=TODAY + timedelta(days=5))
        await register.members.save(register.system, (contract(),), (marina(),))
        await register.members.save(register.system, (ended,), ())
        assert await self._statuses(register, 0, 4, 5, 50) == ["active", "active", "cancelled", "cancelled"]

    async def test_a_dependant_who_joined_later_waits_on_their_own(self, register: Register) -> None:
        own = WaitingPeriod(kind="other", ends_on=date(2027, 4, 30), clause="12.3")
        child = theo(joined_on=date(2026, 11, 1), waiting_periods=(own,))
        await register.members.save(register.system, (contract(),), (marina(), child))
        facts = await register.members.eligibility_facts(register.system, await register.find(synthetic_cpf(2)), TODAY)
        assert facts.contract_started_on == date(2026, 11, 1)
        assert facts.waiting_periods == (own,)

    async def test_of_nobody(self, register: Register) -> None:
        with pytest.raises(NotFound):
            await register.members.eligibility_facts(register.system, MemberId(new_id()), TODAY)

    @staticmethod
    async def _statuses(register: Register, *days: int) -> list[str]:
        member_id = await register.find(CARD)
        return [
            (
                await register.members.eligibility_facts(register.system, member_id, TODAY + timedelta(days=n))
            ).contract_status
            for n in days
        ]
