"""A decision's way down: released by a person, kept as an intention, recorded by `prior_auth`, settled here."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import CaseId, DecisionId, MemberId, PrincipalId, RequestId, new_id
from austa.modules.identity.api import Identity
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.cases import (
    CaseState,
    DecisionAsked,
    Opinion,
    decision_incomplete,
    key_reused,
    not_now,
    not_your_release,
    outcome_not_here,
    release_under_way,
    request_answered,
    stale_version,
    too_late_to_undo,
)
from austa.modules.medical_audit.domain.release import (
    GROUND_OF_OUTCOME,
    STATE_AFTER_RELEASE,
    UNDO,
    OpinionGiven,
    is_requester,
    may_release,
    outcomes_for,
    waits,
    waits_for_people,
    what_is_lacking,
)
from austa.modules.medical_audit.events import CaseChanged, DecisionReleased, ReleaseWaitEnded
from austa.modules.medical_audit.service.people import People
from austa.modules.medical_audit.service.sealed import SealedTexts, Vault, canonical
from austa.modules.medical_audit.service.views import OUTCOME_WORDS, opinion_of
from austa.modules.prior_auth.api.requests import (
    ContactReference,
    DecisionRecord,
    ItemDecision,
    OpinionReference,
    PriorAuth,
    ReleasedDecision,
    RequestView,
)

Row = sa.Row[Any]
CASE_CHANGED = "medical_audit.case_changed"
Refusals = (Conflict, Forbidden, Invalid, NotFound)
"""What asking again will not heal; everything else is tried again."""


@dataclass(frozen=True)
class Refusal:
    """`prior_auth` would not keep a decision: its error's code, and the names of what the decision lacked."""

    code: str
    lacking: tuple[str, ...]


