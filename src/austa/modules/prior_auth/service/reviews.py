"""After an answer: it is looked at again, a court orders otherwise, or more of the same is asked."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.ids import PrincipalId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.prior_auth import store
from austa.modules.prior_auth.api.requests import (
    AuthorizationAsked,
    DecisionRecord,
    Queue,
    ReleasedDecision,
    RequestReceipt,
    RequestStatus,
)
from austa.modules.prior_auth.api.reviews import ComplaintReceived, ExtensionAsked, OrderReceived, ReanalysisAsked
from austa.modules.prior_auth.domain.asking import court_case_wrong, has_right_check_digits
from austa.modules.prior_auth.domain.authority import AGAINST
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.lifecycle import OPEN, TransitionName
from austa.modules.prior_auth.domain.refusals import key_reused, no_such_request, nothing_to_extend, stale_version
from austa.modules.prior_auth.domain.terms import COMPLAINT, REANALYSIS, Term
from austa.modules.prior_auth.domain.wording import APPROVED
from austa.modules.prior_auth.events import RequestRouted, ReviewOpened
from austa.modules.prior_auth.service.deciding import Decider
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.service.watch import watch

Row = sa.Row[Any]
BACK_TO: dict[Queue, TransitionName] = {"administrative": "review_administrative", "manual": "review_refund"}
"""Where an answer was none of a physician's, the same kind of people look again."""


