"""SQL of requests, their answers and what they were decided by."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.infra.writing import update_rows
from austa.kernel.actors import Caller
from austa.kernel.errors import Unexpected
from austa.kernel.ids import DecisionId, DocumentId, MemberId, RequestId
from austa.modules.prior_auth.api.requests import RequestFilter
from austa.modules.prior_auth.domain.lifecycle import OPEN
from austa.modules.prior_auth.domain.refusals import no_such_decision, no_such_request
from austa.modules.prior_auth.store import statements
from austa.modules.prior_auth.tables import (
    ask,
    assessment,
    board,
    board_candidate,
    board_step,
    change,
    decision,
    item,
    paper,
    receipt_part,
    request,
    review,
    rule_source,
    rule_step,
    rule_version,
)

Row = sa.Row[Any]
COVERAGE = "coverage"
"""The kind of rules that a coverage pack is, beside the sets of decision tables."""
REMEMBERED = timedelta(days=366)
"""How far back earlier requests matter to a rule."""


async def lock_name(tx: Transaction, *parts: object) -> None:
    """Make everybody who names the same thing wait until this transaction ends."""
    await tx.lock("/".join(map(str, ("prior_auth", tx.operator_id, *parts))))


async def next_number(tx: Transaction, name: str) -> int:
    """The next number of a sequence without gaps, from 1; held until the transaction ends."""
    return await tx.together(("number", name), name, _next_numbers)


async def _next_numbers(tx: Transaction, names: Sequence[str]) -> Sequence[int]:
    (row,) = await statements.NEXT_NUMBERS.all(tx, given=tx.operator_id, of=names[0], many=len(names))
    return range(row.last - len(names) + 1, row.last + 1)


async def insert_request(
    tx: Transaction,
    values: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    papers: Sequence[tuple[str, DocumentId | None]],
) -> None:
    """A new request with its lines, its papers (a document that is named twice stays once) and its first step."""
    same, received = {"request_id": values["id"]}, values["received_at"]
    first = {"sequence": 1, "transition": "receive", "to_state": values["state"], "actor": tx.caller.actor}
    named = [document_id for _, document_id in papers]
    once = [each for at, each in enumerate(papers) if each[1] is None or each[1] not in named[:at]]
    await tx.insert(
        {
            request: [values],
            item: items,
            paper: [
                {**same, "position": place, "kind": kind, "document_id": document_id, "added_at": received}
                for place, (kind, document_id) in enumerate(once)
            ],
            change: [{**same, **first, "at": received}],
        }
    )


async def find_request_by_key(tx: Transaction, key: str) -> Row | None:
    return await statements.BY_KEY.first(tx, of=key)


async def get_request(tx: Transaction, request_id: RequestId, *, lock: bool = False) -> Row:
    """Raises `NotFound` `prior_auth.no_such_request`."""
    row: Row | None = await (statements.LOCKED_REQUEST if lock else statements.REQUEST).first(tx, given=request_id)
    if row is None:
        raise no_such_request()
    return row


def visible_to(caller: Caller) -> sa.ColumnElement[bool]:
    """Which requests may stand in this caller's lists; the same as Cedar says of each (house rule 13)."""
    match caller.kind:
        case "clerk":
            return request.c.provider_id == caller.provider_id
        case "member":
            return request.c.member_id == UUID(caller.id)
        case "tiebreaker":
            return sa.false()
        case _:
            return sa.true()


