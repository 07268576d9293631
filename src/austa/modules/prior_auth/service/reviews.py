"""After an answer: it is looked at again, a court orders otherwise, or more of the same is asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.ids import PrincipalId, RequestId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.requests import (
    AuthorizationAsked,
    Channel,
    DecisionRecord,
    Queue,
    ReleasedDecision,
    RequestReceipt,
    RequestStatus,
)
from austa.modules.prior_auth.api.reviews import (
    ComplaintReceived,
    ExtensionAsked,
    OpenedReview,
    OrderReceived,
    ReanalysisAsked,
    ReviewAct,
    ReviewBook,
)
from austa.modules.prior_auth.domain.asking import court_case_wrong, has_right_check_digits
from austa.modules.prior_auth.domain.authority import AGAINST
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.guards import Actor, Circumstances
from austa.modules.prior_auth.domain.lifecycle import OPEN, TransitionName, is_open_to
from austa.modules.prior_auth.domain.refusals import key_reused, nothing_to_extend, stale_version
from austa.modules.prior_auth.domain.rule_sets import ReviewKind
from austa.modules.prior_auth.domain.terms import Term
from austa.modules.prior_auth.domain.wording import APPROVED
from austa.modules.prior_auth.events import RequestRouted, ReviewOpened
from austa.modules.prior_auth.service.deciding import Decider
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from austa.modules.prior_auth.service.rights import OUTSIDE, check, may
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.service.watch import watch
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import Privacy

Row = sa.Row[Any]
BACK_TO: dict[Queue, TransitionName] = {"administrative": "review_administrative", "manual": "review_refund"}
"""Where an answer was none of a physician's, the same kind of people look again."""
CHANNELS: Mapping[Actor, Channel] = {"member": "web", "clerk": "portal"}
WITH_GUIDE = frozenset({"ISSUED", "EXPIRED"})
"""States in which there is, or was, something to go on from."""


