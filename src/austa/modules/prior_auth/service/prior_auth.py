"""The use cases of `prior_auth`: take, assess, ask, route, decide, tell."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.in_place import Held, InPlace
from austa.infra.in_step import InStep
from austa.infra.pages import decode_time_and_id, encode_cursor
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.contracts import Page
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import DecisionId, MemberId, PrincipalId, RequestId, derived_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import Documents
from austa.modules.identity.api import Identity, Operator
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.guides import Guide
from austa.modules.prior_auth.api.links import OpenedLink
from austa.modules.prior_auth.api.requests import (
    CANCEL_REASONS,
    AttachedDocument,
    AuthorizationAsked,
    DecisionRecord,
    IndicationFact,
    ReleasedDecision,
    RequestFilter,
    RequestReceipt,
    RequestStatus,
    RequestSummary,
    RequestView,
    State,
)
from austa.modules.prior_auth.domain.access import start_attendance
from austa.modules.prior_auth.domain.asking import refuse_impossible
from austa.modules.prior_auth.domain.clocks import class_of_request, read_internal_clock, start_clock
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.forecast import first_prediction, predictions_of
from austa.modules.prior_auth.domain.lifecycle import OPEN, STATES, WAITING
from austa.modules.prior_auth.domain.numbers import protocol_number
from austa.modules.prior_auth.domain.refusals import (
    already_answered,
    file_missing,
    key_reused,
    member_not_confirmed,
    no_such_guide,
    no_such_paper,
    no_such_request,
    stale_version,
)
from austa.modules.prior_auth.events import AssessmentDue, RequestCancelled, RequestReceived, TermNearing
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.deciding import Decider
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.registrar import guide_of
from austa.modules.prior_auth.service.rights import OUTSIDE, check
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.vault import Vault, merge_facts, requester_subject
from austa.modules.prior_auth.service.views import (
    Considered,
    Row,
    Whole,
    keep_guide,
    receipt_of,
    status_of,
    summary_of,
    view_of,
    view_outside,
    view_performing,
)
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import Privacy

PAGE = 50
LINK_PURPOSE = "authorization"
MODULE = "prior_auth"


@dataclass(frozen=True)
class Settled:
    """Everything about a new request that is known before its transaction."""

    request_id: RequestId
    subject_id: UUID
    operator: Operator
    fingerprint: bytes
    content: bytes
    requester: bytes | None


class PriorAuthService:
    """`PriorAuth`, and what handlers and routes call."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        vault: Vault,
        access: Access,
        clock: Clock,
        rulebook: Rulebook,
        members: Members,
        documents: Documents,
        identity: Identity,
        asks: Asks,
        decider: Decider,
        book: ReceiptBook,
        assess_now: InPlace,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._vault = vault
        self._access = access
        self._clock = clock
        self._rulebook = rulebook
        self._members = members
        self._documents = documents
        self._identity = identity
        self._asks = asks
        self.decider = decider
        self._book = book
        self._assess_now = assess_now
        self._privacy = privacy
        self._door = InStep()

    # Asking

    async def request(self, caller: Caller, key: str, asked: AuthorizationAsked) -> RequestReceipt:
        """See `PriorAuth.request`."""
        provider = caller.provider_id or asked.provider_id
        self._access.check(caller, "authorization:create", owner=str(asked.member_id), provider=_text(provider))
        refuse_impossible(caller, asked, self._clock.now())
        if caller.kind == "clerk":
            asked = await self._asked_by_provider(caller, asked)
        await self._check_papers(caller, asked.member_id, asked.documents)
        await self._rulebook.keep(caller)
        receipt, held = await self._door.run(caller.operator_id, key, lambda: self._take(caller, key, asked))
        state = await self._assess_now.perform(held) if held else None
        return receipt.model_copy(update={"state": state}) if state else receipt

    async def _take(self, caller: Caller, key: str, asked: AuthorizationAsked) -> tuple[RequestReceipt, Held | None]:
        settled = await self._settle(caller, key, asked)
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "key", key)
            existing = await store.find_request_by_key(tx, key)
            if existing is None:
                return await self._insert(tx, key, asked, settled)
        if existing.fingerprint != settled.fingerprint:
            raise key_reused()
        return receipt_of(existing), None

    async def _asked_by_provider(self, caller: Caller, asked: AuthorizationAsked) -> AuthorizationAsked:
        """What a clerk asks is the provider's, for a person who showed the card there. Raises `Invalid`."""
        provider_id = caller.provider_id
        if provider_id is None or not await self._members.is_confirmed(_below(caller), provider_id, asked.member_id):
            raise member_not_confirmed()
        return asked.model_copy(update={"provider_id": provider_id})

    async def _check_papers(self, caller: Caller, member_id: MemberId, documents: tuple[AttachedDocument, ...]) -> None:
        """A paper is of the person the request is for, and one that the caller may see.

        The system attaches what the channel's own person sent, before it lies under their name.
        """
        if caller.kind == "member" and any(paper.document_id is None for paper in documents):
            raise file_missing()
        wanted = [paper.document_id for paper in documents if paper.document_id]
        if caller.kind == "system" or not wanted:
            return
        subject = await self._members.subject(_below(caller), member_id)
        found = {paper.id for paper in await self._documents.get_many(caller, wanted) if paper.subject == subject}
        if not found.issuperset(wanted):
            raise no_such_paper()

    async def _settle(self, caller: Caller, key: str, asked: AuthorizationAsked) -> Settled:
        below = _below(caller)
        operator = await self._identity.get_operator(below)
        subject = await self._members.subject(below, asked.member_id)
        request_id = RequestId(derived_id("prior_auth.request", caller.operator_id, key))
        requester = asked.requester
        others = [requester_subject(caller.operator_id, requester)] if requester else []
        await self._vault.prepare(caller.operator_id, [subject, *others])
        return Settled(
            request_id=request_id,
            subject_id=subject,
            operator=operator,
            fingerprint=self._vault.fingerprint(caller.operator_id, asked),
            content=await self._vault.seal_asked(caller.operator_id, subject, request_id, asked),
            requester=await self._vault.seal_requester(caller.operator_id, request_id, requester)
            if requester
            else None,
        )

    async def _insert(
        self, tx: Transaction, key: str, asked: AuthorizationAsked, settled: Settled
    ) -> tuple[RequestReceipt, Held | None]:
        now, zone = tx.now(), ZoneInfo(settled.operator.time_zone)
        asked_at = asked.asked_at or now
        calendar, ruled = await calendars.load_calendar(tx), await self._rulebook.in_force(tx)
        pack, terms = ruled.pack, ruled.terms
        ruling = class_of_request(
            (pack.service_class_of(line.tuss) for line in asked.items),
            terms,
            urgent=asked.character == "urgent" or asked.court_case is not None,
            non_care=asked.kind == "reimbursement",
        )
        clock = start_clock(ruling, asked_at, calendar, zone, terms)
        attendance = start_attendance(ruling, asked_at, calendar, zone, terms)
        prediction = first_prediction(predictions_of(clock, now, calendar), now)
        asked_on = local_date(asked_at, zone)
        extended = await store.find_guide(tx, asked.extends) if asked.extends else None
        if asked.extends and (extended is None or extended.member_id != asked.member_id):
            raise no_such_guide()
        state: State = "EXTENSION_REQUESTED" if extended else "RECEIVED"
        today = local_date(now, zone)
        # Last of all that is asked: whoever comes next waits for this number until we have committed.
        number = await store.next_number(tx, f"protocol:{today:%Y%m%d}")
        protocol = protocol_number(settled.operator.ans_registry, today, number)
        await store.insert_request(
            tx,
            {
                "id": settled.request_id,
                "key": key,
                "fingerprint": settled.fingerprint,
                "member_id": asked.member_id,
                "subject_id": settled.subject_id,
                "requester_subject_id": requester_subject(tx.operator_id, asked.requester) if asked.requester else None,
                "provider_id": asked.provider_id,
                "asking_provider_id": tx.caller.provider_id,
                "channel": asked.channel,
                "urgent": asked.character == "urgent",
                "kind": asked.kind,
                "court_ordered": asked.court_case is not None,
                "protocol": protocol,
                "state": state,
                "extends_id": extended.id if extended else None,
                "version": 1,
                "round": 0,
                "asks": 0,
                "asked_at": asked_at,
                "received_at": now,
                "due_at": clock.due_at,
                "service_class": clock.service_class,
                "business_days": clock.business_days,
                "calendar_id": clock.calendar_id,
                "zone": clock.zone,
                "clock_basis": clock.basis,
                "attend_by": attendance.clock.due_at if attendance else None,
                "attend_days": attendance.clock.business_days if attendance else None,
                "attend_basis": attendance.clock.basis if attendance else None,
                "attend_watch_at": attendance.watch_at if attendance else None,
                "watch": prediction.stage,
                "content": settled.content,
                "requester": settled.requester,
            },
            _item_rows(settled.request_id, asked, asked_on, pack),
            [(paper.kind, paper.document_id) for paper in asked.documents],
        )
        held = await self._assess_now.publish(
            tx,
            RequestReceived(
                request_id=settled.request_id,
                member_id=asked.member_id,
                channel=asked.channel,
                character=asked.character,
                protocol=protocol,
                asked_at=asked_at,
                due_at=clock.due_at,
            ),
            [(TermNearing(request_id=settled.request_id, stage=prediction.stage), prediction.at)],
        )
        receipt = RequestReceipt(
            request_id=settled.request_id,
            protocol=protocol,
            state=state,
            received_at=now,
            due_at=clock.due_at,
            created=True,
        )
        return receipt, held

    async def add_documents(
        self,
        caller: Caller,
        request_id: RequestId,
        documents: tuple[AttachedDocument, ...],
        facts: tuple[IndicationFact, ...] = (),
        expected_version: int | None = None,
    ) -> RequestStatus:
        """See `PriorAuth.add_documents`."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            check(self._access, caller, "authorization:create", row)
        await self._check_papers(caller, MemberId(row.member_id), documents)
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id, lock=True)
            _check_version(row, expected_version)
            if row.state not in OPEN and not (row.urgent and row.state == "ISSUED"):
                raise already_answered(row.state)
            await store.add_papers(tx, request_id, [(d.kind, d.document_id) for d in documents], tx.now())
            if facts:
                await self._add_facts(tx, row, facts)
            if row.state in WAITING:
                walk = Walk(tx, row, caller.kind, caller.actor)
                walk.take("receive_answer")
                await walk.finish(pending_ask_id=None)
                await tx.publish(AssessmentDue(request_id=request_id, cause="documents_added"))
        return await self.status(caller, request_id)

    async def _add_facts(self, tx: Transaction, row: Row, facts: tuple[IndicationFact, ...]) -> None:
        asked = await self._vault.open_asked(row)
        merged = asked.model_copy(update={"facts": merge_facts(asked.facts, facts)})
        content = await self._vault.seal_asked(tx.operator_id, row.subject_id, row.id, merged)
        await store.update_request(tx, RequestId(row.id), {"content": content})

    async def cancel(
        self, caller: Caller, request_id: RequestId, reason: str, seen: int | None = None, *, and_guide: bool = False
    ) -> RequestStatus:
        """See `PriorAuth.cancel`."""
        if reason not in CANCEL_REASONS:
            raise Invalid("prior_auth.cancel_reason", "this is not one of the reasons", allowed=CANCEL_REASONS)
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id, lock=True)
            check(self._access, caller, "authorization:cancel", row)
            if row.state != "CANCELLED":
                _check_version(row, seen)
                if not and_guide:
                    keep_guide(row, await store.list_decisions(tx, request_id), tx.now())
                walk = Walk(tx, row, caller.kind, caller.actor)
                walk.take("cancel")
                await walk.finish(pending_ask_id=None)
                await tx.publish(RequestCancelled(request_id=request_id, reason=reason))
        return await self.status(caller, request_id)

    async def get(self, caller: Caller, request_id: RequestId) -> RequestView:
        """See `PriorAuth.get`."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            check(self._access, caller, "authorization:read", row)
            items = await store.list_items(tx, request_id)
            papers = await store.list_papers(tx, request_id)
            changes = await store.list_changes(tx, request_id)
            decisions = await store.list_decisions(tx, request_id)
            last = await store.find_last_assessment(tx, request_id)
            pending = await self._asks.pending(tx, row)
            parts = await store.list_parts(tx, [decision.id for decision in decisions])
            calendar, now = await calendars.load_calendar(tx), tx.now()
        steps = [(change.at, change.to_state) for change in changes]
        internal = read_internal_clock(steps, row.asked_at, now, calendar, ZoneInfo(row.zone))
        considered = None
        if last:
            content = await self._vault.open(last.operator_id, row.subject_id, "assessment", last.id, last.content)
            considered = Considered.read(content)
        opened = await self._book.open_many(decisions, row.subject_id, parts)
        asked = await self._vault.open_asked(row)
        view = view_of(Whole(row, asked, items, papers, changes, considered, pending, opened, internal, now))
        if caller.kind == "clerk" and view.asking_provider_id != caller.provider_id:
            return view_performing(view)
        return view_outside(view) if caller.kind in OUTSIDE else view

    async def show(self, caller: Caller, request_id: RequestId) -> RequestView:
        """See `PriorAuth.show`."""
        request = await self.get(caller, request_id)
        if caller.at_work:
            subject = await self._members.subject(_below(caller), request.member_id)
            await self._privacy.record_access(caller, subject, "authorization", "prior_authorization", request_id)
        return request

    async def pack_in_force(self, caller: Caller) -> CoveragePack:
        """The operator's coverage pack as it holds now."""
        async with self._database.transaction(caller) as tx:
            return await self._rulebook.pack_at(tx, tx.now())

    async def list(self, caller: Caller, filters: RequestFilter, cursor: str | None = None) -> Page[RequestSummary]:
        """See `PriorAuth.list`."""
        owner = caller.id if caller.kind == "member" else None
        self._access.check(caller, "authorization:read", owner=owner, provider=_text(caller.provider_id))
        after = None if cursor is None else decode_time_and_id(cursor)
        async with self._database.transaction(caller) as tx:
            rows = await store.list_requests(tx, filters, after, PAGE + 1)
        page = rows[:PAGE]
        more = len(rows) > PAGE
        return Page(
            items=tuple(summary_of(row) for row in page),
            next_cursor=encode_cursor(page[-1].received_at.isoformat(), page[-1].id) if more else None,
        )

    async def status(self, caller: Caller, request_id: RequestId) -> RequestStatus:
        """See `PriorAuth.status`."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            check(self._access, caller, "authorization:read", row)
            decisions = await store.list_decisions(tx, request_id)
            performs = caller.kind == "clerk" and row.asking_provider_id != caller.provider_id
            missing = () if performs else await self._asks.missing(tx, row)
            return status_of(row, missing, decisions, tx.now())

    async def look(self, caller: Caller, request_id: RequestId) -> Row:
        """The request as it lies; for what needs no more of it."""
        async with self._database.transaction(caller) as tx:
            return await store.get_request(tx, request_id)

    async def guide_of(self, caller: Caller, request: Row, decision_id: DecisionId) -> Guide | None:
        """The guide that a decision gave."""
        async with self._database.transaction(caller) as tx:
            kept = await store.get_decision(tx, decision_id)
            parts = await store.list_parts(tx, [decision_id])
        return guide_of(await self._book.open(kept, request.subject_id, parts))

    async def missing_of(self, caller: Caller, request: Row) -> tuple[str, ...]:
        """What is asked for now."""
        async with self._database.transaction(caller) as tx:
            return await self._asks.missing(tx, request)

    async def open_link(self, token: str, birth_date: date) -> OpenedLink:
        """See `PriorAuth.open_link`."""
        caller, request_id = await self.follow_link(token, birth_date)
        request = await self.get(caller, request_id)
        told = await self.status(caller, request.request_id)
        decision = request.decisions[-1] if request.decisions else None
        guide = next((one for one in request.guides if one.standing == "valid"), None)
        before = next((one for one in request.guides if guide and one.replaced_by == guide.number), None)
        return OpenedLink(
            protocol=request.protocol,
            text=decision.member_text if decision and STATES[request.state].answered else told.text,
            procedures=tuple(item.description for item in request.items),
            guide_number=guide.number if guide else None,
            senha=guide.senha if guide else None,
            valid_until=guide.valid_until if guide else None,
            replaced_guide=before.number if before else None,
            missing=request.missing,
            decided_at=decision.at if decision else None,
        )

    async def follow_link(self, token: str, birth_date: date) -> tuple[Caller, RequestId]:
        """The request behind a link, and ourselves as caller for its operator. Refuses as `open_link`."""
        target = await self._identity.open_link(Personal(token))
        if target.purpose != LINK_PURPOSE:
            raise no_such_request()
        caller = Caller.system(target.operator_id, MODULE)
        member = await self._members.get(caller, target.member_id)
        if member.birth_date != birth_date:
            raise Forbidden("prior_auth.birth_date_wrong", "the date of birth does not agree")
        await self._identity.confirm_link(caller, target.link_id)
        return caller, RequestId(target.resource_id)

    async def decide(self, caller: Caller, key: str, decision: ReleasedDecision) -> DecisionRecord:
        """See `PriorAuth.decide`."""
        return await self.decider.decide(caller, key, decision)

    async def forward(self, caller: Caller, request_id: RequestId, round_: int, by: PrincipalId) -> RequestStatus:
        """See `PriorAuth.forward`."""
        await self.decider.forward(caller, request_id, round_, by)
        return await self.status(caller, request_id)


def _check_version(row: Row, expected: int | None) -> None:
    if expected is not None and row.version != expected:
        raise stale_version(expected, row.version)


def _text(provider_id: UUID | None) -> str | None:
    return str(provider_id) if provider_id else None


def _below(caller: Caller) -> Caller:
    """We read other modules as ourselves: the caller's right was checked at our own door."""
    return Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)


def _item_rows(
    request_id: RequestId, asked: AuthorizationAsked, asked_on: date, pack: CoveragePack
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for position, line in enumerate(asked.items):
        known = pack.find_item(line.tuss)
        rows.append(
            {
                "request_id": request_id,
                "position": position,
                "member_id": asked.member_id,
                "tuss": line.tuss,
                "coding_table": line.table,
                "description": line.description or (known.description if known else line.tuss),
                "asked_on": asked_on,
                "quantity": line.quantity,
                "laterality": line.laterality,
                "amount_centavos": line.amount.centavos if line.amount else None,
                "provider_id": line.provider_id,
                "scheduled_at": line.scheduled_at,
                "service_class": pack.service_class_of(line.tuss),
                "high_complexity": known.high_complexity if known else False,
            }
        )
    return rows
