"""The rules in force, kept for ever by their digest for the replay of what they decided."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError
from austa.kernel.ids import OperatorId, new_id
from austa.modules.prior_auth.adapters.rules_files import Seed
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.refusals import no_such_rules, rules_unsound
from austa.modules.prior_auth.domain.rule_sets import SETS, misfits
from austa.modules.prior_auth.domain.rule_versions import SEED_AUTHOR, Done, in_force
from austa.modules.prior_auth.domain.tables import Tables, TableUsed, compiled
from austa.modules.prior_auth.domain.terms import LegalTerms, read_terms
from austa.modules.prior_auth.service.rule_views import step_of
from austa.modules.prior_auth.store import requests as store

LARGEST_SHELF = 8
"""Packs kept in memory: few operators have their own, and most share the seed."""
MOST_COMPILED = 64
NO_LONGER_FITS = "A versão que estava em vigor não serve mais a esta versão do AUSTA, ou dá menos que a lei de agora."


@dataclass(frozen=True)
class InForce:
    """What an operator decides by at a moment. `authority` alone is what a person's decision rests on."""

    tables: Tables
    terms: LegalTerms
    authority: TableUsed
    pack: CoveragePack


@dataclass(frozen=True)
class _Seen:
    """The versions and steps of an operator, as long as nobody takes another step."""

    steps: int
    versions: Mapping[Any, Any]
    done: Mapping[str, Sequence[Done]]


