"""The rules in force, kept for ever by their digest for the replay of what they decided."""

from collections.abc import Mapping
from hashlib import sha256

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId, new_id
from austa.modules.prior_auth import store
from austa.modules.prior_auth.adapters.rules_files import Seed
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.rule_versions import SEED_AUTHOR

COVERAGE = "coverage"


class Rulebook:
    """The coverage pack and the seed of decision tables of one process."""

    def __init__(self, database: ModuleDatabase, source: bytes, code: str, seeds: Mapping[RuleSetName, Seed]) -> None:
        self._database = database
        self._source = source
        self._seeds = seeds
        self._seed_rules = {name: load_rules(seed.xml) for name, seed in seeds.items()}
        self._kept: set[OperatorId] = set()
        self.pack: CoveragePack = read_pack(source)
        self.code = code
        """Digest of the rule code that reads the pack."""

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
                await _keep_source(tx, self.pack.digest, COVERAGE, self.pack.version, self._source)
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
