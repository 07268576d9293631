"""Verification of exported bundles: no database, no network, nothing but the file and a key one trusts."""

from contextlib import suppress

from pydantic import ValidationError

from austa.kernel.signing import VerifierKey, from_base64, to_base64
from austa.modules.ledger.api import ConsistencyBundle, Fault, ProofBundle, ProofVerdict, ProvenEntry
from austa.modules.ledger.domain.leaf import Leaf, Opening
from austa.modules.ledger.domain.merkle import leaf_hash, verify_consistency, verify_inclusion
from austa.modules.ledger.domain.note import TreeHead, is_signed_by, parse_note


def verify_file(text: str | bytes, trusted_key: str | None = None) -> ProofVerdict:
    """Verify the JSON of a ProofBundle or a ConsistencyBundle.

    `trusted_key` is the log's vkey, learnt elsewhere than from the file. Never raises: a file that is neither
    kind of bundle, and a key that is none, are verdicts too.
    """
    try:
        trusted = None if trusted_key is None else VerifierKey.parse(trusted_key)
    except ValueError as error:
        return _refused("trusted key", str(error))
    try:
        bundle = _read(text)
        if isinstance(bundle, ProofBundle):
            return _verify_proof(bundle, trusted)
        return _verify_consistency(bundle, trusted)
    except ValueError as error:
        return _refused("file", str(error))


def _read(text: str | bytes) -> ProofBundle | ConsistencyBundle:
    for kind in (ProofBundle, ConsistencyBundle):
        with suppress(ValidationError):
            return kind.read(text)
    raise ValueError("neither an austa-ledger-proof/1 nor an austa-ledger-consistency/1 file")


def _verify_proof(bundle: ProofBundle, trusted: VerifierKey | None) -> ProofVerdict:
    head = parse_note(bundle.checkpoint)
    key = VerifierKey.parse(bundle.public_key)
    faults = [
        *_leaf_faults(bundle),
        *_tree_faults(bundle, head),
        *_signature_faults("checkpoint", bundle.checkpoint, head, trusted or key),
    ]
    opened = bundle.entry.statement is not None and not any(f.place in {"entry", "statement"} for f in faults)
    return _verdict(head, faults, key_trusted=key == trusted, opened=opened)


def _verify_consistency(bundle: ConsistencyBundle, trusted: VerifierKey | None) -> ProofVerdict:
    faults = []
    heads = []
    keys = []
    for place, checkpoint in (("first", bundle.first), ("second", bundle.second)):
        head, key = parse_note(checkpoint.note), VerifierKey.parse(checkpoint.public_key)
        if (head.origin, head.size, to_base64(head.root)) != (checkpoint.origin, checkpoint.size, checkpoint.root):
            faults.append(Fault(place=place, what="not what the note signs"))
        faults += _signature_faults(place, checkpoint.note, head, trusted or key)
        heads.append(head)
        keys.append(key)
    first, second = heads
    proof = [from_base64(step) for step in bundle.proof]
    if first.origin != second.origin or not verify_consistency(first.size, second.size, first.root, second.root, proof):
        faults.append(Fault(place="proof", what="the second checkpoint does not extend the first"))
    return _verdict(second, faults, key_trusted=keys == [trusted, trusted], opened=False)


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


def _signature_faults(place: str, note: str, head: TreeHead, key: VerifierKey) -> list[Fault]:
    faults = []
    if head.origin != key.name:
        faults.append(Fault(place=place, what="another log's key"))
    if not is_signed_by(note, key):
        faults.append(Fault(place=place, what="no valid signature of that key"))
    return faults


def _verdict(head: TreeHead, faults: list[Fault], *, key_trusted: bool, opened: bool) -> ProofVerdict:
    return ProofVerdict(
        ok=not faults,
        key_trusted=key_trusted,
        opened=opened,
        origin=head.origin,
        tree_size=head.size,
        faults=tuple(faults),
    )


def _refused(place: str, what: str) -> ProofVerdict:
    return ProofVerdict(
        ok=False,
        key_trusted=False,
        opened=False,
        origin=None,
        tree_size=None,
        faults=(Fault(place=place, what=what),),
    )
