"""Reactions: requests are assessed, waits and validities end, members are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import DecisionId, DocumentId, RequestId
from austa.modules.documents.events import DocumentRead, DocumentRefused
from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.events import (
    AssessmentDue,
    AttendanceNearing,
    BoardChanged,
    BoardTermNearing,
    DocumentsRequested,
    GuideValidityEnded,
    PendingTermEnded,
    RequestDecided,
    RequestReceived,
    RequestRouted,
    ReviewOpened,
    TermNearing,
)
from austa.modules.prior_auth.service.access import AccessService
from austa.modules.prior_auth.service.assessing import Assessor
from austa.modules.prior_auth.service.board import BoardService
from austa.modules.prior_auth.service.gathering import Gathered
from austa.modules.prior_auth.service.notices import Notices
from austa.modules.prior_auth.service.watch import Watch

MODULE = "prior_auth"


def assessing(assessor: Assessor) -> tuple[Work, Work]:
    """What assesses a new request, and one for which something came."""

    async def gather(caller: Caller, envelope: Envelope) -> Gathered | None:
        return await assessor.gather(caller, _request_id(envelope))

    async def conclude(tx: Transaction, envelope: Envelope, gathered: Gathered | None) -> State | None:
        return await assessor.conclude(tx, _request_id(envelope), gathered)

    return (
        Work("prior_auth.assess", MODULE, RequestReceived.TYPE, gather, conclude),
        Work("prior_auth.assess_again", MODULE, AssessmentDue.TYPE, gather, conclude),
    )


def handlers(assessor: Assessor, watch: Watch, notices: Notices, guarantee: AccessService) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def document_settled(tx: Transaction, envelope: Envelope) -> None:
        await assessor.wait_no_longer(tx, DocumentId(UUID(envelope.data["document_id"])))

    async def end_waiting(tx: Transaction, envelope: Envelope) -> None:
        await assessor.end_waiting(tx, _request_id(envelope), UUID(envelope.data["ask_id"]))

    async def predict_breach(tx: Transaction, envelope: Envelope) -> None:
        await watch.predict(tx, _request_id(envelope), envelope.data["stage"])

    async def end_validity(tx: Transaction, envelope: Envelope) -> None:
        await assessor.end_validity(tx, _request_id(envelope), DecisionId(UUID(envelope.data["decision_id"])))

    async def look_for_care(tx: Transaction, envelope: Envelope) -> None:
        await guarantee.look(tx, _request_id(envelope), DecisionId(UUID(envelope.data["decision_id"])))

    def is_news(data: Mapping[str, Any]) -> bool:
        return not data["post_facto"]

    async def tell_decision(caller: Caller, envelope: Envelope) -> None:
        if is_news(envelope.data):
            decision_id = DecisionId(UUID(envelope.data["decision_id"]))
            await notices.tell_decision(caller, _request_id(envelope), decision_id)

    async def tell_missing(caller: Caller, envelope: Envelope) -> None:
        data = envelope.data
        until = datetime.fromisoformat(data["answer_by"])
        await notices.tell_missing(caller, _request_id(envelope), UUID(data["ask_id"]), until)

    async def tell_review(caller: Caller, envelope: Envelope) -> None:
        if is_news(envelope.data):
            await notices.tell_review(caller, _request_id(envelope), envelope.data["round"])

    async def tell_reopened(caller: Caller, envelope: Envelope) -> None:
        await notices.tell_reopened(caller, envelope.id, _request_id(envelope))

    def is_opening(data: Mapping[str, Any]) -> bool:
        return bool(data["what"] == "opened")

    async def tell_board(caller: Caller, envelope: Envelope) -> None:
        if is_opening(envelope.data):
            await notices.tell_board(caller, _request_id(envelope), UUID(envelope.data["board_id"]))

    async def told(tx: Transaction, envelope: Envelope, result: Any) -> None:
        """`notifications` keeps what was sent, by our key."""

    return [
        *assessing(assessor),
        Reaction("prior_auth.document_read", MODULE, DocumentRead.TYPE, document_settled),
        Reaction("prior_auth.document_refused", MODULE, DocumentRefused.TYPE, document_settled),
        Reaction("prior_auth.end_waiting", MODULE, PendingTermEnded.TYPE, end_waiting),
        Reaction("prior_auth.predict_breach", MODULE, TermNearing.TYPE, predict_breach),
        Reaction("prior_auth.look_for_care", MODULE, AttendanceNearing.TYPE, look_for_care),
        Reaction("prior_auth.end_validity", MODULE, GuideValidityEnded.TYPE, end_validity),
        Work("prior_auth.tell_decision", MODULE, RequestDecided.TYPE, tell_decision, told, lane="later", wants=is_news),
        Work("prior_auth.tell_board", MODULE, BoardChanged.TYPE, tell_board, told, lane="later", wants=is_opening),
        Work("prior_auth.tell_missing", MODULE, DocumentsRequested.TYPE, tell_missing, told),
        Work("prior_auth.tell_reopened", MODULE, ReviewOpened.TYPE, tell_reopened, told),
        Work("prior_auth.tell_review", MODULE, RequestRouted.TYPE, tell_review, told, lane="later", wants=is_news),
    ]


def board_handlers(boards: BoardService) -> list[Handler]:
    """Timers of medical boards."""

    async def warn(tx: Transaction, envelope: Envelope) -> None:
        data = envelope.data
        due = datetime.fromisoformat(data["due_at"])
        await boards.warn(tx, _request_id(envelope), UUID(data["board_id"]), data["term"], data["stage"], due)

    return [Reaction("prior_auth.warn_of_board_term", MODULE, BoardTermNearing.TYPE, warn)]


def _request_id(envelope: Envelope) -> RequestId:
    return RequestId(UUID(envelope.data["request_id"]))
