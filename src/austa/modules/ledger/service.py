"""The ledger's use cases: record, seal, prove, verify, erase."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, Invalid, Unexpected
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId, new_id
from austa.kernel.signing import VerifierKey, to_base64
from austa.modules.ledger import store
from austa.modules.ledger.api import (
    Checkpoint,
    ConsistencyBundle,
    Entry,
    EntryId,
    ProofBundle,
    ProvenEntry,
    VerificationReport,
    entry_not_found,
    no_checkpoint,
    not_sealed,
)
from austa.modules.ledger.domain.leaf import SALT_BYTES, Leaf, Opening, statement_of, subject_of
from austa.modules.ledger.domain.merkle import (
    Edge,
    consistency_ranges,
    cover,
    inclusion_ranges,
    leaf_hash,
    prove,
    verify_consistency,
    verify_inclusion,
)
from austa.modules.ledger.domain.note import TreeHead, origin_of, parse_note, sign_note
from austa.modules.ledger.domain.recomputation import Recomputation, StoredCheckpoint, StoredEntry
from austa.modules.ledger.domain.sealing import seal_due
from austa.modules.ledger.events import CheckpointSigned, EntryAppended, OpeningErased, SealDue

SIGNING_PURPOSE = "ledger"
"""Names the operator's log key among its signing keys."""

ERASURE_ROLE = "privacy"
"""The module that alone orders erasures (house rule 10 and the table of modules)."""

BATCH = 1000
"""Leaves held in memory at a time while the whole log is verified."""


class LedgerService:
    """The log of each operator. Appends and seals of one operator queue on the lock of its head."""

    def __init__(self, database: ModuleDatabase, keys: Keys, access: Access) -> None:
        self._database = database
        self._keys = keys
        self._access = access

    async def record(self, tx: Transaction, envelopes: Sequence[Envelope]) -> None:
        """Append events to their operator's log, in the transaction that handles them; a second time does nothing."""
        head = await store.lock_head(tx)
        recorded = await store.find_recorded(tx, [envelope.id for envelope in envelopes])
        await self._append(tx, head, [envelope for envelope in envelopes if envelope.id not in recorded])

    async def seal(self, tx: Transaction) -> None:
        """Sign a checkpoint over all entries so far, unless one covers them already.

        Raises Unexpected `ledger.inconsistent` rather than sign a tree that does not extend the last one signed.
        """
        signer = await self._keys.signing_key(tx.operator_id, SIGNING_PURPOSE)
        head = await store.lock_head(tx)
        latest = await store.latest_checkpoint(tx)
        sealed = 0 if latest is None else latest.size
        if sealed != head.edge.size:
            await self._insist_on_growth(tx, latest, head.edge)
            tree = TreeHead(origin_of(tx.operator_id), head.edge.size, head.edge.root())
            note = sign_note(tree, _verifier(tx.operator_id, signer), signer.sign(tree.body().encode()))
            await store.insert_checkpoint(tx, tree.size, note)
            await tx.publish(CheckpointSigned(origin=tree.origin, size=tree.size, root=to_base64(tree.root)))
        await store.update_head(tx, store.Head(head.edge, None))

    async def get_entry(self, caller: Caller, reference: UUID) -> Entry:
        self._access.check(caller, "ledger:read")
        async with self._database.transaction(caller) as tx:
            found = await _get(tx, reference)
            latest = await store.latest_checkpoint(tx)
        return Entry(
            id=EntryId(found.id),
            index=found.index,
            source_event_id=found.source_event_id,
            kind=found.kind,
            time=found.time,
            subject=found.subject,
            state="sealed" if latest is not None and found.index < latest.size else "sequenced",
        )

    async def checkpoint(self, caller: Caller) -> Checkpoint:
        self._access.check(caller, "ledger:read")
        async with self._database.transaction(caller) as tx:
            latest = await store.latest_checkpoint(tx)
        if latest is None:
            raise no_checkpoint()
        return _told(latest, await self._verifier(caller.operator_id))

    async def prove(self, caller: Caller, reference: UUID) -> ProofBundle:
        self._access.check(caller, "ledger:read")
        async with self._database.transaction(caller) as tx:
            found = await _get(tx, reference)
            latest = await store.latest_checkpoint(tx)
            if latest is None or found.index >= latest.size:
                raise not_sealed(found.index)
            proof = await _prove(tx, inclusion_ranges(found.index, latest.size))
        tree = parse_note(latest.note)
        if not verify_inclusion(found.leaf_hash, found.index, tree.size, proof, tree.root):
            raise Unexpected("ledger.tampered", "the stored tree does not lead to its checkpoint; verify the ledger")
        return ProofBundle(
            entry=_proven(found),
            leaf_hash=to_base64(found.leaf_hash),
            proof=tuple(map(to_base64, proof)),
            tree_size=tree.size,
            root=to_base64(tree.root),
            checkpoint=latest.note,
            public_key=str(await self._verifier(caller.operator_id)),
        )

    async def prove_consistency(self, caller: Caller, first: int, second: int) -> ConsistencyBundle:
        self._access.check(caller, "ledger:read")
        if first > second:
            raise Invalid("ledger.sizes_reversed", "the first checkpoint must not be larger than the second")
        async with self._database.transaction(caller) as tx:
            older, newer = await store.find_checkpoint(tx, first), await store.find_checkpoint(tx, second)
            if older is None or newer is None:
                raise no_checkpoint()
            proof = await _prove(tx, consistency_ranges(first, second))
        key = await self._verifier(caller.operator_id)
        return ConsistencyBundle(first=_told(older, key), second=_told(newer, key), proof=tuple(map(to_base64, proof)))

    async def verify(self, caller: Caller, known_notes: tuple[str, ...] = ()) -> VerificationReport:
        self._access.check(caller, "ledger:read")
        origin = origin_of(caller.operator_id)
        run = Recomputation(origin, await self._verifier(caller.operator_id), known_notes)
        async with self._database.transaction(caller) as tx:
            census = await store.take_census(tx)
            # A head that was tampered with may claim any size; only rows that exist are worth a look.
            length = min(census.size, census.largest_index + 1)
            for start in range(0, length, BATCH):
                end = min(start + BATCH, length)
                entries = await store.load_entries(tx, start, end)
                inner = run.take(entries, end, await store.load_checkpoints(tx, start + 1, end))
                run.compare(inner, await store.load_nodes(tx, [node for node, _ in inner]))
            run.finish(census, await store.load_checkpoints_outside(tx, length))
            latest = await store.latest_checkpoint(tx)
        return VerificationReport(
            ok=not run.faults,
            origin=origin,
            size=census.size,
            sealed_size=0 if latest is None else latest.size,
            root=to_base64(run.edge.root()),
            checkpoints=census.checkpoints,
            erased=run.erased,
            faults=tuple(run.faults),
        )

    async def erase_opening(self, caller: Caller, entry_id: EntryId) -> None:
        if caller.kind != "system" or caller.id != ERASURE_ROLE:
            raise Forbidden("ledger.erasure_not_ordered", "only privacy may order an erasure")
        async with self._database.transaction(caller) as tx:
            head = await store.lock_head(tx)
            found = await _get(tx, entry_id)
            if found.id != entry_id:
                raise entry_not_found()
            if await store.delete_opening(tx, found.index):
                event = OpeningErased(entry_id=entry_id)
                (event_id,) = await tx.publish(event)
                await self._append(tx, head, [_own_envelope(tx, event_id, event)])

    async def _append(self, tx: Transaction, head: store.Head, envelopes: Sequence[Envelope]) -> None:
        if not envelopes:
            return
        edge, entries, told = head.edge, [], []
        for envelope in envelopes:
            opening = Opening(secrets.token_bytes(SALT_BYTES), statement_of(envelope))
            leaf = Leaf(new_id(), envelope.id, envelope.type, envelope.time, opening.commitment())
            subject, index = subject_of(envelope), edge.size
            edge, made = edge.append(leaf_hash(leaf.data()))
            entries.append(store.NewEntry(leaf, subject, opening, made))
            told.append(
                EntryAppended(
                    entry_id=leaf.id, index=index, source_event_id=envelope.id, kind=leaf.kind, subject=subject
                )
            )
        await store.insert_entries(tx, entries)
        due = seal_due(tx.now(), head.seal_due_at)
        await store.update_head(tx, store.Head(edge, due or head.seal_due_at))
        await tx.publish(*told, causes=envelopes)
        if due is not None:
            await tx.publish(SealDue(origin=origin_of(tx.operator_id)), not_before=due)

    async def _insist_on_growth(self, tx: Transaction, latest: StoredCheckpoint | None, edge: Edge) -> None:
        if latest is None:
            return
        tree = parse_note(latest.note)
        proof = await _prove(tx, consistency_ranges(tree.size, edge.size)) if tree.size < edge.size else ()
        if not verify_consistency(tree.size, edge.size, tree.root, edge.root(), proof):
            raise Unexpected(
                "ledger.inconsistent",
                "the tree does not extend the last checkpoint; nothing was signed",
                sealed=tree.size,
                size=edge.size,
            )

    async def _verifier(self, operator_id: OperatorId) -> VerifierKey:
        return _verifier(operator_id, await self._keys.signing_key(operator_id, SIGNING_PURPOSE))


