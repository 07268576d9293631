"""Assesses requests: gathers facts, applies the rules, and acts on what came out."""

from datetime import date
from typing import Any
from uuid import UUID

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.ids import DecisionId, DocumentId, MemberId, RequestId, new_id
from austa.modules.prior_auth.api.requests import Path, Queue, State
from austa.modules.prior_auth.domain.assessment import Assessment, assess
from austa.modules.prior_auth.domain.facts import PastItem
from austa.modules.prior_auth.domain.lifecycle import WAITING, TransitionName
from austa.modules.prior_auth.domain.replay import BY_SYSTEM
from austa.modules.prior_auth.domain.signals import without_signals
from austa.modules.prior_auth.domain.wording import APPROVED
from austa.modules.prior_auth.events import AssessmentDue, RequestRouted
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.gathering import Gathered, Sources, past_items, today_of
from austa.modules.prior_auth.service.registrar import Registrar, Verdict
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.views import Considered, Row
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.store import requests as store

NOT_ASSESSED = ("RECEIVED", "EXTENSION_REQUESTED", "ELIGIBILITY_CHECK")
ROUTE_STEPS: dict[Queue, TransitionName] = {
    "administrative": "route_administrative",
    "nurse": "route_nurse",
    "medical": "route_medical",
    "manual": "route_refund",
}


