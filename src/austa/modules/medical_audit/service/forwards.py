"""A nurse's case on its way to a physician: moved in our queue at once, carried to `prior_auth` by its event."""

from uuid import UUID

from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden
from austa.kernel.ids import CaseId, MemberId, PrincipalId, RequestId, new_id
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.cases import ForwardAsked, not_now, not_with_nurse, stale_version
from austa.modules.medical_audit.domain.release import may_release
from austa.modules.medical_audit.events import CaseChanged, CaseForwarded
from austa.modules.medical_audit.service.sealed import Vault
from austa.modules.prior_auth.api.requests import PriorAuth


class Forwards:
    """Forwards of the caller's operator."""

    def __init__(self, database: ModuleDatabase, prior_auth: PriorAuth, vault: Vault) -> None:
        self._database = database
        self._prior_auth = prior_auth
        self._vault = vault

    async def keep(self, caller: Caller, case_id: CaseId, member_id: MemberId, asked: ForwardAsked) -> None:
        """Move the case to the physicians' queue, with the reason. The power was checked before."""
        forward_id = new_id()
        texts = await self._vault.of_member(caller, member_id)
        sealed = await texts.seal_reason(forward_id, asked.reason)
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id, lock=True)
            if case.version != asked.version:
                raise stale_version(asked.version, case.version)
            if not may_release(case.state):
                raise not_now(case.state)
            if case.queue != "nurse":
                raise not_with_nurse(case.queue)
            await store.insert_forward(
                tx,
                {
                    "id": forward_id,
                    "case_id": case_id,
                    "request_id": case.request_id,
                    "round": case.round,
                    "forwarded_by": caller.principal_id,
                    "reason": sealed,
                    "at": tx.now(),
                },
            )
            await store.change_case(tx, case_id, "forwarded", queue="medical", assigned_to=None)
            await store.append_event(tx, case_id, "forwarded", "Encaminhado a um médico", event_id=forward_id)
            await tx.publish(
                CaseForwarded(case_id=case_id, request_id=RequestId(case.request_id), forward_id=forward_id),
                CaseChanged(case_id=case_id, what="forwarded"),
            )

    async def carry(self, caller: Caller, forward_id: UUID) -> None:
        """Tell `prior_auth`. Where the request moved on meanwhile, what it came to is told by its own events."""
        async with self._database.transaction(caller) as tx:
            row = await store.get_forward(tx, forward_id)
        try:
            await self._prior_auth.forward(caller, RequestId(row.request_id), row.round, PrincipalId(row.forwarded_by))
        except (Conflict, Forbidden):
            return
