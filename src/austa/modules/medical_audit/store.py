"""All SQL of `medical_audit`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import CaseId, RequestId, new_id
from austa.modules.medical_audit.api import CaseFilter, View
from austa.modules.medical_audit.tables import audit_case, case_event, case_number, contact, opinion, release

OPEN = ("open", "waiting_information", "releasing")


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


async def find_case_of_request(tx: Transaction, request_id: RequestId) -> sa.Row[Any] | None:
    """The case of a request, locked for this transaction."""
    return await tx.one_or_none(sa.select(audit_case).where(audit_case.c.request_id == request_id).with_for_update())


async def find_case(tx: Transaction, case_id: CaseId, *, lock: bool = False) -> sa.Row[Any] | None:
    statement = sa.select(audit_case).where(audit_case.c.id == case_id)
    return await tx.one_or_none(statement.with_for_update() if lock else statement)


async def change_case(tx: Transaction, case_id: CaseId, event: str, **values: Any) -> None:
    """Write `values`, what happened last, and the next version."""
    affected(
        await tx.execute(
            sa.update(audit_case)
            .where(audit_case.c.id == case_id)
            .values(last_event=event, last_event_at=tx.now(), version=audit_case.c.version + 1, **values)
        )
    )


async def list_cases(
    tx: Transaction,
    wanted: CaseFilter,
    me: UUID | None,
    end_of_today: datetime,
    after: tuple[str, datetime, UUID] | None,
    limit: int,
) -> Sequence[sa.Row[Any]]:
    """A page of the queue: urgent first (`urgent` sorts after `elective`), then by legal term."""
    statement = sa.select(audit_case).where(*_conditions(wanted, me, end_of_today))
    if after is not None:
        character, due_at, case_id = after
        statement = statement.where(
            sa.or_(
                audit_case.c.character < character,
                sa.and_(
                    audit_case.c.character == character,
                    sa.tuple_(audit_case.c.due_at, audit_case.c.id) > sa.tuple_(due_at, case_id),
                ),
            )
        )
    return await tx.all(
        statement.order_by(audit_case.c.character.desc(), audit_case.c.due_at, audit_case.c.id).limit(limit)
    )


async def count_cases(tx: Transaction, me: UUID | None, end_of_today: datetime) -> sa.Row[Any]:
    """Cases in each view, in one pass."""
    views: tuple[View, ...] = get_args(View)
    counted = [
        sa.func.count().filter(*_conditions(CaseFilter(view=view), me, end_of_today)).label(view) for view in views
    ]
    return (await tx.execute(sa.select(*counted).select_from(audit_case))).one()


async def append_event(tx: Transaction, case_id: CaseId, kind: str, text: str) -> None:
    await tx.execute(
        sa.insert(case_event).values(
            operator_id=tx.operator_id,
            id=new_id(),
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


async def insert_contact(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(contact).values(operator_id=tx.operator_id, **values))


async def list_contacts(tx: Transaction, case_id: CaseId) -> Sequence[sa.Row[Any]]:
    return await tx.all(sa.select(contact).where(contact.c.case_id == case_id).order_by(contact.c.at, contact.c.id))


async def insert_release(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(sa.insert(release).values(operator_id=tx.operator_id, **values))


async def find_release(
    tx: Transaction, *, key: str | None = None, release_id: UUID | None = None
) -> sa.Row[Any] | None:
    """By the caller's key or by id."""
    condition = release.c.key == key if key is not None else release.c.id == release_id
    return await tx.one_or_none(sa.select(release).where(condition))


async def newest_release(tx: Transaction, case_id: CaseId) -> sa.Row[Any] | None:
    return await tx.one_or_none(
        sa.select(release)
        .where(release.c.case_id == case_id)
        .order_by(release.c.released_at.desc(), release.c.id.desc())
        .limit(1)
    )


async def settle_release(tx: Transaction, release_id: UUID, state: str, refusal: str | None) -> bool:
    """Settle a release that is still on its way; False when it was settled before."""
    result = await tx.execute(
        sa.update(release)
        .where(release.c.id == release_id, release.c.state == "recording")
        .values(state=state, refusal=refusal)
    )
    return result.rowcount == 1


def _conditions(wanted: CaseFilter, me: UUID | None, end_of_today: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        audit_case.c.state == "closed" if wanted.view == "closed" else audit_case.c.state.in_(OPEN)
    ]
    if wanted.view == "urgent":
        found.append(audit_case.c.character == "urgent")
    if wanted.view == "mine" or wanted.assigned == "me":
        found.append(audit_case.c.assigned_to == me)
    if wanted.view == "due_today":
        found.append(audit_case.c.due_at <= end_of_today)
    if wanted.view == "manual":
        found.append(audit_case.c.queue == "manual")
    if wanted.assigned == "none":
        found.append(audit_case.c.assigned_to.is_(None))
    if wanted.words:
        words = wanted.words.strip()
        found.append(
            sa.or_(
                audit_case.c.number.endswith(words, autoescape=True),
                audit_case.c.protocol == words,
                audit_case.c.tuss == words,
            )
        )
    return found
