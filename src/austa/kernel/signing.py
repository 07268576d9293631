"""Public keys and signatures as text, for whatever an operator signs and anybody verifies offline.

Keys are C2SP signed-note verifier keys (https://c2sp.org/signed-note): `<name>+<hex key id>+<base64>`. Private keys are
made and kept by `infra.keys`.
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
"""Signature type of plain Ed25519 in signed-note."""


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

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the owner of this key signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def to_base64(raw: bytes) -> str:
    """Bytes as standard base64 text."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text. Raises ValueError for anything `to_base64` would not have written."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if to_base64(raw) != text:
        raise ValueError("not canonical base64")
    return raw
