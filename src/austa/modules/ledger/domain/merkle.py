"""The Merkle tree of RFC 9162, section 2.1, over perfect subtrees that are stored once and never change.

`Node(level, position)` names the perfect subtree over the `1 << level` leaves from `position << level` on.
Appending needs only the right edge (`Edge`); roots and proofs need O(log n) stored nodes: `cover` names them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


class Node(NamedTuple):
    """A perfect subtree of `1 << level` leaves; `position` counts those of its level from the left."""

    level: int
    position: int


def leaf_hash(data: bytes) -> bytes:
    """RFC 9162, 2.1.1: the prefix keeps leaves and nodes apart (second preimages)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162, 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Edge:
    """The roots of the perfect subtrees that make up a tree of `size` leaves, largest (leftmost) first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> tuple["Edge", list[tuple[Node, bytes]]]:
        """The edge with one more leaf hash, and the perfect subtrees it completed, the leaf itself first."""
        made = [(Node(0, self.size), leaf)]
        hashes = list(self.hashes)
        for level in range(1, _trailing_ones(self.size) + 1):
            made.append((Node(level, self.size >> level), node_hash(hashes.pop(), made[-1][1])))
        return Edge(self.size + 1, (*hashes, made[-1][1])), made

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        return _join(self.hashes) if self.hashes else EMPTY_ROOT

    def pack(self) -> bytes:
        return b"".join(self.hashes)

    @staticmethod
    def unpack(size: int, packed: bytes) -> "Edge":
        """The edge that `pack` wrote. Raises ValueError when the length does not fit the size."""
        if len(packed) != size.bit_count() * HASH_BYTES:
            raise ValueError("the edge does not fit the size")
        return Edge(size, tuple(packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)))


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose tree hashes prove that leaf, leaf side first (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    return list(_path(index, 0, size))


def consistency_ranges(first: int, second: int) -> list[tuple[int, int]]:
    """The leaf ranges whose tree hashes prove that the tree of `second` leaves extends the tree of `first`.

    RFC 9162, 2.1.4.1. Empty for `first == 0` and for equal sizes: there is nothing to show.
    """
    if not 0 <= first <= second:
        raise ValueError("the first tree must not be larger than the second")
    return list(_subproof(first, 0, second, True)) if 0 < first < second else []


def cover(start: int, end: int) -> list[Node]:
    """The perfect subtrees that make up a leaf range of an RFC 9162 split, left to right."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def prove(ranges: Sequence[tuple[int, int]], nodes: Mapping[Node, bytes]) -> tuple[bytes, ...]:
    """The proof for ranges from `inclusion_ranges` or `consistency_ranges`, given the nodes they `cover`."""
    return tuple(_join([nodes[node] for node in cover(start, end)]) for start, end in ranges)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether that leaf hash lies at `index` of the tree with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            computed = node_hash(sibling, computed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `second` leaves only added to the tree of `first` (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    steps = [first_root, *proof] if first.bit_count() == 1 else list(proof)
    if not steps:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _path(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start == 1:
        return
    split = start + _split(end - start)
    if index < split:
        yield from _path(index, start, split)
        yield split, end
    else:
        yield from _path(index, split, end)
        yield start, split


def _subproof(first: int, start: int, end: int, known: bool) -> Iterator[tuple[int, int]]:
    """RFC 9162's SUBPROOF; `known` says that the verifier has this subtree as the whole first tree."""
    if first == end:
        if not known:
            yield start, end
        return
    split = start + _split(end - start)
    if first <= split:
        yield from _subproof(first, start, split, known)
        yield split, end
    else:
        yield from _subproof(first, split, end, False)
        yield start, split


def _split(length: int) -> int:
    """The largest power of two below `length`."""
    return 1 << (length - 1).bit_length() - 1


def _join(hashes: Sequence[bytes]) -> bytes:
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def _trailing_ones(number: int) -> int:
    return (~number & (number + 1)).bit_length() - 1