class Assessor:
    """What the handlers of `prior_auth` call."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        vault: Vault,
        clock: Clock,
        rulebook: Rulebook,
        sources: Sources,
        registrar: Registrar,
        asks: Asks,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._rulebook = rulebook
        self._sources = sources
        self._registrar = registrar
        self._asks = asks

    async def gather(self, caller: Caller, request_id: RequestId) -> Gathered | None:
        """Ask the modules below for the facts of a request that waits to be assessed; None when it does not wait."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            papers = await store.list_papers(tx, request_id)
            today = today_of(row, self._clock.now())
            history = await self._history(tx, row, today)
            pack = await self._rulebook.pack_at(tx, tx.now())
        if row.state not in NOT_ASSESSED:
            return None
        await self._rulebook.keep(caller)
        asked = await self._vault.open_asked(row)
        return await self._sources.gather(caller, row, asked, tuple(papers), today, history, pack)

    async def conclude(self, tx: Transaction, request_id: RequestId, gathered: Gathered | None) -> State | None:
        """Assess what was gathered and act on it. While a paper is still being read nothing happens yet. Returns the
        state that the request came to; None where it stays as it was."""
        row = await store.get_request(tx, request_id, lock=True)
        if gathered is None or gathered.waits or row.state not in NOT_ASSESSED:
            return None
        if gathered.seen != (row.content, len(await store.list_papers(tx, request_id))):
            # Papers or facts came while we were asking around: look again rather than ask for what is there.
            await tx.publish(AssessmentDue(request_id=request_id, cause="documents_added"))
            return None
        # Two requests of one member are assessed one after the other, so that each sees the other as history.
        await store.lock_name(tx, "member", row.member_id)
        facts = gathered.facts.model_copy(update={"history": await self._history(tx, row, gathered.facts.on)})
        screening, in_force = gathered.screening, await self._rulebook.in_force(tx)
        signals = screening.signals if screening else ()
        considered = Considered(facts, assess(facts, gathered.pack, in_force.tables, signals), screening)
        content = considered.content(self._rulebook.code)
        await self._keep_assessment(tx, row, considered.assessment, content)
        return await self._act(tx, row, considered, content, gathered)

    async def wait_no_longer(self, tx: Transaction, document_id: DocumentId) -> None:
        """A document was read or refused: requests that waited for it are due."""
        for request_id in await store.list_requests_waiting_for(tx, document_id):
            await tx.publish(AssessmentDue(request_id=request_id, cause="document_read"))

    async def end_waiting(self, tx: Transaction, request_id: RequestId, ask_id: UUID) -> None:
        """The papers of that ask did not come: a person looks with what there is. Nobody is denied for silence."""
        row = await store.get_request(tx, request_id, lock=True)
        if row.pending_ask_id != ask_id or row.state not in WAITING:
            return
        walk = Walk(tx, row, "system", tx.caller.actor)
        non_care = row.kind == "reimbursement"
        walk.take("end_waiting_refund" if non_care else "end_waiting")
        queue: Queue = "manual" if non_care else "medical"
        await self._route(tx, row, walk, queue, ("PRZ01",), path="AUDIT")

    async def hand_over(self, tx: Transaction, row: Row) -> None:
        """The term of a request that could not be assessed nears its end: a person looks with what there is."""
        walk = _checked(tx, row)
        await self._send_to_people(tx, row, walk, "manual" if row.kind == "reimbursement" else "medical", ("PRZ02",))

    async def end_validity(self, tx: Transaction, request_id: RequestId, decision_id: DecisionId) -> None:
        """The last day of a senha is over."""
        row = await store.get_request(tx, request_id, lock=True)
        decisions = await store.list_decisions(tx, request_id)
        guides = [decision.id for decision in decisions if decision.guide_number]
        if row.state != "ISSUED" or not guides or guides[-1] != decision_id:
            return
        walk = Walk(tx, row, "system", tx.caller.actor)
        walk.take("expire", validity_over=True)
        await walk.finish()

    async def _history(self, tx: Transaction, row: Row, on: date) -> tuple[PastItem, ...]:
        rows = await store.list_history(tx, MemberId(row.member_id), row.protocol, on - store.REMEMBERED)
        return past_items(rows, on)

    async def _keep_assessment(self, tx: Transaction, row: Row, result: Assessment, content: dict[str, Any]) -> None:
        assessment_id = new_id()
        await store.insert_assessment(
            tx,
            {
                "id": assessment_id,
                "request_id": row.id,
                "at": tx.now(),
                "path": result.path,
                "queue": result.queue,
                "rules_version": result.pack_version,
                "rules_digest": result.pack_digest,
                "content": await self._vault.seal(tx.operator_id, row.subject_id, "assessment", assessment_id, content),
            },
        )

    async def _act(
        self, tx: Transaction, row: Row, considered: Considered, content: dict[str, Any], gathered: Gathered
    ) -> State:
        result = considered.assessment
        walk = _checked(tx, row)
        match result.path:
            case "AUTO":
                walk.take("pass_eligibility")
                walk.take("approve_by_rule", rules_allow=True)
                await self._approve(tx, row, walk, considered, content, gathered)
            case "URG":
                walk.take("approve_urgent", rules_allow=True)
                await self._approve(tx, row, walk, considered, content, gathered)
                await self._tell_routed(tx, row, "medical", result.routes, row.round + 1, post_facto=True)
            case "PEND":
                walk.take("pass_eligibility")
                walk.take("ask_documents")
                ask_id = await self._asks.ask(tx, row, result.missing)
                await walk.finish(path="PEND", asks=row.asks + 1, pending_ask_id=ask_id)
            case "ADMIN":
                walk.take("find_admin_issue")
                await self._route(tx, row, walk, "administrative", result.routes, path="ADMIN")
            case "AUDIT":
                await self._send_to_people(tx, row, walk, result.queue or "medical", result.routes)
        return walk.state

    async def _send_to_people(
        self, tx: Transaction, row: Row, walk: Walk, queue: Queue, routes: tuple[str, ...]
    ) -> None:
        if queue != "manual":
            walk.take("pass_eligibility")
        walk.take(ROUTE_STEPS[queue])
        await self._route(tx, row, walk, queue, routes, path="AUDIT")

    async def _approve(
        self,
        tx: Transaction,
        row: Row,
        walk: Walk,
        considered: Considered,
        content: dict[str, Any],
        gathered: Gathered,
    ) -> None:
        walk.take("issue")
        verdict = Verdict(
            decision_id=DecisionId(new_id()),
            key=f"system:{row.id}:{walk.version}",
            outcome="approve",
            by=BY_SYSTEM,
            member_text=APPROVED,
            authority=next(used for used in considered.assessment.tables if used.rule_set == "authority"),
        )
        guide, kept = await self._registrar.authorize(tx, row, walk, gathered.pack, "approve")
        post_facto = considered.assessment.post_facto
        await walk.finish(path=considered.assessment.path, queue=None, round=row.round + int(post_facto))
        await self._registrar.keep(tx, row, walk, verdict, content, guide, gathered.people, gathered.pack, kept)

    async def _route(
        self, tx: Transaction, row: Row, walk: Walk, queue: Queue, routes: tuple[str, ...], *, path: Path
    ) -> None:
        await walk.finish(path=path, queue=queue, round=row.round + 1, pending_ask_id=None)
        await self._tell_routed(tx, row, queue, routes, row.round + 1)

    async def _tell_routed(
        self, tx: Transaction, row: Row, queue: Queue, routes: tuple[str, ...], round_: int, *, post_facto: bool = False
    ) -> None:
        await tx.publish(
            RequestRouted.model_validate(
                {
                    "request_id": row.id,
                    "queue": queue,
                    "routes": without_signals(routes),
                    "urgency": "urgent" if row.urgent or row.court_ordered else "elective",
                    "due_at": row.due_at,
                    "round": round_,
                    "post_facto": post_facto,
                }
            )
        )


def _checked(tx: Transaction, row: Row) -> Walk:
    """The system's walk of a request from where it is assessed."""
    walk = Walk(tx, row, "system", tx.caller.actor)
    if walk.state != "ELIGIBILITY_CHECK":
        walk.take("check")
    return walk
