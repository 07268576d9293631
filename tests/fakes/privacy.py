"""`privacy` with the real texts and a memory of what was agreed and looked at."""

from dataclasses import dataclass, field
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.ids import SubjectId
from austa.modules.privacy import domain
from austa.modules.privacy.api import (
    AccessedThing,
    AccessReason,
    ChatChannel,
    ConsentChannel,
    ConsentPurpose,
    ConsentText,
    FirstContact,
)


@dataclass
class FakePrivacy:
    """Consents by (subject, purpose); `looks` are access records."""

    given: dict[tuple[SubjectId, ConsentPurpose], UUID] = field(default_factory=dict)
    versions: dict[ConsentPurpose, int] = field(default_factory=dict)
    """Of the texts that were agreed to last."""
    published: set[ConsentPurpose] = field(default_factory=set)
    """Purposes whose text has a newer version than the real one."""
    revoked: list[tuple[SubjectId, ConsentPurpose]] = field(default_factory=list)
    looks: list[tuple[str, SubjectId, AccessedThing]] = field(default_factory=list)

    def first_contact(self, channel: ChatChannel = "whatsapp") -> FirstContact:
        real = domain.first_contact(channel)
        return real.model_copy(update={"texts": tuple(self._newest(text) for text in real.texts)})

    def _newest(self, text: ConsentText) -> ConsentText:
        if text.purpose not in self.published:
            return text
        return text.model_copy(update={"version": text.version + 1, "text": f"{text.text} E mais."})

    async def give(
        self,
        caller: Caller,
        subject: SubjectId,
        purpose: ConsentPurpose,
        channel: ConsentChannel,
        evidence: UUID,
        *,
        text_version: int | None = None,
    ) -> None:
        self.given[subject, purpose] = evidence
        self.versions[purpose] = text_version or self._newest(domain.consent_text(purpose)).version

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
