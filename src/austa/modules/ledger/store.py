"""All SQL of the ledger. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.modules.ledger.domain.leaf import ERASED_KIND, Leaf, Opening
from austa.modules.ledger.domain.merkle import Edge, Node
from austa.modules.ledger.domain.recomputation import Census, StoredCheckpoint, StoredEntry
from austa.modules.ledger.tables import checkpoint, entry, head, node, opening


@dataclass(frozen=True)
class Head:
    """The right edge of the log and the instant of the seal timer that was set last."""

    edge: Edge
    seal_due_at: datetime | None


async def lock_head(tx: Transaction) -> Head:
    """The head of the log, held until the transaction ends: appends and seals of an operator queue here."""
    await tx.execute(insert(head).values(operator_id=tx.operator_id, size=0, edge=b"").on_conflict_do_nothing())
    row = (await tx.execute(sa.select(head.c.size, head.c.edge, head.c.seal_due_at).with_for_update())).one()
    return Head(Edge.unpack(row.size, row.edge), row.seal_due_at)


async def update_head(tx: Transaction, new: Head) -> None:
    affected(
        await tx.execute(sa.update(head).values(size=new.edge.size, edge=new.edge.pack(), seal_due_at=new.seal_due_at))
    )


@dataclass(frozen=True)
class NewEntry:
    """A leaf, what it commits to, and the perfect subtrees it completed (`made`, itself first)."""

    leaf: Leaf
    subject: str
    hidden: Opening
    made: Sequence[tuple[Node, bytes]]


async def insert_entries(tx: Transaction, entries: Sequence[NewEntry]) -> None:
    """Write new entries, in log order."""
    leaves, openings, inner = [], [], []
    for new in entries:
        (at, leaf_hash), *subtrees = new.made
        place = {"operator_id": tx.operator_id, "index": at.position}
        leaves.append(
            {
                **place,
                "id": new.leaf.id,
                "source_event_id": new.leaf.source_event_id,
                "kind": new.leaf.kind,
                "time": new.leaf.time,
                "leaf_data": new.leaf.data(),
                "leaf_hash": leaf_hash,
            }
        )
        openings.append({**place, "subject": new.subject, "salt": new.hidden.salt, "statement": new.hidden.statement})
        inner += [
            {"operator_id": tx.operator_id, "level": made.level, "position": made.position, "hash": value}
            for made, value in subtrees
        ]
    await tx.execute(sa.insert(entry), leaves)
    await tx.execute(sa.insert(opening), openings)
    if inner:
        await tx.execute(sa.insert(node), inner)


async def delete_opening(tx: Transaction, index: int) -> bool:
    """Whether there was one."""
    return (await tx.execute(sa.delete(opening).where(opening.c.index == index))).rowcount == 1


async def insert_checkpoint(tx: Transaction, size: int, note: str) -> None:
    await tx.execute(sa.insert(checkpoint).values(operator_id=tx.operator_id, size=size, note=note))


async def find_index(tx: Transaction, reference: UUID) -> int | None:
    """The index of the entry with that id or source event id, else of the first entry about that subject."""
    by_id = await tx.one_or_none(sa.select(entry.c.index).where(entry.c.id == reference))
    by_event = by_id or await tx.one_or_none(sa.select(entry.c.index).where(entry.c.source_event_id == reference))
    found = by_event or await tx.one_or_none(
        sa.select(opening.c.index).where(opening.c.subject == str(reference)).order_by(opening.c.index).limit(1)
    )
    return None if found is None else int(found[0])


async def find_recorded(tx: Transaction, source_event_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the events that have an entry."""
    wanted = sa.any_(sa.cast(list(source_event_ids), pg.ARRAY(sa.Uuid)))
    rows = await tx.all(sa.select(entry.c.source_event_id).where(entry.c.source_event_id == wanted))
    return {row.source_event_id for row in rows}


async def load_entry(tx: Transaction, index: int) -> StoredEntry | None:
    found = await _load(tx, entry.c.index == index)
    return found[0] if found else None


async def load_entries(tx: Transaction, start: int, end: int) -> list[StoredEntry]:
    """The entries from `start` up to, not including, `end`, in log order."""
    return await _load(tx, sa.and_(entry.c.index >= start, entry.c.index < end))


