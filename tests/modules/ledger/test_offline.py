"""A proof file verifies on any machine, and a changed one does not."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from scitt_cose import merkle as reference

from austa.kernel.clock import SystemClock
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId, new_id
from austa.kernel.signing import VerifierKey, from_base64, to_base64
from austa.modules.ledger.api import Checkpoint, ConsistencyBundle, EntryId, ProofBundle, ProvenEntry
from austa.modules.ledger.domain.leaf import Leaf, Opening, statement_of
from austa.modules.ledger.domain.merkle import Edge, Node, consistency_ranges, cover, inclusion_ranges, leaf_hash, prove
from austa.modules.ledger.domain.note import TreeHead, origin_of, sign_note
from austa.modules.ledger.domain.offline import verify_file

OPERATOR = OperatorId(new_id())
SIGNER = Ed25519PrivateKey.generate()
KEY = VerifierKey(origin_of(OPERATOR), SIGNER.public_key().public_bytes_raw())
STRANGER = Ed25519PrivateKey.generate()


def envelope() -> Envelope:
    event_id = new_id()
    return Envelope(
        id=event_id,
        type="prior_auth.request_decided.v1",
        time=SystemClock().now(),
        operator=OPERATOR,
        actor="system:prior_auth",
        correlation=event_id,
        causation=None,
        key=str(new_id()),
        data={"decision_id": str(new_id()), "outcome": "approved", "score": 0.25},
    )


def bundle_of(size: int, index: int, signer: Ed25519PrivateKey = SIGNER) -> ProofBundle:
    """The bundle that a log of `size` decisions gives for the one at `index`."""
    opening = Opening(bytes(range(32)), statement_of(envelope()))
    event = envelope()
    leaf = Leaf(new_id(), event.id, event.type, event.time, opening.commitment())
    edge = Edge()
    nodes: dict[Node, bytes] = {}
    for at in range(size):
        edge, made = edge.append(leaf_hash(leaf.data() if at == index else b"another"))
        nodes.update(made)
    ranges = inclusion_ranges(index, size)
    assert {node for start, end in ranges for node in cover(start, end)} <= set(nodes)
    tree = TreeHead(origin_of(OPERATOR), size, edge.root())
    key = VerifierKey(tree.origin, signer.public_key().public_bytes_raw())
    return ProofBundle(
        entry=ProvenEntry(
            id=EntryId(leaf.id),
            index=index,
            source_event_id=leaf.source_event_id,
            kind=leaf.kind,
            time=leaf.time,
            leaf_data=to_base64(leaf.data()),
            salt=to_base64(opening.salt),
            statement=opening.statement.decode(),
        ),
        leaf_hash=to_base64(leaf_hash(leaf.data())),
        proof=tuple(map(to_base64, prove(ranges, nodes))),
        tree_size=size,
        root=to_base64(tree.root),
        checkpoint=sign_note(tree, key, signer.sign(tree.body().encode())),
        public_key=str(key),
    )


@given(st.integers(1, 70), st.data())
def test_a_proof_file_verifies_here_and_by_an_independent_implementation(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    bundle = bundle_of(size, index)
    verdict = verify_file(bundle.model_dump_json(), str(KEY))
    assert (verdict.ok, verdict.key_trusted, verdict.opened) == (True, True, True), verdict.faults
    assert (verdict.origin, verdict.tree_size) == (KEY.name, size)
    assert reference.verify_inclusion(
        from_base64(bundle.entry.leaf_data).hex(),
        index,
        size,
        [from_base64(step).hex() for step in bundle.proof],
        from_base64(bundle.root).hex(),
    )


BUNDLE = json.loads(bundle_of(11, 6).model_dump_json())


def _texts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in _texts(inner, (*path, name))]
    if isinstance(value, list):
        return [found for at, inner in enumerate(value) for found in _texts(inner, (*path, at))]
    return [path]


def _changed(path: tuple[Any, ...], change: Any) -> str:
    bundle = json.loads(json.dumps(BUNDLE))
    place = bundle
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = change(place[path[-1]])
    return json.dumps(bundle)


@given(st.sampled_from(_texts(BUNDLE)), st.data())
def test_a_file_with_any_field_changed_does_not_verify(path: tuple[Any, ...], data: st.DataObject) -> None:
    def change(value: Any) -> Any:
        if isinstance(value, int):
            return value + data.draw(st.sampled_from([-1, 1, 8]))
        at = data.draw(st.integers(0, len(value) - 1))
        return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]

    verdict = verify_file(_changed(path, change), str(KEY))
    # The bundle's own copy of the key is not used when the verifier brings one.
    assert not (verdict.ok and verdict.key_trusted), path


def test_a_forger_who_signs_with_another_key_is_believed_only_by_who_knows_no_key() -> None:
    forged = bundle_of(5, 2, signer=STRANGER).model_dump_json()
    naive, careful = verify_file(forged), verify_file(forged, str(KEY))
    assert (naive.ok, naive.key_trusted) == (True, False)
    assert not careful.ok
    assert [fault.place for fault in careful.faults] == ["checkpoint"]


def test_a_file_whose_statement_was_withheld_still_proves_its_leaf() -> None:
    withheld = json.loads(json.dumps(BUNDLE))
    withheld["entry"] |= {"salt": None, "statement": None}
    verdict = verify_file(json.dumps(withheld), str(KEY))
    assert (verdict.ok, verdict.opened) == (True, False)


def test_a_statement_without_its_salt_is_refused() -> None:
    verdict = verify_file(_changed(("entry", "salt"), lambda _: None), str(KEY))
    assert (verdict.ok, verdict.opened) == (False, False)


def test_bytes_may_not_move_between_salt_and_statement() -> None:
    shifted = json.loads(json.dumps(BUNDLE))
    entry = shifted["entry"]
    entry["salt"] = to_base64(from_base64(entry["salt"]) + entry["statement"][:1].encode())
    entry["statement"] = entry["statement"][1:]
    assert not verify_file(json.dumps(shifted), str(KEY)).ok


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"format":"austa-ledger-proof/2"}', b"\xff\xfe"])
def test_a_file_that_is_no_bundle_is_a_verdict_not_a_crash(text: str | bytes) -> None:
    verdict = verify_file(text)
    assert not verdict.ok
    assert [fault.place for fault in verdict.faults] == ["file"]


def test_a_key_that_is_none_is_a_verdict_not_a_crash() -> None:
    verdict = verify_file(json.dumps(BUNDLE), "no key")
    assert [fault.place for fault in verdict.faults] == ["trusted key"]


def checkpoint_of(edge: Edge) -> Checkpoint:
    tree = TreeHead(KEY.name, edge.size, edge.root())
    note = sign_note(tree, KEY, SIGNER.sign(tree.body().encode()))
    return Checkpoint(origin=tree.origin, size=tree.size, root=to_base64(tree.root), note=note, public_key=str(KEY))


@given(st.integers(1, 40), st.integers(0, 40), st.booleans())
def test_two_checkpoints_are_consistent_exactly_when_the_log_only_grew(size: int, more: int, honest: bool) -> None:
    edges = [Edge()]
    nodes: dict[Node, bytes] = {}
    for number in range(size + more):
        edge, made = edges[-1].append(leaf_hash(str(number).encode()))
        edges.append(edge)
        nodes.update(made)
    first = edges[size] if honest else edges[size - 1].append(leaf_hash(b"something else"))[0]
    bundle = ConsistencyBundle(
        first=checkpoint_of(first),
        second=checkpoint_of(edges[-1]),
        proof=tuple(map(to_base64, prove(consistency_ranges(size, size + more), nodes))),
    )
    verdict = verify_file(bundle.model_dump_json(), str(KEY))
    assert (verdict.ok, verdict.key_trusted) == (honest, True)


def test_fields_of_a_later_version_are_ignored() -> None:
    assert verify_file(json.dumps({**BUNDLE, "witnesses": []}), str(KEY)).ok