async def list_requests(
    tx: Transaction, filters: RequestFilter, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row]:
    """Newest first, each with its first item and how many there are; only what the transaction's caller may see."""
    first = (
        sa.select(item.c.tuss)
        .where(item.c.operator_id == request.c.operator_id, item.c.request_id == request.c.id)
        .order_by(item.c.position)
        .limit(1)
        .scalar_subquery()
        .label("first_tuss")
    )
    count = (
        sa.select(sa.func.count())
        .where(item.c.operator_id == request.c.operator_id, item.c.request_id == request.c.id)
        .scalar_subquery()
        .label("item_count")
    )
    chosen = sa.select(request, first, count).order_by(request.c.received_at.desc(), request.c.id.desc()).limit(limit)
    chosen = chosen.where(visible_to(tx.caller))
    for column, wanted in (
        (request.c.member_id, filters.member_id),
        (request.c.provider_id, filters.provider_id),
        (request.c.protocol, filters.protocol),
        (request.c.urgent, None if filters.character is None else filters.character == "urgent"),
    ):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    if filters.guide is not None:
        same = sa.and_(decision.c.operator_id == request.c.operator_id, decision.c.request_id == request.c.id)
        chosen = chosen.where(sa.exists().where(same, decision.c.guide_number == filters.guide))
    if filters.received_from is not None:
        chosen = chosen.where(request.c.received_at >= filters.received_from)
    if filters.received_before is not None:
        chosen = chosen.where(request.c.received_at < filters.received_before)
    if filters.states:
        chosen = chosen.where(request.c.state.in_(filters.states))
    if filters.open_only:
        chosen = chosen.where(request.c.state.in_(OPEN))
    if after is not None:
        chosen = chosen.where(sa.tuple_(request.c.received_at, request.c.id) < sa.tuple_(*after))
    return await tx.all(chosen)


async def list_unwatched(tx: Transaction, limit: int) -> Sequence[Row]:
    """Open requests that no timer watches, locked for this transaction."""
    chosen = sa.select(request).where(request.c.watch.is_(None), request.c.state.in_(OPEN))
    return await tx.all(chosen.order_by(request.c.id).limit(limit).with_for_update())


async def update_request(tx: Transaction, request_id: RequestId, values: Mapping[str, Any]) -> None:
    if any(isinstance(request.c[name].type, sa.JSON) for name in values):
        affected(await tx.execute(sa.update(request).where(request.c.id == request_id).values(**values)))
        return
    await tx.together(("update", *values), {"id": request_id, **values}, _update_requests)


