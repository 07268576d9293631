"""Use cases of the queue, the case, opinions and releases."""

import hashlib
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import to_json

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import KeyOwner, Keys
from austa.infra.pages import LARGEST_PAGE, decode_cursor, encode_cursor
from austa.kernel.actors import Caller
from austa.kernel.clock import BRASILIA, Clock, local_date
from austa.kernel.contracts import Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from austa.kernel.ids import CaseId, DecisionId, MemberId, PrincipalId, RequestId, SubjectId, new_id
from austa.kernel.personal import REVEAL, Personal
from austa.modules.identity.api import Identity, Principal
from austa.modules.ledger.api import Ledger
from austa.modules.medical_audit import domain, store
from austa.modules.medical_audit.api import (
    Assignee,
    CaseCounts,
    CaseFilter,
    CaseLine,
    CaseView,
    Contact,
    ContactAsked,
    DecisionAsked,
    LastEvent,
    Opinion,
    OpinionAsked,
    Release,
    RouteReason,
    TimelineEntry,
    case_closed,
    no_such_case,
    stale_version,
)
from austa.modules.medical_audit.events import CaseChanged, DecisionReleased, OpinionRecorded
from austa.modules.members.api import Members, MemberSummary
from austa.modules.prior_auth.api import (
    ContactReference,
    DecisionRecord,
    ItemDecision,
    OpinionReference,
    Outcome,
    PriorAuth,
    Queue,
    ReleasedDecision,
    RequestView,
)
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Provider, Providers

UNKNOWN = Personal("—")
"""Shown for a staff person or member whose data was erased."""


