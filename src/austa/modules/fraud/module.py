"""Wiring of `fraud`; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.documents.api import Documents
from austa.modules.fraud.adapters.rules_file import rules_source
from austa.modules.fraud.routes import router
from austa.modules.fraud.service.fraud import FraudService
from austa.modules.fraud.service.importing import Importing
from austa.modules.fraud.subscribers import handlers
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Providers


def build(
    platform: Platform,
    *,
    documents: Documents,
    identity: Identity,
    members: Members,
    privacy: Privacy,
    providers: Providers,
) -> tuple[FraudService, Wired]:
    """Signals of one process, on the seed rules where an operator has none of its own."""
    database = platform.database.for_module("fraud")
    importing = Importing(
        database,
        keys=platform.keys,
        access=platform.access,
        members=members,
        providers=providers,
        identity=identity,
    )
    fraud = FraudService(
        database,
        keys=platform.keys,
        access=platform.access,
        privacy=privacy,
        documents=documents,
        identity=identity,
        importing=importing,
        seed=rules_source(),
    )
    return fraud, Wired(handlers=handlers(fraud), routes=lambda: [router(fraud, platform.idempotency)])
