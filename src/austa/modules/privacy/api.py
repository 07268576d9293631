"""The door of `privacy`: consent, and the record of who looked at whose data and why (LGPD arts. 8 and 37)."""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import SubjectId

ConsentPurpose = Literal[
    "whatsapp_channel",
    "web_channel",
    "symptom_chat_ai",
    "wellness_gamification",
    "marketing",
    "satisfaction_research",
    "share_with_family_caregiver",
    "ai_training_identifiable",
]
"""The purposes that rest on consent. Prior authorization, audit and emergencies do not, and never wait for it."""

ConsentChannel = Literal["whatsapp", "web", "phone", "paper"]
ChatChannel = Literal["whatsapp", "web"]
"""Where the assistant talks; consents are asked for each."""

AccessedThing = Literal["member", "conversation", "document", "case", "authorization", "triage_task"]
AccessReason = Literal[
    "prior_authorization",
    "medical_audit",
    "care_coordination",
    "emergency_escalation",
    "contract_execution",
    "regulatory_reporting",
    "fraud_prevention",
    "data_subject_request",
]
"""Purpose codes of domain-br 6.1."""


class ConsentText(Contract):
    """The words a person agreed to. A text that was shown never changes; a new wording is a new version."""

    purpose: ConsentPurpose
    version: int
    text: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the text in UTF-8, in hexadecimal."""


class FirstContact(Contract):
    """What to show at a first contact: one notice, then texts that are asked together and stored one by one."""

    notice: str
    texts: tuple[ConsentText, ...]
    question: str


class Consent(Contract):
    """One consent of one person for one purpose, with its evidence. `guardian` gave it where the person may not."""

    id: UUID
    subject: SubjectId
    purpose: ConsentPurpose
    text_version: int
    text_sha256: str
    channel: ConsentChannel
    evidence: UUID
    """Our id of the message (or request) in which it was given."""
    given_at: datetime
    guardian: SubjectId | None
    revoked_at: datetime | None
    revocation_evidence: UUID | None


class ConsentStatus(Contract):
    """Where a person stands for one purpose. `asked_again` is True when the text changed since."""

    purpose: ConsentPurpose
    given: bool
    asked_again: bool
    consent: Consent | None
    """The latest one, living or revoked."""


class AccessEntry(Contract):
    """One look at a person's data. `actor` as in envelopes: a principal id, `member:<id>` or `system:<role>`."""

    id: UUID
    subject: SubjectId
    actor: str
    what: AccessedThing
    resource_id: UUID | None
    why: AccessReason
    at: datetime


class Privacy(Protocol):
    """Consent and the access record of one operator."""

    def consent_text(self, purpose: ConsentPurpose, version: int | None = None) -> ConsentText:
        """That version of the text, the current one by default. Raises `NotFound` `privacy.no_such_text`."""
        ...

    def first_contact(self, channel: ChatChannel = "whatsapp") -> FirstContact:
        """Notice and texts of the first contact on a channel: an assistant answers, a person can be asked for."""
        ...

    async def give(
        self,
        caller: Caller,
        subject: SubjectId,
        purpose: ConsentPurpose,
        channel: ConsentChannel,
        evidence: UUID,
        *,
        text_version: int | None = None,
        guardian: SubjectId | None = None,
    ) -> Consent:
        """Record a consent to that version of the text (the current one by default).

        Idempotent by (subject, purpose, evidence): repeating an old giving does not undo a later revocation.
        """
        ...

    async def revoke(
        self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose, channel: ConsentChannel, evidence: UUID
    ) -> Consent | None:
        """Take the consent back, at once (LGPD art. 8 §5). Idempotent; None when there never was one."""
        ...

    async def status(self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose) -> ConsentStatus:
        """Where the person stands for that purpose."""
        ...

    async def list_consents(self, caller: Caller, subject: SubjectId) -> tuple[Consent, ...]:
        """All of them, revoked ones too, latest first."""
        ...

    async def record_access(
        self,
        caller: Caller,
        subject: SubjectId,
        what: AccessedThing,
        why: AccessReason,
        resource_id: UUID | None = None,
    ) -> None:
        """Write down that the caller looked at the person's data. Append-only."""
        ...

    async def list_access(
        self, caller: Caller, subject: SubjectId, *, cursor: str | None = None, limit: int = 50
    ) -> Page[AccessEntry]:
        """Who looked, latest first; for the person, the data protection officer and the system.

        Raises `Forbidden` `privacy.not_your_record`.
        """
        ...
