"""Staff persons between their contract, in clear, and their row, sealed under their own key."""

from datetime import datetime
from typing import cast

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.ids import OperatorId, PrincipalId, SubjectId
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilName, CouncilRegistration, NewStaff, Principal
from austa.modules.identity.store.staff import StoredPrincipal


class SealedStaff:
    """Seals and opens names, addresses, council numbers and password hashes."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def seal(
        self, operator_id: OperatorId, principal_id: PrincipalId, staff: NewStaff, created_at: datetime
    ) -> StoredPrincipal:
        """The row of a person who may not sign in yet."""
        council = staff.council
        return StoredPrincipal(
            id=principal_id,
            name=await self._seal(operator_id, principal_id, "name", staff.name.reveal().strip()),
            email=await self._seal(operator_id, principal_id, "email", staff.email.reveal().strip()),
            roles=staff.roles,
            council=council.council if council else None,
            council_uf=council.uf if council else None,
            council_number=(
                await self._seal(operator_id, principal_id, "council_number", council.number.reveal().strip())
                if council
                else None
            ),
            password=None,
            active=False,
            created_at=created_at,
            provider_id=staff.provider_id,
        )

    async def open(self, operator_id: OperatorId, stored: StoredPrincipal) -> Principal:
        """The person as others may know them; never the password."""
        council = None
        if stored.council and stored.council_uf and stored.council_number:
            council = CouncilRegistration(
                council=cast(CouncilName, stored.council),
                uf=stored.council_uf,
                number=Personal(await self._open(operator_id, stored.id, "council_number", stored.council_number)),
            )
        return Principal(
            id=stored.id,
            name=Personal(await self._open(operator_id, stored.id, "name", stored.name)),
            email=Personal(await self._open(operator_id, stored.id, "email", stored.email)),
            roles=stored.roles,
            council=council,
            active=stored.active,
            provider_id=stored.provider_id,
        )

    async def seal_password(self, operator_id: OperatorId, principal_id: PrincipalId, hashed: str) -> bytes:
        return await self._seal(operator_id, principal_id, "password", hashed)

    async def open_password(self, operator_id: OperatorId, stored: StoredPrincipal | None) -> str | None:
        """The password's hash; None for nobody and for who has not accepted yet."""
        if stored is None or stored.password is None:
            return None
        return await self._open(operator_id, stored.id, "password", stored.password)

    async def _seal(self, operator_id: OperatorId, principal_id: PrincipalId, column: str, text: str) -> bytes:
        return await self._keys.seal(operator_id, _owner(principal_id), _place(column, principal_id), text)

    async def _open(self, operator_id: OperatorId, principal_id: PrincipalId, column: str, sealed: bytes) -> str:
        return await self._keys.open_text(operator_id, _owner(principal_id), _place(column, principal_id), sealed)


def _owner(principal_id: PrincipalId) -> KeyOwner:
    return KeyOwner(SubjectId(principal_id), "account")


def _place(column: str, principal_id: PrincipalId) -> str:
    return f"identity.principal.{column}:{principal_id}"
