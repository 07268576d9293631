"""All SQL of `privacy`. Row-level security keeps every statement to the transaction's operator."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.kernel.ids import SubjectId
from austa.modules.privacy.api import AccessEntry, Consent, ConsentChannel, ConsentPurpose
from austa.modules.privacy.tables import access, consent

_CONSENTS = Prepared(
    sa.select(consent)
    .where(consent.c.subject_id == sa.bindparam("subject"), consent.c.purpose == sa.bindparam("about"))
    .order_by(consent.c.given_at, consent.c.id)
)


async def lock_consents(tx: Transaction, subject: SubjectId, purpose: ConsentPurpose) -> list[Consent]:
    """The person's consents for that purpose, oldest first; giving and revoking queue here."""
    await tx.lock(f"privacy.consent:{subject}:{purpose}")
    return [_consent(row) for row in await _CONSENTS.all(tx, subject=subject, about=purpose)]


async def load_consents(tx: Transaction, subject: SubjectId, purpose: ConsentPurpose | None = None) -> list[Consent]:
    """Oldest first; of all purposes by default."""
    chosen = sa.select(consent).where(consent.c.subject_id == subject).order_by(consent.c.given_at, consent.c.id)
    if purpose is not None:
        chosen = chosen.where(consent.c.purpose == purpose)
    return [_consent(row) for row in await tx.all(chosen)]


async def add_consent(tx: Transaction, new: Consent) -> None:
    row = {
        "id": new.id,
        "subject_id": new.subject,
        "purpose": new.purpose,
        "text_version": new.text_version,
        "text_sha256": new.text_sha256,
        "channel": new.channel,
        "evidence": new.evidence,
        "given_at": new.given_at,
        "guardian_id": new.guardian,
    }
    await tx.insert({consent: [row]})


async def revoke_consent(tx: Transaction, consent_id: UUID, channel: ConsentChannel, evidence: UUID) -> None:
    await tx.execute(
        sa.update(consent)
        .where(consent.c.id == consent_id)
        .values(revoked_at=tx.now(), revocation_channel=channel, revocation_evidence=evidence)
    )


async def add_access(tx: Transaction, entry: AccessEntry) -> None:
    await tx.execute(
        sa.insert(access).values(
            operator_id=tx.operator_id,
            id=entry.id,
            subject_id=entry.subject,
            actor=entry.actor,
            what=entry.what,
            resource_id=entry.resource_id,
            why=entry.why,
            at=entry.at,
        )
    )


async def list_access(
    tx: Transaction, subject: SubjectId, after: tuple[datetime, UUID] | None, limit: int
) -> list[AccessEntry]:
    """Latest first, at most `limit`, after that place."""
    chosen = (
        sa.select(access)
        .where(access.c.subject_id == subject)
        .order_by(access.c.at.desc(), access.c.id.desc())
        .limit(limit)
    )
    if after is not None:
        place = sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        chosen = chosen.where(sa.tuple_(access.c.at, access.c.id) < place)
    return [
        AccessEntry(
            id=row.id,
            subject=SubjectId(row.subject_id),
            actor=row.actor,
            what=row.what,
            resource_id=row.resource_id,
            why=row.why,
            at=row.at,
        )
        for row in await tx.all(chosen)
    ]


def _consent(row: sa.Row[Any]) -> Consent:
    return Consent(
        id=row.id,
        subject=SubjectId(row.subject_id),
        purpose=row.purpose,
        text_version=row.text_version,
        text_sha256=row.text_sha256,
        channel=row.channel,
        evidence=row.evidence,
        given_at=row.given_at,
        guardian=SubjectId(row.guardian_id) if row.guardian_id else None,
        revoked_at=row.revoked_at,
        revocation_evidence=row.revocation_evidence,
    )
