"""Verification of exported bundles: no database, no network, nothing but the file and a key one trusts."""

from pydantic import ValidationError

from austa.modules.ledger.api import ConsistencyBundle, Fault, ProofBundle, ProofVerdict, ProvenEntry
from austa.modules.ledger.domain.encoding import from_base64, to_base64
from austa.modules.ledger.domain.leaf import Leaf, Opening
from austa.modules.ledger.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from austa.modules.ledger.domain.note import TreeHead, VerifierKey, is_signed_by, parse_note


def verify_bundle(text: str | bytes, trusted_key: str | None = None) -> ProofVerdict:
    """Verify the JSON of a ProofBundle. `trusted_key` is the log's vkey, learnt elsewhere than from the file.

    Never raises: a file that is not a bundle is a verdict too.
    """
    try:
        bundle = ProofBundle.read(text)
        head = parse_note(bundle.checkpoint)
        key = VerifierKey.parse(bundle.public_key)
        trusted = None if trusted_key is None else VerifierKey.parse(trusted_key)
    except ValidationError:
        return _refused("bundle", "not an austa-ledger-proof/1 file")
    except ValueError as error:
        return _refused("bundle", str(error))
    faults = [
        *_leaf_faults(bundle),
        *_tree_faults(bundle, head),
        *_checkpoint_faults(bundle.checkpoint, head, key if trusted is None else trusted),
    ]
    return ProofVerdict(
        ok=not faults,
        key_trusted=trusted is not None and trusted == key,
        opened=bundle.entry.statement is not None and not any(f.place in {"entry", "statement"} for f in faults),
        origin=head.origin,
        tree_size=head.size,
        faults=tuple(faults),
    )


def consistency_holds(bundle: ConsistencyBundle) -> bool:
    """Whether the second checkpoint of the bundle only added to the first; says nothing about signatures."""
    first, second = parse_note(bundle.first.note), parse_note(bundle.second.note)
    proof = [from_base64(step) for step in bundle.proof]
    return first.origin == second.origin and verify_consistency(first.size, second.size, first.root, second.root, proof)


def _leaf_faults(bundle: ProofBundle) -> list[Fault]:
    """The leaf says what the entry says, its hash is right, a disclosed statement is the committed one."""
    entry = bundle.entry
    try:
        data = from_base64(entry.leaf_data)
        leaf = Leaf.read(data)
        opening = _opening(entry)
    except ValueError as error:
        return [Fault(place="entry", what=str(error))]
    faults = []
    if (leaf.id, leaf.source_event_id, leaf.kind, leaf.time) != (
        entry.id,
        entry.source_event_id,
        entry.kind,
        entry.time,
    ):
        faults.append(Fault(place="entry", what="the entry is not the one that leaf_data tells of"))
    if opening is not None and not opening.opens(leaf.commitment):
        faults.append(Fault(place="statement", what="leaf_data does not commit to this statement"))
    if bundle.leaf_hash != to_base64(leaf_hash(data)):
        faults.append(Fault(place="leaf_hash", what="not the RFC 9162 leaf hash of leaf_data"))
    return faults


def _opening(entry: ProvenEntry) -> Opening | None:
    if entry.salt is None and entry.statement is None:
        return None
    if entry.salt is None or entry.statement is None:
        raise ValueError("a statement and its salt come together or not at all")
    return Opening(from_base64(entry.salt), entry.statement.encode())


def _tree_faults(bundle: ProofBundle, head: TreeHead) -> list[Fault]:
    """The leaf hash lies at its index of the tree that the checkpoint signs."""
    faults = []
    if bundle.tree_size != head.size:
        faults.append(Fault(place="tree_size", what="not the size that the checkpoint signs"))
    if bundle.root != to_base64(head.root):
        faults.append(Fault(place="root", what="not the root that the checkpoint signs"))
    try:
        leaf = from_base64(bundle.leaf_hash)
        proof = [from_base64(step) for step in bundle.proof]
    except ValueError as error:
        return [*faults, Fault(place="proof", what=str(error))]
    if not verify_inclusion(leaf, bundle.entry.index, head.size, proof, head.root):
        faults.append(Fault(place="proof", what="the proof does not lead from the leaf to the root"))
    return faults


def _checkpoint_faults(note: str, head: TreeHead, key: VerifierKey) -> list[Fault]:
    faults = []
    if head.origin != key.name:
        faults.append(Fault(place="checkpoint", what="another log's key"))
    if not is_signed_by(note, key):
        faults.append(Fault(place="checkpoint", what="no valid signature of that key"))
    return faults


def _refused(place: str, what: str) -> ProofVerdict:
    return ProofVerdict(
        ok=False,
        key_trusted=False,
        opened=False,
        origin=None,
        tree_size=None,
        faults=(Fault(place=place, what=what),),
    )
