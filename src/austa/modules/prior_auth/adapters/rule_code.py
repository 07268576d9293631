"""Tells one version of the rule code from another, so that a replay can say whether the code changed."""

from functools import cache
from hashlib import sha256
from importlib import resources

RULE_CODE = (
    "api/boards.py",
    "api/clocks.py",
    "api/guides.py",
    "api/links.py",
    "api/refunds.py",
    "api/requests.py",
    "api/rules.py",
    "domain/assessment.py",
    "domain/authority.py",
    "domain/coverage.py",
    "domain/dmn/arithmetic.py",
    "domain/dmn/compiler.py",
    "domain/dmn/engine.py",
    "domain/dmn/faults.py",
    "domain/dmn/functions.py",
    "domain/dmn/inputs.py",
    "domain/dmn/item_types.py",
    "domain/dmn/logic.py",
    "domain/dmn/memory.py",
    "domain/dmn/model.py",
    "domain/dmn/parser.py",
    "domain/dmn/properties.py",
    "domain/dmn/reader.py",
    "domain/dmn/regions.py",
    "domain/dmn/syntax.py",
    "domain/dmn/table.py",
    "domain/dmn/temporal.py",
    "domain/dmn/types_of_model.py",
    "domain/dmn/values.py",
    "domain/dmn/xml.py",
    "domain/eligibility.py",
    "domain/facts.py",
    "domain/guards.py",
    "domain/lifecycle.py",
    "domain/refusals.py",
    "domain/rule_sets.py",
    "domain/signals.py",
    "domain/tables.py",
    "domain/wording.py",
)
"""What an assessment, and the check of a person's decision, run through in this module."""
POLICIES = ("access.cedar", "access.cedarschema")


@cache
def rule_code_digest() -> str:
    """SHA-256, hex, of the rule code and of the access policies, file by file with their names."""
    module, infra = resources.files("austa.modules.prior_auth"), resources.files("austa.infra")
    files = [*((name, module / name) for name in RULE_CODE), *((name, infra / name) for name in POLICIES)]
    whole = sha256()
    for name, file in files:
        whole.update(f"{name} {sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
