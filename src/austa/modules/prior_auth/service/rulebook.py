"""The rules in force, kept for ever by their digest for the replay of what they decided."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId, new_id
from austa.modules.prior_auth import store
from austa.modules.prior_auth.adapters.rules_files import Seed
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.refusals import no_such_rules
from austa.modules.prior_auth.domain.rule_versions import SEED_AUTHOR, in_force
from austa.modules.prior_auth.service.rule_views import step_of

LARGEST_SHELF = 8
"""Packs kept in memory: few operators have their own, and most share the seed."""


class Rulebook:
    """The coverage pack and the seed of decision tables of one process."""

    def __init__(self, database: ModuleDatabase, source: bytes, code: str, seeds: Mapping[RuleSetName, Seed]) -> None:
        self._database = database
        self._source = source
        self._seeds = seeds
        self._seed_rules = {name: load_rules(seed.xml) for name, seed in seeds.items()}
        self._kept: set[OperatorId] = set()
        self._packs: dict[str, CoveragePack] = {}
        self.pack: CoveragePack = read_pack(source)
        """The seed."""
        self.code = code
        """Digest of the rule code that reads the pack."""

    async def pack_at(self, tx: Transaction, moment: datetime) -> CoveragePack:
        """The operator's coverage pack in force at that moment: the seed, where none of their own was put in force."""
        steps = await store.list_coverage_steps(tx)
        version = in_force([step_of(row) for row in steps], moment)
        digest = next((row.digest for row in steps if row.version_id == version), self.pack.digest)
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

    async def _plant(self, tx: Transaction) -> None:
        """The first seed of a set is in force at once; what a later AUSTA brings waits for two people."""
        await store.lock_name(tx, "rules")
        versions = await store.list_rule_versions(tx)
        for name, seed in self._seeds.items():
            own = [row for row in versions if row.rule_set == name]
            digest = sha256(seed.xml).hexdigest()
            if any(row.digest == digest for row in own):
                continue
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
                    "note": "",
                },
            )
            for step in ("propose",) if own else ("propose", "activate"):
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


async def _keep_source(tx: Transaction, digest: str, kind: str, version: str, content: bytes) -> None:
    values = {"digest": digest, "kind": kind, "version": version, "content": content, "first_used_at": tx.now()}
    await store.keep_rule_source(tx, values)
