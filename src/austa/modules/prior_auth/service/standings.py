"""What `providers` and TUSS know of items, places and requesters on a day, as facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.kernel.ids import ProviderId
from austa.modules.language.api.language import Terminology
from austa.modules.prior_auth.api.requests import AskedItem, Requester
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import ItemFacts, ProviderFacts, RequesterFacts
from austa.modules.providers.api import Providers

MICRO = 1_000_000


@dataclass(frozen=True)
class Standings:
    """Who is asked."""

    providers: Providers
    terminology: Terminology

    async def items(
        self, caller: Caller, asked: Sequence[AskedItem], on: date, pack: CoveragePack
    ) -> tuple[ItemFacts, ...]:
        """The lines as asked, each with where it is to be performed."""
        return tuple([await self._item(caller, at, line, on, pack) for at, line in enumerate(asked)])

    async def requester(self, caller: Caller, requester: Requester | None, on: date) -> RequesterFacts | None:
        """Standing of who ordered the care."""
        if requester is None:
            return None
        standing = await self.providers.requester_standing(
            caller, requester.council.upper(), requester.uf, requester.number, on
        )
        return RequesterFacts(known=standing.known, good_standing=standing.in_good_standing)

    async def provider(self, caller: Caller, provider_id: ProviderId | None, on: date) -> ProviderFacts | None:
        """Standing and place of who performs it; an unknown one is told as such."""
        if provider_id is None:
            return None
        try:
            provider = await self.providers.get(caller, provider_id)
        except NotFound:
            return ProviderFacts(provider_id=provider_id, known=False, good_standing=False, in_network=False)
        standing = await self.providers.provider_standing(caller, provider_id, on)
        return ProviderFacts(
            provider_id=provider_id,
            known=True,
            good_standing=standing.in_good_standing,
            in_network=provider.in_network,
            city=provider.city,
            state=provider.state,
            latitude_e6=_micro(provider.latitude),
            longitude_e6=_micro(provider.longitude),
        )

    async def _item(self, caller: Caller, position: int, line: AskedItem, on: date, pack: CoveragePack) -> ItemFacts:
        known = pack.find_item(line.tuss) is not None or self.terminology.get_procedure(line.tuss) is not None
        return ItemFacts(
            position=position,
            tuss=line.tuss,
            quantity=line.quantity,
            in_terminology=known,
            doubtful_digit=not known and self.terminology.has_doubtful_check_digit(line.tuss),
            laterality=line.laterality,
            amount_centavos=line.amount.centavos if line.amount else None,
            provider=await self.provider(caller, line.provider_id, on),
            scheduled_at=line.scheduled_at,
        )


def _micro(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * MICRO)
