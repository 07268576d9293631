"""All SQL of `medical_audit`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import CaseId, DecisionId, MemberId, PrincipalId, RequestId, new_id
from austa.modules.medical_audit.api.cases import CaseFilter, ReleaseState, Urgency, View, no_such_case, no_such_release
from austa.modules.medical_audit.domain.term import AFTER_CARE, BY_TERM, NON_CARE_QUEUE, PINNED, Today, due_window
from austa.modules.medical_audit.tables import (
    audit_case,
    board_act,
    case_event,
    case_number,
    checklist,
    contact,
    ended_request,
    forward,
    opinion,
    release,
    tiebreaker,
)


@dataclass(frozen=True)
class Scope:
    """What a list is narrowed by: the filter, who asks, what day it is, and whom the words may mean."""

    wanted: CaseFilter
    me: UUID
    today: Today
    members: tuple[MemberId, ...] = ()


@dataclass(frozen=True)
class After:
    """Where the page before ended. `at` is the term of an open case, the closing of a closed one."""

    place: int
    at: datetime
    id: UUID


async def next_number(tx: Transaction, year: int) -> int:
    """The next case number of that year; the row lock makes them gap-free."""
    statement = (
        insert(case_number)
        .values(operator_id=tx.operator_id, year=year, last=1)
        .on_conflict_do_update(index_elements=["operator_id", "year"], set_={"last": case_number.c.last + 1})
        .returning(case_number.c.last)
    )
    return int((await tx.execute(statement)).scalar_one())


async def insert_case(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(audit_case).values(operator_id=tx.operator_id, **values))


async def load_cases(tx: Transaction, case_ids: Collection[CaseId]) -> dict[CaseId, sa.Row[Any]]:
    """Those that exist, by id."""
    rows = await tx.all(sa.select(audit_case).where(audit_case.c.id.in_(case_ids)))
    return {CaseId(row.id): row for row in rows}


async def find_case_of_request(tx: Transaction, request_id: RequestId) -> sa.Row[Any] | None:
    """The case of a request, locked for this transaction."""
    return await tx.one_or_none(sa.select(audit_case).where(audit_case.c.request_id == request_id).with_for_update())


async def get_case(tx: Transaction, case_id: CaseId, *, lock: bool = False) -> sa.Row[Any]:
    """Raises `NotFound` `medical_audit.no_such_case`."""
    statement = sa.select(audit_case).where(audit_case.c.id == case_id)
    row = await tx.one_or_none(statement.with_for_update() if lock else statement)
    if row is None:
        raise no_such_case()
    return row


async def change_case(tx: Transaction, case_id: CaseId, event: str, **values: Any) -> None:
    """Write `values`, what happened last, and the next version."""
    affected(
        await tx.execute(
            sa.update(audit_case)
            .where(audit_case.c.id == case_id)
            .values(last_event=event, last_event_at=tx.now(), version=audit_case.c.version + 1, **values)
        )
    )


async def note_escalation(tx: Transaction, case_id: CaseId) -> None:
    """Show that it was escalated, without a new version: nobody's decision becomes stale by it."""
    changed = sa.update(audit_case).where(audit_case.c.id == case_id)
    affected(await tx.execute(changed.values(last_event="escalated", last_event_at=tx.now())))


async def list_open_cases(tx: Transaction, scope: Scope, after: After | None, limit: int) -> Sequence[sa.Row[Any]]:
    """A page of the queue: by place, then by legal term."""
    statement = sa.select(audit_case).where(audit_case.c.closed_at.is_(None), *_conditions(scope))
    order = (audit_case.c.place, audit_case.c.due_at, audit_case.c.id)
    if after is not None:
        statement = statement.where(sa.tuple_(*order) > sa.tuple_(after.place, after.at, after.id))
    return await tx.all(statement.order_by(*order).limit(limit))


async def list_closed_cases(tx: Transaction, scope: Scope, after: After | None, limit: int) -> Sequence[sa.Row[Any]]:
    """A page of closed cases, latest first."""
    statement = sa.select(audit_case).where(audit_case.c.closed_at.is_not(None), *_conditions(scope))
    if after is not None:
        statement = statement.where(sa.tuple_(audit_case.c.closed_at, audit_case.c.id) < sa.tuple_(after.at, after.id))
    order = (audit_case.c.closed_at.desc(), audit_case.c.id.desc())
    return await tx.all(statement.order_by(*order).limit(limit))


