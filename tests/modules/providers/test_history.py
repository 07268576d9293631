"""What was true of the network on a day, as it was known at a moment; nothing that was once believed is lost."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from austa.infra.postgres.address import PostgresAddress
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import OperatorId, ProviderId, new_id
from austa.modules.providers.api import NewProfessional, NewProvider, PlacedProvider, Registration, Standing
from austa.modules.providers.service.providers import ProviderService
from tests.conftest import clerk, staff
from tests.modules.providers.network import clinic, doctor

TODAY = date(2026, 11, 21)
LAST_MONTH = date(2026, 10, 21)
DOCTOR = Registration("CRM", "SP", "900123")
INACTIVE = Standing(known=True, in_good_standing=False, reason="inactive")


@dataclass
class Network:
    """One clinic and one doctor at the door."""

    providers: ProviderService
    caller: Caller
    clock: SetClock

    async def tell(self, **changes: Any) -> datetime:
        """Send the clinic; the moment at which that was known. A day passes."""
        return await self._save((clinic(**changes),), ())

    async def tell_doctor(self, **changes: Any) -> datetime:
        """Send the doctor."""
        return await self._save((), (doctor(**changes),))

    async def _save(self, some: tuple[NewProvider, ...], others: tuple[NewProfessional, ...]) -> datetime:
        report = await self.providers.save(self.caller, some, others)
        assert report.problems == ()
        at = self.clock.now()
        self.clock.advance(timedelta(days=1))
        return at

    async def id(self) -> ProviderId:
        found = await self.providers.find_by_code(self.caller, "P-1")
        assert found is not None
        return found.id

    async def find(self, on: date, known_at: datetime | None = None) -> PlacedProvider | None:
        found = await self.providers.look_up(self.caller, None, frozenset([await self.id()]), on, known_at)
        return found.providers[0] if found.providers else None

    async def look(self, on: date, known_at: datetime | None = None) -> PlacedProvider:
        found = await self.find(on, known_at)
        assert found is not None
        return found

    async def requester(self, on: date = TODAY, known_at: datetime | None = None) -> Standing:
        found = await self.providers.look_up(self.caller, DOCTOR, frozenset(), on, known_at)
        assert found.requester == await self.providers.requester_standing(self.caller, *DOCTOR, on, known_at)
        return found.requester

    async def as_hand(self, statement: str) -> None:
        """As a process of an older version, or a hand in the database, would."""
        async with self.providers._database.transaction(self.caller) as tx:
            await tx.execute(sa.text(statement))


@pytest.fixture
def network(providers: ProviderService, system: Caller, clock: SetClock) -> Network:
    return Network(providers, system, clock)


class TestCorrections:
    async def test_a_correction_of_the_past_changes_what_we_say_not_what_we_said(self, network: Network) -> None:
        before = await network.tell()
        await network.tell(in_network=False, specialties=("Fisiatria",), valid_from=date(2026, 10, 1))
        now, then = await network.look(LAST_MONTH), await network.look(LAST_MONTH, before)
        assert (now.provider.in_network, now.provider.specialties) == (False, ("Fisiatria",))
        assert (then.provider.in_network, then.provider.specialties) == (True, ("Clínica médica", "Ortopedia"))
        assert (await network.look(date(2026, 9, 30))).provider.in_network

    async def test_a_suspension_between_two_days(self, network: Network) -> None:
        await network.tell()
        await network.tell(suspended=True, valid_from=date(2026, 10, 1))
        await network.tell(suspended=False, valid_from=date(2026, 10, 5))
        found = [await network.look(date(2026, 9, 30) + timedelta(days=n)) for n in (0, 1, 4, 5)]
        assert [each.standing.reason for each in found] == [None, "suspended", "suspended", None]

    async def test_a_requester_found_inactive_late_was_in_order_for_all_we_knew(self, network: Network) -> None:
        before = await network.tell_doctor()
        after = await network.tell_doctor(active=False, valid_from=date(2026, 10, 1))
        assert await network.requester(LAST_MONTH) == INACTIVE
        assert await network.requester(LAST_MONTH, after) == INACTIVE
        assert (await network.requester(LAST_MONTH, before)).in_good_standing
        assert (await network.requester(date(2026, 9, 30))).in_good_standing

    async def test_before_anything_was_told_nobody_was_known(self, network: Network) -> None:
        before = await network.tell() - timedelta(seconds=1)
        await network.tell_doctor()
        assert await network.find(TODAY, before) is None
        assert not (await network.requester(TODAY, before)).known

    async def test_who_is_new_since_a_day_was_unknown_before_it(self, network: Network) -> None:
        await network.tell(valid_from=date(2026, 11, 1))
        assert await network.find(TODAY) is not None
        assert await network.find(LAST_MONTH) is None

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2026, 11, 22), "valid_in_future"), (date(1989, 12, 31), "valid_too_early")]
    )
    async def test_no_day_to_come_and_none_long_gone(self, network: Network, day: date, code: str) -> None:
        report = await network.providers.save(network.caller, (clinic(valid_from=day),), (doctor(valid_from=day),))
        assert [each.code for each in report.problems] == [code, code]


class TestKeeping:
    async def test_every_word_is_listed_the_newest_first(self, network: Network) -> None:
        first = await network.tell()
        second = await network.tell(suspended=True)
        words = await network.providers.told(staff(network.caller.operator_id, "nurse_auditor"), await network.id())
        told = {(each.aspect, each.valid_from, each.valid_until, each.known_from, each.known_until) for each in words}
        assert {each.aspect for each in words[:2]} == {"suspension"}
        assert told > {
            ("suspension", date.min, None, first, second),
            ("suspension", date.min, second.date(), second, None),
            ("suspension", second.date(), None, second, None),
        }
        place = {"city": "São Paulo", "state": "SP", "latitude": -23.55, "longitude": -46.63}
        assert {each.aspect: each.content for each in words}["place"] == place

    async def test_the_same_again_adds_no_word(self, network: Network) -> None:
        await network.tell()
        await network.tell(name="Clínica Ipê Roxo")
        await network.tell(valid_from=date(2026, 11, 1))
        assert len(await network.providers.told(network.caller, await network.id())) == 4

    async def test_no_word_is_rewritten_or_deleted(self, network: Network) -> None:
        await network.tell()
        for attempt in (
            "update providers.version set content = '{}'",
            "update providers.version set known_from = now()",
            "delete from providers.version",
        ):
            with pytest.raises(DBAPIError, match="never change"):
                await network.as_hand(attempt)

    async def test_only_for_staff_of_the_operator(self, network: Network) -> None:
        await network.tell()
        own = await network.id()
        with pytest.raises(NotFound):
            await network.providers.told(staff(OperatorId(new_id()), "nurse_auditor"), own)
        with pytest.raises(Forbidden):
            await network.providers.told(clerk(network.caller.operator_id, own), own)


class TestTheVersionBefore:
    """Rows that lay there before the migration, or that an older process writes beside us while it is replaced."""

    async def test_what_lay_there_is_known_since_it_was_recorded(
        self, network: Network, postgres: PostgresAddress
    ) -> None:
        recorded = await self._as_before(network, postgres)
        found = await network.look(TODAY, recorded)
        assert (found.provider.in_network, found.standing.in_good_standing) == (True, True)
        assert await network.find(TODAY, recorded - timedelta(seconds=1)) is None
        assert (await network.requester(TODAY, recorded)).in_good_standing

    async def test_the_next_import_keeps_what_was_known_before_it(
        self, network: Network, postgres: PostgresAddress
    ) -> None:
        recorded = await self._as_before(network, postgres)
        await network.tell(in_network=False, valid_from=date(2026, 1, 1))
        await network.tell_doctor(active=False, valid_from=date(2026, 1, 1))
        assert (await network.look(TODAY, recorded)).provider.in_network
        assert not (await network.look(TODAY)).provider.in_network
        assert (await network.requester(TODAY, recorded)).in_good_standing
        assert await network.requester(TODAY) == INACTIVE

    async def test_what_an_older_process_writes_meanwhile_is_taken_over(self, network: Network) -> None:
        before = await network.tell()
        later = network.clock.now()
        changed = "set suspended = true, city = 'Osasco', recorded_at"
        await network.as_hand(f"update providers.provider {changed} = '{later}'")
        found, then = await network.look(later.date()), await network.look(later.date(), before)
        assert (found.standing.reason, found.provider.city) == ("suspended", "Osasco")
        assert (then.standing.reason, then.provider.city) == (None, "São Paulo")
        assert (await network.look(TODAY)).standing == then.standing

    @staticmethod
    async def _as_before(network: Network, postgres: PostgresAddress) -> datetime:
        """A clinic and a doctor as the tables held them before there was a history; when they were recorded."""
        await network.providers.save(network.caller, (clinic(),), (doctor(),))
        recorded = network.clock.now()
        for table in ("provider", "professional"):
            await network.as_hand(f"update providers.{table} set versioned_at = null")
        superuser = await asyncpg.connect(postgres.dsn)
        await superuser.execute("set session_replication_role = replica")  # else the trigger refuses
        await superuser.execute("delete from providers.version where operator_id = $1", network.caller.operator_id)
        await superuser.close()
        network.clock.advance(timedelta(days=1))
        return recorded
