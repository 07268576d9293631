"""Receipts for tests, made and signed without a database."""

import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from austa.kernel.ids import OperatorId, derived_id
from austa.kernel.signing import VerifierKey
from austa.modules.prior_auth.domain.disclosure import Disclosures
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.receipt import FORMAT, Statement, key_name, state, write_receipt
from austa.modules.prior_auth.domain.replay import legal_basis_by_rule
from austa.modules.prior_auth.domain.wording import APPROVED
from tests.modules.prior_auth.cases import SIGNAL_RULES, assessed, cids, facts, lines, signals_of
from tests.modules.prior_auth.house import PACK
from tests.modules.prior_auth.seeds import TABLES

OPERATOR = OperatorId(derived_id("operator"))
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = VerifierKey(key_name(OPERATOR), SIGNER.public_key().public_bytes_raw())
RULES = {
    "version": PACK.version,
    "digest": PACK.digest,
    "code": "0" * 64,
    "tables": [used.reveal_json() for used in TABLES.used],
}
PEOPLE: dict[str, dict[str, Any]] = {
    "member": {"member_id": "m", "name": "Clara Souza", "card_number": "0037"},
    "holder": {"member_id": "h", "name": "Marina Teles", "card_number": "0036"},
    "guardian": {"member_id": "g", "name": "Rita Souza", "card_number": "0035"},
    "requester": {"name": "Renato Demo", "council": "CRM", "uf": "SP", "number": "900010"},
}


def hemogram(**changes: Any) -> Facts:
    return facts(changes.pop("items", lines("40304361", amount=2600)), cids=cids("Z00.0"), **changes)


def approved_by_rule(about: Facts | None = None, **decision: Any) -> dict[str, Any]:
    """What the system decides of a hemogram for a dependant with a guardian."""
    known = about or hemogram()
    return {
        "format": FORMAT,
        "operator": str(OPERATOR),
        "request": {
            "id": str(known.request_id),
            "protocol": "99999920261121000001",
            "kind": known.kind,
            "urgent": known.urgent,
            "court_ordered": known.court_case is not None,
            "service_class": "lab",
        },
        "persons": PEOPLE,
        "facts": known.reveal_json(),
        "signals": {
            "rules_version": SIGNAL_RULES.version,
            "rules_digest": SIGNAL_RULES.digest,
            "signals": [signal.reveal_json() for signal in signals_of(known, PACK)],
            "blind": [],
        },
        "assessment": assessed(known, PACK).reveal_json(),
        "rules": {"assessment": dict(RULES), "decision": dict(RULES)},
        "models": [],
        "decision": {
            "id": str(derived_id("decision")),
            "case_id": None,
            "outcome": "approve",
            "ground": None,
            "by": "system",
            "at": "2026-11-21T15:00:00+00:00",
            "from_state": "ELIGIBILITY_CHECK",
            "steps": ["pass_eligibility", "approve_by_rule", "issue"],
            "state": "ISSUED",
            "post_facto": False,
            "member_text": APPROVED,
            "legal_basis": legal_basis_by_rule(known, PACK),
            "released_at": None,
            "reason_codes": [],
            "missing": [],
            "evidence": [],
            "releaser": None,
            "opinions": [],
            "contacts": [],
            "earlier_reviewers": [],
            "items": [{"position": 0, "tuss": "40304361", "asked": 1, "approved": 1}],
            **decision,
        },
        "guide": {
            "number": "20260000000001",
            "senha": "ABCD2345",
            "issued_on": "2026-11-21",
            "valid_until": "2026-12-21",
        },
    }


def before_tables(assessment: dict[str, Any]) -> dict[str, Any]:
    """As an assessment was kept before there were tables: their rules were the pack's."""
    rules = [
        {name: value for name, value in rule.items() if name != "row"}
        | ({"version": PACK.version} if rule["version"].startswith("routing ") else {})
        for rule in assessment["rules"]
    ]
    return {name: value for name, value in assessment.items() if name != "tables"} | {"rules": rules}


def stated(document: dict[str, Any]) -> Statement:
    return state(document, lambda: secrets.token_urlsafe(16))


def signed(document: dict[str, Any]) -> bytes:
    statement = stated(document)
    return signed_with(statement, statement.disclosures)


def signed_with(statement: Statement, disclosures: Disclosures) -> bytes:
    return write_receipt(statement.value, disclosures, KEY, SIGNER.sign(statement.text))