async def count_cases(tx: Transaction, me: UUID, today: Today) -> sa.Row[Any]:
    """Cases in each view, in one pass."""
    views: tuple[View, ...] = get_args(View)
    counted = [
        sa.func.count().filter(_state(view), *_conditions(Scope(CaseFilter(view=view), me, today))).label(view)
        for view in views
    ]
    return (await tx.execute(sa.select(*counted).select_from(audit_case))).one()


async def lock_request(tx: Transaction, request_id: RequestId) -> None:
    """Hold everybody else off what concerns this request until the transaction ends."""
    name = f"medical_audit.request:{request_id}"
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


async def note_ended(tx: Transaction, request_id: RequestId) -> None:
    values = {"operator_id": tx.operator_id, "request_id": request_id, "at": tx.now()}
    await tx.execute(insert(ended_request).values(values).on_conflict_do_nothing())


async def has_ended(tx: Transaction, request_id: RequestId) -> bool:
    found = await tx.one_or_none(sa.select(ended_request.c.at).where(ended_request.c.request_id == request_id))
    return found is not None


async def append_event(tx: Transaction, case_id: CaseId, kind: str, text: str, *, event_id: UUID | None = None) -> None:
    """Add to what is told of the case; `text` is Portuguese and holds no personal data. What more there is to tell
    lies under `event_id`."""
    await tx.execute(
        sa.insert(case_event).values(
            operator_id=tx.operator_id,
            id=event_id or new_id(),
            case_id=case_id,
            at=tx.now(),
            actor=tx.caller.actor,
            type=kind,
            text=text,
        )
    )


async def list_events(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    return await tx.all(
        sa.select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.at, case_event.c.id)
    )


async def insert_opinion(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(opinion).values(operator_id=tx.operator_id, **values))


