"""The use cases of `medical_audit`: the queue, the case, opinions, contacts, decisions."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.pages import LARGEST_PAGE
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.contracts import Page
from austa.kernel.errors import Invalid, NotFound
from austa.kernel.ids import CaseId, DecisionId, MemberId, RequestId, new_id
from austa.modules.identity.api import Identity
from austa.modules.ledger.api import Ledger
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.cases import (
    ApprovalAsked,
    CaseCounts,
    CaseFilter,
    CaseLine,
    CaseView,
    Contact,
    ContactAsked,
    DecisionAsked,
    ForwardAsked,
    Opinion,
    OpinionAsked,
    ReasonCode,
    Release,
    contact_in_future,
    no_such_case,
    not_now,
    not_with_nurse,
    request_answered,
    stale_version,
)
from austa.modules.medical_audit.domain.reason_codes import reason_codes_on
from austa.modules.medical_audit.domain.release import (
    case_number,
    is_requester,
    may_work_on,
    waits_for_people,
)
from austa.modules.medical_audit.domain.term import AFTER_CARE, ESCALATED, Today
from austa.modules.medical_audit.events import CaseChanged, OpinionRecorded
from austa.modules.medical_audit.service.forwards import Forwards
from austa.modules.medical_audit.service.offers import allowed_actions, ending_of, groundwork_of
from austa.modules.medical_audit.service.people import People, principal_of
from austa.modules.medical_audit.service.releases import Releases, counts, opinion_given
from austa.modules.medical_audit.service.sealed import SealedTexts, Vault, canonical
from austa.modules.medical_audit.service.views import (
    OPINION_WORDS,
    after,
    case_values,
    contact_of,
    cursor_after,
    line_of,
    opinion_of,
    release_of,
    timeline_of,
)
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.clocks import LegalClocks, Stage
from austa.modules.prior_auth.api.requests import PriorAuth, Queue, RequestView
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Provider, Providers

Row = sa.Row[Any]
CLOCKS_APART = timedelta(minutes=1)


class MedicalAuditService:
    """`MedicalAudit`, and what handlers call."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        clock: Clock,
        *,
        vault: Vault,
        releases: Releases,
        forwards: Forwards,
        clocks: LegalClocks,
        prior_auth: PriorAuth,
        members: Members,
        providers: Providers,
        privacy: Privacy,
        ledger: Ledger,
        identity: Identity,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._clocks = clocks
        self._prior_auth = prior_auth
        self._members = members
        self._providers = providers
        self._privacy = privacy
        self._ledger = ledger
        self._identity = identity
        self._vault = vault
        self._releases = releases
        self._forwards = forwards

    # The queue

    async def queue(self, caller: Caller, wanted: CaseFilter, cursor: str | None, limit: int) -> Page[CaseLine]:
        """See `MedicalAudit.queue`."""
        self._access.check(caller, "case:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        today = await self._today(caller)
        scope = store.Scope(wanted, caller.principal_id, today, await self._members_meant(caller, wanted.words))
        async with self._database.transaction(caller) as tx:
            lister = store.list_closed_cases if wanted.view == "closed" else store.list_open_cases
            rows = await lister(tx, scope, after(cursor), limit + 1)
        shown = rows[:limit]
        return Page[CaseLine](
            items=await self._lines(caller, shown, today),
            next_cursor=cursor_after(shown[-1]) if len(rows) > limit else None,
        )

    async def counts(self, caller: Caller) -> CaseCounts:
        """See `MedicalAudit.counts`."""
        self._access.check(caller, "case:read")
        today = await self._today(caller)
        async with self._database.transaction(caller) as tx:
            row = await store.count_cases(tx, caller.principal_id, today)
        return CaseCounts(**row._mapping)

    async def reason_codes(self, caller: Caller) -> tuple[ReasonCode, ...]:
        """See `MedicalAudit.reason_codes`."""
        self._access.check(caller, "case:read")
        return reason_codes_on((await self._today(caller)).day)

    # The case

    async def get(self, caller: Caller, case_id: CaseId) -> CaseView:
        """See `MedicalAudit.get`."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            row = await store.get_case(tx, case_id)
            opinions = await store.list_opinions(tx, case_id)
            contacts = await store.list_contacts(tx, case_id)
            events = await store.list_events(tx, case_id)
            forwards = await store.list_forwards(tx, case_id)
            newest = await store.newest_release(tx, case_id)
        if newest and row.state == "open" and newest.state in {"recorded", "undone"}:
            newest = None
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        subject = await self._members.subject(caller, request.member_id)
        await self._privacy.record_access(caller, subject, "case", "medical_audit", row.id)
        people = await self._people(
            caller,
            *(opinion.author_id for opinion in opinions),
            *(contact.made_by for contact in contacts),
            *(principal_of(event.actor) for event in events),
            *(principal_of(change.actor) for change in request.history),
            *(UUID(decision.by) for decision in request.decisions if decision.by != "system"),
            newest.released_by if newest else None,
        )
        texts = await self._vault.of_member(caller, request.member_id)
        (line,) = await self._lines(caller, [row], await self._today(caller))
        written = [await opinion_of(opinion, texts, people) for opinion in opinions]
        documented = [await contact_of(contact, texts, people) for contact in contacts]
        reasons = {forward.id: await texts.open_reason(forward.id, forward.reason) for forward in forwards}
        given = [opinion_given(o, UUID(o.author.id), people, request) for o in written if counts(o.created_at, request)]
        return CaseView(
            case=line,
            request=request,
            member=await self._members.get(caller, request.member_id),
            provider=await self._provider(caller, request),
            opinions=tuple(written),
            contacts=tuple(documented),
            release=await self._release_view(caller, newest, texts, people) if newest else None,
            timeline=timeline_of(request.history, events, people, reasons),
            ending=ending_of(row, request, people, newest),
            groundwork=groundwork_of(row, request, given, [contact.with_whom for contact in documented]),
            allowed_actions=allowed_actions(self._access, caller, row, request, people, newest),
        )

    async def assign(self, caller: Caller, case_id: CaseId, *, to_me: bool, version: int) -> CaseLine:
        """See `MedicalAudit.assign`."""
        self._access.check(caller, "case:assign")
        async with self._database.transaction(caller) as tx:
            row = await store.get_case(tx, case_id, lock=True)
            if row.version != version:
                raise stale_version(version, row.version)
            if not may_work_on(row.state):
                raise not_now(row.state)
            await store.change_case(tx, case_id, "assigned", assigned_to=caller.principal_id if to_me else None)
            await store.append_event(tx, case_id, "assigned", "Caso assumido" if to_me else "Caso devolvido à fila")
            await tx.publish(CaseChanged(case_id=case_id, what="assigned"))
            changed = await store.get_case(tx, case_id)
        (line,) = await self._lines(caller, [changed], await self._today(caller))
        return line

    async def add_contact(self, caller: Caller, case_id: CaseId, contact: ContactAsked) -> Contact:
        """See `MedicalAudit.add_contact`."""
        self._access.check(caller, "case:contact")
        now = self._clock.now()
        if contact.at > now + CLOCKS_APART:
            raise contact_in_future()
        contact_id = new_id()
        texts = await self._vault.of_member(caller, MemberId((await self._find(caller, case_id)).member_id))
        summary = await texts.seal_summary(contact_id, contact.summary)
        async with self._database.transaction(caller) as tx:
            row = await store.get_case(tx, case_id, lock=True)
            if not may_work_on(row.state):
                raise not_now(row.state)
            await store.insert_contact(
                tx,
                {
                    "id": contact_id,
                    "case_id": case_id,
                    "made_by": caller.principal_id,
                    "with_whom": contact.with_whom,
                    "channel": contact.channel,
                    "at": contact.at,
                    "summary": summary,
                    "agreed": contact.agreed,
                    "created_at": now,
                },
            )
            await store.change_case(tx, case_id, "contacted")
            await store.append_event(tx, case_id, "contacted", "Contato registrado")
            await tx.publish(CaseChanged(case_id=case_id, what="contacted"))
        people = await self._people(caller)
        return Contact(
            id=contact_id,
            with_whom=contact.with_whom,
            channel=contact.channel,
            at=contact.at,
            summary=contact.summary,
            agreed=contact.agreed,
            made_by=people.name(caller.principal_id),
        )

    async def forward(self, caller: Caller, case_id: CaseId, asked: ForwardAsked) -> CaseLine:
        """See `MedicalAudit.forward`."""
        self._access.check(caller, "case:read")
        row = await self._find(caller, case_id)
        if row.queue != "nurse":
            raise not_with_nurse(row.queue)
        self._access.check(caller, "case:forward", queue=row.queue)
        await self._forwards.keep(caller, case_id, MemberId(row.member_id), asked)
        (line,) = await self._lines(caller, [await self._find(caller, case_id)], await self._today(caller))
        return line

    # Opinions and decisions

    async def write_opinion(self, caller: Caller, case_id: CaseId, opinion: OpinionAsked) -> Opinion:
        """See `MedicalAudit.write_opinion`."""
        self._access.check(caller, "case:read")
        row = await self._find(caller, case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        people = await self._people(caller)
        own = is_requester(people.registration(caller.principal_id), request.requester)
        self._access.check(caller, "opinion:write", queue=row.queue, own_request=own)
        opinion_id, now = new_id(), self._clock.now()
        texts = await self._vault.of_member(caller, request.member_id)
        digest = hashlib.sha256(opinion_id.bytes + canonical(opinion).encode()).hexdigest()
        values = {
            "id": opinion_id,
            "case_id": case_id,
            "author_id": caller.principal_id,
            "kind": opinion.kind,
            "body": await texts.seal_opinion(opinion_id, opinion),
            "digest": digest,
            "created_at": now,
        }
        async with self._database.transaction(caller) as tx:
            row = await store.get_case(tx, case_id, lock=True)
            if not may_work_on(row.state):
                raise not_now(row.state)
            if not waits_for_people(request.state, row.place):
                raise request_answered()
            await store.insert_opinion(tx, values)
            await store.change_case(tx, case_id, "opinion")
            await store.append_event(tx, case_id, "opinion", f"Parecer: {OPINION_WORDS[opinion.kind]}")
            await tx.publish(
                OpinionRecorded(
                    case_id=case_id,
                    opinion_id=opinion_id,
                    request_id=request.request_id,
                    kind=opinion.kind,
                    digest=digest,
                ),
                CaseChanged(case_id=case_id, what="opinion"),
            )
        return Opinion(
            id=opinion_id,
            author=people.name(caller.principal_id),
            council=people.council(caller.principal_id),
            kind=opinion.kind,
            text=opinion.text,
            evidence=opinion.evidence,
            created_at=now,
        )

    async def release(self, caller: Caller, key: str, asked: DecisionAsked) -> Release:
        """See `MedicalAudit.release`."""
        self._access.check(caller, "case:read")
        row = await self._find(caller, asked.case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        people = await self._people(caller)
        own = is_requester(people.registration(caller.principal_id), request.requester)
        self._access.check(caller, "decision:release", queue=row.queue, outcome=asked.outcome, own_request=own)
        texts = await self._vault.of_member(caller, request.member_id)
        codes = {code.code for code in reason_codes_on((await self._today(caller)).day) if code.in_force}
        kept = await self._releases.keep(caller, key, asked, request, texts, codes)
        return await self._release_view(caller, kept, texts, people)

    async def approve(self, caller: Caller, key: str, asked: ApprovalAsked) -> Release:
        """See `MedicalAudit.approve`."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            row = await store.find_case_of_request(tx, asked.request_id)
        if row is None:
            raise no_such_case()
        return await self.release(caller, key, asked.decision(CaseId(row.id)))

    async def undo(self, caller: Caller, release_id: DecisionId) -> Release:
        """See `MedicalAudit.undo`."""
        self._access.check(caller, "case:read")
        row = await self._releases.undo(caller, release_id)
        texts = await self._vault.of_member(caller, MemberId((await self._find(caller, CaseId(row.case_id))).member_id))
        return await self._release_view(caller, row, texts, await self._people(caller))

    # What handlers call

    async def read_request(self, caller: Caller, request_id: RequestId) -> RequestView:
        """The request behind a case that is to be opened."""
        return await self._prior_auth.get(caller, request_id)

    async def open_case(
        self, tx: Transaction, request: RequestView, queue: Queue, routes: Sequence[str], round_: int, post_facto: bool
    ) -> None:
        """Open the case of a request, or open it again for a later round. Idempotent; not for a request that ended."""
        await store.lock_request(tx, request.request_id)
        if await store.has_ended(tx, request.request_id):
            return
        existing = await store.find_case_of_request(tx, request.request_id)
        values = case_values(request, queue, routes, round_, post_facto=post_facto)
        if existing is None:
            case_id, now = CaseId(new_id()), tx.now()
            year = local_date(now, ZoneInfo(request.clock.zone)).year
            await store.insert_case(
                tx,
                {
                    **values,
                    "id": case_id,
                    "number": case_number(year, await store.next_number(tx, year)),
                    "state": "open",
                    "opened_at": now,
                    "last_event": "opened",
                    "last_event_at": now,
                    "version": 1,
                },
            )
        elif existing.round < round_:
            case_id = CaseId(existing.id)
            await self._releases.cancel_waiting(tx, case_id)
            await store.change_case(tx, case_id, "opened", **values, state="open", closed_at=None)
        else:
            return
        await store.append_event(tx, case_id, "opened", "Caso aberto" if existing is None else "Caso reaberto")
        await tx.publish(CaseChanged(case_id=case_id, what="opened"))

    async def close_case(self, tx: Transaction, request_id: RequestId, why: str) -> None:
        """The request was given up by its asker. Idempotent; a decision on its way is settled first, one that still
        waits is cancelled."""
        await store.lock_request(tx, request_id)
        await store.note_ended(tx, request_id)
        row = await store.find_case_of_request(tx, request_id)
        if row is None or row.state == "closed":
            return
        case_id = CaseId(row.id)
        if row.state == "releasing" and not await self._releases.cancel_waiting(tx, case_id):
            return
        await store.change_case(tx, case_id, "closed", state="closed", closed_at=tx.now())
        await store.append_event(tx, case_id, "closed", why)
        await tx.publish(CaseChanged(case_id=case_id, what="closed"))

    async def close_answered(self, tx: Transaction, request_id: RequestId) -> None:
        """The request was answered without this case: a court ordered it, or what came in satisfied the rules."""
        await store.lock_request(tx, request_id)
        row = await store.find_case_of_request(tx, request_id)
        if row is None or row.closed_at is not None or row.place == AFTER_CARE:
            return
        case_id = CaseId(row.id)
        await self._releases.cancel_waiting(tx, case_id)
        await store.change_case(tx, case_id, "closed", state="closed", closed_at=tx.now())
        await store.append_event(tx, case_id, "closed", "Pedido respondido sem este caso")
        await tx.publish(CaseChanged(case_id=case_id, what="closed"))

    async def escalate(self, tx: Transaction, request_id: RequestId, stage: Stage) -> None:
        """An answer is predicted to come late: the open case says so to everybody who looks. Its version stays, for
        whoever decides just now does what is needed."""
        await store.lock_request(tx, request_id)
        row = await store.find_case_of_request(tx, request_id)
        if row is None or row.closed_at is not None or row.place == AFTER_CARE:
            return
        case_id = CaseId(row.id)
        await store.note_escalation(tx, case_id)
        await store.append_event(tx, case_id, "escalated", ESCALATED[stage])
        await tx.publish(CaseChanged(case_id=case_id, what="escalated"))

    # What the use cases are made of

    async def _find(self, caller: Caller, case_id: CaseId) -> Row:
        async with self._database.transaction(caller) as tx:
            return await store.get_case(tx, case_id)

    async def _today(self, caller: Caller) -> Today:
        operator = await self._identity.get_operator(caller)
        return Today(self._clock.now(), ZoneInfo(operator.time_zone), await self._clocks.calendar(caller))

    async def _lines(self, caller: Caller, rows: Sequence[Row], today: Today) -> tuple[CaseLine, ...]:
        members = await self._members.summaries(caller, tuple({MemberId(row.member_id) for row in rows}))
        people = await self._people(caller, *(row.assigned_to for row in rows))
        return tuple(line_of(row, members, people, today) for row in rows)

    async def _members_meant(self, caller: Caller, words: str | None) -> tuple[MemberId, ...]:
        """The members whom words of a search may name; none where `members` cannot search by such words."""
        if not words or not words.strip():
            return ()
        try:
            page = await self._members.search(caller, words, None, LARGEST_PAGE)
        except Invalid:
            return ()
        return tuple(member.id for member in page.items)

    async def _people(self, caller: Caller, *ids: UUID | None) -> People:
        """Those persons and the caller."""
        return await People.find(self._identity, caller, (caller.principal_id, *ids))

    async def _provider(self, caller: Caller, request: RequestView) -> Provider | None:
        """A provider that is not in the table is why some requests come to a person."""
        if request.provider_id is None:
            return None
        try:
            return await self._providers.get(caller, request.provider_id)
        except NotFound:
            return None

    async def _release_view(self, caller: Caller, row: Row, texts: SealedTexts, people: People) -> Release:
        asked = await texts.open_decision(row.id, row.asked)
        sealed = row.state == "recorded" and await self._is_sealed(caller, row.id)
        return release_of(row, asked, people, self._clock.now(), sealed=sealed)

    async def _is_sealed(self, caller: Caller, release_id: UUID) -> bool:
        try:
            return (await self._ledger.get_entry(caller, release_id)).state == "sealed"
        except NotFound:
            return False
