"""Wiring of `fraud`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.routes import router
from austa.modules.fraud.service.fraud import FraudService
from austa.modules.fraud.subscribers import handlers
from austa.modules.privacy.api import Privacy


def build(platform: Platform, *, privacy: Privacy) -> tuple[FraudService, Wired]:
    """Signals of one process, on the seed rules where an operator has none of its own."""
    fraud = FraudService(
        platform.database.for_module("fraud"),
        keys=platform.keys,
        access=platform.access,
        privacy=privacy,
        seed=rules_source(),
    )
    return fraud, Wired(handlers=handlers(fraud), routers=[router(fraud)])
