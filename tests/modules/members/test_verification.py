"""A sender shows that they are a member: a code goes to their contact; everybody else gets the same answer."""

import time
from datetime import date, timedelta

import pytest

from austa.demo.identifiers import synthetic_cpf
from austa.kernel.clock import SetClock
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.identity.module import build as build_identity
from austa.modules.members.domain.person import represented_since
from austa.modules.members.service.members import MemberService
from tests.modules.members.conftest import Register
from tests.modules.members.people import CARD, CPF, contract, marina, theo


class TestStart:
    async def test_a_code_goes_to_the_mobile_on_the_contract(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        started = await register.members.start_verification(register.system, "message-1", CPF)
        assert started is not None
        assert started.member_id == await register.find(CARD)
        assert (started.channel, started.contact) == ("sms", Personal("+5511900000001"))
        assert started.masked_contact == "(11) •••••-0001"
        assert len(started.code.reveal()) == 6

    async def test_without_a_mobile_to_the_e_mail(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(phones=(Personal("+551133334444"),)),))
        started = await register.members.start_verification(register.system, "message-1", CARD)
        assert started is not None
        assert (started.channel, started.masked_contact) == ("email", "m•••@membros.example")

    async def test_for_a_child_without_a_telephone_to_the_guardian(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        started = await register.members.start_verification(register.system, "message-1", synthetic_cpf(2))
        assert started is not None
        assert started.contact == Personal("+5511900000001")
        assert started.member_id == await register.find(synthetic_cpf(2))

    async def test_never_to_the_holder_of_a_grown_dependant(self, register: Register) -> None:
        grown = theo(birth_date=date(1990, 1, 1), guardian_card=None)
        await register.members.save(register.system, (contract(),), (marina(), grown))
        assert await register.members.start_verification(register.system, "message-1", synthetic_cpf(2)) is None

    async def test_the_same_key_gets_the_same_code(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        first = await register.members.start_verification(register.system, "message-1", CPF)
        assert await register.members.start_verification(register.system, "message-1", CPF) == first

    @pytest.mark.parametrize("digits", [synthetic_cpf(50), "11111111111", "12", "não sei"])
    async def test_nobody_and_nonsense_get_the_same_answer(self, register: Register, digits: str) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        assert await register.members.start_verification(register.system, "message-1", digits) is None

    async def test_after_too_many_codes_a_known_number_looks_unknown(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        answers = [await register.members.start_verification(register.system, f"m-{n}", CPF) for n in range(12)]
        assert answers[0] is not None
        assert answers[-1] is None

    async def test_found_or_not_the_answer_takes_as_long(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(),))
        platform, floor_s = register.platform, 0.3
        members = MemberService(
            platform.database.for_module("members"),
            keys=platform.keys,
            access=platform.access,
            clock=platform.clock,
            identity=build_identity(platform)[0],
            privacy=register.privacy,
            answer_floor_s=floor_s,
        )
        for digits in (CPF, synthetic_cpf(50), "nonsense"):
            started = time.monotonic()
            await members.start_verification(register.system, f"message-{digits}", digits)
            assert time.monotonic() - started >= floor_s


class TestCheck:
    async def test_the_right_code_tells_the_member_once(self, register: Register) -> None:
        code_id, code = await _started(register)
        right = await register.members.check_verification(register.system, "reply-1", code_id, code)
        assert right == await register.find(CARD)
        assert await register.members.check_verification(register.system, "reply-1", code_id, code) == right
        assert await register.members.check_verification(register.system, "reply-2", code_id, code) is None

    async def test_a_wrong_code_tells_nothing_and_leaves_the_next_try(self, register: Register) -> None:
        code_id, code = await _started(register)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        assert await register.members.check_verification(register.system, "reply-1", code_id, wrong) is None
        assert await register.members.check_verification(register.system, "reply-2", code_id, code) is not None

    async def test_an_old_code_is_worth_nothing(self, register: Register, clock: SetClock) -> None:
        code_id, code = await _started(register)
        clock.advance(timedelta(minutes=11))
        assert await register.members.check_verification(register.system, "reply-1", code_id, code) is None

    @pytest.mark.parametrize("code_id", [str(new_id()), "not an id", ""], ids=["unknown", "not-an-id", "empty"])
    async def test_a_code_that_was_never_made(self, register: Register, code_id: str) -> None:
        assert await register.members.check_verification(register.system, "reply-1", code_id, "000000") is None


async def _started(register: Register) -> tuple[str, str]:
    await register.members.save(register.system, (contract(),), (marina(),))
    started = await register.members.start_verification(register.system, "message-1", CPF)
    assert started is not None
    return started.code_id, started.code.reveal()


class TestServed:
    async def served(self, register: Register, on: date, *cards: str) -> list[tuple[str, bool]]:
        ids = tuple([await register.find(card) for card in cards])
        found = await register.members.served(register.system, ids, on)
        return [(each.first_name.reveal(), each.by == each.member_id) for each in found]

    async def test_a_guardian_is_told_about_a_child_until_it_is_sixteen(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        assert await self.served(register, date(2036, 5, 5), CARD) == [("Marina", True), ("Théo", False)]
        assert await self.served(register, date(2036, 5, 6), CARD) == [("Marina", True)]

    async def test_a_child_verified_itself_stands_once(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo()))
        both = [CARD, "00370000000000025"]
        assert await self.served(register, date(2030, 1, 1), *both) == [("Marina", True), ("Théo", True)]

    async def test_a_holder_is_not_told_about_a_dependant(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo(guardian_card=None)))
        assert await self.served(register, date(2030, 1, 1), CARD) == [("Marina", True)]

    async def test_who_died_is_left_out(self, register: Register) -> None:
        await register.members.save(register.system, (contract(),), (marina(), theo(deceased_on=date(2026, 1, 1))))
        assert await self.served(register, date(2030, 1, 1), CARD) == [("Marina", True)]

    def test_a_birthday_on_the_twenty_ninth_of_february_opens_nothing(self) -> None:
        assert represented_since(date(2028, 2, 29)) == date(2012, 2, 28)
