"""What must hold of the stored log, checked leaf by leaf while the tree is computed anew.

Memory is O(log n): the right edge, and one batch of rows that the caller streams in log order.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from austa.kernel.signing import VerifierKey
from austa.modules.ledger.api import Fault
from austa.modules.ledger.domain.leaf import Leaf, Opening
from austa.modules.ledger.domain.merkle import HASH_BYTES, Edge, Node, leaf_hash
from austa.modules.ledger.domain.note import is_signed_by, parse_note


@dataclass(frozen=True)
class StoredEntry:
    """An entry as it lies in the tables. `erasure_logged`: the opening is gone, and a later entry tells so."""

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
    """A checkpoint and the size under which it was kept, in the tables or outside by somebody else."""

    size: int
    note: str
    kept: Literal["here", "outside"] = "here"


@dataclass(frozen=True)
class Census:
    """The head as it is stored, and how many rows there are, in one snapshot. `nodes` lie above the leaves.

    `largest_index` is that of the last stored entry, -1 where there is none.
    """

    size: int
    packed_edge: bytes
    entries: int
    largest_index: int
    nodes: int
    checkpoints: int


LARGEST_REPORT = 100
"""Faults beyond these are found and not told: one broken leaf breaks every node above it."""

MISSING_LEAF = bytes(HASH_BYTES)
"""Stands for the hash of a leaf that is gone; no data hashes to it."""


class Recomputation:
    """The tree computed anew, batch by batch, and what was found wrong on the way, in log order."""

    def __init__(self, origin: str, key: VerifierKey, known_notes: Sequence[str] = ()) -> None:
        """`known_notes` are checkpoints that were kept outside, which the log must still lead through."""
        self.edge = Edge()
        self.erased = 0
        self.faults: list[Fault] = []
        self._origin = origin
        self._key = key
        self._known = list(self._read_known(known_notes))

    def take(
        self, entries: Sequence[StoredEntry], end: int, checkpoints: Sequence[StoredCheckpoint]
    ) -> list[tuple[Node, bytes]]:
        """Take the entries up to index `end` (not included) and the checkpoints of sizes up to `end`.

        Returns the perfect subtrees above the leaves that must be stored by then.
        """
        by_index = {entry.index: entry for entry in entries}
        by_size: dict[int, list[StoredCheckpoint]] = {}
        for checkpoint in (*checkpoints, *self._known):
            by_size.setdefault(checkpoint.size, []).append(checkpoint)
        inner = []
        for index in range(self.edge.size, end):
            self.edge, made = self.edge.append(self._leaf(index, by_index.get(index)))
            inner += made[1:]
            for checkpoint in by_size.get(self.edge.size, ()):
                self._check(checkpoint, self.edge.root())
        return inner

    def compare(self, computed: Sequence[tuple[Node, bytes]], stored: Mapping[Node, bytes]) -> None:
        """Compare computed perfect subtrees with the stored ones."""
        self._tell(node_faults(computed, stored))

    def finish(self, census: Census, outside: Sequence[StoredCheckpoint]) -> None:
        """Check the head and its counts, and the checkpoints that lie outside the log (`outside`)."""
        self._tell(head_faults(self.edge, census))
        for checkpoint in (*outside, *(known for known in self._known if not 0 < known.size <= self.edge.size)):
            self._check(checkpoint, None)

    def _leaf(self, index: int, entry: StoredEntry | None) -> bytes:
        if entry is None:
            self._tell([Fault(place=f"leaf {index}", what="missing")])
            return MISSING_LEAF
        self.erased += entry.erasure_logged
        self._tell(entry_faults(entry))
        return leaf_hash(entry.leaf_data)

    def _check(self, checkpoint: StoredCheckpoint, computed_root: bytes | None) -> None:
        self._tell(checkpoint_faults(checkpoint, self._origin, computed_root, self._key))

    def _read_known(self, notes: Sequence[str]) -> Iterator[StoredCheckpoint]:
        for number, note in enumerate(notes, 1):
            try:
                yield StoredCheckpoint(parse_note(note).size, note, kept="outside")
            except ValueError as error:
                self._tell([Fault(place=f"known note {number}", what=str(error))])

    def _tell(self, faults: Sequence[Fault]) -> None:
        self.faults += faults[: LARGEST_REPORT - len(self.faults)]


def entry_faults(entry: StoredEntry) -> list[Fault]:
    """What is wrong with one stored entry, wherever it may lie in the tree."""
    place = f"leaf {entry.index}"
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
    checkpoint: StoredCheckpoint, origin: str, computed_root: bytes | None, key: VerifierKey
) -> list[Fault]:
    """What is wrong with a checkpoint, given the root computed at its size (None: the log is shorter).

    Both checkpoints of a pair matching the same recomputed leaves is stronger than a consistency proof.
    """
    place = f"checkpoint {checkpoint.size}" + (" kept outside" if checkpoint.kept == "outside" else "")
    try:
        head = parse_note(checkpoint.note)
    except ValueError as error:
        return [Fault(place=place, what=str(error))]
    wrong = {
        "another log's": head.origin != origin,
        "the note tells another size": head.size != checkpoint.size,
        "no tree of the log has this size": computed_root is None,
        "the root is not that of the leaves": computed_root is not None and head.root != computed_root,
        "no valid signature of the log's key": not is_signed_by(checkpoint.note, key),
    }
    return [Fault(place=place, what=what) for what, holds in wrong.items() if holds]


def head_faults(computed: Edge, census: Census) -> list[Fault]:
    """What is wrong with the head, and whether rows lie outside the tree it describes."""
    size = census.size
    wrong = {
        "the stored edge differs from that of the leaves": census.packed_edge != computed.pack(),
        f"{census.entries} entries are stored for {size} leaves": census.entries != size,
        f"{census.nodes} nodes are stored where {size} leaves have {inner_nodes(size)}": census.nodes
        != inner_nodes(size),
    }
    return [Fault(place="head", what=what) for what, holds in wrong.items() if holds]


def inner_nodes(size: int) -> int:
    """How many perfect subtrees of two or more leaves a tree of that size has."""
    return size - size.bit_count()


def _opening_faults(entry: StoredEntry, leaf: Leaf) -> list[str]:
    if entry.opening is None:
        return [] if entry.erasure_logged else ["the opening is missing and no entry tells of an erasure"]
    if not entry.opening.opens(leaf.commitment):
        return ["the opening is not the one that the leaf commits to"]
    if json.loads(entry.opening.statement)["subject"] != entry.subject:
        return ["the subject differs from the statement"]
    return []
