"""Checklists at the door: read with the case, filled in by physicians, never changed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.ids import CaseId, RequestId, new_id
from austa.modules.identity.api import Identity
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.cases import not_now, request_answered
from austa.modules.medical_audit.api.checklists import (
    CaseChecklists,
    Checklist,
    ChecklistAsked,
    ItemChecklists,
    checklist_incomplete,
    no_such_item,
)
from austa.modules.medical_audit.domain.checklist import items_to_check, wrong_criteria
from austa.modules.medical_audit.domain.release import is_requester, may_work_on, waits_for_people
from austa.modules.medical_audit.events import CaseChanged
from austa.modules.medical_audit.service.people import People
from austa.modules.medical_audit.service.sealed import Vault
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.requests import PriorAuth, RequestView
from austa.modules.privacy.api import Privacy

WRITE = "checklist:write"
Row = sa.Row[Any]


class ChecklistService:
    """`Checklists`."""

    def __init__(
        self,
        database: ModuleDatabase,
        access: Access,
        *,
        vault: Vault,
        prior_auth: PriorAuth,
        members: Members,
        privacy: Privacy,
        identity: Identity,
    ) -> None:
        self._database = database
        self._access = access
        self._vault = vault
        self._prior_auth = prior_auth
        self._members = members
        self._privacy = privacy
        self._identity = identity

    async def of_case(self, caller: Caller, case_id: CaseId) -> CaseChecklists:
        """See `Checklists.of_case`."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id)
            rows = await store.list_checklists(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(case.request_id))
        subject = await self._members.subject(caller, request.member_id)
        await self._privacy.record_access(caller, subject, "case", "medical_audit", case.id)
        kept = await self._open(caller, request, rows)
        wanted = items_to_check(request)
        people = await People.find(self._identity, caller, [caller.principal_id])
        own = is_requester(people.registration(caller.principal_id), request.requester)
        return CaseChecklists(
            items=tuple(
                ItemChecklists(
                    position=item.position,
                    tuss=item.tuss,
                    description=item.description,
                    asked_for=item.tuss in wanted,
                    checklists=tuple(each for each in kept if each.position == item.position),
                )
                for item in request.items
            ),
            may_write=may_work_on(case.state)
            and waits_for_people(request.state, case.place)
            and self._access.allows(caller, WRITE, own_request=own),
        )

    async def write(self, caller: Caller, case_id: CaseId, asked: ChecklistAsked) -> Checklist:
        """See `Checklists.write`."""
        self._access.check(caller, "case:read")
        async with self._database.transaction(caller) as tx:
            case = await store.get_case(tx, case_id)
        request = await self._prior_auth.get(caller, RequestId(case.request_id))
        people = await People.find(self._identity, caller, [caller.principal_id])
        own = is_requester(people.registration(caller.principal_id), request.requester)
        self._access.check(caller, WRITE, own_request=own)
        if asked.position not in {item.position for item in request.items}:
            raise no_such_item(asked.position)
        wrong = wrong_criteria(asked)
        if wrong:
            raise checklist_incomplete(wrong)
        checklist_id = new_id()
        texts = await self._vault.of_member(caller, request.member_id)
        sealed = await texts.seal_checklist(checklist_id, asked)
        async with self._database.transaction(caller) as tx:
            locked = await store.get_case(tx, case_id, lock=True)
            if not may_work_on(locked.state):
                raise not_now(locked.state)
            if not waits_for_people(request.state, locked.place):
                raise request_answered()
            now = tx.now()
            await store.insert_checklist(
                tx,
                {
                    "id": checklist_id,
                    "case_id": case_id,
                    "position": asked.position,
                    "author_id": caller.principal_id,
                    "body": sealed,
                    "created_at": now,
                },
            )
            await store.change_case(tx, case_id, "checklist")
            await store.append_event(tx, case_id, "checklist", "Roteiro da ADI 7265 preenchido")
            await tx.publish(CaseChanged(case_id=case_id, what="checklist"))
        return Checklist(
            id=checklist_id,
            author=people.name(caller.principal_id),
            council=people.council(caller.principal_id),
            created_at=now,
            position=asked.position,
            criteria=asked.criteria,
            note=asked.note,
        )

    async def _open(self, caller: Caller, request: RequestView, rows: Sequence[Row]) -> list[Checklist]:
        people = await People.find(self._identity, caller, [row.author_id for row in rows])
        texts = await self._vault.of_member(caller, request.member_id)
        return [
            Checklist(
                id=row.id,
                author=people.name(row.author_id),
                council=people.council(row.author_id),
                created_at=row.created_at,
                **dict(await texts.open_checklist(UUID(str(row.id)), row.body)),
            )
            for row in rows
        ]
