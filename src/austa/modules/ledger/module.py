"""Wiring of the ledger; imported only by the composition root."""

from austa.infra.platform import Platform, Wired
from austa.modules.ledger.routes import router
from austa.modules.ledger.service import LedgerService
from austa.modules.ledger.subscribers import handlers


def build(platform: Platform) -> tuple[LedgerService, Wired]:
    """The ledger of one process; it calls no other module."""
    ledger = LedgerService(platform.database.for_module("ledger"), platform.keys, platform.access)
    return ledger, Wired(handlers=handlers(ledger), routes=lambda: [router(ledger)])
