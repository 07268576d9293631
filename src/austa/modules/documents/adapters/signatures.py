"""Checks the signatures inside a PDF (PAdES, ETSI EN 319 142; ICP-Brasil, DOC-ICP-15). Runs in the child only.

Nothing is fetched: whether a certificate was revoked is not known here.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from austa.kernel.personal import Personal
from austa.modules.documents.api import Signature, SignatureChain, SignatureCoverage
from austa.modules.documents.domain.authenticity import UNREADABLE

HOLDER, RESPONSIBLE = "2.16.76.1.3.1", "2.16.76.1.3.4"
"""Other names of an ICP-Brasil certificate (DOC-ICP-04, 7.1.2.3), of a person and of who answers for a company: date of
birth (8 digits), CPF (11), then other numbers."""
CRM, CRM_STATE = "/2.16.76.1.4.2.2.1", "/2.16.76.1.4.2.2.2"
"""By what entries a health document tells its physician's registration (ITI, guide for developers of VALIDAR)."""
MOST = 20
"""Signatures that are looked at: the first tell enough of a paper that has more."""
_OUT_OF_DATE = frozenset(
    {AdESIndeterminate.EXPIRED, AdESIndeterminate.NOT_YET_VALID, AdESIndeterminate.OUT_OF_BOUNDS_NO_POE}
)
_HARMLESS = frozenset({ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING})

for _library in ("pyhanko", "pyhanko_certvalidator"):
    # What they complain about names people.
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Trusted:
    """Certificates that the operator trusts: roots, and those that stand between a root and a person."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]


def trusted(certificates: Sequence[bytes]) -> Trusted:
    """Sort certificates (DER or PEM, many in one too). Raises `ValueError` for what is none."""
    every = [x509.Certificate.load(der) for one in certificates for der in _ders(one)]
    roots = [each for each in every if each.self_issued]
    return Trusted(tuple(roots), tuple(each for each in every if each not in roots))


def signatures_of(content: bytes, trust: Trusted, at: datetime, password: str | None = None) -> list[Signature]:
    """All signatures of a PDF, the oldest first; `unreadable` where it does not let itself be checked.

    `at`: when the file came, for by then it was signed.
    """
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted and reader.decrypt(password or "").status == AuthStatus.FAILED:
            return [UNREADABLE]
        if reader.xrefs.hybrid_xrefs_present:
            # Programs of different age see different files in one: no signature says which of them was meant.
            return [UNREADABLE]
        found = reader.embedded_regular_signatures[:MOST]
    except Exception:
        # The library raises what it likes on damaged files, as decoders do.
        return [UNREADABLE]
    return [_signature(each, trust, at) for each in found]


def _signature(signature: EmbeddedPdfSignature, trust: Trusted, at: datetime) -> Signature:
    known = ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=[*trust.between, *signature.other_embedded_certs],
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    try:
        status = validate_pdf_signature(signature, known)
        certificate = status.signing_cert
        stamp = status.timestamp_validity
        stamped = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
        signed_at = stamp.timestamp if stamp and stamped else status.signer_reported_dt
        return Signature(
            integrity="intact" if status.intact and status.valid else "altered",
            coverage=_coverage(status),
            chain=_chain(status, trust),
            root=_name(status.validation_path.first) if status.validation_path else None,
            signer=Personal(_name(certificate)),
            cpf=_cpf(certificate),
            registration=_registration(signature),
            signed_at=signed_at.astimezone(UTC) if signed_at and signed_at.tzinfo else None,
            time_stamped=stamped,
        )
    except Exception:
        return UNREADABLE


def _coverage(status: PdfSignatureStatus) -> SignatureCoverage:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "whole_file"
    whole_version = status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    return "extended" if whole_version and status.docmdp_ok and status.modification_level in _HARMLESS else "changed"


def _chain(status: PdfSignatureStatus, trust: Trusted) -> SignatureChain:
    if not trust.roots:
        return "not_checked"
    if status.trust_problem_indic in _OUT_OF_DATE:
        return "out_of_date"
    return "trusted" if status.validation_path is not None and status.trust_problem_indic is None else "unknown"


def _name(certificate: x509.Certificate) -> str:
    """Its common name. ICP-Brasil writes a person's as `NAME:CPF`; the CPF is shown as what it is."""
    name = certificate.subject.native.get("common_name", certificate.subject.human_friendly)
    return str(name[0] if isinstance(name, list) else name).rpartition(":")[0] or str(name)


def _cpf(certificate: x509.Certificate) -> Personal | None:
    for name in certificate.subject_alt_name_value or ():
        if name.name == "other_name" and name.chosen["type_id"].dotted in {HOLDER, RESPONSIBLE}:
            digits = str(name.chosen["value"].native)[8:19]
            return Personal(digits) if digits.isdigit() and len(digits) == 11 and int(digits) else None
    return None


def _registration(signature: EmbeddedPdfSignature) -> Personal | None:
    """As the file said when it was signed: what was added later does not count."""
    signed: Any = signature.reader.get_historical_resolver(signature.signed_revision).trailer_view
    if "/Info" not in signed:
        return None
    said = signed["/Info"]
    number, state = [str(said[entry]).strip() if entry in said else "" for entry in (CRM, CRM_STATE)]
    return Personal(f"CRM-{state} {number}"[:40]) if number and state else None


def _ders(content: bytes) -> list[bytes]:
    if not pem.detect(content):
        return [content]
    return [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
