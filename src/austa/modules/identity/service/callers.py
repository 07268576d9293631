"""Who asks `identity`: persons as callers, and what only some of them may ask."""

from typing import Literal

from austa.kernel.actors import CLERK, TIEBREAKER, Caller, Role
from austa.kernel.errors import Forbidden
from austa.kernel.ids import OperatorId, PrincipalId, ProviderId


def system_only(caller: Caller) -> None:
    if caller.kind != "system":
        raise Forbidden("identity.system_only", "only AUSTA itself may ask for this")


def staff_only(caller: Caller) -> None:
    if caller.kind not in {"staff", "system"}:
        raise Forbidden("identity.staff_only", "only the operator's staff may ask for this")


def kind_of(roles: frozenset[Role]) -> Literal["staff", "clerk", "tiebreaker"]:
    """Clerks and tie-breakers have one role and no other."""
    if CLERK in roles:
        return "clerk"
    return "tiebreaker" if TIEBREAKER in roles else "staff"


def person(
    operator_id: OperatorId, principal_id: PrincipalId, roles: frozenset[Role], provider_id: ProviderId | None
) -> Caller:
    """A person as the caller they are."""
    return Caller(
        operator_id=operator_id,
        kind=kind_of(roles),
        id=str(principal_id),
        roles=roles,
        provider_id=provider_id,
    )
