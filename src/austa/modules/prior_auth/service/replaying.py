"""Replays a receipt with the rules that it names; needs no database where the rules are at hand."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any

from austa.infra.access import Access
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.ids import OperatorId, new_id
from austa.modules.prior_auth.api.requests import ReleasedDecision
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.receipt import FORMAT_1, Receipt
from austa.modules.prior_auth.domain.replay import (
    Difference,
    current_form,
    decide_again,
    decision_part,
    differences,
)
from austa.modules.prior_auth.domain.tables import Tables, TableUsed, compiled

FindRules = Callable[[str], Awaitable[bytes]]
"""The text of rules by SHA-256, hex. Raises `NotFound`."""


@dataclass(frozen=True)
class Replay:
    """What came of deciding again. `notes` say what a reader should know and is no difference."""

    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def identical(self) -> bool:
        return not self.differences


async def replay(
    receipt: Receipt, find_rules: FindRules, access: Access, code: str, seeds: Mapping[RuleSetName, bytes]
) -> Replay:
    """Decide again. `code` is the digest of the rule code that runs now; `seeds` are the tables for receipts that are
    older than tables.

    Raises `Unavailable` `prior_auth.facts_withheld`, `Invalid` `prior_auth.rules_wrong` where the rules found are not
    those that were named, and what `find_rules` raises.
    """
    document = current_form(receipt.document)
    rules = document["rules"]
    assessed_by = await _pack(rules["assessment"]["digest"], find_rules) if rules["assessment"] else None
    deciding = rules.get("decision") or rules["assessment"]
    pack = assessed_by if rules["assessment"] == deciding else None
    pack = pack or await _pack(deciding["digest"], find_rules)
    tables = await _tables(rules, pack, find_rules, seeds)
    try:
        again = decide_again(document, assessed_by, pack, tables, _may_release(access))
    except (KeyError, TypeError, ValueError):
        raise Invalid("prior_auth.receipt_unreadable", "the receipt lacks fields that a replay needs") from None
    return Replay(differences(decision_part(document), again), tuple(_notes(document["format"], rules, code)))


async def _tables(
    rules: Mapping[str, Any], pack: CoveragePack, find_rules: FindRules, seeds: Mapping[RuleSetName, bytes]
) -> Tables:
    """The routing that the assessment names and the authority that the decision names; the seed's where none is named,
    and their rules carry the version of the pack then, as they did."""
    assessed = _used(rules.get("assessment"))
    authority = _used(rules.get("decision")).get("authority") or assessed.get("authority")
    routing = assessed.get("routing")
    return Tables(
        await _table(routing, find_rules) if routing else compiled(seeds["routing"]),
        await _table(authority, find_rules) if authority else compiled(seeds["authority"]),
        tuple(assessed.values()),
        None if routing else pack.version,
    )


def _used(part: Mapping[str, Any] | None) -> dict[str, TableUsed]:
    kept = (TableUsed.read(dumps(each)) for each in (part or {}).get("tables", ()))
    return {used.rule_set: used for used in kept}


async def _table(used: TableUsed, find_rules: FindRules) -> Rules:
    rules = compiled(await find_rules(used.digest))
    if rules.digest != used.digest:
        raise Invalid("prior_auth.rules_wrong", f"these are not the rules with the digest {used.digest}")
    return rules


async def _pack(digest: str, find_rules: FindRules) -> CoveragePack:
    pack = read_pack(await find_rules(digest))
    if pack.digest != digest:
        raise Invalid("prior_auth.rules_wrong", f"these are not the rules with the digest {digest}")
    return pack


def _notes(format_: str, rules: Mapping[str, Any], code: str) -> list[str]:
    notes = []
    kept = {each["code"] for each in rules.values() if each and each.get("code")}
    if format_ == FORMAT_1:
        notes.append("format 1 holds neither the steps taken nor the person's power: only the assessment is replayed")
    notes += [f"the rule code changed since: {digest} then, {code} now" for digest in sorted(kept - {code})]
    return notes


def _may_release(access: Access) -> Callable[[ReleasedDecision, bool], bool]:
    operator = OperatorId(new_id())

    def ask(released: ReleasedDecision, own_request: bool) -> bool:
        person = Caller(operator_id=operator, kind="staff", id=str(released.released_by), roles=released.releaser_roles)
        return access.allows(
            person, "decision:release", outcome=released.outcome, ground=released.ground, own_request=own_request
        )

    return ask