class MedicalAuditService:
    """The one service of `medical_audit`."""

    def __init__(
        self,
        database: ModuleDatabase,
        keys: Keys,
        access: Access,
        clock: Clock,
        *,
        prior_auth: PriorAuth,
        members: Members,
        providers: Providers,
        privacy: Privacy,
        ledger: Ledger,
        identity: Identity,
    ) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._clock = clock
        self._prior_auth = prior_auth
        self._members = members
        self._providers = providers
        self._privacy = privacy
        self._ledger = ledger
        self._identity = identity

    # The queue

    async def queue(self, caller: Caller, wanted: CaseFilter, cursor: str | None, limit: int) -> Page[CaseLine]:
        self._access.check(caller, "case:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        async with self._database.transaction(caller) as tx:
            rows = await store.list_cases(
                tx, wanted, _me(caller), _end_of_today(self._clock.now()), _after(cursor), limit + 1
            )
        lines = await self._lines(caller, rows[:limit])
        if wanted.urgency is not None:
            lines = [line for line in lines if line.urgency == wanted.urgency]
        last = rows[limit - 1] if len(rows) > limit else None
        return Page[CaseLine](
            items=tuple(lines),
            next_cursor=encode_cursor(last.character, last.due_at.isoformat(), last.id) if last else None,
        )

    async def counts(self, caller: Caller) -> CaseCounts:
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            row = await store.count_cases(tx, _me(caller), _end_of_today(self._clock.now()))
        return CaseCounts(**row._mapping)

    # The case

    async def get(self, caller: Caller, case_id: CaseId) -> CaseView:
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id)
            opinions = await store.list_opinions(tx, case_id)
            contacts = await store.list_contacts(tx, case_id)
            events = await store.list_events(tx, case_id)
            newest = await store.newest_release(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        member = await self._members.get(caller, request.member_id)
        subject = await self._members.subject(caller, request.member_id)
        await self._privacy.record_access(caller, subject, "case", "medical_audit", row.id)
        staff = await self._staff(
            caller,
            {row.assigned_to}
            | {o.author_id for o in opinions}
            | {c.made_by for c in contacts}
            | ({newest.released_by} if newest else set())
            | {_principal_or_none(h.actor) for h in request.history}
            | {_principal_or_none(e.actor) for e in events},
        )
        owner = KeyOwner(subject, "care")
        (line,) = await self._lines(caller, [row])
        return CaseView(
            case=line,
            request=request,
            member=member,
            provider=await self._provider(caller, request),
            opinions=tuple([await self._opinion(caller, owner, o, staff) for o in opinions]),
            contacts=tuple([await self._contact(caller, owner, c, staff) for c in contacts]),
            release=await self._release_view(caller, owner, newest, staff) if newest else None,
            timeline=_timeline(request, events, staff),
            allowed_actions=self._allowed(caller, row),
        )

    async def assign(self, caller: Caller, case_id: CaseId, *, to_me: bool, version: int) -> CaseLine:
        self._access.check(caller, "case:assign")
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id, lock=True)
            _expect_version(row, version)
            await store.change_case(tx, case_id, "assigned", assigned_to=caller.principal_id if to_me else None)
            await store.append_event(tx, case_id, "assigned", "Caso assumido" if to_me else "Caso devolvido à fila")
            await tx.publish(CaseChanged(case_id=case_id, what="assigned"))
            changed = await _get_case(tx, case_id)
        (line,) = await self._lines(caller, [changed])
        return line

    async def add_contact(self, caller: Caller, case_id: CaseId, contact: ContactAsked) -> Contact:
        self._access.check(caller, "case:contact")
        now = self._clock.now()
        if contact.at > now + timedelta(minutes=1):
            raise Invalid("medical_audit.contact_in_future", "a contact cannot lie in the future")
        contact_id = new_id()
        owner = await self._owner_of_case(caller, case_id)
        values = {
            "id": contact_id,
            "case_id": case_id,
            "made_by": caller.principal_id,
            "with_whom": contact.with_whom,
            "channel": contact.channel,
            "at": contact.at,
            "summary": await self._seal(caller, owner, f"contact.summary:{contact_id}", contact.summary.reveal()),
            "agreed": contact.agreed,
            "created_at": now,
        }
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id, lock=True)
            if row.state == "closed":
                raise case_closed(row.state)
            await store.insert_contact(tx, values)
            await store.change_case(tx, case_id, "contacted")
            await store.append_event(tx, case_id, "contacted", "Contato registrado")
            await tx.publish(CaseChanged(case_id=case_id, what="contacted"))
        staff = await self._staff(caller, {caller.principal_id})
        return Contact(id=contact_id, made_by=_assignee(caller.principal_id, staff), **contact.__dict__)

    # Opinions

    async def write_opinion(self, caller: Caller, case_id: CaseId, opinion: OpinionAsked) -> Opinion:
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        author = await self._identity.get_staff(caller, caller.principal_id)
        self._access.check(caller, "opinion:write", queue=row.queue, own_request=_own_request(request, author))
        opinion_id = new_id()
        owner = await self._owner_of_case(caller, case_id)
        body = to_json(opinion, context=REVEAL)
        digest = hashlib.sha256(opinion_id.bytes + body).hexdigest()
        now = self._clock.now()
        values = {
            "id": opinion_id,
            "case_id": case_id,
            "author_id": caller.principal_id,
            "kind": opinion.kind,
            "body": await self._seal(caller, owner, f"opinion.body:{opinion_id}", body.decode()),
            "digest": digest,
            "created_at": now,
        }
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id, lock=True)
            if not domain.may_write_opinion(row.state):
                raise case_closed(row.state)
            await store.insert_opinion(tx, values)
            await store.change_case(tx, case_id, "opinion")
            await store.append_event(tx, case_id, "opinion", f"Parecer: {_OPINION_WORDS[opinion.kind]}")
            await tx.publish(
                OpinionRecorded(
                    case_id=case_id,
                    opinion_id=opinion_id,
                    request_id=RequestId(row.request_id),
                    kind=opinion.kind,
                    digest=digest,
                ),
                CaseChanged(case_id=case_id, what="opinion"),
            )
        return Opinion(
            id=opinion_id,
            author=Assignee(id=str(author.id), name=author.name),
            council=_council(author),
            created_at=now,
            **opinion.__dict__,
        )

    # Decisions

    async def release(self, caller: Caller, key: str, asked: DecisionAsked) -> Release:
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, asked.case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        person = await self._identity.get_staff(caller, caller.principal_id)
        self._access.check(
            caller,
            "decision:release",
            queue=row.queue,
            outcome=asked.outcome,
            own_request=_own_request(request, person),
        )
        owner = await self._owner_of_case(caller, asked.case_id)
        release_id = new_id()
        body = to_json(asked, context=REVEAL).decode()
        fingerprint = hashlib.sha256(body.encode()).hexdigest()
        sealed = await self._seal(caller, owner, f"release.asked:{release_id}", body)
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, asked.case_id, lock=True)
            kept = await store.find_release(tx, key=key)
            if kept is None:
                await self._insert_release(tx, caller, row, asked, release_id, key, fingerprint, sealed)
                kept = await store.find_release(tx, key=key)
        if kept is None or kept.fingerprint != fingerprint:
            raise Conflict("medical_audit.key_reused", "the same key came with another decision before")
        return await self._release_view(caller, owner, kept, {person.id: person})

    async def _insert_release(
        self,
        tx: Transaction,
        caller: Caller,
        row: sa.Row[Any],
        asked: DecisionAsked,
        release_id: UUID,
        key: str,
        fingerprint: str,
        sealed: bytes,
    ) -> None:
        _expect_version(row, asked.version)
        if not domain.may_release(row.state):
            raise case_closed(row.state)
        kinds = tuple(o.kind for o in await store.list_opinions(tx, asked.case_id))
        if not domain.opinion_supports(asked.outcome, kinds):
            raise Invalid("medical_audit.opinion_missing", "this decision needs a technical opinion that supports it")
        await store.insert_release(
            tx,
            {
                "id": release_id,
                "key": key,
                "fingerprint": fingerprint,
                "case_id": asked.case_id,
                "request_id": row.request_id,
                "asked": sealed,
                "outcome": asked.outcome,
                "released_by": caller.principal_id,
                "releaser_roles": sorted(caller.roles),
                "released_at": self._clock.now(),
                "state": "recording",
            },
        )
        await store.change_case(tx, asked.case_id, "released", state="releasing")
        await store.append_event(tx, asked.case_id, "released", f"Decisão liberada: {_OUTCOME_WORDS[asked.outcome]}")
        await tx.publish(
            DecisionReleased(
                case_id=asked.case_id,
                request_id=RequestId(row.request_id),
                decision_id=DecisionId(release_id),
                outcome=asked.outcome,
                digest=fingerprint,
            ),
            CaseChanged(case_id=asked.case_id, what="released"),
        )

    # What handlers call

    async def read_request(self, caller: Caller, request_id: RequestId) -> RequestView:
        """The request behind a case that is to be opened."""
        return await self._prior_auth.get(caller, request_id)

    async def open_case(
        self, tx: Transaction, request: RequestView, queue: Queue, round_: int, post_facto: bool
    ) -> None:
        """Open the case of a request, or open it again for a later round. Idempotent."""
        existing = await store.find_case_of_request(tx, request.request_id)
        values = _case_values(request, queue, round_, post_facto)
        if existing is None:
            case_id = CaseId(new_id())
            now = tx.now()
            year = local_date(now).year
            await store.insert_case(
                tx,
                {
                    **values,
                    "id": case_id,
                    "number": domain.case_number(year, await store.next_number(tx, year)),
                    "state": "open",
                    "opened_at": now,
                    "last_event": "opened",
                    "last_event_at": now,
                    "version": 1,
                },
            )
        elif existing.round < round_:
            case_id = CaseId(existing.id)
            await store.change_case(tx, case_id, "opened", **values, state="open", closed_at=None)
        else:
            return
        await store.append_event(tx, case_id, "opened", "Caso aberto")
        await tx.publish(CaseChanged(case_id=case_id, what="opened"))

    async def record_decision(self, caller: Caller, release_id: DecisionId) -> DecisionRecord | str:
        """Ask `prior_auth` to keep a released decision. A refusal that cannot heal comes back as its code."""
        async with self._database.transaction(caller) as tx:
            row = await store.find_release(tx, release_id=release_id)
            if row is None:
                raise NotFound("medical_audit.no_such_release", "no such release")
            opinions = await store.list_opinions(tx, row.case_id)
            contacts = await store.list_contacts(tx, row.case_id)
            case = await _get_case(tx, row.case_id)
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        decision = await self._released_decision(caller, row, case, request, opinions, contacts)
        try:
            return await self._prior_auth.decide(caller, str(release_id), decision)
        except Unavailable:
            raise
        except (Invalid, Conflict, Forbidden) as refused:
            return refused.code

    async def settle_release(self, tx: Transaction, release_id: DecisionId, result: DecisionRecord | str) -> None:
        """Write down what came of a release."""
        row = await store.find_release(tx, release_id=release_id)
        if row is None:
            raise NotFound("medical_audit.no_such_release", "no such release")
        refusal = result if isinstance(result, str) else None
        if not await store.settle_release(tx, release_id, "refused" if refusal else "recorded", refusal):
            return
        case_id = CaseId(row.case_id)
        if refusal:
            await store.change_case(tx, case_id, "refused", state="open")
            await store.append_event(tx, case_id, "refused", f"Decisão não registrada ({refusal})")
        else:
            state = domain.STATE_AFTER_RELEASE[row.outcome]
            closed_at = tx.now() if state == "closed" else None
            await store.change_case(tx, case_id, "recorded", state=state, closed_at=closed_at)
        await tx.publish(CaseChanged(case_id=case_id, what="refused" if refusal else "recorded"))

    async def close_case(self, tx: Transaction, request_id: RequestId, why: str) -> None:
        """The request ended by another way (cancelled by the asker). Idempotent."""
        row = await store.find_case_of_request(tx, request_id)
        if row is None or row.state in {"closed", "releasing"}:
            return
        await store.change_case(tx, CaseId(row.id), "closed", state="closed", closed_at=tx.now())
        await store.append_event(tx, CaseId(row.id), "closed", why)
        await tx.publish(CaseChanged(case_id=CaseId(row.id), what="closed"))

    # Assembling

    async def _released_decision(
        self, caller: Caller, row: sa.Row[Any], case: sa.Row[Any], request: RequestView, opinions: Any, contacts: Any
    ) -> ReleasedDecision:
        owner = await self._owner(caller, request.member_id)
        asked = DecisionAsked.read(await self._open(caller, owner, f"release.asked:{row.id}", row.asked))
        references = []
        evidence: list[str] = []
        for o in opinions:
            author = await self._identity.get_staff(caller, PrincipalId(o.author_id))
            written = OpinionAsked.read(await self._open(caller, owner, f"opinion.body:{o.id}", o.body))
            evidence += [f"{pin.document_id}#{pin.page}" for pin in written.evidence]
            references.append(
                OpinionReference(
                    opinion_id=o.id,
                    author=PrincipalId(o.author_id),
                    council=author.council.council if author.council else "",
                    uf=author.council.uf if author.council else "",
                    number=author.council.number.reveal() if author.council else "",
                    conclusion=o.kind,
                    written_at=o.created_at,
                )
            )
        return ReleasedDecision(
            request_id=request.request_id,
            expected_version=request.version,
            case_id=CaseId(row.case_id),
            outcome=asked.outcome,
            ground=asked.ground or domain.GROUND_OF_OUTCOME.get(asked.outcome),
            released_by=PrincipalId(row.released_by),
            releaser_roles=frozenset(row.releaser_roles),
            released_at=row.released_at,
            items=tuple(ItemDecision(position=i.position, approved_quantity=i.approved_quantity) for i in asked.items),
            reason_codes=asked.reason_codes,
            legal_basis=asked.legal_basis,
            member_text=asked.text_to_member,
            missing=asked.missing,
            evidence=tuple(evidence),
            opinions=tuple(references),
            contacts=tuple(
                ContactReference(
                    contact_id=c.id,
                    made_by=PrincipalId(c.made_by),
                    at=c.at,
                    with_requester=c.with_whom == "requester",
                )
                for c in contacts
            ),
        )

    async def _lines(self, caller: Caller, rows: Any) -> list[CaseLine]:
        members = await self._members.summaries(caller, tuple({MemberId(row.member_id) for row in rows}))
        staff = await self._staff(caller, {row.assigned_to for row in rows})
        now = self._clock.now()
        return [_line(row, members, staff, now) for row in rows]

    async def _staff(self, caller: Caller, ids: set[Any]) -> dict[PrincipalId, Principal]:
        wanted = frozenset(PrincipalId(i) for i in ids if i is not None)
        return {p.id: p for p in await self._identity.get_staff_many(caller, wanted)} if wanted else {}

    async def _provider(self, caller: Caller, request: RequestView) -> Provider | None:
        if request.provider_id is None:
            return None
        return await self._providers.get(caller, request.provider_id)

    async def _opinion(self, caller: Caller, owner: KeyOwner, row: Any, staff: dict[PrincipalId, Principal]) -> Opinion:
        written = OpinionAsked.read(await self._open(caller, owner, f"opinion.body:{row.id}", row.body))
        author = staff.get(PrincipalId(row.author_id))
        return Opinion(
            id=row.id,
            author=_assignee(row.author_id, staff),
            council=_council(author) if author else None,
            created_at=row.created_at,
            **written.__dict__,
        )

    async def _contact(self, caller: Caller, owner: KeyOwner, row: Any, staff: dict[PrincipalId, Principal]) -> Contact:
        return Contact(
            id=row.id,
            with_whom=row.with_whom,
            channel=row.channel,
            at=row.at,
            summary=Personal(await self._open(caller, owner, f"contact.summary:{row.id}", row.summary)),
            agreed=row.agreed,
            made_by=_assignee(row.made_by, staff),
        )

    async def _release_view(
        self, caller: Caller, owner: KeyOwner, row: sa.Row[Any], staff: dict[PrincipalId, Principal]
    ) -> Release:
        asked = DecisionAsked.read(await self._open(caller, owner, f"release.asked:{row.id}", row.asked))
        state = row.state
        if state == "recorded" and await self._is_sealed(caller, row.id):
            state = "sealed"
        return Release(
            id=DecisionId(row.id),
            outcome=asked.outcome,
            ground=asked.ground,
            text_to_member=asked.text_to_member,
            reason_codes=asked.reason_codes,
            legal_basis=asked.legal_basis,
            released_by=_assignee(row.released_by, staff),
            released_at=row.released_at,
            state=state,
            refusal=row.refusal,
        )

    async def _is_sealed(self, caller: Caller, release_id: UUID) -> bool:
        try:
            return (await self._ledger.get_entry(caller, release_id)).state == "sealed"
        except NotFound:
            return False

    def _allowed(self, caller: Caller, row: sa.Row[Any]) -> tuple[str, ...]:
        """What the buttons may offer; every act is checked again when it comes."""
        found = []
        if row.state != "closed":
            found += [a for a in ("case:assign", "case:contact") if self._access.allows(caller, a)]
        if domain.may_write_opinion(row.state) and self._access.allows(caller, "opinion:write", queue=row.queue):
            found.append("opinion:write")
        if domain.may_release(row.state):
            found += [
                f"decision:{outcome}"
                for outcome in get_args(Outcome)
                if self._access.allows(caller, "decision:release", queue=row.queue, outcome=outcome)
            ]
        if self._access.allows(caller, "ledger:read"):
            found.append("ledger:read")
        return tuple(found)

    async def _owner_of_case(self, caller: Caller, case_id: CaseId) -> KeyOwner:
        async with self._database.transaction(caller) as tx:
            row = await _get_case(tx, case_id)
        return await self._owner(caller, MemberId(row.member_id))

    async def _owner(self, caller: Caller, member_id: MemberId) -> KeyOwner:
        return KeyOwner(SubjectId(await self._members.subject(caller, member_id)), "care")

    async def _seal(self, caller: Caller, owner: KeyOwner, place: str, text: str) -> bytes:
        return await self._keys.seal(caller.operator_id, owner, f"medical_audit.{place}", text)

    async def _open(self, caller: Caller, owner: KeyOwner, place: str, sealed: bytes) -> str:
        return await self._keys.open_text(caller.operator_id, owner, f"medical_audit.{place}", sealed)


