"""Reactions: what was denied or cancelled is compared with nothing any more."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction
from austa.kernel.events import Envelope
from austa.kernel.ids import RequestId
from austa.modules.fraud.service.fraud import FraudService
from austa.modules.prior_auth.events import RequestCancelled, RequestDecided

MODULE = "fraud"
GIVEN_UP = ("deny", "administrative_return")


def handlers(fraud: FraudService) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    def is_given_up(data: Mapping[str, Any]) -> bool:
        return data["outcome"] in GIVEN_UP

    async def decided(tx: Transaction, envelope: Envelope) -> None:
        if is_given_up(envelope.data):
            await fraud.give_up(tx, _request_id(envelope))

    async def cancelled(tx: Transaction, envelope: Envelope) -> None:
        await fraud.give_up(tx, _request_id(envelope))

    return [
        Reaction("fraud.give_up_denied", MODULE, RequestDecided.TYPE, decided, wants=is_given_up),
        Reaction("fraud.give_up_cancelled", MODULE, RequestCancelled.TYPE, cancelled),
    ]


def _request_id(envelope: Envelope) -> RequestId:
    return RequestId(UUID(envelope.data["request_id"]))
