"""What `privacy` tells: consent was given or taken back."""

from typing import ClassVar
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import SubjectId
from austa.modules.privacy.api import ConsentPurpose


class ConsentGiven(Event):
    """A person agreed to a purpose."""

    TYPE: ClassVar[str] = "privacy.consent_given.v1"

    consent_id: UUID
    subject: SubjectId
    purpose: ConsentPurpose
    text_version: int

    def key(self) -> str:
        return str(self.subject)


class ConsentRevoked(Event):
    """A person took a consent back; it takes effect at once."""

    TYPE: ClassVar[str] = "privacy.consent_revoked.v1"

    consent_id: UUID
    subject: SubjectId
    purpose: ConsentPurpose

    def key(self) -> str:
        return str(self.subject)
