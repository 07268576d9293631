"""What you may ask of the ledger: entries, checkpoints, proofs, and a verification of the whole log.

The log is an RFC 9162 Merkle tree, one per operator. *Sequenced* means an entry has its place in the log;
*sealed* means a signed checkpoint covers it. Only a sealed entry can be proven to somebody else.
"""

from datetime import datetime
from typing import Literal, NewType, Protocol
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Conflict, NotFound

EntryId = NewType("EntryId", UUID)

State = Literal["sequenced", "sealed"]


class Entry(Contract):
    """One leaf of the log. `index` counts from 0; `time` is when the recorded event happened.

    `subject` is what the event was about (a decision, an opinion or a request), None once the opening was
    erased.
    """

    id: EntryId
    index: int
    source_event_id: UUID
    kind: str
    time: datetime
    subject: str | None
    state: State


class Checkpoint(Contract):
    """A signed tree head: `note` is a C2SP tlog-checkpoint, `root` base64, `public_key` a signed-note key."""

    origin: str
    size: int
    root: str
    note: str
    public_key: str


class ProvenEntry(Contract):
    """The leaf and its opening. `leaf_data` is base64 of the canonical JSON that the leaf hash covers.

    `statement` is the canonical JSON text that `leaf_data` commits to under `salt` (base64, 32 bytes).
    Both are None once the opening was erased: the leaf stays provable and tells nothing about anybody.
    """

    id: EntryId
    index: int
    source_event_id: UUID
    kind: str
    time: datetime
    leaf_data: str
    salt: str | None
    statement: str | None


class ProofBundle(Contract):
    """All that is needed to verify one entry offline (RFC 9162, 2.1.3). Hashes are base64, leaf side up."""

    format: Literal["austa-ledger-proof/1"] = "austa-ledger-proof/1"
    state: Literal["sealed"] = "sealed"
    entry: ProvenEntry
    leaf_hash: str
    proof: tuple[str, ...]
    tree_size: int
    root: str
    checkpoint: str
    public_key: str


class ConsistencyBundle(Contract):
    """Proof that the log at `second` only added to the log at `first` (RFC 9162, 2.1.4)."""

    format: Literal["austa-ledger-consistency/1"] = "austa-ledger-consistency/1"
    first: Checkpoint
    second: Checkpoint
    proof: tuple[str, ...]


class Fault(Contract):
    """One thing that does not hold. `place` names the row: `leaf 17`, `node 3/5`, `checkpoint 64`, `head`."""

    place: str
    what: str


class VerificationReport(Contract):
    """The outcome of recomputing the whole log. `root` is base64 of the recomputed root over `size` leaves.

    `erased` counts leaves whose opening was erased on purpose. `faults` holds at most the first hundred.
    """

    ok: bool
    origin: str
    size: int
    sealed_size: int
    root: str
    checkpoints: int
    erased: int
    faults: tuple[Fault, ...]


class ProofVerdict(Contract):
    """The outcome of verifying a bundle offline. `ok` means every check that was possible held.

    `key_trusted` tells whether the bundle's key is one the verifier already knew; without that a bundle only
    proves that it agrees with itself. `opened` tells whether a statement was disclosed and is the committed one.
    `tree_size` is that of the newest checkpoint in the bundle.
    """

    ok: bool
    key_trusted: bool
    opened: bool
    origin: str | None
    tree_size: int | None
    faults: tuple[Fault, ...]


class Ledger(Protocol):
    """The log of one operator, which is the caller's."""

    async def get_entry(self, caller: Caller, reference: UUID) -> Entry:
        """The entry with that entry id or source event id, else the first about that subject.

        Raises NotFound `ledger.entry_not_found`.
        """
        ...

    async def checkpoint(self, caller: Caller) -> Checkpoint:
        """The newest checkpoint. Raises NotFound `ledger.no_checkpoint` before the first seal."""
        ...

    async def prove(self, caller: Caller, reference: UUID) -> ProofBundle:
        """Inclusion of an entry (found as by `get_entry`) in the newest checkpoint.

        Raises NotFound `ledger.entry_not_found`, Conflict `ledger.not_sealed` (details: state, index).
        """
        ...

    async def prove_consistency(self, caller: Caller, first: int, second: int) -> ConsistencyBundle:
        """Consistency between the checkpoints of these two sizes, first <= second.

        Raises NotFound `ledger.no_checkpoint` where no checkpoint has that size.
        """
        ...

    async def verify(self, caller: Caller, known_notes: tuple[str, ...] = ()) -> VerificationReport:
        """Recompute the log from its leaves and check every stored hash, opening, checkpoint and signature.

        `known_notes` are checkpoints kept outside (by a witness, in a letter): only they can show a log that
        was cut back to an earlier, honestly signed state.
        """
        ...

    async def erase_opening(self, caller: Caller, entry_id: EntryId) -> None:
        """Forget salt and statement of an entry, and log that it was done. Doing it twice changes nothing.

        Only `privacy` may order it: Forbidden `ledger.erasure_not_ordered`. NotFound `ledger.entry_not_found`.
        """
        ...


def entry_not_found() -> NotFound:
    return NotFound("ledger.entry_not_found", "no entry of this operator has that id")


def no_checkpoint() -> NotFound:
    return NotFound("ledger.no_checkpoint", "the log has no such checkpoint")


def not_sealed(index: int) -> Conflict:
    return Conflict(
        "ledger.not_sealed",
        "the entry has its place in the log, but no signed checkpoint covers it yet",
        state="sequenced",
        index=index,
    )
