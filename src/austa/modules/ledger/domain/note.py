"""Checkpoints as C2SP signed notes: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note.

<origin>
<size>
<base64 root>
                                                 (an empty line)
— <key name> <base64(key id || Ed25519 signature)>
"""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from austa.kernel.ids import OperatorId
from austa.modules.ledger.domain.encoding import from_base64, to_base64
from austa.modules.ledger.domain.merkle import HASH_BYTES

ED25519 = b"\x01"
"""Signature type of plain Ed25519 in signed-note."""

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


@dataclass(frozen=True)
class VerifierKey:
    """A named Ed25519 public key. Its text form is signed-note's vkey: `<name>+<hex key id>+<base64>`."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart (signed-note, "Signatures")."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public_key)}"

    @staticmethod
    def parse(text: str) -> "VerifierKey":
        """Read a vkey. Raises ValueError when it is not one, or its key id is not its own."""
        name, separator, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = from_base64(encoded)
        if not (separator and name and raw[:1] == ED25519 and len(raw) == 33):
            raise ValueError("not an Ed25519 verifier key")
        key = VerifierKey(name, raw[1:])
        if key.key_id.hex() != key_id:
            raise ValueError("the key id does not belong to the key")
        return key


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
        name == key.name and raw[:4] == key.key_id and _verifies(key.public_key, raw[4:], body.encode())
        for name, raw in signatures
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


def _verifies(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
