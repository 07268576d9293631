"""The decision receipt: all that a decision rested on, signed as one statement from which each person can be cut.

A receipt in a file is one line of canonical JSON with five members: `format`, `statement` (what is signed), `key` and
`signature` (Ed25519 over the canonical statement), and `disclosures` (the values cut out of the statement, by person).
The digest that the ledger commits to is of the statement, so it stays the same whoever is erased.

Format 1 was one canonical text, under the member's key and unsigned; such receipts stay readable.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from austa.kernel.ids import OperatorId
from austa.kernel.signing import VerifierKey, from_base64, to_base64
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.disclosure import (
    EVERY,
    Disclosure,
    Disclosures,
    Path,
    cut,
    cuts_in,
    digest_of,
    restore,
)
from austa.modules.prior_auth.domain.signals import is_signal

FORMAT_1 = "austa-decision-receipt/1"
FORMAT = "austa-decision-receipt/2"
SIGNALS = "signals"
"""The name under which signals are cut out: about the member and under their key, but not for everybody's eyes."""
MEMBERS = frozenset({"disclosures", "format", "key", "signature", "statement"})

OPEN_FACTS = frozenset(
    {"request_id", "kind", "channel", "character", "on", "items", "provider", "asks_before", "returns_to"}
)
"""Facts about no person: what was asked, of which provider, when. Every other fact is the member's, new ones too,
but for the requester's registration."""


@dataclass(frozen=True)
class Statement:
    """What is signed, and the values that were cut out of it."""

    value: dict[str, Any]
    disclosures: Disclosures

    @cached_property
    def text(self) -> bytes:
        """The canonical form, as it is signed."""
        return canonical(self.value)

    @property
    def digest(self) -> str:
        """SHA-256, hex: what the event and the ledger carry."""
        return sha256(self.text).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """A receipt as read: the document as far as it is disclosed, and what its verification found.

    `withheld` are the persons some of whose values are not here, because they were erased or left out.
    """

    format: str
    document: dict[str, Any]
    digest: str
    key: VerifierKey | None
    faults: tuple[str, ...]
    disclosed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def key_name(operator_id: OperatorId | str) -> str:
    """The name of the key with which an operator signs receipts."""
    return f"austa.{operator_id}/receipts"


def state(document: Mapping[str, Any], new_salt: Callable[[], str]) -> Statement:
    """Cut what is about people out of a document."""
    return Statement(*cut(document, _places(document), new_salt))


def write_receipt(statement: Mapping[str, Any], disclosures: Disclosures, key: VerifierKey, signature: bytes) -> bytes:
    """The file. `disclosures` may lack persons who were erased."""
    whole = {
        "format": FORMAT,
        "statement": statement,
        "key": str(key),
        "signature": to_base64(signature),
        "disclosures": {person: sorted(shown, key=digest_of) for person, shown in disclosures.items() if shown},
    }
    return canonical(whole) + b"\n"


def read_receipt(raw: bytes, trusted: VerifierKey | None = None) -> Receipt:
    """Read and verify a file, by `trusted` or else by the key that came with it.

    Raises ValueError for what is no receipt at all; everything else that is wrong is a fault of the result.
    """
    whole = _load(raw)
    if whole.get("format") == FORMAT_1:
        text = canonical(whole)
        faults = ["format 1 is not signed: compare its digest with the ledger's entry"]
        if raw != text + b"\n":
            faults.append("the file is not in canonical form")
        return Receipt(FORMAT_1, whole, sha256(text).hexdigest(), None, tuple(faults))
    if whole.get("format") != FORMAT or whole.keys() != MEMBERS or not isinstance(whole["statement"], dict):
        raise ValueError(f"not an {FORMAT} file")
    statement, disclosures = whole["statement"], whole["disclosures"]
    if not _are_disclosures(disclosures):
        raise ValueError("the disclosures are not lists of [salt, value] by person")
    marks = cuts_in(statement)
    faults = [
        *([] if raw == canonical(whole) + b"\n" else ["the file is not in canonical form"]),
        *_signature_faults(whole, trusted),
        *_disclosure_faults(disclosures, marks),
    ]
    shown = {digest_of(each) for of_person in disclosures.values() for each in of_person}
    return Receipt(
        format=FORMAT,
        document=restore(statement, disclosures),
        digest=sha256(canonical(statement)).hexdigest(),
        key=_key_of(whole),
        faults=tuple(faults),
        disclosed=tuple(sorted(disclosures)),
        withheld=tuple(sorted({person for digest, person in marks if digest not in shown})),
    )


