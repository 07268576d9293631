"""Keeps what people decided: power, grounds and state are checked once more before anything is written."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller, Role
from austa.kernel.ids import DecisionId, MemberId, PrincipalId, RequestId, new_id
from austa.modules.identity.api import Identity, Principal
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.guides import Guide
from austa.modules.prior_auth.api.requests import DecisionRecord, ReleasedDecision, Requester
from austa.modules.prior_auth.domain.authority import AGAINST, ItemAsked, Releaser, is_own_case, what_is_lacking
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.guides import HeldGuide
from austa.modules.prior_auth.domain.lifecycle import OPEN, TransitionName, steps_of_decision
from austa.modules.prior_auth.domain.people import PersonConcerned
from austa.modules.prior_auth.domain.refusals import (
    decision_incomplete,
    key_reused,
    release_refused,
    stale_version,
    transition_refused,
)
from austa.modules.prior_auth.domain.replay import BY_SYSTEM
from austa.modules.prior_auth.domain.wording import APPROVED, APPROVED_WITHOUT_GUIDE
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.board_book import BoardBook, board_part, bound_by, tiebreaker_of
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.registrar import Registrar, Verdict
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.views import Row, record_of
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.store import requests as store

MODULE = "prior_auth"
ORDERED: tuple[TransitionName, ...] = ("receive_order", "obey_order", "issue")
"""The way of a request that a court ordered to be approved."""
CONFIRMATIONS: tuple[TransitionName, ...] = ("confirm_after_care", "confirm_after_expiry")
"""Of what was approved as urgent or as ordered: nothing else is allowed than before."""
CLOCKS_APART = timedelta(minutes=1)


class Decider:
    """Decisions that a person released (domain-br 2.6)."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        vault: Vault,
        access: Access,
        identity: Identity,
        registrar: Registrar,
        asks: Asks,
        members: Members,
        book: ReceiptBook,
        rulebook: Rulebook,
        boards: BoardBook,
    ) -> None:
        self._database = database
        self._vault = vault
        self._access = access
        self._identity = identity
        self._boards = boards
        self._registrar = registrar
        self._asks = asks
        self._members = members
        self._book = book
        self._rulebook = rulebook

    async def decide(
        self,
        caller: Caller,
        key: str,
        decision: ReleasedDecision,
        register_order: Callable[[Transaction, Row], Awaitable[Row]] | None = None,
    ) -> DecisionRecord:
        """See `PriorAuth.decide`. `register_order` writes the order of a court down in the same transaction, which is
        then obeyed."""
        person = await self._person(caller, decision.released_by)
        await self._rulebook.keep(caller)
        people = await self._people(caller, decision.request_id)
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "decision", key)
            row = await store.get_request(tx, decision.request_id, lock=True)
            kept = await store.find_decision_by_key(tx, key)
            if kept is None and register_order is not None:
                return await self._decide(tx, await register_order(tx, row), key, decision, person, people, ORDERED)
            if kept is None:
                return await self._decide(tx, row, key, decision, person, people)
            parts = await store.list_parts(tx, [kept.id])
        if kept.request_id != decision.request_id or kept.outcome != decision.outcome:
            raise key_reused()
        return record_of(kept, await self._book.open(kept, row.subject_id, parts))

    async def forward(self, caller: Caller, request_id: RequestId, round_: int, by: PrincipalId) -> None:
        """See `PriorAuth.forward`. Within a round nothing leads back to the nurse, so it tells a repetition."""
        person = await self._person(caller, by)
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id, lock=True)
            if row.round != round_:
                raise transition_refused(row.state, "forward_medical", "the request came back to people since")
            if row.state == "IN_MEDICAL_AUDIT":
                return
            forwarder = Caller(operator_id=tx.operator_id, kind="staff", id=str(by), roles=person.roles)
            self._access.check(forwarder, "case:forward", queue=row.queue)
            walk = Walk(tx, row, "staff", str(by))
            walk.take("forward_medical")
            await walk.finish(queue="medical")

    async def _person(self, caller: Caller, pressed_by: PrincipalId) -> Principal:
        """The person who pressed. The system only carries what a person released (I1)."""
        if caller.kind != "system" and (caller.kind != "staff" or caller.id != str(pressed_by)):
            raise release_refused("only the person who pressed brings it")
        person = await self._identity.get_staff(
            Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation), pressed_by
        )
        if not person.active:
            raise release_refused("this person no longer works here")
        return person

    async def _people(self, caller: Caller, request_id: RequestId) -> tuple[PersonConcerned, ...]:
        """Whom the decision is about, asked for as ourselves: the power to decide was checked, or will be."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_request(tx, request_id)
            tiebreaker = tiebreaker_of(row, await self._boards.find(tx, row))
        ourselves = Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
        member = await self._members.get(ourselves, MemberId(row.member_id))
        requester = await self._vault.open_requester(row)
        return await self._book.prepare(ourselves, row.subject_id, member, requester, tiebreaker)

    async def _decide(
        self,
        tx: Transaction,
        row: Row,
        key: str,
        decision: ReleasedDecision,
        person: Principal,
        people: tuple[PersonConcerned, ...],
        steps: tuple[TransitionName, ...] = (),
    ) -> DecisionRecord:
        """`steps`: the way to take, where it is not that of such a decision from the request's state."""
        requester = await self._vault.open_requester(row)
        earlier = await store.list_decisions(tx, decision.request_id)
        if row.reopened and decision.outcome not in {"approve", "request_information"}:
            decision = _judged_anew(decision, earlier, row.reopened_at)
        releaser, roles = registered(person), decision.releaser_roles & person.roles
        self._check_power(tx, decision, releaser, roles, requester)
        if row.version != decision.expected_version:
            raise stale_version(decision.expected_version, row.version)
        items = [ItemAsked(item.position, item.quantity) for item in await store.list_items(tx, decision.request_id)]
        board = await self._boards.find(tx, row)
        # A court's order is obeyed whatever a board found.
        bound = None if steps else bound_by(row, board)
        lacking = what_is_lacking(decision, row.state, requester, tuple(items), bound)
        if lacking:
            raise decision_incomplete(lacking)
        in_force = await self._rulebook.in_force(tx)
        beyond = in_force.tables.why_not(decision.outcome, roles)
        if beyond is not None:
            raise release_refused(f"the authority matrix in force does not allow it: {beyond}")
        steps = steps or steps_of_decision(decision.outcome, row.state, non_care=row.kind == "reimbursement")
        pressed_at = await self._legal_time(tx, decision)
        walk = Walk(tx, row, "staff", str(decision.released_by), at=pressed_at)
        verdict = Verdict(
            decision_id=decision.decision_id or DecisionId(new_id()),
            key=key,
            outcome=decision.outcome,
            by=str(decision.released_by),
            member_text=decision.member_text or _default_text(row),
            released=decision,
            releaser=releaser,
            roles=roles,
            post_facto=steps[0] in CONFIRMATIONS,
            authority=in_force.authority,
            board=board_part(board),
        )
        against = bool(earlier) and earlier[-1].outcome in (*AGAINST, "administrative_return")
        pack = await self._rulebook.pack_at(tx, walk.at)
        guide, kept = await self._carry_out(tx, row, walk, decision, pack, steps, disputed=row.state in OPEN or against)
        considered = await self._considered(tx, row)
        return await self._registrar.keep(tx, row, walk, verdict, considered, guide, people, pack, kept)

    async def _legal_time(self, tx: Transaction, decision: ReleasedDecision) -> datetime:
        """When the operator answered: at the press, however long the decision was on its way. Never before what it
        follows upon, for clocks differ a little between machines."""
        if decision.released_at > tx.now() + CLOCKS_APART:
            raise release_refused("it was released in the future")
        before: datetime = (await store.list_changes(tx, decision.request_id))[-1].at
        return max(before, min(decision.released_at, tx.now()))

    def _check_power(
        self,
        tx: Transaction,
        decision: ReleasedDecision,
        releaser: Releaser,
        roles: frozenset[Role],
        requester: Requester | None,
    ) -> None:
        self._access.check(
            Caller(operator_id=tx.operator_id, kind="staff", id=str(decision.released_by), roles=roles),
            "decision:release",
            outcome=decision.outcome,
            ground=decision.ground,
            own_request=is_own_case(decision, releaser, requester),
        )

    async def _carry_out(
        self,
        tx: Transaction,
        row: Row,
        walk: Walk,
        decision: ReleasedDecision,
        pack: CoveragePack,
        steps: tuple[TransitionName, ...],
        *,
        disputed: bool,
    ) -> tuple[Guide | None, HeldGuide | None]:
        """Walk the request to where the decision leads. Where care is approved there is a new guide, or one that goes
        on."""
        for step in steps:
            walk.take(step, grounded=True, favourable=decision.outcome == "approve", disputed=disputed)
        if decision.outcome == "request_information":
            await walk.finish(pending_ask_id=await self._asks.ask(tx, row, decision.missing))
            return None, None
        if steps[0] in CONFIRMATIONS:
            await walk.finish(queue=None)
            return None, None
        parts = decision.items if decision.outcome == "approve_in_part" else ()
        named = {part.position: part.approved_quantity for part in parts}
        guides = await self._registrar.authorize(tx, row, walk, pack, decision.outcome, named)
        await walk.finish(queue=None)
        return guides

    async def _considered(self, tx: Transaction, row: Row) -> dict[str, object]:
        last = await store.find_last_assessment(tx, RequestId(row.id))
        if last is None:
            return {}
        content: dict[str, object] = await self._vault.open(
            tx.operator_id, row.subject_id, "assessment", last.id, last.content
        )
        return content


def _judged_anew(decision: ReleasedDecision, earlier: Sequence[Row], since: datetime) -> ReleasedDecision:
    """An answer that is looked at again is upheld by somebody else, on a new opinion (I7)."""
    deciders = {PrincipalId(UUID(one.decided_by)) for one in earlier if one.decided_by != BY_SYSTEM}
    return decision.model_copy(
        update={
            "earlier_reviewers": tuple(sorted({*decision.earlier_reviewers, *deciders}, key=str)),
            "opinions": tuple(opinion for opinion in decision.opinions if opinion.written_at >= since),
        }
    )


def registered(person: Principal) -> Releaser:
    """A person of the operator by their professional registration, where they have one."""
    council = person.council
    return Releaser(
        council.council if council else None,
        council.uf if council else None,
        council.number.reveal() if council else None,
    )


def _default_text(row: Row) -> str:
    return APPROVED_WITHOUT_GUIDE if row.kind == "reimbursement" else APPROVED