class ReviewService:
    """`Reviews`."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        clock: Clock,
        vault: Vault,
        rulebook: Rulebook,
        decider: Decider,
        prior_auth: PriorAuthService,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._vault = vault
        self._rulebook = rulebook
        self._decider = decider
        self._prior_auth = prior_auth
        self._privacy = privacy

    async def book(self, caller: Caller, request_id: RequestId) -> ReviewBook:
        """See `Reviews.book`."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            check(self._access, caller, "authorization:read", row)
            decisions = await store.list_decisions(tx, request_id)
            reviews = [] if caller.kind in OUTSIDE else await store.list_reviews(tx, request_id)
        opened = tuple([await self._open(row, each) for each in reviews])
        if opened:
            subject = SubjectId(row.subject_id)
            await self._privacy.record_access(caller, subject, "authorization", "prior_authorization", request_id)
        return ReviewBook(reviews=opened, may=self._acts(caller, row, decisions), version=row.version)

    async def _open(self, row: Row, review: Row) -> OpenedReview:
        content = await self._vault.open(row.operator_id, row.subject_id, "review", review.id, review.content)
        written = content["written"]
        return OpenedReview(
            kind=review.kind, at=review.at, by=review.opened_by, written=Personal(written) if written else None
        )

    def _acts(self, caller: Caller, row: Row, decisions: Sequence[Row]) -> tuple[ReviewAct, ...]:
        def is_open(name: TransitionName, *, ordered: bool = False) -> bool:
            return is_open_to(row.state, name, _circumstances(row, caller.kind, decisions, ordered=ordered))

        def allowed(action: str) -> bool:
            return may(self._access, caller, action, row)

        approves = self._access.allows(caller, "decision:release", outcome="approve")
        possible: dict[ReviewAct, bool] = {
            "reanalyse": allowed("authorization:dispute") and is_open("reanalyse"),
            "complain": allowed("authorization:complaint") and is_open("receive_complaint"),
            "obey": allowed("authorization:complaint") and approves and is_open("receive_order", ordered=True),
            # Who performs the care asks to go on with it, whoever asked first.
            "extend": self._access.allows(
                caller, "authorization:create", owner=str(row.member_id), provider=str(row.provider_id)
            )
            and row.state in WITH_GUIDE
            and any(decision.guide_number for decision in decisions),
        }
        return tuple(act for act, holds in possible.items() if holds)

    async def reanalyse(self, caller: Caller, key: str, request_id: RequestId, asked: ReanalysisAsked) -> RequestStatus:
        """See `Reviews.reanalyse`."""
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            if await self._is_new(tx, key, request_id, "reanalysis"):
                row = await self._lock(tx, request_id, asked.expected_version)
                await self._reopen(tx, row, key, "reanalysis", asked.reason, "REA01")
        return await self._prior_auth.status(caller, request_id)

    async def complain(
        self, caller: Caller, key: str, request_id: RequestId, received: ComplaintReceived
    ) -> RequestStatus:
        """See `Reviews.complain`."""
        self._access.check(caller, "authorization:complaint")
        await self._rulebook.keep(caller)
        async with self._database.transaction(caller) as tx:
            if await self._is_new(tx, key, request_id, "complaint"):
                row = await self._lock(tx, request_id, received.expected_version)
                await self._reopen(tx, row, key, "complaint", received.number, "NIP01")
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
        tables = {item.tuss: item.table for item in before.items}
        guide = next((decision.guide for decision in reversed(before.decisions) if decision.guide), None)
        if guide is None or before.state not in WITH_GUIDE:
            raise nothing_to_extend(before.state)
        request = AuthorizationAsked(
            member_id=before.member_id,
            channel=CHANNELS.get(caller.kind, "api"),
            asked_at=asked.asked_at,
            items=tuple(item.model_copy(update={"table": tables.get(item.tuss, item.table)}) for item in asked.items),
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
        check(self._access, tx.caller, "authorization:dispute", row)
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
        self, tx: Transaction, row: Row, key: str, kind: ReviewKind, written: Personal | None, why: str
    ) -> None:
        """To people again, under a term of its own; the term of the first answer is kept."""
        terms = (await self._rulebook.in_force(tx)).terms
        term = terms.reviews[kind]
        decisions = await store.list_decisions(tx, RequestId(row.id))
        walk = Walk(tx, row, tx.caller.kind, tx.caller.actor)
        walk.take("reanalyse" if kind == "reanalysis" else "receive_complaint", disputed=_is_disputed(row, decisions))
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
            clock_basis=f"{term.days} dias úteis para responder ({term.clause}). Tabela {terms.reviews_table}.",
        )
        await watch(tx, await store.get_request(tx, RequestId(row.id)), await calendars.load_calendar(tx))
        await tx.publish(
            RequestRouted(
                request_id=RequestId(row.id),
                queue=queue,
                routes=(why,),
                urgency="urgent" if row.urgent else "elective",
                due_at=due_at,
                round=row.round + 1,
            ),
            ReviewOpened(request_id=RequestId(row.id), kind=kind),
        )

    @staticmethod
    async def _due_at(tx: Transaction, row: Row, term: Term, *, answered: bool) -> datetime:
        zone = ZoneInfo(row.zone)
        calendar = await calendars.load_calendar(tx)
        end = end_of_day(calendar.add(local_date(tx.now(), zone), term.days), zone)
        due_at: datetime = row.due_at
        return end if answered else min(end, due_at)


def _is_disputed(row: Row, decisions: Sequence[Row]) -> bool:
    """The last answer went against the member, or there is none yet."""
    return row.state in OPEN or any(each.outcome in (*AGAINST, "administrative_return") for each in decisions[-1:])


def _circumstances(row: Row, kind: Actor, decisions: Sequence[Row], *, ordered: bool) -> Circumstances:
    return Circumstances(
        kind,
        urgent=row.urgent,
        ordered_by_court=ordered,
        non_care=row.kind == "reimbursement",
        disputed=_is_disputed(row, decisions),
    )


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
