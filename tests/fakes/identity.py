"""An `identity` whose staff are put in with roles and registration."""

from typing import get_args

from austa.kernel.actors import Caller, Role
from austa.kernel.errors import NotFound
from austa.kernel.ids import OperatorId, PrincipalId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilName, CouncilRegistration, Operator, Principal


class FakeIdentity:
    """`Identity`, as far as those above it ask."""

    def __init__(self) -> None:
        self.staff: dict[tuple[OperatorId, PrincipalId], Principal] = {}
        self.time_zone = "America/Sao_Paulo"

    def put(self, operator_id: OperatorId, name: str, *roles: Role, council: str | None = None) -> Caller:
        """A person, as the caller they are. `council` is like `CRM-SP 104233`."""
        principal = Principal(
            id=PrincipalId(new_id()),
            name=Personal(name),
            email=Personal(f"{new_id().hex}@austa.example"),
            roles=frozenset(roles),
            council=_registration(council) if council else None,
            active=True,
        )
        self.staff[operator_id, principal.id] = principal
        return Caller(operator_id=operator_id, kind="staff", id=str(principal.id), roles=frozenset(roles))

    async def get_operator(self, caller: Caller) -> Operator:
        return Operator(
            id=caller.operator_id, ans_registry="345678", name="Operadora de Teste", time_zone=self.time_zone
        )

    async def get_staff(self, caller: Caller, principal_id: PrincipalId) -> Principal:
        found = self.staff.get((caller.operator_id, principal_id))
        if found is None:
            raise NotFound("identity.no_such_staff", "nobody of this operator has that id")
        return found

    async def get_staff_many(self, caller: Caller, principal_ids: frozenset[PrincipalId]) -> tuple[Principal, ...]:
        found = [self.staff.get((caller.operator_id, principal_id)) for principal_id in principal_ids]
        return tuple(person for person in found if person)

    async def staff_of_roles(self, caller: Caller, roles: frozenset[Role]) -> tuple[Principal, ...]:
        of_operator = [person for (operator_id, _), person in self.staff.items() if operator_id == caller.operator_id]
        return tuple(person for person in of_operator if person.active and person.roles & roles)


def _registration(text: str) -> CouncilRegistration:
    council, uf, number = text.replace("-", " ").split()
    names: tuple[CouncilName, ...] = get_args(CouncilName)
    (name,) = (known for known in names if known == council)
    return CouncilRegistration(council=name, uf=uf, number=Personal(number))
