"""What `members` tells the house: a person or a contract was created or changed. Ids only; ask for the rest."""

from typing import ClassVar
from uuid import UUID

from austa.kernel.events import Event
from austa.kernel.ids import ContractId, MemberId


class MemberSaved(Event):
    """A member was created, or something about them changed."""

    TYPE: ClassVar[str] = "members.member_saved.v1"

    member_id: MemberId
    contract_id: ContractId
    created: bool

    def key(self) -> str:
        return str(self.member_id)


class ContractSaved(Event):
    """A contract was created or changed."""

    TYPE: ClassVar[str] = "members.contract_saved.v1"

    contract_id: ContractId
    created: bool

    def key(self) -> str:
        return str(self.contract_id)


class SignInCodeDue(Event):
    """Somebody who signs in waits for a code; whoever sends it asks `Members.get_verification`."""

    TYPE: ClassVar[str] = "members.sign_in_code_due.v1"

    code_id: UUID

    def key(self) -> str:
        return str(self.code_id)
