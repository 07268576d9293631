"""Wiring of `providers`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.identity.api import Identity
from austa.modules.providers.routes import routers
from austa.modules.providers.service.providers import ProviderService


def build(platform: Platform, *, identity: Identity) -> tuple[ProviderService, Wired]:
    """The network of one process; it reacts to no event."""
    database = platform.database.for_module("providers")
    providers = ProviderService(
        database, keys=platform.keys, access=platform.access, clock=platform.clock, identity=identity
    )
    return providers, Wired(routes=lambda: routers(providers, platform.idempotency))
