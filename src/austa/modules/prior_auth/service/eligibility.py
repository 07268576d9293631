"""Eligibility at the door: gathers the facts of a person on a day and answers every check."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Invalid
from austa.kernel.ids import MemberId, RequestId, new_id
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.eligibility import EligibilityAnswer, EligibilityAsked, Standing
from austa.modules.prior_auth.api.requests import EligibilityCheck
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.eligibility import check_eligibility, no_card, propose_return
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.service.gathering import past_items
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.standings import Standings
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import Privacy

OLDEST = date(1990, 1, 1)
LATEST = timedelta(days=400)
"""Nobody asks about days further away but by mistake."""
NEWEST_PROTOCOL = "9" * 20
"""All that was asked before: no request has this protocol."""

TEXTS: dict[Standing, str] = {
    "eligible": "Elegível: nenhum impedimento administrativo.",
    "person": "Há ponto que uma pessoa precisa conferir.",
    "return_proposed": "Há impedimento administrativo. É uma proposta: só uma pessoa pode devolver o pedido.",
}


class EligibilityService:
    """`Eligibility`."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        access: Access,
        clock: Clock,
        rulebook: Rulebook,
        standings: Standings,
        members: Members,
        identity: Identity,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._rulebook = rulebook
        self._standings = standings
        self._members = members
        self._identity = identity
        self._privacy = privacy

    async def check(self, caller: Caller, asked: EligibilityAsked) -> EligibilityAnswer:
        """See `Eligibility.check`."""
        if (asked.card is None) == (asked.member_id is None):
            raise Invalid("prior_auth.whose_eligibility", "name exactly one of card and member_id")
        if asked.card is not None:
            self._access.check(caller, "eligibility:check")
        below = Caller.system(caller.operator_id, "prior_auth", caller.causation, caller.correlation)
        now = self._clock.now()
        operator = await self._identity.get_operator(below)
        on = self._possible_day(asked.on, local_date(now, ZoneInfo(operator.time_zone)))
        if asked.known_at is not None and asked.known_at > now:
            raise Invalid("prior_auth.known_in_future", "known_at lies in the future")
        known_at = asked.known_at or now
        async with self._database.transaction(below) as tx:
            pack = await self._rulebook.pack_at(tx, known_at)
        member_id = asked.member_id
        if asked.card is not None:
            member_id = await self._members.find_by_document(below, asked.card.reveal())
            if member_id is None:
                return self._answer(None, on, known_at, no_card(), pack)
        assert member_id is not None
        self._access.check(caller, "eligibility:check", owner=str(member_id))
        facts = await self._facts(below, asked, member_id, on, known_at, pack)
        if caller.kind == "staff":
            subject = await self._members.subject(below, member_id)
            await self._privacy.record_access(caller, subject, "member", "prior_authorization", member_id)
        return self._answer(member_id, on, known_at, check_eligibility(facts, pack), pack)

    async def _facts(
        self,
        below: Caller,
        asked: EligibilityAsked,
        member_id: MemberId,
        on: date,
        known_at: datetime,
        pack: CoveragePack,
    ) -> Facts:
        async with self._database.transaction(below) as tx:
            history = await store.list_history(tx, member_id, NEWEST_PROTOCOL, on - store.REMEMBERED)
        named = await self._standings.of(below, asked.requester, asked.provider_id, asked.items, on, asked.known_at)
        return Facts(
            request_id=RequestId(new_id()),
            kind="care",
            channel="api",
            character=asked.character,
            on=on,
            member=await self._members.eligibility_facts(below, member_id, on, known_at),
            items=named.items(asked.items, pack),
            cids=asked.cids,
            given={fact.name: fact.value for fact in asked.facts},
            requester=named.requester,
            provider=named.provider(asked.provider_id),
            history=past_items(history, on),
        )

    @staticmethod
    def _answer(
        member_id: MemberId | None,
        on: date,
        known_at: datetime,
        checks: tuple[EligibilityCheck, ...],
        pack: CoveragePack,
    ) -> EligibilityAnswer:
        proposal = propose_return(checks) if member_id else None
        unclear = any(check.outcome in {"unknown", "fail"} for check in checks)
        standing: Standing = "return_proposed" if proposal else "person" if unclear else "eligible"
        return EligibilityAnswer(
            member_id=member_id,
            on=on,
            known_at=known_at,
            standing=standing,
            text=TEXTS[standing],
            checks=checks,
            proposal=proposal,
            pack_version=pack.version,
            pack_digest=pack.digest,
        )

    @staticmethod
    def _possible_day(on: date | None, today: date) -> date:
        if on is not None and not OLDEST <= on <= today + LATEST:
            raise Invalid("prior_auth.day_impossible", "the day is before 1990 or more than a year ahead")
        return on or today
