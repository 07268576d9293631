"""Who acts: every use case takes a `Caller`, which carries the operator, the person or system, and its powers."""

from typing import Literal
from uuid import UUID

from austa.kernel.contracts import Contract
from austa.kernel.ids import MemberId, OperatorId, PrincipalId

Role = Literal[
    "administrator",
    "authorization_analyst",
    "nurse_auditor",
    "medical_auditor",
    "technical_director",
    "care_coordinator",
    "data_protection_officer",
    "ombudsman",
]
"""Roles of staff (domain-br 1.1 and 2.6); Portuguese names are in docs/glossary.md."""


class Caller(Contract):
    """Who asks for a use case. `kind` decides what `id` means; the system never has a role.

    `correlation` follows one conversation or one request through all modules; `causation` is the event
    that made us act, when one did.
    """

    operator_id: OperatorId
    kind: Literal["staff", "member", "system"]
    id: str
    roles: frozenset[Role] = frozenset()
    correlation: UUID | None = None
    causation: UUID | None = None

    @property
    def actor(self) -> str:
        """As written in envelopes, decisions and the access record."""
        return self.id if self.kind == "staff" else f"{self.kind}:{self.id}"

    @property
    def principal_id(self) -> PrincipalId:
        """The staff person's id. Only for `kind == "staff"`."""
        return PrincipalId(UUID(self.id))

    @staticmethod
    def system(
        operator_id: OperatorId, role: str, causation: UUID | None = None, correlation: UUID | None = None
    ) -> "Caller":
        """AUSTA itself, in the role of a module."""
        return Caller(operator_id=operator_id, kind="system", id=role, causation=causation, correlation=correlation)

    @staticmethod
    def member(operator_id: OperatorId, member_id: MemberId, correlation: UUID | None = None) -> "Caller":
        """A member who acts for themselves on a verified channel."""
        return Caller(operator_id=operator_id, kind="member", id=str(member_id), correlation=correlation)