async def load_nodes(tx: Transaction, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """Those of the wanted perfect subtrees that are stored, leaves included."""
    nodes = list(wanted)
    leaves = [at.position for at in nodes if at.level == 0]
    inner = [(at.level, at.position) for at in nodes if at.level > 0]
    found: dict[Node, bytes] = {}
    if leaves:
        rows = await tx.all(sa.select(entry.c.index.label("place"), entry.c.leaf_hash).where(entry.c.index.in_(leaves)))
        found |= {Node(0, row.place): row.leaf_hash for row in rows}
    if inner:
        rows = await tx.all(sa.select(node).where(sa.tuple_(node.c.level, node.c.position).in_(inner)))
        found |= {Node(row.level, row.position): row.hash for row in rows}
    return found


async def latest_checkpoint(tx: Transaction) -> StoredCheckpoint | None:
    row = await tx.one_or_none(
        sa.select(checkpoint.c.size, checkpoint.c.note).order_by(checkpoint.c.size.desc()).limit(1)
    )
    return None if row is None else StoredCheckpoint(row.size, row.note)


async def find_checkpoint(tx: Transaction, size: int) -> StoredCheckpoint | None:
    found = await load_checkpoints(tx, size, size)
    return found[0] if found else None


async def load_checkpoints(tx: Transaction, smallest: int, largest: int) -> list[StoredCheckpoint]:
    """The checkpoints of sizes from `smallest` to `largest`, both included."""
    return await _checkpoints(tx, checkpoint.c.size.between(smallest, largest))


async def load_checkpoints_outside(tx: Transaction, length: int) -> list[StoredCheckpoint]:
    """The checkpoints of a size that a log of that length cannot have had."""
    return await _checkpoints(tx, sa.or_(checkpoint.c.size < 1, checkpoint.c.size > length))


async def take_census(tx: Transaction) -> Census:
    """One statement, so that head and counts are of one snapshot. A missing head counts as an empty one."""

    def single(expression: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
        return sa.select(expression).scalar_subquery()

    row = (
        await tx.execute(
            sa.select(
                sa.func.coalesce(single(head.c.size), 0).label("size"),
                sa.func.coalesce(single(head.c.edge), b"").label("packed_edge"),
                single(sa.func.count(entry.c.index)).label("entries"),
                sa.func.coalesce(single(sa.func.max(entry.c.index)), -1).label("largest_index"),
                single(sa.func.count(node.c.position)).label("nodes"),
                single(sa.func.count(checkpoint.c.size)).label("checkpoints"),
            )
        )
    ).one()
    return Census(**row._mapping)


async def _checkpoints(tx: Transaction, condition: sa.ColumnElement[bool]) -> list[StoredCheckpoint]:
    chosen = sa.select(checkpoint.c.size, checkpoint.c.note).where(condition)
    rows = await tx.all(chosen.order_by(checkpoint.c.size))
    return [StoredCheckpoint(row.size, row.note) for row in rows]


async def _load(tx: Transaction, condition: sa.ColumnElement[bool]) -> list[StoredEntry]:
    """Entries with their openings; an erasure is known by a later entry of its kind about the erased entry."""
    erasure = opening.alias("erasure")
    erasure_entry = entry.alias("erasure_entry")
    erasure_logged = (
        sa.exists()
        .where(erasure.c.operator_id == entry.c.operator_id)
        .where(erasure.c.subject == sa.cast(entry.c.id, sa.Text))
        .where(erasure_entry.c.operator_id == erasure.c.operator_id)
        .where(erasure_entry.c.index == erasure.c.index)
        .where(erasure_entry.c.index > entry.c.index)
        .where(erasure_entry.c.kind == ERASED_KIND)
    )
    same = sa.and_(opening.c.operator_id == entry.c.operator_id, opening.c.index == entry.c.index)
    rows = await tx.all(
        sa.select(
            entry.c.index.label("place"),
            entry.c.id,
            entry.c.source_event_id,
            entry.c.kind,
            entry.c.time,
            entry.c.leaf_data,
            entry.c.leaf_hash,
            opening.c.subject,
            opening.c.salt,
            opening.c.statement,
            sa.case((opening.c.salt.is_(None), erasure_logged), else_=False).label("erasure_logged"),
        )
        .select_from(entry.outerjoin(opening, same))
        .where(condition)
        .order_by(entry.c.index)
    )
    return [_stored_entry(row) for row in rows]


def _stored_entry(row: sa.Row[Any]) -> StoredEntry:
    return StoredEntry(
        index=row.place,
        id=row.id,
        source_event_id=row.source_event_id,
        kind=row.kind,
        time=row.time,
        leaf_data=row.leaf_data,
        leaf_hash=row.leaf_hash,
        subject=row.subject,
        opening=None if row.salt is None else Opening(row.salt, row.statement),
        erasure_logged=row.erasure_logged,
    )
