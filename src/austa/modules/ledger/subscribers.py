"""Reactions: decisions are recorded as they are told, and sealed when the timer of the first of them is due."""

from austa.infra.db import Transaction
from austa.infra.outbox import Batch, Handler, Reaction
from austa.kernel.events import Envelope
from austa.modules.ledger.events import SealDue
from austa.modules.ledger.service import LedgerService

RECORDED = (
    "prior_auth.request_decided.v1",
    "prior_auth.board_changed.v1",
    "medical_audit.opinion_recorded.v1",
    "medical_audit.decision_released.v1",
)
"""Types of the events that are proven. Plain strings: the ledger records raw envelopes and imports nobody."""


def handlers(ledger: LedgerService) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def seal(tx: Transaction, envelope: Envelope) -> None:
        await ledger.seal(tx)

    record = [Batch(f"ledger.record.{recorded}", "ledger", recorded, ledger.record) for recorded in RECORDED]
    # A seal covers all entries before it, so one that is parked need not hold up the next.
    return [*record, Reaction("ledger.seal", "ledger", SealDue.TYPE, seal, independent=True)]
