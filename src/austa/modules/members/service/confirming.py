"""A clerk of a provider confirms by card and date of birth who is in front of them, and learns little more."""

from datetime import date, timedelta

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound, TooMany
from austa.kernel.ids import MemberId, ProviderId
from austa.kernel.personal import Personal
from austa.modules.members import store
from austa.modules.members.api import ConfirmedMember, not_confirmed
from austa.modules.members.domain.person import Person
from austa.modules.members.service.sealing import Sealing, subject_of
from austa.modules.members.store import MemberRow
from austa.modules.privacy.api import Privacy

CONFIRMED_FOR = timedelta(days=1)
PAUSE = timedelta(minutes=15)
WRONG_ALLOWED = 10
"""Wrong pairs within `PAUSE`: a clerk mistypes a few, who tries dates of birth mistypes many."""


class Confirming:
    """Confirmations of the caller's operator."""

    def __init__(self, database: ModuleDatabase, access: Access, sealing: Sealing, privacy: Privacy) -> None:
        self._database = database
        self._access = access
        self._sealing = sealing
        self._privacy = privacy

    async def confirm(self, caller: Caller, member_id: MemberId | None, birth_date: date) -> ConfirmedMember:
        """The member found by a number, if the date agrees. Each call is a try, counted before anything is told."""
        provider_id = caller.provider_id
        self._access.check(caller, "member:confirm")
        if provider_id is None:
            raise NotFound("members.not_confirmed", "only the clerk of a provider confirms")
        await self._count_try(caller)
        async with self._database.transaction(caller) as tx:
            found = await store.find_member(tx, member_id) if member_id else None
            if found is None or found[0].birth_date != birth_date:
                raise not_confirmed()
            row = found[0]
            (person,) = await self._sealing.open(caller.operator_id, [(row.id, row.person)])
            await store.save_confirmation(tx, provider_id, row.id)
            await store.forgive_try(tx, caller.actor)
        await self._privacy.record_access(caller, subject_of(row.id), "member", "prior_authorization", row.id)
        return _confirmed(row, person)

    async def is_confirmed(self, caller: Caller, provider_id: ProviderId, member_id: MemberId) -> bool:
        """See `Members.is_confirmed`."""
        async with self._database.transaction(caller) as tx:
            return bool(await store.find_confirmed(tx, provider_id, (member_id,), tx.now() - CONFIRMED_FOR))

    async def confirmed(
        self, caller: Caller, provider_id: ProviderId, member_ids: tuple[MemberId, ...]
    ) -> dict[MemberId, ConfirmedMember]:
        """See `Members.confirmed`."""
        async with self._database.transaction(caller) as tx:
            rows = await store.find_members(tx, await store.find_confirmed(tx, provider_id, member_ids))
        people = await self._sealing.open_living(caller.operator_id, [(row.id, row.person) for row in rows])
        return {row.id: _confirmed(row, people[row.id]) for row in rows if row.id in people}

    async def _count_try(self, caller: Caller) -> None:
        """Counted before the answer is known, so that parallel guesses count too; a right one is forgiven."""
        async with self._database.transaction(caller) as tx:
            since, count = await store.count_try(tx, caller.actor, tx.now() - PAUSE)
            left = since + PAUSE - tx.now()
        if count > WRONG_ALLOWED:
            seconds = max(1, -int(-left.total_seconds() // 1))
            raise TooMany("members.confirmations_paused", "too many wrong numbers and dates", retry_after_s=seconds)


def _confirmed(row: MemberRow, person: Person) -> ConfirmedMember:
    shown = Personal(_shown(person.name.reveal()))
    return ConfirmedMember(member_id=row.id, shown_name=shown, card_end=row.card_end)


def _shown(name: str) -> str:
    """`Severino L. D.` of Severino Lopes Damasceno; small words between names have no initial."""
    first, *rest = name.split()
    return " ".join([first, *(f"{word[0].upper()}." for word in rest if len(word) > 2 or word[0].isupper())])
