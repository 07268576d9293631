"""What must hold of the stored log, checked leaf by leaf while the tree is computed anew.

Memory is O(log n): the right edge, and one batch of rows that the caller streams in log order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from austa.modules.ledger.api import Fault
from austa.modules.ledger.domain.leaf import SALT_BYTES, Leaf, Opening
from austa.modules.ledger.domain.merkle import Edge, Node, leaf_hash
from austa.modules.ledger.domain.note import VerifierKey, is_signed_by, parse_note


@dataclass(frozen=True)
class StoredEntry:
    """An entry as it lies in the tables. `erasure_logged`: the log has an entry that tells of its erasure."""

    index: int
    id: UUID
    source_event_id: UUID
    kind: str
    time: datetime
    leaf_data: bytes
    leaf_hash: bytes
    subject: str | None
    opening: Opening | None
    erasure_logged: bool


@dataclass(frozen=True)
class StoredCheckpoint:
    """A checkpoint as it lies in the tables."""

    size: int
    note: str


def entry_faults(entry: StoredEntry, expected_index: int) -> list[Fault]:
    """What is wrong with one stored entry, wherever it may lie in the tree."""
    place = f"leaf {entry.index}"
    if entry.index != expected_index:
        return [Fault(place=f"leaf {expected_index}", what="missing")]
    faults = []
    if leaf_hash(entry.leaf_data) != entry.leaf_hash:
        faults.append(Fault(place=place, what="the leaf hash is not the hash of the leaf data"))
    try:
        leaf = Leaf.read(entry.leaf_data)
    except ValueError as error:
        return [*faults, Fault(place=place, what=str(error))]
    faults += [
        Fault(place=place, what=f"{name} differs from the leaf data")
        for name in ("id", "source_event_id", "kind", "time")
        if getattr(leaf, name) != getattr(entry, name)
    ]
    return [*faults, *(Fault(place=place, what=what) for what in _opening_faults(entry, leaf))]


def node_faults(computed: Sequence[tuple[Node, bytes]], stored: Mapping[Node, bytes]) -> list[Fault]:
    """Which of the computed perfect subtrees are missing from the stored ones, or differ."""
    return [
        Fault(
            place=f"node {node.level}/{node.position}",
            what="differs from the hash of its leaves" if node in stored else "missing",
        )
        for node, computed_hash in computed
        if stored.get(node) != computed_hash
    ]


def checkpoint_faults(
    checkpoint: StoredCheckpoint, origin: str, computed_root: bytes | None, keys: Sequence[VerifierKey]
) -> list[Fault]:
    """What is wrong with a checkpoint, given the root computed at its size (None: the log is shorter).

    Both checkpoints of a pair matching the same recomputed leaves is stronger than a consistency proof.
    """
    place = f"checkpoint {checkpoint.size}"
    try:
        head = parse_note(checkpoint.note)
    except ValueError as error:
        return [Fault(place=place, what=str(error))]
    wrong = {
        "another log's": head.origin != origin,
        "the note tells another size": head.size != checkpoint.size,
        "larger than the log": computed_root is None,
        "the root is not that of the leaves": computed_root is not None and head.root != computed_root,
        "no valid signature of the log's key": not any(is_signed_by(checkpoint.note, key) for key in keys),
    }
    return [Fault(place=place, what=what) for what, holds in wrong.items() if holds]


def head_faults(computed: Edge, size: int, packed_edge: bytes, entries: int, nodes: int) -> list[Fault]:
    """What is wrong with the head, and whether rows lie outside the tree it describes.

    `entries` and `nodes` count all stored rows; nodes are those above the leaves.
    """
    wrong = {
        "the stored edge differs from that of the leaves": packed_edge != computed.pack(),
        f"{entries} entries are stored for {size} leaves": entries != size,
        f"{nodes} nodes are stored where {size} leaves have {inner_nodes(size)}": nodes != inner_nodes(size),
    }
    return [Fault(place="head", what=what) for what, holds in wrong.items() if holds]


def inner_nodes(size: int) -> int:
    """How many perfect subtrees of two or more leaves a tree of that size has."""
    return size - size.bit_count()


def _opening_faults(entry: StoredEntry, leaf: Leaf) -> list[str]:
    if entry.opening is None:
        return [] if entry.erasure_logged else ["the opening is missing and no entry tells of an erasure"]
    if len(entry.opening.salt) != SALT_BYTES or entry.opening.commitment() != leaf.commitment:
        return ["the opening is not the one that the leaf commits to"]
    if json.loads(entry.opening.statement)["subject"] != entry.subject:
        return ["the subject differs from the statement"]
    return []
