"""Checkpoints as C2SP signed notes: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note.

<origin>
<size>
<base64 root>
                                                 (an empty line)
— <key name> <base64(key id || Ed25519 signature)>
"""

from dataclasses import dataclass

from austa.kernel.ids import OperatorId
from austa.kernel.signing import VerifierKey, from_base64, to_base64
from austa.modules.ledger.domain.merkle import HASH_BYTES

SIGNATURE_MARK = "— "
LARGEST_SIZE = 2**63 - 1


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: the log's origin, its number of leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def origin_of(operator_id: OperatorId) -> str:
    """The name of an operator's log; also the name of the key that signs it."""
    return f"austa.{operator_id}/log"


def sign_note(head: TreeHead, key: VerifierKey, signature: bytes) -> str:
    """The whole note, given the Ed25519 signature of `head.body()` by that key."""
    return f"{head.body()}\n{SIGNATURE_MARK}{key.name} {to_base64(key.key_id + signature)}\n"


def parse_note(note: str) -> TreeHead:
    """What a note claims, whoever signed it. Raises ValueError for what is not a checkpoint."""
    body, _ = _split(note)
    lines = body.split("\n")
    if len(lines) < 4 or any(not line for line in lines[:-1]):
        raise ValueError("a checkpoint has an origin, a size and a root")
    origin, size, root = lines[0], lines[1], from_base64(lines[2])
    if not (size.isascii() and size.isdecimal() and str(int(size)) == size and int(size) <= LARGEST_SIZE):
        raise ValueError("the size is not a decimal number without leading zeros")
    if len(root) != HASH_BYTES:
        raise ValueError("the root is not a SHA-256 hash")
    return TreeHead(origin, int(size), root)


def is_signed_by(note: str, key: VerifierKey) -> bool:
    """Whether the note bears a valid signature of that key; other people's signatures are ignored."""
    try:
        body, signatures = _split(note)
    except ValueError:
        return False
    return any(
        name == key.name and raw[:4] == key.key_id and key.verifies(raw[4:], body.encode()) for name, raw in signatures
    )


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    body, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise ValueError("not a signed note")
    return f"{body}\n", [_signature(line) for line in tail[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    name, separator, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
    if not (line.startswith(SIGNATURE_MARK) and separator and name):
        raise ValueError("not a signature line")
    return name, from_base64(encoded)