class Rulebook:
    """The coverage pack and the seed of decision tables of one process."""

    def __init__(self, database: ModuleDatabase, source: bytes, code: str, seeds: Mapping[RuleSetName, Seed]) -> None:
        self._database = database
        self._source = source
        self._seeds = seeds
        self._seed_rules = {name: compiled(seed.xml) for name, seed in seeds.items()}
        self._kept: set[OperatorId] = set()
        self._packs: dict[str, CoveragePack] = {}
        self._seen: dict[OperatorId, _Seen] = {}
        self._compiled = OrderedDict((rules.digest, rules) for rules in self._seed_rules.values())
        self._terms: dict[str, LegalTerms] = {}
        self.pack: CoveragePack = read_pack(source)
        """The seed."""
        self.code = code
        """Digest of the rule code that reads the pack."""

    async def pack_at(self, tx: Transaction, moment: datetime) -> CoveragePack:
        """The operator's coverage pack in force at that moment: the seed, where none of their own was put in force."""
        return await self._pack(tx, await self._look(tx), moment)

    async def _pack(self, tx: Transaction, seen: "_Seen", moment: datetime) -> CoveragePack:
        version_id = in_force(seen.done[store.COVERAGE], moment)
        digest = self.pack.digest if version_id is None else seen.versions[version_id].digest
        if digest == self.pack.digest:
            return self.pack
        if digest not in self._packs:
            raw = await store.find_rule_source(tx, digest)
            if raw is None:
                raise no_such_rules(digest)
            if len(self._packs) >= LARGEST_SHELF:
                self._packs.pop(next(iter(self._packs)))
            self._packs[digest] = await asyncio.to_thread(read_pack, raw)
        return self._packs[digest]

    def seed(self, rule_set: RuleSetName) -> Rules:
        """The tables that AUSTA brings along: the law as we read it, and how far an operator's own may go."""
        return self._seed_rules[rule_set]

    async def keep(self, caller: Caller) -> None:
        """Keep the pack and the seed for the caller's operator before they are used, in a transaction of its own: what
        a decision names is there whatever becomes of the decision."""
        if caller.operator_id in self._kept:
            return
        async with self._database.transaction(caller) as tx:
            if not await store.has_rule_source(tx, self.pack.digest):
                await _keep_source(tx, self.pack.digest, store.COVERAGE, self.pack.version, self._source)
            await self._plant(tx)
        self._kept.add(caller.operator_id)

    async def in_force(self, tx: Transaction) -> InForce:
        """What the operator decides by now. Call `keep` before the transaction begins."""
        seen, now = await self._look(tx), tx.now()
        used: dict[RuleSetName, TableUsed] = {}
        rules: dict[RuleSetName, Rules] = {}
        for name in SETS:
            version_id = in_force(seen.done[name], now)
            if version_id is None:
                raise no_such_rules(name)
            version = seen.versions[version_id]
            used[name] = TableUsed(rule_set=name, number=version.number, digest=version.digest)
            rules[name] = await self._load(tx, version.digest)
        routing = (used["routing"], used["authority"])
        terms = self._read_terms(used["legal-terms"], rules["legal-terms"])
        pack = await self._pack(tx, seen, now)
        return InForce(Tables(rules["routing"], rules["authority"], routing), terms, used["authority"], pack)

    def compile(self, rule_set: RuleSetName, xml: bytes) -> Rules:
        """Tables that are not in force, for that set. Takes CPU: call it in a thread. Raises
        `prior_auth.rules_refused`, `prior_auth.rules_unsound`."""
        rules = load_rules(xml)
        unfit = misfits(SETS[rule_set], rules, self._seed_rules[rule_set])
        if unfit:
            raise rules_unsound(0, len(unfit), 0)
        return rules

    async def _look(self, tx: Transaction) -> _Seen:
        """Steps are only ever added: while there are as many as before, nothing changed."""
        known, steps = self._seen.get(tx.operator_id), await store.count_rule_steps(tx)
        if known is not None and known.steps == steps:
            return known
        journal = [step_of(row) for row in await store.list_rule_steps(tx)]
        versions = {row.id: row for row in await store.list_rule_versions(tx)}
        kinds = (*SETS, store.COVERAGE)
        done = {kind: [each for each in journal if versions[each.version_id].rule_set == kind] for kind in kinds}
        seen = _Seen(len(journal), versions, done)
        self._seen[tx.operator_id] = seen
        return seen

    async def _load(self, tx: Transaction, digest: str) -> Rules:
        found = self._compiled.get(digest)
        if found is not None:
            return found
        source = await store.find_rule_source(tx, digest)
        if source is None:
            raise no_such_rules(digest)
        loaded = load_rules(source)
        self._compiled[digest] = loaded
        if len(self._compiled) > MOST_COMPILED:
            self._compiled.popitem(last=False)
        return loaded

    def _read_terms(self, used: TableUsed, rules: Rules) -> LegalTerms:
        table = f"de prazos {used.number} ({used.digest[:12]})"
        if table not in self._terms:
            self._terms[table] = read_terms(rules, table, self._seed_rules["legal-terms"])
        return self._terms[table]

    async def _plant(self, tx: Transaction) -> None:
        """The first seed of a set is in force at once; what a later AUSTA brings waits for two people, unless what is
        in force cannot be used any more."""
        await store.lock_name(tx, "rules")
        seen = await self._look(tx)
        for name, seed in self._seeds.items():
            own = [row for row in seen.versions.values() if row.rule_set == name]
            digest = sha256(seed.xml).hexdigest()
            if any(row.digest == digest for row in own):
                continue
            unusable = own and await self._why_unusable(tx, name, in_force(seen.done[name], tx.now()), seen)
            number, version_id = len(own) + 1, new_id()
            await _keep_source(tx, digest, name, str(number), seed.xml)
            await store.insert_rule_version(
                tx,
                {
                    "id": version_id,
                    "rule_set": name,
                    "number": number,
                    "digest": digest,
                    "examples": seed.examples,
                    "author": SEED_AUTHOR,
                    "created_at": tx.now(),
                    "note": NO_LONGER_FITS if unusable else "",
                },
            )
            for step in ("propose", "activate") if unusable or not own else ("propose",):
                await store.append_rule_step(
                    tx,
                    {
                        "version_id": version_id,
                        "step": step,
                        "at": tx.now(),
                        "by": SEED_AUTHOR,
                        "effective_at": tx.now(),
                        "until": None,
                        "note": "",
                    },
                )

    async def _why_unusable(self, tx: Transaction, name: RuleSetName, version_id: Any, seen: _Seen) -> str:
        """Why the version in force cannot stand beside this AUSTA; empty where it can."""
        if version_id is None:
            return "none"
        try:
            rules = await self._load(tx, seen.versions[version_id].digest)
        except AustaError as error:
            return error.message
        return " ".join(await asyncio.to_thread(misfits, SETS[name], rules, self._seed_rules[name]))


async def _keep_source(tx: Transaction, digest: str, kind: str, version: str, content: bytes) -> None:
    values = {"digest": digest, "kind": kind, "version": version, "content": content, "first_used_at": tx.now()}
    await store.keep_rule_source(tx, values)