class ReviewService:
    """`Reviews`."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        clock: Clock,
        vault: Vault,
        decider: Decider,
        prior_auth: PriorAuthService,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._vault = vault
        self._decider = decider
        self._prior_auth = prior_auth

    async def reanalyse(self, caller: Caller, key: str, request_id: RequestId, asked: ReanalysisAsked) -> RequestStatus:
        """See `Reviews.reanalyse`."""
        async with self._database.transaction(caller) as tx:
            if await self._is_new(tx, key, request_id, "reanalysis"):
                row = await self._lock(tx, request_id, asked.expected_version)
                await self._reopen(tx, row, key, "reanalysis", asked.reason, REANALYSIS, "REA01")
        return await self._prior_auth.status(caller, request_id)

    async def complain(
        self, caller: Caller, key: str, request_id: RequestId, received: ComplaintReceived
    ) -> RequestStatus:
        """See `Reviews.complain`."""
        self._access.check(caller, "authorization:complaint")
        async with self._database.transaction(caller) as tx:
            if await self._is_new(tx, key, request_id, "complaint"):
                row = await self._lock(tx, request_id, received.expected_version)
                await self._reopen(tx, row, key, "complaint", received.number, COMPLAINT, "NIP01")
        return await self._prior_auth.status(caller, request_id)

    async def obey(self, caller: Caller, key: str, request_id: RequestId, order: OrderReceived) -> DecisionRecord:
        """See `Reviews.obey`."""
        self._access.check(caller, "authorization:complaint")
        if not has_right_check_digits(order.court_case):
            raise court_case_wrong()
        decision = ReleasedDecision(
            request_id=request_id,
            expected_version=order.expected_version,
            case_id=None,
            outcome="approve",
            released_by=PrincipalId(caller.principal_id),
            releaser_roles=caller.roles,
            released_at=self._clock.now(),
            legal_basis=f"Ordem judicial, processo nº {order.court_case}",
            member_text=APPROVED,
        )

        async def register(tx: Transaction, row: Row) -> Row:
            await self._keep(tx, row, key, "order", Personal(order.court_case))
            await store.update_request(
                tx, request_id, {"court_ordered": True, "reopened": "order", "reopened_at": tx.now()}
            )
            return await store.get_request(tx, request_id, lock=True)

        return await self._decider.decide(caller, f"order:{key}", decision, register)

    async def extend(self, caller: Caller, key: str, request_id: RequestId, asked: ExtensionAsked) -> RequestReceipt:
        """See `Reviews.extend`."""
        before = await self._prior_auth.get(caller, request_id)
        guide = next((decision.guide for decision in reversed(before.decisions) if decision.guide), None)
        if guide is None or before.state not in {"ISSUED", "EXPIRED"}:
            raise nothing_to_extend(before.state)
        request = AuthorizationAsked(
            member_id=before.member_id,
            channel="api" if caller.kind != "member" else "web",
            asked_at=asked.asked_at,
            items=asked.items,
            cids=before.cids,
            indication=asked.indication or before.indication,
            facts=asked.facts,
            requester=before.requester,
            provider_id=before.provider_id,
            documents=asked.documents,
            extends=guide.number,
        )
        return await self._prior_auth.request(caller, key, request)

    async def _lock(self, tx: Transaction, request_id: RequestId, seen: int | None) -> Row:
        row = await store.get_request(tx, request_id, lock=True)
        owner = str(row.member_id)
        if not self._access.allows(tx.caller, "authorization:dispute", owner=owner):
            if tx.caller.kind in {"member", "clerk"}:
                raise no_such_request()
            self._access.check(tx.caller, "authorization:dispute", owner=owner)
        if seen is not None and seen != row.version:
            raise stale_version(seen, row.version)
        return row

    async def _is_new(self, tx: Transaction, key: str, request_id: RequestId, kind: str) -> bool:
        await store.lock_name(tx, "review", key)
        kept = await store.find_review(tx, key)
        if kept is not None and (kept.request_id, kept.kind) != (request_id, kind):
            raise key_reused()
        return kept is None

    async def _keep(self, tx: Transaction, row: Row, key: str, kind: str, written: Personal | None) -> None:
        review_id = new_id()
        content = {"written": written.reveal() if written else None}
        values = {
            "id": review_id,
            "key": key,
            "request_id": row.id,
            "kind": kind,
            "at": tx.now(),
            "opened_by": tx.caller.actor,
            "content": await self._vault.seal(tx.operator_id, row.subject_id, "review", review_id, content),
        }
        await store.insert_review(tx, values)

    async def _reopen(
        self, tx: Transaction, row: Row, key: str, kind: str, written: Personal | None, term: Term, why: str
    ) -> None:
        """To people again, under a term of its own; the term of the first answer is kept."""
        decisions = await store.list_decisions(tx, RequestId(row.id))
        against = bool(decisions) and decisions[-1].outcome in (*AGAINST, "administrative_return")
        walk = Walk(tx, row, tx.caller.kind, tx.caller.actor)
        walk.take("reanalyse" if kind == "reanalysis" else "receive_complaint", disputed=row.state in OPEN or against)
        queue = _queue_of(row, decisions[-1].ground if decisions else None)
        if queue in BACK_TO:
            walk.take(BACK_TO[queue])
        await self._keep(tx, row, key, kind, written)
        due_at = await self._due_at(tx, row, term, answered=row.state not in OPEN)
        await walk.finish(
            queue=queue,
            round=row.round + 1,
            pending_ask_id=None,
            reopened=kind,
            reopened_at=tx.now(),
            first_term=row.first_term or _term_of(row),
            asked_at=tx.now(),
            due_at=due_at,
            business_days=term.days,
            clock_basis=f"{term.days} dias úteis para responder ({term.clause}).",
        )
        await watch(tx, await store.get_request(tx, RequestId(row.id)), await store.load_calendar(tx))
        await tx.publish(
            RequestRouted(
                request_id=RequestId(row.id),
                queue=queue,
                routes=(why,),
                urgency="urgent" if row.urgent else "elective",
                due_at=due_at,
                round=row.round + 1,
            ),
            ReviewOpened(request_id=RequestId(row.id), kind="reanalysis" if kind == "reanalysis" else "complaint"),
        )

    @staticmethod
    async def _due_at(tx: Transaction, row: Row, term: Term, *, answered: bool) -> datetime:
        zone = ZoneInfo(row.zone)
        calendar = await store.load_calendar(tx)
        end = end_of_day(calendar.add(local_date(tx.now(), zone), term.days), zone)
        due_at: datetime = row.due_at
        return end if answered else min(end, due_at)


def _queue_of(row: Row, ground: str | None) -> Queue:
    if row.kind == "reimbursement":
        return "manual"
    return "administrative" if ground == "administrative" else "medical"


def _term_of(row: Row) -> dict[str, Any]:
    return {
        "asked_at": row.asked_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "business_days": row.business_days,
        "calendar_id": row.calendar_id,
        "clock_basis": row.clock_basis,
    }