async def _get_case(tx: Transaction, case_id: CaseId, *, lock: bool = False) -> sa.Row[Any]:
    row = await store.find_case(tx, case_id, lock=lock)
    if row is None:
        raise no_such_case()
    return row


def _expect_version(row: sa.Row[Any], seen: int) -> None:
    if row.version != seen:
        raise stale_version(seen, row.version)


def _case_values(request: RequestView, queue: Queue, round_: int, post_facto: bool) -> dict[str, Any]:
    first = request.items[0]
    amounts = [item.amount.centavos for item in request.items if item.amount is not None]
    return {
        "request_id": request.request_id,
        "protocol": request.protocol,
        "member_id": request.member_id,
        "queue": queue,
        "character": request.character,
        "post_facto": post_facto,
        "route_reasons": [{"code": r.id, "text": r.text} for r in request.rules if r.effect in {"route", "propose"}],
        "tuss": first.tuss,
        "procedure": first.description,
        "more_items": len(request.items) - 1,
        "amount_centavos": sum(amounts) if amounts else None,
        "round": round_,
        "received_at": request.received_at,
        "due_at": request.due_at,
    }


def _line(
    row: sa.Row[Any], members: dict[MemberId, MemberSummary], staff: dict[PrincipalId, Principal], now: datetime
) -> CaseLine:
    left = domain.time_left(row.due_at, now, urgent=row.character == "urgent", non_care=row.queue == "manual")
    member_id = MemberId(row.member_id)
    return CaseLine(
        id=CaseId(row.id),
        number=row.number,
        request_id=RequestId(row.request_id),
        protocol=row.protocol,
        urgency=left.urgency,
        state=row.state,
        queue=row.queue,
        post_facto=row.post_facto,
        route_reasons=tuple(RouteReason(**reason) for reason in row.route_reasons),
        member=members.get(member_id) or MemberSummary(id=member_id, initials="—", card_end="—"),
        tuss=row.tuss,
        procedure=row.procedure,
        more_items=row.more_items,
        amount_centavos=row.amount_centavos,
        received_at=row.received_at,
        due_at=row.due_at,
        business_days_left=left.business_days,
        overdue=left.overdue,
        assigned_to=_assignee(row.assigned_to, staff) if row.assigned_to else None,
        last_event=LastEvent(type=row.last_event, at=row.last_event_at),
        version=row.version,
    )


