"""The rules in force, kept for ever by their digest for the replay of what they decided."""

from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.ids import OperatorId
from austa.modules.prior_auth import store
from austa.modules.prior_auth.domain.coverage import CoveragePack, read_pack

COVERAGE = "coverage"


class Rulebook:
    """The coverage pack of one process."""

    def __init__(self, database: ModuleDatabase, source: bytes, code: str) -> None:
        self._database = database
        self._source = source
        self._kept: set[OperatorId] = set()
        self.pack: CoveragePack = read_pack(source)
        self.code = code
        """Digest of the rule code that reads the pack."""

    async def keep(self, caller: Caller) -> None:
        """Keep the pack for the caller's operator before it is used, in a transaction of its own: what a decision
        names is there whatever becomes of the decision."""
        if caller.operator_id in self._kept:
            return
        async with self._database.transaction(caller) as tx:
            if not await store.has_rule_source(tx, self.pack.digest):
                await store.keep_rule_source(
                    tx,
                    {
                        "digest": self.pack.digest,
                        "kind": COVERAGE,
                        "version": self.pack.version,
                        "content": self._source,
                        "first_used_at": tx.now(),
                    },
                )
        self._kept.add(caller.operator_id)
