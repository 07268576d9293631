"""The tree against RFC 9162 and against an independent implementation (scitt-cose)."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scitt_cose import merkle as reference

from austa.modules.ledger.domain.merkle import (
    EMPTY_ROOT,
    Edge,
    Node,
    consistency_ranges,
    cover,
    inclusion_ranges,
    leaf_hash,
    prove,
    verify_consistency,
    verify_inclusion,
)
from austa.modules.ledger.domain.recomputation import inner_nodes

SIZES = st.integers(1, 150)


def entries(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


def grow(size: int) -> tuple[list[bytes], dict[Node, bytes]]:
    """The root after each append, and every perfect subtree that was stored on the way."""
    edge, roots = Edge(), [EMPTY_ROOT]
    nodes: dict[Node, bytes] = {}
    for entry in entries(size):
        edge, made = edge.append(leaf_hash(entry))
        nodes.update(made)
        roots.append(edge.root())
    return roots, nodes


ROOTS, NODES = grow(150)
HEX = [entry.hex() for entry in entries(150)]


def flip(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 % len(value) else 0) for at, byte in enumerate(value))


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Edge().root() == EMPTY_ROOT == sha256(b"").digest()


@given(SIZES)
def test_roots_agree_with_the_reference(size: int) -> None:
    assert ROOTS[size].hex() == reference.merkle_root(HEX[:size])


@given(SIZES, st.data())
def test_inclusion_proofs_agree_with_the_reference_and_verify(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = prove(inclusion_ranges(index, size), NODES)
    assert [step.hex() for step in proof] == reference.inclusion_proof(HEX[:size], index)
    assert verify_inclusion(leaf_hash(entries(size)[index]), index, size, proof, ROOTS[size])


@given(SIZES, st.data())
def test_consistency_proofs_agree_with_the_reference_and_verify(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, second))
    proof = prove(consistency_ranges(first, second), NODES)
    assert [step.hex() for step in proof] == reference.consistency_proof(HEX[:second], first, second)
    assert verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)


@given(st.integers(2, 150), st.data())
def test_a_proof_of_another_leaf_place_size_step_or_root_fails(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, root = NODES[Node(0, index)], ROOTS[size]
    proof = prove(inclusion_ranges(index, size), NODES)
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    broken = (*proof[:step], flip(proof[step], bit), *proof[step + 1 :])
    assert not verify_inclusion(flip(leaf, bit), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, broken, root)
    assert not verify_inclusion(leaf, index, size, proof[:-1], root)
    assert not verify_inclusion(leaf, index, size, (*proof, root), root)
    assert not verify_inclusion(leaf, index, size, proof, flip(root, bit))
    other = data.draw(st.integers(-1, size).filter(lambda place: place != index))
    assert not verify_inclusion(leaf, other, size, proof, root)


@given(st.integers(2, 150), st.data())
def test_a_rewritten_past_is_never_consistent(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second - 1))
    bit = data.draw(st.integers(0, 255))
    proof = prove(consistency_ranges(first, second), NODES)
    assert not verify_consistency(first, second, flip(ROOTS[first], bit), ROOTS[second], proof)
    assert not verify_consistency(first, second, ROOTS[first], flip(ROOTS[second], bit), proof)
    assert not verify_consistency(first, second, ROOTS[first], ROOTS[second], proof[:-1])
    assert not verify_consistency(first, second, ROOTS[first], ROOTS[second], (*proof, proof[0]))
    assert not verify_consistency(second, first, ROOTS[second], ROOTS[first], proof)


@given(SIZES)
def test_the_edge_survives_being_stored(size: int) -> None:
    edge = Edge()
    for entry in entries(size):
        edge, _ = edge.append(leaf_hash(entry))
    assert Edge.unpack(size, edge.pack()) == edge
    with pytest.raises(ValueError, match="edge"):
        Edge.unpack(size, edge.pack()[1:])


@given(SIZES)
def test_a_tree_stores_exactly_its_perfect_subtrees(size: int) -> None:
    stored = [node for node in NODES if (node.position + 1) << node.level <= size]
    assert len(stored) == size + inner_nodes(size)


@given(SIZES)
def test_a_proof_reads_few_nodes_however_long_the_log(size: int) -> None:
    index = size // 3
    read = [node for start, end in inclusion_ranges(index, size) for node in cover(start, end)]
    assert len(read) <= 2 * size.bit_length()


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        inclusion_ranges(index, size)
