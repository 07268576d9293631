"""Staff persons as a case names them."""

from collections.abc import Iterable
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.ids import PrincipalId
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity, Principal
from austa.modules.medical_audit.api.cases import Assignee

UNKNOWN = Personal("—")
"""Shown for a person whose data was erased."""
OUTSIDE = {"member": "Beneficiário", "clerk": "Prestador", "tiebreaker": "Desempatador"}


class People:
    """The staff persons that one answer names, asked for at once."""

    def __init__(self, found: Iterable[Principal]) -> None:
        self._found = {person.id: person for person in found}

    @staticmethod
    async def find(identity: Identity, caller: Caller, ids: Iterable[UUID | None]) -> "People":
        wanted = frozenset(PrincipalId(one) for one in ids if one is not None)
        return People(await identity.get_staff_many(caller, wanted) if wanted else ())

    def name(self, principal_id: UUID) -> Assignee:
        person = self._found.get(PrincipalId(principal_id))
        return Assignee(id=str(principal_id), name=person.name if person else UNKNOWN)

    def registration(self, principal_id: UUID) -> tuple[str, str, str] | None:
        """Council, UF and number."""
        person = self._found.get(PrincipalId(principal_id))
        if person is None or person.council is None:
            return None
        return person.council.council, person.council.uf, person.council.number.reveal()

    def is_physician(self, principal_id: UUID) -> bool:
        registration = self.registration(principal_id)
        return registration is not None and registration[0].upper() == "CRM"

    def council(self, principal_id: UUID) -> str | None:
        """`CRM-SP 104233`, as a stamp says it."""
        registration = self.registration(principal_id)
        return "{}-{} {}".format(*registration) if registration else None

    def actor(self, actor: str) -> Personal:
        """Whoever did something, by the actor of an envelope."""
        principal_id = principal_of(actor)
        if principal_id is not None:
            return self.name(principal_id).name
        return Personal(OUTSIDE.get(actor.partition(":")[0], "AUSTA"))


def principal_of(actor: str) -> UUID | None:
    """The staff person who acted; None for a member or the system."""
    return None if ":" in actor else UUID(actor)
