"""The use cases of `privacy`."""

from uuid import UUID

from austa.infra.db import ModuleDatabase
from austa.infra.pages import LARGEST_PAGE, decode_time_and_id, encode_cursor
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.contracts import Page
from austa.kernel.errors import Forbidden
from austa.kernel.ids import SubjectId, new_id
from austa.modules.privacy import domain, store
from austa.modules.privacy.api import (
    AccessedThing,
    AccessEntry,
    AccessReason,
    ChatChannel,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    ConsentStatus,
    ConsentText,
    FirstContact,
)
from austa.modules.privacy.events import ConsentGiven, ConsentRevoked


class PrivacyService:
    """Implements `privacy.api.Privacy`."""

    def __init__(self, database: ModuleDatabase, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def consent_text(self, purpose: ConsentPurpose, version: int | None = None) -> ConsentText:
        return domain.consent_text(purpose, version)

    def first_contact(self, channel: ChatChannel = "whatsapp") -> FirstContact:
        return domain.first_contact(channel)

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
        _check_acts_for(caller, subject, guardian)
        text = domain.consent_text(purpose, text_version)
        new = Consent(
            id=new_id(),
            subject=subject,
            purpose=purpose,
            text_version=text.version,
            text_sha256=text.sha256,
            channel=channel,
            evidence=evidence,
            given_at=self._clock.now(),
            guardian=guardian,
            revoked_at=None,
            revocation_evidence=None,
        )
        async with self._db.transaction(caller) as tx:
            known = await store.lock_consents(tx, subject, purpose)
            kept = domain.same_giving(known, evidence)
            if kept is not None:
                return kept
            await store.add_consent(tx, new)
            await tx.publish(
                ConsentGiven(consent_id=new.id, subject=subject, purpose=purpose, text_version=text.version)
            )
        return new

    async def revoke(
        self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose, channel: ConsentChannel, evidence: UUID
    ) -> Consent | None:
        async with self._db.transaction(caller) as tx:
            known = await store.lock_consents(tx, subject, purpose)
            _check_acts_for(caller, subject, known[-1].guardian if known else None)
            for consent in known:
                if consent.revoked_at is None:
                    await store.revoke_consent(tx, consent.id, channel, evidence)
                    await tx.publish(ConsentRevoked(consent_id=consent.id, subject=subject, purpose=purpose))
            return domain.standing(purpose, await store.load_consents(tx, subject, purpose)).consent

    async def status(self, caller: Caller, subject: SubjectId, purpose: ConsentPurpose) -> ConsentStatus:
        _check_acts_for(caller, subject)
        async with self._db.transaction(caller) as tx:
            return domain.standing(purpose, await store.load_consents(tx, subject, purpose))

    async def list_consents(self, caller: Caller, subject: SubjectId) -> tuple[Consent, ...]:
        _check_acts_for(caller, subject)
        async with self._db.transaction(caller) as tx:
            return tuple(reversed(await store.load_consents(tx, subject)))

    async def record_access(
        self,
        caller: Caller,
        subject: SubjectId,
        what: AccessedThing,
        why: AccessReason,
        resource_id: UUID | None = None,
    ) -> None:
        async with self._db.transaction(caller) as tx:
            entry = AccessEntry(
                id=new_id(),
                subject=subject,
                actor=caller.actor,
                what=what,
                resource_id=resource_id,
                why=why,
                at=tx.now(),
            )
            await store.add_access(tx, entry)

    async def list_access(
        self, caller: Caller, subject: SubjectId, *, cursor: str | None = None, limit: int = 50
    ) -> Page[AccessEntry]:
        if not domain.may_read_access_record(caller, subject):
            raise Forbidden("privacy.not_your_record", "this person's access record is not open to this caller")
        limit = min(limit, LARGEST_PAGE)
        after = decode_time_and_id(cursor) if cursor else None
        async with self._db.transaction(caller) as tx:
            found = await store.list_access(tx, subject, after, limit + 1)
        shown = found[:limit]
        return Page(
            items=tuple(shown),
            next_cursor=encode_cursor(shown[-1].at.isoformat(), shown[-1].id) if len(found) > limit else None,
        )


def _check_acts_for(caller: Caller, subject: SubjectId, guardian: SubjectId | None = None) -> None:
    if not domain.acts_for(caller, subject, guardian):
        raise Forbidden("privacy.not_your_consent", "members act for themselves or as guardian only")
