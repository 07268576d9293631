"""The certificates that an operator trusts, from a folder."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from austa.kernel.errors import Invalid

ENDINGS = frozenset({".pem", ".crt", ".cer", ".der"})


def read_certificates(folder: Path | None) -> tuple[bytes, ...]:
    """Roots, and those between a root and a person, as DER. None without a folder.

    Raises `Invalid` `documents.no_root` or `documents.wrong_certificate`: then AUSTA does not start.
    """
    if folder is None:
        return ()
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in ENDINGS)
    found = [certificate for path in files for certificate in _certificates(path)]
    if not any(each.issuer == each.subject for each in found):
        raise Invalid("documents.no_root", "AUSTA_SIGNATURE_ROOTS holds no root certificate", folder=str(folder))
    return tuple(each.public_bytes(Encoding.DER) for each in found)


def _certificates(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError:
        raise Invalid("documents.wrong_certificate", "this file holds no certificate", file=str(path)) from None
