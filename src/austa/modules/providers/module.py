"""Wiring of `providers`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.providers.routes import routers
from austa.modules.providers.service.providers import ProviderService


def build(platform: Platform) -> tuple[ProviderService, Wired]:
    """The network of one process; it calls no other module and reacts to no event."""
    providers = ProviderService(platform.database.for_module("providers"), keys=platform.keys, access=platform.access)
    return providers, Wired(routers=routers(providers, platform.idempotency))
