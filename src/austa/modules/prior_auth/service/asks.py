"""Asks for what is missing, once and with a term; what is missing lies sealed, for it may tell of an illness."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import RequestId, new_id
from austa.modules.prior_auth.domain.clocks import answer_by
from austa.modules.prior_auth.events import DocumentsRequested, PendingTermEnded
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store

Row = sa.Row[Any]


@dataclass(frozen=True)
class PendingAsk:
    """What is asked for, and until when it is waited for."""

    missing: tuple[str, ...]
    answer_by: datetime


class Asks:
    """Consolidated asks of requests."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def ask(self, tx: Transaction, row: Row, missing: tuple[str, ...]) -> UUID:
        """Write an ask, tell the house, and set the timer that ends the wait. Returns the ask's id."""
        ask_id, request_id = new_id(), RequestId(row.id)
        until = answer_by(tx.now(), row.due_at, await calendars.load_calendar(tx), ZoneInfo(row.zone))
        await store.insert_ask(
            tx,
            {
                "id": ask_id,
                "request_id": row.id,
                "asked_at": tx.now(),
                "answer_by": until,
                "content": await self._vault.seal(
                    tx.operator_id, row.subject_id, "ask", ask_id, {"missing": list(missing)}
                ),
            },
        )
        await tx.publish(
            DocumentsRequested(request_id=request_id, ask_id=ask_id, missing_count=len(missing), answer_by=until)
        )
        await tx.publish(PendingTermEnded(request_id=request_id, ask_id=ask_id), not_before=until)
        return ask_id

    async def missing(self, tx: Transaction, row: Row) -> tuple[str, ...]:
        """What is asked for now; empty when nothing pends."""
        ask = await self.pending(tx, row)
        return ask.missing if ask else ()

    async def pending(self, tx: Transaction, row: Row) -> PendingAsk | None:
        """The ask that waits for an answer, if there is one."""
        ask = await store.find_ask(tx, row.pending_ask_id) if row.pending_ask_id else None
        if ask is None:
            return None
        content = await self._vault.open(tx.operator_id, row.subject_id, "ask", ask.id, ask.content)
        return PendingAsk(missing=tuple(content["missing"]), answer_by=ask.answer_by)
