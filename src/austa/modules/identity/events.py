"""What `identity` tells the house: ids only, never a name, an address or a secret."""

from typing import ClassVar
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import OperatorId, PrincipalId


class OperatorCreated(Event):
    """A tenant exists."""

    TYPE: ClassVar[str] = "identity.operator_created.v1"

    operator_id: OperatorId

    def key(self) -> str:
        return str(self.operator_id)


class StaffInvited(Event):
    """Somebody was invited; who mails it asks `get_invitation` for address and token."""

    TYPE: ClassVar[str] = "identity.staff_invited.v1"

    principal_id: PrincipalId
    invitation_id: UUID

    def key(self) -> str:
        return str(self.principal_id)


class StaffJoined(Event):
    """An invited person set a password and may sign in."""

    TYPE: ClassVar[str] = "identity.staff_joined.v1"

    principal_id: PrincipalId

    def key(self) -> str:
        return str(self.principal_id)


class StaffDeactivated(Event):
    """A person's access ended."""

    TYPE: ClassVar[str] = "identity.staff_deactivated.v1"

    principal_id: PrincipalId

    def key(self) -> str:
        return str(self.principal_id)


class RefreshReused(Event):
    """An old refresh token came back, so somebody copied it: the session was revoked."""

    TYPE: ClassVar[str] = "identity.refresh_reused.v1"

    principal_id: PrincipalId
    session_id: UUID

    def key(self) -> str:
        return str(self.principal_id)
