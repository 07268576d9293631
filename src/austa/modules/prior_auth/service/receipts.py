"""Receipts at the door: who may take one out, and the record that they did."""

from collections.abc import Mapping
from json import dumps
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.ids import DecisionId, RequestId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.receipts import ReplayDifference, ReplayResult
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.receipt import SIGNALS, read_receipt
from austa.modules.prior_auth.domain.refusals import no_such_decision, no_such_rules
from austa.modules.prior_auth.service.receipt_book import STAFF, ReceiptBook
from austa.modules.prior_auth.service.replaying import replay
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import AccessReason, Privacy

WHY: AccessReason = "regulatory_reporting"
"""A receipt is taken out to prove a decision to somebody."""


class ReceiptService:
    """`Receipts`."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        access: Access,
        book: ReceiptBook,
        privacy: Privacy,
        code: str,
        seeds: Mapping[RuleSetName, bytes],
    ) -> None:
        self._database = database
        self._access = access
        self._book = book
        self._privacy = privacy
        self._code = code
        self._seeds = seeds

    async def export(self, caller: Caller, decision_id: DecisionId) -> bytes:
        """See `Receipts.export`."""
        return await self._take_out(caller, decision_id, whole=False)

    async def _take_out(self, caller: Caller, decision_id: DecisionId, *, whole: bool) -> bytes:
        """The file; but for a replay here, which shows nothing, without signals for whoever may not see them."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_decision(tx, decision_id)
            request = await store.get_request(tx, RequestId(row.request_id))
            parts = await store.list_parts(tx, [decision_id])
        if caller.kind == "member" and caller.id != str(request.member_id):
            raise no_such_decision()
        self._access.check(caller, "authorization:read", owner=str(request.member_id))
        queue = "manual" if request.kind == "reimbursement" else None
        if not whole and not self._access.allows(caller, "signal:read", queue=queue):
            parts = [part for part in parts if part.person != SIGNALS]
        looked_at = {SubjectId(UUID(str(part.subject_id))) for part in parts if not part.person.startswith(STAFF)}
        for subject in sorted(looked_at | {SubjectId(request.subject_id)}):
            await self._privacy.record_access(caller, subject, "authorization", WHY, decision_id)
        return await self._book.write(row, request.subject_id, parts)

    async def replay(self, caller: Caller, decision_id: DecisionId) -> ReplayResult:
        """See `Receipts.replay`."""
        receipt = read_receipt(await self._take_out(caller, decision_id, whole=True))

        async def find(digest: str) -> bytes:
            return await self.rules(caller, digest)

        done = await replay(receipt, find, self._access, self._code, self._seeds)
        return ReplayResult(
            identical=done.identical,
            differences=tuple(
                ReplayDifference(field=one.field, kept=_as_json(one.kept), now=_as_json(one.now))
                for one in done.differences
            ),
            notes=done.notes,
        )

    async def public_key(self, caller: Caller) -> str:
        """See `Receipts.public_key`."""
        self._access.check(caller, "ledger:read")
        return str(await self._book.verifier_key(caller.operator_id))

    async def rules(self, caller: Caller, digest: str) -> bytes:
        """See `Receipts.rules`."""
        self._access.check(caller, "authorization:read")
        async with self._database.transaction(caller) as tx:
            found = await store.find_rule_source(tx, digest)
        if found is None:
            raise no_such_rules(digest)
        return found


def _as_json(value: object) -> Personal:
    return Personal(dumps(value, ensure_ascii=False, sort_keys=True))
