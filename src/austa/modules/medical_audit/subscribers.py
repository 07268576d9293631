"""Reactions: routed requests become cases, released decisions go down to `prior_auth`, endings close cases."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import DecisionId, RequestId
from austa.modules.medical_audit.events import BoardActTaken, CaseForwarded, DecisionReleased, ReleaseWaitEnded
from austa.modules.medical_audit.service.board import CaseBoardService
from austa.modules.medical_audit.service.forwards import Forwards
from austa.modules.medical_audit.service.medical_audit import MedicalAuditService
from austa.modules.medical_audit.service.releases import Releases
from austa.modules.prior_auth.events import (
    BoardTermWarned,
    BreachPredicted,
    RequestCancelled,
    RequestDecided,
    RequestRouted,
)

MODULE = "medical_audit"


def handlers(audit: MedicalAuditService, releases: Releases, forwards: Forwards) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def read_request(caller: Caller, envelope: Envelope) -> Any:
        return await audit.read_request(caller, _request_id(envelope))

    async def open_case(tx: Transaction, envelope: Envelope, request: Any) -> None:
        data = envelope.data
        await audit.open_case(tx, request, data["queue"], data["routes"], data["round"], data["post_facto"])

    async def record(caller: Caller, envelope: Envelope) -> Any:
        return await releases.record(caller, DecisionId(UUID(envelope.data["decision_id"])))

    async def settle(tx: Transaction, envelope: Envelope, result: Any) -> None:
        await releases.settle(tx, DecisionId(UUID(envelope.data["decision_id"])), result)

    async def is_overtaken(caller: Caller, envelope: Envelope) -> Any:
        return await releases.is_overtaken(caller, DecisionId(UUID(envelope.data["decision_id"])))

    async def send(tx: Transaction, envelope: Envelope, overtaken: Any) -> None:
        await releases.send(tx, DecisionId(UUID(envelope.data["decision_id"])), overtaken=overtaken)

    async def forward(caller: Caller, envelope: Envelope) -> Any:
        await forwards.carry(caller, UUID(envelope.data["forward_id"]))

    async def forwarded(tx: Transaction, envelope: Envelope, result: Any) -> None:
        """Nothing to record: the case moved when it was forwarded."""

    async def escalate(tx: Transaction, envelope: Envelope) -> None:
        await audit.escalate(tx, _request_id(envelope), envelope.data["stage"])

    def may_end_a_case(data: Mapping[str, Any]) -> bool:
        """An answer that no case led to, of a request that people have or had before them."""
        return data["case_id"] is None and not data["post_facto"] and bool(data.get("was_routed", True))

    async def close_answered(tx: Transaction, envelope: Envelope) -> None:
        if may_end_a_case(envelope.data):
            await audit.close_answered(tx, _request_id(envelope))

    async def close(tx: Transaction, envelope: Envelope) -> None:
        await audit.close_case(tx, _request_id(envelope), "Pedido cancelado por quem pediu")

    return [
        Work("medical_audit.open_case", MODULE, RequestRouted.TYPE, read_request, open_case),
        Work("medical_audit.carry_forward", MODULE, CaseForwarded.TYPE, forward, forwarded),
        Work("medical_audit.send_release", MODULE, ReleaseWaitEnded.TYPE, is_overtaken, send),
        Work("medical_audit.record_decision", MODULE, DecisionReleased.TYPE, record, settle),
        Reaction("medical_audit.escalate", MODULE, BreachPredicted.TYPE, escalate),
        Reaction("medical_audit.close_answered", MODULE, RequestDecided.TYPE, close_answered, wants=may_end_a_case),
        Reaction("medical_audit.close_cancelled", MODULE, RequestCancelled.TYPE, close),
    ]


def board_handlers(boards: CaseBoardService) -> list[Handler]:
    """Acts of medical boards go down; their terms come up."""

    async def carry(caller: Caller, envelope: Envelope) -> Any:
        return await boards.carry(caller, UUID(envelope.data["act_id"]))

    async def settle(tx: Transaction, envelope: Envelope, result: Any) -> None:
        await boards.settle(tx, UUID(envelope.data["act_id"]), result)

    async def warn(tx: Transaction, envelope: Envelope) -> None:
        await boards.warn(tx, _request_id(envelope), envelope.data["term"], envelope.data["stage"])

    return [
        Work("medical_audit.carry_board_act", MODULE, BoardActTaken.TYPE, carry, settle),
        Reaction("medical_audit.warn_of_board_term", MODULE, BoardTermWarned.TYPE, warn),
    ]


def _request_id(envelope: Envelope) -> RequestId:
    return RequestId(UUID(envelope.data["request_id"]))