class Releases:
    """Releases of the caller's operator."""

    def __init__(self, database: ModuleDatabase, prior_auth: PriorAuth, identity: Identity, vault: Vault) -> None:
        self._database = database
        self._prior_auth = prior_auth
        self._identity = identity
        self._vault = vault

    async def keep(
        self,
        caller: Caller,
        key: str,
        asked: DecisionAsked,
        request: RequestView,
        texts: SealedTexts,
        codes_in_force: Collection[str],
    ) -> Row:
        """Commit the intention, once a key. The power to release was checked before."""
        release_id = DecisionId(new_id())
        # Read before the case is locked: who saw its version had seen these opinions.
        opinions = await self._opinions_given(caller, asked.case_id, request, texts)
        sealed = await texts.seal_decision(release_id, asked)
        fingerprint = hashlib.sha256(canonical(asked).encode()).hexdigest()
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, asked.case_id, lock=True)
            kept = await store.find_release_by_key(tx, caller.principal_id, key)
            if kept is None:
                await _check(tx, case, request, asked, opinions, codes_in_force)
                values = {
                    "id": release_id,
                    "key": key,
                    "fingerprint": fingerprint,
                    "case_id": asked.case_id,
                    "request_id": request.request_id,
                    "request_version": request.version,
                    "asked": sealed,
                    "outcome": asked.outcome,
                    "released_by": caller.principal_id,
                    "releaser_roles": sorted(caller.roles),
                    "released_at": tx.now(),
                    "state": "releasing" if waits(asked.outcome) else "recording",
                    "lacking": [],
                    "waits_until": tx.now() + UNDO if waits(asked.outcome) else None,
                    "papers_seen": len(request.documents),
                }
                await store.insert_release(tx, values)
                await _announce(tx, values)
                kept = await store.get_release(tx, release_id)
        if kept.fingerprint != fingerprint:
            raise key_reused()
        return kept

    async def _opinions_given(
        self, caller: Caller, case_id: CaseId, request: RequestView, texts: SealedTexts
    ) -> tuple[OpinionGiven, ...]:
        async with self._database.transaction(caller) as tx:
            rows = await store.list_opinions(tx, case_id)
        authors = await People.find(self._identity, caller, [row.author_id for row in rows])
        return tuple(
            [
                opinion_given(await opinion_of(row, texts, authors), row.author_id, authors, request)
                for row in rows
                if counts(row.created_at, request)
            ]
        )

    async def undo(self, caller: Caller, release_id: DecisionId) -> Row:
        """Take a release back while it waits."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_release(tx, release_id)
            await store.get_case(tx, CaseId(row.case_id), lock=True)
            if row.released_by != caller.principal_id:
                raise not_your_release()
            if await store.move_release(tx, release_id, "releasing", "undone"):
                await _reopen(tx, row, "undone", "Liberação desfeita por quem a fez")
            kept = await store.get_release(tx, release_id)
        if kept.state != "undone":
            raise too_late_to_undo(kept.state)
        return kept

    async def is_overtaken(self, caller: Caller, release_id: DecisionId) -> bool:
        """Whether the request changed since the person pressed: a step was taken, or papers came."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_release(tx, release_id)
        if row.state != "releasing":
            return False
        request = await self._prior_auth.get(caller, RequestId(row.request_id))
        return (request.version, len(request.documents)) != (row.request_version, row.papers_seen)

    async def send(self, tx: Transaction, release_id: DecisionId, *, overtaken: bool) -> None:
        """The wait is over: the decision leaves, or gives way to what changed. Doing it twice changes nothing."""
        row = await store.get_release(tx, release_id)
        await store.get_case(tx, CaseId(row.case_id), lock=True)
        if overtaken:
            await _give_way(tx, row)
        elif await store.move_release(tx, release_id, "releasing", "recording"):
            await _tell_released(tx, row._asdict())

    async def cancel_waiting(self, tx: Transaction, case_id: CaseId) -> bool:
        """The case, locked by the caller, goes another way: a release that waits is cancelled. False: none waited."""
        row = await store.find_release_under_way(tx, case_id)
        if row is None or row.state != "releasing":
            return False
        await _give_way(tx, row)
        return True

    async def record(self, caller: Caller, release_id: DecisionId) -> DecisionRecord | Refusal:
        """Ask `prior_auth` to keep a released decision. Idempotent there by the release's id."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_release(tx, release_id)
            opinions = await store.list_opinions(tx, row.case_id)
            contacts = await store.list_contacts(tx, row.case_id)
            checklists = await store.list_checklists(tx, row.case_id)
        try:
            request = await self._prior_auth.get(caller, RequestId(row.request_id))
            decision = await self._decision(caller, row, request.member_id, opinions, contacts, checklists)
            return await self._prior_auth.decide(caller, str(release_id), decision)
        except Refusals as refused:
            return Refusal(refused.code, _lacking(refused))

    async def settle(self, tx: Transaction, release_id: DecisionId, result: DecisionRecord | Refusal) -> None:
        """Write down what came of a release. Doing it twice changes nothing.

        The case moves only if nothing moved it since: the answer to a question may have come back already.
        """
        row = await store.get_release(tx, release_id)
        case_id = CaseId(row.case_id)
        case = await store.get_case(tx, case_id, lock=True)
        refusal = result if isinstance(result, Refusal) else None
        settled = await store.move_release(
            tx,
            release_id,
            "recording",
            "refused" if refusal else "recorded",
            refusal.code if refusal else None,
            refusal.lacking if refusal else (),
        )
        if not settled:
            return
        what = "refused" if refusal else "recorded"
        values = await _state_after(tx, row, refusal) if case.state == "releasing" else {}
        await store.change_case(tx, case_id, what, **values)
        if refusal:
            await store.append_event(tx, case_id, what, f"Decisão não registrada ({refusal.code})")
        await tx.publish(CaseChanged(case_id=case_id, what=what))

    async def _decision(
        self,
        caller: Caller,
        row: Row,
        member_id: MemberId,
        opinions: Sequence[Row],
        contacts: Sequence[Row],
        checklists: Sequence[Row],
    ) -> ReleasedDecision:
        texts = await self._vault.of_member(caller, member_id)
        asked = await texts.open_decision(row.id, row.asked)
        authors = await People.find(self._identity, caller, [opinion.author_id for opinion in opinions])
        pins = [pin for o in opinions for pin in (await texts.open_opinion(o.id, o.body)).evidence]
        return ReleasedDecision(
            request_id=RequestId(row.request_id),
            decision_id=DecisionId(row.id),
            expected_version=row.request_version,
            case_id=CaseId(row.case_id),
            outcome=asked.outcome,
            ground=asked.ground or GROUND_OF_OUTCOME.get(asked.outcome),
            released_by=PrincipalId(row.released_by),
            releaser_roles=frozenset(row.releaser_roles),
            released_at=row.released_at,
            items=tuple(ItemDecision(position=i.position, approved_quantity=i.approved_quantity) for i in asked.items),
            reason_codes=asked.reason_codes,
            legal_basis=asked.legal_basis,
            member_text=asked.text_to_member,
            missing=tuple(line.strip() for line in asked.missing if line.strip()),
            evidence=(
                *(f"{pin.document_id}#{pin.page}" for pin in pins),
                *(f"checklist:{checklist.id}" for checklist in reversed(checklists)),
            ),
            opinions=tuple(_opinion_reference(opinion, authors) for opinion in opinions),
            contacts=tuple(_contact_reference(contact) for contact in contacts),
        )


def _lacking(refused: AustaError) -> tuple[str, ...]:
    """The names under `missing` in the details of `prior_auth.decision_incomplete`."""
    names = refused.details.get("missing")
    return tuple(map(str, names)) if isinstance(names, tuple) else ()


def counts(written_at: datetime, request: RequestView) -> bool:
    """Whether an answer may rest on an opinion of that time: one that is looked at again needs a new one."""
    return request.reopened is None or written_at >= request.clock.asked_at


def opinion_given(opinion: Opinion, author_id: UUID, authors: People, request: RequestView) -> OpinionGiven:
    """What a decision must know of an opinion."""
    own = is_requester(authors.registration(author_id), request.requester)
    return OpinionGiven(opinion.kind, authors.is_physician(author_id) and not own, pinned=bool(opinion.evidence))


async def _check(
    tx: Transaction,
    case: Row,
    request: RequestView,
    asked: DecisionAsked,
    opinions: Sequence[OpinionGiven],
    codes_in_force: Collection[str],
) -> None:
    if case.version != asked.version:
        raise stale_version(asked.version, case.version)
    if await store.find_release_under_way(tx, asked.case_id):
        raise release_under_way()
    if not may_release(case.state):
        raise not_now(case.state)
    if not waits_for_people(request.state, case.place):
        raise request_answered()
    if asked.outcome not in outcomes_for(case.queue, case.place):
        raise outcome_not_here(asked.outcome, case.queue)
    contacts = [contact.with_whom for contact in await store.list_contacts(tx, asked.case_id)]
    if lacking := what_is_lacking(asked, opinions, contacts, codes_in_force):
        raise decision_incomplete(lacking)


async def _announce(tx: Transaction, release: Mapping[str, Any]) -> None:
    """Lock the case. A release that waits sets its timer, and nobody outside hears of it; another leaves."""
    case_id = CaseId(release["case_id"])
    what = "releasing" if release["waits_until"] else "released"
    await store.change_case(tx, case_id, what, state="releasing")
    await store.append_event(tx, case_id, what, f"Decisão liberada: {OUTCOME_WORDS[release['outcome']]}")
    if not release["waits_until"]:
        await _tell_released(tx, release)
        return
    await tx.publish(
        ReleaseWaitEnded(case_id=case_id, decision_id=DecisionId(release["id"])), not_before=release["waits_until"]
    )
    await tx.publish(CaseChanged(case_id=case_id, what=what))


async def _tell_released(tx: Transaction, release: Mapping[str, Any]) -> None:
    await tx.publish(
        DecisionReleased(
            case_id=CaseId(release["case_id"]),
            request_id=RequestId(release["request_id"]),
            decision_id=DecisionId(release["id"]),
            outcome=release["outcome"],
            digest=release["fingerprint"],
        ),
        CaseChanged(case_id=CaseId(release["case_id"]), what="released"),
    )


async def _give_way(tx: Transaction, release: Row) -> None:
    """A release that still waits is cancelled, for what the person decided about has changed."""
    if await store.move_release(tx, DecisionId(release.id), "releasing", "refused", CASE_CHANGED):
        await _reopen(tx, release, "refused", "Decisão não registrada: o pedido mudou enquanto ela esperava")


async def _reopen(tx: Transaction, release: Row, what: str, text: str) -> None:
    case_id = CaseId(release.case_id)
    await store.change_case(tx, case_id, what, state="open")
    await store.append_event(tx, case_id, what, text)
    await tx.publish(CaseChanged(case_id=case_id, what=what))


async def _state_after(tx: Transaction, release: Row, refusal: Refusal | None) -> dict[str, Any]:
    """Where a case goes when its decision is settled; a request that ended meanwhile closes it."""
    state: CaseState = "open" if refusal else STATE_AFTER_RELEASE[release.outcome]
    if await store.has_ended(tx, RequestId(release.request_id)):
        state = "closed"
    return {"state": state, "closed_at": tx.now() if state == "closed" else None}


def _opinion_reference(row: Row, authors: People) -> OpinionReference:
    council, uf, number = authors.registration(row.author_id) or ("", "", "")
    return OpinionReference(
        opinion_id=row.id,
        author=PrincipalId(row.author_id),
        council=council,
        uf=uf,
        number=number,
        conclusion=row.kind,
        written_at=row.created_at,
    )


def _contact_reference(row: Row) -> ContactReference:
    return ContactReference(
        contact_id=row.id,
        made_by=PrincipalId(row.made_by),
        at=row.at,
        with_requester=row.with_whom == "requester",
    )
