"""Who acts: every use case takes a `Caller`, which carries the operator, the person or system, and its powers."""

from typing import Literal
from uuid import UUID

from austa.kernel.contracts import Contract
from austa.kernel.ids import MemberId, OperatorId, PrincipalId, ProviderId

Role = Literal[
    "administrator",
    "authorization_analyst",
    "nurse_auditor",
    "medical_auditor",
    "technical_director",
    "care_coordinator",
    "data_protection_officer",
    "ombudsman",
    "provider_clerk",
    "tiebreaker",
]
"""Roles of people who sign in (domain-br 1.1 and 2.6); Portuguese names are in docs/glossary.md. All are the
operator's staff but the clerk of a provider and the tie-breaker of medical boards."""

CLERK: Role = "provider_clerk"
TIEBREAKER: Role = "tiebreaker"


class Caller(Contract):
    """Who asks for a use case. `kind` decides what `id` means; the system never has a role.

    A `clerk` works for the hospital or clinic `provider_id` and for nobody else; only a clerk has one. A `tiebreaker`
    is a physician outside the operator, who sees the boards that wait for their opinion and nothing else.

    `correlation` follows one conversation or one request through all modules; `causation` is the event
    that made us act, when one did.
    """

    operator_id: OperatorId
    kind: Literal["staff", "clerk", "tiebreaker", "member", "system"]
    id: str
    roles: frozenset[Role] = frozenset()
    provider_id: ProviderId | None = None
    correlation: UUID | None = None
    causation: UUID | None = None

    @property
    def actor(self) -> str:
        """As written in envelopes, decisions and the access record."""
        return self.id if self.kind == "staff" else f"{self.kind}:{self.id}"

    @property
    def at_work(self) -> bool:
        """A person at work: their looks at what is about others are written down (LGPD art. 37)."""
        return self.kind in {"staff", "clerk", "tiebreaker"}

    @property
    def principal_id(self) -> PrincipalId:
        """The person's id. Only for who is `at_work`."""
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