async def list_opinions(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    return await tx.all(
        sa.select(opinion).where(opinion.c.case_id == case_id).order_by(opinion.c.created_at, opinion.c.id)
    )


async def insert_checklist(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(checklist).values(operator_id=tx.operator_id, **values))


async def list_checklists(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    """Newest first."""
    return await tx.all(
        sa.select(checklist)
        .where(checklist.c.case_id == case_id)
        .order_by(checklist.c.created_at.desc(), checklist.c.id.desc())
    )


async def insert_contact(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(contact).values(operator_id=tx.operator_id, **values))


async def list_contacts(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    return await tx.all(sa.select(contact).where(contact.c.case_id == case_id).order_by(contact.c.at, contact.c.id))


async def insert_forward(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(forward).values(operator_id=tx.operator_id, **values))


async def get_forward(tx: Transaction, forward_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(forward).where(forward.c.id == forward_id))).one()


async def list_forwards(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    return await tx.all(sa.select(forward).where(forward.c.case_id == case_id).order_by(forward.c.at, forward.c.id))


async def list_tiebreakers(tx: Transaction) -> Sequence[sa.Row[Any]]:
    return await tx.all(sa.select(tiebreaker).order_by(tiebreaker.c.active.desc(), tiebreaker.c.uf, tiebreaker.c.id))


async def lock_tiebreakers(tx: Transaction) -> None:
    """One import of an operator's register at a time."""
    name = f"medical_audit.tiebreakers:{tx.operator_id}"
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


async def save_tiebreaker(tx: Transaction, values: dict[str, Any]) -> None:
    """Create or update by registration."""
    changed = {name: value for name, value in values.items() if name not in {"id", "uf", "number"}}
    statement = insert(tiebreaker).values(operator_id=tx.operator_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["operator_id", "id"], set_=changed))


async def insert_board_act(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(board_act).values(operator_id=tx.operator_id, **values))


async def get_board_act(tx: Transaction, act_id: UUID) -> sa.Row[Any]:
    return (await tx.execute(sa.select(board_act).where(board_act.c.id == act_id))).one()


async def list_board_acts(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    """In the order in which they were written."""
    return await tx.all(
        sa.select(board_act).where(board_act.c.case_id == case_id).order_by(board_act.c.at, board_act.c.id)
    )


async def settle_board_act(tx: Transaction, act_id: UUID, refusal: str | None, reasons: Sequence[str]) -> bool:
    """Write down what came of an act; False where that was written before."""
    result = await tx.execute(
        sa.update(board_act)
        .where(board_act.c.id == act_id, board_act.c.state == "recording")
        .values(state="refused" if refusal else "recorded", refusal=refusal, reasons=list(reasons))
    )
    return result.rowcount == 1


async def insert_release(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(release).values(operator_id=tx.operator_id, **values))


async def get_release(tx: Transaction, release_id: DecisionId) -> sa.Row[Any]:
    """Raises `NotFound` `medical_audit.no_such_release`."""
    row = await tx.one_or_none(sa.select(release).where(release.c.id == release_id))
    if row is None:
        raise no_such_release()
    return row


async def find_release_by_key(tx: Transaction, released_by: PrincipalId, key: str) -> sa.Row[Any] | None:
    """The release that this person made under that key."""
    statement = sa.select(release).where(release.c.released_by == released_by, release.c.key == key)
    return await tx.one_or_none(statement)


async def find_release_under_way(tx: Transaction, case_id: CaseId) -> sa.Row[Any] | None:
    """The decision of a case that waits or is on its way."""
    under_way = release.c.state.in_(("releasing", "recording"))
    return await tx.one_or_none(sa.select(release).where(release.c.case_id == case_id, under_way))


async def newest_release(tx: Transaction, case_id: CaseId) -> sa.Row[Any] | None:
    return await tx.one_or_none(
        sa.select(release)
        .where(release.c.case_id == case_id)
        .order_by(release.c.released_at.desc(), release.c.id.desc())
        .limit(1)
    )


async def move_release(
    tx: Transaction,
    release_id: DecisionId,
    before: ReleaseState,
    after: ReleaseState,
    refusal: str | None = None,
    lacking: Sequence[str] = (),
) -> bool:
    """Take a release from one state to the next; False when it was not there any more."""
    result = await tx.execute(
        sa.update(release)
        .where(release.c.id == release_id, release.c.state == before)
        .values(state=after, refusal=refusal, lacking=list(lacking))
    )
    return result.rowcount == 1


def _state(view: View) -> sa.ColumnElement[bool]:
    return audit_case.c.closed_at.is_not(None) if view == "closed" else audit_case.c.closed_at.is_(None)


def _conditions(scope: Scope) -> list[sa.ColumnElement[bool]]:
    wanted, me = scope.wanted, scope.me
    found: list[sa.ColumnElement[bool]] = []
    if wanted.view == "urgent":
        found.append(audit_case.c.place == PINNED)
    if wanted.view == "mine" or wanted.assigned == "me":
        found.append(audit_case.c.assigned_to == me)
    if wanted.view == "due_today":
        found += [audit_case.c.place != AFTER_CARE, audit_case.c.due_at < scope.today.end]
    if wanted.view == "manual":
        found.append(audit_case.c.queue == NON_CARE_QUEUE)
    if wanted.assigned == "none":
        found.append(audit_case.c.assigned_to.is_(None))
    if wanted.urgency is not None:
        found.append(_has_urgency(wanted.urgency, wanted.view, scope.today))
    if words := (wanted.words or "").strip():
        found.append(
            sa.or_(
                audit_case.c.number.endswith(words, autoescape=True),
                audit_case.c.protocol == words,
                audit_case.c.tuss == words,
                audit_case.c.member_id.in_(scope.members),
            )
        )
    return found


def _has_urgency(urgency: Urgency, view: View, today: Today) -> sa.ColumnElement[bool]:
    """What `domain.term.time_left` says of a row, as a condition; a test holds the two together."""
    if view == "closed":
        return sa.literal(urgency == "BLUE")
    window = due_window(urgency, today)
    in_window = [audit_case.c.place == BY_TERM]
    if window.since is not None:
        in_window.append(audit_case.c.due_at >= window.since)
    if window.until is not None:
        in_window.append(audit_case.c.due_at < window.until)
    match urgency:
        case "RED":
            return sa.or_(audit_case.c.place == PINNED, sa.and_(*in_window))
        case "ORANGE":
            return sa.and_(*in_window)
        case "BLUE":
            non_care = audit_case.c.queue == NON_CARE_QUEUE
            return sa.or_(audit_case.c.place == AFTER_CARE, sa.and_(*in_window, non_care))
        case "YELLOW" | "GREEN":
            return sa.and_(*in_window, audit_case.c.queue != NON_CARE_QUEUE)