async def _get(tx: Transaction, reference: UUID) -> StoredEntry:
    index = await store.find_index(tx, reference)
    found = None if index is None else await store.load_entry(tx, index)
    if found is None:
        raise entry_not_found()
    return found


async def _prove(tx: Transaction, ranges: Sequence[tuple[int, int]]) -> tuple[bytes, ...]:
    wanted = [node for start, end in ranges for node in cover(start, end)]
    nodes = await store.load_nodes(tx, wanted)
    if len(nodes) != len(set(wanted)):
        raise Unexpected("ledger.tampered", "a stored node of the tree is missing; verify the ledger")
    return prove(ranges, nodes)


def _verifier(operator_id: OperatorId, signer: Ed25519PrivateKey) -> VerifierKey:
    return VerifierKey(origin_of(operator_id), signer.public_key().public_bytes_raw())


def _told(stored: StoredCheckpoint, key: VerifierKey) -> Checkpoint:
    tree = parse_note(stored.note)
    return Checkpoint(
        origin=tree.origin, size=tree.size, root=to_base64(tree.root), note=stored.note, public_key=str(key)
    )


def _proven(entry: StoredEntry) -> ProvenEntry:
    opening = entry.opening
    return ProvenEntry(
        id=EntryId(entry.id),
        index=entry.index,
        source_event_id=entry.source_event_id,
        kind=entry.kind,
        time=entry.time,
        leaf_data=to_base64(entry.leaf_data),
        salt=None if opening is None else to_base64(opening.salt),
        statement=None if opening is None else opening.statement.decode(),
    )


def _own_envelope(tx: Transaction, event_id: UUID, event: OpeningErased) -> Envelope:
    """The event as the outbox wrote it, to record it in the transaction that published it."""
    return Envelope(
        id=event_id,
        type=event.TYPE,
        time=tx.now(),
        operator=tx.operator_id,
        actor=tx.caller.actor,
        correlation=tx.caller.correlation or event_id,
        causation=tx.caller.causation,
        key=event.key(),
        data=event.model_dump(mode="json"),
    )
