"""Typed identifiers. All are UUIDs, version 7 (RFC 9562) where we make them, so they sort by time."""

import os
import time
from typing import NewType
from uuid import NAMESPACE_URL, UUID, uuid5

OperatorId = NewType("OperatorId", UUID)
PrincipalId = NewType("PrincipalId", UUID)
MemberId = NewType("MemberId", UUID)
ContractId = NewType("ContractId", UUID)
ProviderId = NewType("ProviderId", UUID)
ProfessionalId = NewType("ProfessionalId", UUID)
DocumentId = NewType("DocumentId", UUID)
RequestId = NewType("RequestId", UUID)
CaseId = NewType("CaseId", UUID)
DecisionId = NewType("DecisionId", UUID)
ConversationId = NewType("ConversationId", UUID)
NotificationId = NewType("NotificationId", UUID)
SubjectId = NewType("SubjectId", UUID)
"""A person whose data lies under their own keys: a member, a staff person, a requester, a channel identity."""


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then random bits (RFC 9562, 5.7)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for idempotent writes (RFC 9562, version 5)."""
    return uuid5(NAMESPACE_URL, "austa:" + "/".join(str(part) for part in parts))