async def _update_requests(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> Sequence[None]:
    if await update_rows(tx.connection, request, rows) != len(rows):
        raise Unexpected("db.rows", "a write touched an unexpected number of rows")
    return [None] * len(rows)


async def insert_review(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(review).values(operator_id=tx.operator_id, **values))


async def find_review(tx: Transaction, key: str) -> Row | None:
    return await tx.one_or_none(sa.select(review).where(review.c.key == key))


async def list_reviews(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    return await tx.all(sa.select(review).where(review.c.request_id == request_id).order_by(review.c.at.desc()))


async def insert_board(tx: Transaction, values: Mapping[str, Any], names: Sequence[Mapping[str, Any]]) -> None:
    await tx.execute(sa.insert(board).values(operator_id=tx.operator_id, **values))
    same = {"operator_id": tx.operator_id, "board_id": values["id"]}
    await tx.execute(sa.insert(board_candidate), [{**same, **name} for name in names])


async def update_board(tx: Transaction, board_id: UUID, values: Mapping[str, Any]) -> None:
    affected(await tx.execute(sa.update(board).where(board.c.id == board_id).values(**values)))


async def find_board(tx: Transaction, request_id: RequestId) -> Row | None:
    """The newest board about a request."""
    chosen = sa.select(board).where(board.c.request_id == request_id)
    return await tx.one_or_none(chosen.order_by(board.c.opened_at.desc()).limit(1))


async def list_candidates(tx: Transaction, board_id: UUID) -> Sequence[Row]:
    chosen = sa.select(board_candidate).where(board_candidate.c.board_id == board_id)
    return await tx.all(chosen.order_by(board_candidate.c.position))


async def note_board_step(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Keep a step by its key; False where it was taken before."""
    kept = insert(board_step).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing()
    return (await tx.execute(kept)).rowcount == 1


async def find_guide(tx: Transaction, number: str) -> Row | None:
    """The request that a guide allows."""
    same = sa.and_(request.c.operator_id == decision.c.operator_id, request.c.id == decision.c.request_id)
    found = sa.select(request).select_from(decision.join(request, same))
    return await tx.one_or_none(found.where(decision.c.guide_number == number))


async def list_items(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    return await statements.ITEMS.all(tx, given=request_id)


async def approve_quantities(tx: Transaction, request_id: RequestId, named: Mapping[int, int]) -> None:
    """Write how much of the lines named is approved; of every other line there is nothing to say."""
    of_request = sa.update(item).where(item.c.request_id == request_id)
    await tx.execute(of_request.values(approved_quantity=None))
    for position, quantity in named.items():
        affected(await tx.execute(of_request.where(item.c.position == position).values(approved_quantity=quantity)))


async def list_history(tx: Transaction, member_id: MemberId, protocol: str, since: date) -> Sequence[Row]:
    """Items of requests that the member made before the one with that protocol, asked for since that day.

    Protocols grow with the order of receipt, so of two equal requests exactly one sees the other.
    """
    return await statements.HISTORY.all(tx, given=member_id, since=since, protocol_before=protocol)


async def add_papers(
    tx: Transaction, request_id: RequestId, papers: Sequence[tuple[str, DocumentId | None]], at: datetime
) -> int:
    """Append papers; a document that is there already stays once. Returns how many are new."""
    held = await tx.one_or_none(
        sa.select(sa.func.coalesce(sa.func.max(paper.c.position) + 1, 0)).where(paper.c.request_id == request_id)
    )
    start, added = (int(held[0]) if held else 0), 0
    for kind, document_id in papers:
        result = await tx.execute(
            insert(paper)
            .values(
                operator_id=tx.operator_id,
                request_id=request_id,
                position=start + added,
                kind=kind,
                document_id=document_id,
                added_at=at,
            )
            .on_conflict_do_nothing(index_elements=[paper.c.operator_id, paper.c.request_id, paper.c.document_id])
        )
        added += result.rowcount
    return added


async def list_papers(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    return await statements.PAPERS.all(tx, given=request_id)


async def list_requests_waiting_for(tx: Transaction, document_id: DocumentId) -> Sequence[RequestId]:
    """Requests that hold the document and have not been assessed yet."""
    same = sa.and_(request.c.operator_id == paper.c.operator_id, request.c.id == paper.c.request_id)
    rows = await tx.all(
        sa.select(request.c.id)
        .select_from(paper.join(request, same))
        .where(
            paper.c.document_id == document_id,
            request.c.state.in_(("RECEIVED", "EXTENSION_REQUESTED", "ELIGIBILITY_CHECK")),
        )
    )
    return [RequestId(row.id) for row in rows]


async def append_changes(
    tx: Transaction, request_id: RequestId, at: datetime, actor: str, steps: Sequence[Mapping[str, Any]]
) -> None:
    """Steps of one walk: `sequence`, `transition`, `from_state`, `to_state`."""
    same = {"request_id": request_id, "at": at, "actor": actor}
    await tx.insert({change: [{**same, **step} for step in steps]})


async def list_changes(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    return await tx.all(sa.select(change).where(change.c.request_id == request_id).order_by(change.c.sequence))


async def insert_assessment(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Number it after the ones before; the request's row is locked by the caller."""
    (row,) = await statements.ASSESSMENTS.all(tx, given=values["request_id"])
    await tx.insert({assessment: [{**values, "sequence": row.earlier + 1}]})


async def find_last_assessment(tx: Transaction, request_id: RequestId) -> Row | None:
    return await tx.one_or_none(
        sa.select(assessment)
        .where(assessment.c.request_id == request_id)
        .order_by(assessment.c.sequence.desc())
        .limit(1)
    )


async def insert_ask(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(ask).values(operator_id=tx.operator_id, **values))


async def find_ask(tx: Transaction, ask_id: UUID) -> Row | None:
    return await tx.one_or_none(sa.select(ask).where(ask.c.id == ask_id))


async def insert_decision(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.insert({decision: [values]})


async def find_decision_by_key(tx: Transaction, key: str) -> Row | None:
    return await tx.one_or_none(sa.select(decision).where(decision.c.key == key))


async def list_decisions(tx: Transaction, request_id: RequestId) -> Sequence[Row]:
    return await statements.DECISIONS.all(tx, given=request_id)


async def get_decision(tx: Transaction, decision_id: DecisionId) -> Row:
    """Raises `NotFound` `prior_auth.no_such_decision`."""
    row = await tx.one_or_none(sa.select(decision).where(decision.c.id == decision_id))
    if row is None:
        raise no_such_decision()
    return row


async def insert_parts(tx: Transaction, parts: Sequence[Mapping[str, Any]]) -> None:
    await tx.insert({receipt_part: parts})


async def list_parts(tx: Transaction, decision_ids: Sequence[UUID]) -> Sequence[Row]:
    return await tx.all(sa.select(receipt_part).where(receipt_part.c.decision_id.in_(decision_ids)))


async def has_rule_source(tx: Transaction, digest: str) -> bool:
    return await tx.one_or_none(sa.select(sa.literal(1)).where(rule_source.c.digest == digest)) is not None


async def keep_rule_source(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Keep rules by their digest; a second time does nothing."""
    await tx.execute(insert(rule_source).values(operator_id=tx.operator_id, **values).on_conflict_do_nothing())


async def find_rule_source(tx: Transaction, digest: str) -> bytes | None:
    row = await tx.one_or_none(sa.select(rule_source.c.content).where(rule_source.c.digest == digest))
    return None if row is None else bytes(row.content)


async def list_last_assessments(tx: Transaction, before: UUID | None, limit: int) -> Sequence[Row]:
    """The last assessment of each request, newest first, with what its request says. Ids grow with time: the primary
    key is walked backwards."""
    same = sa.and_(request.c.operator_id == assessment.c.operator_id, request.c.id == assessment.c.request_id)
    later = assessment.alias()
    superseded = sa.exists().where(
        later.c.operator_id == assessment.c.operator_id,
        later.c.request_id == assessment.c.request_id,
        later.c.sequence > assessment.c.sequence,
    )
    chosen = (
        sa.select(assessment, request.c.subject_id, request.c.protocol, request.c.service_class, request.c.reopened)
        .select_from(assessment.join(request, same))
        .where(~superseded)
        .order_by(assessment.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        chosen = chosen.where(assessment.c.id < before)
    return await tx.all(chosen)


async def insert_rule_version(tx: Transaction, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.insert(rule_version).values(operator_id=tx.operator_id, **values))


async def list_rule_versions(tx: Transaction) -> Sequence[Row]:
    """Every version of every set of tables and of coverage packs, newest first."""
    return await tx.all(sa.select(rule_version).order_by(rule_version.c.rule_set, rule_version.c.number.desc()))


async def list_coverage_versions(tx: Transaction) -> Sequence[Row]:
    """Every coverage pack, newest first."""
    packs = sa.select(rule_version).where(rule_version.c.rule_set == COVERAGE)
    return await tx.all(packs.order_by(rule_version.c.number.desc()))


async def list_coverage_steps(tx: Transaction) -> Sequence[Row]:
    """What was done with coverage packs, in order, each with the digest of its pack."""
    same = (rule_version.c.operator_id == rule_step.c.operator_id) & (rule_version.c.id == rule_step.c.version_id)
    steps = sa.select(rule_step, rule_version.c.digest).join(rule_version, same)
    return await tx.all(steps.where(rule_version.c.rule_set == COVERAGE).order_by(rule_step.c.sequence))


async def append_rule_step(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Number it after the ones before; the caller holds the lock `rules`."""
    earlier = sa.select(sa.func.count()).select_from(rule_step).scalar_subquery()
    await tx.execute(sa.insert(rule_step).values(operator_id=tx.operator_id, sequence=earlier + 1, **values))


async def list_rule_steps(tx: Transaction) -> Sequence[Row]:
    """What was done with any version, in order."""
    return await tx.all(sa.select(rule_step).order_by(rule_step.c.sequence))


async def count_rule_steps(tx: Transaction) -> int:
    """Steps are only ever added, so their number tells one state of the rules from another."""
    (row,) = await statements.RULE_STEPS.all(tx)
    return int(row.steps)
