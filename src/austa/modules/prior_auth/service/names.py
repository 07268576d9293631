"""Names of the staff who did something, for people to read."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.ids import PrincipalId
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity


async def names_of(identity: Identity, caller: Caller, actors: Iterable[str]) -> Mapping[str, Personal]:
    """By actor, of those who are staff of the caller's operator."""
    ids = frozenset(_principals(actors))
    ourselves = Caller.system(caller.operator_id, "prior_auth", caller.causation, caller.correlation)
    people = await identity.get_staff_many(ourselves, ids) if ids else ()
    return {str(person.id): person.name for person in people}


def _principals(actors: Iterable[str]) -> Iterable[PrincipalId]:
    for actor in actors:
        try:
            yield PrincipalId(UUID(actor))
        except ValueError:
            continue
