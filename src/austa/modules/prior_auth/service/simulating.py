"""What tables would have done to past requests, from the facts that were kept with their assessments."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.kernel.ids import RequestId
from austa.modules.prior_auth.api.rules import (
    RuleSetName,
    SimulatedChange,
    SimulationOf,
    SimulationResult,
    Way,
    WayCount,
)
from austa.modules.prior_auth.domain.assessment import Assessment, assess
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.dmn.engine import Rules
from austa.modules.prior_auth.domain.tables import Tables
from austa.modules.prior_auth.domain.terms import LegalTerms, read_terms
from austa.modules.prior_auth.service.rulebook import InForce, Rulebook
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.views import Considered, Row
from austa.modules.prior_auth.store import requests as store

CHUNK = 100
MOST_EXAMPLES = 100

Compare = Callable[[Row, Considered | None], SimulatedChange | None]


class Simulator:
    """Compares tables with those in force over past requests; writes nothing."""

    def __init__(self, database: ModuleDatabase, vault: Vault, rulebook: Rulebook) -> None:
        self._database = database
        self._vault = vault
        self._rulebook = rulebook

    async def run(self, caller: Caller, rule_set: RuleSetName, asked: SimulationOf) -> SimulationResult:
        """See `Rules.simulate`."""
        rules = await asyncio.to_thread(self._rulebook.compile, rule_set, asked.xml.encode())
        async with self._database.transaction(caller) as tx:
            in_force, now = await self._rulebook.in_force(tx), tx.now()
            pack = await self._rulebook.pack_at(tx, now)
        since = now - timedelta(days=asked.since_days)
        compare = self._comparison(rule_set, rules, in_force, pack)
        changes: list[SimulatedChange] = []
        ways: Counter[tuple[Way, Way]] = Counter()
        looked_at = unreadable = 0
        before: UUID | None = None
        whole = False
        while looked_at + unreadable < asked.most:
            size = min(CHUNK, asked.most - looked_at - unreadable)
            async with self._database.transaction(caller) as tx:
                listed = await store.list_last_assessments(tx, before, size)
            rows = [row for row in listed if row.at >= since]
            opened = [(row, await self._open(row)) if rule_set != "legal-terms" else (row, None) for row in rows]
            readable = [(row, found) for row, found in opened if found is not None or rule_set == "legal-terms"]
            found = await asyncio.to_thread(_compared, compare, readable)
            ways.update((change.before, change.after) for change in found)
            changes += found[: MOST_EXAMPLES - len(changes)]
            looked_at += len(readable)
            unreadable += len(rows) - len(readable)
            if len(rows) < size:
                whole = True
                break
            before = listed[-1].id
        return SimulationResult(
            rule_set=rule_set,
            since=since,
            looked_at=looked_at,
            changed=ways.total(),
            unreadable=unreadable,
            whole=whole,
            ways=tuple(WayCount(before=one, after=other, requests=count) for (one, other), count in ways.most_common()),
            examples=tuple(changes),
        )

    async def _open(self, row: Row) -> Considered | None:
        """None where the person was erased."""
        try:
            content = await self._vault.open(row.operator_id, row.subject_id, "assessment", row.id, row.content)
        except NotFound:
            return None
        return Considered.read(content)

    def _comparison(self, rule_set: RuleSetName, rules: Rules, in_force: InForce, pack: CoveragePack) -> Compare:
        match rule_set:
            case "legal-terms":
                terms = read_terms(rules, "new", self._rulebook.seed(rule_set))
                return lambda row, _: _other_term(row, in_force.terms, terms)
            case "routing":
                new = replace(in_force.tables, routing=rules)
            case "authority":
                new = replace(in_force.tables, authority=rules)

        def compare(row: Row, considered: Considered | None) -> SimulatedChange | None:
            if considered is None:
                return None
            signals = considered.screening.signals if considered.screening else ()

            def way(tables: Tables) -> Assessment:
                return assess(considered.facts, pack, tables, signals)

            return _other_way(row, way(in_force.tables), way(new))

        return compare


def _compared(compare: Compare, rows: Sequence[tuple[Row, Considered | None]]) -> list[SimulatedChange]:
    return [change for row, considered in rows if (change := compare(row, considered)) is not None]


def _other_way(row: Row, before: Assessment, after: Assessment) -> SimulatedChange | None:
    if (before.path, before.queue) == (after.path, after.queue):
        return None
    said, says = _reasons(before), _reasons(after)
    return _change(
        row,
        Way(path=before.path, queue=before.queue),
        Way(path=after.path, queue=after.queue),
        tuple(reason for reason in says if reason not in said),
        tuple(reason for reason in said if reason not in says),
    )


def _reasons(assessment: Assessment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{rule.id}: {rule.text}" for rule in assessment.rules))


def _other_term(row: Row, before: LegalTerms, after: LegalTerms) -> SimulatedChange | None:
    """The term of the answer, or, where that is the same, of the review that the request had."""
    pairs = [(row.service_class, before.ruling[row.service_class], after.ruling[row.service_class])]
    if row.reopened in before.reviews:
        pairs.append((row.reopened, before.reviews[row.reopened], after.reviews[row.reopened]))
    for path, one, other in pairs:
        if one.days != other.days:
            was, would_be = (Way(path=path, queue=None, days=term.days) for term in (one, other))
            return _change(row, was, would_be, (other.clause,), (one.clause,))
    return None


def _change(
    row: Row, before: Way, after: Way, speaks_now: tuple[str, ...], speaks_no_longer: tuple[str, ...]
) -> SimulatedChange:
    request_id: Any = row.request_id
    return SimulatedChange(
        request_id=RequestId(request_id),
        protocol=row.protocol,
        assessed_at=row.at,
        before=before,
        after=after,
        speaks_now=speaks_now,
        speaks_no_longer=speaks_no_longer,
    )
