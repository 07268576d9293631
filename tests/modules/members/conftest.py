"""Members on the real database, with the real identity and privacy."""

from dataclasses import dataclass
from datetime import date

import pytest

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.clock import local_date
from austa.kernel.errors import AustaError
from austa.kernel.ids import MemberId, OperatorId
from austa.modules.identity.module import build as build_identity
from austa.modules.members.service.members import MemberService
from austa.modules.privacy.api import Privacy
from austa.modules.privacy.module import build as build_privacy
from tests.conftest import staff


@dataclass
class Register:
    """One operator's members, and the people around them."""

    members: MemberService
    platform: Platform
    privacy: Privacy
    operator_id: OperatorId

    @property
    def system(self) -> Caller:
        return Caller.system(self.operator_id, "chat")

    @property
    def today(self) -> date:
        return local_date(self.platform.clock.now())

    @property
    def analyst(self) -> Caller:
        return staff(self.operator_id, "authorization_analyst")

    @property
    def administrator(self) -> Caller:
        return staff(self.operator_id, "administrator")

    async def find(self, document: str) -> MemberId:
        """The member with that CPF or card, who must be there."""
        found = await self.members.find_by_document(self.system, document)
        assert found is not None
        return found


@pytest.fixture
def register(platform: Platform, operator_id: OperatorId) -> Register:
    privacy, _ = build_privacy(platform)
    identity, _ = build_identity(platform)
    members = MemberService(
        platform.database.for_module("members"),
        keys=platform.keys,
        access=platform.access,
        clock=platform.clock,
        identity=identity,
        privacy=privacy,
        answer_floor_s=0.0,
    )
    return Register(members, platform, privacy, operator_id)


def code_of(error: pytest.ExceptionInfo[AustaError]) -> str:
    return error.value.code
