"""The network at the door: saved, found, listed, and what may be relied on as of a day."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from austa.demo.identifiers import synthetic_cnpj
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import OperatorId, ProviderId, new_id
from austa.kernel.personal import Personal
from austa.modules.providers.api import Standing
from austa.modules.providers.service.providers import ProviderService
from tests.conftest import staff
from tests.modules.providers.conftest import code_of
from tests.modules.providers.network import clinic, doctor

TODAY = date(2026, 11, 21)
GOOD = Standing(known=True, in_good_standing=True, reason=None)
UNKNOWN = Standing(known=False, in_good_standing=False, reason=None)


class TestSave:
    async def test_creates_once_and_updates_what_changed(self, providers: ProviderService, system: Caller) -> None:
        first = await providers.save(system, (clinic(),), (doctor(),))
        again = await providers.save(system, (clinic(),), (doctor(),))
        other = await providers.save(system, (clinic(name="Clínica Ipê Roxo"),), (doctor(),))
        assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
        assert (other.created, other.updated, other.unchanged) == (0, 1, 1)
        found = await providers.find_by_code(system, "P-1")
        assert found is not None
        assert found.name == "Clínica Ipê Roxo"

    async def test_with_one_problem_nothing_is_written(self, providers: ProviderService, system: Caller) -> None:
        wrong = clinic("P-2", cnpj="12ABC34501DE00", cnes="123", state="XX", longitude=None)
        report = await providers.save(system, (clinic(), wrong), (doctor(number="?"),))
        assert {(each.line, each.column, each.code) for each in report.problems} == {
            (3, "providers.cnpj", "cnpj_wrong"),
            (3, "providers.cnes", "cnes_wrong"),
            (3, "providers.state", "state_unknown"),
            (3, "providers.latitude", "place_incomplete"),
            (2, "professionals.number", "registration_wrong"),
        }
        assert await providers.find_by_code(system, "P-1") is None

    async def test_the_same_code_twice_is_a_problem(self, providers: ProviderService, system: Caller) -> None:
        report = await providers.save(system, (clinic(), clinic()), (doctor(), doctor(number="0900.123")))
        assert [(each.line, each.column, each.code) for each in report.problems] == [
            (3, "providers.code", "repeated"),
            (3, "professionals.number", "repeated"),
        ]

    async def test_only_for_who_may_import(self, providers: ProviderService, system: Caller) -> None:
        with pytest.raises(Forbidden):
            await providers.save(staff(system.operator_id, "medical_auditor"), (clinic(),), ())

    async def test_tells_the_house_without_names(
        self, providers: ProviderService, platform: Platform, system: Caller
    ) -> None:
        await providers.save(system, (clinic(),), (doctor(),))
        async with platform.database.begin("austa_providers", system.operator_id) as connection:
            told = (
                await connection.execute(sa.text("select type, envelope from outbox.event order by position"))
            ).all()
            kept = str((await connection.execute(sa.text("select * from providers.professional"))).all())
        assert [each.type for each in told] == ["providers.provider_saved.v1", "providers.professional_saved.v1"]
        assert "Otto" not in str(told)
        assert "Otto" not in kept


class TestFind:
    async def test_by_code_or_cnpj_however_written(self, providers: ProviderService, system: Caller) -> None:
        await providers.save(system, (clinic(), clinic("P-2", cnpj="12ABC34501DE35")), ())
        digits = synthetic_cnpj(1)
        masked = f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}/{digits[8:12]}-{digits[12:]}"
        first, same = await providers.find_by_code(system, "P-1"), await providers.find_by_code(system, masked)
        assert first is not None
        assert first == same
        second = await providers.find_by_code(system, "12.abc.345/01de-35")
        assert second is not None
        assert second.cnpj == "12ABC34501DE35"
        assert await providers.find_by_code(system, "P-9") is None

    async def test_of_two_with_one_cnpj_the_one_in_the_network(
        self, providers: ProviderService, system: Caller
    ) -> None:
        await providers.save(system, (clinic("P-1", in_network=False), clinic("P-2")), ())
        found = await providers.find_by_code(system, synthetic_cnpj(1))
        assert found is not None
        assert found.in_network

    async def test_another_operators_provider_is_not_found(self, providers: ProviderService, system: Caller) -> None:
        await providers.save(system, (clinic(),), (doctor(),))
        found = await providers.find_by_code(system, "P-1")
        assert found is not None
        stranger = staff(OperatorId(new_id()), "medical_auditor")
        with pytest.raises(NotFound) as error:
            await providers.get(stranger, found.id)
        assert code_of(error) == "providers.no_such_provider"
        assert await providers.find_by_code(stranger, "P-1") is None
        assert await providers.find_professional(stranger, "CRM", "SP", "900123") is None
        assert await providers.requester_standing(stranger, "CRM", "SP", "900123", TODAY) == UNKNOWN
        assert await providers.provider_standing(stranger, found.id, TODAY) == UNKNOWN
        assert (await providers.list(stranger, None, None, None, 10)).items == ()

    @pytest.mark.parametrize("number", ["900123", "0900.123", " 900123 "])
    async def test_a_professional_by_registration(
        self, providers: ProviderService, system: Caller, number: str
    ) -> None:
        await providers.save(system, (), (doctor(),))
        found = await providers.find_professional(system, "crm", "sp", number)
        assert found is not None
        assert found.name == Personal("Otto Fictício Braga")

    async def test_the_same_number_in_another_state_is_another_person(
        self, providers: ProviderService, system: Caller
    ) -> None:
        await providers.save(system, (), (doctor(),))
        assert await providers.find_professional(system, "CRM", "RJ", "900123") is None
        assert await providers.find_professional(system, "COREN", "SP", "900123") is None


class TestList:
    async def test_by_name_whatever_the_accents_page_after_page(
        self, providers: ProviderService, system: Caller
    ) -> None:
        names = ["Ângela Imagem", "Zênite", "águas Claras", "Beta", "Óticos"]
        await providers.save(system, tuple(clinic(f"P-{n}", name) for n, name in enumerate(names)), ())
        shown: list[str] = []
        cursor = None
        for _ in range(3):
            page = await providers.list(system, None, None, cursor, 2)
            shown += [each.name for each in page.items]
            cursor = page.next_cursor
        assert shown == ["águas Claras", "Ângela Imagem", "Beta", "Óticos", "Zênite"]
        assert cursor is None

    async def test_by_specialty_and_state_in_the_network_only(self, providers: ProviderService, system: Caller) -> None:
        await providers.save(
            system,
            (
                clinic("P-1"),
                clinic("P-2", specialties=("Cardiologia",)),
                clinic("P-3", state="RJ"),
                clinic("P-4", in_network=False),
            ),
            (),
        )
        page = await providers.list(system, "CLINICA MEDICA", "sp", None, 10)
        assert [each.id for each in page.items] == [await _id(providers, system, "P-1")]
        await providers.save(system, (clinic("P-1", specialties=("Ortopedia",)),), ())
        assert (await providers.list(system, "clínica médica", "SP", None, 10)).items == ()


class TestStanding:
    async def test_who_is_in_no_table_is_unknown_and_not_bad(self, providers: ProviderService, system: Caller) -> None:
        assert await providers.requester_standing(system, "CRM", "SP", "1", TODAY) == UNKNOWN
        assert await providers.provider_standing(system, ProviderId(new_id()), TODAY) == UNKNOWN

    async def test_outside_the_network_is_no_bad_standing(self, providers: ProviderService, system: Caller) -> None:
        await providers.save(system, (clinic(in_network=False),), (doctor(),))
        assert await providers.provider_standing(system, await _id(providers, system, "P-1"), TODAY) == GOOD
        assert await providers.requester_standing(system, "CRM", "SP", "900123", TODAY) == GOOD

    async def test_a_suspension_holds_from_the_day_we_heard_of_it(
        self, providers: ProviderService, system: Caller, clock: SetClock
    ) -> None:
        await providers.save(system, (clinic(),), (doctor(),))
        clock.advance(timedelta(days=3))
        await providers.save(system, (clinic(suspended=True),), (doctor(active=False),))
        provider = await _id(providers, system, "P-1")
        before, after = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
        assert await providers.provider_standing(system, provider, before) == GOOD
        assert (await providers.provider_standing(system, provider, after)).reason == "suspended"
        assert await providers.requester_standing(system, "CRM", "SP", "900123", before) == GOOD
        assert (await providers.requester_standing(system, "CRM", "SP", "900123", after)).reason == "inactive"


async def _id(providers: ProviderService, caller: Caller, code: str) -> ProviderId:
    found = await providers.find_by_code(caller, code)
    assert found is not None
    return found.id
