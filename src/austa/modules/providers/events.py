"""What `providers` tells the house: a provider or professional was created or changed. Ids only."""

from typing import ClassVar

from austa.kernel.events import Event
from austa.kernel.ids import ProfessionalId, ProviderId


class ProviderSaved(Event):
    """A provider was created, or something about it changed."""

    TYPE: ClassVar[str] = "providers.provider_saved.v1"

    provider_id: ProviderId
    created: bool

    def key(self) -> str:
        return str(self.provider_id)


class ProfessionalSaved(Event):
    """A professional was created, or something about them changed."""

    TYPE: ClassVar[str] = "providers.professional_saved.v1"

    professional_id: ProfessionalId
    created: bool

    def key(self) -> str:
        return str(self.professional_id)
