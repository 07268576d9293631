"""A `providers` with the places that are put in."""

from datetime import date

from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId, ProviderId, new_id
from austa.modules.providers.api import Provider, Standing, no_such_provider


class FakeProviders:
    """`Providers`, as far as those above it ask."""

    def __init__(self) -> None:
        self.places: dict[tuple[OperatorId, ProviderId], Provider] = {}
        self.inactive: set[str] = set()
        """Numbers of professionals whose registration is not active; of others nothing is known."""

    def put(self, operator_id: OperatorId, name: str) -> Provider:
        provider = Provider(
            id=ProviderId(new_id()),
            name=name,
            kind="imaging",
            cnpj=None,
            cnes=None,
            city="Campinas",
            state="SP",
            latitude=None,
            longitude=None,
            in_network=True,
            suspended=False,
            specialties=(),
            is_synthetic=True,
        )
        self.places[operator_id, provider.id] = provider
        return provider

    async def get(self, caller: Caller, provider_id: ProviderId) -> Provider:
        found = self.places.get((caller.operator_id, provider_id))
        if found is None:
            raise no_such_provider()
        return found

    async def find_by_code(self, caller: Caller, code: str) -> Provider | None:
        """The name stands for the code."""
        return next(
            (
                each
                for (operator, _), each in self.places.items()
                if (operator, each.name) == (caller.operator_id, code)
            ),
            None,
        )

    async def requester_standing(self, caller: Caller, council: str, state: str, number: str, on: date) -> Standing:
        known = number in self.inactive
        return Standing(known=known, in_good_standing=False, reason="inactive" if known else None)
