"""`privacy` with the real texts and a memory of what was agreed and looked at."""

from dataclasses import dataclass, field
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.ids import SubjectId
from austa.modules.privacy import domain
from austa.modules.privacy.api import AccessedThing, AccessReason, ConsentChannel, ConsentPurpose, FirstContact


@dataclass
class FakePrivacy:
    """Consents by (subject, purpose); `looks` are access records."""

    given: dict[tuple[SubjectId, ConsentPurpose], UUID] = field(default_factory=dict)
    revoked: list[tuple[SubjectId, ConsentPurpose]] = field(default_factory=list)
    looks: list[tuple[str, SubjectId, AccessedThing]] = field(default_factory=list)

    def first_contact(self) -> FirstContact:
        return domain.first_contact()

    async def give(
        self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose, channel: ConsentChannel, evidence: UUID
    ) -> None:
        self.given[subject, purpose] = evidence

    async def revoke(
        self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose, channel: ConsentChannel, evidence: UUID
    ) -> None:
        if self.given.pop((subject, purpose), None):
            self.revoked.append((subject, purpose))

    async def record_access(
        self,
        caller: Caller,
        subject: SubjectId,
        what: AccessedThing,
        why: AccessReason,
        resource_id: UUID | None = None,
    ) -> None:
        self.looks.append((caller.actor, subject, what))
