"""What speaks for and against a paper. Evidence with points for a person who looks: nothing is decided by it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from austa.modules.documents.api import (
    Authenticity,
    AuthenticityCode,
    AuthenticityPart,
    Field,
    FieldName,
    Signature,
)
from austa.modules.documents.domain.reading import fold

START = 50
POINTS: Mapping[AuthenticityCode, int] = {
    "signature_trusted": 35,
    "signature_unproven": 5,
    "signature_out_of_date": 0,
    "signature_altered": -50,
    "signature_changed_later": -40,
    "signature_unreadable": -5,
    "signer_is_requester": 10,
    "signer_is_another": -10,
    "same_file": -20,
    "same_photo": -20,
    "requester_checked": 5,
    "requester_doubtful": -5,
    "date_doubtful": -10,
}
"""Set by hand so that one strong sign outweighs the weak ones; nothing was fitted, and no probability is meant."""
_OF_CHAIN: Mapping[str, AuthenticityCode] = {
    "trusted": "signature_trusted",
    "out_of_date": "signature_out_of_date",
    "unknown": "signature_unproven",
    "not_checked": "signature_unproven",
}

UNREADABLE = Signature(
    integrity="unreadable",
    coverage=None,
    chain="not_checked",
    root=None,
    signer=None,
    cpf=None,
    registration=None,
    signed_at=None,
    time_stamped=False,
)
"""Of a file that does not let itself be checked."""


def weigh(
    fields: Sequence[Field],
    signatures: Sequence[Signature],
    made_by: str,
    *,
    same_file: bool,
    same_photo: bool,
) -> Authenticity:
    """The score of a paper and its parts, each code once, what moves it most first."""
    find = {field.name: field for field in reversed(fields)}.get
    codes = {_code(signature) for signature in signatures}
    if same_file:
        codes.add("same_file")
    if same_photo:
        codes.add("same_photo")
    codes |= set(_of_signers(signatures, find("requester_name"))) | set(_of_fields(find))
    parts = sorted(
        (AuthenticityPart(code=code, points=POINTS[code]) for code in codes),
        key=lambda part: (-abs(part.points), part.code),
    )
    score = START + sum(part.points for part in parts)
    return Authenticity(
        score=min(100, max(0, score)), parts=tuple(parts), signatures=tuple(signatures), made_by=made_by
    )


def is_tampered(signature: Signature) -> bool:
    """What is shown is not what was signed, or more was added than signing needs."""
    return signature.integrity == "altered" or signature.coverage == "changed"


def _code(signature: Signature) -> AuthenticityCode:
    if signature.integrity == "unreadable":
        return "signature_unreadable"
    if signature.integrity == "altered":
        return "signature_altered"
    return "signature_changed_later" if signature.coverage == "changed" else _OF_CHAIN[signature.chain]


def _of_signers(signatures: Sequence[Signature], requester: Field | None) -> Iterator[AuthenticityCode]:
    """Who signed beside who asked. A clinic may sign for its physicians, so another name says little."""
    names = [_words(each.signer.reveal()) for each in signatures if each.signer and not is_tampered(each)]
    if requester is None or requester.normal is None or not names:
        return
    asked = _words(requester.normal.reveal())
    # One of them may leave out a middle name.
    if any(len(asked & name) > 1 and (asked <= name or name <= asked) for name in names):
        yield "signer_is_requester"
    elif requester.status == "accepted":
        yield "signer_is_another"


def _of_fields(find: Callable[[FieldName], Field | None]) -> Iterator[AuthenticityCode]:
    number, issued = find("council_number"), find("issue_date")
    if number and number.status == "accepted":
        yield "requester_checked"
    elif number and "format" in number.failed:
        yield "requester_doubtful"
    if issued and "plausible" in issued.failed:
        yield "date_doubtful"


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in fold(name).split() if len(word) > 2)