def _timeline(request: RequestView, events: Any, staff: dict[PrincipalId, Principal]) -> tuple[TimelineEntry, ...]:
    entries = [
        TimelineEntry(at=h.at, type=h.transition, text=h.text, actor=_actor_name(h.actor, staff))
        for h in request.history
    ]
    entries += [TimelineEntry(at=e.at, type=e.type, text=e.text, actor=_actor_name(e.actor, staff)) for e in events]
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _actor_name(actor: str, staff: dict[PrincipalId, Principal]) -> Personal:
    kind, _, _ = actor.partition(":")
    if kind == "system":
        return Personal("AUSTA")
    if kind == "member":
        return Personal("Beneficiário")
    person = staff.get(PrincipalId(UUID(actor)))
    return person.name if person else UNKNOWN


def _principal_or_none(actor: str) -> UUID | None:
    return None if ":" in actor else UUID(actor)


def _assignee(principal_id: UUID, staff: dict[PrincipalId, Principal]) -> Assignee:
    person = staff.get(PrincipalId(principal_id))
    return Assignee(id=str(principal_id), name=person.name if person else UNKNOWN)


def _council(person: Principal) -> str | None:
    if person.council is None:
        return None
    return f"{person.council.council}-{person.council.uf} {person.council.number.reveal()}"


def _own_request(request: RequestView, person: Principal) -> bool:
    """Whether this person ordered the care (I7): the same registration as the requester's."""
    if person.council is None or request.requester is None:
        return False
    mine = (person.council.council, person.council.uf, person.council.number.reveal())
    return mine == (request.requester.council.upper(), request.requester.uf, request.requester.number)


def _me(caller: Caller) -> UUID | None:
    return caller.principal_id if caller.kind == "staff" else None


def _end_of_today(now: datetime) -> datetime:
    tomorrow = local_date(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), BRASILIA).astimezone(UTC)


def _after(cursor: str | None) -> tuple[str, datetime, UUID] | None:
    if cursor is None:
        return None
    character, due_at, case_id = decode_cursor(cursor, 3)
    return character, datetime.fromisoformat(due_at), UUID(case_id)


_OPINION_WORDS = {
    "favourable": "favorável",
    "favourable_in_part": "favorável em parte",
    "needs_information": "faltam informações",
    "unfavourable": "desfavorável",
}
_OUTCOME_WORDS = {
    "approve": "autorizar",
    "approve_in_part": "autorizar em parte",
    "deny": "negar",
    "request_information": "pedir informações",
    "administrative_return": "devolver por motivo administrativo",
}