def _places(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where a document speaks of whom. Signals come first: what is cut as a signal is not the member's to be shown."""
    yield from _signal_places(document)
    for role in document["persons"]:
        yield ("persons", role), role
    yield ("facts", "requester"), "requester" if "requester" in document["persons"] else "member"
    for fact in document["facts"] or ():
        if fact not in OPEN_FACTS and fact != "requester":
            yield ("facts", fact), "member"
    for found in ("checks", "missing", "proposal"):
        yield ("assessment", found), "member"
    for words in ("text", "evidence"):
        yield ("assessment", "rules", EVERY, words), "member"
    for words in ("member_text", "missing", "evidence"):
        yield ("decision", words), "member"
    yield ("guide", "senha"), "member"
    yield ("board", "reasons"), "member"
    decision = document["decision"]
    yield ("decision", "releaser", "registration"), staff(decision["by"])
    for at, opinion in enumerate(decision["opinions"]):
        yield ("decision", "opinions", at, "registration"), staff(opinion["author"])


def _signal_places(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """That there are signals is no secret, a case says so; which they are is."""
    assessment = document["assessment"]
    if not (document.get("signals") or {}).get("signals") or assessment is None:
        return
    yield ("signals", "signals"), SIGNALS
    yield ("assessment", "routes"), SIGNALS
    for at, rule in enumerate(assessment["rules"]):
        if is_signal(rule["id"]):
            yield ("assessment", "rules", at), SIGNALS


def staff(principal_id: str) -> str:
    """The name of a person of the operator among those a receipt is about."""
    return f"staff:{principal_id}"


def _load(raw: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(raw)
        canonical(whole)
    except (ValueError, RecursionError):
        raise ValueError("not a receipt: the file is not canonical JSON") from None
    if not isinstance(whole, dict):
        raise ValueError("not a receipt: the file is no JSON object")
    return whole


def _are_disclosures(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(shown, list) and shown and all(_is_disclosure(each) for each in shown) for shown in value.values()
    )


def _is_disclosure(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def _key_of(whole: Mapping[str, Any]) -> VerifierKey | None:
    try:
        key = VerifierKey.parse(str(whole["key"]))
    except ValueError:
        return None
    return key if str(key) == whole["key"] else None


def _signature_faults(whole: Mapping[str, Any], trusted: VerifierKey | None) -> list[str]:
    statement, key = whole["statement"], _key_of(whole)
    if statement.get("format") != FORMAT:
        return ["the statement is of another format than the file"]
    if key is None:
        return ["the key in the file is not an Ed25519 verifier key"]
    if key.name != key_name(str(statement.get("operator"))):
        return ["the key is not the one of the operator that the statement names"]
    if trusted is not None and key != trusted:
        return ["the file was signed with another key than the trusted one"]
    try:
        signature = from_base64(str(whole["signature"]))
    except ValueError:
        return ["the signature is not base64"]
    return [] if key.verifies(signature, canonical(statement)) else ["no valid signature of that key"]


def _disclosure_faults(disclosures: Mapping[str, list[Disclosure]], marks: list[tuple[str, str]]) -> list[str]:
    faults = []
    left = set(marks)
    for person, shown in disclosures.items():
        digests = [digest_of(each) for each in shown]
        if digests != sorted(digests):
            faults.append(f"the disclosures of {person} are not in order")
        for digest in digests:
            if (digest, person) not in left:
                faults.append(f"a disclosure of {person} is not what was signed")
            left.discard((digest, person))
    return faults
