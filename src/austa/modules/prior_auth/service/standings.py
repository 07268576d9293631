"""What `providers` and TUSS know of items, places and requesters on a day, as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from austa.kernel.actors import Caller
from austa.kernel.ids import ProviderId
from austa.modules.language.api.language import Terminology
from austa.modules.prior_auth.api.requests import AskedItem, Requester
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import ItemFacts, ProviderFacts, RequesterFacts
from austa.modules.providers.api import PlacedProvider, Providers, Registration

MICRO = 1_000_000


@dataclass(frozen=True)
class Named:
    """Everybody whom one request names, as they stood on the day."""

    requester: RequesterFacts | None
    providers: Mapping[ProviderId, ProviderFacts]
    terminology: Terminology

    def provider(self, provider_id: ProviderId | None) -> ProviderFacts | None:
        """Standing and place of who performs it; an unknown one is told as such."""
        return None if provider_id is None else self.providers[provider_id]

    def items(self, asked: Sequence[AskedItem], pack: CoveragePack) -> tuple[ItemFacts, ...]:
        """The lines as asked, each with where it is to be performed."""
        return tuple(self._item(at, line, pack) for at, line in enumerate(asked))

    def _item(self, position: int, line: AskedItem, pack: CoveragePack) -> ItemFacts:
        known = pack.find_item(line.tuss) is not None or self.terminology.get_procedure(line.tuss) is not None
        return ItemFacts(
            position=position,
            tuss=line.tuss,
            quantity=line.quantity,
            in_terminology=known,
            doubtful_digit=not known and self.terminology.has_doubtful_check_digit(line.tuss),
            laterality=line.laterality,
            amount_centavos=line.amount.centavos if line.amount else None,
            provider=self.provider(line.provider_id),
            scheduled_at=line.scheduled_at,
        )


@dataclass(frozen=True)
class Standings:
    """Who is asked."""

    providers: Providers
    terminology: Terminology

    async def of(
        self,
        caller: Caller,
        requester: Requester | None,
        provider_id: ProviderId | None,
        items: Sequence[AskedItem],
        on: date,
        known_at: datetime | None = None,
    ) -> Named:
        """Look up everybody at once: who ordered the care, who is to perform it, of all and of each line.

        As known at that moment, by default now.
        """
        wanted = frozenset(each for each in (provider_id, *(line.provider_id for line in items)) if each is not None)
        if requester is None and not wanted:
            return Named(None, {}, self.terminology)
        signed = Registration(requester.council.upper(), requester.uf, requester.number) if requester else None
        found = await self.providers.look_up(caller, signed, wanted, on, known_at)
        placed = {each.provider.id: each for each in found.providers}
        ordered = found.requester
        return Named(
            RequesterFacts(known=ordered.known, good_standing=ordered.in_good_standing) if ordered else None,
            {each: _facts(each, placed.get(each)) for each in wanted},
            self.terminology,
        )


def _facts(provider_id: ProviderId, placed: PlacedProvider | None) -> ProviderFacts:
    if placed is None:
        return ProviderFacts(provider_id=provider_id, known=False, good_standing=False, in_network=False)
    provider = placed.provider
    return ProviderFacts(
        provider_id=provider_id,
        known=True,
        good_standing=placed.standing.in_good_standing,
        in_network=provider.in_network,
        city=provider.city,
        state=provider.state,
        latitude_e6=_micro(provider.latitude),
        longitude_e6=_micro(provider.longitude),
    )


def _micro(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * MICRO)
